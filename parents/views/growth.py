"""A teacher tells parents what goes well: the child, phrases, how each parent will read it, shared."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parents import growth
from parents.choosing import CHILDREN_TO_TAP, with_class
from parents.forms_growth import GrowthForm
from parents.models import Family, GrowthNote
from parents.services.growth import share_growth, take_back_growth
from schools import audit
from schools.access import SCHOOL_TEAM, get_editable_or_404, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import back_address, row_number
from schools.delicate import delicate_words
from schools.models import Pupil, SchoolClass


@staff_required(*SCHOOL_TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def growth_new(request: HttpRequest) -> HttpResponse:
    """Without a child those one may write about; with one the phrases, and before it is shared how it reads."""
    wanted = row_number(request.GET.get("pupil", ""))
    if wanted is None:
        return _choose_child(request)
    place = get_object_or_404(growth.places_of(request.user).select_related("pupil", "school"), pupil_id=wanted)
    pupil, terms = place.pupil, growth.terms()
    form = GrowthForm(request.POST or None, terms=terms, child=pupil.first_name)
    back, label = _family_of(request, pupil)
    context = {"form": form, "pupil": pupil, "back_url": back, "back_label": label, "has_phrases": bool(terms)}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "share":
            share_growth(pupil=pupil, school=place.school, by=member_of_staff(request), **form.cleaned_data)
            messages.success(request, _("Shared. The parents read it on the page of their child."))
            return redirect(back)
        if request.POST.get("step") != "change":
            context["previews"] = growth.previews(pupil, form.cleaned_data["phrases"])
            context["delicate"] = delicate_words(form.cleaned_data["sentence"])
    if request.method != "POST":
        audit.record_reading(
            actor=request.user, verb="read", target=pupil, school_id=place.school_id, pupils=[pupil.pk]
        )
    return render(request, "parents/growth_new.html", context, status=422 if form.errors else 200)


@staff_required(*SCHOOL_TEAM)
@require_POST
def growth_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The writer or the head; the parents do not see it any more."""
    note: GrowthNote = get_editable_or_404(GrowthNote.objects.select_related("pupil"), request.user, pk=pk)
    back, _label = _family_of(request, note.pupil)
    take_back_growth(note=note, by=member_of_staff(request))
    messages.success(request, _("Taken back. The parents do not see it any more."))
    return redirect(back_address(request, back))


def _choose_child(request: HttpRequest) -> HttpResponse:
    """The children of a class, or all one may write about."""
    pupils = growth.writable_by(request.user)
    school_class = None
    if request.GET.get("klas"):
        number = row_number(request.GET["klas"])
        if number is None:
            raise Http404
        school_class = get_visible_or_404(SchoolClass.objects, request.user, pk=number)
        pupils = pupils.enrolled_in(school_class)
    context = {
        "pupils": with_class(pupils.order_by("first_name", "pk"))[:CHILDREN_TO_TAP],
        "school_class": school_class,
        "search_here": reverse("growth_new"),
    }
    return render(request, "parents/growth_choose.html", context)


def _family_of(request: HttpRequest, pupil: Pupil) -> tuple[str, str]:
    """The page of the child's family as far as the reader may see it, else that of all, and what leads there."""
    family = Family.objects.visible_to(request.user).filter(memberships__pupil=pupil).first()
    if family is None:
        return reverse("family_list"), _("Families")
    return reverse("family_detail", args=[family.pk]), _("To the family")
