"""The families of a class, as they are marked off after an evening for which nobody had a time. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from parents.models import (
    ConferenceHost,
    ContactKind,
    FamilyMembership,
    Guardian,
    Guardianship,
)
from parents.models.kinds import STATUS_OF_OUTCOME, MomentStatus
from schools.models import Pupil, SchoolClass

#: What a whole class is invited to; a talk with one family alone is logged by itself.
EVENING_KINDS = (
    ContactKind.CONFERENCE,
    ContactKind.INFO_EVENING,
    ContactKind.COFFEE_MOMENT,
    ContactKind.WORKSHOP,
    ContactKind.READING,
    ContactKind.PARTICIPATION,
    ContactKind.ORIENTATION,
    ContactKind.INTAKE,
)
#: How a talk can have gone with somebody who was there.
OUTCOMES_OF_COMING = tuple(outcome for outcome, status in STATUS_OF_OUTCOME.items() if status == MomentStatus.HELD)
#: A class has fewer.
MOST_CHILDREN = 60


@dataclass(slots=True)
class FamilyOfClass:
    """A family with its children in the class and the people who answer for them."""

    family_id: int
    pupils: list[Pupil] = field(default_factory=list)
    guardians: list[Guardian] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its children in this class: a surname makes no family."""
        return " & ".join(pupil.full_name for pupil in self.pupils)


def families_of_class(school_class: SchoolClass, user: object) -> tuple[list[FamilyOfClass], list[Pupil]]:
    """Families with children in the class today whom the user may see, siblings together, by name; and the children
    who belong to none. Three queries."""
    pupils = list(Pupil.objects.enrolled_in(school_class).visible_to(user)[:MOST_CHILDREN])
    family_of = dict(FamilyMembership.objects.current().filter(pupil__in=pupils).values_list("pupil_id", "family_id"))
    found: dict[int, FamilyOfClass] = {}
    for pupil in pupils:
        if pupil.pk in family_of:
            family = family_of[pupil.pk]
            found.setdefault(family, FamilyOfClass(family)).pupils.append(pupil)
    roles = Guardianship.objects.current().filter(pupil_id__in=family_of).select_related("guardian").order_by("pk")
    for role in roles:
        people = found[family_of[role.pupil_id]].guardians
        if role.guardian not in people:
            people.append(role.guardian)
    return list(found.values()), [pupil for pupil in pupils if pupil.pk not in family_of]


def round_on(school_class: SchoolClass, day: date) -> ConferenceHost | None:
    """The round of meetings that the class had on a day: who came to it is written down there."""
    hosts = ConferenceHost.objects.filter(school_class=school_class, round__held_on__lte=day).select_related("round")
    return next((host for host in hosts.order_by("-round__held_on")[:4] if host.round.last_day >= day), None)
