"""The draaiboek: public pages without login, without cookies, without a person in them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from messaging.models import NoticeTemplate
from reports.models import PlaybookEdition
from reports.playbook import card_language, card_of, cards, introduction
from reports.render.booklet import booklet_pdf, facts_of, month_name
from reports.render.page import html_of
from reports.richtext import blocks_of_text
from schools.pagelanguage import PARAMETER

#: Seconds that a browser or proxy may keep a page: the evidence grows slowly.
KEEP_SECONDS = 600


@require_safe
def playbook(request: HttpRequest) -> HttpResponse:
    """How to use it, why, where to begin, the year round, and the cards as doors."""
    language = card_language(_page_language(request))
    texts = introduction(language)
    context = {
        "content_language": language,
        "is_own_language": language == _page_language(request),
        "texts": texts,
        "planner": [
            {"month": month_name(entry["month"], language).capitalize(), "steps": entry["steps"]}
            for entry in texts["year_planner"]
        ],
        "how_to_use": html_of(blocks_of_text(texts["how_to_use"])),
        "cards": cards(language),
        "edition": PlaybookEdition.objects.defer("booklet", "content").first(),
    }
    return _kept(request, render(request, "reports/playbook.html", context))


@require_safe
def method_card(request: HttpRequest, slug: str) -> HttpResponse:
    """One way of working, in full."""
    language = card_language(_page_language(request))
    found = card_of(slug, language)
    if found is None:
        raise Http404
    card, related = found
    titles = dict(NoticeTemplate.objects.filter(slug__in=card.method.template_slugs).values_list("slug", "title"))
    context = {
        "card": card,
        "facts": facts_of(card),
        "related": related,
        "templates": [titles[slug] for slug in card.method.template_slugs if slug in titles],
        "content_language": card.language,
        "is_own_language": card.language == _page_language(request),
    }
    return _kept(request, render(request, "reports/method_card.html", context))


@require_safe
def playbook_booklet(request: HttpRequest) -> HttpResponse:
    """The booklet to print."""
    language = card_language(_page_language(request))
    response = HttpResponse(booklet_pdf(language), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="draaiboek-{language}.pdf"'
    return _kept(request, response)


def _page_language(request: Any) -> str:
    return str(request.page_language)


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """May be kept by everybody when nothing of the visitor is in it; else by nobody but the browser."""
    is_anonymous = not request.COOKIES and PARAMETER not in request.GET
    response.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}" if is_anonymous else "private, no-cache"
    return response
