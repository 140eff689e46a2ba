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
        model="reports.Target",
        about=STAFF,
        purpose=_("know who agreed on what to reach"),
        until=_("for ever"),
        fields="set_by set_at",
        plain="project school indicator value objective reason holds_from",
    ),
    Processing(
        model="reports.TargetAgreement",
        about=STAFF,
        purpose=_("know who agreed on what to reach"),
        until=_("for ever"),
        fields="noted_by noted_at",
        plain="target school way agreed_on",
    ),
    Processing(
        model="reports.AccessScan",
        about=STAFF,
        purpose=_("make the school easier to reach for every parent"),
        until=_("SCAN_NAMES_DAYS, answers for ever"),
        fields="kept_by kept_at",
        plain="school measured_on client_id",
    ),
    Processing(
        model="reports.ScanAction",
        about=STAFF,
        purpose=_("make the school easier to reach for every parent"),
        until=_("SCAN_NAMES_DAYS after it was due and done"),
        fields="owner planned_by planned_at",
        plain="school point what due_on done_on",
    ),
    Processing(
        model="reports.SchoolEquityProfile",
        about=STAFF,
        purpose=_("account for figures"),
        until=_("for ever"),
        fields="brought_in_by brought_in_at",
        plain="school first_year counted_on pupils home_language mother_education allowance neighbourhood oki source",
    ),
    Processing(
        model="reports.TimeEntry",
        about=STAFF,
        purpose=_("account for the hours of the project"),
        until=_("whose they were PROJECT_UNTIL, the hours for ever"),
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
    Processing(
        model="reports.TimeCorrection",
        about=STAFF,
        purpose=_("account for the hours of the project"),
        until=_("PROJECT_UNTIL"),
        fields="",
        plain="entry hours corrected_at",
    ),
    Processing(
        model="reports.BudgetChange",
        about=STAFF,
        purpose=_("account to the fund"),
        until=_("for ever"),
        fields="changed_by changed_at",
        plain="line name granted reason",
    ),
    Processing(
        model="reports.BudgetBooking",
        about=STAFF,
        purpose=_("account to the fund"),
        until=_("for ever"),
        fields="booked_by booked_at",
        plain="line booked_on amount what proof reverses client_id",
    ),
)
#: Models whose rows say nothing of a person.
WITHOUT_PEOPLE = (
    "reports.ReportChapter",
    "reports.ChapterBlock",
    "reports.FrozenFile",
    "reports.MeasurementWave",
    "reports.MethodAdoption",
    "reports.PlaybookEdition",
    "reports.BudgetLine",
    "reports.OnceJob",
    "reports.ScanAnswer",
)
