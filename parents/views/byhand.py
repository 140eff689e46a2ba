"""A newcomer, or one more adult of a child, without a list: typed, looked at, brought in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parents.forms_byhand import AdultForm, ByHandForm, ChildForm
from parents.keptpupils import kept_or_404
from parents.roster import showing
from parents.roster.whole import WholePlan, plan_whole
from parents.services.byhand import about, add_by_hand, why_not
from parents.views.doubles import KEEPERS
from parents.views.rosters import WHO
from schools import audit
from schools.access import chosen_school, member_of_staff, schools_run_by, staff_required
from schools.models import School
from schools.roster.byhand import name_of, read_by_hand
from schools.roster.plan import Deed
from schools.roster.rows import Roster
from schools.roster.sentences import sentence_of
from schools.scope import scope_of

SCHOOLS_SHOWN = 200


@staff_required(*WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def pupil_new(request: HttpRequest) -> HttpResponse:
    """A child with its adults; ``?school=`` chooses the school."""
    schools = list(schools_run_by(request.user).order_by("name")[:SCHOOLS_SHOWN])
    school = chosen_school(request, schools)
    if school is None:
        return redirect("roster_list")
    form = ChildForm(request.POST if request.method == "POST" else None, school=school)
    keeps = school.pk in scope_of(request.user).kept_schools
    page = _ByHand(request, school, form, "parents/pupil_new.html", {"schools": schools, "keeps": keeps})
    return page.answer(lambda plan: _after(request, plan, school))


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One more adult of a child."""
    pupil, place = kept_or_404(request.user, pk)
    form = AdultForm(request.POST if request.method == "POST" else None, child=name_of(pupil))
    page = _ByHand(request, place.school, form, "parents/guardian_new.html", {"pupil": pupil})
    return page.answer(lambda plan: _to_child(request, pupil.pk))


class _ByHand:
    """The steps of one form: what was typed is read as a list is, shown, and brought in when it still fits. It goes to
    the browser and back, and is kept nowhere until then."""

    def __init__(
        self, request: HttpRequest, school: School, form: ByHandForm, template: str, more: dict[str, Any]
    ) -> None:
        self.request, self.school, self.form, self.template = request, school, form, template
        self.more = more | {"school": school, "form": form}

    def answer(self, done: Callable[[WholePlan], HttpResponse]) -> HttpResponse:
        act = self.request.POST.get("act", "")
        if not self.form.is_bound or not self.form.is_valid():
            return self._form_page(422 if self.form.is_bound else 200)
        if act == "change":
            return self._form_page(200)
        roster = read_by_hand(self.form.cells())
        self.form.refuse(roster.findings)
        if self.form.errors:
            return self._form_page(422)
        if act == "go":
            try:
                plan_key = self.request.POST.get("plan_key", "")
                by = member_of_staff(self.request)
                return done(add_by_hand(roster=roster, school=self.school, by=by, plan_key=plan_key))
            except ValidationError as error:
                return self._look(roster, error.messages)
        return self._look(roster, [])

    def _look(self, roster: Roster, problems: list[str]) -> HttpResponse:
        plan = plan_whole(roster, self.school)
        if reasons := why_not(plan):
            for reason in reasons:
                self.form.add_error(None, reason)
            return self._form_page(422)
        audit.record(actor=self.request.user, verb="looked at a newcomer", target=self.school, school_id=self.school.pk)
        context = self.more | {
            "problems": problems,
            "in_short": showing.in_short(plan),
            "lines": [showing.line_in_words(one.as_data()) for one in plan.lines if one.deed is not Deed.LEAVE],
            "findings": [sentence_of(finding) for finding in plan.findings],
            "kept": self.form.kept(),
            "plan_key": plan.key,
        }
        return render(self.request, "parents/by_hand_look.html", context, status=422 if problems else 200)

    def _form_page(self, status: int) -> HttpResponse:
        return render(self.request, self.template, self.more, status=status)


def _after(request: HttpRequest, plan: WholePlan, school: School) -> HttpResponse:
    """To the child's page, for who keeps the people of the school."""
    if school.pk in scope_of(request.user).kept_schools:
        return _to_child(request, about(plan)[0].pk)
    messages.success(request, _("Brought in."))
    return redirect(f"{reverse('pupil_new')}?school={school.pk}")


def _to_child(request: HttpRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Brought in."))
    return redirect("pupil_detail", pk)
