from __future__ import annotations

import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import BadRequest
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from ingroeibloei import activity
from ingroeibloei.operating import metrics
from parents.access import SESSION_GUARDIAN, guardian_of
from schools import languages
from schools.pagelanguage import activate_for, carried, chosen, from_browser, offered

logger = logging.getLogger("ingroeibloei.requests")
View = Callable[[HttpRequest], HttpResponse]


class ActivityMiddleware:
    """Gives each request an id, told in a header and in every line of the log, and measures how long it took.

    A request is known by its route: its path may hold a token.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with activity.of_a_request() as name:
            began = time.perf_counter()
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            response.headers["X-Request-ID"] = name
            setattr(request, activity.NAMED, name)
            match = request.resolver_match
            route = (match.view_name if match else "") or "-"
            metrics.asked(route, request.method or "", response.status_code, seconds)
            if settings.LOG_REQUESTS:
                logger.info("%s %s %d in %d ms", request.method, route, response.status_code, seconds * 1000)
            return response


class PageLanguageMiddleware:
    """Chooses the language of a page: the reader's choice (kept in the session), the account's or the guardian's,
    that of the notice from which they came, the browser's, Dutch: the first in which the page is written.

    The stored code may be a language without a catalog of its own (Dari): ``request.page_language`` is what the reader
    chose, the active catalog is the one that serves it.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wished = (chosen(request), self._of_account(request), carried(request), from_browser(request))
        spoken = offered(request)
        activate_for(request, next((code for code in wished if code in spoken), languages.MASTER))
        request.in_language = ""  # type: ignore[attr-defined]
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", languages.frame_of(request.page_language).html_lang)  # type: ignore[attr-defined]
        return response

    @staticmethod
    def _of_account(request: HttpRequest) -> str:
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            return str(user.language)
        guardian = guardian_of(request) if SESSION_GUARDIAN in request.session else None
        return str(guardian.contact_language) if guardian else ""


class ReadableRequestMiddleware:
    """Refuses requests with a NUL: nobody types one, and PostgreSQL raises on it. An address with a number that no row
    can have leads nowhere. One that only takes forms says so on a page: a phone asks for it anew when it wakes.

    A view marked ``reads_bytes`` sees to it itself: a gateway hands on letters of two bytes, half of them zero.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise BadRequest
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET":
            return response
        page = render(request, "404.html", status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_view(self, request: HttpRequest, view: object, _args: object, named: dict[str, object]) -> None:
        if any(isinstance(value, int) and value > BigIntegerField.MAX_BIGINT for value in named.values()):
            raise Http404
        if getattr(view, "reads_bytes", False):
            return
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        for _name, values in request.POST.lists() if request.method == "POST" else ():
            if any("\x00" in str(value) for value in values):
                raise BadRequest


class ResponseHeadersMiddleware:
    """Headers that every answer carries; pages with personal data are not kept by browsers or proxies."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path.startswith("/b/"):
            # Not "no-referrer": browsers then send "Origin: null" with every answer, which the CSRF check refuses.
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["X-Robots-Tag"] = "noindex"
        if not request.path.startswith("/static/") and not _is_for_everybody(request):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def _is_for_everybody(request: HttpRequest) -> bool:
    """Whether the answer shows nobody's name: the playbook, to a visitor who has not signed in."""
    if not request.path.startswith("/draaiboek/"):
        return False
    session = getattr(request, "session", None)
    return session is None or not (SESSION_KEY in session or SESSION_GUARDIAN in session)
