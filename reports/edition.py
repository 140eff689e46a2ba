"""Freezing the draaiboek: an edition keeps its content, package and files together and names nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from messaging.models import NoticeTemplate
from reports.beforeafter import comparisons
from reports.cardfiles import card_contents
from reports.cardversions import keep_versions
from reports.evidence import uses_to_freeze
from reports.models import CardFile, EditionFile, EditionPage, PlannerStep, PlaybookEdition
from reports.packaging import contents, written
from reports.packaging.reading import Entry
from reports.playbook import CARD_LANGUAGES, cards, introduction
from reports.publication import Finding, findings_in, flattened
from reports.render.booklet import Evidence, booklet_content, content_checksum
from reports.render.editionpage import edition_html
from schools import audit, clock
from schools.languages import LANGUAGES, MASTER
from schools.models import Project, User

#: The entries of a package by its files.
Packed = Mapping[str, Iterable[Entry]]


class NotPublishableError(Exception):
    """The texts name or reach a person. ``findings`` says who and where."""

    def __init__(self, findings: list[Finding]) -> None:
        lines = [f"{finding.place}: {finding.why}" for finding in findings]
        super().__init__(_("The draaiboek cannot be published yet. %(places)s") % {"places": " ".join(lines)})
        self.findings = findings


class AlreadyPublishedError(Exception):
    """An edition came out since the page was opened: by a colleague, or by the same button pressed twice."""


class NothingChangedError(Exception):
    """An edition now would say what the newest one says already, under another number."""


def publication_findings(packed: Packed | None = None) -> list[Finding]:
    """Everything personal, and every small number, in the texts of the draaiboek and what goes with it: cards and
    introduction in each language, steps of the year planner, and the notices, words and targets of its package."""
    texts: dict[str, str] = {}
    for language in CARD_LANGUAGES:
        texts |= dict(flattened(introduction(language), f"draaiboek › {language}"))
        for card in cards(language):
            place = f"{card.slug} › {language}"
            files = [file.title for file in card.files]
            said = {"title": card.title, "aim": card.aim, **card.texts, "files": files}
            texts |= dict(flattened(said, place))
    for step in PlannerStep.objects.filter(is_current=True):
        texts |= dict(flattened(step.words, f"jaarplanner › {step.key}"))
    packed = contents(None) if packed is None else packed
    return findings_in(texts | _notices() | _packed_texts(packed), small_numbers=True)


def _notices() -> dict[str, str]:
    """The templates of notices in every language, also where a translation is not ready yet for a package."""
    texts: dict[str, str] = {}
    for template in NoticeTemplate.objects.all():
        for field in template._meta.concrete_fields:
            part, _underscore, language = field.attname.rpartition("_")
            if language in LANGUAGES and (text := getattr(template, field.attname)):
                texts[f"bericht › {template.slug} › {language} › {part}"] = text
    return texts


def _packed_texts(packed: Packed) -> dict[str, str]:
    """What a package brings along beside cards and steps; the rest of it comes with every portal."""
    texts: dict[str, str] = {}
    for name, place in (("templates", "bericht"), ("vocabulary", "woord")):
        for entry in packed[name]:
            texts |= dict(flattened(entry["texts"], f"{place} › {entry['key']}"))
    for entry in packed["targets"]:
        texts |= dict(flattened({_("objective"): entry["objective"]}, f"doel › {entry['key']}"))
    return texts


@transaction.atomic
def freeze_edition(
    by: User | None = None, at: datetime | None = None, after: int | None = None, *, only_changed: bool = False
) -> PlaybookEdition:
    """Store the next edition with its pages in every language, its package and the files of its cards, now unless an
    invented town says when. ``reports.prints`` prints it afterwards.

    ``after`` is the number of the newest edition as its publisher saw it (0: none yet); ``only_changed`` asks for one
    that says something new.

    Raises NotPublishableError with the places when a person or a small number stands in it; AlreadyPublishedError when
    ``after`` is the newest no more; NothingChangedError when ``only_changed`` and nothing is new.
    """
    number = (PlaybookEdition.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    if after is not None and number != after + 1:
        raise AlreadyPublishedError
    keep_versions()
    uses = uses_to_freeze()
    packed = contents(by, uses)
    if found := publication_findings(packed):
        raise NotPublishableError(found)
    told = [places for one in PlaybookEdition.objects.values_list("told", flat=True) for places in one]
    compared, new = comparisons(_project(), clock.today(), told)
    frozen_at = at or clock.now()
    evidence = Evidence(uses, compared, frozen_at.astimezone(clock.BRUSSELS).date())
    pages = {language: _content(language, number, evidence) for language in CARD_LANGUAGES}
    if only_changed and _is_published(pages, packed):
        raise NothingChangedError
    content = pages[MASTER]
    package = _package(packed, number, frozen_at)
    edition = PlaybookEdition.objects.create(
        number=number,
        frozen_at=frozen_at,
        content=content,
        package=package,
        checksum=content_checksum(content),
        package_checksum=hashlib.sha256(package).hexdigest(),
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
        for language, one in pages.items()
    )
    kept = set(CardFile.objects.values_list("kept_id", flat=True))
    EditionFile.objects.bulk_create(EditionFile(edition=edition, kept_id=pk) for pk in sorted(kept))
    audit.record(actor=by, verb="freeze", target=edition, number=number)
    return edition


def _content(language: str, number: int, evidence: Evidence) -> dict[str, Any]:
    content = booklet_content(language, evidence)
    with override(language):
        words = _("Edition %(number)d") % {"number": number}
    content["colophon"]["lines"][0]["text"] = words
    content["cover_lines"].insert(0, words)
    return content


def _package(packed: Mapping[str, list[Entry]], number: int, frozen_at: datetime) -> bytes:
    frozen_on = frozen_at.astimezone(clock.BRUSSELS).date()
    return written(packed, edition=number, frozen_on=frozen_on.isoformat(), files=card_contents())


def _is_published(pages: Mapping[str, dict[str, Any]], packed: Mapping[str, list[Entry]]) -> bool:
    """Whether the newest edition has these pages and this package, but for its number and its day."""
    newest = PlaybookEdition.objects.only("number", "frozen_at", "package_checksum").first()
    if newest is None:
        return False
    package = _package(packed, newest.number, newest.frozen_at)
    if hashlib.sha256(package).hexdigest() != newest.package_checksum:
        return False
    before = dict(newest.pages.values_list("language", "content"))
    return {code: _words(one) for code, one in pages.items()} == {code: _words(one) for code, one in before.items()}


def _words(content: Mapping[str, Any]) -> dict[str, Any]:
    """A page without the number and the day of its edition, which stand on its cover and in its colophon."""
    return {key: value for key, value in content.items() if key not in ("date", "cover_lines", "colophon")}


def _project() -> Project | None:
    """The project whose schools the draaiboek comes from: the newest that has begun."""
    return Project.objects.filter(starts_on__lte=clock.today()).order_by("-starts_on").first()
