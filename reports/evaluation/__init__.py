"""The evaluation of a project year: drafted by the calendar, written by people, frozen, signed and submitted."""

from reports.evaluation.binding import Change, figure_changes
from reports.evaluation.comments import add_comment, open_comments, resolve_comment, threads_of
from reports.evaluation.draft import draft_evaluation
from reports.evaluation.freeze import (
    candidate_of,
    content_of,
    current_frozen,
    pdf_of,
    summary_pdf,
    word_for,
    workbook_for,
)
from reports.evaluation.states import (
    ChapterChangedError,
    OpenPoint,
    ReportError,
    centre_to_sign_for,
    freeze,
    open_points,
    refresh_figures,
    save_chapter,
    sign,
    submit_for_review,
    submit_report,
)
from reports.evaluation.summarising import SummaryChangedError, own_sentences, save_summary
from reports.evaluation.verifying import verify

__all__ = [
    "Change", "ChapterChangedError", "OpenPoint", "ReportError", "SummaryChangedError", "add_comment", "candidate_of",
    "centre_to_sign_for", "content_of", "current_frozen", "draft_evaluation", "figure_changes", "freeze",
    "open_comments", "open_points", "own_sentences", "pdf_of", "refresh_figures", "resolve_comment", "save_chapter",
    "save_summary", "sign", "submit_for_review", "submit_report", "summary_pdf", "threads_of", "verify", "word_for",
    "workbook_for",
]  # fmt: skip
