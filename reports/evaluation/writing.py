"""Writing a chapter with others: every save is a version, what is typed is kept before it is saved, nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext as _

from reports.evaluation.draft import sheet_rows
from reports.evaluation.errors import ReportError
from reports.evaluation.merging import Conflict, Merged, merge, words_of
from reports.evaluation.states import return_to_draft
from reports.models import ChapterDraft, ChapterVersion, ReportChapter
from schools import audit, clock
from schools.arriving import row_number
from schools.models import User

#: Versions of a chapter that stay, beside the text with which it began.
KEPT_VERSIONS = 60
#: Windows of one person in one chapter whose text waits.
MOST_DRAFTS = 20
#: Who typed within so many minutes is writing now.
WRITING_NOW = timedelta(minutes=10)


class ChapterChangedError(ReportError):
    """Both changed the same sentence. ``theirs`` stands in the chapter now, ``merged`` is everything of both."""

    def __init__(self, theirs: ReportChapter, merged: Merged) -> None:
        super().__init__(_("Somebody else saved this chapter while you were writing. Both texts are kept below."))
        self.theirs = theirs
        self.merged = merged

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return self.merged.conflicts


@dataclass(frozen=True, slots=True)
class Saved:
    """A chapter that was saved, and whose text it was brought together with."""

    chapter: ReportChapter
    together_with: ChapterVersion | None = None


@transaction.atomic
def save_chapter(*, chapter: ReportChapter, text: str, edition: int, by: User, draft: str = "") -> Saved:
    """Save a text that was written over ``edition``. What others saved meanwhile stays in it; raises
    ChapterChangedError where both changed the same sentence. An edit returns the report to DRAFT; signatures stay with
    the old candidate. ``draft`` is the mark of the kept text that this one came from; a window that was left may have
    kept the same words a moment later."""
    now = ReportChapter.objects.select_for_update(of=("self",)).select_related("report").get(pk=chapter.pk)
    other, written = None, text
    if edition != now.edition:
        base = ChapterVersion.objects.filter(chapter=now, edition=edition).first()
        merged = merge(base.text if base else None, now.text, text)
        if merged.conflicts:
            raise ChapterChangedError(now, merged)
        text, other = merged.text, now.versions.select_related("written_by").filter(edition=now.edition).first()
    if text != now.text:
        _write(now, text, by)
    if not discard_draft(chapter=now, mark=draft, by=by):
        _discard_saved(now, draft, by, written)
    return Saved(now, other)


def _write(chapter: ReportChapter, text: str, by: User) -> None:
    chapter.text, chapter.edition = text, chapter.edition + 1
    chapter.save(update_fields=["text", "edition"])
    ChapterVersion.objects.create(
        chapter=chapter, edition=chapter.edition, text=text, written_by=by, written_at=clock.now()
    )
    old = chapter.versions.filter(edition__gt=1, edition__lte=chapter.edition - KEPT_VERSIONS)
    old.delete()
    sheet = {"identification": sheet_rows(text)} if chapter.number == 0 else {}
    return_to_draft(chapter.report_id, by, **sheet)
    audit.record(actor=by, verb="edit", target=chapter.report, chapter=chapter.number, edition=chapter.edition)


def versions_of(chapter: ReportChapter) -> list[ChapterVersion]:
    """The versions that stay, the newest first."""
    return list(chapter.versions.select_related("written_by"))


def restore_version(*, chapter: ReportChapter, version: ChapterVersion, edition: int, by: User) -> ReportChapter:
    """Let an earlier text stand in the chapter again, as its next version; what stood there stays a version."""
    if chapter.text == version.text:
        return chapter
    if chapter.edition != edition:
        raise ReportError(_("Somebody saved this chapter a moment ago. Look at it before you put an old text back."))
    return save_chapter(chapter=chapter, text=version.text, edition=edition, by=by).chapter


@transaction.atomic
def keep_draft(*, chapter: ReportChapter, text: str, edition: int, by: User, mark: str = "") -> ChapterDraft | None:
    """Keep what was typed, without touching the chapter. ``mark`` names the row that this window wrote before; where
    another window wrote in it since, this text gets a row of its own. None when it says what the chapter says, or
    comes behind the save that has its words: two web servers do not answer in the order of asking."""
    now = ReportChapter.objects.select_for_update(of=("self",)).get(pk=chapter.pk)
    known = _draft(now, mark, by)
    if _says_nothing_new(now, text, edition, by):
        discard_draft(chapter=now, mark=mark, by=by)
        return None
    facts = {"text": text, "edition": edition, "saved_at": clock.now()}
    if known is not None and (known.mark == mark or _holds(text, known.text)):
        of_this = ChapterDraft.objects.filter(pk=known.pk, revision=known.revision)
        if of_this.update(**facts, revision=known.revision + 1):
            known.refresh_from_db()
            return known
    if drafts_of(chapter, by).count() >= MOST_DRAFTS:
        raise ReportError(_("Too many windows of yours wait here with a text. Save or throw away what is done."))
    return ChapterDraft.objects.create(chapter=chapter, written_by=by, **facts)


def drafts_of(chapter: ReportChapter, user: User) -> models.QuerySet[ChapterDraft]:
    """What somebody typed in this chapter and has not saved, the newest first."""
    return ChapterDraft.objects.filter(chapter=chapter, written_by=user)


def discard_draft(*, chapter: ReportChapter, mark: str, by: User) -> bool:
    """Take a kept text away, unless another window wrote in it since; whether it is gone."""
    known = _draft(chapter, mark, by)
    if known is None:
        return True
    if known.mark != mark:
        return False
    return bool(ChapterDraft.objects.filter(pk=known.pk, revision=known.revision).delete()[0])


def writing_now(chapter: ReportChapter, user: User) -> list[tuple[str, datetime]]:
    """Which other people typed in this chapter a moment ago, and when."""
    rows = ChapterDraft.objects.filter(chapter=chapter, saved_at__gte=clock.now() - WRITING_NOW)
    found = dict(rows.exclude(written_by=user).order_by("saved_at").values_list("written_by__full_name", "saved_at"))
    return sorted(found.items())


def _draft(chapter: ReportChapter, mark: str, by: User) -> ChapterDraft | None:
    number = row_number(mark.partition(".")[0])
    return drafts_of(chapter, by).filter(pk=number).first() if number else None


def _discard_saved(chapter: ReportChapter, mark: str, by: User, written: str) -> None:
    """Take the row of a window away though it was written in since, where all it holds was saved just now."""
    known = _draft(chapter, mark, by)
    if known is not None and _only_adds(chapter, known.text, known.edition) and _holds(written, known.text):
        ChapterDraft.objects.filter(pk=known.pk, revision=known.revision).delete()


def _says_nothing_new(chapter: ReportChapter, text: str, edition: int, by: User) -> bool:
    if edition == chapter.edition:
        return text == chapter.text
    own = chapter.versions.filter(edition__gt=edition, written_by=by).values_list("text", flat=True)
    return _only_adds(chapter, text, edition) and any(_holds(saved, text) for saved in own)


def _only_adds(chapter: ReportChapter, text: str, edition: int) -> bool:
    """Whether a text has every word over which it was written: what somebody took out is no saved word."""
    base = chapter.versions.filter(edition=edition).first()
    return base is not None and _holds(text, base.text)


def _holds(text: str, kept: str) -> bool:
    """Whether every word that was kept still stands in the text, in its order."""
    rest = iter(words_of(text))
    return all(word in rest for word in words_of(kept))
