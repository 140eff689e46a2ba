"""What a guardian sees of a notice: page, mail, text message, letter, all from the same stored texts.

Texts are stored with everything filled in but the child's name. Here the guardian's own children come in, each name
keeping its own direction: isolating characters in plain text, ``<bdi>`` in HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from messaging import formats
from messaging.channels.base import Outgoing
from messaging.channels.letter import Letter
from messaging.mails import Mail, MailSkeletons, sms_words
from messaging.models import Channel, Delivery, Notice, NoticeText, TextState
from messaging.models.notices import SLOTS
from messaging.readers import Child, Reader, children_of, given_answers, replaced_days, shared_points
from messaging.tokens import mail_signature, notice_url, receipt_signature, unsubscribe_url
from messaging.variables import as_people_write
from schools.languages import MASTER, Language, language

SLOT_LABELS = {
    "what": _("What"),
    "when": _("When"),
    "where": _("Where"),
    "bring": _("To bring"),
    "answer": _("Answer"),
}

#: As schools write them: 011 00 01 01, 0470 00 00 01, +32 11 00 01 01.
_TELEPHONE = re.compile(r"(?<!\w)(?:0\d{1,3}|\+\d{2,3})(?: \d{2,3}){3,4}(?!\w)")


@dataclass(frozen=True, slots=True)
class Slot:
    key: str
    label: str
    text: str

    @property
    def html(self) -> SafeString:
        return as_html(self.text)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice in one language, with the guardian's children filled in. ``is_draft`` marks a translation that no
    native speaker has read yet."""

    language: Language
    title: str
    subject: str
    body: str
    slots: tuple[Slot, ...]
    is_draft: bool

    @property
    def direction(self) -> str:
        return self.language.direction

    @property
    def html_lang(self) -> str:
        return self.language.html_lang

    @property
    def body_html(self) -> SafeString:
        return as_html(self.body)

    @property
    def title_html(self) -> SafeString:
        return as_html(self.title)


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    key: str
    label: str
    dutch: str


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Everything a page, mail or letter shows of a notice to one guardian. ``dutch`` is None for a reader of Dutch."""

    notice: Notice
    text: NoticeView
    dutch: NoticeView | None
    answers: tuple[AnswerChoice, ...]
    children: tuple[str, ...]
    class_names: tuple[str, ...]
    school_name: str
    school_phone: str
    sender_name: str
    answer_by: date | None
    given_answer: str = ""
    delivery: Delivery | None = None
    #: The day of the notice that this one replaces, if this guardian got it.
    replaced_on: date | None = None

    @property
    def language(self) -> Language:
        return self.text.language

    @property
    def direction(self) -> str:
        return self.text.direction

    @property
    def title(self) -> str:
        return self.text.title

    @property
    def body(self) -> str:
        return self.text.body

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.text.slots

    @property
    def child_names(self) -> str:
        return formats.joined(self.children, self.language.code)


def as_html(text: str) -> SafeString:
    """Escaped, with line breaks, isolates as ``<bdi>`` and nothing else. A telephone number stays on one line."""
    whole = _TELEPHONE.sub(lambda number: number.group(0).replace(" ", formats.NO_BREAK), text)
    safe = str(escape(whole)).replace(formats.ISOLATE, "<bdi>").replace(formats.POP, "</bdi>")
    return mark_safe(safe.replace("\n", "<br>\n"))  # noqa: S308 - escaped one line above


class Renderer:
    """Renders a batch of deliveries: a constant number of queries, mails put together once for each language."""

    def __init__(self, deliveries: Iterable[Delivery]) -> None:
        self._deliveries = list(deliveries)
        notices = {delivery.notice_id for delivery in self._deliveries}
        self._texts: dict[int, dict[str, NoticeText]] = {}
        for text in NoticeText.objects.filter(notice_id__in=notices):
            self._texts.setdefault(text.notice_id, {})[text.language] = text
        self._children = children_of(self._deliveries)
        self._answers = given_answers(self._deliveries)
        self._shared = shared_points(self._deliveries)
        self._replaced = replaced_days(self._deliveries)
        self._skeletons = MailSkeletons()

    def page(self, delivery: Delivery, reader: Reader | None = None) -> NoticePage:
        return self._page(delivery.notice, reader or self.reader(delivery))

    def mail(self, delivery: Delivery) -> Mail:
        """The mail of a delivery; only a link where others may read along or the notice is confidential (rulings 4)."""
        reader = self.reader(delivery)
        return self._skeletons.mail(self._page(delivery.notice, reader, open_names=True), reader)

    def sms(self, delivery: Delivery) -> str:
        reader = self.reader(delivery)
        text = self._text(delivery.notice, reader.language)
        return sms_words(delivery.notice, text, reader)

    def outgoing(self, delivery: Delivery) -> Outgoing:
        """What a channel sends. Raises when the texts or the address cannot be used."""
        if delivery.channel == Channel.SMS:
            return Outgoing(
                number=delivery.pk,
                round=delivery.round,
                address=delivery.address,
                text=self.sms(delivery),
                receipt_url=receipt_url(delivery),
            )
        mail = self.mail(delivery)
        return Outgoing(
            number=delivery.pk,
            round=delivery.round,
            address=delivery.address,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            html_lang=mail.html_lang,
            sender_name=delivery.notice.school.name,
            reply_to=delivery.notice.school.email,
            unsubscribe_url=unsubscribe_url(mail.url),
            signature=mail_signature(delivery.pk, delivery.round),
        )

    def reader(self, delivery: Delivery) -> Reader:
        return Reader(
            language=delivery.language,
            children=self._children.get((delivery.notice_id, delivery.guardian_id), ()),
            url=notice_url(delivery),
            sees_all=self._sees_all(delivery),
            delivery=delivery,
            given_answer=self._answers.get((delivery.notice_id, delivery.guardian_id), ""),
            replaced_on=self._replaced.get((delivery.notice_id, delivery.guardian_id)),
        )

    def _sees_all(self, delivery: Delivery) -> bool:
        point = delivery.contact_point
        if delivery.notice.is_confidential or point is None or point.is_shared or point.pk in self._shared:
            return False
        return delivery.channel == Channel.SMS or point.verified_on is not None

    def _text(self, notice: Notice, code: str) -> NoticeText:
        texts = self._texts[notice.pk]
        return texts.get(code) or texts[MASTER]

    def _page(self, notice: Notice, reader: Reader, *, open_names: bool = False) -> NoticePage:
        return page_of(notice, self._texts[notice.pk], reader, open_names=open_names)


def page_of(notice: Notice, texts: dict[str, NoticeText], reader: Reader, *, open_names: bool = False) -> NoticePage:
    """The notice as this reader sees it; ``open_names`` leaves ``{child}`` for a mail's skeleton to fill."""
    text = texts.get(reader.language) or texts[MASTER]
    names = None if open_names else [child.first_name for child in reader.children]
    again = reader.is_reminder
    return NoticePage(
        notice=notice,
        text=_view(text, names, is_reminder=again),
        dutch=None if text.language == MASTER else _view(texts[MASTER], names, is_reminder=again),
        answers=tuple(
            AnswerChoice(
                option["key"],
                notice.answer_label(option["key"], text.language),
                notice.answer_label(option["key"], MASTER),
            )
            for option in notice.answers
        ),
        children=tuple(child.first_name for child in reader.children),
        class_names=tuple(dict.fromkeys(child.class_name for child in reader.children if child.class_name)),
        school_name=notice.school.name,
        school_phone=as_people_write(notice.school.phone),
        sender_name=notice.author.full_name,
        answer_by=notice.answer_by,
        given_answer=reader.given_answer,
        delivery=reader.delivery,
        replaced_on=reader.replaced_on,
    )


def _view(text: NoticeText, names: Sequence[str] | None, *, is_reminder: bool = False) -> NoticeView:
    code = text.language

    def words(value: str) -> str:
        return value if names is None else formats.with_children(value, names, code)

    with override(language(code).interface):
        slots = tuple(
            Slot(key, str(SLOT_LABELS[key]), words(text.slots[key])) for key in SLOTS if text.slots.get(key, "").strip()
        )
    return NoticeView(
        language=language(code),
        title=formats.reminder(words(text.title), code) if is_reminder else words(text.title),
        subject=formats.reminder(text.subject, code) if is_reminder else text.subject,
        body=words(text.body),
        slots=slots,
        is_draft=text.state in (TextState.DRAFT, TextState.MACHINE),
    )


def page_for(delivery: Delivery) -> NoticePage:
    """What the guardian of a delivery sees of its notice."""
    return Renderer([delivery]).page(delivery)


def mail_for(delivery: Delivery) -> Mail:
    return Renderer([delivery]).mail(delivery)


def sms_for(delivery: Delivery) -> str:
    return Renderer([delivery]).sms(delivery)


def letter_for(delivery: Delivery) -> Letter:
    from messaging.letters import letters_for

    return letters_for([delivery])[0]


def preview(notice: Notice, code: str) -> NoticePage:
    """A notice that nobody got yet, in a language, about the first child of its audience."""
    return page_of(notice, _texts_of(notice), preview_reader(notice, code))


def preview_mail(notice: Notice, code: str) -> Mail:
    reader = preview_reader(notice, code)
    reader.sees_all = not notice.is_confidential
    return MailSkeletons().mail(page_of(notice, _texts_of(notice), reader, open_names=True), reader)


def preview_sms(notice: Notice, code: str) -> str:
    reader = preview_reader(notice, code)
    reader.sees_all = not notice.is_confidential
    texts = _texts_of(notice)
    return sms_words(notice, texts.get(code) or texts[MASTER], reader)


def preview_reader(notice: Notice, code: str) -> Reader:
    from messaging.audience import pupils_of

    pupil = pupils_of(notice).first()
    name = pupil.first_name if pupil else formats.MISSING
    full_name = pupil.full_name if pupil else formats.MISSING
    class_name = notice.school_class.name if notice.school_class else ""
    child = Child(pupil.pk if pupil else 0, name, full_name, class_name)
    return Reader(language=code, children=[child], url=f"{settings.SITE_URL}/b/…/")


def _texts_of(notice: Notice) -> dict[str, NoticeText]:
    return {text.language: text for text in notice.texts.all()}


def receipt_url(delivery: Delivery) -> str:
    """Where the gateway reports; it fills in ``%d`` (what happened) and ``%A`` (the operator's words)."""
    signature = receipt_signature(delivery.pk)
    return f"{settings.SITE_URL}/haken/sms/?d={delivery.pk}&s={signature}&type=%d&answer=%A"
