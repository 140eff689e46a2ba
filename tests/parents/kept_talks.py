"""Talks as a device keeps them."""

from __future__ import annotations

import base64
import json
import os
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from parents.offline.sealing import public_key
from schools import clock
from tests.cast import Cast


def sealed(talk: dict[str, Any], client_id: str, key: dict[str, str]) -> dict[str, str]:
    """As a browser does it (static/ingroeibloei/js/offline-store.js)."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(key["point"]))
    own, iv = ec.generate_private_key(ec.SECP256R1()), os.urandom(12)
    root = own.exchange(ec.ECDH(), theirs)
    secret = HKDF(hashes.SHA256(), 32, salt=bytes(32), info=b"ingroeibloei offline talk 1").derive(root)
    data = AESGCM(secret).encrypt(iv, json.dumps(talk).encode(), client_id.encode())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    packed = {"point": point, "iv": iv, "data": data}
    return {"key": key["id"]} | {name: base64.b64encode(value).decode() for name, value in packed.items()}


def talk(cast: Cast, child: str = "simran", *, by: str = "teacher_3b", **fields: str) -> dict[str, Any]:
    facts = {"kind": "GATE_TALK", "outcome": "REACHED_AGREED", "held_on": clock.today().isoformat()} | fields
    pupil = cast.pupils[child].pk
    return {"user": cast.staff[by].pk, "pupil": pupil, "fields": [list(pair) for pair in facts.items()], "seconds": 9}


def row(facts: dict[str, Any], client_id: str = "", key: dict[str, str] | None = None) -> dict[str, Any]:
    name = client_id or str(uuid4())
    return {"client_id": name, "sealed": sealed(facts, name, key or public_key())}


def form_of(kept: dict[str, Any]) -> dict[str, object]:
    """What the button beside a refused talk sends."""
    return {"client_id": kept["client_id"], "sealed": json.dumps(kept["sealed"])}
