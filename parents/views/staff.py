"""Families as the staff see them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parents.clbfile import families_to_file
from parents.growth import growth_for_staff, places_of, writable_by
from parents.models import (
    Absence,
    CLBNote,
    Consent,
    ContactMoment,
    ContactPoint,
    Family,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    Guardian,
    Guardianship,
    LegalHold,
    OwnVersion,
)
from parents.ownwords import said
from parents.services import complete_follow_up, drop_follow_up, put_back_follow_up
from parents.undoing import undo_of_evening
from schools import audit, clock
from schools.access import FAMILY_WORKERS, assignment_for, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import back_address
from schools.forms_filters import SchoolFilter
from schools.models import Pupil, School, SchoolClass
from schools.newcomers import lists_of, nobody_yet
from schools.scope import scope_of

ROWS_ON_A_PAGE = 25
MOMENTS_SHOWN = 50
CONSENTS_SHOWN = 40
#: Said, because PostgreSQL would put families with whom nobody ever spoke last.
_SILENCE_FIRST = (F("last_spoken").asc(nulls_first=True), "pk")


@staff_required(*FAMILY_WORKERS)
@require_safe
def family_list(request: HttpRequest) -> HttpResponse:
    """Search a family by child, guardian or telephone number; of many schools, look at one with its classes."""
    query = request.GET.get("q", "").strip()[:80]
    families = Family.objects.visible_to(request.user)
    schools = list(School.objects.visible_to(request.user).order_by("name"))
    form = SchoolFilter(request.GET, schools=schools)
    school: int | None = form.cleaned_data.get("school") if form.is_valid() else None
    if query:
        families = families.matching(query, request.user)
    elif school is not None:
        families = families.at_school(school, request.user)
    rows = _with_last_spoken(families, request.user).order_by(*_SILENCE_FIRST)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    if query:  # never what was searched for, which is a name
        audit.record(actor=request.user, verb="searched", target=member_of_staff(request), found=page.paginator.count)
    classes = SchoolClass.objects.visible_to(request.user).of_running_year()
    if len(schools) > 1:  # a wall of classes would hide the families
        classes = classes.filter(school_id=school or 0)
    context = {
        "page": page,
        "query": query,
        "query_string": urlencode({"q": query} if query else {"school": school} if school else {}),
        "form": form,
        "school": school,
        "show_school": len(schools) > 1 and school is None,
        "search_value": query,
        "classes": classes[:60],
        "may_add": bool(scope_of(request.user).kept_schools),
        "nobody_yet": not (page.object_list or query or school) and nobody_yet(request.user),
        "lists_url": lists_of(request.user),
    }
    return render(request, "parents/family_list.html", context)


@staff_required(*FAMILY_WORKERS)
@require_safe
def class_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A class: each child with who to speak to, in which language, and when somebody last did."""
    school_class = get_visible_or_404(SchoolClass.objects.select_related("school", "year"), request.user, pk=pk)
    audit.record(actor=request.user, verb="listed", target=school_class, school_id=school_class.school_id)
    in_class = Pupil.objects.enrolled_in(school_class).visible_to(request.user)
    families = Family.objects.filter(memberships__pupil__in=in_class).distinct()
    rows = _with_last_spoken(families, request.user).order_by(*_SILENCE_FIRST)
    may_add = school_class.school_id in scope_of(request.user).kept_schools
    may_tell = places_of(request.user).filter(school_class=school_class).exists()
    context = {
        "school_class": school_class,
        "families": rows[:60],
        "absences": Absence.objects.visible_to(request.user).of_now().with_class().filter(pupil__in=in_class)[:60],
        "today": clock.today(),
        "undo": undo_of_evening(request, school_class),
        "new_url": f"{reverse('pupil_new')}?school={school_class.school_id}" if may_add else "",
        "growth_url": f"{reverse('growth_new')}?klas={pk}" if may_tell else "",
        "notice_url": f"{reverse('notice_new')}?aan=class:{pk}",
    }
    return render(request, "parents/class_detail.html", context)


@staff_required(*FAMILY_WORKERS)
@require_safe
def family_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One family: its people, what was agreed, what was said, what is to do. The visit goes into the access log."""
    family = get_visible_or_404(Family.objects.with_children_for(request.user), request.user, pk=pk)
    pupils = [membership.pupil for membership in family.shown]
    school_ids = {place.school_id for pupil in pupils for place in pupil.running}
    at_school = min(school_ids, default=None)
    moments = ContactMoment.objects.visible_to(request.user).filter(family=family).with_people()
    people = guardians_of(pupils)
    audit.record_reading(
        actor=request.user,
        verb="read",
        target=family,
        school_id=at_school,
        pupils=[pupil.pk for pupil in pupils],
    )
    context = {
        "family": family,
        "pupils": pupils,
        "guardians": people,
        "moments": list(moments[:MOMENTS_SHOWN]),
        "hidden_moments": _unreadable(family, school_ids, moments),
        "follow_ups": FollowUp.objects.visible_to(request.user)
        .open()
        .filter(family=family)
        .select_related("owner", "guardian", "contact_request__replaces")[:20],
        "clb_notes": _notes_of(family, request.user),
        "has_clb_file": bool(scope_of(request.user).note_centres),
        "own_versions": OwnVersion.objects.visible_to(request.user)
        .filter(family=family, contact_moment=None, guardian__in=people)
        .select_related("guardian"),
        "consents": Consent.objects.holding(pupils).select_related("guardian", "child")[:CONSENTS_SHOWN],
        "is_held": LegalHold.objects.visible_to(request.user).running().filter(family=family).exists(),
        "growth": growth_for_staff(request.user, pupils),
        "growth_pupils": writable_by(request.user).filter(pk__in=[pupil.pk for pupil in pupils]),
        "seen_through": assignment_for(request.user, school_id=at_school),
        "kept": scope_of(request.user).kept_schools,
        "title": family_title(pupils),
        "log_url": f"{reverse('contact_new')}?pupil={pupils[0].pk}",
    }
    return render(request, "parents/family_detail.html", context)


@staff_required(*FAMILY_WORKERS)
@require_POST
def follow_up_done(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: kept, or no longer needed; or put back, when that was a wrong tap. What a guardian asks for is not kept
    but decided, elsewhere."""
    follow_up = get_visible_or_404(FollowUp.objects.filter(contact_request=None), request.user, pk=pk)
    was_open = follow_up.status == FollowUpStatus.OPEN
    back = redirect(back_address(request, reverse("family_detail", args=[follow_up.family_id])))
    if request.POST.get("act") == "back":
        if put_back_follow_up(follow_up=follow_up, by=member_of_staff(request)):
            messages.success(request, _("It stands open again."))
        return back
    drops = request.POST.get("act") == "drop"
    close = drop_follow_up if drops else complete_follow_up
    try:
        close(follow_up=follow_up, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, error.messages[0])
        return back
    words = _("No longer needed: %(step)s.") if drops else _("Done: %(step)s.")
    if was_open:
        hint = _("Was that a mistake? Put it back on the page of the talk.") if _is_promised(follow_up) else ""
        messages.success(request, f"{words % {'step': said(follow_up.what).rstrip('.')}} {hint}".rstrip())
    return back


def _is_promised(follow_up: FollowUp) -> bool:
    return follow_up.kind == FollowUpKind.PROMISE and bool(follow_up.contact_moment_id) and not follow_up.slot_id


def family_title(pupils: list[Pupil]) -> str:
    """How a page calls a family: by its children, for a surname makes no family (domain 4.2)."""
    names = [pupil.first_name for pupil in pupils]
    return " & ".join(names)


def guardians_of(pupils: list[Pupil]) -> list[Guardian]:
    """The guardians of these children with what a page shows: ``roles`` and ``all_points`` on each, and
    ``without_ways`` for whom the school knows neither number nor address though they are to be informed."""
    running = Guardianship.objects.current().filter(pupil__in=pupils).select_related("pupil")
    rows = (
        Guardian.objects.filter(pk__in=running.values("guardian_id"))
        .select_related("household")
        .prefetch_related(
            Prefetch("guardianships", queryset=running, to_attr="roles"),
            Prefetch("contact_points", queryset=ContactPoint.objects.order_by("uses__rank"), to_attr="all_points"),
        )
    )
    people: list[Any] = list(rows)
    for row in people:
        is_told = any(role.information_right for role in row.roles)
        has_way = row.household_id or any(point.is_usable for point in row.all_points)
        row.without_ways = is_told and not has_way
    return people


def _with_last_spoken(families: QuerySet[Family], user: object) -> QuerySet[Any]:
    readable = ContactMoment.objects.visible_to(user)
    children = Family.objects.filter(pk__in=families.values("pk")).with_children_for(user)
    return children.annotate(last_spoken=readable.last_spoken())


def _unreadable(family: Family, school_ids: set[int], readable: QuerySet[ContactMoment]) -> int:
    """How many more contacts there were at the same schools, without saying more (domain 6.2)."""
    everything = ContactMoment.objects.held().filter(family=family, school_id__in=school_ids)
    return everything.exclude(pk__in=readable.order_by().values("pk")).count()


def _notes_of(family: Family, user: object) -> QuerySet[CLBNote]:
    if not scope_of(user).note_centres:
        return CLBNote.objects.none()
    notes = CLBNote.objects.visible_to(user).filter(contact_moment__family=family)
    return notes.select_related("centre", "author", "contact_moment").defer("sealed")[:20]


def way_back(user: object, family: int) -> dict[str, Any]:
    """The family, or where its children left: a centre's notes of it, else one's own week."""
    if Family.objects.visible_to(user).filter(pk=family).exists():
        return {"url": reverse("family_detail", args=[family]), "label": _("To the family")}
    if families_to_file(user).filter(pk=family).exists():
        return {"url": reverse("clb_file", args=[family]), "label": _("Into the file of the CLB")}
    return {"url": reverse("my_week"), "label": _("My week")}
