"""Plain Dutch: what could be said more plainly to parents, found in a text while it is written.

It advises and never refuses. It needs no database and no request, and takes a few milliseconds.
"""

from messaging.plain_dutch.completeness import Facts
from messaging.plain_dutch.finding import MISSING, Finding, Kind
from messaging.plain_dutch.replacing import LONGEST_TEXT, Replacement, as_typed, read_replacement
from messaging.plain_dutch.report import Report, findings, report

__all__ = [
    "LONGEST_TEXT",
    "MISSING",
    "Facts",
    "Finding",
    "Kind",
    "Replacement",
    "Report",
    "as_typed",
    "findings",
    "read_replacement",
    "report",
]
