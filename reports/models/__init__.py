from reports.models.comments import ReportComment
from reports.models.equity import SchoolEquityProfile
from reports.models.evaluation import (
    ChapterBlock,
    EvaluationReport,
    FrozenFile,
    FrozenReport,
    ReportChapter,
    ReportKind,
    ReportSignature,
    ReportState,
    ReportSummary,
)
from reports.models.figures import FigureRun
from reports.models.measurements import FreeAnswer, MeasurementBox, MeasurementInvitee, MeasurementWave
from reports.models.playbook import MethodAdoption, PlaybookEdition
from reports.models.resources import BudgetBooking, BudgetChange, BudgetLine, OnceJob, TimeCorrection, TimeEntry
from reports.models.scans import AccessScan, ScanAction, ScanAnswer
from reports.models.targets import Target, TargetAgreement

__all__ = [
    "AccessScan",
    "BudgetBooking",
    "BudgetChange",
    "BudgetLine",
    "ChapterBlock",
    "EvaluationReport",
    "FigureRun",
    "FreeAnswer",
    "FrozenFile",
    "FrozenReport",
    "MeasurementBox",
    "MeasurementInvitee",
    "MeasurementWave",
    "MethodAdoption",
    "OnceJob",
    "PlaybookEdition",
    "ReportChapter",
    "ReportComment",
    "ReportKind",
    "ReportSignature",
    "ReportState",
    "ReportSummary",
    "ScanAction",
    "ScanAnswer",
    "SchoolEquityProfile",
    "Target",
    "TargetAgreement",
    "TimeCorrection",
    "TimeEntry",
]
