"""The translation machine for a notice: asked, watched, stopped."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from messaging import services
from messaging.forms_translations import MachineForm
from messaging.models import Notice
from messaging.titles import with_titles
from messaging.translationstate import Translations
from messaging.views.owndrafts import own_draft_or_404
from messaging.views.translations import page_context
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.pagelanguage import page_lives_at


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_machine(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the machine for some languages; it works behind the page."""
    notice = own_draft_or_404(request, pk, with_titles(Notice.objects.all()))
    translations = Translations(notice)
    form = MachineForm(request.POST, rows=translations.rows)
    if form.is_valid():
        wanted = form.cleaned_data["languages"]
        try:
            asked = services.ask_machine(notice=notice, languages=wanted, by=member_of_staff(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = ngettext(
                "The machine translates into %(count)d language.",
                "The machine translates into %(count)d languages.",
                asked,
            )
            messages.success(request, words % {"count": asked})
            return redirect("notice_translations", pk)
    context = page_context(translations, machine_form=form)
    page_lives_at(request, "notice_translations", pk)
    return render(request, "messaging/notice_translations.html", context, status=422)


@staff_required(*FAMILY_WORKERS)
@require_safe
def machine_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that updates itself while the machine works, also for a notice that waits for it. Without
    script, and once the notice left, it is the page itself."""
    own = Notice.objects.filter(author=request.user.pk).select_related("school")
    notice: Notice = get_visible_or_404(own, request.user, pk=pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("notice_translations", pk)
    if notice.was_sent:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"notice": notice, "translations": Translations(notice)}
    return render(request, "messaging/_translation_rows.html", context)


@staff_required(*FAMILY_WORKERS)
@require_POST
def machine_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what the machine has not finished."""
    notice = own_draft_or_404(request, pk)
    stopped = services.stop_machine(notice=notice, by=member_of_staff(request))
    if stopped:
        messages.success(request, _("The machine stops. What it had finished stays."))
    else:
        messages.info(request, _("The machine had finished already."))
    return redirect("notice_translations", pk)
