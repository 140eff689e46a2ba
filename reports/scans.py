"""A school's accessibility scans: kept whole, scored by theme, compared with the one before, and acted upon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from reports.accessibility import POINTS, THEMES, Theme
from reports.models import AccessScan, ScanAction, ScanAnswer
from reports.models.scans import schools_scanned_by
from reports.statistics import rounded
from schools import audit, clock
from schools.models import Assignment, Participation, Role, School, User
from schools.posts import accompanies
from schools.twice import SAME_WORDS

Answer = ScanAnswer.Answer
_WORTH = {Answer.YES: Fraction(1), Answer.PARTLY: Fraction(1, 2), Answer.NO: Fraction(0)}
#: A mean of fewer schools would tell what a single one answered.
FEWEST_SCHOOLS = 3
#: How long ago a measurement may be entered for.
OLDEST = timedelta(days=730)

#: Point → answer and remark.
Answers = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Score:
    """How far a theme is: yes counts as one, partly as a half, of all points that apply."""

    theme: Theme
    now: Fraction | None
    before: Fraction | None = None

    @property
    def percent(self) -> int | None:
        return None if self.now is None else in_percent(self.now)

    @property
    def change(self) -> int | None:
        """In percentage points, of what was measured and not of what is rounded: the page and the evaluation say the
        same of the same schools."""
        return None if self.now is None or self.before is None else in_percent(self.now - self.before)


def in_percent(share: Fraction) -> int:
    """In whole per cents, rounded as every figure is."""
    return int(rounded(share * 100))


def keep_scan(*, school: School, measured_on: date, answers: Answers, client_id: UUID, by: User) -> AccessScan:
    """A whole measurement, or nothing. Sent twice it is kept once. Raises ValidationError for a point without an
    answer, and for a second measurement on the same day."""
    _check(school, measured_on, answers, by)
    same_form = AccessScan.objects.filter(client_id=client_id, school=school)
    if (known := same_form.first()) is not None:
        return known
    try:
        with transaction.atomic():
            scan = AccessScan.objects.create(
                school=school, measured_on=measured_on, client_id=client_id, kept_at=clock.now(), kept_by=by
            )
            _write(scan, answers)
            audit.record(actor=by, verb="kept an accessibility scan", target=scan, school_id=school.pk)
    except IntegrityError:
        if (known := same_form.first()) is not None:  # the same form arrived twice at once
            return known
        words = _("This school was measured on that day already. Put that measurement right, or choose another day.")
        raise ValidationError({"measured_on": words}) from None
    return scan


def correct_scan(*, scan: AccessScan, measured_on: date, answers: Answers, by: User) -> None:
    """The newest measurement of a school said something else. Raises ValidationError when there is a newer one."""
    _check(scan.school, measured_on, answers, by)
    try:
        with transaction.atomic():
            row = AccessScan.objects.select_for_update(of=("self",)).get(pk=scan.pk)
            others = AccessScan.objects.filter(school=scan.school_id).exclude(pk=row.pk)
            if others.filter(measured_on__gte=min(measured_on, row.measured_on)).exists():
                raise ValidationError(_("Only the newest measurement can be put right."))
            row.measured_on, row.kept_at, row.kept_by = measured_on, clock.now(), by
            row.save(update_fields=["measured_on", "kept_at", "kept_by"])
            row.answers.all().delete()
            _write(row, answers)
            audit.record(actor=by, verb="corrected an accessibility scan", target=row, school_id=row.school_id)
    except IntegrityError:
        raise ValidationError({"measured_on": _("Only the newest measurement can be put right.")}) from None


def _write(scan: AccessScan, answers: Answers) -> None:
    ScanAnswer.objects.bulk_create(
        ScanAnswer(scan=scan, point=point, answer=answers[point][0], remark=answers[point][1]) for point in POINTS
    )


def _check(school: School, measured_on: date, answers: Answers, by: User) -> None:
    if not may_scan(school, by):
        raise ValidationError(_("Only the head of the school and the joint worker keep its scan."))
    if not clock.today() - OLDEST <= measured_on <= clock.today():
        raise ValidationError({"measured_on": _("Choose a day of the last two years, today at the latest.")})
    if set(answers) != set(POINTS) or any(answer not in Answer.values for answer, _remark in answers.values()):
        raise ValidationError(_("Answer every point; where one does not concern you, choose not applicable."))


def may_scan(school: School, user: Any) -> bool:
    return school.pk in {one.pk for one in scanned_schools(user)}


def scanned_schools(user: Any) -> list[School]:
    """Schools whose measurements the user reads and keeps."""
    rows = Participation.objects.filter(schools_scanned_by(user)).values("school_id")
    led = Assignment.objects.current().filter(user=user, role=Role.HEAD).values("school_id")
    return list(School.objects.filter(Q(pk__in=rows) | Q(pk__in=led)).order_by("name")[:200])


def answers_of(scan: AccessScan | None) -> dict[str, ScanAnswer]:
    """By point; empty without a measurement."""
    return {row.point: row for row in scan.answers.all()} if scan else {}


def latest_two(schools: Iterable[School]) -> dict[int, tuple[AccessScan | None, AccessScan | None]]:
    """The newest measurement of each school and the one before it, with their answers; two queries."""
    found: dict[int, list[AccessScan]] = {one.pk: [] for one in schools}
    rows = AccessScan.objects.filter(school_id__in=list(found)).order_by("-measured_on", "-pk")
    newest: dict[int, list[int]] = {pk: [] for pk in found}
    for pk, school_id in rows.values_list("pk", "school_id"):
        if len(newest[school_id]) < 2:
            newest[school_id].append(pk)
    wanted = [pk for pks in newest.values() for pk in pks]
    for scan in AccessScan.objects.filter(pk__in=wanted).prefetch_related("answers").order_by("-measured_on", "-pk"):
        found[scan.school_id].append(scan)
    return {pk: (scans[0] if scans else None, scans[1] if len(scans) > 1 else None) for pk, scans in found.items()}


def scores(now: AccessScan | None, before: AccessScan | None = None) -> list[Score]:
    """Each theme, with the measurement before it."""
    today, then = answers_of(now), answers_of(before)
    return [Score(theme, _score(theme, today), _score(theme, then)) for theme in THEMES]


def _score(theme: Theme, answers: Mapping[str, ScanAnswer]) -> Fraction | None:
    worth = [
        _WORTH[Answer(answers[point.key].answer)]
        for point in theme.points
        if point.key in answers and answers[point.key].answer != Answer.NOT_APPLICABLE
    ]
    return sum(worth, Fraction(0)) / len(worth) if worth else None


def mean_scores(pairs: Sequence[tuple[AccessScan | None, AccessScan | None]]) -> list[Score] | None:
    """The mean over schools of each theme; None with fewer than three schools. The change is that of schools which
    measured twice, where there are three of those."""
    listed = [scores(*pair) for pair in pairs if pair[0] is not None]
    if len(listed) < FEWEST_SCHOOLS:
        return None
    found = []
    for place, theme in enumerate(THEMES):
        now = [row[place].now for row in listed]
        twice = [(row[place].now, row[place].before) for row in listed if row[place].before is not None]
        mean = _mean(now)
        both = _mean([before for _now, before in twice])
        later = _mean([value for value, _before in twice])
        before = mean - (later - both) if mean is not None and later is not None and both is not None else None
        found.append(Score(theme, mean, before))
    return found


def _mean(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if len(known) >= FEWEST_SCHOOLS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do about a point."""

    point: str
    what: str
    owner: User
    due_on: date


def owners(school: School) -> list[User]:
    """Who may see to an action: those who work at the school now, and the joint worker of its project."""
    rows = Assignment.objects.current().filter(Q(school=school) | accompanies(school))
    people = {row.user_id: row.user for row in rows.select_related("user")[:500]}
    return sorted(people.values(), key=lambda user: user.full_name)


def plan_action(*, school: School, plan: Plan, by: User) -> ScanAction:
    """What the school will do about a point; a form that is sent twice plans it once."""
    if not may_scan(school, by):
        raise ValidationError(_("Only the head of the school and the joint worker keep its scan."))
    if plan.point not in POINTS or plan.owner not in owners(school):
        raise ValidationError(_("Choose a point of the list, and somebody of this school."))
    if plan.due_on < clock.today():
        raise ValidationError({"due_on": _("Choose today or a later day.")})
    wanted = {"point": plan.point, "what": plan.what, "owner": plan.owner, "due_on": plan.due_on}
    with transaction.atomic():
        School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
        just_now = ScanAction.objects.filter(school=school, planned_by=by, planned_at__gt=clock.now() - SAME_WORDS)
        if (known := just_now.filter(**wanted, done_on=None).first()) is not None:
            return known
        action = ScanAction.objects.create(school=school, **wanted, planned_at=clock.now(), planned_by=by)
        audit.record(actor=by, verb="planned an action", target=action, school_id=school.pk)
    return action


def settle_action(*, action: ScanAction, is_done: bool, by: User) -> None:
    """Done today, or open again. Twice is once."""
    with transaction.atomic():
        rows = ScanAction.objects.filter(pk=action.pk, done_on__isnull=is_done)
        if rows.update(done_on=clock.today() if is_done else None):
            verb = "did an action" if is_done else "opened an action again"
            audit.record(actor=by, verb=verb, target=action, school_id=action.school_id)


def give_action(*, action: ScanAction, to: User, by: User) -> bool:
    """It becomes a colleague's; False when it was done meanwhile. Raises ValidationError for somebody who does not
    work at the school."""
    if to not in owners(action.school):
        raise ValidationError(_("Choose somebody of this school."))
    with transaction.atomic():
        given = ScanAction.objects.filter(pk=action.pk, done_on=None).update(owner=to)
        if given:
            audit.record(actor=by, verb="assigned", target=action, school_id=action.school_id, to=to.pk)
    return bool(given)
