"""A text of an office is opened like every file: what runs, fetches or hides is refused, and nobody is named in it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from docx import Document

from messaging.files.checking import checked
from messaging.files.limits import FOR_PARENTS, Kind, Refusal, Refused, kind_of
from messaging.files.opener import cleaned
from tests.messaging.office_files import odt, packed, parts_of, replaced, with_parts, word

RELS = "word/_rels/document.xml.rels"
LOCK = b"><manifest:encryption-data/><manifest:file-entry"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def made_anew(content: bytes) -> bytes:
    return cleaned(content, kind_of(content))


def reason(content: bytes) -> Refusal:
    with pytest.raises(Refused) as refused:
        made_anew(content)
    return refused.value.reason


def linked(kind: str, target: str, mode: str = "External") -> bytes:
    """A Word document that leads, or reaches, elsewhere."""
    more = f'<Relationship Id="rId99" Type="{LINK}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    return replaced(word(), RELS, b"</Relationships>", more.encode())


def field(*pieces: str) -> bytes:
    """A Word document with a field whose words are spread over pieces."""
    said = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    whole = f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{said}</w:p><w:sectPr'
    return replaced(word(), "word/document.xml", b"<w:sectPr", whole.encode())


def test_a_word_document_keeps_its_words_and_forgets_who_wrote_it_and_where() -> None:
    content = word()
    assert kind_of(content) == Kind.DOCX
    found = made_anew(content)
    document = Document(io.BytesIO(found))
    assert [one.text for one in document.paragraphs[:2]] == ["Aanwezig", "Zet een streepje per gezin."]
    assert not [name for name, part in parts_of(found).items() if b"Els" in part]
    assert kind_of(found) == Kind.DOCX


def test_who_remarked_and_changed_is_forgotten() -> None:
    changed = b'<w:p><w:ins w:id="1" w:author="Els Peeters" w:userId="Els@x"><w:r/></w:ins></w:p><w:sectPr'
    found = parts_of(made_anew(replaced(word(), "word/document.xml", b"<w:sectPr", changed)))
    assert b"<w:ins" in found["word/document.xml"]
    assert b"Els" not in found["word/document.xml"]


def test_an_opendocument_text_keeps_its_words_and_forgets_who_wrote_it() -> None:
    content = odt('<text:p>Aanwezig <text:a xlink:href="https://klasse.example/">lees</text:a></text:p>')
    assert kind_of(content) == Kind.ODT
    found = made_anew(content)
    parts = parts_of(found)
    assert b"Aanwezig" in parts["content.xml"]
    assert "Thumbnails/thumbnail.png" not in parts
    assert b"thumbnail" not in parts["META-INF/manifest.xml"]
    assert b"Els" not in b"".join(parts.values())
    assert kind_of(found) == Kind.ODT
    assert made_anew(found) == found, "cleaned twice is cleaned once"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda: word(word__vbaProject_bin=b"x"), Refusal.ACTIVE),
        (lambda: word(word__embeddings__a_exe=b"MZ"), Refusal.HOLDS_FILES),
        (lambda: replaced(word(), "[Content_Types].xml", b"document.main+xml", b"document.macroEnabled.main+xml"),
         Refusal.ACTIVE),
        (lambda: replaced(word(), "[Content_Types].xml", b"document.main+xml", b"template.main+xml"), Refusal.BROKEN),
        (lambda: linked("attachedTemplate", "https://evil.example/x.dotm"), Refusal.ACTIVE),
        (lambda: linked("image", "https://evil.example/seen.png"), Refusal.ACTIVE),
        (lambda: linked("hyperlink", "javascript:alert(1)"), Refusal.ACTIVE),
        (lambda: linked("oleObject", "embeddings/a.bin", "Internal"), Refusal.HOLDS_FILES),
        (lambda: linked("aFChunk", "chunk.xml", "Internal"), Refusal.HOLDS_FILES),
        (lambda: field("DDE", "AUTO c:\\\\windows\\\\cmd.exe"), Refusal.ACTIVE),
        (lambda: field("QUO", "TE 68 68 69"), Refusal.ACTIVE),
        (lambda: field('HYPERLINK "file:///etc/passwd"'), Refusal.ACTIVE),
        (lambda: replaced(word(), "word/document.xml", b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>'), Refusal.ACTIVE),
        (lambda: with_parts(word(), {"word/styles.xml": b"<w:styles"}), Refusal.BROKEN),
        (lambda: with_parts(word(), {"../up.xml": b"<x/>"}), Refusal.BROKEN),
        (lambda: packed({f"word/{number}.xml": b"<x/>" for number in range(300)} | parts_of(word())), Refusal.EXPANDS),
        (lambda: with_parts(word(), {"word/big.xml": b" " * 61 * 1024 * 1024}), Refusal.EXPANDS),
        (lambda: b"PK\x03\x04 word/document.xml", Refusal.BROKEN),
        (lambda: odt(Basic__Standard__x_xml=b"<x/>", Basic__a_bin=b"x"), Refusal.ACTIVE),
        (lambda: odt(Object__a_bin=b"x"), Refusal.HOLDS_FILES),
        (lambda: odt('<draw:object xlink:href="./Object 1"/>'), Refusal.HOLDS_FILES),
        (lambda: odt('<draw:image xlink:href="https://evil.example/seen.png"/>'), Refusal.ACTIVE),
        (lambda: odt('<text:a xlink:href="vnd.sun.star.script:x"/>'), Refusal.ACTIVE),
        (lambda: odt('<script:event-listener script:event-name="dom:load"/>'), Refusal.ACTIVE),
        (lambda: replaced(odt(), "META-INF/manifest.xml", b"><manifest:file-entry", LOCK), Refusal.LOCKED),
    ],
)  # fmt: skip
def test_what_runs_fetches_or_is_a_file_of_its_own_is_refused(content: Callable[[], bytes], why: Refusal) -> None:
    assert reason(content()) == why


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "latin-1"])
def test_a_text_that_another_program_would_read_otherwise_is_refused(encoding: str) -> None:
    words = f'<?xml version="1.0" encoding="{encoding}"?><w:comments xmlns:w="urn:w" w:author="Els"/>'
    assert reason(with_parts(word(), {"word/comments.xml": words.encode(encoding)})) == Refusal.BROKEN


@pytest.mark.parametrize("pieces", [("PAGE",), ("TOC \\o", ' "1-3"'), ('HYPERLINK "https://klasse.example/"',)])
def test_a_field_that_counts_or_leads_stays(pieces: tuple[str, ...]) -> None:
    assert made_anew(field(*pieces))


@pytest.mark.parametrize("made", [word, odt])
def test_with_a_notice_no_text_of_an_office_goes(made: Callable[[], bytes]) -> None:
    with pytest.raises(Refused) as refused:
        checked(made(), FOR_PARENTS)
    assert refused.value.reason == Refusal.UNKNOWN


def test_the_program_beside_the_portal_opens_it_too() -> None:
    assert checked(odt(), {Kind.ODT}).kind == Kind.ODT
