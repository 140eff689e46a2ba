"""Reference texts change here: saved by one language, read by a native speaker, brought up to what is shipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from schools import audit, clock
from schools.languages import MASTER
from schools.models import User, Wording, WordingState
from schools.texts import LanguageStanding, Standing, TextKind
from schools.texts.kinds import hash_of, tidy
from schools.texts.standing import Shown, faults, faults_of_dutch, standing_of


class WordingChangedError(Exception):
    """Somebody else saved this language meanwhile; ``theirs`` is what stands there now."""

    def __init__(self, theirs: LanguageStanding) -> None:
        super().__init__("changed meanwhile")
        self.theirs = theirs


def save_wording(
    *, kind: TextKind, pk: int, language: str, words: Mapping[str, str], seen: str, by: User, machine: bool = False
) -> None:
    """Keep one language of a text. ``seen`` is the version of that language the author had before him.

    Another Dutch makes all translations stale; a translation that is saved fits the present Dutch again, and waits for
    a native speaker. Raises WordingChangedError, and ValidationError by part for words that would reach a parent wrong.
    """
    with transaction.atomic():
        before = standing_of(kind, kind.lock(pk))
        words = {part.name: tidy(words[part.name], part) for part in before.parts}
        if before.languages[language].version != seen and words == before.languages[language].words:
            return  # pressed twice
        _refuse_changed(before, language, seen)
        _refuse_wrong(before, language, words)
        if language == MASTER:
            _remember_source(before)
        elif words == before.languages[language].words and not before.languages[language].is_stale and not machine:
            return
        kind.write(before.row, language, words)
        state = WordingState.MACHINE if machine else WordingState.DRAFT
        _record(
            before,
            language,
            state=state,
            source_hash=hash_of(words) if language == MASTER else before.master.version,
            words_hash=hash_of(words),
            edited_by=by,
            edited_at=clock.now(),
            reviewer="",
            reviewed_by=None,
            reviewed_at=None,
        )
        _tell(kind, pk)
        audit.record(actor=by, verb="changed text", target=before.row, kind=kind.code, language=language)


def take_over(*, kind: TextKind, pk: int, texts: Mapping[str, Mapping[str, str]], by: User) -> None:
    """Keep the words that somebody else's draaiboek brings, in all its languages at once: translations of its Dutch,
    and drafts here, whoever read them there. An update of the portal leaves them as they are.

    Raises ValidationError for words that would reach a parent wrong.
    """
    with transaction.atomic():
        before = standing_of(kind, kind.lock(pk))
        tidied = {
            code: {part.name: tidy(words[part.name], part) for part in before.parts} for code, words in texts.items()
        }
        dutch = tidied.pop(MASTER)
        _refuse_wrong(before, MASTER, dutch)
        for code, words in tidied.items():
            _refuse_wrong(before, code, words, dutch)
        _remember_source(before)
        for code, words in {MASTER: dutch, **tidied}.items():
            if words != before.languages[code].words:
                kind.write(before.row, code, words)
            _record(
                before,
                code,
                state=WordingState.DRAFT,
                source_hash=hash_of(dutch),
                words_hash=hash_of(words),
                edited_by=by,
                edited_at=clock.now(),
                reviewer="",
                reviewed_by=None,
                reviewed_at=None,
            )
        _tell(kind, pk)
        audit.record(actor=by, verb="took over text", target=before.row, kind=kind.code)


def review_wording(*, kind: TextKind, pk: int, language: str, seen: str, reviewer: str, by: User) -> None:
    """A native speaker (``reviewer``, by name) read this translation beside the present Dutch.

    Raises WordingChangedError, and ValidationError for one that is incomplete, wrong or older than the Dutch.
    """
    reviewer = tidy(reviewer)
    with transaction.atomic():
        before = standing_of(kind, kind.lock(pk))
        _refuse_changed(before, language, seen)
        entry = before.languages[language]
        if language == MASTER:
            raise ValidationError(_("The Dutch is the original: nobody reviews it as a translation."))
        if not reviewer:
            raise ValidationError(_("Say who read it."))
        if entry.faults or entry.state in (Shown.MISSING, Shown.STALE):
            raise ValidationError(_("This translation is not whole or is older than the Dutch. Mend it first."))
        _record(
            before,
            language,
            state=WordingState.REVIEWED,
            source_hash=before.master.version,
            words_hash=entry.version,
            reviewer=reviewer,
            reviewed_by=by,
            reviewed_at=clock.now(),
        )
        _tell(kind, pk)
        audit.record(actor=by, verb="reviewed text", target=before.row, kind=kind.code, language=language)


def kept_languages(kind: str) -> dict[int, set[str]]:
    """Row → languages whose words were changed here: an update of the portal leaves them as they are."""
    kept: dict[int, set[str]] = defaultdict(set)
    edited = Wording.objects.filter(kind=kind, edited_at__isnull=False).values_list("row_id", "language")
    for row_id, language in edited:
        kept[row_id].add(language)
    return kept


def catch_up(kind: TextKind) -> None:
    """After an update brought texts anew: a shipped translation beside a shipped Dutch belongs to it."""
    known = Wording.objects.filter(kind=kind.code)
    if not known.exists():
        return
    kept = kept_languages(kind.code)
    rows = kind.rows().filter(pk__in=known.values("row_id"))
    for row in rows:
        if MASTER not in kept[row.pk]:
            unedited = known.filter(row_id=row.pk, edited_at__isnull=True)
            unedited.update(source_hash=hash_of(kind.read(row, MASTER)))
        _tell(kind, row.pk)


def _refuse_changed(before: Standing, language: str, seen: str) -> None:
    entry = before.languages[language]
    if entry.version != seen:
        raise WordingChangedError(entry)


def _refuse_wrong(
    before: Standing, language: str, words: dict[str, str], dutch: Mapping[str, str] | None = None
) -> None:
    """``dutch`` is what the words are a translation of, where that is not what stands here."""
    found = (
        list(faults_of_dutch(before.parts, words))
        if language == MASTER
        else list(faults(before.parts, words, dict(dutch or before.master.words)))
    )
    if found:
        wrong: dict[str, list[str]] = defaultdict(list)
        for fault in found:
            wrong[fault.part].append(fault.words)
        raise ValidationError(dict(wrong))


def _remember_source(before: Standing) -> None:
    """Translations that came with the portal were made from the Dutch that stood here until now."""
    Wording.objects.bulk_create(
        Wording(
            kind=before.kind.code,
            row_id=before.row.pk,
            language=entry.language,
            source_hash=before.master.version,
            words_hash=entry.version,
        )
        for entry in before.languages.values()
        if entry.record is None and entry.language != MASTER
    )


def _record(before: Standing, language: str, **values: Any) -> None:
    Wording.objects.update_or_create(kind=before.kind.code, row_id=before.row.pk, language=language, defaults=values)


def _tell(kind: TextKind, pk: int) -> None:
    now = standing_of(kind, kind.rows().get(pk=pk))
    kind.has_changed(now.row, reviewed=now.codes(Shown.REVIEWED), stale=now.stale)
