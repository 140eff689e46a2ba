"""Talks that wait on a device are sealed for this server alone: whoever finds the device cannot read them (rulings 9).

A device makes a pair of keys for each talk, agrees with the server's public key (ECDH on P-256), derives a key from it
(HKDF-SHA-256) and seals with AES-256-GCM; the talk's ``client_id`` is associated data. The server's private key follows
from ``SECRET_KEY``; what was sealed before that was replaced opens with one of ``SECRET_KEY_FALLBACKS``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

_PURPOSE = b"ingroeibloei offline talk 1"
_OWN_PURPOSE = b"ingroeibloei offline key 1"
#: Order of the group of P-256 (SEC 2, 2.4.2).
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class CannotOpen(Exception):
    """It was sealed for another key, for another talk, or changed on the way."""


def public_key() -> dict[str, str]:
    """What a device seals with: ``id`` and ``point``, the uncompressed point in base64."""
    point = _point(_private(settings.SECRET_KEY))
    return {"id": _name(point), "point": base64.b64encode(point).decode()}


def open_sealed(sealed: Mapping[str, Any], client_id: str) -> dict[str, Any]:
    """The talk in ``sealed`` (``key``: id of ours, ``point``, ``iv``, ``data``). Raises CannotOpen."""
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(sealed["point"]))
        nonce, data = base64.b64decode(sealed["iv"]), base64.b64decode(sealed["data"])
        ours = _keys()[sealed["key"]]
        secret = HKDF(hashes.SHA256(), 32, salt=None, info=_PURPOSE).derive(ours.exchange(ec.ECDH(), theirs))
        talk = json.loads(AESGCM(secret).decrypt(nonce, data, client_id.encode()))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, binascii.Error, InvalidTag) as error:
        raise CannotOpen from error
    if not isinstance(talk, dict):
        raise CannotOpen
    return talk


def _keys() -> dict[str, ec.EllipticCurvePrivateKey]:
    ours = [_private(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return {_name(_point(key)): key for key in ours}


@cache
def _private(secret: str) -> ec.EllipticCurvePrivateKey:
    wide = HKDF(hashes.SHA256(), 48, salt=None, info=_OWN_PURPOSE).derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(wide) % (_ORDER - 1) + 1, ec.SECP256R1())


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _name(point: bytes) -> str:
    return hashlib.sha256(point).hexdigest()[:16]
