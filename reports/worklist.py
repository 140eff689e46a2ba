"""The families nobody reached: what was tried, why it failed, what to try next, and who will."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext, gettext_noop

from messaging.models import CallTask, Channel, Delivery, OptOut, Reason
from messaging.outbox.drivers import sending_channels
from parents.models import (
    ContactKind,
    ContactMoment,
    ContactPoint,
    Family,
    FollowUp,
    FollowUpStatus,
    Guardian,
    Guardianship,
    MomentStatus,
    PointKind,
    ReadingMode,
)
from reports.silence import start_of_year

#: Why a family was not reached, in plain words; the first that fits is told.
REASONS: dict[str, str] = {
    Reason.BOUNCED: gettext_noop("The e-mail address does not work."),
    Reason.ADDRESS_ENDED: gettext_noop("The address or the number no longer works."),
    Reason.UNKNOWN_NUMBER: gettext_noop("The telephone number does not work."),
    Reason.REFUSED: gettext_noop("The provider refused the notice."),
    Reason.GAVE_UP: gettext_noop("The notice could not be sent for days."),
    Reason.OUTCOME_UNKNOWN: gettext_noop("Nobody knows whether the notice arrived."),
    Reason.UNUSABLE: gettext_noop("The address or the number cannot be used."),
    Reason.OPTED_OUT: gettext_noop("The parent does not want notices this way."),
    Reason.RETURNED: gettext_noop("The letter came back."),
    Reason.WITHDRAWN: gettext_noop("The notice was taken back."),
    Reason.OVER: gettext_noop("The day of the last notice is over; nobody reached the family in time."),
    "NOT_AT_HOME": gettext_noop("Nobody answered or was at home."),
    "NO_SHOW": gettext_noop("The family did not come to the appointment."),
    "NOT_OPENED": gettext_noop("The last notice was handed over, but nobody opened it."),
    "WAITS": gettext_noop("The last notice still waits to leave."),
    "NOT_TRIED": gettext_noop("Nobody tried yet."),
}
VISIT = "VISIT"
NEXT_STEPS: dict[str, tuple[str, str]] = {
    Channel.EMAIL: (gettext_noop("Send an e-mail"), "mail"),
    Channel.SMS: (gettext_noop("Send a text message"), "smartphone"),
    Channel.LETTER: (gettext_noop("Give a letter with the child"), "printer"),
    Channel.CALL: (gettext_noop("Call"), "phone"),
    VISIT: (gettext_noop("Speak to them at the gate or at home"), "door-open"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """One family of the list with all that its row shows."""

    family: Family
    title: str
    places: list[str]
    pupil_id: int
    silent_since: date | None
    reason: str
    tried: list[str]
    next_step: str
    next_icon: str
    languages: list[str]
    needs_interpreter: bool
    phones: list[str]
    owner: str
    due_on: date | None
    call_id: int | None


def work_rows(families: Iterable[Any], user: object, *, names_school: bool = True) -> list[WorkRow]:
    """The rows of one page, from families of ``silence.not_reached``; queries do not depend on how many there are.
    ``names_school`` whether each class stands with its school: not for who works at one alone."""
    page = list(families)
    pupils = {member.pupil_id: family.pk for family in page for member in family.shown}
    guardians = _guardians(pupils)
    ids = [family.pk for family in page]
    deliveries = _deliveries({family.last_notice for family in page if family.last_notice}, guardians)
    attempts = _attempts(ids, user)
    tasks = _open_tasks(ids, user)
    calls = dict(
        CallTask.objects.filter(follow_up__in=[task.pk for found in tasks.values() for task in found]).values_list(
            "follow_up_id", "pk"
        )
    )
    return [
        _row(family, names_school, guardians[family.pk], deliveries, attempts[family.pk], tasks[family.pk], calls)
        for family in page
    ]


def _row(
    family: Any,
    names_school: bool,
    guardians: list[Guardian],
    deliveries: Mapping[tuple[int, int], list[Delivery]],
    attempts: list[str],
    tasks: list[FollowUp],
    calls: Mapping[int, int],
) -> WorkRow:
    pupils = [member.pupil for member in family.shown]
    sent = [row for guardian in guardians for row in deliveries.get((family.last_notice, guardian.pk), [])]
    step = next_step(guardians, {row.channel for row in sent})
    words, icon = NEXT_STEPS[step]
    task = tasks[0] if tasks else None
    points = [point for guardian in guardians for point in guardian.usable_points]  # type: ignore[attr-defined]
    return WorkRow(
        family=family,
        title=" & ".join(pupil.first_name for pupil in pupils),
        places=sorted({_place(place, names_school) for one in pupils for place in one.running}),
        pupil_id=pupils[0].pk,
        silent_since=family.last_held,
        reason=gettext(REASONS.get(family.reason_code, REASONS["NOT_OPENED"])),
        tried=[*dict.fromkeys(str(row.get_channel_display()) for row in sent), *attempts],
        next_step=gettext(words),
        next_icon=icon,
        languages=list(dict.fromkeys(guardian.contact_language for guardian in guardians)),
        needs_interpreter=family.needs_interpreter,
        phones=list(dict.fromkeys(point.value for point in points if point.kind == PointKind.PHONE))[:2],
        owner=task.owner.full_name if task and task.owner else "",
        due_on=task.due_on if task else None,
        call_id=next((calls[task.pk] for task in tasks if task.pk in calls), None),
    )


def _place(place: Any, names_school: bool) -> str:
    name: str = place.school_class.name
    return f"{name}, {place.school.name}" if names_school else name


def next_step(guardians: list[Guardian], tried: set[str]) -> str:
    """The first channel of the ladder that was not used for the last notice and can be: this portal has it, and not
    everybody refuses it. Somebody who does not read is called. When all was tried: go and speak."""
    can_be_called = any(_can_take(guardian, Channel.CALL) for guardian in guardians)
    if can_be_called and any(guardian.reading_mode == ReadingMode.ORAL_ONLY for guardian in guardians):
        return Channel.CALL if Channel.CALL not in tried else VISIT
    steps = [channel for channel in (*sending_channels(), Channel.LETTER, Channel.CALL) if channel not in tried]
    return next((step for step in steps if any(_can_take(guardian, step) for guardian in guardians)), VISIT)


def _can_take(guardian: Any, channel: str) -> bool:
    kinds = {point.kind for point in guardian.usable_points}
    has = {Channel.EMAIL: PointKind.EMAIL in kinds, Channel.LETTER: guardian.household_id is not None}
    refused = {row.channel for row in guardian.refusals_of_all}
    return has.get(Channel(channel), PointKind.PHONE in kinds) and channel not in refused


def _guardians(pupils: Mapping[int, int]) -> dict[int, list[Guardian]]:
    """By family, those who receive notices, with ``usable_points`` and what they refuse whatever it is about."""
    points = Prefetch("contact_points", ContactPoint.objects.usable().order_by("uses__rank"), to_attr="usable_points")
    rows = Guardianship.objects.informed().filter(pupil_id__in=list(pupils)).order_by("pk").select_related(None)
    refusals = Prefetch("opt_outs", OptOut.objects.filter(category=""), to_attr="refusals_of_all")
    people = Prefetch("guardian", Guardian.objects.prefetch_related(points, refusals))
    found: dict[int, dict[int, Guardian]] = defaultdict(dict)
    for row in rows.prefetch_related(people):
        found[pupils[row.pupil_id]][row.guardian_id] = row.guardian
    return defaultdict(list, {family: list(people.values()) for family, people in found.items()})


def _deliveries(notices: set[int], guardians: Mapping[int, list[Guardian]]) -> dict[Any, list[Delivery]]:
    people = [guardian.pk for found in guardians.values() for guardian in found]
    found: dict[tuple[int, int], list[Delivery]] = defaultdict(list)
    for row in Delivery.objects.filter(notice_id__in=notices, guardian_id__in=people).order_by("pk"):
        found[row.notice_id, row.guardian_id].append(row)
    return found


def _attempts(families: list[int], user: object) -> dict[int, list[str]]:
    """Kinds of contact that were tried this school year and did not take place, of those that the user may read."""
    rows = ContactMoment.objects.visible_to(user).filter(
        family_id__in=families,
        held_on__gte=start_of_year(),
        withdrawn_at__isnull=True,
        status__in=[MomentStatus.NOT_REACHED, MomentStatus.NO_SHOW, MomentStatus.CANCELLED_FAMILY],
    )
    found: dict[int, list[str]] = defaultdict(list)
    for family, kind in rows.order_by("family_id", "kind").values_list("family_id", "kind").distinct():
        found[family].append(str(ContactKind(kind).label))
    return found


def _open_tasks(families: list[int], user: object) -> dict[int, list[FollowUp]]:
    found: dict[int, list[FollowUp]] = defaultdict(list)
    rows = FollowUp.objects.visible_to(user).filter(status=FollowUpStatus.OPEN, family_id__in=families)
    for row in rows.select_related("owner").order_by("due_on", "pk"):
        found[row.family_id].append(row)
    return found
