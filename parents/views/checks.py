"""The data checks of a school, with their remedies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from parents import datachecks
from parents.models import FamilyMembership, Guardianship, PupilMerge
from parents.services import ask_for, extend_assignment
from schools import audit
from schools.access import FAMILY_WORKERS, WHOLE_SCHOOL, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import Assignment, Enrolment, Pupil, Role, School, SchoolClass
from schools.newcomers import lists_of
from schools.scope import scope_of
from schools.staffing import remit_of

FOUND_ON_A_PAGE = 50

CHECKERS = (*WHOLE_SCHOOL, Role.CLB, Role.JOINT_CLB, Role.CLB_DIRECTOR)


@staff_required(*CHECKERS)
@require_safe
def data_checks(request: HttpRequest) -> HttpResponse:
    """Counts, the first of each, and what to do. ``?school=`` chooses one; ``?check=`` shows all that it found."""
    schools = list(School.objects.visible_to(request.user).order_by("name")[:200])
    school = _chosen(request, schools)
    if school is None:
        return render(request, "parents/data_checks.html", {"school": None})
    page = _page_of(request, school)
    found = [page.found] if page else datachecks.checked(school)
    audit.record(actor=request.user, verb="checked data", target=school, school_id=school.pk)
    context = {
        "school": school,
        "schools": schools,
        "found": _shown(
            found,
            _pages(request, found, school),
            _extends(request, found, school),
            _joins(request, found, school),
        ),
        "page": page.rows if page else None,
        "kept": urlencode({"school": school.pk, "check": page.found.check.key}) if page else "",
        "all_url": _checks_of(school.pk),
        "wrong": sum(one.number for one in found),
        "nobody_yet": not Enrolment.objects.filter(school=school).exists(),
        "lists_url": lists_of(request.user),
        "joined": PupilMerge.objects.editable_by(request.user).filter(school=school).select_related("kept", "by")[:20],
    }
    return render(request, "parents/data_checks.html", context)


@staff_required(*CHECKERS)
@require_POST
def data_check_ask(request: HttpRequest, pk: int, check: str) -> HttpResponse:
    """Put what is missing on the lists of the class teachers."""
    school = get_visible_or_404(School.objects, request.user, pk=pk)
    wanted = datachecks.BY_KEY.get(check)
    if wanted is None or not wanted.ask:
        raise Http404
    opened = ask_for(check=wanted, school=school, by=member_of_staff(request))
    words = ngettext(
        "%(number)s question is on the list of a teacher.",
        "%(number)s questions are on the lists of the teachers.",
        opened,
    )
    messages.success(request, words % {"number": opened})
    return redirect(_checks_of(pk))


@staff_required(Role.HEAD)
@require_POST
def assignment_extend(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    """Let a post run a month longer: the head's decision, about posts that a head gives and never the own one."""
    school = get_visible_or_404(School.objects, request.user, pk=pk)
    row = _to_extend(request, school).filter(pk=assignment).first()
    if row is None:
        raise Http404
    if extend_assignment(assignment=row, school=school, by=member_of_staff(request)):
        messages.success(request, _("This assignment runs a month longer."))
    return redirect(_checks_of(pk))


def _checks_of(school_id: int) -> str:
    return f"{reverse('data_checks')}?school={school_id}"


def _chosen(request: HttpRequest, schools: list[School]) -> School | None:
    wanted = request.GET.get("school", "")
    if not wanted:
        return schools[0] if schools else None
    for school in schools:
        if school.pk == row_number(wanted):
            return school
    raise Http404


@dataclass(frozen=True, slots=True)
class _All:
    """One check, and a page of all that it found."""

    found: datachecks.Found
    rows: Page[Any]


def _page_of(request: HttpRequest, school: School) -> _All | None:
    """None where no check is chosen, or nothing of it is left to mend."""
    wanted = request.GET.get("check", "")
    if not wanted:
        return None
    if wanted not in datachecks.BY_KEY:
        raise Http404
    check = datachecks.BY_KEY[wanted]
    rows = Paginator(datachecks.in_order(check, school), FOUND_ON_A_PAGE).get_page(request.GET.get("page"))
    found = datachecks.Found(check, rows.paginator.count, list(rows))
    return _All(found, rows) if found.number else None


def _opens_families(request: HttpRequest) -> bool:
    """The office keeps addresses and opens no family's page."""
    return bool(scope_of(request.user).roles & {*FAMILY_WORKERS})


def _to_extend(request: HttpRequest, school: School) -> QuerySet[Assignment]:
    """Posts that end soon and are theirs to change; nobody's, for who does not head the school."""
    mine = remit_of(scope_of(request.user)).posts.filter(school__in=scope_of(request.user).led_schools)
    return datachecks.ending_assignments(school).filter(pk__in=mine.order_by().values("pk"))


def _extends(request: HttpRequest, found: list[datachecks.Found], school: School) -> dict[int, str]:
    """By post the address that lets it run longer."""
    posts = [row.pk for one in found for row in one.rows if isinstance(row, Assignment)]
    mine = _to_extend(request, school).filter(pk__in=posts).order_by().values_list("pk", flat=True) if posts else []
    return {pk: reverse("assignment_extend", args=[school.pk, pk]) for pk in mine}


def _joins(request: HttpRequest, found: list[datachecks.Found], school: School) -> dict[str, dict[int, str]]:
    """By check the page that joins somebody who stands twice with the other row, for who keeps the school's people."""
    if school.pk not in scope_of(request.user).kept_schools:
        return {}
    pages = {}
    for key, page, others in (
        ("dubbele-ouders", "guardian_join", datachecks.partners),
        ("dubbele-kinderen", "pupil_join", lambda rows: datachecks.twins(rows, school)),
    ):
        double = [row for one in found if one.check.key == key for row in one.rows]
        pairs = others(double).items()
        pages[key] = {one: reverse(page, args=[school.pk, *sorted((one, other))]) for one, other in pairs}
    return pages


def _shown(
    found: list[datachecks.Found], pages: dict[str, str], extends: dict[int, str], joins: dict[str, dict[int, str]]
) -> list[dict[str, Any]]:
    """Each check with its lines: a name, where it leads, and what else there is to know."""
    return [
        {
            "check": one.check,
            "number": one.number,
            "more": one.more,
            "lines": [
                _line(row, pages, extends) | {"join_url": joins.get(one.check.key, {}).get(row.pk, "")}
                for row in one.rows
            ],
        }
        for one in found
    ]


def _line(row: Any, pages: dict[str, str], extends: dict[int, str]) -> dict[str, Any]:
    if isinstance(row, Assignment):
        facts = {"detail": str(row), "last_day": row.ends_on, "extend_url": extends.get(row.pk, "")}
        return {"name": row.user.full_name} | facts
    if isinstance(row, SchoolClass):
        return {"name": row.name}
    return {"name": row.full_name, "url": pages.get(f"{row._meta.model_name}-{row.pk}", "")}


def _pages(request: HttpRequest, found: list[datachecks.Found], school: School) -> dict[str, str]:
    """The page behind each person that is shown, by ``pupil-3`` or ``guardian-4``: that of the family, for the office
    that of the child. Two queries."""
    people = [row for one in found for row in one.rows]
    pupils = {row.pk for row in people if isinstance(row, Pupil)}
    here = Pupil.objects.filter(enrolments__school=school).values("pk")
    ties = Guardianship.objects.current().filter(
        guardian_id__in=[row.pk for row in people if row._meta.model_name == "guardian"], pupil_id__in=here
    )
    children = dict(ties.order_by("-pk").values_list("guardian_id", "pupil_id"))
    child_of = {f"pupil-{pk}": pk for pk in pupils} | {f"guardian-{pk}": child for pk, child in children.items()}
    if not _opens_families(request):
        kept = school.pk in scope_of(request.user).kept_schools
        return {key: reverse("pupil_detail", args=[child]) for key, child in child_of.items()} if kept else {}
    members = FamilyMembership.objects.current().filter(pupil_id__in={*pupils, *children.values()})
    family = dict(members.values_list("pupil_id", "family_id"))
    return {key: reverse("family_detail", args=[family[child]]) for key, child in child_of.items() if child in family}
