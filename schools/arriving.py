"""What comes in with a request and claims to be one of ours: numbers of rows, addresses to go back to."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

#: Longer numbers fit no column: the database would raise instead of finding nothing.
_ROW_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def row_number(text: str) -> int | None:
    """The number of a row, or None. ``str.isdigit`` says yes to "²", which ``int`` refuses."""
    return int(text) if _ROW_NUMBER.fullmatch(text) else None


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows; a number that no row can have is an error of the form, not of the database."""

    def clean(self, value: Any) -> Any:
        for pk in value or ():
            if row_number(str(pk)) is None:
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": str(pk)[:40]}
                )
        return super().clean(value)


def back_address(request: HttpRequest, fallback: str) -> str:
    """The page of ours that a form names in ``next``, else ``fallback``."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and is_ours else fallback
