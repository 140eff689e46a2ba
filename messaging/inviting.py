"""Mails to translators: that something waits to be translated or read aloud, in which language; never what it says.

The table is the truth: a request without ``invited_at`` is told by the next sweep, whatever happened to the bell.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import formats, outbox
from messaging.direct import Words, written
from messaging.leases import free, taken
from messaging.models import RequestStatus, TranslationRequest, VoiceRequest
from messaging.translators import translators_of
from schools import clock
from schools.colleaguemail import Sending, send_to
from schools.languages import Language, language
from schools.models import Assignment, Role, User

logger = logging.getLogger(__name__)
_AT_ONCE = 100
#: A request that nobody has any more: whoever may take it hears of it again.
NOBODYS = dict.fromkeys(("translator", "accepted_at", "invited_at", "reminded_at", "taken_at"))


def ring() -> None:
    """Wake a worker after the running transaction commits."""
    outbox.ring("messaging.tasks.tell_translators")


def tell_translators() -> int:
    """Free what somebody left, invite to what is new, remind of what is wanted by tomorrow; returns how many requests
    were told.

    A request is taken before it is told (``messaging.leases``), so that two sweeps do not tell it twice, and tried
    again later when nothing left.
    """
    if settings.OUTBOX_PAUSED:
        return 0
    _free_what_was_left()
    now, tomorrow = clock.now(), clock.today() + timedelta(days=1)
    running = TranslationRequest.objects.running().filter(free(now))
    new = running.filter(invited_at__isnull=True)
    late = running.filter(due_on__lte=tomorrow, invited_at__lt=now - timedelta(hours=12))
    told = 0
    for request in new.select_related("notice", "translator").order_by("pk")[:_AT_ONCE]:
        told += _tell(request, "invited_at")
    for request in (
        late.filter(reminded_at__isnull=True).select_related("notice", "translator").order_by("pk")[:_AT_ONCE]
    ):
        told += _tell(request, "reminded_at")
    voices = VoiceRequest.objects.waiting().filter(free(now), invited_at__isnull=True)
    return told + sum(_tell_of_voice(asked) for asked in voices.order_by("pk")[:_AT_ONCE])


def _free_what_was_left() -> None:
    """What was taken by somebody who translates for that school no longer is nobody's again, and the others hear it."""
    posts = Assignment.objects.current().filter(role=Role.TRANSLATOR, user=OuterRef("translator"), user__is_active=True)
    posts = posts.filter(Q(school=OuterRef("notice__school")) | Q(school__isnull=True))
    left = TranslationRequest.objects.filter(~Exists(posts), status=RequestStatus.ACCEPTED)
    left.update(status=RequestStatus.OPEN, **NOBODYS)


def _tell(request: TranslationRequest, column: str) -> int:
    people = [request.translator] if request.translator else translators_of(request.language, request.notice.school_id)
    is_reminder = column == "reminded_at"
    mails = [(person, lambda person=person: words_for(request, person, is_reminder=is_reminder)) for person in people]
    return _once(TranslationRequest.objects.filter(pk=request.pk), column, mails)


def _tell_of_voice(asked: VoiceRequest) -> int:
    people = translators_of(asked.language, asked.school_id)
    mails = [(person, lambda person=person: words_of_voice(asked, person)) for person in people]
    return _once(VoiceRequest.objects.filter(pk=asked.pk), "invited_at", mails)


def _once(row: QuerySet[Any], column: str, mails: Iterable[tuple[User, Callable[[], Words]]]) -> int:
    with taken(row.filter(**{f"{column}__isnull": True}), clock.now()) as mine:
        if mine is None:
            return 0
        has_left = False
        for person, words in mails:
            mail = written(person.email, words(), language(person.language))
            has_left = send_to(person, mail, about="a request to a translator") is Sending.LEFT or has_left
        return mine.update(**{column: clock.now(), "taken_at": None}) if has_left else 0


def words_for(request: TranslationRequest, person: User, *, is_reminder: bool = False) -> Words:
    """In the translator's own language of the pages, without a school, a title or a word of the notice."""
    entry = language(person.language)
    with translation.override(entry.interface):
        facts = {"language": language(request.language).own_name, "day": formats.long_day(request.due_on, entry.code)}
        if is_reminder:
            subject, what = _reminding(request.due_on)
            what %= facts
        else:
            subject = _("A school asks for a translation")
            what = _("A school asks for a translation into %(language)s, by %(day)s.") % facts
        return _letter(subject, what, _("Read it and translate it here:"), entry)


def _reminding(day: date) -> tuple[str, str]:
    """Subject and sentence. Most are told the day before; who is told later, because beat stood still or the school
    asked at the last moment, reads no "tomorrow" of a day that is over."""
    today = clock.today()
    if day < today:
        sentence = _("A translation into %(language)s was wanted by %(day)s. The school still waits for it.")
        return _("A translation is still wanted"), sentence
    subject = _("A translation is wanted today") if day == today else _("A translation is wanted by tomorrow")
    return subject, _("A translation into %(language)s is wanted by %(day)s.")


def words_of_voice(asked: VoiceRequest, person: User) -> Words:
    """The same of a text that is to be read aloud."""
    entry = language(person.language)
    with translation.override(entry.interface):
        what = _("A school asks for your voice: a text in %(language)s, to be read aloud.") % {
            "language": language(asked.language).own_name
        }
        return _letter(_("A school asks for your voice"), what, _("Read it aloud here:"), entry)


def _letter(subject: str, what: str, how: str, entry: Language) -> Words:
    url = f"{settings.SITE_URL}{reverse('translation_queue')}"
    context = {"what": what, "how": how, "url": url, "language": entry}
    return Words(
        subject=subject,
        text=f"{what}\n{how}\n{url}",
        html=render_to_string("emails/replied.html", context),
        sms="",
    )
