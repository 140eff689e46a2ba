"""Rules for staff accounts: nobody signs up, people are invited."""

from __future__ import annotations

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def is_reauthentication_required(self, *, app: str, **more: object) -> bool:
        """Whether the password is asked again. Not soon after signing in: setting up a second factor is one visit."""
        return not self._signed_in_just_now() and bool(super().is_reauthentication_required(app=app, **more))

    def _signed_in_just_now(self) -> bool:
        signed_in = [record["at"] for record in get_authentication_records(self.request, self.request.user)]
        return bool(signed_in) and time.time() - max(signed_in) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
