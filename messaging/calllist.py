"""The list of calls to make: who, why, at which number, by when, and what to say. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from messaging import outbox
from messaging.callscripts import CallScript, InterpreterLine, interpreter_for, scripts_for
from messaging.models import CallTask, Delivery, Explanation, InboundText, Notice, Recording
from messaging.recordingdesk import staff_url
from messaging.recordings import Voice, own_first, voices_of
from parents.models import ContactPoint, FollowUp, FollowUpKind, Guardian, PointKind
from parents.services.reachability import kinds_to_ask
from schools import clock
from schools.models import Pupil, User

#: What is done by calling: a notice that nobody read, one that was not understood, a number or address that died, a
#: message of somebody unknown.
BY_PHONE = (FollowUpKind.CALL, FollowUpKind.NOT_UNDERSTOOD, FollowUpKind.CONTACT_DATA)


@dataclass(slots=True)
class CallRow:
    """One call."""

    task: FollowUp
    call: CallTask | None = None
    #: What was not understood, in the language in which it went.
    explains: Delivery | None = None
    #: The notice read aloud in the guardian's language, to be played on the phone.
    voices: list[Voice] = field(default_factory=list)
    #: The notice, for a caller who may see it.
    notice_id: int | None = None
    script: CallScript | None = None
    interpreter: InterpreterLine | None = None
    phones: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    message: str = ""

    @property
    def is_overdue(self) -> bool:
        return self.task.due_on < clock.today()

    @property
    def asks_for_mail(self) -> bool:
        return PointKind.EMAIL in self.asks


def calls_to_make(user: object, *, own: bool = False) -> QuerySet[FollowUp]:
    """Open follow-ups that are done by phone and that the user may see, the first due first."""
    rows = FollowUp.objects.visible_to(user).open().filter(kind__in=BY_PHONE).with_door(user)
    if own and isinstance(user, User):
        rows = rows.filter(owner=user)
    return (
        rows.select_related("school", "owner", "pupil", "guardian", "contact_request__replaces")
        .prefetch_related(_usable_points("guardian"))
        .order_by("due_on", "pk")
    )


def calls_about(notice: Notice, user: object, most: int) -> list[Any]:
    """The open calls about a notice that the user may make, the first due first, each with ``phones``; two queries."""
    seen = Pupil.objects.visible_to(user).values("pk")
    rows = CallTask.objects.filter(delivery__notice=notice, follow_up__status="OPEN", follow_up__pupil_id__in=seen)
    rows = rows.select_related("delivery__guardian", "follow_up__owner", "follow_up__pupil")
    rows = rows.prefetch_related(_usable_points("delivery__guardian")).order_by("follow_up__due_on", "pk")
    found: list[Any] = list(rows[:most])
    for call in found:
        call.phones = _phones(call.delivery.guardian, call)
    return found


def _usable_points(guardian: str) -> Prefetch:
    """The numbers and addresses that work, in their order, as ``usable_points`` of this guardian."""
    numbers = ContactPoint.objects.usable().order_by("uses__rank")
    return Prefetch(f"{guardian}__contact_points", queryset=numbers, to_attr="usable_points")


def call_rows(tasks: Sequence[FollowUp], caller: User) -> list[CallRow]:
    """What a page shows of these follow-ups, but for calls to who may not be told any more, which the next sweep stops;
    queries do not depend on how many there are."""
    ids = [task.pk for task in tasks]
    calls = {row.follow_up_id: row for row in _about_notices(CallTask.objects.filter(follow_up__in=ids))}
    called = Delivery.objects.filter(pk__in=[row.delivery_id for row in calls.values()])
    may_go = set(called.filter(outbox.may_go(called)).values_list("pk", flat=True))
    in_vain = outbox.tasks_in_vain(ids)
    tasks = [task for task in tasks if task.pk not in calls or calls[task.pk].delivery_id in may_go]
    tasks = [task for task in tasks if task.pk not in in_vain]
    explanations = {row.follow_up_id: row for row in _about_notices(Explanation.objects.filter(follow_up__in=ids))}
    scripts = scripts_for(calls.values(), caller.full_name)
    explaining = scripts_for(explanations.values(), caller.full_name)
    messages = dict(InboundText.objects.filter(follow_up__in=ids).values_list("follow_up_id", "text"))
    asks = kinds_to_ask([task.guardian for task in tasks if task.guardian])
    voices = _Voices([row.delivery for row in (*calls.values(), *explanations.values())], caller)
    rows = []
    for task in tasks:
        call, explanation = calls.get(task.pk), explanations.get(task.pk)
        guardian = task.guardian
        row = CallRow(
            task=task,
            call=call,
            interpreter=interpreter_for(guardian.contact_language) if guardian else None,
            phones=_phones(guardian, call),
            asks=asks.get(guardian.pk, []) if guardian else [],
            message=messages.get(task.pk, ""),
        )
        if explanation:
            row.explains, row.script = explanation.delivery, explaining.get(explanation.pk)
        if call:
            row.script = scripts.get(call.pk)
        if about := call or explanation:
            row.notice_id, row.voices = voices.of(about.delivery)
        rows.append(row)
    return rows


def _about_notices(rows: QuerySet[Any]) -> QuerySet[Any]:
    about = ("delivery__notice__school", "delivery__notice__conference_round")
    return rows.select_related(*about, "delivery__guardian", "follow_up__pupil")


class _Voices:
    """The recordings of some notices, as far as the caller may see these; two queries."""

    def __init__(self, deliveries: Iterable[Delivery], caller: User) -> None:
        notices = {delivery.notice_id for delivery in deliveries}
        seen = Notice.objects.visible_to(caller).filter(pk__in=notices).order_by() if notices else Notice.objects.none()
        self._seen = set(seen.values_list("pk", flat=True))
        self._known: dict[int | None, list[Recording]] = {}
        for row in Recording.objects.filter(notice__in=self._seen):
            self._known.setdefault(row.notice_id, []).append(row)

    def of(self, delivery: Delivery) -> tuple[int | None, list[Voice]]:
        """The notice, and its voices in the guardian's language."""
        if delivery.notice_id not in self._seen:
            return None, []
        voices = voices_of(self._known.get(delivery.notice_id, []), staff_url)
        return delivery.notice_id, own_first(voices, delivery.guardian.contact_language, "")[0]


def _phones(guardian: Guardian | None, call: CallTask | None) -> list[str]:
    """The number that the ladder found, then the others that work today."""
    points = getattr(guardian, "usable_points", [])
    numbers = [point.value for point in points if point.kind == PointKind.PHONE]
    first = [call.delivery.address] if call and call.delivery.address in numbers else []
    return list(dict.fromkeys([*first, *numbers]))[:3]
