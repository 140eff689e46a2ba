"""Rounds of parent–teacher meetings: made, looked at, times added. A teacher sees the own classes only."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parents import conferencelists
from parents.forms_conferences import RoundForm
from parents.models import ConferenceHost, ConferenceRound, SlotRule
from parents.services import conferenceplaces, conferences
from schools import clock
from schools.access import (
    FAMILY_WORKERS,
    WHOLE_SCHOOL,
    chosen_school,
    get_visible_or_404,
    member_of_staff,
    staff_required,
)
from schools.arriving import row_number
from schools.models import Method, Pupil, Role, SchoolClass
from schools.scope import scope_of

#: Who receives parents, and who plans it for them.
RECEIVERS = (Role.TEACHER, *WHOLE_SCHOOL)
ROUNDS_ON_A_PAGE = 20
#: The template with which parents are invited.
INVITATION = "parent-meeting-round"


@staff_required(*RECEIVERS)
@require_safe
def conference_list(request: HttpRequest) -> HttpResponse:
    """The rounds, the latest first, and how far each is."""
    page = Paginator(conferencelists.rounds_of(request.user), ROUNDS_ON_A_PAGE).get_page(request.GET.get("page"))
    several = len({row.school_id for row in page.object_list}) > 1
    return render(request, "parents/conference_list.html", {"page": page, "several": several})


@staff_required(*RECEIVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def conference_new(request: HttpRequest) -> HttpResponse:
    """A round for a school, or of a teacher's own class; a method card may bring its settings along."""
    schools = list(conferencelists.schools_of(request.user))
    school = chosen_school(request, schools)
    if school is None:
        return render(request, "parents/conference_new.html", {"school": None})
    rooms = SchoolClass.objects.visible_to(request.user).of_running_year().filter(school=school)
    cards = {card.slug: card for card in Method.objects.exclude(conference={})}
    card = cards.get(request.GET.get("fiche", ""))
    initial = card.conference if card else {}
    form = RoundForm(request.POST or None, school=school, classes=list(rooms), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = conferences.make_round(
                school=school,
                name=form.cleaned_data["name"],
                evenings=form.evenings(),
                seats=form.seats(),
                terms=form.terms(),
                by=member_of_staff(request),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The round is there. Parents can choose as soon as you invite them."))
            return redirect("conference_detail", pk=made.pk)
    tabs = [
        {
            "label": one.title,
            "url": f"?school={school.pk}&fiche={one.slug}",
            "current": one == card,
            "icon": one.icon,
        }
        for one in cards.values()
    ]
    context = {"form": form, "school": school, "schools": schools, "cards": [] if form.is_bound else tabs}
    return render(request, "parents/conference_new.html", context, status=422 if form.errors else 200)


@staff_required(*RECEIVERS)
@require_safe
def conference_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: each teacher with times chosen and free, and how many children have none."""
    conference = _round(request, pk)
    hosts = conferencelists.hosts_of(conference, request.user)
    context = {
        "conference": conference,
        "hosts": hosts,
        "short_of": conferencelists.short_of(hosts),
        "newcomers": conferencelists.newcomers(conference),
        "may_remove": _sees_whole(request, conference),
        "invite_url": _invitation_to(request, conference),
    }
    return render(request, "parents/conference_detail.html", context)


@staff_required(*RECEIVERS)
@require_POST
def conference_places(request: HttpRequest, pk: int) -> HttpResponse:
    """A place for children who came after the round was made."""
    number = conferenceplaces.offer_places(conference=_round(request, pk), by=member_of_staff(request))
    words = ngettext("%(number)s place was added.", "%(number)s places were added.", number)
    messages.success(request, words % {"number": number})
    return redirect("conference_detail", pk=pk)


@staff_required(*RECEIVERS)
@require_POST
def conference_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One talk for all parents of a child, or one for each of them."""
    conference = _round(request, pk)
    host = get_visible_or_404(conference.hosts, request.user, pk=row_number(request.POST.get("host", "")))
    pupils = Pupil.objects.filter(
        conference_slots__round=conference, conference_slots__school_class=host.school_class_id
    )
    pupil = get_visible_or_404(pupils.distinct(), request.user, pk=row_number(request.POST.get("pupil", "")))
    if request.POST.get("rule") in SlotRule.values:
        try:
            rule = SlotRule(request.POST["rule"])
            conferenceplaces.change_rule(conference=conference, pupil=pupil, rule=rule, by=member_of_staff(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("conference_host", pk=host.pk)


@staff_required(*RECEIVERS)
@require_POST
def conference_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a round that was made by mistake."""
    try:
        conferences.remove_round(conference=_whole_round(request, pk), by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("conference_detail", pk=pk)
    messages.success(request, _("The round is removed."))
    return redirect("conference_list")


def _invitation_to(request: HttpRequest, conference: ConferenceRound) -> str:
    """Where the notice begins that leads to the times of this round, while parents can choose one; the office plans
    rounds but writes no notices."""
    if not (conference.takes_bookings(clock.now()) and scope_of(request.user).roles & set(FAMILY_WORKERS)):
        return ""
    return f"{reverse('notice_compose', args=[INVITATION])}?aan=round:{conference.pk}"


def _round(request: HttpRequest, pk: int) -> ConferenceRound:
    rounds = ConferenceRound.objects.received_by(request.user).select_related("school")
    row: ConferenceRound = get_visible_or_404(rounds, request.user, pk=pk)
    return row


def _whole_round(request: HttpRequest, pk: int) -> ConferenceRound:
    """A round of which the user sees every teacher."""
    row = _round(request, pk)
    if not _sees_whole(request, row):
        raise Http404
    return row


def _sees_whole(request: HttpRequest, row: ConferenceRound) -> bool:
    seen = ConferenceHost.objects.visible_to(request.user).filter(round=row)
    return not row.hosts.exclude(pk__in=seen.values("pk")).exists()
