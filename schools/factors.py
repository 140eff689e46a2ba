"""Setting up a second factor: the pages of allauth, after which the session counts as having shown it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpResponse

from schools.accounts import remember_new_factor
from schools.schoolaccounts import bind_waiting


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


def _remember(view: SetUpCodeApp | AddPasskey, kind: str) -> None:
    newest = Authenticator.objects.filter(user=view.request.user, type=kind).latest("pk")
    remember_new_factor(view.request, newest)
    bind_waiting(view.request)
