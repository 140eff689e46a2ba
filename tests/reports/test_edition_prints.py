"""What is printed of an edition: booklet, cards and Word in three languages, of one content, frozen with a checksum."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from docx import Document

from messaging.files.checking import CheckedFile
from messaging.files.limits import Kind
from reports import prints
from reports.cardfiles import address_of
from reports.edition import freeze_edition
from reports.filing import put_on_card
from reports.models import EditionPage, EditionPrint
from reports.prints import print_edition, print_editions
from reports.render.booklet import print_of
from schools.models import Method
from schools.reference import load_methods
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.reports.conftest import words_of

pytestmark = pytest.mark.django_db
Form = EditionPrint.Form
FIRST = {"nl": "Uitgave 1", "fr": "Édition 1", "en": "Edition 1"}
IN_DUTCH = {"fr": "Cette fiche n’est pas encore traduite", "en": "This card is not translated yet"}


def words_in(row: EditionPrint) -> str:
    if row.form == Form.WORD:
        return " ".join(one.text for one in Document(io.BytesIO(bytes(row.content))).paragraphs)
    return words_of(bytes(row.content))


def test_an_edition_is_printed_in_three_languages_and_never_otherwise(client: Client) -> None:
    load_methods()
    Method.objects.filter(slug="home-visit").update(title_fr="", card_fr={}, title_en="", card_en={})
    visit, coffee = Method.objects.get(slug="home-visit"), Method.objects.get(slug="coffee-moment")
    sheet = CheckedFile(Kind.PDF, b"%PDF-1.7 Telblad")
    file = put_on_card(method=coffee, file=sheet, title="Telblad", language="nl", by=None)
    edition = freeze_edition()
    Method.objects.update(title_nl="Iets anders", title_fr="Autre chose", title_en="Something else")
    left_out = client.get(reverse("edition_print", args=["en", 1, Form.CARDS])).content
    assert not EditionPrint.objects.exists()
    assert (print_editions(), print_editions(), print_edition(edition)) == (9, 0, 0)
    assert bytes(edition.prints.get(language="en", form=Form.CARDS).content) == left_out
    rows = list(EditionPrint.objects.all())
    assert {(row.language, row.form) for row in rows} == {(code, form) for code in FIRST for form in Form.values}
    shown = client.get(reverse("edition_list")).content.decode()
    for row in rows:
        printed = " ".join(words_in(row).replace("\u200b", "").split())
        assert hashlib.sha256(bytes(row.content)).hexdigest() == row.checksum
        assert row.checksum in shown
        assert visit.title_nl in printed  # type: ignore[attr-defined]
        assert address_of(file.kept.code).strip("/").rpartition("/")[2] in printed, (row.language, row.form)
        assert not {"Iets anders", "Autre chose", "Something else"} & set(printed.split("."))
        assert (IN_DUTCH.get(row.language, "¬") in printed) == (row.language != "nl")
        answer = client.get(reverse("edition_print", args=[row.language, 1, row.form]))
        assert answer.content == bytes(row.content)
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
    by_form = {(row.language, row.form): bytes(row.content) for row in rows}
    for code, words in FIRST.items():
        assert words in words_of(by_form[code, Form.BOOKLET])
        page = client.get(reverse("edition_page", args=[code, 1])).content.decode()
        assert all(reverse("edition_print", args=[code, 1, form]) in page for form in Form.values)
        for name, form in (("playbook_booklet", Form.BOOKLET), ("playbook_cards", Form.CARDS)):
            assert client.get(f"{reverse(name)}?taal={code}").content == by_form[code, form]
    content = EditionPage.objects.get(language="fr").content
    assert print_of(Form.CARDS, content) == by_form["fr", Form.CARDS], "equal content, equal bytes"
    with pytest.raises(DatabaseError), transaction.atomic():
        EditionPrint.objects.update(content=b"")


def test_a_stopped_printer_keeps_what_it_made_and_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    load_methods()
    freeze_edition()
    left = iter(range(4))

    def print_four(form: str, content: dict[str, Any]) -> bytes:
        if next(left, None) is None:
            raise OSError("the disk is full")
        return print_of(form, content)

    monkeypatch.setattr(prints, "print_of", print_four)
    with pytest.raises(OSError, match="full"):
        print_editions()
    kept = set(EditionPrint.objects.values_list("language", "form"))
    assert 1 <= len(kept) <= 4
    monkeypatch.setattr(prints, "print_of", print_of)
    assert print_editions() == 9 - len(kept)
    assert EditionPrint.objects.count() == 9


def test_who_publishes_does_not_wait_for_the_printer_and_sees_how_far_it_is(cast: Cast) -> None:
    load_methods()
    joint, page = cast.client("joint"), reverse("edition_new")
    assert joint.post(page, {"after": ""}).status_code == 302
    assert not EditionPrint.objects.exists(), "that is a worker's"
    assert "worden gemaakt: 0 van 9" in text_of(joint.get(page))
    public = Client().get(reverse("edition_page", args=["nl", 1])).content.decode()
    assert all(reverse("edition_print", args=["nl", 1, form]) in public for form in Form.values)
    print_editions()
    assert "worden gemaakt" not in text_of(joint.get(page))


def test_there_is_no_print_of_what_is_no_edition_or_no_language(client: Client) -> None:
    assert client.get("/draaiboek/nl/uitgaven/7/boekje.pdf").status_code == 404
    assert client.get("/draaiboek/tr/uitgaven/1/boekje.pdf").status_code == 404
    assert client.get("/draaiboek/nl/uitgaven/1/pakket.exe").status_code == 404
