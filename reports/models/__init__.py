from reports.models.evaluation import (
    ChapterBlock,
    EvaluationReport,
    FrozenFile,
    FrozenReport,
    ReportChapter,
    ReportKind,
    ReportSignature,
    ReportState,
)
from reports.models.figures import FigureRun, Target
from reports.models.measurements import FreeAnswer, MeasurementBox, MeasurementInvitee, MeasurementWave
from reports.models.playbook import MethodAdoption, PlaybookEdition
from reports.models.resources import BudgetLine, OnceJob, TimeEntry

__all__ = [
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
    "ReportKind",
    "ReportSignature",
    "ReportState",
    "Target",
    "TimeEntry",
]
