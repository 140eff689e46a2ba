"""The keys of notices: the token of a link, the short code of a letter, the signature in a mail's name.

A token is a MAC over delivery id and version under a key of its own (rulings 6), so that planning needs no secrets
and a resend carries the same link; raising ``token_version`` revokes both. A short code is the id and version behind a
keyed permutation of 60 bits: nothing is stored, and a guess meets a valid code as rarely as with 60 random bits.
"""

from __future__ import annotations

import base64
import hmac
import re
import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from messaging.models import Channel, Delivery
from schools import clock

_MAC_LETTERS = 16  # of 6 bits: 96 bits
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_MISREAD = str.maketrans("ILO", "110")
_MAIL_MAC_LETTERS = 24  # of 4 bits: 96 bits
_MAIL_NAME = re.compile(r"(?<![A-Za-z0-9.])d([1-9][0-9]{0,17})\.([1-9][0-9]{0,4})\.([0-9a-f]{24})(?![0-9A-Za-z.])")
_HALF_BITS = 30
_HALF = (1 << _HALF_BITS) - 1
_VERSION_BITS = 16
_ROUNDS = 6


def _mac(*parts: object, key: str = "") -> bytes:
    """By the present key, or by ``key``."""
    mac = _begun(key or settings.NOTICE_LINK_KEY).copy()
    mac.update(":".join(map(str, parts)).encode())
    return mac.digest()


@lru_cache(maxsize=8)
def _begun(key: str) -> hmac.HMAC:
    """To be copied: every mail has two of these, a letter's code six."""
    return hmac.new(key.encode(), digestmod="sha256")


def _keys() -> tuple[str, ...]:
    """The present key, and earlier ones whose links still open."""
    return (settings.NOTICE_LINK_KEY, *settings.NOTICE_LINK_KEY_FALLBACKS)


def token_for(delivery_id: int, version: int, *, key: str = "") -> str:
    """The token of a delivery's link."""
    number = delivery_id.to_bytes((delivery_id.bit_length() + 7) // 8, "big")
    mac = base64.urlsafe_b64encode(_mac("notice", delivery_id, version, key=key)).decode()[:_MAC_LETTERS]
    return mac + base64.urlsafe_b64encode(number).decode().rstrip("=")


def make_token(delivery: Delivery) -> str:
    return token_for(delivery.pk, delivery.token_version)


def notice_url(delivery: Delivery) -> str:
    """The whole link of a notice, as it stands in mails, text messages and QR codes."""
    return url_for(delivery.pk, delivery.token_version)


def url_for(delivery_id: int, version: int) -> str:
    return f"{settings.SITE_URL}/b/{token_for(delivery_id, version)}/"


def unsubscribe_url(url: str) -> str:
    """Where a mail program posts a one-click unsubscribe (RFC 8058)."""
    return f"{url}uitschrijven/"


def delivery_of(token: str) -> Delivery | None:
    """The delivery a token belongs to; None when it is wrong, revoked or expired."""
    number = token[_MAC_LETTERS:]
    try:
        pk = int.from_bytes(base64.b64decode(number + "=" * (-len(number) % 4), altchars=b"-_", validate=True), "big")
    except ValueError:
        return None
    delivery = _living(pk)
    if delivery is None:
        return None
    right = (token_for(delivery.pk, delivery.token_version, key=key) for key in _keys())
    return delivery if any(hmac.compare_digest(one.encode(), token.encode()) for one in right) else None


def short_code(delivery: Delivery) -> str:
    """The code that a letter carries beside its QR code: 12 letters in groups of 4."""
    value = _permuted(delivery.pk << _VERSION_BITS | delivery.token_version)
    letters = "".join(_ALPHABET[value >> shift & 31] for shift in range(55, -1, -5))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def delivery_of_short_code(text: str) -> Delivery | None:
    """The letter a typed code belongs to, whatever its spacing, case and dashes and in the figures of any script; None
    when it is wrong, revoked or expired."""
    typed = (letter for letter in unicodedata.normalize("NFKC", text).upper() if letter.isalnum())
    letters = "".join(str(unicodedata.digit(letter, letter)) for letter in typed).translate(_MISREAD)
    if len(letters) != 12 or any(letter not in _ALPHABET for letter in letters):
        return None
    value = 0
    for letter in letters:
        value = value << 5 | _ALPHABET.index(letter)
    return next((found for key in _keys() if (found := _letter_of(_permuted_back(value, key)))), None)


def _letter_of(value: int) -> Delivery | None:
    delivery = _living(value >> _VERSION_BITS)
    if delivery is None or delivery.channel != Channel.LETTER:
        return None
    return delivery if delivery.token_version == value & ((1 << _VERSION_BITS) - 1) else None


def receipt_signature(delivery_id: int) -> str:
    """What proves that a report about a text message comes from the gateway we gave the address to."""
    return _mac("sms-receipt", delivery_id).hex()[:32]


def is_receipt_signature(delivery_id: int, signature: str) -> bool:
    right = (_mac("sms-receipt", delivery_id, key=key).hex()[:32] for key in _keys())
    return any(hmac.compare_digest(one.encode(), signature.encode()) for one in right)


def mail_signature(delivery_id: int, round_number: int, *, key: str = "") -> str:
    """What proves that a mail which comes back, or is reported about, is one of ours."""
    return _mac("mail", delivery_id, round_number, key=key).hex()[:_MAIL_MAC_LETTERS]


def delivery_named(name: str) -> int | None:
    """The id of the delivery that a mail's name (``d12.1.…``, perhaps with ``<`` ``@host>``) stands for, if signed."""
    found = _MAIL_NAME.search(name)
    if found is None:
        return None
    pk, round_number, signature = int(found[1]), int(found[2]), found[3]
    right = (mail_signature(pk, round_number, key=key) for key in _keys())
    return pk if any(hmac.compare_digest(one, signature) for one in right) else None


def oldest_living() -> datetime:
    """Links of deliveries made before this moment open nothing any more."""
    return clock.now() - timedelta(days=settings.NOTICE_LINK_DAYS)


def _living(pk: int) -> Delivery | None:
    if not 0 < pk < 1 << 63:
        return None
    rows = Delivery.objects.select_related("notice__school", "notice__author", "guardian", "contact_point")
    return rows.filter(pk=pk, created_at__gte=oldest_living()).first()


def _round(number: int, half: int, key: str = "") -> int:
    return int.from_bytes(_mac("short-code", number, half, key=key)[:4], "big") & _HALF


def _permuted(value: int) -> int:
    """A Feistel network over two halves of 30 bits."""
    left, right = value >> _HALF_BITS, value & _HALF
    for number in range(_ROUNDS):
        left, right = right, left ^ _round(number, right)
    return left << _HALF_BITS | right


def _permuted_back(value: int, key: str) -> int:
    left, right = value >> _HALF_BITS, value & _HALF
    for number in reversed(range(_ROUNDS)):
        left, right = right ^ _round(number, left, key), left
    return left << _HALF_BITS | right
