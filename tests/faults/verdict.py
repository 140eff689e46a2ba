"""What must be true after every fault: nobody left out, no text message twice, a mail twice only as the same mail and
only when it was under way, everything at its end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from messaging.models import Channel, Delivery, DeliveryEvent, DeliveryStatus, Reason
from messaging.outbox.transitions import OPEN
from messaging.tokens import delivery_named
from tests.messaging.sinks import Gateway, MailSink

BY_WORKER = (Channel.EMAIL, Channel.SMS)
_NAME = re.compile(rb"^Message-ID: *(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


def all_ended() -> bool:
    """Whether no mail and no text message waits or is under way."""
    return not Delivery.objects.filter(channel__in=BY_WORKER, status__in=OPEN).exists()


def mails_by_row(sink: MailSink) -> Counter[int]:
    """How often each delivery arrived. Fails for a mail that is nobody's, and for two names of one delivery."""
    names = Counter((address, _name(content)) for address, content in list(sink.raw))
    rows: Counter[int] = Counter()
    for (address, name), times in names.items():
        pk = delivery_named(name)
        assert pk is not None, f"{name} is not ours"
        assert pk not in rows, f"delivery {pk} came under two names or to two addresses ({address})"
        rows[pk] = times
    return rows


def _name(content: bytes) -> str:
    found = _NAME.search(content)
    assert found is not None
    return found[1].decode()


def texts_by_row(gateway: Gateway) -> Counter[int]:
    """How often the gateway took each delivery."""
    return Counter(int(query["dlr-url"].partition("?d=")[2].partition("&")[0]) for query in list(gateway.queries))


def judge_mails(sink: MailSink, *, twice: int, failed: Iterable[int] = ()) -> None:
    """Every mail is SENT and arrived, but for those of the deliveries ``failed``, which never did; at most ``twice``
    arrived a second time."""
    arrived, refused = mails_by_row(sink), set(failed)
    rows = dict(Delivery.objects.filter(channel=Channel.EMAIL).values_list("pk", "status"))
    assert {pk for pk, status in rows.items() if status == DeliveryStatus.SENT} == set(rows) - refused
    assert {pk for pk, status in rows.items() if status == DeliveryStatus.FAILED} == refused
    assert set(arrived) == set(rows) - refused, "nobody is left out"
    assert arrived.total() - len(arrived) <= twice, f"{arrived.total() - len(arrived)} came twice"
    _judge_history()


def judge_texts(gateway: Gateway, *, unknown: int = 0) -> None:
    """No text message left twice; each is SENT and arrived, but for at most ``unknown`` of which a person is told that
    nobody knows."""
    arrived = texts_by_row(gateway)
    assert set(arrived.values()) <= {1}, f"twice: {[pk for pk, times in arrived.items() if times > 1]}"
    rows = Delivery.objects.filter(channel=Channel.SMS)
    sent = set(rows.filter(status=DeliveryStatus.SENT).values_list("pk", flat=True))
    lost_sight_of = set(rows.filter(reason=Reason.OUTCOME_UNKNOWN).values_list("pk", flat=True))
    assert sent | lost_sight_of == set(rows.values_list("pk", flat=True))
    assert sent <= set(arrived) <= sent | lost_sight_of
    assert len(lost_sight_of) <= unknown
    _judge_history()


def _judge_history() -> None:
    """Nothing was finished twice."""
    assert all_ended()
    ends = DeliveryEvent.objects.filter(status__in=[DeliveryStatus.SENT, DeliveryStatus.FAILED])
    times = Counter(ends.filter(delivery__channel__in=BY_WORKER).values_list("delivery_id", flat=True))
    assert set(times.values()) <= {1}
