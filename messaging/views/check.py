"""Before sending: look, then send. Once sent, a notice does not change any more."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from messaging.checking import Check
from messaging.models import Notice
from messaging.previews import WORDS, Preview, preview_of
from messaging.rendering import preview_mail
from messaging.services import publish_notice
from messaging.services.letters import preview_letter
from messaging.views.letters import printable_by
from messaging.views.notices import with_titles
from schools import languages
from schools.access import FAMILY_WORKERS, get_visible_or_404, staff_required
from schools.languages import MASTER

CHANNEL_ICONS = {"mail": "mail", "sms": "smartphone", "brief": "printer", "pagina": "monitor"}


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Who gets it, in which language, by which way, and how it looks."""
    notice = get_visible_or_404(with_titles(Notice.objects.all()), request.user, pk=pk)
    if not notice.is_draft:
        return redirect("notice_detail", pk)
    check = Check(notice)
    code, word = request.GET.get("tekst", MASTER), request.GET.get("weg", "pagina")
    preview = preview_of(notice, code, word, request.user) or preview_of(notice, MASTER, "pagina", request.user)
    context = {"notice": notice, "check": check, "dutch": check.texts[MASTER]}
    context |= _shown(preview) | _tabs(notice, check, preview) if preview else {}
    return render(request, "messaging/notice_check.html", context)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it. A second tap on the button changes nothing."""
    notice = get_visible_or_404(Notice.objects.all(), request.user, pk=pk)
    if not notice.is_draft:
        messages.info(request, _("This notice was already sent. Nobody gets it twice."))
        return redirect("notice_detail", pk)
    try:
        planned = publish_notice(notice=notice, by=request.user)  # type: ignore[arg-type]
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("notice_check", pk)
    words = ngettext(
        "The notice is on its way to %(count)d parent.", "The notice is on its way to %(count)d parents.", planned
    )
    messages.success(request, words % {"count": planned})
    return redirect("notice_detail", pk)


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_preview(request: HttpRequest, pk: int, language: str, channel: str) -> HttpResponseBase:
    """How it looks in one language by one channel: the mail alone in its sandbox, the letter as PDF, or a page."""
    notice = get_visible_or_404(with_titles(Notice.objects.all()), request.user, pk=pk)
    preview = preview_of(notice, language, channel, request.user)
    if preview is None or (channel != "pagina" and not _holds_all(request.user, notice)):
        raise Http404
    if channel == "mail":
        return _mail(request, preview)
    if channel == "brief":
        return HttpResponse(
            preview_letter(notice, language),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="brief-{pk}-{language}.pdf"'},
        )
    return render(request, "messaging/notice_preview.html", {"notice": notice} | _shown(preview))


def _mail(request: HttpRequest, preview: Preview) -> HttpResponseBase:
    """The mail's own HTML: it brings its styles, and may do nothing at all."""

    @xframe_options_sameorigin
    @csp(
        {
            "default-src": [NONE],
            "style-src": [UNSAFE_INLINE],
            "img-src": [SELF, "data:"],
            "frame-ancestors": [SELF],
            "sandbox": True,
        }
    )
    def framed(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(preview_mail(preview.notice, preview.text.language).html)

    return framed(request)


def _holds_all(user: object, notice: Notice) -> bool:
    """Mails and letters name a child of the whole audience: not for a class teacher who sees one class of it."""
    return notice.is_draft or printable_by(user).filter(pk=notice.pk).exists()


def _shown(preview: Preview) -> dict[str, Any]:
    return {"preview": preview, "entry": preview.language, "word": preview.word}


def _tabs(notice: Notice, check: Check, preview: Preview) -> dict[str, Any]:
    here = reverse("notice_check", args=[notice.pk])
    chosen, word = preview.text.language, preview.word

    def url(code: str, way: str) -> str:
        return f"{here}?tekst={code}&weg={way}#voorbeeld"

    names = {"mail": _("E-mail"), "sms": _("Text message"), "brief": _("Letter"), "pagina": _("Page")}
    return {
        "language_tabs": [
            {
                "label": languages.language(code).own_name,
                "url": url(code, word),
                "current": code == chosen,
                "code": code,
            }
            for code in check.codes_to_show
        ],
        "channel_tabs": [
            {"label": names[way], "url": url(chosen, way), "current": way == word, "icon": CHANNEL_ICONS[way]}
            for way in WORDS
        ],
    }
