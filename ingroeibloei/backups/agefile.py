"""Files sealed for the holder of a key, in the format of age (age-encryption.org/v1), piece by piece.

The portal knows the public half only (``age1…``), so that who takes the server cannot open the backups of yesterday.
The format is age's own, so that every backup also opens without the portal: ``age --decrypt --identity KEY FILE``. Each
piece of 64 KiB is authenticated with its place and with whether it is the last: what was changed, moved or cut does not
open.
"""

from __future__ import annotations

import base64
import hmac
import io
import secrets
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ingroeibloei.backups import bech32

PUBLIC, SECRET = "age", "age-secret-key-"
_FIRST_LINE = b"age-encryption.org/v1\n"
_INFO = b"age-encryption.org/v1/X25519"
_LONGEST_HEADER = 16 * 1024
PIECE = 64 * 1024
_TAG = 16


class NotOpenedError(Exception):
    """The file does not open: another key, or not as it was written."""


class WrongKeyError(NotOpenedError):
    """It was sealed for somebody else."""


class DamagedError(NotOpenedError):
    """It was changed or cut after it was sealed, or is no such file."""


def new_key() -> tuple[str, str]:
    """A secret key and the public one that belongs to it."""
    key = X25519PrivateKey.generate()
    return bech32.encode(SECRET, key.private_bytes_raw()).upper(), public_of(key)


def public_of(key: X25519PrivateKey) -> str:
    return bech32.encode(PUBLIC, key.public_key().public_bytes_raw())


def read_public(text: str) -> X25519PublicKey:
    """Raises ValueError with what is wrong."""
    return X25519PublicKey.from_public_bytes(_bytes_of(text.strip(), PUBLIC))


def read_secret(text: str) -> X25519PrivateKey:
    """From what ``new_key`` or ``age-keygen`` wrote, whose other lines begin with #. Raises ValueError."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if len(lines) != 1:
        raise ValueError("A key file holds one line that begins with AGE-SECRET-KEY-1.")
    return X25519PrivateKey.from_private_bytes(_bytes_of(lines[0], SECRET))


def _bytes_of(text: str, wanted: str) -> bytes:
    word, raw = bech32.decode(text)
    if word != wanted or len(raw) != 32:
        raise ValueError(f"A key that begins with {wanted}1 is wanted here.")
    return raw


class Sealer(io.RawIOBase):
    """Writes what it is given, sealed, to ``target``; unfinished until it is closed without an error."""

    def __init__(self, target: BinaryIO, public: X25519PublicKey) -> None:
        self._target, self._kept, self._place = target, bytearray(), 0
        file_key, nonce = secrets.token_bytes(16), secrets.token_bytes(16)
        target.write(_header(file_key, public) + nonce)
        self._cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        view = memoryview(content).cast("B")  # type: ignore[arg-type]
        self._kept += view
        while len(self._kept) > PIECE:  # the last piece, full or not, waits for the end
            self._seal(bytes(self._kept[:PIECE]), is_last=False)
            del self._kept[:PIECE]
        return len(view)

    def finish(self) -> None:
        """Write the last piece: a file that was not finished does not open."""
        self._seal(bytes(self._kept), is_last=True)
        self._kept.clear()
        self._target.flush()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._place, is_last), piece, None))
        self._place += 1


class Opener(io.RawIOBase):
    """Reads what a sealed file holds. Raises WrongKeyError at once; DamagedError where it is damaged."""

    def __init__(self, source: BinaryIO, secret: X25519PrivateKey) -> None:
        file_key = _read_header(source, secret)
        nonce = source.read(16)
        if len(nonce) != 16:
            raise DamagedError("it ends within its first lines")
        self._pieces = _opened(source, ChaCha20Poly1305(_derived(file_key, nonce, b"payload")))
        self._kept = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if not self._kept:
            self._kept = next(self._pieces, b"")
        number = min(len(view), len(self._kept))
        view[:number], self._kept = self._kept[:number], self._kept[number:]
        return number


def _opened(source: BinaryIO, cipher: ChaCha20Poly1305) -> Iterator[bytes]:
    place, piece = 0, source.read(PIECE + _TAG)
    while True:
        following = source.read(PIECE + _TAG)
        try:
            content = cipher.decrypt(_nonce(place, not following), piece, None)
        except (InvalidTag, ValueError) as error:
            raise DamagedError("it was changed or cut") from error
        if content or place == 0:
            yield content
        else:
            raise DamagedError("it has an empty end")
        if not following:
            return
        place, piece = place + 1, following


def _nonce(place: int, is_last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([is_last])


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(key)


def _header(file_key: bytes, public: X25519PublicKey) -> bytes:
    own = X25519PrivateKey.generate()
    share = own.public_key().public_bytes_raw()
    wrapping = _derived(own.exchange(public), share + public.public_bytes_raw(), _INFO)
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    text = _FIRST_LINE + b"-> X25519 " + _base64(share) + b"\n" + _base64(wrapped) + b"\n---"
    return text + b" " + _base64(_proof(file_key, text)) + b"\n"


def _read_header(source: BinaryIO, secret: X25519PrivateKey) -> bytes:
    """The key of the file, for whom it was sealed. A file of age may be sealed for several."""
    if source.readline(len(_FIRST_LINE)) != _FIRST_LINE:
        raise DamagedError("it does not begin as a sealed file")
    text, lines = _FIRST_LINE, []
    while not (line := source.readline(_LONGEST_HEADER)).startswith(b"---"):
        if not line.endswith(b"\n") or len(text) > _LONGEST_HEADER:
            raise DamagedError("its first lines have no end")
        text += line
        lines.append(line.strip())
    file_key = next(filter(None, (_unwrapped(*pair, secret) for pair in pairwise(lines))), None)
    if file_key is None:
        raise WrongKeyError("it was sealed for another key")
    if not hmac.compare_digest(_base64(_proof(file_key, text + b"---")), line[4:].strip()):
        raise DamagedError("its first lines were changed")
    return file_key


def _unwrapped(stanza: bytes, body: bytes, secret: X25519PrivateKey) -> bytes | None:
    words = stanza.split(b" ")
    if words[:2] != [b"->", b"X25519"] or len(words) != 3:
        return None
    try:
        share, wrapped = _unbase64(words[2]), _unbase64(body)
        shared = secret.exchange(X25519PublicKey.from_public_bytes(share))
        wrapping = _derived(shared, share + secret.public_key().public_bytes_raw(), _INFO)
        return ChaCha20Poly1305(wrapping).decrypt(bytes(12), wrapped, None)
    except (InvalidTag, ValueError):
        return None


def _proof(file_key: bytes, text: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), text, "sha256")


def _base64(raw: bytes) -> bytes:
    return base64.b64encode(raw).rstrip(b"=")


def _unbase64(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
