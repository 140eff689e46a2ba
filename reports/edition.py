"""Freezing the draaiboek: an edition keeps its content and its booklet together and names nobody."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from reports.models import PlaybookEdition
from reports.playbook import CARD_LANGUAGES, cards, introduction
from reports.publication import Finding, findings_in, flattened
from reports.render.booklet import booklet_content, content_checksum
from schools import audit, clock
from schools.languages import MASTER
from schools.models import User
from schools.typeset import typeset


class NotPublishableError(Exception):
    """The texts name or reach a person. ``findings`` says who and where."""

    def __init__(self, findings: list[Finding]) -> None:
        lines = [f"{finding.place}: {finding.why}" for finding in findings]
        super().__init__(_("The draaiboek cannot be published yet. %(places)s") % {"places": " ".join(lines)})
        self.findings = findings


def publication_findings() -> list[Finding]:
    """Everything personal in the texts of the draaiboek, in every language of the cards."""
    texts: dict[str, str] = {}
    for language in CARD_LANGUAGES:
        texts |= dict(flattened(introduction(language), f"draaiboek › {language}"))
        for card in cards(language):
            place = f"{card.slug} › {language}"
            texts |= dict(flattened({"title": card.title, "aim": card.aim, **card.texts}, place))
    return findings_in(texts)


@transaction.atomic
def freeze_edition(by: User | None = None) -> PlaybookEdition:
    """Store the next edition. Raises NotPublishableError with the places when a person stands in it."""
    if found := publication_findings():
        raise NotPublishableError(found)
    number = (PlaybookEdition.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    content = booklet_content(MASTER)
    content["colophon"]["lines"][0]["text"] = f"Uitgave {number}"
    content["cover_lines"].insert(0, f"Uitgave {number}")
    edition = PlaybookEdition.objects.create(
        number=number,
        frozen_at=clock.now(),
        content=content,
        booklet=typeset("booklet", content),
        checksum=content_checksum(content),
    )
    audit.record(actor=by, verb="freeze", target=edition, number=number)
    return edition
