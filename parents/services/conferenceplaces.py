"""The places of children in a round of parent–teacher meetings: one for each child, or one for each of its parents."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parents.models import (
    ConferenceChange,
    ConferenceRound,
    ConferenceSlot,
    FamilyMembership,
    Guardianship,
    SlotRule,
    SlotStatus,
)
from schools import audit, clock
from schools.models import Enrolment, Pupil, User


def offer_places(*, conference: ConferenceRound, by: User) -> int:
    """A place for each child of the classes that has none yet, as the round's rule says; none once it is over, for who
    came later was not invited. Returns how many were made."""
    if conference.is_over:
        return 0
    with transaction.atomic():
        number = make_missing_places(conference)
        if number:
            audit.record(
                actor=by, verb="offered places", target=conference, school_id=conference.school_id, number=number
            )
    return number


def make_missing_places(conference: ConferenceRound) -> int:
    if not hold_round(conference):  # two at once make each place once
        return 0
    rooms = list(conference.hosts.values_list("school_class_id", flat=True))
    known = set(conference.slots.values_list("pupil_id", flat=True))
    places = Enrolment.objects.on(max(clock.today(), conference.held_on)).filter(school_class_id__in=rooms)
    new = {place.pupil_id: place.school_class_id for place in places if place.pupil_id not in known}
    return make_places(conference, new, SlotRule(conference.slot_rule))


def hold_round(conference: ConferenceRound) -> bool:
    """Nobody else changes the round until this is saved; False when somebody removed it."""
    return ConferenceRound.objects.select_for_update(of=("self",)).filter(pk=conference.pk).first() is not None


def change_rule(*, conference: ConferenceRound, pupil: Pupil, rule: SlotRule, by: User) -> None:
    """Another rule for one child. Raises ValidationError when a time was chosen for it already, or the round is over:
    how many talks were offered would be another number."""
    if conference.is_over:
        raise ValidationError(_("This round is over: its talks stay as they are."))
    with transaction.atomic():
        rows = conference.slots.select_for_update().filter(pupil=pupil)
        if not rows or any(row.status != SlotStatus.OFFERED for row in rows):
            raise ValidationError(_("A family has chosen this time. Cancel that first."))
        refuse_untold(rows)
        room = rows[0].school_class_id
        rows.delete()
        make_places(conference, {pupil.pk: room}, rule)
        audit.record(
            actor=by, verb="changed rule", target=conference, school_id=conference.school_id, pupil=pupil.pk, rule=rule
        )


def refuse_untold(slots: QuerySet[ConferenceSlot]) -> None:
    """The word that a talk is cancelled would go with its place."""
    if ConferenceChange.objects.standing(clock.now()).filter(slot__in=slots, taken_at__isnull=True).exists():
        raise ValidationError(_("The parents are still to be told that this talk is cancelled. Try again later."))


def make_places(conference: ConferenceRound, rooms: dict[int, int], rule: SlotRule) -> int:
    """A place for each of these children (id to the id of the class); returns how many were made."""
    day = clock.today()
    families = dict(FamilyMembership.objects.on(day).filter(pupil_id__in=rooms).values_list("pupil_id", "family_id"))
    parents = _parents_of(rooms, rule)
    rows = [
        ConferenceSlot(
            round=conference,
            pupil_id=pupil,
            school_class_id=room,
            family_id=families.get(pupil),
            guardian_id=guardian,
        )
        for pupil, room in rooms.items()
        for guardian in parents.get(pupil, [None])
    ]
    ConferenceSlot.objects.bulk_create(rows)
    return len(rows)


def _parents_of(pupils: Iterable[int], rule: SlotRule) -> dict[int, list[int | None]]:
    """By child, the parents who get a place of their own; of a child with one parent nobody is named."""
    found: dict[int, list[int | None]] = {}
    if rule == SlotRule.EACH:
        ties = Guardianship.objects.informed().filter(pupil_id__in=list(pupils)).order_by("pk")
        for pupil, guardian in ties.values_list("pupil_id", "guardian_id"):
            found.setdefault(pupil, []).append(guardian)
    return {pupil: people for pupil, people in found.items() if len(people) > 1}
