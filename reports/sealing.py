"""The one way in which content is written before its checksum is taken."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def checksum(content: Any) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()
