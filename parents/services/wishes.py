"""What guardians choose on their own pages, and what they tell the schools of their children."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from parents.models import ContactRequest, FamilyMembership, FollowUp, FollowUpKind, Guardian
from parents.ownwords import WRONG_PERSON, kept
from parents.services.followups import due_in, open_follow_up
from schools import audit, clock
from schools.models import Enrolment, Pupil, User
from schools.posts import owner_for

#: The school answers a change of contact data within a week.
DAYS_TO_CHECK = 7


def choose_reading(*, guardian: Guardian, reading_mode: str, preferred_channel: str) -> None:
    """How a guardian likes to read and be reached; trusted at once."""
    with transaction.atomic():
        guardian.reading_mode = reading_mode
        guardian.reading_confirmed_on = clock.today()
        guardian.preferred_channel = preferred_channel
        guardian.save(update_fields=["reading_mode", "reading_confirmed_on", "preferred_channel"])
        audit.record_by_guardian(
            guardian_id=guardian.pk, verb="chose how to be reached", target=guardian, channel=preferred_channel
        )


def choose_digest(*, guardian: Guardian, wants_digest: bool) -> None:
    """INFO each by itself, or in one mail a week; trusted at once, for what is sent from now on."""
    with transaction.atomic():
        guardian.wants_digest = wants_digest
        guardian.save(update_fields=["wants_digest"])
        audit.record_by_guardian(
            guardian_id=guardian.pk, verb="chose weekly mail", target=guardian, wants_digest=wants_digest
        )


def report_wrong_person(*, guardian: Guardian, children: Iterable[Pupil], owner: User | None = None) -> int:
    """Somebody received a notice that was meant for another; returns how many schools were told."""
    what = kept(WRONG_PERSON, guardian=guardian.full_name)
    return tell_schools(guardian=guardian, children=children, what=what, owner=owner)


@transaction.atomic
def tell_schools(
    *,
    guardian: Guardian,
    children: Iterable[Pupil],
    what: str,
    owner: User | None = None,
    contact_request: ContactRequest | None = None,
    but: Any = (),
) -> int:
    """One open follow-up for each school, also when it is pressed twice: of ``owner`` where that colleague works there,
    else of the child's teacher; ``but`` are schools (ids) that know it already. A school does not learn of a sibling at
    another one."""
    Guardian.objects.select_for_update(of=("self",), no_key=True).get(pk=guardian.pk)
    pupils = [child.pk for child in children]
    members = FamilyMembership.objects.current().filter(pupil_id__in=pupils).select_related("family")
    families = {member.pupil_id: member.family for member in members}
    told: set[int] = set()
    places = Enrolment.objects.current().filter(pupil_id__in=pupils).exclude(school_id__in=but)
    for place in places.select_related("school").order_by("pk"):
        if place.school_id in told or place.pupil_id not in families:
            continue
        told.add(place.school_id)
        already = FollowUp.objects.open().filter(
            kind=FollowUpKind.CONTACT_DATA, guardian=guardian, school_id=place.school_id, what=what[:250]
        )
        if already.exists():
            continue
        open_follow_up(
            by=None,
            family=families[place.pupil_id],
            school=place.school,
            what=what[:250],
            due_on=due_in(DAYS_TO_CHECK, place.school),
            kind=FollowUpKind.CONTACT_DATA,
            guardian=guardian,
            contact_request=contact_request,
            pupil_id=place.pupil_id,
            owner_id=owner_for(owner.pk if owner else None, place.pupil_id, place.school),
        )
    return len(told)
