"""Where a parent signs up for a gathering: the same behind the link of a notice and in the parents' own pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from parents import talkcalendar
from parents.calendarpages import as_calendar
from parents.forms_signup import SignUpForm
from parents.gatherings import Invitation, invitations_for
from parents.models import Gathering, Guardian
from parents.services.signups import sign_off, sign_up


@dataclass(frozen=True, slots=True)
class Door:
    """Where the pages of one gathering stand: addresses behind the same door."""

    guardian: Guardian
    gatherings: QuerySet[Gathering]
    here: str
    cancel: str
    file: str
    back: str
    back_label: str


def show(request: HttpRequest, door: Door, pk: int) -> HttpResponseBase:
    """What it is, whether the parent comes, and the form to say so."""
    invitation = _invitation(door, pk)
    form = SignUpForm(request.POST or None, known=invitation.own)
    if request.method == "POST" and not invitation.is_open:
        messages.error(request, _("It is too late to change this here. Call the school."))
        return redirect(door.here)
    if request.method == "POST" and form.is_valid():
        try:
            made = sign_up(gathering=invitation.gathering, guardian=door.guardian, coming=form.coming())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if made.waits and invitation.free:  # places, but not for so many
                messages.warning(request, _("You are on the waiting list."))
            elif made.waits:
                messages.warning(request, _("All places are taken. You are on the waiting list."))
            else:
                messages.success(request, _("Thank you. The school knows that you come."))
            return redirect(door.here)
    context = {"door": door, "invitation": invitation, "form": form, "school": invitation.gathering.school}
    return render(request, "parents/portal/gathering.html", context)


def give_back(request: HttpRequest, door: Door, pk: int) -> HttpResponseBase:
    """The parent does not come after all."""
    try:
        if sign_off(gathering=_invitation(door, pk).gathering, guardian=door.guardian, by=door.guardian):
            messages.success(request, _("You have signed off. The school knows it."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(door.here)


def calendar_file(door: Door, pk: int) -> HttpResponse:
    """The gathering to which the parent comes, for the own calendar."""
    invitation = _invitation(door, pk)
    if not invitation.comes or invitation.gathering.is_cancelled:
        raise Http404
    return as_calendar(talkcalendar.file_of_gathering(invitation.gathering), "bijeenkomst.ics")


def _invitation(door: Door, pk: int) -> Invitation:
    found = invitations_for(door.guardian, door.gatherings.filter(pk=pk))
    if not found:
        raise Http404
    return found[0]
