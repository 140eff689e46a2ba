"""Staff work behind a second factor: without one, the only pages are those that set it up."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from schools import devices, sessions
from schools.accounts import second_factor_shown
from schools.arriving import after_signing_in

#: Set by the demo's own sign-in page, which exists in a demo only.
DEMO_SESSION_KEY = "demo_signed_in"
_OF_STAFF = ("/school/", "/start/")
_OF_ACCOUNTS = "/accounts/"


class SecondFactorMiddleware:
    """Sends a signed-in account without second factor to its set-up page.

    A session that began with the password alone ends as soon as the account has a second factor: otherwise who knew
    the password before the colleague set it up would stay inside for hours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._instead(request) or self.get_response(request)

    @staticmethod
    def _instead(request: HttpRequest) -> HttpResponse | None:
        is_of_staff = request.path.startswith(_OF_STAFF)
        if not (is_of_staff or request.path.startswith(_OF_ACCOUNTS)) or not request.user.is_authenticated:
            return None
        if settings.DEMO and request.session.get(DEMO_SESSION_KEY):
            return None
        if not is_mfa_enabled(request.user):
            return redirect("mfa_activate_totp") if is_of_staff else None
        if second_factor_shown(request):
            return None
        logout(request)
        return redirect_to_login(after_signing_in(request))


class SessionUseMiddleware:
    """Keeps when a session was used last (``schools.sessions``), and knows a device again on which a colleague came
    in with the second factor (``schools.devices``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/static/"):
            sessions.note_use(request)
        response = self.get_response(request)
        if request.path.startswith(_OF_STAFF) and request.user.is_authenticated and second_factor_shown(request):
            devices.remember(request, response, request.user.email)
        return response
