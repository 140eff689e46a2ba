"""Schools, centres, partners and projects, as an administrator keeps them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from schools import clock
from schools.access import member_of_staff, staff_required
from schools.forms_places import CentreForm, PartnerForm, ProjectForm, SchoolForm
from schools.models import Assignment, CLBCentre, Partner, Project, Role, School, User
from schools.scope import scope_of
from schools.services.places import keep_place, keep_project

ROWS_ON_A_PAGE = 50
#: By the word in the address: what it is called, its rows, and its form.
_KINDS: dict[str, tuple[Any, Any, Any]] = {
    "scholen": (gettext_lazy("Schools"), School, SchoolForm),
    "centra": (gettext_lazy("CLB centres"), CLBCentre, CentreForm),
    "partners": (gettext_lazy("Partners"), Partner, PartnerForm),
    "projecten": (gettext_lazy("Projects"), Project, ProjectForm),
}
_TO_ADD: dict[str, Any] = {
    "scholen": gettext_lazy("Add a school"),
    "centra": gettext_lazy("Add a CLB centre"),
    "partners": gettext_lazy("Add a partner"),
    "projecten": gettext_lazy("Add a project"),
}
#: Of places that somebody leads: the word in the address of appointing, the field of a post, and as what.
_LED: dict[str, tuple[str, str, Role]] = {
    "scholen": ("school", "school", Role.HEAD),
    "centra": ("centrum", "clb_centre", Role.CLB_DIRECTOR),
}


def _kind(request: HttpRequest, name: str) -> tuple[Any, Any, Any]:
    if not scope_of(request.user).is_administrator:
        raise PermissionDenied
    if name not in _KINDS:
        raise Http404
    return _KINDS[name]


@staff_required(Role.ADMIN)
@require_safe
def place_list(request: HttpRequest, kind: str) -> HttpResponse:
    """All rows of one kind; the other kinds are beside it."""
    title, model, _form = _kind(request, kind)
    page = Paginator(model.objects.order_by("name", "pk"), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"label": words, "url": reverse("place_list", args=[name]), "current": name == kind}
        for name, (words, _m, _f) in _KINDS.items()
    ]
    context = {"kind": kind, "title": title, "page": page, "tabs": tabs, "to_add": _TO_ADD[kind]}
    return render(request, "schools/place_list.html", context)


@staff_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def place_edit(request: HttpRequest, kind: str, pk: int | None = None) -> HttpResponse:
    """One row, or a new one; nothing is kept when something is wrong."""
    title, model, form_class = _kind(request, kind)
    is_sent = request.method == "POST"
    with transaction.atomic():
        rows = model.objects.select_for_update(of=("self",)) if is_sent else model.objects
        row = get_object_or_404(rows, pk=pk) if pk else None
        form = form_class(request.POST if is_sent else None, instance=row)
        is_kept = is_sent and _is_kept(form, member_of_staff(request), is_new=row is None)
    if is_kept:
        messages.success(request, _("Saved."))
        if row is None and kind in _LED:  # on its own page stands what comes next
            return redirect("place_edit", kind, form.instance.pk)
        return redirect("place_list", kind)
    context = {"kind": kind, "kinds": title, "row": row, "form": form, "to_add": _TO_ADD[kind]}
    context["to_appoint"] = _to_appoint(kind, row)
    return render(request, "schools/place_edit.html", context, status=422 if form.is_bound else 200)


def _to_appoint(kind: str, row: Any) -> str:
    """Where who leads a school or centre is appointed, while nobody does or will."""
    if row is None or kind not in _LED:
        return ""
    word, field, role = _LED[kind]
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    if Assignment.objects.filter(lasting, role=role, user__is_active=True, **{field: row}).exists():
        return ""
    return f"{reverse('staff_new')}?{word}={row.pk}"


def _is_kept(form: Any, by: User, *, is_new: bool) -> bool:
    """Whether it was right, and is saved. One after the other for each administrator: the second of a form that was
    sent twice is told that the row is there, and so is who adds what another administrator adds at the same moment."""
    try:
        return _is_saved(form, by, is_new=is_new)
    except IntegrityError:
        form.full_clean()
        if form.is_valid():
            raise
        return False


def _is_saved(form: Any, by: User, *, is_new: bool) -> bool:
    with transaction.atomic():
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
        if not form.is_valid():
            return False
        saved = form.save()
        if isinstance(saved, Project):
            keep_project(project=saved, shares=form.shares(), roles=form.roles(), by=by)
        else:
            keep_place(row=saved, is_new=is_new, by=by)
    return True
