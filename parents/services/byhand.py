"""What somebody of the school typed comes in as the one line of a list does, and only as it was looked at."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from parents.roster.whole import WholePlan, apply_whole, plan_whole
from schools import audit
from schools.bell import ring
from schools.models import Pupil, School, User
from schools.roster.progress import Progress
from schools.roster.rows import Roster, Severity
from schools.roster.sentences import sentence_of


class LooksOtherwise(ValidationError):
    """Somebody changed the data since the plan was looked at."""


def add_by_hand(*, roster: Roster, school: School, by: User, plan_key: str) -> WholePlan:
    """Bring a line in that was typed (``schools.roster.byhand``). Raises LooksOtherwise when it would do something else
    than what ``plan_key`` showed, ValidationError with what is in the way."""
    with transaction.atomic():
        # The school is held, so that two who type the same child meet, and a list that is being brought in begins anew.
        School.objects.filter(pk=school.pk).update(name=F("name"))
        plan = plan_whole(roster, school)
        if reasons := why_not(plan):
            raise ValidationError(reasons)
        if plan.key != plan_key:
            raise LooksOtherwise(_("Somebody changed these data since you looked. Look once more, then press again."))
        apply_whole(plan, Progress())
        for pupil in about(plan):
            audit.record(
                actor=by, verb="added by hand", target=pupil, school_id=school.pk, adults=len(plan.adults.guardians)
            )
        ring("parents.tasks.offer_same_families")
    return plan


def about(plan: WholePlan) -> list[Pupil]:
    """The child whom the line is about."""
    named = {link.pupil_id for link in plan.children.roster.links} | set(plan.children.pupils)
    found = (plan.children.pupil(name) for name in sorted(named))
    return [pupil for pupil in found if pupil is not None]


def why_not(plan: WholePlan) -> list[str]:
    """What is in the way, in words: a child who is there already or elsewhere, an adult who answers for it already."""
    stops = [
        finding
        for finding in plan.findings
        if finding.severity is Severity.ERROR or finding.code in ("plan_not_enrolled", "plan_guardians_erased")
    ]
    if not stops and plan.changes_nothing:
        return [_("This adult answers for this child already. Change the data on the child's own page.")]
    return [sentence_of(finding) for finding in stops]
