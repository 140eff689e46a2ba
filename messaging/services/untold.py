"""What no message could tell a parent becomes a call of a person."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from messaging.models import Thread, ThreadPost
from parents.access import children_of
from parents.models import FamilyMembership, FollowUp, FollowUpKind, Guardian
from parents.services import open_follow_up
from schools import clock
from schools.days import full_day
from schools.languages import MASTER
from schools.models import Enrolment, Holiday, School
from schools.posts import owner_for


def ask_to_call(thread: Thread, post: ThreadPost | None) -> None:
    """Once for each such answer, whatever became of the call."""
    if post is None:
        return
    with translation.override(MASTER):
        what = _("No mail or text message about the answer of %(day)s reached %(name)s. Call, or say it at school.") % {
            "day": full_day(clock.local_date(post.written_at)),
            "name": thread.guardian.full_name,
        }
    facts: dict[str, Any] = {"guardian": thread.guardian, "kind": FollowUpKind.CALL, "what": what[:250]}
    with transaction.atomic():
        Thread.objects.select_for_update(of=("self",), no_key=True).get(pk=thread.pk)
        if FollowUp.objects.filter(school=thread.school, family=thread.family, **facts).exists():
            return
        open_follow_up(
            by=None,
            family=thread.family,
            school=thread.school,
            due_on=Holiday.objects.calendar(thread.school).add_school_days(clock.today(), 1),
            owner_id=owner_for(post.by_user_id, thread.pupil_id, thread.school) if thread.pupil_id else post.by_user_id,
            pupil_id=thread.pupil_id,
            **facts,
        )


def ask_to_tell(guardian: Guardian, school: School) -> None:
    """A lasting change of which no known place of the guardian heard: it may have been somebody else's doing, so a
    person asks, at a number from before. Open once for each guardian and school."""
    child = children_of(guardian).filter(pk__in=Enrolment.objects.current().filter(school=school).values("pupil_id"))
    member = FamilyMembership.objects.current().filter(pupil__in=child).select_related("family").order_by("pk").first()
    if member is None:
        return
    with translation.override(MASTER):
        what = _(
            "Something lasting was changed for %(name)s, and no mail or text message about it left. "
            "Call at a number from before, and ask whether it is right."
        ) % {"name": guardian.full_name}
    facts: dict[str, Any] = {"guardian": guardian, "kind": FollowUpKind.CALL, "what": what[:250]}
    with transaction.atomic():
        Guardian.objects.select_for_update(of=("self",), no_key=True).get(pk=guardian.pk)
        if FollowUp.objects.open().filter(school=school, **facts).exists():
            return
        open_follow_up(
            by=None,
            family=member.family,
            school=school,
            due_on=Holiday.objects.calendar(school).add_school_days(clock.today(), 1),
            owner_id=owner_for(None, member.pupil_id, school),
            pupil_id=member.pupil_id,
            **facts,
        )
