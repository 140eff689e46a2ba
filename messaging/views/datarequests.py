"""Requests about data: the register with its clock, each request with its decision, and the export."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging import persondata
from messaging.services import decide_request
from messaging.services.erasing import why_held
from parents.askers import askers, children_of
from parents.forms_data import DecisionForm, ExtendForm, NewRequestForm
from parents.models import DataRequest, Decision, Guardianship, RequestKind
from parents.persondata import schools_of, talks_with
from parents.restrictions import liftable
from parents.services import extend_request, file_request, lift_restriction
from schools import audit
from schools.access import CLB_STAFF, get_visible_or_404, member_of_staff, staff_required
from schools.confirming import confirmed_file
from schools.languagenames import name_of_language
from schools.languages import MASTER
from schools.models import CLBCentre, Role, School
from schools.scope import scope_of

KEEPERS = (Role.HEAD, Role.OFFICE, *CLB_STAFF)
ROWS_ON_A_PAGE = 25
PEOPLE_FOUND = 20


@staff_required(*KEEPERS)
@require_safe
def data_requests(request: HttpRequest) -> HttpResponse:
    """Open requests first, the most urgent on top; and the search for who asks something by voice or on paper."""
    rows = DataRequest.objects.visible_to(request.user).select_related("guardian", "school", "centre")
    rows = rows.order_by(F("decided_at").desc(nulls_first=True), "due_on", "pk")
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.get("wie", "").strip()[:80]
    context = {"page": page, "query": query, **(_people(request, query) if query else {})}
    return render(request, "messaging/data_requests.html", context)


def _people(request: HttpRequest, query: str) -> dict[str, Any]:
    """Who has that name, with the children by whom two of one name are told apart."""
    found = askers(request.user)
    for word in query.split()[:4]:
        found = found.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    number = found.count()
    audit.record(actor=request.user, verb="searched", target=member_of_staff(request), found=number)
    shown = list(found[:PEOPLE_FOUND])
    children = children_of([person.pk for person in shown], request.user)
    return {"found": [(person, children.get(person.pk, [])) for person in shown], "more": number - len(shown)}


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def data_request_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put into the register what a guardian asked by voice or on paper."""
    guardian = get_object_or_404(askers(request.user), pk=pk)
    form = NewRequestForm(request.POST or None, places=_places(request))
    if form.is_valid():
        row = file_request(guardian=guardian, by=member_of_staff(request), **form.cleaned_data)
        messages.success(request, _("Noted. The answer is due within one month."))
        return redirect("data_request", row.pk)
    children = children_of([guardian.pk], request.user).get(guardian.pk, [])
    context = {"guardian": guardian, "children": children, "form": form}
    return render(request, "messaging/data_request_new.html", context, status=422 if form.is_bound else 200)


def _places(request: HttpRequest) -> list[School | CLBCentre]:
    """Where the user answers requests."""
    scope = scope_of(request.user)
    schools = [row.school_id for row in scope.assignments if row.role in (Role.HEAD, Role.OFFICE) and row.school_id]
    return [*School.objects.filter(pk__in=schools), *CLBCentre.objects.filter(pk__in=scope.note_centres)]


@staff_required(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def data_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what was asked, by when, and the decision with its reason."""
    row = _row(request, pk)
    moments = talks_with(row.guardian, schools_of(row))
    bound = request.POST if request.method == "POST" else None
    form = DecisionForm(bound, request=row, moments=moments)
    if bound is not None and row.decided_at is None and form.is_valid():
        try:
            decide_request(request=row, by=member_of_staff(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            row.refresh_from_db()
        else:
            messages.success(request, _("Decided. No message leaves by itself: tell a guardian who seldom signs in."))
            return redirect("data_request", pk)
    if bound is not None and row.decided_at is not None:
        if row.decided_by_id != request.user.pk:  # not their own second press
            messages.warning(request, _("Somebody decided this already."))
        return redirect("data_request", pk)
    context = {
        "row": row,
        "form": form if row.decided_at is None else None,
        "extend_form": ExtendForm() if row.decided_at is None and row.extended_on is None else None,
        "held": why_held(row.guardian) if row.kind == RequestKind.ERASE and row.decided_at is None else "",
        "children": children_of([row.guardian_id], request.user).get(row.guardian_id, []),
        "may_lift": bool(liftable(row)),
        "reads": name_of_language(reads.code) if (reads := persondata.language_of(row)).code != MASTER else "",
        "exports": row.kind == RequestKind.ACCESS and row.decision != Decision.REFUSED,
    }
    return render(request, "messaging/data_request.html", context, status=422 if form.is_bound else 200)


@staff_required(*KEEPERS)
@require_POST
def data_request_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Two months more, with a reason."""
    row = _row(request, pk)
    form = ExtendForm(request.POST)
    if form.is_valid():
        try:
            extend_request(request=row, by=member_of_staff(request), **form.cleaned_data)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, _("Two months more. Tell the guardian why."))
    else:
        messages.error(request, _("Say why it takes longer: the guardian reads it."))
    return redirect("data_request", pk)


@staff_required(*KEEPERS)
@require_safe
@confirmed_file
def data_request_export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Everything about the guardian who asks, as JSON or PDF, the latter in the guardian's language or in Dutch
    (``?in=nl``); a line in the access log."""
    row = _row(request, pk)
    if form not in ("json", "pdf") or row.kind != RequestKind.ACCESS or row.decision == Decision.REFUSED:
        raise Http404
    about = Guardianship.objects.current().filter(guardian=row.guardian).values_list("pupil_id", flat=True)
    audit.record_reading(
        actor=request.user,
        verb="exported",
        target=row,
        school_id=row.school_id,
        pupils=about,
        guardians=[row.guardian_id],
        form=form,
    )
    code = MASTER if request.GET.get("in") == MASTER else ""
    content: Any = persondata.as_json(row) if form == "json" else persondata.as_pdf(row, code)
    kind = "application/json; charset=utf-8" if form == "json" else "application/pdf"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="gegevens-{row.pk}.{form}"'
    return response


@staff_required(*KEEPERS)
@require_POST
def data_request_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Work with the guardian's data again, as far as this place may say so."""
    row = _row(request, pk)
    if kinds := liftable(row):
        facts = {"guardian": row.guardian, "school_id": row.school_id, "kinds": kinds, "request": row}
        if lift_restriction(by=member_of_staff(request), **facts):
            messages.success(request, _("The portal works with these data again."))
        else:
            messages.info(
                request, _("Ended here. It was granted at another place too, and holds until it is ended there.")
            )
    return redirect("data_request", pk)


def _row(request: HttpRequest, pk: int) -> Any:
    related = ("guardian__household", "school", "centre", "child", "decided_by", "received_by")
    return get_visible_or_404(DataRequest.objects.select_related(*related), request.user, pk=pk)
