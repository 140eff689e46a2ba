"""Translators are asked, take what they can, and hand in: they see a notice's words, never a family."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging import inviting
from messaging.models import (
    Notice,
    RequestStatus,
    TextOrigin,
    TranslationRequest,
)
from messaging.sealednotice import Words, seal_for_translator, tame
from messaging.sealing import LostMarkError
from messaging.services.drafts import locked_draft, locked_unsent
from messaging.services.languages import leave_when_complete
from messaging.services.translating import keep_text, text_in
from messaging.texts import put_words
from messaging.translators import languages_with_translators
from schools import audit, clock
from schools.languages import MASTER, language
from schools.models import User


def ask_translators(
    *, notice: Notice, languages: Collection[str], due_on: date, by: User, context: str = ""
) -> list[TranslationRequest]:
    """Ask for the present Dutch in these languages. Raises ValidationError for a language that no translator knows or
    that was asked for already."""
    known = languages_with_translators(notice.school_id)
    without = [code for code in languages if code not in known]
    if without or not languages:
        raise ValidationError(
            _("No translator of this portal translates into: %(languages)s.")
            % {"languages": ", ".join(language(code).own_name for code in without)}
        )
    with transaction.atomic():
        row = locked_draft(notice)
        asked = set(row.translation_requests.running().values_list("language", flat=True))
        if asked & set(languages):
            raise ValidationError(_("A translator is at work on this already. Take that request back first."))
        source_hash = row.texts.get(language=MASTER).source_hash
        made = [
            TranslationRequest.objects.create(
                notice=row,
                language=code,
                context=context.strip(),
                due_on=due_on,
                asked_by=by,
                asked_at=clock.now(),
                source_hash=source_hash,
            )
            for code in dict.fromkeys(languages)
        ]
        audit.record(
            actor=by, verb="asked translators", target=row, school_id=row.school_id, languages=",".join(languages)
        )
        inviting.ring()
    return made


def withdraw_request(*, request: TranslationRequest, by: User) -> None:
    """Take a request back. Raises ValidationError when it was handed in meanwhile."""
    with transaction.atomic():
        row = _locked(request)
        if not row.is_running:
            raise ValidationError(_("This translation was handed in already."))
        row.status = RequestStatus.WITHDRAWN
        row.save(update_fields=["status"])
        audit.record(
            actor=by, verb="took a request back", target=row, school_id=row.notice.school_id, language=row.language
        )


def accept_request(*, request: TranslationRequest, by: User) -> None:
    """Take it on: other translators do not see it any more. Raises ValidationError when somebody was first."""
    with transaction.atomic():
        row = _locked(request)
        if row.status == RequestStatus.ACCEPTED and row.translator_id == by.pk:
            return
        if row.status != RequestStatus.OPEN:
            raise ValidationError(_("Somebody else has taken this translation, or it is no longer needed."))
        row.status, row.translator, row.accepted_at = RequestStatus.ACCEPTED, by, clock.now()
        row.save(update_fields=["status", "translator", "accepted_at"])
        audit.record(actor=by, verb="took a translation", target=row, school_id=row.notice.school_id)


def give_back(*, request: TranslationRequest, by: User) -> None:
    """Let somebody else do it, and tell them: it had left their list, and whoever took it was reminded in their
    place. Raises ValidationError for what is not one's own running work."""
    with transaction.atomic():
        row = _own(request, by)
        TranslationRequest.objects.filter(pk=row.pk).update(status=RequestStatus.OPEN, **inviting.NOBODYS)
        audit.record(actor=by, verb="gave a translation back", target=row, school_id=row.notice.school_id)
        inviting.ring()


def end_requests(notice: Notice) -> None:
    """The notice leaves: what nobody handed in is not wanted any more."""
    notice.translation_requests.running().update(status=RequestStatus.WITHDRAWN)


def hand_in(*, request: TranslationRequest, by: User, words: Words, is_native: bool = False) -> None:
    """A translator's words become the notice's text; the same words sent twice are handed in once. Raises
    ValidationError, with the fields, for words that lost a mark, and when the Dutch changed meanwhile or the notice
    left."""
    with transaction.atomic():
        if _is_in(_locked(request), by, words):
            return
        row = _own(request, by)
        notice = locked_unsent(row.notice)
        master = notice.texts.get(language=MASTER)
        if master.source_hash != row.source_hash:
            raise ValidationError(_("The Dutch text changed meanwhile. Look at it again: your words are kept below."))
        text = text_in(notice, row.language)
        put_words(text, _opened(notice, Words.of(master), words, row.language))
        keep_text(notice, text, origin=TextOrigin.TRANSLATOR, author=by, is_native=is_native)
        row.status, row.handed_in_at = RequestStatus.DONE, clock.now()
        row.save(update_fields=["status", "handed_in_at"])
        audit.record(actor=by, verb="handed a translation in", target=row, school_id=notice.school_id)
        leave_when_complete(notice)


def follow_dutch(*, request: TranslationRequest, by: User) -> None:
    """Go on from the Dutch of today, which the translator has on the page now; else nothing."""
    own = TranslationRequest.objects.filter(pk=request.pk, status=RequestStatus.ACCEPTED, translator=by)
    own.update(source_hash=request.notice.texts.get(language=MASTER).source_hash)


def _is_in(row: TranslationRequest, by: User, words: Words) -> bool:
    """Whether these very words are the notice's already."""
    text = row.notice.texts.filter(language=row.language).first()
    if row.status != RequestStatus.DONE or row.translator_id != by.pk or text is None:
        return False
    before = Words.of(text)
    try:
        put_words(text, _opened(row.notice, Words.of(row.notice.texts.get(language=MASTER)), words, row.language))
    except ValidationError:
        return False
    return Words.of(text) == before


def _opened(notice: Notice, dutch: Words, typed: Words, code: str) -> Words:
    seal, lost = seal_for_translator(notice, code), dict[str, list[str]]()
    closed = {name: seal.close(words) for name, words in dutch.as_fields().items()}

    def open_one(name: str, words: str) -> str:
        try:
            return seal.open(tame(words), closed[name])
        except LostMarkError:
            lost[name] = [
                _("Keep each mark such as [1] exactly once, as often as in the Dutch. Here they are not the same.")
            ]
            return ""

    opened = typed.each(open_one)
    if lost:
        raise ValidationError(lost)
    return opened


def _locked(request: TranslationRequest) -> TranslationRequest:
    rows = TranslationRequest.objects.select_for_update(of=("self",)).select_related("notice__school", "notice__author")
    return rows.get(pk=request.pk)


def _own(request: TranslationRequest, by: User) -> TranslationRequest:
    row = _locked(request)
    if row.status == RequestStatus.WITHDRAWN:
        raise ValidationError(_("Somebody else has taken this translation, or it is no longer needed."))
    if row.status == RequestStatus.DONE:
        raise ValidationError(_("This translation was handed in already."))
    if row.status != RequestStatus.ACCEPTED or row.translator_id != by.pk:
        raise ValidationError(_("This translation is not yours any more, or it was handed in."))
    return row
