"""What this app keeps of people, and why (``schools.processing``)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schools.processing import GUARDIANS, STAFF, Processing

PROCESSING = (
    Processing(
        model="reports.EvaluationReport",
        about=STAFF,
        purpose=_("account to the fund"),
        until=_("for ever"),
        fields="edited_by edited_at",
        plain="project kind version state title identification created_at",
    ),
    Processing(
        model="reports.FrozenReport",
        about=STAFF,
        purpose=_("account to the fund"),
        until=_("for ever"),
        fields="frozen_by frozen_at",
        plain="report checksum content pdf pdf_checksum",
    ),
    Processing(
        model="reports.ReportSignature",
        about=STAFF,
        purpose=_("account to the fund"),
        until=_("for ever"),
        fields="signed_by signed_at",
        plain="frozen centre",
    ),
    Processing(
        model="reports.FigureRun",
        about=STAFF,
        purpose=_("account for figures"),
        until=_("for ever"),
        fields="computed_by",
        plain="project indicator version breakdown period_from period_to as_of parameters result checksum",
    ),
    Processing(
        model="reports.TimeEntry",
        about=STAFF,
        purpose=_("account for the hours of the project"),
        until=_("PROJECT_UNTIL"),
        fields="project user week_of activity hours",
    ),
    Processing(
        model="reports.MeasurementInvitee",
        about=_("guardians and colleagues"),
        purpose=_("ask once what people think of the school, and remind only those who did not answer"),
        until=_("until the measurement is closed"),
        fields="wave guardian user has_answered",
    ),
    Processing(
        model="reports.MeasurementBox",
        about=GUARDIANS,
        purpose=_("count answers without knowing whose they are"),
        until=_("until the measurement is closed"),
        fields="texts",
        plain="counts forms",
    ),
    Processing(
        model="reports.FreeAnswer",
        about=GUARDIANS,
        purpose=_("hear what people think of the school"),
        until=_("NOTES_UNTIL after the school year; what was released stays, without names"),
        fields="original reviewed_by",
        plain="wave words state",
    ),
)
#: Models whose rows say nothing of a person.
WITHOUT_PEOPLE = (
    "reports.ReportChapter",
    "reports.ChapterBlock",
    "reports.FrozenFile",
    "reports.MeasurementWave",
    "reports.Target",
    "reports.MethodAdoption",
    "reports.PlaybookEdition",
    "reports.BudgetLine",
    "reports.OnceJob",
)
