"""The package of an edition: whole, checked, the same bytes for the same content, and as its paper says."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from messaging.content import load_templates
from messaging.models import NoticeTemplate
from messaging.models.templates import BLANK_SHEET
from reports.edition import freeze_edition
from reports.models import PlannerStep, PlaybookEdition
from reports.packaging import read
from reports.packaging.reading import FILES, MANIFEST
from reports.planner.loading import load_planner
from schools.models import Method, Term
from schools.reference import load_methods, load_vocabulary
from tests.reports.packages import files_of, package_of, zipped

pytestmark = pytest.mark.django_db
PAPER = Path(settings.BASE_DIR) / "docs" / "draaiboek-pakket.md"


@pytest.fixture(autouse=True)
def _texts(db: None) -> None:
    load_vocabulary()
    load_methods()
    load_templates()
    load_planner()


def test_the_same_content_is_the_same_file(db: None) -> None:
    assert package_of() == package_of()
    Method.objects.filter(slug="home-visit").update(cost_eur=3)
    assert package_of() != package_of(edition=4)


def test_everything_that_is_in_the_draaiboek_is_in_it(db: None) -> None:
    found = read(package_of()).contents
    assert {entry["key"] for entry in found["cards"]} == set(Method.objects.values_list("slug", flat=True))
    templates = NoticeTemplate.objects.exclude(slug=BLANK_SHEET)
    assert {entry["key"] for entry in found["templates"]} == set(templates.values_list("slug", flat=True))
    assert len(found["vocabulary"]) == Term.objects.count()
    assert {entry["key"] for entry in found["planner"]} == set(PlannerStep.objects.values_list("key", flat=True))
    assert {entry["month"] for entry in found["planner"]} == {1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12}
    lists = {entry["key"].partition("/")[0] for entry in found["checklists"]}
    assert lists == {"accessibility", "questionnaire-parents", "questionnaire-team"}
    card = next(entry for entry in found["cards"] if entry["key"] == "home-visit")
    assert set(card["texts"]) == {"nl", "fr", "en"}
    assert card["evidence"] == {"schools": 0, "times": 0, "families": 0}
    invitation = next(entry for entry in found["templates"] if entry["key"] == "home-visit")
    assert len(invitation["texts"]) == 14
    for words in invitation["texts"].values():
        assert {"title", "subject", "sms", "body", *(f"answer-{key}" for key in invitation["answers"])} <= set(words)


def test_the_manifest_tells_version_licence_and_checksums(db: None) -> None:
    files = files_of(package_of(edition=7))
    manifest = json.loads(files.pop(MANIFEST))
    assert (manifest["schema"], manifest["edition"]["number"]) == (2, 7)
    assert set(manifest["licences"]) == set(FILES) - {"targets"}
    assert manifest["licences"]["planner"] == "CC-BY-4.0"
    assert set(manifest["files"]) == set(files) == set(FILES.values())
    for name, content in files.items():
        assert manifest["files"][name]["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_package_that_somebody_packed_anew_is_read_the_same(db: None) -> None:
    package = package_of()
    anew = zipped(files_of(package), zipfile.ZIP_DEFLATED)
    assert len(anew) < len(package) / 3
    assert read(anew).contents == read(package).contents


def test_an_edition_keeps_its_package(db: None) -> None:
    edition = freeze_edition()
    Method.objects.update(title_nl="Iets anders")
    kept = PlaybookEdition.objects.get()
    assert hashlib.sha256(bytes(kept.package)).hexdigest() == edition.package_checksum
    assert "Iets anders" not in str(read(bytes(kept.package)).contents)


def test_the_paper_names_each_file_and_limit(db: None) -> None:
    paper = PAPER.read_text(encoding="utf-8")
    for name in (MANIFEST, *FILES.values()):
        assert f"`{name}`" in paper
    for words in ("12 MB", "40 files", "3 MB in one file", "16 MB in all", "a\nhundred times"):
        assert words.replace("\n", " ") in paper.replace("\n", " ")
