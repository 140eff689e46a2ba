"""Marks of punctuation that languages set in their own way."""

from __future__ import annotations

from django.utils.translation import get_language


def colon() -> str:
    """Between a label and what it says; French leaves room before it."""
    return "\u00a0:" if (get_language() or "").startswith("fr") else ":"
