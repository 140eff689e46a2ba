"""The list of calls to make: who, why, at which number, by when, and what to say. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from messaging.callscripts import CallScript, InterpreterLine, interpreter_for, scripts_for
from messaging.models import CallTask, InboundText
from parents.models import ContactPoint, FollowUp, FollowUpKind, PointKind
from parents.services.reachability import kinds_to_ask
from schools import clock
from schools.models import User

#: What is done by calling: a notice that nobody read, a number or address that died, a message of somebody unknown.
BY_PHONE = (FollowUpKind.CALL, FollowUpKind.CONTACT_DATA)


@dataclass(slots=True)
class CallRow:
    """One call."""

    task: FollowUp
    call: CallTask | None = None
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
    rows = FollowUp.objects.visible_to(user).open().filter(kind__in=BY_PHONE)
    if own and isinstance(user, User):
        rows = rows.filter(owner=user)
    numbers = ContactPoint.objects.usable().order_by("uses__rank")
    return (
        rows.select_related("school", "owner", "pupil", "guardian", "contact_request__replaces")
        .prefetch_related(Prefetch("guardian__contact_points", queryset=numbers, to_attr="usable_points"))
        .order_by("due_on", "pk")
    )


def call_rows(tasks: Sequence[FollowUp], caller: User) -> list[CallRow]:
    """What a page shows of these follow-ups; queries do not depend on how many there are."""
    calls = {
        call.follow_up_id: call
        for call in CallTask.objects.filter(follow_up__in=[task.pk for task in tasks]).select_related(
            "delivery__notice__school", "delivery__guardian", "follow_up__pupil"
        )
    }
    scripts = scripts_for(calls.values(), caller.full_name)
    messages = dict(
        InboundText.objects.filter(follow_up__in=[task.pk for task in tasks]).values_list("follow_up_id", "text")
    )
    asks = kinds_to_ask([task.guardian for task in tasks if task.guardian])
    rows = []
    for task in tasks:
        call = calls.get(task.pk)
        guardian = task.guardian
        rows.append(
            CallRow(
                task=task,
                call=call,
                script=scripts.get(call.pk) if call else None,
                interpreter=interpreter_for(guardian.contact_language) if guardian else None,
                phones=_phones(task, call),
                asks=asks.get(guardian.pk, []) if guardian else [],
                message=messages.get(task.pk, ""),
            )
        )
    return rows


def _phones(task: FollowUp, call: CallTask | None) -> list[str]:
    """The number that the ladder found, then the others that work today."""
    points = getattr(task.guardian, "usable_points", []) if task.guardian else []
    numbers = [point.value for point in points if point.kind == PointKind.PHONE]
    first = [call.delivery.address] if call and call.delivery.address in numbers else []
    return list(dict.fromkeys([*first, *numbers]))[:3]
