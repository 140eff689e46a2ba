"""Sealed files open for who holds the key, with the portal and with age itself; for nobody else, and not in part."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest

from ingroeibloei.backups import bech32
from ingroeibloei.backups.agefile import (
    PIECE,
    DamagedError,
    NotOpenedError,
    Opener,
    Sealer,
    WrongKeyError,
    new_key,
    public_of,
    read_public,
    read_secret,
)

SECRET, PUBLIC = new_key()
SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17]


def content_of(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def sealed(content: bytes) -> bytes:
    target = io.BytesIO()
    sealer = Sealer(target, read_public(PUBLIC))
    sealer.write(content[:1000])
    sealer.write(content[1000:])
    sealer.finish()
    return target.getvalue()


def opened(raw: bytes, secret: str = SECRET) -> bytes:
    return io.BufferedReader(Opener(io.BytesIO(raw), read_secret(secret))).read()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens_whole(size: int) -> None:
    assert opened(sealed(content_of(size))) == content_of(size)


@pytest.mark.parametrize("size", [0, PIECE, PIECE + 1])
def test_age_itself_opens_our_files(size: int, tmp_path: Path) -> None:
    key = tmp_path / "key.txt"
    key.write_text(SECRET)
    made = subprocess.run(["age", "-d", "-i", key], input=sealed(content_of(size)), capture_output=True, check=True)
    assert made.stdout == content_of(size)


def test_we_open_files_that_age_sealed_also_for_several(tmp_path: Path) -> None:
    other = new_key()[1]
    words = ["age", "-r", other, "-r", PUBLIC]
    made = subprocess.run(words, input=content_of(PIECE + 1), capture_output=True, check=True)
    assert opened(made.stdout) == content_of(PIECE + 1)


def test_a_key_of_age_keygen_is_taken() -> None:
    made = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True)
    assert public_of(read_secret(made.stdout)) in made.stdout


def test_another_key_opens_nothing() -> None:
    with pytest.raises(WrongKeyError):
        opened(sealed(b"namen"), new_key()[0])


@pytest.mark.parametrize("place", [3, 30, 100, 190, 250, PIECE, -1])
def test_a_changed_bit_is_noticed(place: int) -> None:
    raw = bytearray(sealed(content_of(PIECE + 100)))
    raw[place] ^= 1
    with pytest.raises(NotOpenedError):
        opened(bytes(raw))


@pytest.mark.parametrize("size", [PIECE, 2 * PIECE, 2 * PIECE + 5])
def test_a_cut_file_does_not_open_also_when_it_is_cut_between_two_pieces(size: int) -> None:
    raw = sealed(content_of(size))
    begins = len(raw) - len(sealed(b"")) - 16 * ((size - 1) // PIECE) - size + len(sealed(b"")) - 16
    for end in (0, 10, begins, begins + PIECE + 16, len(raw) - 16, len(raw) - 1):
        if end < len(raw):
            with pytest.raises(DamagedError):
                opened(raw[:end])


def test_a_file_that_was_not_finished_does_not_open() -> None:
    target = io.BytesIO()
    Sealer(target, read_public(PUBLIC)).write(content_of(3 * PIECE))
    with pytest.raises(DamagedError):
        opened(target.getvalue())


def test_pieces_in_another_order_do_not_open() -> None:
    raw = sealed(content_of(3 * PIECE))
    step = PIECE + 16
    begins = len(raw) - 3 * step
    swapped = (
        raw[:begins] + raw[begins + step : begins + 2 * step] + raw[begins : begins + step] + raw[begins + 2 * step :]
    )
    with pytest.raises(DamagedError):
        opened(swapped)


#: Another last letter than the key has.
WRONG = PUBLIC[:-1] + ("q" if PUBLIC.endswith("p") else "p")
NO_PUBLIC = {
    "nothing": "",
    "beginning": "age1",
    "cut": PUBLIC[:-1],
    "other kind": PUBLIC.replace("age1", "age2"),
    "typed wrongly": WRONG,
    "secret": SECRET,
}
NO_SECRET = {"nothing": "", "public": PUBLIC, "two": f"{SECRET}\n{SECRET}", "cut": SECRET[:-2]}


# The keys are other ones in each process, their names are not.
@pytest.mark.parametrize("text", NO_PUBLIC.values(), ids=NO_PUBLIC)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="key"):
        read_public(text)


@pytest.mark.parametrize("text", NO_SECRET.values(), ids=NO_SECRET)
def test_what_is_no_secret_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="key"):
        read_secret(text)


def test_keys_are_written_as_the_standard_says() -> None:
    # Test vector of BIP 173.
    assert bech32.decode("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w")[0] == "split"
    assert bech32.encode(*bech32.decode(PUBLIC)) == PUBLIC
