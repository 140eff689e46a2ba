"""Staff work behind a second factor: without one, the only pages are those that set it up."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

#: Set by the demo's own sign-in page, which exists in a demo only.
DEMO_SESSION_KEY = "demo_signed_in"


class SecondFactorMiddleware:
    """Sends a signed-in account without second factor to its set-up page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._needs_second_factor(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    @staticmethod
    def _needs_second_factor(request: HttpRequest) -> bool:
        if not request.path.startswith(("/school/", "/start/")) or not request.user.is_authenticated:
            return False
        if settings.DEMO and request.session.get(DEMO_SESSION_KEY):
            return False
        return not is_mfa_enabled(request.user)
