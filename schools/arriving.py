"""What comes in with a request and claims to be one of ours: numbers of rows, addresses to go back to."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme

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


def page_before(request: HttpRequest, under: str = "/school/") -> str:
    """The page of ours under that path on which the link or the form stood, or nothing."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # it is no address at all
        return ""
    is_ours = came_from.netloc == request.get_host() and came_from.path.startswith(under)
    return escape_leading_slashes(f"{came_from.path}?{came_from.query}".rstrip("?")) if is_ours else ""


def after_signing_in(request: HttpRequest) -> str:
    """Where a colleague who was signed out goes on: at what was asked for, or at the page whose form was sent, for what
    a form is sent to is often no page to stand on."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else page_before(request) or "/"
