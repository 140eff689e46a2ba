"""The draaiboek to adapt and to hand out: a Word document of the booklet's words, and the cards on A5."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from docx import Document
from docx.oxml.ns import qn

from reports.edition import freeze_edition
from reports.models import EditionPrint
from reports.render.booklet import booklet_content, print_of
from reports.render.editionpage import edition_html
from schools.models import Method
from schools.reference import load_methods
from tests.reports.conftest import words_of

pytestmark = pytest.mark.django_db
#: A5 in points.
A5 = (420, 595)


@pytest.fixture
def methods(db: None) -> list[Method]:
    load_methods()
    return list(Method.objects.all())


def shown(content: bytes, name: str) -> bytes:
    """To look at with the eyes: LOOK_AT=folder pytest …"""
    if folder := os.environ.get("LOOK_AT"):
        Path(folder, name).write_bytes(content)
    return content


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_word_document_holds_every_word_of_every_card(methods: list[Method], client: Client, language: str) -> None:
    answer = client.get(f"{reverse('playbook_document')}?taal={language}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="draaiboek-{language}.docx"'
    document = Document(io.BytesIO(shown(answer.content, f"draaiboek-{language}.docx")))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for method in methods:
        card = getattr(method, f"card_{language}")
        for text in (getattr(method, f"title_{language}"), getattr(method, f"aim_{language}")):
            assert text in words
        for key in ("for_whom", "who_does_it", "when", "partners", "interpreter", "privacy"):
            assert card[key] in words, key
        for key in ("steps_before", "steps_during", "steps_after", "pitfalls", "variants", "conditions", "materials"):
            assert all(line in words for line in card[key]), key
        assert all(phrase["nl"] in words and phrase["t"] in words for phrase in card["phrases"])
    headings = [one.text for one in document.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert len(headings) == 4 + len(methods) + 3
    assert "**" not in words


def as_an_edition(content: dict[str, Any]) -> dict[str, Any]:
    """With what an edition adds to a card: what it brought, and two files."""
    file = {"title": "Feuille de comptage d’un moment café", "about": "Document Word · 19 kB · Français"}
    file["address"] = "http://portaal.example/draaiboek/bijlagen/0e14c2cd46e44e96/"
    for card in content["cards"]:
        card["evidence"] = {"text": "Utilisé dans 6 écoles, 91 fois, avec 77 familles.", "figures": [], "quote": ""}
        card["files"] = [file, file]
    return content


@pytest.mark.parametrize(("language", "card"), [("nl", "Fiche"), ("fr", "Fiche"), ("en", "Card")])
def test_the_cards_on_a5_begin_each_on_a_new_sheet(
    methods: list[Method], client: Client, language: str, card: str
) -> None:
    if language == "nl":
        answer = client.get(reverse("playbook_cards"))
        assert answer.headers["Content-Type"] == "application/pdf"
        content = answer.content
    else:
        content = print_of(EditionPrint.Form.CARDS, as_an_edition(booklet_content(language)))
    printed = pypdfium2.PdfDocument(shown(content, f"fiches-{language}.pdf"))
    assert {tuple(round(side) for side in page.get_size()) for page in printed} == {A5}
    starts = []
    for number, page in enumerate(printed, start=1):
        text = " ".join(page.get_textpage().get_text_range().split())
        starts += [number for place in range(1, 13) if f"{card} {place} · " in text]
    assert len(starts) == len(methods)
    assert all(number % 2 for number in starts), "on the front of a sheet"
    ends = [*starts[1:], len(printed) + 1]
    assert [end - start for start, end in zip(starts, ends, strict=True)] == [2] * len(methods), "one sheet each"


@pytest.mark.parametrize("form", [EditionPrint.Form.BOOKLET, EditionPrint.Form.CARDS])
def test_paper_and_an_edition_say_when_and_with_which_partners_as_the_page_of_a_card_does(
    methods: list[Method], client: Client, form: EditionPrint.Form
) -> None:
    content = booklet_content("nl")
    cards: list[dict[str, Any]] = [getattr(method, "card_nl") for method in methods]  # noqa: B009 - of each language one
    said = [(card["when"], card["partners"]) for card in content["cards"]]
    assert said == [(card["when"], card["partners"]) for card in cards]
    words = words_of(print_of(form, content))
    assert [words.count(label) >= len(methods) for label in ("Wanneer", "Partners")] == [True, True]
    page = edition_html(content, "nl")
    assert all(escape(text) in page for one in said for text in one)


def test_the_steps_of_a_card_are_numbered_on_in_word_and_in_an_edition_as_on_its_page(methods: list[Method]) -> None:
    content = booklet_content("nl")
    content["cards"] = content["cards"][:1]
    before, during = (len(content["cards"][0]["steps"][key]) for key in ("before", "during"))
    page = edition_html(content, "nl")
    assert re.findall(r'<ol lang="nl-BE" start="(\d+)">', page) == ["1", f"{before + 1}", f"{before + during + 1}"]
    document = Document(io.BytesIO(print_of(EditionPrint.Form.WORD, content)))
    overrides = document.part.numbering_part.element.iter(qn("w:startOverride"))
    assert [one.get(qn("w:val")) for one in overrides][-3:] == ["1", f"{before + 1}", f"{before + during + 1}"]


def test_an_edition_that_was_frozen_before_is_printed_without_them(methods: list[Method]) -> None:
    content = booklet_content("nl")
    for said in (content["labels"], *content["cards"]):
        del said["when"], said["partners"]
    for form in EditionPrint.Form:
        assert print_of(form, content)
    assert "Wanneer" not in edition_html(content, "nl")


def test_both_are_those_of_the_frozen_edition(methods: list[Method], client: Client) -> None:
    freeze_edition()
    Method.objects.update(title_nl="Iets anders")
    document = Document(io.BytesIO(client.get(reverse("playbook_document")).content))
    assert not [one for one in document.paragraphs if "Iets anders" in one.text]
    assert "Iets anders" not in words_of(client.get(reverse("playbook_cards")).content)


def test_french_leaves_room_before_a_colon_in_word_and_on_paper(methods: list[Method]) -> None:
    for language, colon in (("fr", "\u00a0:"), ("nl", ":")):
        content = as_an_edition(booklet_content(language))
        content["cards"] = content["cards"][:1]
        (card,) = content["cards"]
        card["related"] = ["Une autre fiche"]
        document = Document(io.BytesIO(print_of(EditionPrint.Form.WORD, content)))
        word = [paragraph.text for paragraph in document.paragraphs]
        assert {f"{fact['label']}{colon} {fact['text']}" for fact in card["facts"]} <= set(word)
        assert f"{card['files'][0]['title']} ({card['files'][0]['about']}){colon} {card['files'][0]['address']}" in word
        paper = words_of(print_of(EditionPrint.Form.CARDS, content))
        room = r"\s" if language == "fr" else ""
        assert re.search(rf"{content['labels']['related']}{room}: Une autre fiche", paper)
        assert re.search(rf"Français\){room}: http", paper)
