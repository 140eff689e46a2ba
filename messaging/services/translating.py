"""Translations of a draft: a colleague's, read by a native speaker, or a machine's whose meaning was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging.models import Notice, NoticeText, TextOrigin, TextState, TranslationReason
from messaging.sealednotice import Words, with_directions
from messaging.services.drafts import locked_draft, locked_unsent
from messaging.services.languages import leave_when_complete
from messaging.services.machine_orders import stop_language
from messaging.texts import begun_in, pin, put_words
from schools import audit, clock
from schools.languages import LANGUAGES, MASTER
from schools.models import User


def write_translation(
    *, notice: Notice, language: str, text: Mapping[str, Any], author: User, is_native: bool = False
) -> NoticeText:
    """A colleague's translation of the present Dutch: it is no longer stale. What a machine began stays marked so.

    ``text`` are the words that change (title, subject, sms, body, slots). ``is_native``: who wrote it reads the
    language as a native speaker, so it is reviewed. Raises ValidationError for a language without texts.
    """
    _check_language(language)
    with transaction.atomic():
        notice = locked_draft(notice)
        row = text_in(notice, language)
        fields = {name: words for name, words in text.items() if name != "slots"}
        typed = Words.of_fields(Words.of(row).as_fields() | fields | dict(text.get("slots", {})))
        put_words(row, with_directions(notice, typed, language))
        origin = row.origin if row.origin == TextOrigin.MACHINE and row.pk else TextOrigin.PERSON
        keep_text(notice, row, origin=origin, author=author, is_native=is_native)
        audit.record(actor=author, verb="translated", target=notice, school_id=notice.school_id, language=language)
    return row


def text_in(notice: Notice, language: str) -> NoticeText:
    """The notice's row in a language; a new one, not saved, where it has none."""
    return notice.texts.filter(language=language).first() or begun_in(notice, language)


def keep_text(
    notice: Notice, row: NoticeText, *, origin: str, author: User, is_native: bool = False, state: str = TextState.DRAFT
) -> None:
    """Save new words of the present Dutch, with where they come from; what was said of earlier words is forgotten. A
    machine that is at the same language stops: it would put its words over these."""
    stop_language(notice, row.language)
    pin(row, notice.texts.get(language=MASTER))
    row.state = state
    row.origin, row.author, row.back = origin, author, None
    row.reviewed_by, row.reviewed_at, row.back_seen_by, row.back_seen_at = None, None, None, None
    if is_native:
        row.state, row.reviewed_by, row.reviewed_at = TextState.REVIEWED, author, clock.now()
    row.save()


def review_text(*, notice: Notice, language: str, by: User, seen: str = "") -> None:
    """A native speaker read a translation of the present Dutch. Raises ValidationError for a stale one, and for one
    that is not the one that was ``seen`` (``NoticeText.said``)."""
    with transaction.atomic():
        notice = locked_unsent(notice)
        row = _fresh(notice, language, seen)
        row.state, row.reviewed_by, row.reviewed_at = TextState.REVIEWED, by, clock.now()
        row.save(update_fields=["state", "reviewed_by", "reviewed_at"])
        audit.record(actor=by, verb="reviewed", target=notice, school_id=notice.school_id, language=language)
        leave_when_complete(notice)


def see_back(*, notice: Notice, language: str, by: User, seen: str = "") -> None:
    """The writer read what a machine's text says, translated back. Raises ValidationError for a stale one, one that is
    not the one that was ``seen``, or one that was not translated back."""
    with transaction.atomic():
        notice = locked_unsent(notice)
        row = _fresh(notice, language, seen)
        if not row.back:
            raise ValidationError(_("This text was not translated back. Ask the machine for it first."))
        row.back_seen_by, row.back_seen_at = by, clock.now()
        row.save(update_fields=["back_seen_by", "back_seen_at"])
        audit.record(actor=by, verb="read back", target=notice, school_id=notice.school_id, language=language)
        leave_when_complete(notice)


def set_reason(*, notice: Notice, reason: str, by: User) -> None:
    """The purpose of the translation (domain 4.4); "" takes it away."""
    if reason and reason not in TranslationReason.values:
        raise ValidationError(_("Choose one of the purposes in the list."))
    with transaction.atomic():
        row = locked_draft(notice)
        row.translation_reason = reason
        row.save(update_fields=["translation_reason"])
        audit.record(actor=by, verb="gave a purpose", target=row, school_id=row.school_id, reason=reason)


def _fresh(notice: Notice, language: str, seen: str) -> NoticeText:
    master, row = notice.texts.get(language=MASTER), notice.texts.filter(language=language).first()
    if row is None or row.source_hash != master.source_hash:
        raise ValidationError(_("The Dutch text has changed since this translation was made. Translate it first."))
    if seen and seen != row.said:
        raise ValidationError(_("This translation was changed meanwhile. Read it once more."))
    return row


def _check_language(code: str) -> None:
    known = LANGUAGES.get(code)
    if known is None or known.spoken_only or known.text != code or code == MASTER:
        raise ValidationError(_("Choose a language in which parents read."))
