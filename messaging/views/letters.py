"""The print centre: what waits for paper, the piles that were made, who gave them along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from messaging import printcentre, printfiles, services
from messaging.forms_letters import LetterGivenForm, LetterTakenBackForm, PrintForm
from messaging.models import BatchState, LetterBatch, Notice, PrintedLetter
from messaging.models.notices import AudienceKind
from schools import audit
from schools.access import FAMILY_WORKERS, get_editable_or_404, get_visible_or_404, member_of_staff, staff_required
from schools.confirming import confirmed_file
from schools.models import School

#: Their letters name children of several classes.
_OF_MANY_CLASSES = (AudienceKind.SCHOOL, AudienceKind.LEVEL)
BATCHES_ON_A_PAGE = 20


@staff_required(*FAMILY_WORKERS)
@require_safe
def letter_centre(request: HttpRequest) -> HttpResponse:
    """What waits by class, and the piles, newest first."""
    page = Paginator(printcentre.newest_first(request.user), BATCHES_ON_A_PAGE).get_page(request.GET.get("page"))
    counts = printcentre.counts_of(page.object_list, request.user)
    context = {
        "waiting": printcentre.waiting(request.user),
        "page": page,
        "rows": [{"batch": batch, "counts": counts[batch.pk]} for batch in page.object_list],
    }
    return render(request, "messaging/letter_centre.html", context)


@staff_required(*FAMILY_WORKERS)
@require_POST
def letters_make(request: HttpRequest) -> HttpResponse:
    """Everything that waits for a class, or for a school, as one file to print."""
    form = PrintForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.warning(request, " ".join(_sentences(form)))
        return redirect("letter_centre")
    by, school_class = member_of_staff(request), form.cleaned_data["school_class"]
    if school_class:
        return _make(request, lambda: services.print_class(school_class=school_class, by=by), reverse("letter_centre"))
    school = form.cleaned_data["school"]
    return _make(request, lambda: services.print_school(school=school, by=by), reverse("letter_centre"))


@staff_required(*FAMILY_WORKERS)
@require_POST
def letter_batch_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the letters of a notice that wait into one file to print."""
    notice, by = get_object_or_404(printable_by(request.user), pk=pk), member_of_staff(request)
    return _make(request, lambda: services.print_letters(notice=notice, by=by), _letters_of(notice.pk))


def _make(request: HttpRequest, make: Callable[[], LetterBatch], back: str) -> HttpResponse:
    try:
        batch = make()
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect(back)
    if batch.state == BatchState.READY:
        words = ngettext(
            "%(count)d letter is ready to print.", "%(count)d letters are ready to print.", batch.letters_total
        )
        messages.success(request, words % {"count": batch.letters_total})
    return redirect("letter_batch", batch.pk)


@staff_required(*FAMILY_WORKERS)
@require_safe
def letter_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """A pile: how far it is, its classes, and the letters of one class."""
    batch = _batch_or_404(request, pk)
    classes = printcentre.classes_of(batch, request.user)
    chosen = _chosen_class(request, classes)
    letters = mine(request, batch).filter(school_class_id=chosen["school_class_id"]) if chosen else mine(request, batch)
    rows = printcentre.letter_rows(letters.order_by("position")) if chosen else []
    context = _status_context(request, batch) | {
        "counts": printcentre.counts_of([batch], request.user)[batch.pk],
        "classes": classes,
        "chosen": chosen,
        "rows": rows,
        "has_lying": any(row.is_lying for row in rows),
        "take_out": printcentre.to_take_out(batch, request.user) if batch.state == BatchState.READY else [],
        "given_form": LetterGivenForm(),
    }
    return render(request, "messaging/letter_batch.html", context)


@staff_required(*FAMILY_WORKERS)
@require_safe
def letter_batch_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that updates itself while the letters are made. Without script it is the page itself."""
    batch = _batch_or_404(request, pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("letter_batch", pk)
    response = render(request, "messaging/_letter_state.html", _status_context(request, batch))
    if batch.state != BatchState.MAKING:
        response["HX-Refresh"] = "true"  # the rest of the page depends on it too
    return response


@staff_required(*FAMILY_WORKERS)
@require_safe
@confirmed_file
def letter_batch_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters as one PDF, each family's language beside the Dutch. Reading it is a line in the access log."""
    batch = get_editable_or_404(LetterBatch.objects.select_related("school"), request.user, pk=pk)
    try:
        content = printfiles.read(batch.file) if batch.file else b""
    except FileNotFoundError:
        content = b""
    if not content:
        messages.info(request, _("There is no file of these letters at the moment. Make it again."))
        return redirect("letter_batch", pk)
    audit.record_reading(
        actor=request.user,
        verb="read",
        target=batch,
        school_id=batch.school_id,
        pupils=printcentre.children_in(batch),
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="brieven-{batch.pk}.pdf"'
    return response


@staff_required(*FAMILY_WORKERS)
@require_POST
def letter_batch_turn(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Stop making a pile, go on with it, or give it up."""
    batch, by = get_editable_or_404(LetterBatch.objects.all(), request.user, pk=pk), member_of_staff(request)
    if what == "stoppen":
        if services.stop_letters(batch=batch, by=by):
            messages.success(request, _("Stopped. What was made is kept: you can go on later."))
    elif what == "verder":
        services.resume_letters(batch=batch, by=by)
    elif services.drop_letters(batch=batch, by=by):
        messages.success(request, _("Given up: these letters wait to be printed again."))
        return redirect("letter_centre")
    return redirect("letter_batch", pk)


@staff_required(*FAMILY_WORKERS)
@require_POST
def letter_batch_given(request: HttpRequest, pk: int) -> HttpResponse:
    """Letters went home with the children, or were posted, on a day."""
    batch = _batch_or_404(request, pk)
    form = LetterGivenForm(request.POST, letters=mine(request, batch))
    if not form.is_valid():
        messages.warning(request, " ".join(_sentences(form)))
        return redirect(_back(request, batch))
    facts = {"on": form.cleaned_data["on"], "by_post": form.cleaned_data["how"] == "post", "only": form.chosen()}
    try:
        count = services.give_letters(batch=batch, by=member_of_staff(request), **facts)
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    else:
        words = ngettext("Noted: %(count)d letter was given.", "Noted: %(count)d letters were given.", count)
        messages.success(request, words % {"count": count})
    return redirect(_back(request, batch))


@staff_required(*FAMILY_WORKERS)
@require_POST
def letter_batch_taken_back(request: HttpRequest, pk: int) -> HttpResponse:
    """It was a slip: these letters still lie there."""
    batch = _batch_or_404(request, pk)
    form = LetterTakenBackForm(request.POST, letters=mine(request, batch))
    only = {letter.pk for letter in form.cleaned_data["letter"]} if form.is_valid() else set()
    if services.take_back(batch=batch, by=member_of_staff(request), only=only):
        messages.success(request, _("Undone: these letters still have to be given."))
    else:
        messages.warning(request, _("That can be undone on the same day only."))
    return redirect(_back(request, batch))


def printable_by(user: object) -> QuerySet[Notice]:
    """Sent notices whose letters the user may hold: a class teacher does not print the whole school's addresses."""
    whole = Q(author_id=getattr(user, "pk", None)) | Q(school__in=School.objects.visible_to(user).values("pk"))
    return Notice.objects.visible_to(user).sent().filter(~Q(audience__in=_OF_MANY_CLASSES) | whole)


def mine(request: HttpRequest, batch: LetterBatch) -> QuerySet[PrintedLetter]:
    """The letters of a pile that the reader may hold."""
    return PrintedLetter.objects.visible_to(request.user).filter(batch=batch)


def _batch_or_404(request: HttpRequest, pk: int) -> LetterBatch:
    rows = printcentre.newest_first(request.user)
    return get_visible_or_404(rows, request.user, pk=pk)


def _status_context(request: HttpRequest, batch: LetterBatch) -> dict[str, Any]:
    is_whole = LetterBatch.objects.editable_by(request.user).filter(pk=batch.pk).exists()
    return {"batch": batch, "is_whole": is_whole, "has_file": printfiles.has(batch.file)}


def _chosen_class(request: HttpRequest, classes: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The only class, or the one of ``?klas=``."""
    if len(classes) == 1:
        return classes[0]
    wanted = request.GET.get("klas", "")
    return next((row for row in classes if str(row["school_class_id"] or "geen") == wanted), None)


def _back(request: HttpRequest, batch: LetterBatch) -> str:
    """The page of the pile, at the class that somebody was working on."""
    wanted = request.POST.get("klas", "")
    query = f"?klas={wanted}" if wanted == "geen" or (wanted.isascii() and wanted.isdigit()) else ""
    return reverse("letter_batch", args=[batch.pk]) + query


def _letters_of(notice_id: int) -> str:
    return f"{reverse('notice_detail', args=[notice_id])}#brieven"


def _sentences(form: BaseForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]
