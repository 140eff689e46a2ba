"""Freezing the draaiboek: an edition keeps its content and its booklet together and names nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from messaging.models import NoticeTemplate
from reports.beforeafter import comparisons
from reports.cardversions import keep_versions
from reports.evidence import uses_to_freeze
from reports.models import EditionPage, PlannerStep, PlaybookEdition
from reports.playbook import CARD_LANGUAGES, cards, introduction
from reports.publication import Finding, findings_in, flattened
from reports.render.booklet import Evidence, booklet_content, content_checksum
from reports.render.editionpage import edition_html
from schools import audit, clock
from schools.languages import MASTER
from schools.models import Method, Project, User
from schools.typeset import typeset


class NotPublishableError(Exception):
    """The texts name or reach a person. ``findings`` says who and where."""

    def __init__(self, findings: list[Finding]) -> None:
        lines = [f"{finding.place}: {finding.why}" for finding in findings]
        super().__init__(_("The draaiboek cannot be published yet. %(places)s") % {"places": " ".join(lines)})
        self.findings = findings


def publication_findings() -> list[Finding]:
    """Everything personal, and every small number, in the texts of the draaiboek and what goes with it: cards and
    introduction in each language, steps of the year planner, and the notices that cards bring along."""
    texts: dict[str, str] = {}
    for language in CARD_LANGUAGES:
        texts |= dict(flattened(introduction(language), f"draaiboek › {language}"))
        for card in cards(language):
            place = f"{card.slug} › {language}"
            texts |= dict(flattened({"title": card.title, "aim": card.aim, **card.texts}, place))
    for step in PlannerStep.objects.filter(is_current=True):
        texts |= dict(flattened(step.words, f"jaarplanner › {step.key}"))
    return findings_in(texts | _notices(), small_numbers=True)


def _notices() -> dict[str, str]:
    """The texts of the notice templates that cards and steps bring along, in every language."""
    slugs = {slug for card in Method.objects.all() for slug in card.template_slugs}
    slugs |= {slug for step in PlannerStep.objects.filter(is_current=True) for slug in step.template_slugs}
    texts: dict[str, str] = {}
    for template in NoticeTemplate.objects.filter(slug__in=slugs):
        for field in template._meta.get_fields():
            name = getattr(field, "attname", "")
            if isinstance(value := getattr(template, name, None), str) and name not in ("slug", "kind", "purpose"):
                texts[f"bericht › {template.slug} › {name}"] = value
    return texts


@transaction.atomic
def freeze_edition(by: User | None = None, at: datetime | None = None) -> PlaybookEdition:
    """Store the next edition with its pages in every language, now unless an invented town says when. Raises
    NotPublishableError with the places when a person or a small number stands in it."""
    keep_versions()
    if found := publication_findings():
        raise NotPublishableError(found)
    number = (PlaybookEdition.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    told = [places for one in PlaybookEdition.objects.values_list("told", flat=True) for places in one]
    compared, new = comparisons(_project(), clock.today(), told)
    evidence = Evidence(uses_to_freeze(), compared)
    contents = {language: _content(language, number, evidence) for language in CARD_LANGUAGES}
    content = contents[MASTER]
    edition = PlaybookEdition.objects.create(
        number=number,
        frozen_at=at or clock.now(),
        content=content,
        booklet=typeset("booklet", content),
        checksum=content_checksum(content),
        told=new,
    )
    EditionPage.objects.bulk_create(
        EditionPage(
            edition=edition,
            language=language,
            content=one,
            html=edition_html(one, language),
            checksum=content_checksum(one),
        )
        for language, one in contents.items()
    )
    audit.record(actor=by, verb="freeze", target=edition, number=number)
    return edition


def _content(language: str, number: int, evidence: Evidence) -> dict[str, Any]:
    content = booklet_content(language, evidence)
    with override(language):
        words = _("Edition %(number)d") % {"number": number}
    content["colophon"]["lines"][0]["text"] = words
    content["cover_lines"].insert(0, words)
    return content


def _project() -> Project | None:
    """The project whose schools the draaiboek comes from: the newest that has begun."""
    return Project.objects.filter(starts_on__lte=clock.today()).order_by("-starts_on").first()
