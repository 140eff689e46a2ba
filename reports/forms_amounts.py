"""Numbers as people type them: "3,5", "1.234,56", "€ 12"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

_IN_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+")


def as_typed(text: str) -> str:
    """The number as Python writes it. A comma is the decimal mark; so is a single dot, unless three digits follow it:
    in Belgium "1.234" is more than a thousand."""
    bare = re.sub(r"[\s\u00a0\u202f€%]", "", text).replace("\u2212", "-")
    if "," in bare:
        return bare.replace(".", "").replace(",", ".") if bare.rfind(",") > bare.rfind(".") else bare.replace(",", "")
    return bare.replace(".", "") if _IN_THOUSANDS.fullmatch(bare) else bare


def written(value: Decimal | None) -> str:
    """A number as it stands in such a field: a comma, and no noughts that say nothing."""
    if value is None:
        return ""
    return f"{value.normalize():f}".replace(".", ",")


class AmountField(forms.DecimalField):
    """A number with a decimal comma, in a field of text, so that every browser and every language takes it."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        """A Decimal, or None for an empty field."""
        return super().to_python(as_typed(value) if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal) else value
