"""Freezing: the whole report as one piece of content with a checksum, and the files made from it. Insert-only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from reports.evaluation.binding import checksum
from reports.models import EvaluationReport, FrozenFile, FrozenReport, ReportState
from reports.render.document import document_of, for_typesetter, sealed
from reports.render.workbook import workbook_of
from schools import clock
from schools.models import User
from schools.typeset import typeset

DRAFT_MARK = "ONTWERP"


def freeze(report: EvaluationReport, by: User) -> FrozenReport:
    """Store the report as it stands now as the next candidate."""
    number = report.frozen.count() + 1
    now = clock.now()
    document = sealed({**document_of(report), "candidate": number, "frozen_at": now.isoformat()})
    pdf = typeset("report", for_typesetter(document, ""))
    frozen = FrozenReport.objects.create(
        report=report,
        checksum=document["checksum"],
        content=document,
        pdf=pdf,
        pdf_checksum=_sum(pdf),
        frozen_at=now,
        frozen_by=by,
    )
    book = workbook_of(document)
    FrozenFile.objects.create(frozen=frozen, kind=FrozenFile.Kind.XLSX, content=book, checksum=_sum(book))
    return frozen


def _sum(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def current_frozen(report: EvaluationReport) -> FrozenReport | None:
    """The candidate that pages show and directors sign; None while the report is a draft."""
    if report.state == ReportState.DRAFT:
        return None
    return report.frozen.defer("pdf").prefetch_related("signatures__signed_by", "signatures__centre").first()


def content_of(report: EvaluationReport) -> dict[str, Any]:
    """The document to show: the frozen one, or for a draft the one of this moment."""
    frozen = current_frozen(report)
    return frozen.content if frozen else document_of(report)


def pdf_of(report: EvaluationReport) -> bytes:
    """The stored file, byte for byte; a draft is set now and marked as one."""
    if report.state == ReportState.DRAFT:
        return typeset("report", for_typesetter(document_of(report), DRAFT_MARK))
    frozen = report.frozen.first()
    if frozen is None:
        raise FrozenReport.DoesNotExist
    return bytes(frozen.pdf)


def workbook_for(report: EvaluationReport) -> bytes:
    """The stored workbook, byte for byte; of a draft, or of what was frozen before workbooks were, one made now."""
    frozen = current_frozen(report)
    stored = frozen.files.filter(kind=FrozenFile.Kind.XLSX).first() if frozen else None
    return bytes(stored.content) if stored else workbook_of(content_of(report))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a file is a report that the portal froze, and if not, why."""

    is_genuine: bool
    sentence: str
    frozen: FrozenReport | None = None


def verify(file: bytes) -> Verdict:
    """Compare a PDF or a workbook with what was frozen: the file's checksum, then the content's own."""
    mark = _sum(file)
    of_a_file = FrozenFile.objects.filter(checksum=mark).values("frozen_id")
    known = FrozenReport.objects.filter(Q(pdf_checksum=mark) | Q(pk__in=of_a_file))
    frozen = known.select_related("report").first()
    if frozen is None:
        return Verdict(False, "This file is not a report that this portal froze, or it was changed afterwards.")
    content = {key: value for key, value in frozen.content.items() if key != "checksum"}
    if checksum(content) != frozen.checksum:
        return Verdict(False, "The stored content of this report no longer matches its checksum.", frozen)
    signed = ", ".join(
        f"{row.centre} ({clock.local_date(row.signed_at)})" for row in frozen.signatures.select_related("centre")
    )
    state = f"signed by {signed}" if signed else "not signed"
    return Verdict(True, f"Genuine: {frozen.report}, checksum {frozen.checksum}, {state}.", frozen)
