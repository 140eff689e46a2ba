"""One-click remedies of the data checks: what is missing is asked for by who meets the family, and posts go on."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from parents.datachecks import ENDS_WITHIN_DAYS, Check, ending_assignments
from parents.models import FamilyMembership, FollowUp, FollowUpKind, Guardian, Guardianship
from parents.ownwords import kept
from parents.services.followups import due_in, open_follow_up
from schools import audit
from schools.models import Assignment, Enrolment, Pupil, School, User
from schools.posts import class_teachers

#: As many follow-ups as one click opens; another click goes on.
AT_ONCE = 200
_DAYS_TO_ASK = 14


@transaction.atomic
def ask_for(*, check: Check, school: School, by: User) -> int:
    """A follow-up for the teacher of each child that a check found, unless the same one is open; returns how many."""
    School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
    rows = list(check.rows(school).order_by("pk")[: AT_ONCE * 5])
    about = _children(rows, school)
    opened, due_on = 0, due_in(_DAYS_TO_ASK, school)
    members = FamilyMembership.objects.current().filter(pupil_id__in=[pk for pk, _who in about])
    families = {member.pupil_id: member.family for member in members.select_related("family")}
    teachers = class_teachers([pk for pk, _who in about], school.pk)
    words = [(pupil, who, _words(check, who)) for pupil, who in about]
    open_now = set(
        FollowUp.objects.open().filter(kind=FollowUpKind.CONTACT_DATA, school=school).values_list("pupil_id", "what")
    )
    for pupil, who, what in words:
        if opened == AT_ONCE or pupil not in families or (pupil, what) in open_now:
            continue
        open_follow_up(
            by=by,
            family=families[pupil],
            school=school,
            what=what,
            due_on=due_on,
            kind=FollowUpKind.CONTACT_DATA,
            guardian=who,
            pupil_id=pupil,
            owner_id=teachers.get(pupil),
        )
        opened += 1
    audit.record(actor=by, verb="asked for missing data", target=school, school_id=school.pk, check=check.key)
    return opened


def extend_assignment(*, assignment: Assignment, school: School, by: User) -> bool:
    """Let a post at the school that ends soon run a month longer; False when it does not end soon any more."""
    with transaction.atomic():
        row = ending_assignments(school).filter(pk=assignment.pk).first()
        if row is None or row.ends_on is None:
            return False
        longer = row.ends_on + timedelta(days=ENDS_WITHIN_DAYS + 1)
        if not Assignment.objects.filter(pk=row.pk, ends_on=row.ends_on).update(ends_on=longer):
            return False
        audit.record(actor=by, verb="extended", target=row, school_id=school.pk, until=longer.isoformat())
    return True


def _words(check: Check, who: Guardian | None) -> str:
    return kept(check.ask, **({"guardian": who.full_name} if who else {}))


def _children(rows: list[object], school: School) -> list[tuple[int, Guardian | None]]:
    """A child of the school for each row: itself, or the first of a guardian's."""
    guardians = {row.pk: row for row in rows if isinstance(row, Guardian)}
    found: list[tuple[int, Guardian | None]] = [(row.pk, None) for row in rows if isinstance(row, Pupil)]
    here = Enrolment.objects.current().filter(school=school).values("pupil_id")
    ties = Guardianship.objects.current().filter(guardian_id__in=guardians, pupil_id__in=here).order_by("pk")
    first: dict[int, int] = {}
    for guardian, pupil in ties.values_list("guardian_id", "pupil_id"):
        first.setdefault(guardian, pupil)
    return found + [(pupil, guardians[guardian]) for guardian, pupil in first.items()]
