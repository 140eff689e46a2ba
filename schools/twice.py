"""How soon the same thing again is the same thing: a form that was sent twice, by a finger or by the browser's Back."""

from __future__ import annotations

from datetime import timedelta

#: Words that somebody wrote: the same ones of the same writer.
SAME_WORDS = timedelta(minutes=10)
#: Something made at a press, and not touched since.
SAME_PRESS = timedelta(seconds=10)
