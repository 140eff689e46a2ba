"""What every page's frame shows: language, navigation, the demo's banner."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from ingroeibloei.navigation import parent_navigation, staff_navigation
from parents.access import guardian_of
from schools import clock, languages
from schools.pagelanguage import offered
from schools.scope import scope_of


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base templates. Reads nothing from the database for a visitor without account."""
    code = getattr(request, "page_language", languages.MASTER)
    frame = languages.frame_of(code)
    context: dict[str, Any] = {
        "page_language": frame.html_lang,
        "page_direction": frame.direction,
        "languages": language_links(request, languages.language(code).code),
        "home_url": reverse("home"),
        "demo": {"today": clock.today(), "url": reverse("demo")} if settings.DEMO else None,
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and (scope := scope_of(user)).is_staff:
        context |= staff_navigation(request, scope)
    elif guardian := guardian_of(request):
        context |= parent_navigation(request, guardian)
    return context


def language_links(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The languages of the pages in their own names; staff have three, parents all. What was sent is not sent again in
    another one: a refused form leads to its page (``page_address`` where that has an address of its own)."""
    query = request.GET.copy() if request.method == "GET" else None
    where = getattr(request, "page_address", "")
    # Of an address that leads nowhere too, such as //elsewhere.example: as a link that would be another machine.
    here = escape_leading_slashes(escape_uri_path(request.path))
    links = []
    for code in offered(request):
        entry = languages.LANGUAGES[code]
        if query is not None:
            query["taal"] = code
        address = f"{here}?{query.urlencode()}" if query is not None else f"{where}?taal={code}"
        links.append(
            {
                "code": code,
                "own_name": entry.own_name,
                "html_lang": entry.html_lang,
                "url": address,
                "current": code == current,
            }
        )
    return links
