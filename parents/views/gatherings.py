"""Gatherings of a school: listed, made, changed, cancelled; who signed up by phone or on paper; who came."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parents import gatheringlists
from parents.choosing import children_to_tap
from parents.forms_conferences import ReasonForm
from parents.forms_gatherings import EnterForm, GatheringForm
from parents.models import Gathering, Guardian
from parents.services.gatherings import cancel_gathering, change_gathering, make_gathering, reopen_gathering
from parents.services.signups import locked, sign_off, sign_up
from schools import audit
from schools.access import (
    WHOLE_SCHOOL,
    chosen_school,
    get_editable_or_404,
    get_visible_or_404,
    member_of_staff,
    staff_required,
)
from schools.arriving import row_number
from schools.models import Enrolment, Pupil, Role
from schools.pagelanguage import page_lives_at

#: Who brings parents together.
ORGANISERS = (Role.TEACHER, *WHOLE_SCHOOL, Role.JOINT_CLB)
ON_A_PAGE = 20
#: In the address: what is over.
PAST = "voorbij"


@staff_required(*ORGANISERS)
@require_safe
def gathering_list(request: HttpRequest) -> HttpResponse:
    """What is to come, or what was, and how many come."""
    past = request.GET.get("toon") == PAST
    page = Paginator(gatheringlists.listed(request.user, past=past), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "past": past,
        "tabs": [
            {"label": _("To come"), "url": request.path, "current": not past},
            {"label": _("Over"), "url": f"?toon={PAST}", "current": past},
        ],
        "several": len({row.school_id for row in page.object_list}) > 1,
        "query_string": f"toon={PAST}" if past else "",
    }
    return render(request, "parents/gathering_list.html", context)


@staff_required(*ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_new(request: HttpRequest) -> HttpResponse:
    """A gathering of one school, for all its families."""
    schools = list(gatheringlists.schools_of(request.user))
    school = chosen_school(request, schools)
    if school is None:
        return render(request, "parents/gathering_new.html", {"school": None})
    form = GatheringForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_gathering(school=school, facts=form.facts(), by=member_of_staff(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("The gathering is there: families can sign up. Announce it, so that they hear of it.")
            )
            return redirect("gathering_detail", pk=made.pk)
    context = {"form": form, "school": school, "schools": schools}
    return render(request, "parents/gathering_new.html", context, status=422 if form.errors else 200)


@staff_required(*ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change it before it begins, or cancel it with a reason."""
    row = _editable(request, pk)
    if not row.is_open:
        return _too_late(request, row)
    with transaction.atomic():
        form = GatheringForm(request.POST or None, gathering=locked(row) if request.method == "POST" else row)
        if request.method == "POST" and form.is_valid():
            try:
                told = change_gathering(gathering=row, facts=form.facts(), by=member_of_staff(request))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Saved. Who signed up gets a message.") if told else _("Saved."))
                return redirect("gathering_detail", pk=pk)
    context = {"form": form, "gathering": row, "stop": ReasonForm()}
    return render(request, "parents/gathering_edit.html", context, status=422 if form.errors else 200)


@staff_required(*ORGANISERS)
@require_POST
def gathering_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It does not go on; who signed up reads why."""
    row = _editable(request, pk)
    stop = ReasonForm(request.POST)
    if not stop.is_valid():
        context = {"form": GatheringForm(gathering=row), "gathering": row, "stop": stop}
        page_lives_at(request, "gathering_edit", pk)
        return render(request, "parents/gathering_edit.html", context, status=422)
    try:
        number = cancel_gathering(gathering=row, because=stop.cleaned_data["because"], by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = ngettext(
            "The gathering is cancelled. %(number)d parent gets a message.",
            "The gathering is cancelled. %(number)d parents get a message.",
            number,
        )
        messages.success(request, words % {"number": number} if number else _("The gathering is cancelled."))
    return redirect("gathering_detail", pk=pk)


@staff_required(*ORGANISERS)
@require_POST
def gathering_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """It was cancelled by mistake, and nobody was told."""
    try:
        reopen_gathering(gathering=_editable(request, pk), by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("The gathering goes on. Had its announcement still to leave? Then announce it again.")
        )
    return redirect("gathering_detail", pk=pk)


@staff_required(*ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign up a parent who says it by phone, on paper or at the gate: first the child, then who comes."""
    row = get_visible_or_404(Gathering.objects.select_related("school", "partner"), request.user, pk=pk)
    if not row.is_open:
        return _too_late(request, row)
    here = Enrolment.objects.current().filter(school=row.school)
    children = Pupil.objects.filter(pk__in=here.values("pupil_id"))
    wanted = row_number(request.GET.get("pupil", ""))
    if wanted is None:
        context = children_to_tap(request, children, address=reverse("gathering_enter", args=[pk]))
        return render(request, "parents/gathering_enter_choose.html", context | {"gathering": row})
    pupil = get_visible_or_404(children, request.user, pk=wanted)
    tied = Guardian.objects.visible_to(request.user).filter(
        guardianships__in=pupil.guardianships.current().filter(information_right=True)
    )
    form = EnterForm(request.POST or None, guardians=list(tied.distinct().order_by("first_name", "pk")))
    if request.method == "POST" and form.is_valid():
        by = member_of_staff(request)
        try:
            made = sign_up(gathering=row, guardian=form.person(), coming=form.coming(), entered_by=by)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = (
                _("Not enough places: %(name)s is on the waiting list.") if made.waits else _("Signed up: %(name)s.")
            )
            messages.success(request, words % {"name": form.person().full_name})
            return redirect("gathering_detail", pk=pk)
    audit.record_reading(actor=request.user, verb="read", target=pupil, school_id=row.school_id, pupils=[pupil.pk])
    context = {"form": form, "pupil": pupil, "gathering": row}
    return render(request, "parents/gathering_enter.html", context, status=422 if form.errors else 200)


@staff_required(*ORGANISERS)
@require_POST
def gathering_take_off(request: HttpRequest, pk: int) -> HttpResponse:
    """A parent says by phone or at the gate that nobody comes."""
    row = get_visible_or_404(Gathering.objects, request.user, pk=pk)
    if not row.is_open:
        return _too_late(request, row)
    signed = get_visible_or_404(
        row.sign_ups.select_related("guardian"), request.user, pk=row_number(request.POST.get("sign_up", ""))
    )
    try:
        if sign_off(gathering=row, guardian=signed.guardian, by=member_of_staff(request)):
            messages.success(request, _("Signed off: %(name)s.") % {"name": signed.guardian.full_name})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("gathering_detail", pk=pk)


def _editable(request: HttpRequest, pk: int) -> Gathering:
    row: Gathering = get_editable_or_404(Gathering.objects.select_related("school"), request.user, pk=pk)
    return row


def _too_late(request: HttpRequest, row: Gathering) -> HttpResponse:
    messages.error(request, _("This gathering has begun or is cancelled: it can no longer be changed."))
    return redirect("gathering_detail", pk=row.pk)
