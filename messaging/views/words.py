"""The Dutch of a notice in its author's own words."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from messaging import services
from messaging.forms_translations import OwnWordsForm
from messaging.models import Notice, NoticeText, TextOrigin
from messaging.sealednotice import Words, without_directions
from messaging.texts import hash_of
from messaging.titles import with_titles
from messaging.views.owndrafts import own_draft_or_404
from schools.access import FAMILY_WORKERS, member_of_staff, staff_required
from schools.languages import MASTER


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_words(request: HttpRequest, pk: int) -> HttpResponse:
    """All Dutch words of an own draft, to be changed; hints for plain Dutch beside them."""
    notice = _draft(request, pk)
    master = get_object_or_404(notice.texts.all(), language=MASTER)
    form, newer = _form(request, master), None
    if request.method == "POST" and form.is_valid():
        try:
            services.write_own_words(
                notice=notice,
                words=form.words(),
                began_from=form.cleaned_data["began_from"],
                author=member_of_staff(request),
            )
        except ValidationError as error:
            form.add_error(None, error)
            if error.code == "changed":
                newer = _as_typed(master)
                # Who saves once more has seen what stands there now.
                form.data = {**request.POST.dict(), "began_from": hash_of(master)}
        else:
            messages.success(request, _("Your words are saved. Look how the other languages stand now."))
            return redirect("notice_check", pk)
    context = {
        "notice": notice,
        "form": form,
        "newer": newer,
        "is_blank": bool(notice.template and notice.template.is_blank),
        "is_own": master.origin == TextOrigin.PERSON,
    }
    return render(request, "messaging/notice_words.html", context, status=422 if form.is_bound else 200)


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_words_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the words of the template."""
    notice = _draft(request, pk)
    try:
        services.use_template_words(notice=notice, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The notice says what its template says."))
    return redirect("notice_check", pk)


def _draft(request: HttpRequest, pk: int) -> Notice:
    return own_draft_or_404(request, pk, with_titles(Notice.objects.all()))


def _form(request: HttpRequest, master: NoticeText) -> OwnWordsForm:
    data = request.POST if request.method == "POST" else None
    words = _as_typed(master)
    # What an empty sheet is called is no title for parents.
    return OwnWordsForm(data, words=words if words.body else replace(words, title=""), began_from=hash_of(master))


def _as_typed(text: NoticeText) -> Words:
    return Words.of(text).each(lambda _name, words: without_directions(words))
