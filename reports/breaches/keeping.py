"""What becomes of a breach, each step with its line of history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from reports.models import BreachLine, BreachReminder, DataBreach, Risk
from reports.models.breaches import TIME_TO_TELL
from schools import audit, clock
from schools.models import CLBCentre, School, User

Step = BreachLine.Step
#: What each step may fill.
FIELDS: dict[str, tuple[str, ...]] = {
    Step.DESCRIBED: ("what", "happened_on", "known_at", "kinds", "people", "consequences", "measures"),
    Step.JUDGED: ("risk", "risk_because"),
    Step.AUTHORITY: ("authority_told_at", "authority_reference", "late_because"),
    Step.PEOPLE: ("people_told_on", "people_told_how", "people_not_told_because"),
}
_VERBS = {
    Step.DESCRIBED: "described a data breach",
    Step.JUDGED: "judged a data breach",
    Step.AUTHORITY: "noted that the supervisor was told",
    Step.PEOPLE: "noted what the persons of a data breach were told",
    Step.CLOSED: "closed a data breach",
    Step.REOPENED: "opened a data breach again",
}


@transaction.atomic
def report_breach(*, place: School | CLBCentre | None, by: User, client_id: UUID, **facts: Any) -> DataBreach:
    """Write down that something went wrong; a form that is sent twice writes it once."""
    now = clock.now()
    at = {"school": place if isinstance(place, School) else None}
    at_centre = {"centre": place if isinstance(place, CLBCentre) else None}
    try:
        with transaction.atomic():
            breach = DataBreach.objects.create(
                **at, **at_centre, **facts, due_at=facts["known_at"] + TIME_TO_TELL, reported_at=now, reported_by=by,
                client_id=client_id,
            )  # fmt: skip
    except IntegrityError:
        return DataBreach.objects.get(client_id=client_id, reported_by=by)
    _line(breach, Step.REPORTED, by, facts)
    audit.record(actor=by, verb="reported a data breach", target=breach, school_id=breach.school_id)
    return breach


@transaction.atomic
def note_step(*, breach: DataBreach, step: str, by: User, **facts: Any) -> bool:
    """Fill what belongs to a step; False when nothing changed. Raises ValidationError when it was closed meanwhile,
    or when the supervisor was told late and nobody says why."""
    row = _locked(breach)
    if row.closed_at is not None:
        raise ValidationError(_("This is closed. Open it again first."))
    changed = {name: facts[name] for name in FIELDS[step] if facts[name] != getattr(row, name)}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(row, name, value)
    if "known_at" in changed:
        row.due_at = row.known_at + TIME_TO_TELL
        BreachReminder.objects.filter(breach=row).delete()
    _refuse_unexplained(row)
    row.save(update_fields=[*changed, "due_at"])
    _done(row, step, by, changed)
    return True


@transaction.atomic
def close_breach(*, breach: DataBreach, by: User) -> None:
    """Nothing is left to do. Raises ValidationError that says what is."""
    row = _locked(breach)
    if row.closed_at is not None:
        return
    if missing := left_to_do(row):
        raise ValidationError(list(missing.values()))
    row.closed_at = clock.now()
    row.save(update_fields=["closed_at"])
    _done(row, Step.CLOSED, by, {})


@transaction.atomic
def reopen_breach(*, breach: DataBreach, by: User) -> None:
    row = _locked(breach)
    if row.closed_at is not None:
        row.closed_at = None
        row.save(update_fields=["closed_at"])
        _done(row, Step.REOPENED, by, {})


def left_to_do(breach: DataBreach) -> dict[str, str]:
    """What has to be said before a breach can be closed: in words by step, and first that on which the clock hangs."""
    open_points = (
        (not breach.risk, Step.JUDGED, _("Judge the risk.")),
        (
            breach.risk != Risk.NONE and breach.authority_told_at is None,
            Step.AUTHORITY,
            _("Tell the supervisor, and note when."),
        ),
        (
            breach.risk != Risk.NONE and breach.people_told_on is None and not breach.people_not_told_because,
            Step.PEOPLE,
            _("Tell the persons concerned, or say why not."),
        ),
        (not breach.measures, Step.DESCRIBED, _("Say what was done about it.")),
    )
    return {step: words for is_open, step, words in open_points if is_open}


def _refuse_unexplained(row: DataBreach) -> None:
    told = row.authority_told_at
    if told is not None and told > row.due_at and not row.late_because:
        raise ValidationError({"late_because": _("It was told after 72 hours. Say why.")})


def _locked(breach: DataBreach) -> DataBreach:
    return DataBreach.objects.select_for_update().get(pk=breach.pk)


def _done(row: DataBreach, step: str, by: User, said: dict[str, Any]) -> None:
    _line(row, step, by, said)
    audit.record(actor=by, verb=_VERBS[Step(step)], target=row, school_id=row.school_id)


def _line(row: DataBreach, step: str, by: User, said: dict[str, Any]) -> None:
    words = {name: value.isoformat() if isinstance(value, (date, datetime)) else value for name, value in said.items()}
    filled = {name: value for name, value in words.items() if step != Step.REPORTED or value not in (None, "", [])}
    BreachLine.objects.create(breach=row, at=clock.now(), by=by, step=step, said=filled)
