"""A school's list comes in: the file, its columns, what was found, what would change, and the word that it may."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parents.forms_rosters import ColumnsForm, RosterApplyForm, RosterUploadForm, dropped
from parents.roster import showing
from schools import audit
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, schools_run_by, staff_required
from schools.models import Role, RosterUpload, UploadState
from schools.roster import limits, storage, uploads
from schools.roster.choosing import preset_of
from schools.roster.plan import Deed, Kind, lets_many_leave
from schools.roster.presets import Preset
from schools.roster.reading import Unreadable, look_at
from schools.roster.rows import Severity
from schools.roster.sentences import why
from schools.roster.sight import Sight
from schools.scope import scope_of

logger = logging.getLogger(__name__)

WHO = (Role.HEAD, Role.OFFICE, Role.ADMIN)
UPLOADS_ON_A_PAGE = 20
FINDINGS_ON_A_PAGE = 50
_FINDINGS = "bevindingen"


@staff_required(*WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_list(request: HttpRequest) -> HttpResponse:
    """A new file, and those that came before."""
    schools = schools_run_by(request.user)
    is_too_big = getattr(request, "is_upload_too_big", False)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RosterUploadForm(data, files, schools=schools, is_too_big=is_too_big)
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = uploads.bring_in(
                school=form.cleaned_data["school"],
                by=member_of_staff(request),
                name=file.name,
                content=file.read(),
            )
        except OSError:
            logger.exception("A roster could not be kept")
            form.add_error("file", _("The file could not be kept: the portal's disk may be full. Try again later."))
        else:
            return redirect("roster_columns", upload.pk)
    rows = RosterUpload.objects.visible_to(request.user).select_related("school", "created_by")
    page = Paginator(rows, UPLOADS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "shows_school": form.fields["school"].required}
    return render(request, "parents/roster_list.html", context, status=422 if form.is_bound else 200)


roster_list.upload_bytes = limits.FILE  # type: ignore[attr-defined]


@staff_required(*WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def roster_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column holds: guessed, to be corrected, to be remembered."""
    upload = _upload_or_404(request, pk)
    code = request.GET.get("preset", upload.preset)
    preset = preset_of(upload.school, code) if code else None
    sight = _sight(upload, preset, None if preset and code != upload.preset else upload.mapping)
    if sight is None or not sight.needs_mapping or upload.state == UploadState.APPLIED:
        return redirect("roster_detail", pk)
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, sight=sight, school=upload.school, preset=code)
    if data is not None and form.is_valid():
        return _read_with(request, upload, form)
    context = {"upload": upload, "form": form, "dropped": dropped(sight), "preset": preset, "steps": showing.steps()}
    return render(request, "parents/roster_columns.html", context, status=200 if data is None else 422)


def _read_with(request: HttpRequest, upload: RosterUpload, form: ColumnsForm) -> HttpResponse:
    by, mapping, code = member_of_staff(request), form.mapping(), form.cleaned_data["preset"]
    if name := form.cleaned_data["save_as"].strip():
        base = preset_of(upload.school, code) if code else None
        saved = Preset(code=name, title=name, system=base.system if base else "file", columns=mapping)
        uploads.save_preset(school=upload.school, by=by, system=name, mapping=saved.to_json())
        code, mapping = name, {}
    try:
        uploads.read_again(upload=upload, by=by, preset=code, mapping=mapping or None)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return redirect("roster_detail", upload.pk)


def _sight(upload: RosterUpload, preset: Preset | None, mapping: dict[str, str] | None) -> Sight | None:
    """None for a file that has no columns to choose: a package, one that cannot be read, one that is gone."""
    if not upload.file:
        return None
    try:
        return look_at(storage.path(upload.file), name=upload.name, preset=preset, mapping=mapping)
    except (Unreadable, FileNotFoundError):
        return None


@staff_required(*WHO)
@require_safe
def roster_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; then what was found and what would change, person by person."""
    upload = _upload_or_404(request, pk)
    part = request.GET.get("deel", "")
    parts = [_FINDINGS, *(deed.value for deed in Deed)]
    if part not in parts:
        part = _FINDINGS if upload.findings_total else Deed.CREATE.value
    title = upload.name or capfirst(_("a list whose file is gone"))
    context = _state(request, upload) | {"title": title, "part": part, "parts": _tabs(upload, part)}
    if upload.state in (UploadState.READY, UploadState.APPLIED) and upload.file:
        context |= _findings(request, upload) if part == _FINDINGS else _lines(request, upload, part)
        audit.record(actor=request.user, verb="looked at a roster", target=upload, school_id=upload.school_id)
    return render(request, "parents/roster_detail.html", context)


@staff_required(*WHO)
@require_safe
def roster_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that updates itself while a process works. Without script it is the page itself."""
    upload = _upload_or_404(request, pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("roster_detail", pk)
    response = render(request, "parents/_roster_state.html", _state(request, upload))
    if not upload.is_busy:
        response["HX-Refresh"] = "true"  # the rest of the page depends on it too
    return response


@staff_required(*WHO)
@require_POST
def roster_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring in what was looked at."""
    upload = _upload_or_404(request, pk)
    form = RosterApplyForm(request.POST, leaving=_many_leaving(upload))
    if form.is_valid():
        is_confirmed = bool(form.cleaned_data.get("leaving_confirmed"))
        try:
            uploads.ask_to_apply(
                upload=upload,
                by=member_of_staff(request),
                plan_key=form.cleaned_data["plan_key"],
                leaving_confirmed=is_confirmed,
            )
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
    return redirect("roster_detail", pk)


@staff_required(*WHO)
@require_POST
def roster_turn(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Stop what is under way, or begin anew."""
    upload, by = _upload_or_404(request, pk), member_of_staff(request)
    if what == "stoppen":
        uploads.stop(upload=upload, by=by)
    else:
        try:
            uploads.read_again(upload=upload, by=by)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
    return redirect("roster_detail", pk)


def _upload_or_404(request: HttpRequest, pk: int) -> RosterUpload:
    rows = RosterUpload.objects.select_related("school", "created_by", "applied_by")
    upload: RosterUpload = get_visible_or_404(rows, request.user, pk=pk)
    return upload


def _state(request: HttpRequest, upload: RosterUpload) -> dict[str, Any]:
    leaving = _many_leaving(upload)
    return {
        "upload": upload,
        "steps": showing.steps(),
        "step": 5 if upload.state == UploadState.APPLIED else 4 if upload.state == UploadState.APPLYING else 3,
        "can_write": bool(scope_of(request.user).roles & {*FAMILY_WORKERS}),
        "why": why(upload.problem, upload.problem_values),
        "progress": showing.progress_in_words(upload) if upload.is_busy else None,
        "apply_form": RosterApplyForm(initial={"plan_key": upload.plan_key}, leaving=leaving),
        "leaving_many": leaving,
        "changes": sum(upload.count(kind.value, deed.value) for kind in Kind for deed in Deed if deed != Deed.LEAVE),
        "summary": showing.summary(upload),
    }


def _many_leaving(upload: RosterUpload) -> int:
    return upload.leaving if lets_many_leave(upload.leaving, upload.enrolled) else 0


def _tabs(upload: RosterUpload, part: str) -> list[dict[str, Any]]:
    found = [(_FINDINGS, _("Findings"), upload.findings_total)]
    for deed in Deed:
        count = sum(upload.count(kind.value, deed.value) for kind in Kind)
        found.append((deed.value, showing.deed_label(deed), count))
    return [
        {"label": label, "url": f"?deel={key}#deel", "current": key == part, "count": count}
        for key, label, count in found
    ]


def _findings(request: HttpRequest, upload: RosterUpload) -> dict[str, Any]:
    chosen = request.GET.get("ernst", "")
    levels = [severity.value for severity in Severity]
    rows = upload.findings.all()
    if chosen in levels:
        rows = rows.filter(severity=chosen)
    page: Page[Any] = Paginator(rows, FINDINGS_ON_A_PAGE).get_page(request.GET.get("page"))
    counts = upload.counts.get("findings", {})
    filters = [
        {"label": _("All"), "url": f"?deel={_FINDINGS}#deel", "current": chosen not in levels, "count": None},
        *(
            {
                "label": showing.severity_label(level),
                "url": f"?deel={_FINDINGS}&ernst={level}#deel",
                "current": chosen == level,
                "count": counts.get(level, 0),
            }
            for level in levels
        ),
    ]
    return {
        "page": page,
        "findings": [showing.finding_in_words(row) for row in page.object_list],
        "filters": filters,
        "query_string": f"deel={_FINDINGS}" + (f"&ernst={chosen}" if chosen in levels else ""),
    }


def _lines(request: HttpRequest, upload: RosterUpload, part: str) -> dict[str, Any]:
    page = Paginator(upload.pages.filter(deed=part).order_by("number"), 1).get_page(request.GET.get("page"))
    stored = list(page.object_list)
    return {
        "page": page,
        "lines": [showing.line_in_words(line) for line in stored[0].lines] if stored else [],
        "query_string": f"deel={part}",
    }
