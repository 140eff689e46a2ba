"""How a guardian is reached, put right by the school: what lasts is announced where the guardian was known before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging.announcements import Announcement, announce_new_contact, announcement_for
from messaging.forms_guardians import ContactToldForm, HomeForm, LanguageToldForm
from messaging.services.newcontacts import use_told_contact
from messaging.views.reached import say_saved
from parents.access import children_of, points_of
from parents.keptpupils import is_here, kept_or_404
from parents.models import Guardian, Guardianship
from parents.services import note_language
from parents.services.homes import housemates, move_home
from parents.signin import Reachable
from schools import audit
from schools.access import member_of_staff, staff_required
from schools.answerfirst import AnswerFirst
from schools.models import Pupil, Role, School
from schools.sentforms import SentForm


@staff_required(Role.HEAD, Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_data(request: HttpRequest, pk: int, guardian: int) -> HttpResponse:
    """Language, numbers, addresses and home of one adult of a child. Each form is sent by itself."""
    pupil, place = kept_or_404(request.user, pk)
    ties = Guardianship.objects.current().filter(pupil=pupil)
    people = Guardian.objects.filter(pk__in=ties.values("guardian_id"), restricted_on=None, merged_into=None)
    person = get_object_or_404(people.select_related("household"), pk=guardian)
    if not is_here(place):
        raise Http404
    page = _DataPage(request, pupil, place.school, person)
    if request.method == "POST" and (answer := page.answer()):
        return answer
    if request.method != "POST":
        audit.record_reading(
            actor=request.user,
            verb="read",
            target=person,
            school_id=place.school_id,
            pupils=[pupil.pk],
            guardians=[person.pk],
        )
    return render(request, "messaging/guardian_data.html", page.context(), status=422 if page.sent else 200)


def _send(announcements: Sequence[Announcement]) -> None:
    for said in announcements:
        said.send()


class _DataPage(SentForm):
    def __init__(self, request: HttpRequest, pupil: Pupil, school: School, person: Guardian) -> None:
        super().__init__(request)
        self.pupil, self.school, self.person = pupil, school, person
        self.points = list(points_of(person))
        spoken = {"language": person.contact_language}
        self.language = LanguageToldForm(self.data("language"), prefix="language", initial=spoken)
        self.mates = housemates(person, pupil)
        home = person.household
        lives = {"street": home.street, "postcode": home.postcode, "city": home.city} if home else {}
        self.home = HomeForm(self.data("home"), prefix="home", mates=self.mates, initial=lives)
        self.contact = ContactToldForm(self.data("contact"), prefix="contact", points=self.points)

    def answer(self) -> HttpResponse | None:
        """What was asked is done; None when a form says no."""
        acts: dict[str, Callable[[], HttpResponse | None]] = {
            "language": self._language,
            "contact": self._contact,
            "home": self._home,
        }
        act = acts.get(self.sent)
        return act() if act else redirect(self._back)

    @property
    def _back(self) -> str:
        return reverse("pupil_detail", args=[self.pupil.pk])

    def _language(self) -> HttpResponse | None:
        if not self.language.is_valid():
            return None
        wanted = self.language.cleaned_data["language"]
        is_other = wanted != self.person.contact_language
        announcement = announcement_for(self.person, by=self.school) if is_other else None
        note_language(guardian=self.person, language=wanted, by=member_of_staff(self.request), school=self.school)
        messages.success(self.request, _("Saved. The next notice comes in this language."))
        return AnswerFirst(self._back, announcement.send) if announcement else redirect(self._back)

    def _contact(self) -> HttpResponse | None:
        if not self.contact.is_valid():
            return None
        announcement = announcement_for(self.person, by=self.school)
        point = use_told_contact(
            guardian=self.person,
            contact=self.contact.cleaned_data["contact"],
            replaces=self.contact.replaced(),
            by=member_of_staff(self.request),
            school=self.school,
        )
        say_saved(self.request, point, self.person)
        contact = Reachable(point.kind, point.value)
        if not children_of(self.person).exists():  # no right to hear anything
            return redirect(self._back)
        return AnswerFirst(self._back, lambda: announce_new_contact(announcement, contact, self.person, self.school))

    def _home(self) -> HttpResponse | None:
        if not self.home.is_valid():
            return None
        people = [self.person, *(self.mates if self.home.cleaned_data.get("together") else [])]
        address = self.home.address()
        movers = [person for person in people if not (person.household and address.is_of(person.household))]
        announcements = [said for person in movers if (said := announcement_for(person, by=self.school))]
        move_home(
            pupil=self.pupil,
            people=people,
            address=address,
            by=member_of_staff(self.request),
            school=self.school,
        )
        messages.success(self.request, _("Saved. The next letter goes there."))
        return AnswerFirst(self._back, partial(_send, announcements))

    def context(self) -> dict[str, Any]:
        return {
            "pupil": self.pupil,
            "person": self.person,
            "school": self.school,
            "language_form": self.language,
            "contact_form": self.contact,
            "home_form": self.home,
        }
