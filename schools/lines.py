"""Text of several lines in a form."""

from __future__ import annotations

from typing import Any

from django import forms


class Lines(forms.Textarea):
    """A field of several lines. A new line is one sign, as the browser counts it against ``maxlength``; a form sends
    it as two, and what just fits would be refused."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        return typed.replace("\r\n", "\n") if isinstance(typed, str) else typed
