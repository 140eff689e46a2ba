"""Which language a page speaks: the reader's choice, kept in the session, before anything that is only known.

The middleware decides for every page; a page that knows its reader better (a notice, the parents' own pages) decides
again with the same functions.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from schools import languages

#: The language chosen on a page, kept in the session; pages take it with ``?taal=``.
SESSION_KEY = "page_language"
PARAMETER = "taal"
#: The same for a language that nobody chose (``carried``).
CARRIED_KEY, CARRIED = "page_language_carried", "van"
#: Where the pages of colleagues begin; they speak fewer languages than those of parents.
_OF_COLLEAGUES = ("/school/", "/accounts/", "/uitnodiging/", "/beginnen/")


def offered(request: HttpRequest) -> tuple[str, ...]:
    """The languages in which this page is written whole. A colleague who read a parents' page in Arabic does not find
    the own pages half in it."""
    if request.path.startswith(_OF_COLLEAGUES):
        return languages.STAFF_CODES
    return tuple(code for code, entry in languages.LANGUAGES.items() if not entry.spoken_only)


def chosen(request: HttpRequest) -> str:
    """The language the reader chose, now with ``?taal=`` or earlier in this session; empty without a choice."""
    return _asked(request, PARAMETER, SESSION_KEY)


def carried(request: HttpRequest) -> str:
    """The language of the page from which somebody came who chose none: a notice knows its reader, what it leads to
    (the way in, about the school, what is kept) does not. Nobody's choice, so any page that knows its reader wins."""
    return _asked(request, CARRIED, CARRIED_KEY)


def _asked(request: HttpRequest, parameter: str, key: str) -> str:
    """The language in the address, which the session then keeps under ``key``, or the one kept before."""
    wanted = request.GET.get(parameter, "")
    if wanted in languages.LANGUAGES and not languages.LANGUAGES[wanted].spoken_only:
        request.session[key] = wanted
        return wanted
    return str(request.session.get(key, ""))


def lead_on(request: HttpRequest) -> None:
    """Let the links of this page that end in ``request.in_language`` carry its language."""
    request.in_language = f"?{CARRIED}={request.page_language}"  # type: ignore[attr-defined]


def from_browser(request: HttpRequest) -> str:
    """The first language of the browser that the pages speak; empty when they speak none."""
    for part in request.headers.get("Accept-Language", "").split(",")[:20]:
        code = part.split(";")[0].strip().lower()
        for candidate in ("prs" if code == "fa-af" else code, code.split("-")[0]):
            if candidate in languages.LANGUAGES and languages.LANGUAGES[candidate].has_pages:
                return candidate
    return ""


def activate_for(request: HttpRequest, code: str) -> None:
    """Make ``code`` the language of the page being built; a language without pages of its own gets those it reads.

    ``request.page_language`` may be a language without a catalog (Dari): the active catalog is the one that serves it.
    """
    entry = languages.language(code)
    if entry.spoken_only:
        entry = languages.language(entry.text)
    translation.activate(entry.interface)
    request.page_language = entry.code  # type: ignore[attr-defined]
    request.LANGUAGE_CODE = entry.interface


def keep(request: HttpRequest, code: str) -> None:
    """From now on, for this page and the rest of the session."""
    activate_for(request, code)
    request.session[SESSION_KEY] = request.page_language  # type: ignore[attr-defined]


def page_lives_at(request: HttpRequest, name: str, *args: Any) -> None:
    """Where this page can be asked for again, in another language too: a form on it was sent to an address that only
    takes forms, and was refused."""
    request.page_address = reverse(name, args=args)  # type: ignore[attr-defined]
