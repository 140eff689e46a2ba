"""The evaluation of a project year: drafted by the calendar, written by people, frozen, signed and submitted."""

from reports.evaluation.binding import Change, figure_changes
from reports.evaluation.draft import draft_evaluation
from reports.evaluation.freeze import content_of, current_frozen, freeze, pdf_of, verify, workbook_for
from reports.evaluation.states import (
    ChapterChangedError,
    OpenPoint,
    ReportError,
    centre_to_sign_for,
    open_points,
    refresh_figures,
    save_chapter,
    sign,
    submit_for_review,
    submit_report,
)

__all__ = [
    "Change", "ChapterChangedError", "OpenPoint", "ReportError", "centre_to_sign_for", "content_of", "current_frozen",
    "draft_evaluation", "figure_changes", "freeze", "open_points", "pdf_of", "refresh_figures", "save_chapter", "sign",
    "submit_for_review", "submit_report", "verify", "workbook_for",
]  # fmt: skip
