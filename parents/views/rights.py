"""A family's consents and legal holds, as colleagues keep them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parents.consenting import lines_of
from parents.forms_data import ConsentForm, HoldForm
from parents.models import Consent, Family, Guardian, LegalHold, RequestKind
from parents.models.legalholds import may_hold_at
from parents.restrictions import left_restrictions
from parents.services import give_consent, hold_family, lift_restriction, release_family, withdraw_consent
from parents.views.staff import family_title, guardians_of
from schools import audit
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Pupil

EARLIER_SHOWN = 30


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def family_rights(request: HttpRequest, pk: int) -> HttpResponse:
    """Who agreed to what, and whether the family's data are held. Each form is sent by itself."""
    family = get_visible_or_404(Family.objects.with_children_for(request.user), request.user, pk=pk)
    pupils = [membership.pupil for membership in family.shown]
    schools = {place.school_id for pupil in pupils for place in pupil.running}
    people = guardians_of(pupils)
    page = _RightsPage(request, family, pupils, people, schools)
    if request.method == "POST" and page.done():
        return redirect("family_rights", pk)
    if request.method != "POST":
        audit.record_reading(
            actor=request.user,
            verb="read",
            target=family,
            school_id=page.school_id,
            pupils=[pupil.pk for pupil in pupils],
        )
    return render(request, "parents/family_rights.html", page.context(), status=422 if page.is_refused else 200)


def _is_told(person: Any) -> bool:
    """Whether a guardian with ``roles`` is informed of a child of the family."""
    return any(role.information_right for role in person.roles)


class _RightsPage:
    """The forms of the page; only the one that was sent is bound."""

    def __init__(
        self, request: HttpRequest, family: Any, pupils: list[Pupil], people: list[Guardian], schools: set[int]
    ) -> None:
        self.request, self.family, self.pupils, self.people = request, family, pupils, people
        self.school_id, self.by = min(schools, default=None), member_of_staff(request)
        self.may_hold = may_hold_at(request.user, schools)
        self.sent = request.POST.get("form", "") if request.method == "POST" else ""
        self.consents = Consent.objects.of(people, pupils).select_related("child", "recorded_by", "guardian")
        self.holds = LegalHold.objects.visible_to(request.user).filter(family=family).select_related("held_by")
        self.consent_form = ConsentForm(
            request.POST if self.sent == "consent" else None,
            guardians=Guardian.objects.filter(pk__in=[person.pk for person in people if _is_told(person)]),
            pupils=Pupil.objects.visible_to(request.user).filter(pk__in=[pupil.pk for pupil in pupils]),
        )
        self.hold_form = HoldForm(request.POST if self.sent == "hold" else None)

    @property
    def is_refused(self) -> bool:
        return self.request.method == "POST"

    def done(self) -> bool:
        """Do what was asked; False when a form says no."""
        act = {
            "consent": self._give,
            "withdraw": self._withdraw,
            "hold": self._hold,
            "release": self._release,
            "lift": self._lift,
        }.get(self.sent)
        return act() if act else True

    def _give(self) -> bool:
        if not self.consent_form.is_valid():
            return False
        try:
            give_consent(by=self.by, school_id=self.school_id, **self.consent_form.cleaned_data)
        except ValidationError as error:
            self.consent_form.add_error(None, error)
            return False
        messages.success(self.request, _("Saved."))
        return True

    def _withdraw(self) -> bool:
        consent = self.consents.running().filter(pk=row_number(self.request.POST.get("consent", "")) or 0).first()
        if consent is not None:
            withdraw_consent(consent=consent, by=self.by, school_id=self.school_id)
            messages.success(self.request, _("Withdrawn."))
        return True

    def _hold(self) -> bool:
        if not self.may_hold:
            raise PermissionDenied
        if not self.hold_form.is_valid():
            return False
        try:
            hold_family(family=self.family, by=self.by, school_id=self.school_id, **self.hold_form.cleaned_data)
        except ValidationError as error:
            self.hold_form.add_error("until", error)
            return False
        messages.success(self.request, _("Saved. Retention leaves this family alone until then."))
        return True

    def _release(self) -> bool:
        if not self.may_hold:
            raise PermissionDenied
        hold = self.holds.running().filter(pk=row_number(self.request.POST.get("hold", "")) or 0).first()
        if hold is not None:
            release_family(hold=hold, by=self.by, school_id=self.school_id)
            messages.success(self.request, _("The hold is over."))
        return True

    def _lift(self) -> bool:
        if not self.may_hold:
            raise PermissionDenied
        wanted = row_number(self.request.POST.get("guardian", ""))
        left = self._left_restrictions()
        for person in self.people:
            if person.pk == wanted and person.pk in left:
                lift_restriction(guardian=person, by=self.by, school_id=self.school_id, kinds=left[person.pk])
                messages.success(self.request, _("The portal works with these data again."))
        return True

    def _left_restrictions(self) -> dict[int, list[RequestKind]]:
        """Guardians of whom something may be ended here, for no child of theirs is where it was decided."""
        silent = [person for person in self.people if person.gets_nothing]
        return left_restrictions(silent) if silent and self.may_hold else {}

    def context(self) -> dict[str, Any]:
        rows = list(self.consents)
        running = [row for row in rows if row.withdrawn_on is None]
        may_lift = self._left_restrictions()
        held = set(Consent.objects.holding(self.pupils).values_list("pk", flat=True))
        return {
            "family": self.family,
            "title": family_title(self.pupils),
            "people": [
                {
                    "guardian": person,
                    "lines": list(lines_of(person, self._children_of(person), running)),
                    "held": held,
                    "may_lift": person.pk in may_lift,
                }
                for person in self.people
            ],
            "earlier": [row for row in rows if row.withdrawn_on is not None][:EARLIER_SHOWN],
            "consent_form": self.consent_form,
            "hold_form": self.hold_form if self.may_hold else None,
            "holds": list(self.holds.running()),
        }

    def _children_of(self, person: Any) -> list[Pupil]:
        about = {tie.pupil_id for tie in person.roles}
        return [pupil for pupil in self.pupils if pupil.pk in about]
