"""Files of the cards travel in the package: frozen with the edition, opened again on arrival, refused by name."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from messaging.files.checking import CheckedFile
from messaging.files.limits import Kind
from reports import filing
from reports.cardfiles import address_of
from reports.edition import NotPublishableError, freeze_edition, publication_findings
from reports.filing import put_on_card, remove_card_file
from reports.models import CardFile, EditionFile, EditionPage, KeptFile, PlaybookPackage
from reports.packaging import Package, PackageError, State, bring_package, compare, install, read
from reports.packaging.reading import MANIFEST, Entry
from schools.models import Method
from tests.cast import Cast
from tests.messaging.leaflets import opening, pdf, picture
from tests.messaging.office_files import odt, word
from tests.reports.packages import entry_of, files_of, package_of, zipped

pytestmark = pytest.mark.django_db
SLUG = "coffee-moment"


@pytest.fixture
def cast(town_with_texts: Cast, db: None) -> Cast:
    """The town of a file's tests: there is one."""
    return town_with_texts


@pytest.fixture
def card(cast: Cast) -> Method:
    return Method.objects.get(slug=SLUG)


def filed(card: Method, content: bytes = b"%PDF-1.7 Telblad", title: str = "Telblad") -> CardFile:
    return put_on_card(method=card, file=CheckedFile(Kind.PDF, content), title=title, language="nl", by=None)


def told(content: bytes, kind: str, title: str = "Van elders") -> Entry:
    mark = hashlib.sha256(content).hexdigest()
    return {"title": title, "language": "", "kind": kind, "bytes": len(content), "sha256": mark}


def carrying(*files: tuple[bytes, str], title: str = "Van elders") -> bytes:
    """A package whose card carries these files, whatever they are."""

    def change(packed: dict[str, list[Entry]]) -> None:
        entry_of(packed, "cards", SLUG)["files"] = [told(content, kind, title) for content, kind in files]

    return package_of(change, files={hashlib.sha256(content).hexdigest(): content for content, _kind in files})


def item_of(package: Package) -> Any:
    return next(item for item in compare(package, None) if item.code == f"card:{SLUG}")


def taken(content: bytes, cast: Cast) -> PlaybookPackage:
    row = bring_package(content=content, by=cast.staff["joint"])
    install(row=row, chosen={f"card:{SLUG}"}, by=cast.staff["joint"])
    return row


def test_an_edition_keeps_its_files_when_the_card_loses_them(card: Method, cast: Cast) -> None:
    row = filed(card)
    edition = freeze_edition()
    frozen = EditionPage.objects.get(edition=edition, language="fr")
    shown = next(one for one in frozen.content["cards"] if one["slug"] == SLUG)["files"]
    assert [(one["title"], one["sha256"]) for one in shown] == [("Telblad", row.kept.sha256)]
    assert address_of(row.kept.code) in frozen.html
    remove_card_file(row=row, by=cast.staff["joint"])
    answer = Client().get(address_of(row.kept.code))
    assert b"".join(answer) == b"%PDF-1.7 Telblad"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert read(bytes(edition.package)).files == {row.kept.sha256: b"%PDF-1.7 Telblad"}


def test_nothing_in_the_tables_takes_a_file_from_an_edition(card: Method) -> None:
    kept = filed(card).kept
    freeze_edition()
    with pytest.raises(DatabaseError), transaction.atomic():
        EditionFile.objects.all().delete()
    CardFile.objects.all().delete()
    with pytest.raises(ProtectedError):
        kept.delete()
    filing.forget_unused()
    assert KeptFile.objects.get() == kept


def test_booklet_cards_and_word_name_the_file_with_its_address(card: Method) -> None:
    row = filed(card)
    freeze_edition()
    content = EditionPage.objects.get(language="nl").content
    shown = next(one for one in content["cards"] if one["slug"] == SLUG)["files"][0]
    assert shown["address"].endswith(address_of(row.kept.code))
    assert shown["address"].startswith("http")


def test_a_file_named_after_a_person_keeps_an_edition_back(card: Method, cast: Cast) -> None:
    filed(card, title="Lijst van Harpreet Kaur")
    places = {finding.place for finding in publication_findings()}
    assert f"{SLUG} › nl › files › 1" in places
    with pytest.raises(NotPublishableError):
        freeze_edition()


@pytest.mark.parametrize(("content", "kind"), [(pdf(), "PDF"), (picture(), "JPEG"), (word(), "DOCX"), (odt(), "ODT")])
def test_files_arrive_cleaned_and_a_second_time_they_are_the_same(
    card: Method, cast: Cast, content: bytes, kind: str
) -> None:
    own = filed(card)
    package = carrying((content, kind))
    item = item_of(read(package))
    assert item.state == State.DIFFERENT
    assert [(one.own, one.theirs) for one in item.differences] == [("Telblad", "Van elders")]
    row = taken(package, cast)
    found = CardFile.objects.select_related("kept").get()
    assert (found.title, found.kept.kind, found.brought_sha256) == (
        "Van elders", kind, hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    assert b"Els" not in bytes(found.kept.content)
    assert not KeptFile.objects.filter(pk=own.kept_id).exists()
    assert item_of(read(package)).state == State.SAME
    assert install(row=row, chosen={f"card:{SLUG}"}, by=cast.staff["joint"]).replaced == 0


@pytest.mark.parametrize(
    ("content", "kind", "why"),
    [
        (pdf(opening(S="/JavaScript", JS="app.alert(1)")), "PDF", "runs or fetches"),
        (b"<script>alert(1)</script>", "PDF", "not a PDF"),
        (picture("PNG"), "JPEG", "not a PDF"),
        (b"%PDF-1.7 nothing", "PDF", "damaged"),
    ],
)
def test_a_hostile_file_is_left_out_and_the_preview_says_so(
    card: Method, cast: Cast, content: bytes, kind: str, why: str
) -> None:
    good = pdf()
    package = carrying((content, kind), (good, "PDF"))
    with override("en"):
        notes = " ".join(item_of(read(package)).notes)
    assert "The file “Van elders” is left out" in notes
    assert why in notes
    taken(package, cast)
    assert CardFile.objects.get().brought_sha256 == hashlib.sha256(good).hexdigest()


def test_the_page_of_a_package_names_its_files(card: Method, cast: Cast) -> None:
    row = bring_package(content=carrying((pdf(), "PDF"), (b"x", "PDF")), by=cast.staff["joint"])
    page = cast.client("joint").get(reverse("package_detail", args=[row.pk])).content.decode()
    assert "Bestanden: Van elders." in page
    assert "blijft weg" in page


def test_while_the_cache_is_away_the_page_of_a_package_opens_each_file_anew(
    card: Method, cast: Cast, settings: Any
) -> None:
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1"}}
    row = bring_package(content=carrying((pdf(), "PDF"), (b"x", "PDF")), by=cast.staff["joint"])
    assert "blijft weg" in cast.client("joint").get(reverse("package_detail", args=[row.pk])).content.decode()


def test_an_older_package_still_installs_and_leaves_the_files_of_the_card(card: Method, cast: Cast) -> None:
    filed(card)

    def change(packed: dict[str, list[Entry]]) -> None:
        for entry in packed["cards"]:
            del entry["files"]
        entry_of(packed, "cards", SLUG)["cost_eur"] = 7

    files = files_of(package_of(change))
    manifest = json.loads(files[MANIFEST])
    older = zipped({**files, MANIFEST: json.dumps({**manifest, "schema": 1}).encode()})
    item = item_of(read(older))
    assert [one.theirs for one in item.differences] == ["7"]
    taken(older, cast)
    card.refresh_from_db()
    assert card.cost_eur == 7
    assert CardFile.objects.get().title == "Telblad"


def _unnamed(files: dict[str, bytes]) -> dict[str, bytes]:
    cards = json.loads(files["cards.json"])
    for entry in cards:
        entry.pop("files", None)
    return with_sums({**files, "cards.json": json.dumps(cards).encode()})


def _missing(files: dict[str, bytes]) -> dict[str, bytes]:
    return with_sums({name: one for name, one in files.items() if not name.endswith(".pdf")})


def _other(files: dict[str, bytes]) -> dict[str, bytes]:
    return with_sums({name: one + b" " if name.endswith(".pdf") else one for name, one in files.items()})


def _path(files: dict[str, bytes]) -> dict[str, bytes]:
    return with_sums({f"../{name}" if name.endswith(".pdf") else name: one for name, one in files.items()})


def _huge(files: dict[str, bytes]) -> dict[str, bytes]:
    content = json.loads(files["cards.json"])
    for entry in content:
        for one in entry["files"]:
            one["bytes"] = 3_000_000
    return with_sums({**files, "cards.json": json.dumps(content).encode()})


def with_sums(files: dict[str, bytes]) -> dict[str, bytes]:
    """With a manifest that agrees."""
    found = deepcopy(files)
    manifest = json.loads(found.pop(MANIFEST))
    manifest["files"] = {
        name: {"bytes": len(one), "sha256": hashlib.sha256(one).hexdigest()} for name, one in found.items()
    }
    return {**found, MANIFEST: json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        (_unnamed, "others than its format knows"),
        (_missing, "Files are missing"),
        (_other, "its checksum differs"),
        (_path, "outside its folder"),
        (_huge, "not foreseen"),
    ],
)
def test_a_package_whose_files_are_not_those_of_its_cards_is_refused(card: Method, trick: Any, words: str) -> None:
    package = carrying((pdf(), "PDF"))
    with override("en"), pytest.raises(PackageError) as refusal:
        read(zipped(trick(files_of(package))))
    assert words in str(refusal.value)


def test_more_files_than_the_draaiboek_takes_are_refused_whole(
    card: Method, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = bring_package(content=carrying((pdf(), "PDF"), (picture(), "JPEG")), by=cast.staff["joint"])
    monkeypatch.setattr(filing, "OF_ALL", 1)
    with pytest.raises(ValidationError):
        install(row=row, chosen={f"card:{SLUG}"}, by=cast.staff["joint"])
    assert not CardFile.objects.exists()
    browser, address = cast.client("joint"), reverse("package_detail", args=[row.pk])
    shown = browser.get(address).context["form"].initial
    answer = browser.post(address, {"seen": shown["seen"], "asked": shown["asked"], "others": "take"})
    assert answer.status_code == 422
    assert "samen" in answer.content.decode()
