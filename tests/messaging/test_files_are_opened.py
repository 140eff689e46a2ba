"""What a file is, its content says. It is opened, made anew, and refused when more is in it than is seen."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from messaging.files import checking
from messaging.files.checking import CheckedFile
from messaging.files.limits import MAX_BYTES, Kind, Refusal, Refused, kind_of
from messaging.files.opener import cleaned
from tests.messaging.leaflets import drawing, noted, opening, pdf, photograph, picture, turned

Name = pikepdf.Name


def made_anew(content: bytes) -> CheckedFile:
    """As the program beside the portal does, without starting it."""
    kind = kind_of(content)
    return CheckedFile(kind, cleaned(content, kind))


def reason(content: bytes) -> Refusal:
    with pytest.raises(Refused) as refused:
        made_anew(content)
    return refused.value.reason


class TestPictures:
    def test_a_photograph_forgets_where_it_was_taken_and_stands_upright(self) -> None:
        found = made_anew(photograph())
        image = Image.open(BytesIO(found.content))
        assert (found.kind, image.size) == (Kind.JPEG, (1800, 2400))
        assert dict(image.getexif()) == {}
        assert b"Els" not in found.content
        assert b"Exif" not in found.content

    @pytest.mark.parametrize("kind", [Kind.PNG, Kind.WEBP])
    def test_what_is_transparent_stays_so(self, kind: Kind) -> None:
        found = made_anew(picture(kind.value, mode="RGBA"))
        assert (found.kind, Image.open(BytesIO(found.content)).mode) == (kind, "RGBA")

    @pytest.mark.parametrize("mode", ["CMYK", "L"])
    def test_a_picture_for_print_becomes_one_for_screens(self, mode: str) -> None:
        assert Image.open(BytesIO(made_anew(picture(mode=mode)).content)).mode == "RGB"

    def test_what_hangs_behind_a_picture_stays_out(self) -> None:
        assert b"evil" not in made_anew(picture("PNG") + b"PK\x03\x04 evil").content

    def test_the_same_file_twice_is_the_same_file(self) -> None:
        assert made_anew(picture()).sha256 == made_anew(picture()).sha256

    def test_a_bomb_of_a_hundred_million_dots_is_refused_unopened(self) -> None:
        assert reason(picture("PNG", (12_000, 9_000), mode="1")) == Refusal.TOO_MANY_PIXELS

    def test_half_a_picture_is_none(self) -> None:
        assert reason(photograph()[:3000]) == Refusal.BROKEN


class TestDocuments:
    def test_pages_stay_and_names_of_author_and_program_go(self) -> None:
        def signed(document: pikepdf.Pdf) -> None:
            document.docinfo["/Author"] = "Els Peeters"

        found = made_anew(pdf(signed, pages=3))
        with pikepdf.open(BytesIO(found.content)) as document:
            assert len(document.pages) == 3
            assert "/Info" not in document.trailer
        assert b"Els" not in found.content
        assert made_anew(pdf(signed, pages=3)).sha256 == found.sha256

    def test_what_hangs_behind_the_last_page_stays_out(self) -> None:
        assert b"evil" not in made_anew(pdf() + b"PK\x03\x04 evil").content

    @pytest.mark.parametrize("user", ["", "geheim"])
    def test_a_locked_one_is_refused(self, user: str) -> None:
        assert reason(pdf(encryption=pikepdf.Encryption(owner="baas", user=user))) == Refusal.LOCKED

    @pytest.mark.parametrize(
        "change",
        [
            opening(S=Name.JavaScript, JS="app.alert(1)"),
            opening(S=Name.Launch, F="calc.exe"),
            opening(S=Name.URI, URI="javascript:alert(1)"),
            opening(S=Name.URI, URI="https://elders.example/gezien"),
            opening(S=Name.Named, N=Name.Print),
            opening(S=Name.GoTo, D=1, Next=pikepdf.Dictionary(S=Name.URI, URI="https://elders.example/gezien")),
            turned(O=pikepdf.Dictionary(S=Name.URI, URI="https://elders.example/gezien")),
            drawing(b"q", F=pikepdf.Dictionary(FS=Name.URL, F="https://elders.example/gezien")),
            opening(S=Name.GoTo, D=1, Next=pikepdf.Dictionary(S=Name.SubmitForm, F="https://elders.example")),
            noted(Subtype=Name.RichMedia),
            noted(Subtype=Name.Widget, AA=pikepdf.Dictionary(K=pikepdf.Dictionary(S=Name.JavaScript))),
        ],
    )
    def test_one_that_does_something_by_itself_is_refused(self, change: object) -> None:
        assert reason(pdf(change)) == Refusal.ACTIVE  # type: ignore[arg-type]

    def test_one_that_opens_at_a_page_of_its_own_is_no_harm(self) -> None:
        def at_a_page(document: pikepdf.Pdf) -> None:
            document.Root.OpenAction = pikepdf.Array([document.pages[0].obj, Name.Fit])

        assert made_anew(pdf(at_a_page)).kind == Kind.PDF
        assert made_anew(pdf(opening(S=Name.GoTo, D="begin"))).kind == Kind.PDF

    def test_a_link_to_a_web_page_is_no_harm(self) -> None:
        link = noted(Subtype=Name.Link, A=pikepdf.Dictionary(S=Name.URI, URI="https://school.example"))
        assert made_anew(pdf(link)).kind == Kind.PDF

    def test_one_with_other_files_in_it_is_refused(self) -> None:
        def packed(document: pikepdf.Pdf) -> None:
            document.attachments["meer.txt"] = b"meer"

        assert reason(pdf(packed)) == Refusal.HOLDS_FILES

    def test_one_with_too_many_pages_is_refused(self) -> None:
        assert reason(pdf(pages=41)) == Refusal.TOO_MANY_PAGES

    def test_one_that_unpacks_to_too_much_is_refused(self) -> None:
        packed = zlib.compress(b" " * 250_000_000, 9)
        assert len(packed) < MAX_BYTES
        assert reason(pdf(drawing(packed, Filter=Name.FlateDecode), compress_streams=False)) == Refusal.EXPANDS

    def test_and_so_is_one_packed_twice_or_in_an_old_way(self) -> None:
        twice = drawing(zlib.compress(zlib.compress(b" " * 9)), Filter=pikepdf.Array([Name.FlateDecode] * 2))
        old = drawing(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", Filter=Name.LZWDecode)
        for change in (twice, old):
            assert reason(pdf(change, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)) == (
                Refusal.EXPANDS
            )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Refusal.EMPTY),
        (b"%PDF-1.7\n<html><script>alert(1)</script></html>", Refusal.BROKEN),
        (b"<html>%PDF-1.7", Refusal.UNKNOWN),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', Refusal.UNKNOWN),
        (b"GIF89a" + b"\x00" * 40, Refusal.UNKNOWN),
        (b"PK\x03\x04" + b"\x00" * 40, Refusal.UNKNOWN),
        (b"MZ\x90\x00" + pdf(), Refusal.UNKNOWN),
        (b"\xff\xd8\xff\xe0<script>alert(1)</script>", Refusal.BROKEN),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, Refusal.BROKEN),
    ],
)
def test_what_only_poses_as_one_of_the_four_kinds_is_refused(content: bytes, why: Refusal) -> None:
    assert reason(content) == why


class TestTheProgramBeside:
    """Files are opened in a process of their own."""

    def test_it_hands_back_the_file_or_the_reason(self) -> None:
        assert checking.checked(picture()).kind == Kind.JPEG
        with pytest.raises(Refused) as refused:
            checking.checked(pdf(opening(S=Name.JavaScript, JS="a()")))
        assert refused.value.reason == Refusal.ACTIVE

    def test_what_is_too_large_never_gets_there(self) -> None:
        with pytest.raises(Refused) as refused:
            checking.checked(b"%PDF-" + b"x" * MAX_BYTES)
        assert refused.value.reason == Refusal.TOO_BIG

    def test_one_that_never_ends_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checking, "PATIENCE", 0.01)
        with pytest.raises(Refused) as refused:
            checking.checked(pdf())
        assert refused.value.reason == Refusal.EXPANDS

    def test_one_that_bursts_the_program_is_broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checking, "PROGRAM", "messaging.files.no_such_program")
        with pytest.raises(Refused) as refused:
            checking.checked(pdf())
        assert refused.value.reason == Refusal.BROKEN


def test_a_reader_that_does_not_start_here_is_seen_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Else every colleague reads that the own file is broken, and nobody hears why."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho libpython: no such file >&2; exit 127\n")
    broken.chmod(0o700)
    monkeypatch.setattr(checking.sys, "executable", str(broken))
    with pytest.raises(Refused):
        checking.checked(picture())
    assert [record.getMessage() for record in caplog.records] == [
        "The program that opens files ended with 127 on a JPEG."
    ]
