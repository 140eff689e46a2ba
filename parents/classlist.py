"""The class list for the teacher: children and whom to reach, how. Nothing of where a family comes from, what it speaks
at home or where it lives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from parents.models import ContactPoint, ContactPointUse, Guardian, Guardianship, PointKind
from schools.models import Pupil, SchoolClass
from schools.roster.contacts import written_phone


@dataclass(slots=True)
class ListedGuardian:
    guardian: Guardian
    relation: str
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ListedPupil:
    pupil: Pupil
    guardians: list[ListedGuardian] = field(default_factory=list)


def class_list(school_class: SchoolClass, user: object) -> list[ListedPupil]:
    """The children who are in this class today, by name, with the guardians who have a right to information and whose
    data are not only kept. A constant number of queries."""
    pupils = list(Pupil.objects.enrolled_in(school_class).visible_to(user))
    roles = (
        Guardianship.objects.current()
        .filter(
            pupil__in=pupils,
            information_right=True,
            guardian__may_be_contacted=True,
            guardian__restricted_on__isnull=True,
        )
        .select_related("guardian")
        .order_by("pk")
    )
    ways = _ways(roles.values_list("guardian_id", flat=True))
    rows = {pupil.pk: ListedPupil(pupil) for pupil in pupils}
    for role in roles:
        listed = ListedGuardian(role.guardian, role.relation)
        listed.phones = ways[role.guardian_id, PointKind.PHONE]
        listed.emails = ways[role.guardian_id, PointKind.EMAIL]
        rows[role.pupil_id].guardians.append(listed)
    return list(rows.values())


def as_table(rows: list[ListedPupil]) -> tuple[list[str], Iterator[list[str]]]:
    """For a spreadsheet: a row for each guardian."""
    head = [_("Child"), _("Parent"), _("Relation"), _("Phone"), _("E-mail"), _("Language for contact"), _("Reads")]
    return head, _cells(rows)


def _cells(rows: list[ListedPupil]) -> Iterator[list[str]]:
    for row in rows:
        if not row.guardians:
            yield [row.pupil.full_name, "", "", "", "", "", ""]
        for listed in row.guardians:
            yield [
                row.pupil.full_name,
                listed.guardian.full_name,
                listed.relation,
                ", ".join(written_phone(number) for number in listed.phones),
                ", ".join(listed.emails),
                listed.guardian.language.own_name,
                listed.guardian.get_reading_mode_display(),
            ]


def _ways(guardian_ids: Iterable[int]) -> defaultdict[tuple[int, str], list[str]]:
    """Usable values by guardian and kind, the one to try first first."""
    uses = ContactPointUse.objects.filter(
        guardian_id__in=guardian_ids, contact_point__in=ContactPoint.objects.usable().values("pk")
    )
    found: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for guardian_id, kind, value in uses.order_by("rank", "pk").values_list(
        "guardian_id", "contact_point__kind", "contact_point__value"
    ):
        found[guardian_id, kind].append(value)
    return found
