"""Letters, the report and the draaiboek become right, readable and equal PDFs."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pypdfium2
import pytest

from schools.fontcoverage import REPLACEMENT, drawable, printable
from schools.typeset import TypesettingError, pictogram_drawings, pictures, typeset
from tests.reports import print_documents as documents
from tests.reports import print_samples as samples

Content = dict[str, Any]
DOCUMENTS: dict[str, Callable[[], Content]] = {
    "letter": lambda: samples.letters("nl", "ar", "pa"),
    "report": documents.report,
    "booklet": documents.booklet,
    "pictograms": documents.pictograms,
}


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return " ".join(" ".join(pages).split())


def page_count(pdf: bytes) -> int:
    return len(pypdfium2.PdfDocument(pdf))


def dictionaries(document: pikepdf.Pdf, key: str) -> Iterator[pikepdf.Dictionary]:
    """All objects of the file that carry a key; they live as long as the document is open."""
    for entry in document.objects:
        if isinstance(entry, pikepdf.Dictionary) and key in entry:
            yield entry


@pytest.mark.parametrize("template", DOCUMENTS)
def test_a_document_is_tagged_titled_and_has_a_language(template: str) -> None:
    content = DOCUMENTS[template]()
    with pikepdf.open(io.BytesIO(typeset(template, content))) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).lower().startswith("nl")
        assert "/StructTreeRoot" in document.Root
        assert str(document.docinfo["/Title"]) == content["title"]
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize("template", DOCUMENTS)
def test_all_fonts_are_embedded(template: str) -> None:
    with pikepdf.open(io.BytesIO(typeset(template, DOCUMENTS[template]()))) as document:
        fonts = [entry for entry in dictionaries(document, "/FontName") if entry["/Type"] == "/FontDescriptor"]
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


@pytest.mark.parametrize("template", DOCUMENTS)
def test_equal_content_gives_equal_bytes(template: str) -> None:
    assert typeset(template, DOCUMENTS[template]()) == typeset(template, DOCUMENTS[template]())


@pytest.mark.parametrize("language", ["nl", "ar", "pa"])
def test_a_letter_of_usual_length_is_one_sheet_with_the_dutch(language: str) -> None:
    pdf = typeset("letter", samples.letters(language))
    words = words_of(pdf)
    assert page_count(pdf) == 1
    for expected in (samples.TITLES["nl"], *samples.SLOT_TEXTS["nl"], *samples.ANSWERS["nl"], "K7QF-2MXA-9RTC"):
        assert expected in words


def test_a_letter_carries_the_family_language_in_its_own_script() -> None:
    assert "ਦੁਭਾਸ਼ੀ" in words_of(typeset("letter", samples.letters("pa")))
    arabic = words_of(typeset("letter", samples.letters("ar")))
    assert sum("\u0600" <= character <= "\u06ff" or "\ufb50" <= character <= "\ufeff" for character in arabic) > 150


def middle_of(pdf: bytes, first: str, last: str) -> float:
    """The middle, in points, of the text line that holds characters of the range first–last."""
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    boxes = [
        page.get_charbox(index) for index in range(page.count_chars()) if first <= page.get_text_range(index, 1) <= last
    ]
    return sum((left + right) / 2 for left, _, right, _ in boxes) / len(boxes)


def test_punjabi_begins_left_and_arabic_right_within_their_column() -> None:
    column_middle = (595 / 2 + 595) / 2
    assert middle_of(typeset("letter", samples.letters("pa")), "\u0a00", "\u0a7f") < column_middle
    assert middle_of(typeset("letter", samples.letters("ar")), "\u0600", "\ufeff") > column_middle


def test_every_passage_in_another_language_says_so() -> None:
    with pikepdf.open(io.BytesIO(typeset("letter", samples.letters("ar", "pa")))) as document:
        languages = {str(entry["/Lang"]) for entry in dictionaries(document, "/Lang")}
    assert {"ar", "pa"} <= {language.split("-")[0] for language in languages}


def test_a_long_letter_goes_on_and_keeps_its_strip() -> None:
    content = samples.letters("ar")
    letter = content["letters"][0]
    letter["body"], letter["translated"]["body"] = (
        "\n".join([letter["body"]] * 8),
        "\n".join([letter["translated"]["body"]] * 8),
    )
    pdf = typeset("letter", content)
    assert page_count(pdf) == 2
    last = pypdfium2.PdfDocument(pdf)[1].get_textpage().get_text_bounded()
    assert "Uw antwoord" in last


def test_a_strip_of_a_child_without_a_class_ends_with_its_name() -> None:
    content = samples.letters("pa")
    with_class = words_of(typeset("letter", content))
    content["letters"][0]["class_name"] = ""
    without = words_of(typeset("letter", content))
    child = content["letters"][0]["child_names"][0]
    assert f"{child} ·" in with_class
    assert child in without
    assert f"{child} ·" not in without


def test_the_cover_sheet_lists_letters_by_class_with_their_number() -> None:
    content = samples.letters("nl", "pa")
    content["letters"][1].update(class_name="4A", child_names=["Amrit Kaur"])
    content["cover"] = samples.COVER
    pdf = typeset("letter", content)
    first = " ".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded().split())
    assert page_count(pdf) == 3
    assert "3B · 1 brief " in first
    assert "2 Amrit Kaur" in first


def test_printing_on_both_sides_starts_each_letter_on_a_new_sheet() -> None:
    content = samples.letters("nl", "nl")
    content["duplex"] = True
    assert page_count(typeset("letter", content)) == 3


def test_the_pictograms_of_the_portal_are_drawn() -> None:
    content = samples.letters("pa")
    drawn = pictogram_drawings(["what", "when", "where", "bring", "answer", "no-such-drawing"])
    plain = typeset("letter", content)
    assert set(drawn) == {"what", "when", "where", "bring", "answer"}
    assert typeset("letter", {**content, "pictograms": drawn}) != plain


def hostile(value: Any) -> Any:
    """The same content with markup in every visible text."""
    if isinstance(value, dict):
        untouched = (
            "lang",
            "language",
            "direction",
            "date",
            "key",
            "type",
            "kind",
            "tone",
            "align",
            "pictogram",
            "qr",
            "icon",
            "url",
        )
        return {key: entry if key in untouched else hostile(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [hostile(entry) for entry in value]
    return f"{value} {samples.HOSTILE}" if isinstance(value, str) else value


def test_words_that_look_like_markup_are_printed_as_they_are() -> None:
    content = samples.letters("pa")
    content["letters"] = hostile(content["letters"])
    content["school"] = hostile(content["school"])
    content["letters"][0]["date"] = {"nl": samples.HOSTILE}
    seen = words_of(typeset("letter", content)).replace(" ", "")
    assert seen.count('#import"x":*$x^2$*vet*_cursief_\\u{1F}`code`</script><b>@ref[haak]//opm/**/~--"q"\\') >= 5


def test_markup_in_a_report_is_printed_as_it_is() -> None:
    content = documents.report(blocks=hostile(documents.all_blocks()))
    assert samples.HOSTILE.replace(" ", "") in words_of(typeset("report", content)).replace(" ", "")


def test_a_character_without_a_glyph_does_not_stop_the_letters() -> None:
    content = samples.letters("nl")
    content["letters"][0]["child_names"] = ["漢字 \x00\x07\ud800 😊"]
    assert f"{REPLACEMENT}{REPLACEMENT}" in words_of(typeset("letter", content))


def test_what_the_fonts_draw_stays_and_the_rest_is_marked() -> None:
    assert {ord(letter) for letter in "aéßЖıșਪعپځ፩😊"} <= drawable()
    assert printable("ਸਕੂਲ \u2066011 00\u2069\r\n👍🏽") == "ਸਕੂਲ \u2066011 00\u2069\n👍"
    assert printable("漢") == REPLACEMENT


@pytest.mark.parametrize("kind", ["bars", "hbars", "lines", "dumbbell", "ladder"])
def test_a_chart_shows_its_title_values_and_hidden_cell(kind: str) -> None:
    pdf = typeset("report", documents.report(blocks=[documents.chart(kind)]))
    words = words_of(pdf)
    assert "Figuur 1: Bereik van gezinnen" in words
    if kind != "ladder":
        assert "<5" in words
        assert "31,5" in words
    with pikepdf.open(io.BytesIO(pdf)) as document:
        alternatives = [str(entry["/Alt"]) for entry in dictionaries(document, "/Alt")]
    assert documents.chart(kind)["alt"] in alternatives


@pytest.mark.parametrize("values", [[None, None, None, None], [0, 0, 0, 0], [100, 100, 100, 100]])
@pytest.mark.parametrize("kind", ["bars", "hbars", "lines", "dumbbell", "ladder"])
def test_a_chart_bears_extreme_values(kind: str, values: list[int | None]) -> None:
    series = [{"label": label, "values": values, "tone": tone} for label, tone in (("voor", "sun"), ("na", "sky"))]
    assert page_count(typeset("report", documents.report(blocks=[documents.chart(kind, series=series, max=None)]))) > 4


def test_the_ends_of_a_change_are_readable_where_they_are_hidden_or_nothing() -> None:
    """On a paper as wide as the chart: the way of a picture in the Word document."""
    series = [
        {"label": "nulmeting", "values": [60, None], "tone": "sun"},
        {"label": "laatste meting", "values": [0, None], "tone": "leaf"},
    ]
    content = {"date": "2026-06-12", "charts": [documents.chart("dumbbell", x=["alle", "enkele"], series=series)]}
    page = pypdfium2.PdfDocument(typeset("charts", content, standard=None))[0].get_textpage()
    boxes = [page.get_charbox(place) for place in range(page.count_chars())]
    assert min(left for left, *_rest in boxes) >= 0
    hidden = page.search("<5 ·")
    ends = [page.get_charbox(found[0])[0] for found in iter(hidden.get_next, None)]
    assert len(ends) == 2
    assert abs(ends[0] - ends[1]) > 150
    assert len(pictures("charts", content)) == 1


def test_the_report_has_contents_signatures_and_colophon() -> None:
    words = words_of(typeset("report", documents.report()))
    for expected in (
        "Inhoud",
        "1 Samenvatting",
        "Tabel 1: Bereik per school",
        "Handtekeningen",
        "Griet Voorbeeld",
        "3f2a91c0",
    ):
        assert expected in words
    assert "ਧੰਨਵਾਦ" in words


def test_a_list_counts_on_from_the_number_that_it_says() -> None:
    blocks = [
        {"type": "ol", "items": ["een"]},
        documents.paragraph("Tussen."),
        {"type": "ol", "start": 7, "items": ["x"]},
    ]
    words = words_of(typeset("report", documents.report(blocks=blocks)))
    assert "1. een" in words
    assert "7. x" in words


def test_the_tables_of_a_report_have_header_cells() -> None:
    with pikepdf.open(io.BytesIO(typeset("report", documents.report()))) as document:
        kinds = {str(entry["/S"]) for entry in dictionaries(document, "/S")}
    assert {"/Table", "/TH", "/TD", "/H1", "/L", "/Figure", "/TOC"} <= kinds


@pytest.mark.parametrize("language", ["nl-BE", "fr-BE", "en", "pa-Guru", "ar"])
def test_report_and_draaiboek_are_set_in_any_language(language: str) -> None:
    assert page_count(typeset("report", documents.report(language))) >= 7
    assert page_count(typeset("booklet", {**documents.booklet(), "lang": language})) >= 6


def test_the_draaiboek_shows_a_whole_card() -> None:
    words = words_of(typeset("booklet", documents.booklet()))
    card = documents.booklet()["cards"][0]
    for part in (
        card["title"],
        card["aim"],
        *card["steps"]["during"],
        *card["pitfalls"],
        card["privacy"],
        card["phrases"][0]["nl"],
    ):
        assert part in words


@pytest.mark.parametrize("missing", ["date", "title", "letters", "school"])
def test_incomplete_content_is_refused_with_a_reason(missing: str) -> None:
    content = copy.deepcopy(samples.letters("nl"))
    del content[missing]
    with pytest.raises(TypesettingError, match=missing):
        typeset("letter", content)


@pytest.mark.parametrize("name", ["nothing", "../typst/letter", "parts/qr"])
def test_only_known_templates_are_set(name: str) -> None:
    with pytest.raises(TypesettingError, match="no print template"):
        typeset(name, samples.letters("nl"))
