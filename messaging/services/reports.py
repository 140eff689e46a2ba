"""What others report about our mails: a provider by its web hook, a mail server by a mail that comes back."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from messaging.models import Channel, Delivery, DeliveryStatus, Reason
from messaging.outbox import record_receipt
from messaging.services.refusing import opt_out
from schools import clock

#: Mail servers give up after five days; who reports later read the signature in an old, forwarded mail.
MAIL_REPORT_WITHIN = timedelta(days=14)


def record_mail_failure(*, delivery_id: int, reason: str, recipients: frozenset[str] = frozenset()) -> bool:
    """A mail came back. False when nothing changed.

    ``recipients`` are the addresses that the report names: where ours forwards to a dead one, ours stays in use. A mail
    that a person opened has arrived, whatever somebody who holds a copy of it reports (rulings 6).
    """
    delivery = _reported(delivery_id)
    if delivery is None or delivery.opened_at is not None:
        return False
    if reason == Reason.BOUNCED and recipients and delivery.address.lower() not in recipients:
        reason = Reason.REFUSED
    return record_receipt(delivery_id, DeliveryStatus.FAILED, reason)


def record_mail_arrival(*, delivery_id: int) -> bool:
    """A provider handed the mail to the reader's server. False when nothing changed."""
    return _reported(delivery_id) is not None and record_receipt(delivery_id, DeliveryStatus.DELIVERED)


def record_mail_refusal(*, delivery_id: int, how: str) -> bool:
    """The reader called the mail spam, or asked the provider for no more: no further notices by e-mail; urgent ones
    still come. ``how`` is kept in the log. False when that was known already."""
    delivery = _reported(delivery_id)
    if delivery is None:
        return False
    with transaction.atomic():
        known = delivery.guardian.opt_outs.filter(channel=Channel.EMAIL, category="").exists()
        opt_out(delivery, everything=True, because=how)
        record_receipt(delivery_id, DeliveryStatus.DELIVERED)
    return not known


def is_being_sent(delivery_id: int) -> bool:
    """Whether the sending itself is not settled yet: what is reported now must be reported again."""
    return Delivery.objects.filter(pk=delivery_id, status=DeliveryStatus.SENDING).exists()


def _reported(delivery_id: int) -> Delivery | None:
    rows = Delivery.objects.select_related("guardian", "notice")
    return rows.filter(pk=delivery_id, channel=Channel.EMAIL, created_at__gte=clock.now() - MAIL_REPORT_WITHIN).first()
