"""What the outbox page of the demo shows at first: the mails and text messages of the newest notices to 3B."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings

from ingroeibloei.demo.world import World, write
from messaging.models import Channel, Delivery, DeliveryStatus, RecordedNotice
from messaging.rendering import Renderer

NEWEST = 3


def build(world: World) -> None:
    """Written by the renderer that the worker uses, at the moment at which each was sent."""
    hers = [notice for notice in world.notices if notice.author == world.cast["leerkracht"]]
    rows = list(
        Delivery.objects.filter(
            notice__in=[notice.pk for notice in hers[-NEWEST:]],
            channel__in=[Channel.EMAIL, Channel.SMS],
            status__in=[DeliveryStatus.SENT, DeliveryStatus.DELIVERED],
        ).order_by("sent_at", "pk")
    )
    renderer = Renderer(rows)
    recorded = []
    for row in rows:
        outgoing = renderer.outgoing(row)
        recorded.append(
            RecordedNotice(
                channel=row.channel,
                delivery=row,
                sender=outgoing.sender_name or parseaddr(settings.DEFAULT_FROM_EMAIL)[0],
                recipient=outgoing.address,
                subject=outgoing.subject[:250],
                text=outgoing.text,
                html=outgoing.html,
                at=row.sent_at or row.created_at,
            )
        )
    write(RecordedNotice, recorded)
