"""Setting up a second factor: the pages of allauth, after which the session counts as having shown it; and recovery
codes that no key opens any more, in whose place new ones are made."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from schools.accounts import remember_new_factor
from schools.schoolaccounts import bind_waiting
from schools.secondfactors import LostKeyError


class SetUpCodeApp(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _remember(self, Authenticator.Type.TOTP)
        return response


class AddPasskey(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _remember(self, Authenticator.Type.WEBAUTHN)
        return response


class _OwnCodes:
    """What stands there cannot be read by anybody: the page of new ones takes its place."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            shown: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except LostKeyError as error:
            messages.error(request, error.messages[0])
            return redirect("mfa_generate_recovery_codes")
        return shown


class OwnRecoveryCodes(_OwnCodes, ViewRecoveryCodesView):
    pass


class RecoveryCodesFile(_OwnCodes, DownloadRecoveryCodesView):
    pass


class NewRecoveryCodes(GenerateRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            context: dict[str, Any] = super().get_context_data(**kwargs)
        except LostKeyError:  # none of them can be used, so none goes by new ones
            context = {"form": self.get_form(), "view": self, "unused_code_count": 0} | kwargs
        return context


def _remember(view: SetUpCodeApp | AddPasskey, kind: str) -> None:
    newest = Authenticator.objects.filter(user=view.request.user, type=kind).latest("pk")
    remember_new_factor(view.request, newest)
    bind_waiting(view.request)
