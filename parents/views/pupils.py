"""The children of a school as its head and office keep them, one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parents.forms_pupils import LeaveForm, MoveForm
from parents.forms_ties import ChildNameForm
from parents.keptpupils import LEFT_SHOWN, classes_of, is_here, kept_or_404, left_lately, places_of, running_before
from parents.models import Family, FamilyMembership
from parents.services.naming import rename_pupil
from parents.views.doubles import KEEPERS
from parents.views.staff import guardians_of
from schools import audit, clock
from schools.access import chosen_school, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Enrolment, Pupil, Role, School
from schools.roster.keys import year_of
from schools.roster.rows import Roster
from schools.scope import scope_of
from schools.sentforms import SentForm
from schools.services.enrolling import change_class, keep_after_all, let_leave

ROWS_ON_A_PAGE = 50
CLASSES_SHOWN = 80


@staff_required(*KEEPERS)
@require_safe
def pupil_list(request: HttpRequest) -> HttpResponse:
    """Classes with their teachers, and children by name; ``?klas=`` and ``?q=`` narrow them."""
    schools = list(School.objects.filter(pk__in=scope_of(request.user).kept_schools).order_by("name"))
    school = chosen_school(request, schools)
    if school is None:
        return render(request, "parents/pupil_list.html", {"school": None})
    query = request.GET.get("q", "").strip()[:80]
    room = row_number(request.GET.get("klas", ""))
    page = Paginator(places_of(school, query, room), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    audit.record(
        actor=request.user,
        verb="searched" if query else "listed",  # never what was searched for, which is a name
        target=school,
        school_id=school.pk,
        found=page.paginator.count,
    )
    narrowed = {"school": str(school.pk), "q": query, "klas": str(room or "")}
    context = {
        "school": school,
        "schools": schools,
        "page": page,
        "query": query,
        "query_string": urlencode({name: value for name, value in narrowed.items() if value}),
        "classes": list(classes_of(school, year_of(Roster("")))[:CLASSES_SHOWN]),
        "room": room,
        "left": [] if query or room else list(left_lately(school)[:LEFT_SHOWN]),
        "may_appoint": Role.HEAD in scope_of(request.user).roles,
        "today": clock.today(),
        "new_url": f"{reverse('pupil_new')}?school={school.pk}",
        "new_class_url": f"{reverse('class_new')}?school={school.pk}",
    }
    return render(request, "parents/pupil_list.html", context)


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def pupil_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One child: its place, its adults with what the school knows of them. Each form is sent by itself."""
    pupil, place = kept_or_404(request.user, pk)
    page = _PupilPage(request, pupil, place)
    if request.method == "POST" and page.done():
        return redirect("pupil_detail", pk)
    if request.method != "POST":  # as the family's page does, so that unusual reading is seen here too
        audit.record_reading(
            actor=request.user, verb="read", target=page.family or pupil, school_id=place.school_id, pupils=[pupil.pk]
        )
    return render(request, "parents/pupil_detail.html", page.context(), status=422 if page.sent else 200)


class _PupilPage(SentForm):
    def __init__(self, request: HttpRequest, pupil: Pupil, place: Enrolment) -> None:
        super().__init__(request)
        self.pupil, self.place = pupil, place
        self.family = Family.objects.filter(
            pk__in=FamilyMembership.objects.current().filter(pupil=pupil).values("family_id")
        ).first()
        self.running = running_before(place)
        self.move = MoveForm(self.data("move"), place=place)
        self.now = self._this_year()
        self.name = ChildNameForm(self.data("name"), person=pupil)
        self.leave = LeaveForm(self.data("leave"), place=place)

    def done(self) -> bool:
        """Do what was asked; False when a form says no."""
        acts: dict[str, Callable[[], bool]] = {
            "name": self._name,
            "move": lambda: self._move(self.move),
            "now": lambda: self.now is not None and self._move(self.now),
            "leave": self._leave,
            "stay": self._stay,
        }
        act = acts.get(self.sent)
        return act() if act else True

    def _name(self) -> bool:
        school, by = self.place.school, member_of_staff(self.request)
        return self.tried(
            self.name, lambda given: rename_pupil(pupil=self.pupil, school=school, by=by, **given), _("Saved.")
        )

    def _this_year(self) -> MoveForm | None:
        """Another class until the summer is over, for a child that has its place in the next school year already."""
        if self.running is None or self.running.school_class.year_id == self.place.school_class.year_id:
            return None
        return MoveForm(self.data("now"), place=self.running, prefix="now")

    def _move(self, form: MoveForm) -> bool:
        return self.tried(
            form,
            lambda given: change_class(
                pupil=self.pupil,
                to=given["school_class"],
                first_day=given["first_day"],
                by=member_of_staff(self.request),
            ),
            _("Saved. Who sees the child changes with it on that day."),
        )

    def _leave(self) -> bool:
        return self.tried(
            self.leave,
            lambda given: let_leave(
                pupil=self.pupil,
                school=self.place.school,
                last_day=given["last_day"],
                by=member_of_staff(self.request),
            ),
            _("Saved. For a month this can be taken back here."),
        )

    def _stay(self) -> bool:
        try:
            keep_after_all(pupil=self.pupil, school=self.place.school, by=member_of_staff(self.request))
        except ValidationError as error:
            messages.warning(self.request, " ".join(error.messages))
        else:
            messages.success(self.request, _("Taken back: the child is in class %(class)s.") % {"class": self._room})
        return True

    @property
    def _room(self) -> str:
        return self.place.school_class.name

    def context(self) -> dict[str, Any]:
        here = is_here(self.place)
        opens_family = Role.HEAD in scope_of(self.request.user).roles and here
        return {
            "pupil": self.pupil,
            "place": self.place,
            "running": self.running,
            "today": clock.today(),
            "is_here": here,
            "name_form": self.name,
            "move_form": self.move,
            "now_form": self.now,
            "leave_form": self.leave,
            "guardians": guardians_of([self.pupil]) if here else [],
            "family": self.family if opens_family else None,
        }
