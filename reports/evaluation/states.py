"""DRAFT → REVIEW → SIGNED → SUBMITTED (rulings 1). Every step is a conditional update, checked by its row count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from reports.chapters import plan_of
from reports.evaluation.amountlines import contradicted
from reports.evaluation.binding import blocks_of, tell
from reports.evaluation.errors import ReportError
from reports.evaluation.freeze import Candidate, candidate_of, current_frozen, keep
from reports.evaluation.outlines import plan_for
from reports.models import ChapterDraft, EvaluationReport, FrozenReport, ReportSignature, ReportState
from reports.publication import findings_in
from reports.render.in_text import UNKNOWN_FIGURE, Figures
from reports.richtext import placeholders
from schools import audit, clock
from schools.models import CentreShare, CLBCentre, Role, User
from schools.scope import scope_of


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something to do before the report is finished."""

    chapter: int
    title: str
    text: str
    is_comment: bool = False


def return_to_draft(report_id: int, by: User, **changes: object) -> None:
    """What an edit does to the report that it is in. Refused once it was signed and fixed, or submitted."""
    known = EvaluationReport.objects.filter(pk=report_id)
    still = known.filter(fixed_at=None).exclude(state=ReportState.SUBMITTED)
    if not still.update(state=ReportState.DRAFT, edited_at=clock.now(), edited_by=by, **changes):
        raise ReportError(why_closed(known.get()))


def why_closed(report: EvaluationReport) -> str:
    """Why nobody edits it any more; empty for one that its writer may edit."""
    if report.state == ReportState.SUBMITTED:
        return _("This report was submitted. A correction is a next version.")
    if report.fixed_at is not None:
        return _("This report is signed and fixed. Hand it in; a correction is a next version.")
    return ""


def submit_for_review(*, report: EvaluationReport, by: User) -> FrozenReport:
    """Freeze a candidate for the directors; asked twice it is frozen once. Refused while a name, an address or a number
    of a family stands in it."""
    now = EvaluationReport.objects.select_related("project__year").get(pk=report.pk)
    if (known := _frozen_by(now, by)) is not None:
        return known
    if now.state != ReportState.DRAFT:
        raise ReportError(_("Somebody else moved this report on meanwhile. Open it again."))
    _name_nobody(now)
    frozen = freeze(report=report, candidate=candidate_of(now), by=by)
    report.state = ReportState.REVIEW
    return frozen


@transaction.atomic
def freeze(*, report: EvaluationReport, candidate: Candidate, by: User) -> FrozenReport:
    """Keep what was made of the draft, unless somebody edited it while that took its time."""
    still = EvaluationReport.objects.filter(pk=report.pk, state=ReportState.DRAFT, edited_at=candidate.edited_at)
    if not still.update(state=ReportState.REVIEW):
        if (known := _frozen_by(EvaluationReport.objects.get(pk=report.pk), by)) is not None:
            return known
        raise ReportError(_("Somebody edited this report a moment ago. Read it again before you freeze it."))
    frozen = keep(candidate, report, by)
    audit.record(actor=by, verb="freeze", target=report, checksum=frozen.checksum)
    return frozen


def _frozen_by(report: EvaluationReport, by: User) -> FrozenReport | None:
    """What the first press of the same button froze."""
    known = current_frozen(report) if report.state == ReportState.REVIEW else None
    return known if known is not None and known.frozen_by_id == by.pk else None


def _name_nobody(report: EvaluationReport) -> None:
    texts = {f"{chapter.number} {chapter.title}": chapter.text for chapter in report.chapters.filter(number__gt=0)}
    if found := findings_in(texts, staff=False):
        raise ReportError(
            _("Chapter %(place)s: %(why)s Take it out before the report is frozen.")
            % {"place": found[0].place, "why": found[0].why}
        )
    own = {row.get_language_display(): " ".join(row.sentences) for row in report.summaries.all()}
    if found := findings_in(own, staff=False):
        raise ReportError(
            _("Summary in %(language)s: %(why)s Take it out before the report is frozen.")
            % {"language": found[0].place, "why": found[0].why}
        )


def centre_to_sign_for(report: EvaluationReport, user: object, asked: int | None = None) -> CLBCentre | None:
    """The centre of this project that the user directs; None for everybody else. Who directs several signs for the one
    that the page ``asked`` for (its id), else for one that did not yet."""
    directed = [post.clb_centre_id for post in scope_of(user).assignments if post.role == Role.CLB_DIRECTOR]
    shares = CentreShare.objects.filter(project_id=report.project_id, centre_id__in=directed).select_related("centre")
    centres = [share.centre for share in shares if asked in (None, share.centre_id)]
    if len(centres) < 2:
        return next(iter(centres), None)
    newest = report.frozen.values_list("pk", flat=True).first()
    given = set(ReportSignature.objects.filter(frozen=newest).values_list("centre_id", flat=True))
    return next((centre for centre in centres if centre.pk not in given), centres[0])


@transaction.atomic
def sign(*, report: EvaluationReport, checksum: str, by: User, centre_id: int | None = None) -> ReportSignature:
    """Sign the frozen content with that checksum for the centre that ``by`` directs, of several the one that the page
    named; twice is once. With all centres it is SIGNED."""
    centre = centre_to_sign_for(report, by, centre_id)
    if centre is None:
        raise ReportError(_("Only the director of a CLB that carries this project can sign."))
    # Directors who sign in the same moment wait for each other: the last of them sees all signatures.
    report.state = EvaluationReport.objects.select_for_update().values_list("state", flat=True).get(pk=report.pk)
    frozen = current_frozen(report)
    given = frozen.signatures.filter(centre=centre).first() if frozen and frozen.checksum == checksum else None
    if given is not None and given.signed_by_id == by.pk:
        return given
    if given is not None:
        raise ReportError(_("%(centre)s signed this report already.") % {"centre": centre})
    if report.state != ReportState.REVIEW or frozen is None or frozen.checksum != checksum:
        raise ReportError(_("The report changed since you opened it. Read the new text before you sign."))
    signature = ReportSignature.objects.create(frozen=frozen, centre=centre, signed_by=by, signed_at=clock.now())
    audit.record(actor=by, verb="sign", target=report, centre=centre.pk, checksum=checksum)
    if _has_all_signatures(frozen, report):
        _be_signed(report)
    return signature


def _has_all_signatures(frozen: FrozenReport, report: EvaluationReport) -> bool:
    centres = CentreShare.objects.filter(project_id=report.project_id).values("centre_id")
    return 0 < centres.count() == frozen.signatures.filter(centre_id__in=centres).count()


def _be_signed(report: EvaluationReport) -> None:
    _move(report, ReportState.REVIEW, ReportState.SIGNED)
    tell(report)  # from now on the city reads it


@transaction.atomic
def sign_off(report: EvaluationReport) -> bool:
    """What every centre that carries the project has signed is signed, also when the one that did not carries it no
    more; False when a signature misses."""
    report.state = EvaluationReport.objects.select_for_update().values_list("state", flat=True).get(pk=report.pk)
    frozen = current_frozen(report)
    if report.state != ReportState.REVIEW or frozen is None or not _has_all_signatures(frozen, report):
        return False
    _be_signed(report)
    return True


@transaction.atomic
def fix_report(report: EvaluationReport) -> bool:
    """Let nobody edit a signed report any more: it is ready to be handed in; False when it moved on meanwhile."""
    signed = EvaluationReport.objects.filter(pk=report.pk, state=ReportState.SIGNED, fixed_at=None)
    if not signed.update(fixed_at=clock.now()):
        return False
    audit.record(actor=None, verb="fix", target=report)
    return True


@transaction.atomic
def submit_report(*, report: EvaluationReport, by: User) -> None:
    """Hand the signed report to the city. After this nothing in it changes; a correction is a next version. Twice is
    once."""
    if EvaluationReport.objects.filter(pk=report.pk, state=ReportState.SUBMITTED, submitted_by=by).exists():
        return
    _move(report, ReportState.SIGNED, ReportState.SUBMITTED, submitted_at=clock.now(), submitted_by=by)
    audit.record(actor=by, verb="submit", target=report)


def open_points(report: EvaluationReport) -> list[OpenPoint]:
    """What the draft still asks: empty fields of the sheet, figures that do not exist, chapters nobody wrote in."""
    points = [
        OpenPoint(0, plan_of(0).title, _("“%(field)s” is still empty.") % {"field": row["label"]})
        for row in report.identification
        if not row["text"]
    ]
    points += [OpenPoint(0, plan_of(0).title, text) for text in _other_amounts(report)]
    figures = Figures(blocks_of(report))
    for chapter in report.chapters.all():
        if chapter.number and plan_for(chapter).needs_author and chapter.edition == 1:
            points.append(OpenPoint(chapter.number, chapter.title, _("The opening text is still unchanged.")))
        for code, part in placeholders(chapter.text):
            if (part or code not in figures.blocks) and figures.run_of(code, part)["text"] == UNKNOWN_FIGURE:
                name = f"{code}.{part}" if part else code
                text = _("The figure “%(code)s” does not exist.") % {"code": name}
                points.append(OpenPoint(chapter.number, chapter.title, text))
    return [*points, *_unsaved(report)]


def _other_amounts(report: EvaluationReport) -> Iterator[str]:
    told = _("“%(field)s” says %(written)s here, and %(counted)s in the table of the budget.")
    for field, written, counted in contradicted(report):
        yield told % {"field": field, "written": written, "counted": counted}


def _unsaved(report: EvaluationReport) -> list[OpenPoint]:
    waiting = ChapterDraft.objects.filter(chapter__report=report).order_by("chapter__number", "written_by__full_name")
    rows = waiting.values_list("chapter__number", "chapter__title", "written_by__full_name").distinct()
    return [
        OpenPoint(number, title, _("%(name)s typed here and has not saved it yet.") % {"name": name})
        for number, title, name in rows
    ]


def _move(report: EvaluationReport, before: ReportState, after: ReportState, **facts: object) -> None:
    moved = EvaluationReport.objects.filter(pk=report.pk, state=before).update(state=after, **facts)
    if not moved:
        raise ReportError(_("Somebody else moved this report on meanwhile. Open it again."))
    report.state = after
