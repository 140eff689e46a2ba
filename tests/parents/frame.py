"""What a test reads off the frame of a page."""

from __future__ import annotations

import re
from typing import Any


def text_of(response: Any) -> str:
    return str(response.content.decode())


def language_and_direction(response: Any) -> tuple[str, str]:
    """``lang`` and ``dir`` of the page."""
    found = re.search(r'<html\s+lang="([^"]+)"\s+dir="([^"]+)"', text_of(response))
    assert found
    return found[1], found[2]
