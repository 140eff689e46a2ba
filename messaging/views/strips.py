"""What comes back on paper: the strips of a class on one screen, one strip by its code, letters that were returned."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from messaging import printcentre, services
from messaging.forms_letters import ReturnedSearchForm, StripDayForm
from messaging.models import BatchState, Delivery, LetterBatch, PrintedLetter
from messaging.services.letters import is_tried_on
from messaging.strips import MARKS, StripRow, strip_rows
from messaging.views.letters import mine
from schools import audit, clock
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.languages import MASTER
from schools.scope import scope_of

RETURNED_SHOWN = 10


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letter_strips(request: HttpRequest, pk: int) -> HttpResponse:
    """The strips of a pile, by class and child. A tap saves that row; without script one button saves all."""
    batch = get_visible_or_404(printcentre.newest_first(request.user), request.user, pk=pk)
    classes = [row for row in printcentre.classes_of(batch, request.user) if row["asking"]]
    letters = _of_class(request, batch, classes)
    context = {"batch": batch, "tabs": _tabs(request, classes)}
    if request.method == "POST":
        return _save(request, letters, reverse("letter_strips", args=[pk]) + _query(request), context)
    return _strips_page(request, letters, context)


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letter_strip(request: HttpRequest, pk: int) -> HttpResponse:
    """The strip of one letter: where the QR code or short code leads a member of staff."""
    letter: PrintedLetter = get_visible_or_404(PrintedLetter.objects.all(), request.user, pk=pk)
    letters = PrintedLetter.objects.visible_to(request.user).filter(pk=letter.pk, batch__state=BatchState.READY)
    context = {"batch": letter.batch, "is_single": True}
    if request.method == "POST":
        return _save(request, letters, reverse("letter_strip", args=[pk]), context)
    return _strips_page(request, letters, context)


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letters_returned(request: HttpRequest) -> HttpResponse:
    """Find a letter that came back. The search is a POST: a child's name stays out of addresses and logs."""
    form = ReturnedSearchForm(request.POST or None)
    found: list[printcentre.LetterRow] | None = None
    if request.method == "POST" and form.is_valid():
        found = printcentre.letter_rows(printcentre.find_letters(request.user, form.cleaned_data["words"]))
        audit.record(actor=request.user, verb="searched", target=member_of_staff(request), found=len(found))
    back = PrintedLetter.objects.visible_to(request.user).filter(returned_on__isnull=False)
    latest = printcentre.letter_rows(back.order_by("-returned_on", "-pk")[:RETURNED_SHOWN])
    context = {"form": form, "found": found, "latest": latest, "today": clock.today()}
    return render(request, "messaging/letters_returned.html", context)


@staff_required(*FAMILY_WORKERS)
@require_POST
def letter_returned(request: HttpRequest, pk: int) -> HttpResponse:
    """This letter came back: the next way is tried at once, where there is one."""
    letter = get_visible_or_404(PrintedLetter.objects.select_related("delivery__notice"), request.user, pk=pk)
    if services.return_letter(delivery=letter.delivery, by=member_of_staff(request)):
        goes_on = _("Noted: the letter came back. The portal tries the next way to this family.")
        ends = _(
            "Noted: the letter came back. The portal tries no other way: call the family if it still has to know this."
        )
        messages.success(request, goes_on if is_tried_on(letter.delivery) else ends)
    else:
        messages.info(request, _("This letter was already noted as returned."))
    return redirect("letters_returned")


@staff_required(*FAMILY_WORKERS)
@require_POST
def letter_not_returned(request: HttpRequest, pk: int) -> HttpResponse:
    """It was another letter."""
    letter = get_visible_or_404(PrintedLetter.objects.select_related("delivery__notice"), request.user, pk=pk)
    if services.take_return_back(delivery=letter.delivery, by=member_of_staff(request)):
        messages.success(
            request, _("Undone: this letter did not come back. What the portal planned in its place stays.")
        )
    else:
        messages.info(request, _("This can no longer be undone."))
    return redirect("letters_returned")


def strip_door(user: object, delivery: Delivery) -> str:
    """Where a member of staff enters the strip of a letter; empty for everybody else."""
    if not scope_of(user).roles & {*FAMILY_WORKERS}:
        return ""
    letter = PrintedLetter.objects.visible_to(user).filter(delivery=delivery, batch__state=BatchState.READY).first()
    return reverse("letter_strip", args=[letter.pk]) if letter and delivery.notice.answers else ""


def _of_class(request: HttpRequest, batch: LetterBatch, classes: list[dict[str, Any]]) -> QuerySet[PrintedLetter]:
    """The letters of the chosen class; of the only one without a choice."""
    letters = mine(request, batch).filter(batch__state=BatchState.READY)
    wanted = request.GET.get("klas", "")
    if len(classes) == 1:
        return letters
    known = {str(row["school_class_id"] or "geen"): row["school_class_id"] for row in classes}
    return letters.filter(school_class_id=known[wanted]) if wanted in known else letters.none()


def _tabs(request: HttpRequest, classes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The classes to choose from; none where there is one."""
    wanted, keys = request.GET.get("klas", ""), [str(row["school_class_id"] or "geen") for row in classes]
    tabs = [
        {"label": row["school_class__name"] or _("Without a class"), "url": f"?klas={key}", "current": key == wanted}
        for row, key in zip(classes, keys, strict=True)
    ]
    return tabs if len(tabs) > 1 else []


def _query(request: HttpRequest) -> str:
    wanted = request.GET.get("klas", "")
    return f"?klas={wanted}" if wanted.isascii() and wanted.isalnum() else ""


def _strips_page(request: HttpRequest, letters: QuerySet[PrintedLetter], context: dict[str, Any]) -> HttpResponse:
    rows = strip_rows(letters, get_language() or MASTER)
    return render(request, "messaging/letter_strips.html", context | {"rows": rows, "day_form": StripDayForm()})


def _save(request: HttpRequest, letters: QuerySet[PrintedLetter], back: str, context: dict[str, Any]) -> HttpResponse:
    """Save the rows that changed; by script that is one, whose new state is the answer."""
    form = StripDayForm(request.POST)
    one = request.POST.get("letter", "")
    if one:
        letters = letters.filter(pk=int(one) if one.isascii() and one.isdigit() and len(one) < 19 else 0)
    rows = strip_rows(letters, get_language() or MASTER)
    if not one and not form.is_valid():
        typed = [row if (value := _value(request, row)) is None else row.as_chosen(value) for row in rows]
        page = context | {"rows": typed, "day_form": form}
        return render(request, "messaging/letter_strips.html", page, status=422)
    changed = [row for row in rows if _value(request, row) not in (None, row.chosen)]
    problem = "" if form.is_valid() else str(_("Choose the day on which the strips came back."))
    for row in changed if not problem else []:
        try:
            _enter(request, row, _value(request, row) or "", form.cleaned_data["on"])
        except ValidationError as error:
            problem = " ".join(error.messages)
    if request.htmx and one and rows:  # type: ignore[attr-defined]
        fresh = strip_rows(letters, get_language() or MASTER)
        return render(request, "messaging/_strip_row.html", {"row": fresh[0], "problem": problem})
    if problem:
        messages.warning(request, problem)
    else:
        words = ngettext("%(count)d strip saved.", "%(count)d strips saved.", len(changed)) % {"count": len(changed)}
        messages.success(request, words)
    return redirect(back)


def _value(request: HttpRequest, row: StripRow) -> str | None:
    return request.POST.get(f"strip-{row.letter.pk}")


def _enter(request: HttpRequest, row: StripRow, value: str, on: date) -> None:
    by = member_of_staff(request)
    if not value:
        services.clear_strip(letter=row.letter, by=by)
    elif value in MARKS:
        services.mark_strip(letter=row.letter, mark=MARKS[value], by=by, on=on)
    else:
        services.enter_strip(letter=row.letter, key=value, by=by, on=on)
