"""Addresses and numbers that stop working, and the new ones that people tell in a talk."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

from parents.access import children_of
from parents.models import ContactPoint, ContactPointUse, FollowUp, FollowUpKind, FollowUpStatus, Guardian, PointKind
from parents.ownwords import DEAD_MAIL, DEAD_PHONE, kept
from parents.services.wishes import tell_schools
from parents.signin import Reachable
from schools import audit, clock
from schools.models import School, User

#: Sent when somebody tells a new address or number in a talk, before it is noted: the places of before hear of it.
contact_told = Signal()
#: Why a contact point ended that works, but that its guardian had replaced.
REPLACED = "REPLACED"


def tell_of_dead_point(point: ContactPoint) -> None:
    """A follow-up for each guardian and school: why the family cannot be reached this way, and what to do."""
    for guardian in Guardian.objects.filter(point_uses__contact_point=point).distinct():
        why = DEAD_MAIL if point.kind == PointKind.EMAIL else DEAD_PHONE
        what = kept(why, guardian=guardian.full_name, day=clock.today())
        tell_schools(guardian=guardian, children=children_of(guardian), what=what)


def kinds_to_ask(guardians: Iterable[Guardian]) -> dict[int, list[str]]:
    """By guardian the kinds of contact point that ended because they do not work and of which no other is left."""
    ids = [guardian.pk for guardian in guardians]
    uses = ContactPointUse.objects.filter(guardian_id__in=ids)
    usable = set(
        uses.filter(contact_point__in=ContactPoint.objects.usable().values("pk")).values_list(
            "guardian_id", "contact_point__kind"
        )
    )
    ended = uses.exclude(contact_point__ended_because__in=["", REPLACED]).order_by("guardian_id", "contact_point__kind")
    found: dict[int, list[str]] = {}
    for pair in ended.values_list("guardian_id", "contact_point__kind").distinct():
        if pair not in usable:
            found.setdefault(pair[0], []).append(pair[1])
    return found


def note_told_contact(*, guardian: Guardian, contact: Reachable, by: User, school: School) -> ContactPoint:
    """The same as ``note_new_contact``, for what a guardian, or whoever said to be it, told in a talk."""
    with transaction.atomic():
        contact_told.send(Guardian, guardian=guardian, contact=contact, school=school)
        return note_new_contact(guardian=guardian, contact=contact, by=by, school=school)


def note_new_contact(*, guardian: Guardian, contact: Reachable, by: User, school: School) -> ContactPoint:
    """An address or number that a guardian told somebody of the school. It is used at once but not verified: until the
    guardian opens a code there, mails carry a link only (rulings 4). What asked for it is done."""
    with transaction.atomic():
        # Who notes the same at the same moment writes this row too, and so does a list that brings a number along.
        Guardian.objects.filter(pk=guardian.pk).update(first_name=F("first_name"))
        point = ContactPoint.objects.usable().filter(kind=contact.kind, value=contact.value).order_by("pk").first()
        if point is None:
            point = ContactPoint.objects.create(kind=contact.kind, value=contact.value, valid_from=clock.today())
        use, is_new = ContactPointUse.objects.get_or_create(contact_point=point, guardian=guardian)
        if not kinds_to_ask([guardian]):
            asked = FollowUp.objects.open().filter(kind=FollowUpKind.CONTACT_DATA, guardian=guardian, school=school)
            asked.filter(contact_request=None).update(status=FollowUpStatus.DONE, done_on=clock.today())
        audit.record(
            actor=by,
            verb="noted a new contact point",
            target=guardian,
            school_id=school.pk,
            kind=contact.kind,
            new=is_new,
        )
    return use.contact_point
