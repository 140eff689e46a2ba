"""The families nobody reached, and the ladder of one family."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parents.models import ContactMoment, Family, FamilyMembership
from reports.reach import rungs_of
from reports.silence import not_reached
from reports.worklist import REASONS, work_rows
from schools import audit, clock, languages
from schools.access import CLB_STAFF, FAMILY_WORKERS, get_visible_or_404, staff_required
from schools.forms_filters import SchoolFilter
from schools.models import Enrolment, Pupil, Role, School, SchoolYear
from schools.models.places import SchoolQuerySet
from schools.newcomers import lists_of, nobody_yet
from schools.scope import scope_of

ROWS_ON_A_PAGE = 25


class WorkFilter(SchoolFilter):
    """School, language and reason."""

    contacttaal = forms.ChoiceField(required=False)  # "taal" in an address is the language of the page
    reden = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("contacttaal", _("Contact language"), [("", _("All languages")), *languages.contact_choices()])
        self._offer("reden", _("Why"), [("", _("All reasons")), *((key, _(text)) for key, text in REASONS.items())])

    def _offer(self, name: str, label: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.label, field.choices = label, choices


@staff_required(*CLB_STAFF, Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON)
@require_safe
def not_reached_page(request: HttpRequest) -> HttpResponse:
    """Longest silence first, each with why and what to try next."""
    schools = list(School.objects.visible_to(request.user).order_by("name"))
    form = WorkFilter(request.GET, schools=schools)
    chosen = form.cleaned_data if form.is_valid() else {}
    families = not_reached(
        request.user,
        school=chosen.get("school"),
        language=chosen.get("contacttaal", ""),
        reason=chosen.get("reden", ""),
    )
    page = Paginator(families, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "rows": work_rows(page.object_list, request.user, names_school=len(schools) > 1),
        "form": form,
        "is_filtered": any(chosen.values()),
        "query": query.urlencode(),
        "today": clock.today(),
        "nobody_yet": not page.object_list and nobody_yet(request.user),
        "lists_url": lists_of(request.user),
    }
    return render(request, "reports/not_reached.html", context)


@staff_required(*FAMILY_WORKERS)
@require_safe
def family_ladder(request: HttpRequest, pk: int) -> HttpResponse:
    """How far this family has been reached this school year at the reader's schools, as a part of its page; by talks
    that the reader may read, for it says since which day."""
    family = get_visible_or_404(Family.objects, request.user, pk=pk)
    shown = Family.objects.visible_to(request.user).filter(pk=family.pk)
    members = FamilyMembership.objects.current().filter(family=family)
    seen = Pupil.objects.visible_to(request.user).filter(pk__in=members.values("pupil_id"))
    audit.record_reading(
        actor=request.user,
        verb="read reach",
        target=family,
        school_id=Enrolment.objects.current().filter(pupil__in=seen).aggregate(first=Min("school_id"))["first"],
        pupils=seen.values_list("pk", flat=True),
    )
    year = SchoolYear.objects.running()
    today = clock.today()
    schools = SchoolQuerySet.ids_of_any_place(scope_of(request.user))
    first, talks = year.starts_on if year else today, ContactMoment.objects.visible_to(request.user)
    state = rungs_of(shown, first, today, schools=schools, talks=talks)[family.pk]
    template = "reports/_ladder.html" if getattr(request, "htmx", False) else "reports/family_ladder.html"
    return render(request, template, {"state": state, "family": family})
