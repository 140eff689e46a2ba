"""A page of the queue in words: both families of each pair, what they share, and what was joined lately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from parents.models import FamilyMatch, FamilyMembership, FamilyMerge, Guardian, Guardianship
from parents.samefamily.facts import likely, reasons
from schools.models import Enrolment, Pupil
from schools.models.pupils import PupilQuerySet


@dataclass(slots=True)
class ShownFamily:
    """One family of a pair: its children with their classes, and their guardians."""

    pk: int
    children: list[tuple[Pupil, list[str]]] = field(default_factory=list)
    guardians: list[Guardian] = field(default_factory=list)

    @property
    def title(self) -> str:
        return " & ".join(pupil.first_name for pupil, _places in self.children)


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A pair with the reasons for which it is offered; ``was_refused`` when somebody said no before."""

    match: FamilyMatch
    families: list[ShownFamily]
    reasons: list[str]
    likely: str
    was_refused: bool


@dataclass(frozen=True, slots=True)
class ShownMerge:
    merge: FamilyMerge
    family: ShownFamily


def shown_families(ids: Collection[int], user: object) -> dict[int, ShownFamily]:
    """What this user may see of families, by their keys. Three queries, however many they are."""
    found = {pk: ShownFamily(pk) for pk in ids}
    members = (
        FamilyMembership.objects.current()
        .filter(family_id__in=ids, pupil_id__in=PupilQuerySet.ids_visible(user))
        .select_related("pupil")
    )
    family_of: dict[int, int] = {}
    places: dict[int, list[str]] = defaultdict(list)
    pupils = [(row.family_id, row.pupil) for row in members.order_by("pupil__birth_date", "pupil_id")]
    running = Enrolment.objects.current().filter(pupil_id__in=[pupil.pk for _family, pupil in pupils])
    for place in running.select_related("school_class", "school"):
        places[place.pupil_id].append(f"{place.school_class.name}, {place.school.name}")
    for family, pupil in pupils:
        family_of[pupil.pk] = family
        found[family].children.append((pupil, places[pupil.pk]))
    ties = Guardianship.objects.current().filter(pupil_id__in=family_of).select_related("guardian__household")
    for tie in ties.order_by("pk"):
        home = found[family_of[tie.pupil_id]]
        if tie.guardian not in home.guardians:
            home.guardians.append(tie.guardian)
    return found


def shown_pairs(matches: Iterable[FamilyMatch], user: object) -> list[ShownPair]:
    rows = list(matches)
    families = shown_families({pk for row in rows for pk in (row.first_id, row.second_id)}, user)
    return [
        ShownPair(
            match=row,
            families=[families[row.first_id], families[row.second_id]],
            reasons=reasons(row.facts),
            likely=likely(row.score),
            was_refused=bool(row.refused),
        )
        for row in rows
    ]


def shown_merges(merges: Iterable[FamilyMerge], user: object) -> list[ShownMerge]:
    rows = list(merges)
    families = shown_families({row.kept_id for row in rows}, user)
    return [ShownMerge(row, families[row.kept_id]) for row in rows]
