from reports.models.adopting import Adaptation, AdoptionChange, CardQuestion, CardReminder, CardVersion
from reports.models.breaches import BreachLine, BreachReminder, DataBreach, DataKind, Risk
from reports.models.cardfiles import CardFile, EditionFile, KeptFile
from reports.models.comments import ReportComment
from reports.models.equity import SchoolEquityProfile
from reports.models.evaluation import (
    ChapterBlock,
    EvaluationReport,
    FrozenFile,
    FrozenReport,
    ReportChapter,
    ReportKind,
    ReportReminder,
    ReportSignature,
    ReportState,
    ReportSummary,
)
from reports.models.figures import FigureRun
from reports.models.measurements import FreeAnswer, MeasurementBox, MeasurementInvitee, MeasurementWave
from reports.models.outlines import ReportOutline
from reports.models.planner import PlannedStep, PlannerStep, SchoolPlan
from reports.models.playbook import (
    EditionPage,
    EditionPrint,
    MethodAdoption,
    NamingConsent,
    PlaybookEdition,
    PlaybookPackage,
)
from reports.models.resources import BudgetBooking, BudgetChange, BudgetLine, OnceJob, TimeCorrection, TimeEntry
from reports.models.scans import AccessScan, ScanAction, ScanAnswer
from reports.models.targets import Target, TargetAgreement
from reports.models.writing import ChapterDraft, ChapterVersion, DiaryNote

__all__ = [
    "AccessScan",
    "Adaptation",
    "AdoptionChange",
    "BreachLine",
    "BreachReminder",
    "BudgetBooking",
    "BudgetChange",
    "BudgetLine",
    "CardFile",
    "CardQuestion",
    "CardReminder",
    "CardVersion",
    "ChapterBlock",
    "ChapterDraft",
    "ChapterVersion",
    "DataBreach",
    "DataKind",
    "DiaryNote",
    "EditionFile",
    "EditionPage",
    "EditionPrint",
    "EvaluationReport",
    "FigureRun",
    "FreeAnswer",
    "FrozenFile",
    "FrozenReport",
    "KeptFile",
    "MeasurementBox",
    "MeasurementInvitee",
    "MeasurementWave",
    "MethodAdoption",
    "NamingConsent",
    "OnceJob",
    "PlannedStep",
    "PlannerStep",
    "PlaybookEdition",
    "PlaybookPackage",
    "ReportChapter",
    "ReportComment",
    "ReportKind",
    "ReportOutline",
    "ReportReminder",
    "ReportSignature",
    "ReportState",
    "ReportSummary",
    "Risk",
    "ScanAction",
    "ScanAnswer",
    "SchoolEquityProfile",
    "SchoolPlan",
    "Target",
    "TargetAgreement",
    "TimeCorrection",
    "TimeEntry",
]
