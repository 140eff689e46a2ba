"""A class after an evening without a round of meetings: choose the class, mark who came, one save."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from parents.evenings import families_of_class
from parents.forms_evening import EveningForm
from parents.services.attendance import TalksWritten
from parents.services.evenings import is_taken_back, take_back_evening, write_evening
from parents.undoing import WRITTEN, uuid_of
from schools import audit
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import School, SchoolClass

MOST_SCHOOLS, MOST_CLASSES = 200, 60


@staff_required(*FAMILY_WORKERS)
@require_safe
def evening_choose(request: HttpRequest) -> HttpResponse:
    """Which class, of many schools first at which; who has one class alone is there at once."""
    rows = SchoolClass.objects.visible_to(request.user).of_running_year()
    schools = list(School.objects.filter(pk__in=rows.values("school")).order_by("name")[:MOST_SCHOOLS])
    asked = row_number(request.GET.get("school", ""))
    school = schools[0] if len(schools) == 1 else next((one for one in schools if one.pk == asked), None)
    classes = list(rows.filter(school=school)[:MOST_CLASSES])
    if len(classes) == 1:
        return redirect("class_evening", classes[0].pk)
    context = {"school": school, "classes": classes, "schools": [] if school else schools}
    return render(request, "parents/evening_choose.html", context)


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def class_evening(request: HttpRequest, pk: int) -> HttpResponse:
    """The families of the class with a mark each."""
    school_class = get_visible_or_404(SchoolClass.objects.select_related("school", "year"), request.user, pk=pk)
    if request.method == "POST" and "undo" in request.POST:
        return _undo(request, school_class)
    families, without_family = families_of_class(school_class, request.user)
    form = EveningForm(request.POST or None, school_class=school_class, families=families)
    if request.method == "POST" and form.is_valid():
        evening = form.evening()
        written = write_evening(school_class=school_class, evening=evening, by=member_of_staff(request))
        _say(request, written)
        back = reverse("class_detail", args=[pk])
        return redirect(f"{back}?{WRITTEN}={evening.client_id}" if written.held else back)
    if request.method != "POST":
        audit.record(actor=request.user, verb="listed", target=school_class, school_id=school_class.school_id)
    context = {"school_class": school_class, "form": form, "without_family": without_family}
    return render(request, "parents/class_evening.html", context, status=422 if form.is_bound else 200)


def _undo(request: HttpRequest, school_class: SchoolClass) -> HttpResponse:
    """All that was written with one form a moment ago."""
    form, by = uuid_of(request.POST["undo"]), member_of_staff(request)
    if form and take_back_evening(school_class=school_class, client_id=form, by=by):
        messages.success(request, _("Undone: nothing of this evening is written."))
    elif form and is_taken_back(school_class=school_class, client_id=form, by=by):  # pressed twice
        messages.info(request, _("This was taken back already."))
    else:
        messages.warning(request, _("This can be undone no more as a whole. Take it back at each family."))
    return redirect("class_detail", school_class.pk)


def _say(request: HttpRequest, written: TalksWritten) -> None:
    """What became of it, but for what the page of the class says beside its undo."""
    if written.known:
        words = ngettext(
            "Of %(number)d family it was noted before, so it was not written again.",
            "Of %(number)d families it was noted before, so it was not written again.",
            written.known,
        )
        messages.info(request, words % {"number": written.known})
    for name in written.refused:
        words = _("Nothing could be written of %(name)s: the child does not belong to one family.")
        messages.error(request, words % {"name": name})
