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
from reports.models.figures import FigureRun, MeasurementWave, Target
from reports.models.playbook import MethodAdoption, PlaybookEdition
from reports.models.resources import BudgetLine, OnceJob, TimeEntry

__all__ = [
    "BudgetLine",
    "ChapterBlock",
    "EvaluationReport",
    "FigureRun",
    "FrozenFile",
    "FrozenReport",
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
