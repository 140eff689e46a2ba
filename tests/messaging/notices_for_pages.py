"""Notices for the tests of the staff's pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from messaging import outbox
from messaging.content import load_templates
from messaging.how_far import sql_of
from messaging.models import Channel, Delivery, DeliveryStatus, Notice, NoticeTemplate
from messaging.outbox.rounds import Round
from messaging.services import create_notice, publish_notice
from messaging.tokens import make_token
from parents.models import Guardian
from schools import clock
from tests.cast import Cast
from tests.mould import poured

COMPOSE = "/school/berichten/nieuw/parent-meeting-invitation/"


def template(slug: str = "parent-meeting-invitation") -> NoticeTemplate:
    """A template of the repository; loads them all the first time."""
    if not NoticeTemplate.objects.exists():
        poured(load_templates)
    return NoticeTemplate.objects.get(slug=slug)


def filled_in(cast: Cast, **other: Any) -> dict[str, Any]:
    """What the teacher of 3B types for an invitation."""
    return {
        "audience": f"class:{cast.classes['3b'].pk}",
        "teacher": "juf Lotte",
        "date": (clock.today() + timedelta(days=14)).isoformat(),
        "time": "15:30",
        "place": "lokaal 12",
        "phone": "011 00 11 22",
        "kind": "ACTIE",
        "answer_by": (clock.today() + timedelta(days=7)).isoformat(),
    } | other


def draft(cast: Cast, *, author: str = "teacher_3b", room: str = "3b", place: str = "lokaal 12") -> Notice:
    """An invitation that is ready to be sent."""
    school_class = cast.classes[room]
    day = clock.today() + timedelta(days=14)
    return create_notice(
        author=cast.staff[author],
        template=template(),
        school=school_class.school,
        school_class=school_class,
        values={"date": day.isoformat(), "time": "15:30", "place": place},
        answer_by=day - timedelta(days=7),
    )


def sent(cast: Cast, **options: Any) -> Notice:
    """The same, planned."""
    notice = draft(cast, **options)
    publish_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    return notice


def delivery_to(notice: Notice, cast: Cast, guardian: str) -> Delivery:
    return Delivery.objects.get(notice=notice, guardian=cast.guardians[guardian], round=1)


def settle(notice: Notice, status: str = DeliveryStatus.SENT) -> None:
    """As if the worker had sent the mails and text messages."""
    Delivery.objects.filter(notice=notice, channel__in=[Channel.EMAIL, Channel.SMS]).update(
        status=status, due_at=None, sent_at=clock.now()
    )


def once_more(*deliveries: Delivery) -> list[Delivery]:
    """What a further round of their notice brings the guardians of these deliveries."""
    people = Guardian.objects.filter(pk__in=[row.guardian_id for row in deliveries])
    _planned, moment = outbox.plan_round(Round(deliveries[0].notice, sql_of(people.values("pk"))))
    return list(Delivery.objects.filter(created_at=moment).order_by("pk"))


def page_url(delivery: Delivery, name: str = "token_notice") -> str:
    """Where a link leads: the notice, or what is posted about it."""
    return reverse(name, args=[make_token(delivery)])
