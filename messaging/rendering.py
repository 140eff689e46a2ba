"""From deliveries to what goes out: page, mail, text message, letter, all from the same stored texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import Count

from messaging import formats
from messaging.audience import pupils_of
from messaging.channels.base import Outgoing
from messaging.firsttime import first_ones
from messaging.mails import Mail, MailSkeletons, mail_of, sms_words
from messaging.models import Attachment, Channel, Delivery, Notice, NoticeText, Recording, TextKind
from messaging.models.templates import MEASUREMENT
from messaging.noticepage import NoticePage, page_of
from messaging.readers import Child, Reader, children_of, given_answers, replaced_days, shared_points
from messaging.recordings import is_heard_as
from messaging.tokens import mail_signature, notice_url, receipt_signature, unsubscribe_url
from parents.models import Guardian
from schools import clock
from schools.languages import MASTER, language


class Renderer:
    """Renders a batch of deliveries: a constant number of queries, mails put together once for each language.

    Batches of one drain share ``skeletons``."""

    def __init__(self, deliveries: Iterable[Delivery], skeletons: MailSkeletons | None = None) -> None:
        self._deliveries = list(deliveries)
        self._notices = {delivery.notice_id for delivery in self._deliveries}
        self._children = children_of(self._deliveries)
        self._answers = given_answers(self._deliveries)
        self._shared = shared_points(self._deliveries)
        self._replaced = replaced_days(self._deliveries)
        self._wanted = wanted_languages(self._deliveries)
        self._skeletons = skeletons or MailSkeletons()

    @cached_property
    def _texts(self) -> dict[int, dict[str, NoticeText]]:
        found: dict[int, dict[str, NoticeText]] = {}
        for text in NoticeText.objects.filter(notice_id__in=self._notices):
            found.setdefault(text.notice_id, {})[text.language] = text
        return found

    @cached_property
    def _files(self) -> dict[int, int]:
        return files_with(self._notices)

    @cached_property
    def _spoken(self) -> dict[int, set[str]]:
        """The languages in which each notice is read aloud."""
        found: dict[int, set[str]] = {}
        for notice, code in Recording.objects.filter(notice__in=self._notices).values_list("notice_id", "language"):
            found.setdefault(notice, set()).add(code)
        return found

    @cached_property
    def _contact_languages(self) -> dict[int, str]:
        guardians = {delivery.guardian_id for delivery in self._deliveries}
        return dict(Guardian.objects.filter(pk__in=guardians).values_list("pk", "contact_language"))

    @cached_property
    def _measuring(self) -> set[int]:
        rows = Notice.objects.filter(pk__in=self._notices, template__slug=MEASUREMENT)
        return set(rows.values_list("pk", flat=True))

    @cached_property
    def _first(self) -> Collection[int]:
        return first_ones(self._deliveries)

    def page(self, delivery: Delivery, reader: Reader | None = None) -> NoticePage:
        return self._page(delivery.notice, reader or self.reader(delivery))

    def mail(self, delivery: Delivery) -> Mail:
        """The mail of a delivery; only a link where others may read along or the notice is confidential (rulings 4)."""
        reader = self.reader(delivery)
        return self._skeletons.mail(
            delivery.notice_id, reader, lambda: self._page(delivery.notice, reader, open_names=True)
        )

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
            pictures=mail.pictures,
        )

    def reader(self, delivery: Delivery, *, opens_page: bool = False) -> Reader:
        """The guardian of a delivery. What only its first mail or letter says is not asked for a page."""
        return Reader(
            language=delivery.language,
            children=self._children.get((delivery.notice_id, delivery.guardian_id), ()),
            url=notice_url(delivery),
            sees_all=self._sees_all(delivery),
            wanted=self._wanted.get(delivery.guardian_id, "") if delivery.text_kind == TextKind.FALLBACK else "",
            delivery=delivery,
            given_answer=self._answers.get((delivery.notice_id, delivery.guardian_id), ""),
            is_first=not opens_page and delivery.pk in self._first,
            replaced_on=self._replaced.get((delivery.notice_id, delivery.guardian_id)),
            hears=not opens_page and self._hears(delivery),
            is_asked=not opens_page and self._is_asked(delivery.notice),
        )

    def _hears(self, delivery: Delivery) -> bool:
        spoken = self._spoken.get(delivery.notice_id)
        if not spoken:
            return False
        own = (self._contact_languages[delivery.guardian_id], delivery.language)
        return any(is_heard_as(voice, code) for voice in spoken for code in own)

    def _is_asked(self, notice: Notice) -> bool:
        if notice.still_asks(measures=False):
            return True
        return notice.pk in self._measuring and notice.still_asks(measures=True)

    def _sees_all(self, delivery: Delivery) -> bool:
        point = delivery.contact_point
        if delivery.notice.is_confidential or point is None or point.pk in self._shared:
            return False
        return delivery.channel == Channel.SMS or point.verified_on is not None

    def _text(self, notice: Notice, code: str) -> NoticeText:
        texts = self._texts[notice.pk]
        return texts.get(code) or texts[MASTER]

    def _page(self, notice: Notice, reader: Reader, *, open_names: bool = False) -> NoticePage:
        files = self._files.get(notice.pk, 0)
        return page_of(notice, self._texts[notice.pk], reader, open_names=open_names, files=files)


def wanted_languages(deliveries: Iterable[Delivery]) -> dict[int, str]:
    """By guardian who gets the Dutch for want of a translation: the language in which they read."""
    guardians = {row.guardian_id for row in deliveries if row.text_kind == TextKind.FALLBACK}
    if not guardians:
        return {}
    rows = Guardian.objects.filter(pk__in=guardians).values_list("pk", "contact_language")
    return {pk: language(code).text for pk, code in rows}


def files_with(notices: Iterable[int]) -> dict[int, int]:
    """How many files go with each of these notices; those without any are left out."""
    rows = Attachment.objects.filter(notice_id__in=notices).order_by().values_list("notice_id")
    return dict(rows.annotate(Count("pk")))


def preview(notice: Notice, code: str) -> NoticePage:
    """A notice that nobody got yet, in a language, about the first child of its audience."""
    return page_of(notice, _texts_of(notice), preview_reader(notice, code), files=notice.attachments.count())


def preview_mail(notice: Notice, code: str) -> Mail:
    reader = preview_reader(notice, code)
    reader.sees_all = not notice.is_confidential
    reader.hears = any(is_heard_as(row.language, code) for row in notice.recordings.all())
    page = page_of(notice, _texts_of(notice), reader, open_names=True, files=notice.attachments.count())
    return mail_of(page, reader)


def preview_sms(notice: Notice, code: str) -> str:
    reader = preview_reader(notice, code)
    reader.sees_all, reader.replaced_on = not notice.is_confidential, corrected_on(notice)
    texts = _texts_of(notice)
    return sms_words(notice, texts.get(code) or texts[MASTER], reader)


def corrected_on(notice: Notice) -> date | None:
    """The day of the notice that this one replaces, for whoever got that one."""
    sent_at = notice.corrects.published_at if notice.corrects else None
    return clock.local_date(sent_at) if sent_at else None


def preview_reader(notice: Notice, code: str) -> Reader:
    pupil = pupils_of(notice).first()
    name = pupil.first_name if pupil else formats.MISSING
    full_name = pupil.full_name if pupil else formats.MISSING
    class_name = notice.school_class.name if notice.school_class else ""
    child = Child(pupil.pk if pupil else 0, name, full_name, class_name)
    asks = notice.still_asks(measures=notice.asks_for_measurement)
    return Reader(language=code, children=[child], url=f"{settings.SITE_URL}/b/…/", is_asked=asks)


def _texts_of(notice: Notice) -> dict[str, NoticeText]:
    return {text.language: text for text in notice.texts.all()}


def receipt_url(delivery: Delivery) -> str:
    """Where the gateway reports; it fills in ``%d`` (what happened) and ``%A`` (the operator's words)."""
    signature = receipt_signature(delivery.pk)
    return f"{settings.SITE_URL}/haken/sms/?d={delivery.pk}&s={signature}&type=%d&answer=%A"
