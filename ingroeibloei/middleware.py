from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from schools import languages

#: The language chosen on a page, kept in the session; pages take it with ``?taal=``.
SESSION_KEY = "page_language"
PARAMETER = "taal"

View = Callable[[HttpRequest], HttpResponse]


class PageLanguageMiddleware:
    """Chooses the language of a page: the reader's choice (kept in the session), the account's, the browser's, Dutch.

    The stored code may be a language without a catalog of its own (Dari): ``request.page_language`` is what the reader
    chose, the active catalog is the one that serves it.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = self._chosen(request) or self._of_account(request) or self._from_browser(request) or languages.MASTER
        activate_for(request, code)
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", languages.language(request.page_language).html_lang)  # type: ignore[attr-defined]
        return response

    @staticmethod
    def _chosen(request: HttpRequest) -> str:
        wanted = request.GET.get(PARAMETER, "")
        if wanted in languages.LANGUAGES and not languages.LANGUAGES[wanted].spoken_only:
            request.session[SESSION_KEY] = wanted
            return wanted
        return str(request.session.get(SESSION_KEY, ""))

    @staticmethod
    def _of_account(request: HttpRequest) -> str:
        user = getattr(request, "user", None)
        return str(user.language) if user is not None and user.is_authenticated else ""

    @staticmethod
    def _from_browser(request: HttpRequest) -> str:
        accepted = request.headers.get("Accept-Language", "")
        for part in accepted.split(",")[:20]:
            code = part.split(";")[0].strip().lower()
            for candidate in ("prs" if code == "fa-af" else code, code.split("-")[0]):
                if candidate in languages.LANGUAGES:
                    return candidate
        return ""


def activate_for(request: HttpRequest, code: str) -> None:
    """Make ``code`` the language of the page being built for this request."""
    entry = languages.language(code)
    translation.activate(entry.interface)
    request.page_language = entry.code  # type: ignore[attr-defined]
    request.LANGUAGE_CODE = entry.interface  # type: ignore[attr-defined]


class ResponseHeadersMiddleware:
    """Headers that every answer carries; pages with personal data are not kept by browsers or proxies."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path.startswith("/b/"):
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex"
        if not request.path.startswith(("/static/", "/draaiboek/")):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
