"""The languages of the translators of one's school."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from schools.access import CLB_STAFF, member_of_staff, staff_required
from schools.forms import TranslatorForm
from schools.models import Role
from schools.scope import scope_of
from schools.services import set_translator_languages
from schools.staffing import remit_of
from schools.translators import for_all_schools, kept_by

_KEEPERS = (Role.HEAD, Role.CARE_COORDINATOR, *CLB_STAFF, Role.ADMIN)


@staff_required(*_KEEPERS)
@require_safe
def translator_list(request: HttpRequest) -> HttpResponse:
    """Translators whose languages one may set, and those who translate for every school."""
    own = list(kept_by(scope_of(request.user)))
    known = {post.pk for post in own}
    context = {
        "posts": own,
        "others": [post for post in for_all_schools() if post.pk not in known],
        "appoint_url": reverse("staff_new") if Role.TRANSLATOR in remit_of(scope_of(request.user)).roles else "",
        "appoints_everywhere": scope_of(request.user).is_administrator,
    }
    return render(request, "schools/translator_list.html", context)


@staff_required(*_KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def translator_languages(request: HttpRequest, pk: int) -> HttpResponse:
    """Into which languages one of them translates."""
    post = get_object_or_404(kept_by(scope_of(request.user)), pk=pk)
    form = TranslatorForm(request.POST if request.method == "POST" else None, post=post)
    if form.is_valid():
        chosen = form.cleaned_data["languages"]
        set_translator_languages(post=post, languages=chosen, by=member_of_staff(request))
        asked = _("Saved. Colleagues can ask for these languages from now on.")
        messages.success(request, asked if chosen else _("Saved."))
        return redirect("translator_list")
    context = {"post": post, "form": form}
    return render(request, "schools/translator_languages.html", context, status=422 if form.is_bound else 200)
