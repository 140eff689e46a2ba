"""Freezing: the whole report as one piece of content with a checksum, and the files made from it. Insert-only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, override

from reports.models import EvaluationReport, FrozenFile, FrozenReport, ReportKind, ReportState
from reports.render import summary
from reports.render.document import document_of, for_typesetter, sealed
from reports.render.word import word_of
from reports.render.workbook import workbook_of
from schools import clock
from schools.languages import STAFF_CODES
from schools.models import User
from schools.typeset import typeset

DRAFT_MARK = "ONTWERP"
KINDS_OF_SUMMARY = {
    "nl": FrozenFile.Kind.SUMMARY_NL,
    "fr": FrozenFile.Kind.SUMMARY_FR,
    "en": FrozenFile.Kind.SUMMARY_EN,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report as it read at one moment with every file made of it. Making takes seconds, so it is kept afterwards."""

    document: dict[str, Any]
    pdf: bytes
    files: dict[FrozenFile.Kind, bytes]
    made_at: datetime
    edited_at: datetime


def candidate_of(report: EvaluationReport) -> Candidate:
    """The report of this moment with its files; nothing is stored."""
    now = clock.now()
    number = report.frozen.count() + 1
    document = sealed({**document_of(report), "candidate": number, "frozen_at": now.isoformat()})
    printed = for_typesetter(document, "")
    files = {
        FrozenFile.Kind.XLSX: workbook_of(document),
        FrozenFile.Kind.DOCX: word_of(printed),
        **{KINDS_OF_SUMMARY[code]: _summary(document, code, "") for code in STAFF_CODES if document["summaries"]},
    }
    return Candidate(document, typeset("report", printed), files, now, report.edited_at)


def keep(candidate: Candidate, report: EvaluationReport, by: User) -> FrozenReport:
    """Store the candidate; from now on it is what directors sign."""
    frozen = FrozenReport.objects.create(
        report=report,
        checksum=candidate.document["checksum"],
        content=candidate.document,
        pdf=candidate.pdf,
        pdf_checksum=mark_of(candidate.pdf),
        frozen_at=candidate.made_at,
        frozen_by=by,
    )
    FrozenFile.objects.bulk_create(
        FrozenFile(frozen=frozen, kind=kind, content=file, checksum=mark_of(file))
        for kind, file in candidate.files.items()
    )
    return frozen


def mark_of(file: bytes) -> str:
    """The checksum under which a file is known."""
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
    return _stored(report, FrozenFile.Kind.XLSX) or workbook_of(content_of(report))


def word_for(report: EvaluationReport) -> bytes:
    """The stored Word document, byte for byte; of a draft one made now, marked as one."""
    mark = DRAFT_MARK if report.state == ReportState.DRAFT else ""
    return _stored(report, FrozenFile.Kind.DOCX) or word_of(for_typesetter(content_of(report), mark))


def summary_pdf(report: EvaluationReport, language: str) -> bytes | None:
    """The page for the fund: the stored file, or a draft's of this moment; None of what was frozen before there were
    summaries."""
    if report.state != ReportState.DRAFT:
        return _stored(report, KINDS_OF_SUMMARY[language])
    if report.kind == ReportKind.APPLICATION:
        return None
    with override(language):
        status = gettext("draft").upper()
    return _summary(document_of(report), language, status)


def _summary(document: dict[str, Any], language: str, status: str) -> bytes:
    mark, brand = document.get("checksum", ""), document["brand"]
    return typeset("summary", summary.for_typesetter(document["summaries"][language], status, mark, brand))


def _stored(report: EvaluationReport, kind: FrozenFile.Kind) -> bytes | None:
    frozen = current_frozen(report)
    stored = frozen.files.filter(kind=kind).first() if frozen else None
    return bytes(stored.content) if stored else None
