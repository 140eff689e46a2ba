"""The texts that all schools share, and each school's welcome page: every language side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schools.access import member_of_staff, staff_required
from schools.forms_texts import ReviewForm, TextFilter, WordingForm
from schools.languages import MASTER, language
from schools.pagelanguage import page_lives_at
from schools.scope import scope_of
from schools.services import WordingChangedError, review_wording, save_wording
from schools.texts import Standing, all_kinds, kind_of, standing_of, standings
from schools.texts.coverage import coverage
from schools.texts.rights import MAINTAINERS, languages_of, may_write
from schools.texts.standing import Shown

TEXTS_ON_A_PAGE = 40


@staff_required(*MAINTAINERS)
@require_safe
def text_list(request: HttpRequest) -> HttpResponse:
    """What the reader maintains, with how far each language is."""
    scope = scope_of(request.user)
    texts = {kind: standings(kind, kind.visible_to(scope)) for kind in all_kinds()}
    kinds = [kind for kind, found in texts.items() if found]
    form = TextFilter(request.GET, kinds=kinds)
    chosen = form.cleaned_data if form.is_valid() else {}
    of_kind = [text for kind in kinds if chosen.get("soort") in (None, "", kind.code) for text in texts[kind]]
    found = [text for text in of_kind if _fits(text, chosen.get("tekst", ""), chosen.get("staat", ""))]
    page = Paginator(found, TEXTS_ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "rows": [{"text": text, "states": _counted(text, chosen.get("tekst", ""))} for text in page.object_list],
        "coverage": coverage(of_kind),
        "mine": languages_of(scope),
        "form": form,
        "is_filtered": any(chosen.values()),
        "query": query.urlencode(),
    }
    return render(request, "schools/text_list.html", context)


@staff_required(*MAINTAINERS)
@require_safe
def text_detail(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """All languages of one text beside each other, each with its state and what is wrong with it."""
    text = _visible(request, kind, pk)
    scope = scope_of(request.user)
    entries = [
        {"entry": entry, "lines": _lines(text, code), "may_write": may_write(scope, text.kind, text.row, code)}
        for code, entry in text.languages.items()
    ]
    may_write_any = any(one["may_write"] for one in entries)
    context = {"text": text, "entries": entries, "may_write_any": may_write_any}
    return render(request, "schools/text_detail.html", context)


@staff_required(*MAINTAINERS)
@require_http_methods(["GET", "HEAD", "POST"])
def text_edit(request: HttpRequest, kind: str, pk: int, code: str) -> HttpResponse:
    """One language beside the Dutch. Two people who save at once both keep their words."""
    text = _writable(request, kind, pk, code)
    form = WordingForm(request.POST if request.method == "POST" else None, standing=text, code=code)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            save_wording(
                kind=text.kind,
                pk=pk,
                language=code,
                words=form.words,
                seen=form.cleaned_data["seen"],
                by=member_of_staff(request),
                machine=form.cleaned_data.get("machine", False),
            )
        except WordingChangedError as conflict:
            theirs = conflict.theirs
            form = _kept(form, text, code, theirs.version)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved: %(language)s.") % {"language": language(code).own_name})
            return redirect(f"{reverse('text_detail', args=[kind, pk])}#{code}")
    status = 409 if theirs else 422 if form.errors else 200
    return render(request, "schools/text_edit.html", _editing(request, text, code, form, theirs), status=status)


@staff_required(*MAINTAINERS)
@require_POST
def text_reviewed(request: HttpRequest, kind: str, pk: int, code: str) -> HttpResponse:
    """A native speaker has read this translation."""
    text = _writable(request, kind, pk, code)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        context = _editing(request, text, code, WordingForm(standing=text, code=code), None) | {"review_form": form}
        page_lives_at(request, "text_edit", kind, pk, code)
        return render(request, "schools/text_edit.html", context, status=422)
    try:
        review_wording(
            kind=text.kind,
            pk=pk,
            language=code,
            seen=form.cleaned_data["seen"],
            reviewer=form.cleaned_data["reviewer"],
            by=member_of_staff(request),
        )
    except WordingChangedError:
        messages.error(request, _("Somebody changed this text meanwhile. Read it once more."))
        return redirect("text_edit", kind, pk, code)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("text_edit", kind, pk, code)
    messages.success(request, _("It is kept who read this translation, and when."))
    return redirect(f"{reverse('text_detail', args=[kind, pk])}#{code}")


def _visible(request: HttpRequest, code: str, pk: int) -> Standing:
    kind = kind_of(code)
    row = kind.visible_to(scope_of(request.user)).filter(pk=pk).first() if kind else None
    if kind is None or row is None:
        raise Http404
    return standing_of(kind, row)


def _writable(request: HttpRequest, kind: str, pk: int, code: str) -> Standing:
    text = _visible(request, kind, pk)
    if code not in text.languages:
        raise Http404
    if not may_write(scope_of(request.user), text.kind, text.row, code):
        raise PermissionDenied
    return text


def _kept(form: WordingForm, text: Standing, code: str, version: str) -> WordingForm:
    """The same typed words once more, this time over what stands there now."""
    typed = {name: form.data.get(name) for name in form.data} | {"seen": version}
    return WordingForm(typed, standing=text, code=code)


def _editing(request: HttpRequest, text: Standing, code: str, form: WordingForm, theirs: Any) -> dict[str, Any]:
    entry = text.languages[code]
    is_readable = code != MASTER and entry.state not in (Shown.MISSING, Shown.STALE) and not entry.faults
    return {
        "text": text,
        "entry": entry,
        "form": form,
        "dutch": _lines(text, MASTER) if code != MASTER else [],
        "theirs": [line | {"words": theirs.words[line["part"].name]} for line in _lines(text, code)] if theirs else [],
        "review_form": ReviewForm(initial={"seen": entry.version, "reviewer": member_of_staff(request).full_name}),
        "is_readable": is_readable,
        "back_url": reverse("text_detail", args=[text.kind.code, text.row.pk]),
    }


def _lines(text: Standing, code: str) -> list[dict[str, Any]]:
    """Each part with its words in a language and what is wrong with them; parts that the Dutch leaves out too are."""
    entry = text.languages[code]
    wrong: dict[str, list[str]] = {}
    for fault in entry.faults:
        wrong.setdefault(fault.part, []).append(fault.words)
    return [
        {"part": part, "words": entry.words[part.name], "faults": wrong.get(part.name, [])}
        for part in text.parts
        if entry.words[part.name] or text.master.words[part.name]
    ]


def _fits(text: Standing, code: str, state: str) -> bool:
    if code and code not in text.languages:
        return False
    entries = [text.languages[code]] if code else [text.languages[key] for key in text.languages]
    return not state or any(entry.state == state for entry in entries)


def _counted(text: Standing, code: str) -> list[dict[str, Any]]:
    """The states of a text's languages with how many are in each; of one language, its own."""
    shown = []
    for state in Shown:
        codes = [key for key in text.codes(state) if key != MASTER and code in ("", key)]
        if codes:
            entry = text.languages[codes[0]]
            shown.append({"state": state, "codes": codes, "tone": entry.tone, "icon": entry.icon})
    return shown
