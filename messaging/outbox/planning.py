"""Makes delivery rows, set-wise: one INSERT … SELECT for each notice or chunk, safe to run again or twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from messaging import audience, quiet
from messaging.models import Channel, Delivery, DeliveryStatus, Notice, NoticeKind
from messaging.models.notices import NoticeStatus
from messaging.outbox.calls import open_call_tasks
from messaging.ways import Sql, chosen, compiled, not_texted_before
from schools import clock

#: Letters and calls wait for a person: a due time that never comes keeps them out of the worker's way.
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
#: The database's clock, some seconds (a parameter) later.
DATABASE_LATER = {
    "postgresql": "STATEMENT_TIMESTAMP() + MAKE_INTERVAL(secs => %s)",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', %s || ' seconds')",
}


def plan(notice: Notice, guardians: Sql | None = None, *, climbing: bool = False) -> int:
    """Insert the deliveries of a notice for a query of guardian ids (all of its audience if none is given).

    Each guardian gets the first way that works, or, when some were tried before, the next one. Nothing leaves while it
    can be taken back, nor in quiet hours. Returns how many rows came in. Call tasks are opened for those whom only a
    person can reach.
    """
    query = guardians or compiled(audience.guardians_of(notice).values("pk"))
    languages = audience.sendable_languages(notice)
    with_clause, params = chosen(notice, query, languages, climbing=climbing)
    sql = f"""
INSERT INTO messaging_delivery (notice_id, guardian_id, channel, round, language, contact_point_id, address, status,
  reason, is_urgent, attempts, due_at, provider_ref, token_version, created_at)
{with_clause}
SELECT %s, id, channel, 1, language, point, address, 'QUEUED', '', %s, 0,
  CASE WHEN channel IN ('EMAIL', 'SMS') THEN {DATABASE_LATER[connection.vendor]} ELSE %s END, '', 1, %s
FROM chosen WHERE copy = 1 AND {not_texted_before()} ORDER BY id
ON CONFLICT DO NOTHING"""  # noqa: S608 - built from constants
    moment = connection.ops.adapt_datetimefield_value
    is_urgent = notice.kind == NoticeKind.DRINGEND
    wait = seconds_until_open(notice, 0 if climbing else _left_to_undo(notice))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [*params, notice.pk, is_urgent, wait, moment(NEVER), moment(clock.now()), notice.pk])
        planned: int = cursor.rowcount
        open_call_tasks(notice)
    return planned


def plan_chunk(notice_id: int) -> bool:
    """Plan the next guardians of a notice that is being sent, and how far it came, in one transaction.

    True while there is more to do. A notice that another process is planning is left to it.
    """
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=notice_id, status=NoticeStatus.PUBLISHING)
            .first()
        )
        if notice is None:
            return False
        waiting = audience.guardians_of(notice).filter(pk__gt=notice.planned_up_to).order_by("pk")
        chunk = list(waiting.values_list("pk", flat=True)[: settings.FAN_OUT_CHUNK])
        if chunk:
            span = audience.guardians_of(notice).filter(pk__gt=notice.planned_up_to, pk__lte=chunk[-1])
            plan(notice, compiled(span.values("pk")))
            notice.planned_up_to = chunk[-1]
        is_last = len(chunk) < settings.FAN_OUT_CHUNK
        if is_last:
            notice.status = NoticeStatus.PUBLISHED
        notice.save(update_fields=["planned_up_to", "status"])
    return not is_last


def plan_unfinished() -> None:
    """Go on with every notice whose planning stopped half-way."""
    for pk in Notice.objects.filter(status=NoticeStatus.PUBLISHING).order_by("pk").values_list("pk", flat=True):
        while plan_chunk(pk):
            pass


def next_round(delivery: Delivery) -> Delivery:
    """A resend of a finished delivery, to the guardian's present address: the next round of the same notice."""
    with transaction.atomic():
        Notice.objects.select_for_update(of=("self",)).get(pk=delivery.notice_id)
        rows = Delivery.objects.filter(
            notice_id=delivery.notice_id, guardian_id=delivery.guardian_id, channel=delivery.channel
        )
        last = rows.order_by("-round")[0]
        if last.status in (DeliveryStatus.QUEUED, DeliveryStatus.SENDING):
            return last
        point = delivery.contact_point
        if point is None or not point.is_usable:
            kind = "EMAIL" if delivery.channel == Channel.EMAIL else "PHONE"
            uses = delivery.guardian.point_uses.select_related("contact_point").filter(contact_point__kind=kind)
            point = next((use.contact_point for use in uses if use.contact_point.is_usable), None)
        if same := _texted_in_round(delivery, point.value if point else "", last.round + 1):
            return same
        by_worker = delivery.channel in (Channel.EMAIL, Channel.SMS)
        return Delivery.objects.create(
            notice_id=delivery.notice_id,
            guardian_id=delivery.guardian_id,
            channel=delivery.channel,
            round=last.round + 1,
            language=delivery.language,
            contact_point=point,
            address=point.value if point else "",
            is_urgent=delivery.is_urgent,
            due_at=database_now() + timedelta(seconds=seconds_until_open(last.notice)) if by_worker else NEVER,
            created_at=clock.now(),
        )


def _texted_in_round(delivery: Delivery, number: str, coming: int) -> Delivery | None:
    """Another guardian's text message of this round or a later one to the same phone: one is enough (rulings 2)."""
    if delivery.channel != Channel.SMS or not number:
        return None
    rows = Delivery.objects.filter(
        notice_id=delivery.notice_id, channel=Channel.SMS, address=number, round__gte=coming
    ).exclude(status=DeliveryStatus.CANCELLED)
    return rows.order_by("pk").first()


def seconds_until_open(notice: Notice, at_least: float = 0) -> float:
    """How long a notice has to wait for the end of quiet hours, or ``at_least``. The school's clock tells the hours;
    the seconds are added to the database's."""
    return round(max(at_least, (quiet.leaves_at(notice, at_least) - clock.now()).total_seconds()), 3)


def _left_to_undo(notice: Notice) -> float:
    """Seconds in which the sender can still take it back, counted from Send for the last chunk too."""
    since = (clock.now() - notice.published_at).total_seconds() if notice.published_at else 0
    return max(0, settings.UNDO_SECONDS - since)


def database_now() -> datetime:
    """The present moment by the database's clock."""
    ask = {"postgresql": "SELECT STATEMENT_TIMESTAMP()", "sqlite": "SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"}
    with connection.cursor() as cursor:
        cursor.execute(ask[connection.vendor])
        moment = cursor.fetchone()[0]
    return datetime.fromisoformat(moment).replace(tzinfo=UTC) if isinstance(moment, str) else moment
