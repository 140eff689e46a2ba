"""What the portal knows of a school's pupils before a roster comes: read at once, whatever the file's size."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from schools.models import Enrolment, Pupil, School, SchoolClass
from schools.roster.rows import PupilRow


@dataclass(slots=True)
class KnownPupils:
    """``by_id`` those whom this school's system brought in; ``enrolments`` of each pupil, the oldest first."""

    by_id: dict[str, Pupil] = field(default_factory=dict)
    enrolments: dict[int, list[Enrolment]] = field(default_factory=lambda: defaultdict(list))
    at_school: dict[int, Pupil] = field(default_factory=dict)
    by_name: dict[tuple[str, str, date], list[Pupil]] = field(default_factory=lambda: defaultdict(list))

    def same_person(self, row: PupilRow) -> list[Pupil]:
        """Pupils of the school whom the file does not name by id, with the very name and date of birth of this row."""
        if row.birth_date is None:
            return []
        return self.by_name.get((row.first_name.casefold(), row.last_name.casefold(), row.birth_date), [])


def known_pupils(school: School, key: str, ids_in_file: set[str]) -> KnownPupils:
    """Everybody who was ever enrolled at the school, or whom its system brought in."""
    ever = Enrolment.objects.filter(school=school).values("pupil_id")
    rows = Pupil.objects.filter(Q(pk__in=ever) | (Q(source_system=key) & ~Q(source_id="")), merged_into=None)
    rows = rows.order_by("pk")
    known = KnownPupils(at_school={row.pk: row for row in rows})
    for row in known.at_school.values():
        is_ours = row.source_system == key and row.source_id != ""
        if is_ours:
            known.by_id[row.source_id] = row
        if row.birth_date and not (is_ours and row.source_id in ids_in_file):
            known.by_name[row.first_name.casefold(), row.last_name.casefold(), row.birth_date].append(row)
    of_them = Q(pupil__in=ever) | (Q(pupil__source_system=key) & ~Q(pupil__source_id=""))
    places = Enrolment.objects.filter(of_them).order_by("starts_on", "pk")
    # One object for each class, not for each place in it.
    rooms = SchoolClass.objects.in_bulk(places.order_by().values_list("school_class_id", flat=True).distinct())
    for place in places:
        place.school_class = rooms[place.school_class_id]
        known.enrolments[place.pupil_id].append(place)
    return known
