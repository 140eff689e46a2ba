"""The mail of the week: several INFO notices to one guardian in one mail.

Each notice keeps its own link and language, with the Dutch below where it is a translation. Where others may read
along there is nothing but how many there are, and their links (rulings 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import ngettext, override

from messaging.channels.base import Outgoing
from messaging.firsttime import privacy_url
from messaging.mails import door_words
from messaging.models import Delivery, NoticeKind
from messaging.noticepage import NoticeView
from messaging.rendering import Renderer
from messaging.tokens import mail_signature, notice_url, unsubscribe_url
from schools.languages import MASTER, Language, language
from schools.roster.contacts import written_phone


@dataclass(frozen=True, slots=True)
class Item:
    """One notice in the mail. Without ``text`` only that there is one: it is confidential, or others read along."""

    number: int
    url: str
    door_words: str
    school_name: str
    text: NoticeView | None
    first_line: str
    dutch: NoticeView | None
    dutch_first_line: str


def digest_mail(deliveries: Sequence[Delivery], renderer: Renderer) -> Outgoing:
    """The mail that brings these deliveries of one guardian to one address. It is named after the first of them, so
    that a repeat is the same message."""
    first = min(deliveries, key=lambda delivery: delivery.pk)
    frame = language(language(first.guardian.contact_language).text)
    with override(frame.interface):
        items = [_item(number, delivery, renderer) for number, delivery in enumerate(deliveries, 1)]
    schools = {delivery.notice.school_id: delivery.notice.school for delivery in deliveries}
    school = next(iter(schools.values())) if len(schools) == 1 else None
    context = _context(items, frame, first) | {
        "school_names": [school.name for school in schools.values()],
        "school_phone": written_phone(school.phone) if school else "",
        "reads": frame,
        "privacy_url": privacy_url(frame.code),
        "is_first": renderer.reader(first).is_first,
    }
    with override(frame.interface):
        text, html = render_to_string("emails/digest.txt", context), render_to_string("emails/digest.html", context)
        subject = ngettext("%(count)s notice from school", "%(count)s notices from school", len(items))
    return Outgoing(
        number=first.pk,
        round=first.round,
        address=first.address,
        subject=f"{NoticeKind.INFO}: {subject % {'count': len(items)}}",
        text=text,
        html=html,
        html_lang=frame.html_lang,
        sender_name=school.name if school else "",
        reply_to=school.email if school else "",
        unsubscribe_url=unsubscribe_url(notice_url(first)),
        signature=mail_signature(first.pk, first.round),
    )


def _context(items: list[Item], frame: Language, first: Delivery) -> dict[str, Any]:
    return {
        "items": items,
        "count": len(items),
        "language": frame,
        "has_dutch": frame.code != MASTER,
        "is_translated": any(item.dutch for item in items),
        "is_draft": any(item.dutch and item.text and item.text.is_draft for item in items),
        "is_by_machine": any(item.dutch and item.text and item.text.is_by_machine for item in items),
        "url": notice_url(first),
    }


def _item(number: int, delivery: Delivery, renderer: Renderer) -> Item:
    reader = renderer.reader(delivery)
    page = renderer.page(delivery, reader) if reader.sees_all else None
    return Item(
        number=number,
        url=notice_url(delivery),
        door_words=door_words(reader),
        school_name=delivery.notice.school.name,
        text=page.text if page else None,
        first_line=_first_line(page.text) if page else "",
        dutch=page.dutch if page else None,
        dutch_first_line=_first_line(page.dutch) if page and page.dutch else "",
    )


def _first_line(text: NoticeView) -> str:
    """What it is about: its slot "what", else the first line of its words."""
    for slot in text.slots:
        if slot.key == "what":
            return slot.text
    return next((line.strip() for line in text.body.splitlines() if line.strip()), "")
