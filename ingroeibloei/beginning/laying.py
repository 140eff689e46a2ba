"""What a new portal begins with: texts, school years and its first administrator."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from messaging.content import load_templates
from reports.cardversions import keep_versions
from reports.planner.loading import load_planner
from schools import clock, services
from schools.models import Assignment, FirstStep, Role, StaffInvitation, User
from schools.reference import load_methods, load_vocabulary
from schools.services.staffing import invite


class HasPasswordError(Exception):
    """The account is in use already: who has it signs in with it."""


def load_texts() -> None:
    """What any installation loads first: words, method cards, templates of notices, steps of the planner."""
    for load in (load_vocabulary, load_methods, load_templates, load_planner, keep_versions):
        load()


@transaction.atomic
def begin_portal(*, email: str, name: str) -> StaffInvitation:
    """Lay texts and school years and invite the first administrator; again gives a new link.

    Raises HasPasswordError.
    """
    load_texts()
    services.lay_coming_years(with_holidays=settings.FLEMISH_HOLIDAYS)
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email, None, full_name=" ".join(name.split()))
    if user.has_usable_password():
        raise HasPasswordError(user.email)
    Assignment.objects.get_or_create(
        user=user, role=Role.ADMIN, school=None, ends_on=None, defaults={"starts_on": clock.today()}
    )
    FirstStep.objects.get_or_create(name=FirstStep.Name.BEGUN, defaults={"done_at": clock.now(), "done_by": user})
    return invite(user=user, by=user)
