"""A recording is what its content is, as long as it really lasts, and small; what is none is refused with words."""

from __future__ import annotations

from pathlib import Path

import pytest

from messaging.files.limits import MAX_BYTES, Refusal, Refused
from messaging.files.listening import checked_sound
from messaging.files.sounds import MAX_SECONDS, MAX_SOUND_BYTES, SoundKind, seconds_of, sound_kind_of
from messaging.forms_recordings import WHY_REFUSED
from tests.messaging.voices import FFMPEG, MADE_BY, converted, tone

KINDS = {"m4a": "MP4", "fragments.mp4": "MP4", "live.webm": "WEBM", "ogg": "OGG", "mp3": "MP3"}


def why(content: bytes, ffmpeg: str = "") -> Refusal:
    with pytest.raises(Refused) as refused:
        checked_sound(content, ffmpeg)
    assert refused.value.reason in WHY_REFUSED
    return refused.value.reason


@pytest.mark.parametrize("kind", sorted(MADE_BY))
def test_what_phones_and_browsers_record_is_known_and_measured(tmp_path: Path, kind: str) -> None:
    made = converted(tmp_path, tone(3.4), kind)
    assert sound_kind_of(made) == KINDS[kind]
    assert seconds_of(made, sound_kind_of(made)) == pytest.approx(3.4, abs=0.3)


@pytest.mark.parametrize("kind", sorted(MADE_BY))
def test_with_ffmpeg_everything_becomes_small_and_plays_on_every_phone(tmp_path: Path, kind: str) -> None:
    made = checked_sound(converted(tmp_path, tone(3.4), kind), FFMPEG)
    assert (made.kind, made.seconds) == (SoundKind.MP4, 4)
    assert b"mp4a" in made.content
    assert len(made.content) < 4 * 8_000
    assert sound_kind_of(made.content) == SoundKind.MP4


@pytest.mark.full
def test_three_minutes_weigh_what_a_phone_in_the_street_can_carry() -> None:
    made = checked_sound(tone(MAX_SECONDS - 0.5), FFMPEG)
    assert made.seconds == MAX_SECONDS
    assert len(made.content) < MAX_SOUND_BYTES


def test_who_recorded_it_where_does_not_stay_in_the_file(tmp_path: Path) -> None:
    told = converted(tmp_path, tone(2), "m4a", "-metadata", "title=Thuis bij Els", "-metadata", "artist=Els")
    assert b"Els" in told
    assert b"Els" not in checked_sound(told, FFMPEG).content


def test_without_ffmpeg_it_stays_as_it_is(tmp_path: Path) -> None:
    made = converted(tmp_path, tone(2), "ogg")
    kept = checked_sound(made)
    assert (kept.kind, kept.content, kept.seconds) == (SoundKind.OGG, made, 2)


def test_without_ffmpeg_a_large_file_is_refused_and_not_given_to_parents() -> None:
    assert why(tone(100)) == Refusal.TOO_BIG
    assert checked_sound(tone(100), FFMPEG).seconds == 100


@pytest.mark.parametrize("ffmpeg", ["", FFMPEG], ids=["without", "with"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"%PDF-1.7 een blad", Refusal.UNKNOWN),
        (b"\xff\xd8\xff\xe0 een foto", Refusal.UNKNOWN),
        (b"#EXTM3U\nhttp://elders.example/stem.mp3", Refusal.UNKNOWN),
        (b"RIFF\x00\x00\x00\x00WAVE", Refusal.BROKEN),
        (b"OggS" + b"\x00" * 200, Refusal.BROKEN),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\x00" * 200, Refusal.BROKEN),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00mp4a" + b"\xff" * 90, Refusal.BROKEN),
        (b"\x00\x00\x00\x10ftypmp4a0000" + b"\x00\x00\xff\xffmoov" * 5_000, Refusal.BROKEN),
        (b"ID3\x04\x00\x00\x00\x00\x00\x05abcde<script>a()</script>", Refusal.BROKEN),
        (tone(0.4), Refusal.TOO_SHORT),
        pytest.param(tone(MAX_SECONDS + 5), Refusal.TOO_LONG, marks=pytest.mark.full),
        (b"OggS" + b"\x00" * MAX_BYTES, Refusal.TOO_BIG),
    ],
    ids=["empty", "pdf", "photo", "list", "wav", "ogg", "webm", "mp4", "nested", "mp3", "short", "long", "large"],
)
def test_what_is_none_is_refused(content: bytes, reason: Refusal, ffmpeg: str) -> None:
    found = why(content, ffmpeg)
    # Without a decoder a file of other sounds than browsers know is unknown rather than broken.
    assert found == reason or (not ffmpeg and found in (Refusal.UNKNOWN, Refusal.TOO_SHORT))


def test_a_file_does_not_make_the_reader_fetch_another(tmp_path: Path) -> None:
    """Play lists and pointers to other files are none of the kinds, whatever ffmpeg could make of them."""
    pointer = f"ffconcat version 1.0\nfile {tmp_path / 'geheim.wav'}\n".encode()
    (tmp_path / "geheim.wav").write_bytes(tone(2))
    assert why(pointer, FFMPEG) == Refusal.UNKNOWN
    assert why(b"OggS" + pointer, FFMPEG) == Refusal.BROKEN


def test_a_number_of_megabytes_is_not_added_up_at_every_block() -> None:
    """It would keep the web server busy for minutes."""

    def element(name: bytes, content: bytes) -> bytes:
        return name + (len(content) | 1 << 56).to_bytes(8, "big") + content

    def recording(cluster: bytes) -> bytes:
        return b"\x1a\x45\xdf\xa3\x84webm" + element(b"\xe7", cluster) + element(b"\xa3", b"\x81\x07\xd0\x80")

    assert seconds_of(recording(bytes(8)), SoundKind.WEBM) == 2
    with pytest.raises(Refused) as refused:
        seconds_of(recording(bytes(1_000_000)), SoundKind.WEBM)
    assert refused.value.reason == Refusal.BROKEN


def test_a_part_is_not_handed_up_through_a_thousand_others() -> None:
    """A file of four megabytes would keep the web server busy for twenty seconds."""

    def box(name: bytes, content: bytes) -> bytes:
        return (8 + len(content)).to_bytes(4, "big") + name + content

    def recording(depth: int) -> bytes:
        content = box(b"mvhd", bytes(12) + (1_000).to_bytes(4, "big") + (3_000).to_bytes(4, "big"))
        for _level in range(depth):
            content = box(b"moov", content)
        return box(b"ftyp", b"mp4a") + content

    assert seconds_of(recording(4), SoundKind.MP4) == 3
    with pytest.raises(Refused) as refused:
        seconds_of(recording(40), SoundKind.MP4)
    assert refused.value.reason == Refusal.BROKEN
