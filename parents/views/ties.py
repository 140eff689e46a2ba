"""An adult's name, and what the adult is to a child: authority on a paper that was seen, or a last day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parents.forms_ties import NameForm, TieEndForm, TieForm
from parents.keptpupils import is_here, kept_or_404
from parents.models import Guardianship
from parents.services.naming import rename_guardian
from parents.services.ties import change_tie, end_tie
from parents.views.doubles import KEEPERS
from schools import audit
from schools.access import member_of_staff, staff_required
from schools.models import School
from schools.sentforms import SentForm


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_tie(request: HttpRequest, pk: int, guardian: int) -> HttpResponse:
    """Each form is sent by itself. Of who asked that the data be only kept the name stays as it is; what a court
    decided about them is written down all the same, for it protects the child (GDPR art. 18.2)."""
    pupil, place = kept_or_404(request.user, pk)
    ties = Guardianship.objects.current().filter(pupil=pupil, guardian__merged_into=None)
    tie = get_object_or_404(ties.select_related("guardian", "pupil", "basis_seen_by"), guardian=guardian)
    if not is_here(place):
        raise Http404
    page = _TiePage(request, tie, place.school)
    if request.method == "POST" and page.done():
        return redirect("pupil_detail", pk)
    if request.method != "POST":
        audit.record_reading(
            actor=request.user,
            verb="read",
            target=tie.guardian,
            school_id=place.school_id,
            pupils=[pupil.pk],
            guardians=[tie.guardian_id],
        )
    return render(request, "parents/guardian_tie.html", page.context(), status=422 if page.sent else 200)


class _TiePage(SentForm):
    def __init__(self, request: HttpRequest, tie: Guardianship, school: School) -> None:
        super().__init__(request)
        self.tie, self.school = tie, school
        self.name = NameForm(self.data("name"), person=tie.guardian)
        self.change = TieForm(self.data("tie"), tie=tie)
        self.end = TieEndForm(self.data("end"))

    def done(self) -> bool:
        """Do what was asked; False when a form says no."""
        school, by = self.school, member_of_staff(self.request)
        about: dict[str, Any] = {"pupil": self.tie.pupil, "guardian": self.tie.guardian, "school": school, "by": by}
        if self.sent == "name" and self.tie.guardian.restricted_on:
            raise Http404
        acts: dict[str, Callable[[], bool]] = {
            "name": lambda: self.tried(
                self.name,
                lambda given: rename_guardian(guardian=self.tie.guardian, school=school, by=by, **given),
                _("Saved."),
            ),
            "tie": lambda: self.tried(
                self.change, lambda given: change_tie(**about, **given), _("Saved. It holds from today on.")
            ),
            "end": lambda: self.tried(
                self.end, lambda given: end_tie(**about, **given), _("Saved. What was said and sent stays.")
            ),
        }
        act = acts.get(self.sent)
        return act() if act else True

    def context(self) -> dict[str, Any]:
        return {
            "tie": self.tie,
            "person": self.tie.guardian,
            "pupil": self.tie.pupil,
            "school": self.school,
            "name_form": self.name,
            "tie_form": self.change,
            "end_form": self.end,
        }
