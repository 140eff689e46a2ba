"""The evaluation of a project year: drafted by the calendar, written by people, frozen, signed and submitted."""

from reports.evaluation.application import application_of, can_apply, start_application
from reports.evaluation.binding import counting_for
from reports.evaluation.changes import Change, figure_changes, table_changes
from reports.evaluation.comments import add_comment, open_comments, resolve_comment, threads_of
from reports.evaluation.draft import draft_evaluation, unfinished_report
from reports.evaluation.errors import ReportError
from reports.evaluation.flags import Flag, flags_of, numbers_in, people_in
from reports.evaluation.following import evaluation_since, follow_evaluation
from reports.evaluation.freeze import (
    candidate_of,
    content_of,
    current_frozen,
    pdf_of,
    summary_pdf,
    word_for,
    workbook_for,
)
from reports.evaluation.outlines import (
    Entry,
    entries_of,
    forget_outline,
    outline_of,
    plan_for,
    save_outline,
)
from reports.evaluation.refreshing import refresh_figures
from reports.evaluation.states import (
    OpenPoint,
    centre_to_sign_for,
    freeze,
    open_points,
    sign,
    submit_for_review,
    submit_report,
    why_closed,
)
from reports.evaluation.summarising import SummaryChangedError, own_sentences, save_summary
from reports.evaluation.verifying import verify
from reports.evaluation.wishes import Goal, Wishes, budget_lines, goals_for_next_year, save_wishes
from reports.evaluation.writing import (
    ChapterChangedError,
    discard_draft,
    drafts_of,
    keep_draft,
    restore_version,
    save_chapter,
    versions_of,
    writing_now,
)

__all__ = [
    "Change",
    "ChapterChangedError",
    "Entry",
    "Flag",
    "Goal",
    "OpenPoint",
    "ReportError",
    "SummaryChangedError",
    "Wishes",
    "add_comment",
    "application_of",
    "budget_lines",
    "can_apply",
    "candidate_of",
    "centre_to_sign_for",
    "content_of",
    "counting_for",
    "current_frozen",
    "discard_draft",
    "draft_evaluation",
    "drafts_of",
    "entries_of",
    "evaluation_since",
    "figure_changes",
    "flags_of",
    "follow_evaluation",
    "forget_outline",
    "freeze",
    "goals_for_next_year",
    "keep_draft",
    "numbers_in",
    "open_comments",
    "open_points",
    "outline_of",
    "own_sentences",
    "pdf_of",
    "people_in",
    "plan_for",
    "refresh_figures",
    "resolve_comment",
    "restore_version",
    "save_chapter",
    "save_outline",
    "save_summary",
    "save_wishes",
    "sign",
    "start_application",
    "submit_for_review",
    "submit_report",
    "summary_pdf",
    "table_changes",
    "threads_of",
    "unfinished_report",
    "verify",
    "versions_of",
    "why_closed",
    "word_for",
    "workbook_for",
    "writing_now",
]  # fmt: skip
