"""A page with several forms, of which one is sent: each says in ``form`` which it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _


class SentForm:
    """Which form of the page was sent; only that one is bound."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.sent = request.POST.get("form", "") if request.method == "POST" else ""

    def data(self, form: str) -> Any:
        """What was sent, for the form of this name; None for the others."""
        return self.request.POST if self.sent == form else None

    def tried(self, form: forms.Form, act: Callable[[dict[str, Any]], object], words: str) -> bool:
        """Whether the form was in order and the act was done, which ``words`` say; an act that changed nothing gives
        False. What is in the way stands at the form."""
        if not form.is_valid():
            return False
        try:
            changed = act(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return False
        messages.success(self.request, _("Nothing was changed.") if changed is False else words)
        return True
