"""The translations of a notice for its writer: how each language stands, the text beside the Dutch, who is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import machine, services
from messaging.forms_translations import AskForm, ColleagueForm, MachineForm, ReasonForm
from messaging.models import Notice, NoticeText
from messaging.sealednotice import Words, lost_values, without_directions
from messaging.services.drafts import why_no_draft
from messaging.texts import begun_in
from messaging.titles import with_titles
from messaging.translationstate import LanguageState, Translations
from messaging.translators import languages_with_translators
from messaging.views.owndrafts import own_draft_or_404
from schools.access import FAMILY_WORKERS, Past, get_visible_or_404, member_of_staff, staff_required
from schools.pagelanguage import page_lives_at


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_translations(request: HttpRequest, pk: int) -> HttpResponse:
    """Each language that somebody reads: who made its text, what is in the way, who is at work on it."""
    notice = _unsent(request, pk)
    return render(request, "messaging/notice_translations.html", page_context(Translations(notice)))


def page_context(translations: Translations, **forms: Any) -> dict[str, Any]:
    """What the page of all languages shows; ``forms`` stand for the one that was sent and is wrong."""
    notice = translations.notice
    known = languages_with_translators(notice.school_id)
    askable = [row for row in translations.rows if row.code in known and not (row.request and row.request.is_running)]
    orderable = [row for row in translations.rows if not row.is_at_machine]
    return {
        "notice": notice,
        "translations": translations,
        "reason_form": ReasonForm(reason=notice.translation_reason, rules=translations.rules),
        "ask_form": AskForm(rows=askable) if askable else None,
        "machine_form": MachineForm(rows=orderable) if machine.is_on_for_notices() and orderable else None,
        "machine_name": machine.name(),
    } | forms


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_translation(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One language beside the Dutch: change it, say that a native speaker read it, or that it was read back."""
    notice = _unsent(request, pk) if request.method != "POST" else _draft(request, pk)
    translations = Translations(notice)
    row = translations.row(code)
    if row is None:
        raise Http404
    dutch = Words.of(translations.master)
    form = _form(request, translations.master, row)
    act = request.POST.get("act", "save")
    if request.method == "POST" and act != "save":
        return _said(request, notice, row, act)
    if request.method == "POST" and form.is_valid() and _written(request, notice, form, code):
        messages.success(request, _("The translation is saved, beside the Dutch of now."))
        if lost := lost_values(notice, dutch, form.words(), code):
            words = _("The Dutch says this too, and the translation does not: %(values)s. Look at it again.")
            messages.warning(request, words % {"values": ", ".join(lost)})
        return redirect("notice_translations", pk)
    context = {
        "notice": notice,
        "row": row,
        "form": form,
        "pairs": form.pairs(dutch.each(lambda _name, words: without_directions(words)).as_fields()),
        "rules": translations.rules,
    }
    return render(request, "messaging/notice_translation.html", context, status=422 if form.is_bound else 200)


def _written(request: HttpRequest, notice: Notice, form: ColleagueForm, code: str) -> bool:
    """Saved; False, with why in the form, when the notice left a moment ago."""
    try:
        services.write_translation(
            notice=notice,
            language=code,
            text=form.words().as_fields() | {"slots": form.words().slots},
            author=member_of_staff(request),
            is_native=form.cleaned_data["is_native"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _form(request: HttpRequest, master: NoticeText, row: LanguageState) -> ColleagueForm:
    own = Words.of(row.text or begun_in(master.notice, row.code))
    data = request.POST if request.method == "POST" and request.POST.get("act", "save") == "save" else None
    shown = own.each(lambda _name, words: without_directions(words))
    return ColleagueForm(data, words=shown, dutch=Words.of(master), entry=row.language)


def _said(request: HttpRequest, notice: Notice, row: LanguageState, act: str) -> HttpResponse:
    """A native speaker read it, or the writer read it back."""
    verbs: dict[str, tuple[Callable[..., None], str]] = {
        "reviewed": (services.review_text, _("Noted: a native speaker has read it.")),
        "seen": (services.see_back, _("Noted: you have read what it says.")),
    }
    if act not in verbs:
        raise Http404
    verb, words = verbs[act]
    facts = {"notice": notice, "language": row.code, "by": member_of_staff(request)}
    return _done(request, notice.pk, words, lambda: verb(**facts, seen=request.POST.get("said", "")))


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_reason(request: HttpRequest, pk: int) -> HttpResponse:
    """For which purpose an own draft is translated."""
    notice, reason = _draft(request, pk), request.POST.get("reason", "")
    by = member_of_staff(request)
    words = _("The purpose is saved.")
    return _done(request, pk, words, lambda: services.set_reason(notice=notice, reason=reason, by=by))


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask translators for some languages."""
    translations = Translations(_draft(request, pk))
    known = languages_with_translators(translations.notice.school_id)
    form = AskForm(request.POST, rows=[row for row in translations.rows if row.code in known])
    if form.is_valid():
        facts, by = form.cleaned_data, member_of_staff(request)
        try:
            asked = services.ask_translators(notice=translations.notice, by=by, **facts)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = ngettext("%(count)d translation is asked for.", "%(count)d translations are asked for.", len(asked))
            messages.success(request, words % {"count": len(asked)})
            return redirect("notice_translations", pk)
    context = page_context(translations, ask_form=form)
    page_lives_at(request, "notice_translations", pk)
    return render(request, "messaging/notice_translations.html", context, status=422)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_unask(request: HttpRequest, pk: int, asked: int) -> HttpResponse:
    """Take a request for a translation back."""
    notice = _draft(request, pk)
    row = get_object_or_404(notice.translation_requests.all(), pk=asked)
    by = member_of_staff(request)
    words = _("The request is taken back. The translator does not see it any more.")
    return _done(request, pk, words, lambda: services.withdraw_request(request=row, by=by))


def _unsent(request: HttpRequest, pk: int) -> Notice:
    """An own notice that did not leave yet."""
    notice: Notice = get_visible_or_404(with_titles(Notice.objects.filter(author=request.user.pk)), request.user, pk=pk)
    if notice.was_sent:
        raise Past(why_no_draft(notice), to=reverse("notice_detail", args=[pk]))
    return notice


def _draft(request: HttpRequest, pk: int) -> Notice:
    return own_draft_or_404(request, pk, with_titles(Notice.objects.all()))


def _done(request: HttpRequest, pk: int, words: str, act: Callable[[], object]) -> HttpResponse:
    """Back to all languages, with what was done or what is in the way."""
    try:
        act()
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, words)
    return redirect("notice_translations", pk)
