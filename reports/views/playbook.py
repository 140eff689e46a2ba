"""The draaiboek: public pages without login, without cookies, without a person in them.

Each page has an address for every language of the cards, so that search engines find each; the address without one
speaks the language of the browser, in the frame of any language of the portal.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import override
from django.views.decorators.http import require_safe

from messaging.models import NoticeTemplate
from reports.beforeafter import sentence
from reports.cardfiles import as_content, line_of
from reports.evidence import compared_of
from reports.models import EditionPage, EditionPrint, PlaybookEdition
from reports.playbook import CARD_LANGUAGES, card_language, card_of, cards, introduction
from reports.prints import print_from, print_now
from reports.render.booklet import facts_of, month_name
from reports.render.page import html_of
from reports.render.word import DOCX
from reports.richtext import blocks_of_text
from reports.sealing import canonical
from schools.models import Method
from schools.pagelanguage import PARAMETER, activate_for

#: Seconds that a browser or proxy may keep a page: the evidence grows slowly.
KEEP_SECONDS = 600
#: Of what never changes any more.
KEEP_FROZEN = 86_400
Form = EditionPrint.Form
#: What is printed of an edition, by the names of the files.
PRINTS = {Form.BOOKLET.value: "boekje.pdf", Form.CARDS.value: "fiches.pdf", Form.WORD.value: "boekje.docx"}
#: Editions of one list.
EDITIONS_SHOWN = 60


@require_safe
def playbook(request: HttpRequest, language: str = "") -> HttpResponse:
    """How to use it, why, where to begin, the year round, and the cards as doors."""
    if elsewhere := _spoken(request, language, "playbook"):
        return elsewhere
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
        "edition": PlaybookEdition.objects.defer("content", "package").first(),
        **_found_by(language, "playbook"),
    }
    return _kept(request, render(request, "reports/playbook.html", context))


@require_safe
def method_card(request: HttpRequest, slug: str, language: str = "") -> HttpResponse:
    """One way of working, in full."""
    if elsewhere := _spoken(request, language, "method_card", slug):
        return elsewhere
    language = card_language(_page_language(request))
    found = card_of(slug, language)
    if found is None:
        raise Http404
    card, related = found
    context = {
        "card": card,
        "related": related,
        "content_language": card.language,
        "is_own_language": card.language == _page_language(request),
        **_found_by(language, "method_card", slug),
        "description": card.aim,
    }
    with override(card.language):  # one language and direction from its title to its files, whatever the frame speaks
        titles = dict(NoticeTemplate.objects.filter(slug__in=card.method.template_slugs).values_list("slug", "title"))
        context |= {
            "facts": facts_of(card),
            "files": [line_of(as_content(row)) for row in card.files],
            "templates": [titles[slug] for slug in card.method.template_slugs if slug in titles],
            "compared": sentence(compared) if (compared := compared_of(slug)) else "",
        }
    return _kept(request, render(request, "reports/method_card.html", context))


@require_safe
def playbook_booklet(request: HttpRequest) -> HttpResponse:
    """The booklet to print."""
    language = card_language(_page_language(request))
    return _kept(request, _pdf(print_now(Form.BOOKLET, language), f"draaiboek-{language}.pdf"))


@require_safe
def playbook_cards(request: HttpRequest) -> HttpResponse:
    """The cards on A5, to print on both sides and hand out."""
    language = card_language(_page_language(request))
    return _kept(request, _pdf(print_now(Form.CARDS, language), f"fiches-{language}.pdf"))


@require_safe
def playbook_document(request: HttpRequest) -> HttpResponse:
    """The words of the booklet as a Word document, to adapt."""
    language = card_language(_page_language(request))
    return _kept(request, _file(print_now(Form.WORD, language), DOCX, f"draaiboek-{language}.docx"))


@require_safe
def edition_list(request: HttpRequest) -> HttpResponse:
    """Every edition with its pages, checksum and licence."""
    rows = PlaybookEdition.objects.defer("content", "package").prefetch_related(
        Prefetch("pages", EditionPage.objects.defer("content", "html")),
        Prefetch("prints", EditionPrint.objects.defer("content")),
    )
    address = settings.SITE_URL + reverse("edition_list")
    language = card_language(_page_language(request))
    shown = rows[:EDITIONS_SHOWN]
    context = {"editions": shown, "content_language": language, "canonical": address, "alternates": []}
    return _kept(request, render(request, "reports/edition_list.html", context))


@require_safe
def edition_page(request: HttpRequest, language: str, number: int) -> HttpResponse:
    """An edition as it was frozen, in one language."""
    if elsewhere := _spoken(request, language, "edition_page", number):
        return elsewhere
    page = _edition(language, number)
    context = {
        "page": page,
        "title": f"{page.content['title']} · {page.content['cover_lines'][0]}",
        # Also what is still to be printed: whoever opens it first gets it all the same.
        "prints": [EditionPrint(language=language, form=form) for form in Form.values],
        "html": mark_safe(page.html),  # noqa: S308 - made by our own template when it was frozen, and insert-only
        **_found_by(language, "edition_page", number),
    }
    return _kept(request, render(request, "reports/edition_page.html", context), KEEP_FROZEN)


@require_safe
def edition_content(request: HttpRequest, language: str, number: int) -> HttpResponse:
    """The content of an edition, byte for byte what its checksum is of."""
    page = _edition(language, number)
    file = _file(canonical(page.content), "application/json", f"draaiboek-{number}-{language}.json")
    return _kept(request, file, KEEP_FROZEN)


@require_safe
def edition_print(request: HttpRequest, language: str, number: int, form: str) -> HttpResponse:
    """The booklet, the cards or the text for Word of an edition in one language, as it was frozen."""
    name = f"{PRINTS[form].partition('.')[0]}-{number}-{language}"
    content = print_from(_edition(language, number), form)
    is_word = form == Form.WORD
    file = _file(content, DOCX, f"{name}.docx") if is_word else _pdf(content, f"{name}.pdf")
    return _kept(request, file, KEEP_FROZEN)


@require_safe
def edition_package(request: HttpRequest, number: int) -> HttpResponse:
    """The package of an edition, for everybody: it names nobody."""
    edition = get_object_or_404(PlaybookEdition.objects.only("package"), number=number)
    file = _file(bytes(edition.package), "application/zip", f"draaiboek-{number}.zip")
    return _kept(request, file, KEEP_FROZEN)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The draaiboek may be found; everything else is nobody's business."""
    book, base = reverse("playbook"), settings.SITE_URL
    lines = [
        "User-agent: *",
        f"Allow: {book}",
        "Allow: /static/",
        "Disallow: /",
        f"Sitemap: {base}{reverse('sitemap')}",
    ]
    return _kept(request, HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page of the draaiboek in each of its languages."""
    slugs = list(Method.objects.values_list("slug", flat=True))
    frozen = list(EditionPage.objects.order_by("-edition__number").values_list("edition__number", "language"))
    pages: list[tuple[str, tuple[object, ...]]] = [("playbook", ()), *(("method_card", (slug,)) for slug in slugs)]
    found = [_alternates(name, *arguments) for name, arguments in pages]
    entries = [{"url": dict(urls)[code], "alternates": urls} for urls in found for code in CARD_LANGUAGES]
    numbers = [
        {"url": settings.SITE_URL + reverse("edition_page", args=[language, number]), "alternates": []}
        for number, language in frozen[:EDITIONS_SHOWN]
    ]
    listed = {"url": settings.SITE_URL + reverse("edition_list"), "alternates": []}
    context = {"entries": [*entries, listed, *numbers]}
    response = render(request, "reports/sitemap.xml", context, content_type="application/xml")
    return _kept(request, response)


def _spoken(request: HttpRequest, language: str, name: str, *arguments: object) -> HttpResponse | None:
    """Speak the language of the address; a choice in the corner leads to the address of that language."""
    if not language:
        return None
    wanted = request.GET.get(PARAMETER, "")
    if wanted and wanted != language:
        spoken = wanted in CARD_LANGUAGES
        return redirect(
            _address(name, wanted, *arguments) if spoken else f"{_plain(name, *arguments)}?{PARAMETER}={wanted}"
        )
    activate_for(request, language)
    return None


def _found_by(language: str, name: str, *arguments: object) -> dict[str, Any]:
    return {
        "canonical": settings.SITE_URL + _address(name, language, *arguments),
        "alternates": _alternates(name, *arguments),
    }


def _alternates(name: str, *arguments: object) -> list[tuple[str, str]]:
    base = settings.SITE_URL
    found = [(code, base + _address(name, code, *arguments)) for code in CARD_LANGUAGES]
    return [*found, ("x-default", base + _plain(name, *arguments))]


def _address(name: str, language: str, *arguments: object) -> str:
    return reverse(name if name == "edition_page" else f"{name}_in", args=[language, *arguments])


def _plain(name: str, *arguments: object) -> str:
    """The address that speaks the browser's language; editions are in one each and have their list."""
    return reverse("edition_list") if name == "edition_page" else reverse(name, args=arguments)


def _edition(language: str, number: int) -> EditionPage:
    rows = EditionPage.objects.select_related("edition").defer("edition__content", "edition__package")
    return get_object_or_404(rows, language=language, edition__number=number)


def _pdf(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page_language(request: Any) -> str:
    return str(request.page_language)


def _kept(request: HttpRequest, response: HttpResponse, seconds: int = KEEP_SECONDS) -> HttpResponse:
    """May be kept by everybody when nothing of the visitor is in it; else by nobody but the browser."""
    response.headers["Cache-Control"] = who_may_keep(request, seconds)
    return response


def who_may_keep(request: HttpRequest, seconds: int) -> str:
    is_anonymous = not request.COOKIES and PARAMETER not in request.GET
    return f"public, max-age={seconds}" if is_anonymous else "private, no-cache"
