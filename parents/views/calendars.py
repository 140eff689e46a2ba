"""Talks in one's own calendar: the file of a talk, and a private link that a calendar program fetches."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parents import calendarpages, talkcalendar
from parents.access import guardian_required
from parents.bookings import slots_for
from parents.models import CalendarFeed, ConferenceHost, ConferenceHour, ConferenceSlot, Guardian
from parents.services.calendars import end_calendar_link, make_calendar_link
from parents.views.conferences import RECEIVERS
from schools import audit
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.models import User


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What a calendar program fetches: who has the link needs no account."""
    feed = talkcalendar.feed_of(secret)
    if feed is None:
        raise Http404
    answer = calendarpages.as_calendar(talkcalendar.feed_text(feed))
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_required
def portal_calendar(request: HttpRequest) -> HttpResponseBase:
    """A guardian's link: whether there is one, a new one, shown once."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    return _link_page(request, guardian, "parents/portal/calendar.html")


@guardian_required
@require_POST
def portal_calendar_end(request: HttpRequest) -> HttpResponseBase:
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    return _ended(request, guardian, "portal_calendar")


@require_safe
@guardian_required
def portal_booking_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One talk of the guardian who is signed in, for the own calendar."""
    guardian: Guardian = request.guardian  # type: ignore[attr-defined]
    return calendarpages.booking_file(slots_for(guardian), pk, guardian)


@staff_required(*RECEIVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponseBase:
    """The same for who receives parents."""
    return _link_page(request, member_of_staff(request), "parents/my_calendar.html")


@staff_required(*RECEIVERS)
@require_POST
def my_calendar_end(request: HttpRequest) -> HttpResponseBase:
    return _ended(request, member_of_staff(request), "my_calendar")


@staff_required(*RECEIVERS)
@require_safe
def conference_hour_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The talk of one time, for a calendar."""
    rows = ConferenceHour.objects.select_related("host__round")
    hour: ConferenceHour = get_visible_or_404(rows, request.user, pk=pk)
    slots = list(talkcalendar.timed(ConferenceSlot.objects.visible_to(request.user).filter(hour=hour)))
    if not slots:
        raise Http404
    return _staff_file(request, hour.host, slots)


@staff_required(*RECEIVERS)
@require_safe
def conference_host_file(request: HttpRequest, pk: int) -> HttpResponse:
    """All talks of one teacher in a round, for a calendar."""
    host: ConferenceHost = get_visible_or_404(ConferenceHost.objects.select_related("round"), request.user, pk=pk)
    slots = talkcalendar.timed(ConferenceSlot.objects.visible_to(request.user).filter(hour__host=host))
    return _staff_file(request, host, list(slots))


def _staff_file(request: HttpRequest, host: ConferenceHost, slots: list[ConferenceSlot]) -> HttpResponse:
    audit.record_reading(
        actor=request.user,
        verb="took along",
        target=host,
        school_id=host.round.school_id,
        pupils=[slot.pupil_id for slot in slots],
    )
    return calendarpages.as_calendar(talkcalendar.file_for_staff(slots))


def _link_page(request: HttpRequest, owner: User | Guardian, template: str) -> HttpResponse:
    """The link stands in the answer to the tap that made it, and nowhere else: not in a session, not in an address."""
    link = ""
    if request.method == "POST":
        secret = make_calendar_link(owner=owner)
        link = settings.SITE_URL + reverse("calendar_feed", args=[secret])
    context = {
        "link": link,
        "open_link": link.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
        "feed": CalendarFeed.objects.of(owner).first(),
    }
    return render(request, template, context)


def _ended(request: HttpRequest, owner: User | Guardian, page: str) -> HttpResponseBase:
    if end_calendar_link(owner=owner):
        messages.success(request, _("The link does not work any more."))
    return redirect(page)
