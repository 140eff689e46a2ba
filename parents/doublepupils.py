"""Two rows for one child at a school: what stands in the way of joining them, and what would go along. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from parents.doubles import RIGHTS, clashes
from parents.models import (
    Absence,
    ConferenceSlot,
    ContactMoment,
    DataRequest,
    Family,
    FamilyMembership,
    Guardianship,
    MergedChild,
    PupilMerge,
    SlotStatus,
)
from schools import clock
from schools.models import Enrolment, Pupil, School
from schools.models.periods import Period

#: Where a child belongs and to whom, with what makes two of these rows the same beside the child.
_TIES: dict[type[Model], tuple[str, ...]] = {Enrolment: (), FamilyMembership: (), Guardianship: ("guardian_id",)}
#: Rows that hold from one day to another, absences too: of those that were taken back two may share a day.
PERIODS: dict[type[Model], tuple[str, ...]] = {**_TIES, Absence: ("taken_back_at",)}
#: What is about two children, or about how one came, stays as it is.
_ABOUT_TWO = (PupilMerge, MergedChild)


@dataclass(frozen=True, slots=True)
class DoublePupil:
    """``kept`` takes in ``joined``. With ``why_not`` it cannot; each sentence says what to do. ``talks`` and ``rows``
    are those of ``joined``."""

    kept: Pupil
    joined: Pupil
    why_not: list[str]
    talks: int = 0
    rows: int = 0


def holders_of_pupils() -> Iterator[tuple[type[Model], str]]:
    """Each model and column that names a child, lists of them and rows that were taken in before included."""
    for relation in Pupil._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many and relation.related_model not in _ABOUT_TWO:
            yield relation.related_model, relation.field.name  # type: ignore[misc,union-attr]


def doubled_pupil(kept: Pupil, joined: Pupil, school: School) -> DoublePupil:
    """What joining these two comes to, as a school sees it."""
    moving = {model: model._base_manager.filter(**{column: joined}).count() for model, column in holders_of_pupils()}
    talks = moving.pop(ContactMoment.pupils.through)
    rows = sum(number for model, number in moving.items() if model not in _TIES)
    return DoublePupil(kept, joined, list(_why_not(kept, joined, school)), talks, rows)


def same_child(first: Pupil, second: Pupil) -> bool:
    """The same name and birthday; of a child without one nothing else says that it is not another one."""
    names = {(one.first_name.casefold(), one.last_name.casefold()) for one in (first, second)}
    return len(names) == 1 and first.birth_date == second.birth_date


def twins(rows: list[Pupil]) -> dict[int, int]:
    """Of each child that stands here twice the other row."""
    found: dict[int, int] = {}
    for one in rows:
        other = next((row for row in rows if row.pk != one.pk and same_child(one, row)), None)
        if other is not None:
            found[one.pk] = other.pk
    return found


def family_to_join(kept: Pupil, joined: Pupil) -> tuple[Family, Family] | None:
    """The family that stays and the one it takes in, when the two rows stand in two families: the one with brothers or
    sisters stays. None when there is nothing to join."""
    own, other = _family_of(kept), _family_of(joined)
    if own is None or other is None or own == other:
        return None
    return (other, own) if _has_others(other, kept, joined) else (own, other)


def said_already(row: Any, own: list[Any]) -> list[Any]:
    """The periods of ``own`` that share days with ``row`` and are about the same."""
    keys = PERIODS[type(row)]
    same = [one for one in own if all(getattr(one, key) == getattr(row, key) for key in keys)]
    return [one for one in same if Period.overlaps(one, row)]


def is_untouched(slot: ConferenceSlot) -> bool:
    """A place in a round that was offered, and of which nothing was done or said."""
    if slot.status != SlotStatus.OFFERED or slot.starts_at or slot.contact_moment_id:
        return False
    relations = [one for one in ConferenceSlot._meta.get_fields(include_hidden=True) if one.auto_created]
    return not any(
        one.related_model._base_manager.filter(**{one.field.name: slot}).exists()  # type: ignore[union-attr]
        for one in relations
        if one.one_to_many or one.one_to_one
    )


def _why_not(kept: Pupil, joined: Pupil, school: School) -> Iterator[str]:
    both = (kept, joined)
    day = clock.today()
    goes_on = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    if Enrolment.objects.filter(goes_on, pupil__in=both).exclude(school=school).exists():
        yield _("These two cannot be joined by a school alone. Ask the CLB.")
    if DataRequest.objects.filter(child__in=both, decided_at=None).exists():
        yield _("A parent asked something about these data, or does not want to be contacted. Decide on that first.")
    if not _rights_agree(kept, joined):
        yield _("For one child they have different rights. Ask who decides and who is informed, and mend it first.")
    if (families := family_to_join(kept, joined)) and _has_others(families[1], kept, joined):
        yield _("They stand in two families, each with other children. Ask the CLB whether it is one family.")
    if any(_speaks_otherwise(model, column, kept, joined) for model, column in holders_of_pupils()):
        yield _("Both have a time or a talk in one round of meetings. Cancel one of them first.")


def _rights_agree(kept: Pupil, joined: Pupil) -> bool:
    own = list(Guardianship.objects.filter(pupil=kept))
    for row in Guardianship.objects.filter(pupil=joined):
        for one in said_already(row, own):
            if any(getattr(one, right) != getattr(row, right) for right in RIGHTS):
                return False
    return True


def _speaks_otherwise(model: type[Model], column: str, kept: Pupil, joined: Pupil) -> bool:
    """Only places in a round can say two things of one child; elsewhere a second row says the same."""
    if model is not ConferenceSlot:
        return False
    return any(
        not is_untouched(slot) and not is_untouched(rival_of(slot, kept))
        for slot in clashes(model, column, kept, joined)  # type: ignore[arg-type]
    )


def rival_of(slot: ConferenceSlot, kept: Pupil) -> ConferenceSlot:
    """The place that the other row has where this one would stand."""
    rows = ConferenceSlot.objects.filter(round_id=slot.round_id, pupil=kept)
    return rows.get(guardian=slot.guardian) if slot.guardian else rows.get(guardian=None)


def _family_of(pupil: Pupil) -> Family | None:
    membership = FamilyMembership.objects.current().filter(pupil=pupil).select_related("family").first()
    return membership.family if membership else None


def _has_others(family: Family, *pupils: Pupil) -> bool:
    members = FamilyMembership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()), family=family)
    return members.exclude(pupil__in=pupils).exists()


def pieces(row: Any, own: list[Any]) -> list[tuple[date, date | None]]:
    """The days of a period that no period of ``own`` covers, as first and last days."""
    found: list[tuple[date, date | None]] = []
    start: date | None = row.starts_on
    for one in sorted(own, key=lambda one: one.starts_on):
        if start is not None and one.starts_on > start:
            found.append((start, _day_before(one.starts_on)))
        start = None if one.ends_on is None or start is None else max(start, _day_after(one.ends_on))
        if start is None:
            break
    if start is not None and (row.ends_on is None or start <= row.ends_on):
        found.append((start, row.ends_on))
    return found


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def joined_before(school: School, first: int, second: int) -> bool:
    """Whether one of the two took the other in, at this school."""
    pair = Q(kept=first, joined=second) | Q(kept=second, joined=first)
    return PupilMerge.objects.standing().filter(pair, school=school).exists()
