"""The pages of a portal's first days. Who does not run the server finds nothing here, nor does anybody afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ingroeibloei.beginning import steps
from ingroeibloei.beginning.code import CodeGoneError, code_file, has_administrator, is_waiting, used_up
from ingroeibloei.beginning.forms import BeginForm, HeadForm, NumberForm
from ingroeibloei.beginning.laying import HasPasswordError, begin_portal
from messaging.trying import try_mail, try_sms
from schools import clock, languages
from schools.access import member_of_staff, staff_required
from schools.forms_places import CentreForm, ProjectForm, SchoolForm
from schools.invitations import token_of
from schools.limits import Limit, client_address
from schools.models import Holiday, ParticipationRole, Project, Role, School, SchoolYear, User
from schools.scope import scope_of
from schools.services.places import keep_place, keep_project
from schools.services.staffing import appoint

#: The code cannot be guessed; who tries anyway does so slowly.
TRIES = Limit("codes of a new portal from an address", 10, 3600)
#: Rows that a step shows of what is there already.
SHOWN = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Prove by the code to run the server, and become the administrator; then a password is chosen."""
    if not is_waiting() or has_administrator():
        raise Http404
    is_refused = request.method == "POST" and not TRIES.spend(client_address(request))
    form = BeginForm(None if is_refused else request.POST or None)  # a refused one does not say whether it was right
    if form.is_valid():
        try:
            with used_up(), transaction.atomic():
                row = begin_portal(email=form.cleaned_data["email"], name=form.cleaned_data["full_name"])
        except CodeGoneError as error:
            raise Http404 from error
        except HasPasswordError:
            form.add_error("email", _("This address has an account with a password. Take another."))
        else:
            return redirect("staff_invitation", token_of(row))
    context = {"form": form, "file": code_file().name, "is_refused": is_refused}
    status = 429 if is_refused else 422 if form.is_bound else 200
    return render(request, "beginning/begin.html", context, status=status)


def _only_while_beginning(request: HttpRequest) -> User:
    if not scope_of(request.user).is_administrator:
        raise PermissionDenied
    if not steps.is_beginning():
        raise Http404
    return member_of_staff(request)


@staff_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def first_steps(request: HttpRequest) -> HttpResponse:
    """How far the portal is, and its end."""
    by = _only_while_beginning(request)
    if request.method == "POST":
        if steps.finish(by=by):
            messages.success(request, _("The portal is ready. You find the rest under Places, Colleagues and Help."))
            return redirect("places")
        messages.error(request, _("A step is still to be done."))
        return redirect("first_steps")
    done = steps.done_steps()
    context = {
        "rows": [(step, step.slug in done) for step in steps.STEPS.values()],
        "number": len(done),
        "most": len(steps.STEPS),
        "next": steps.next_step(done),
    }
    return render(request, "beginning/first_steps.html", context)


@staff_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def first_step(request: HttpRequest, slug: str) -> HttpResponse:
    """One step. What it keeps goes the way of the page that keeps it later."""
    by = _only_while_beginning(request)
    if slug not in steps.STEPS:
        raise Http404
    before = steps.to_do_before(slug)
    form, keep, facts = _WAYS[slug](request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and not before:
        is_left = slug == "sms" and "later" in request.POST
        trouble = None if is_left else _tried(form, keep, by)
        if is_left or trouble == "":
            if slug in ("vakanties", "talen", "mail", "sms"):
                steps.mark(slug, by=by)
            said = _("Left for later.") if is_left else _("Done: %(step)s.") % {"step": steps.STEPS[slug].title}
            messages.success(request, said)
            following = steps.next_step(steps.done_steps(), slug)
            return redirect("first_step", following) if following else redirect("first_steps")
        status = 422
        facts["trouble"] = trouble
    context = {
        "step": steps.STEPS[slug],
        "before": before,
        "form": form,
        **facts,
    }
    return render(request, "beginning/first_step.html", context, status=status)


Keep = Callable[[Any, User], str]
Way = Callable[[Any], tuple[forms.BaseForm | None, Keep, dict[str, Any]]]


def _tried(form: forms.BaseForm | None, keep: Keep, by: User) -> str | None:
    """What went wrong in words, or nothing; None when the form says it itself."""
    if form is not None and not form.is_valid():
        return None
    try:
        with transaction.atomic():
            return keep(form, by)
    except ValidationError as error:
        if form is not None:
            form.add_error(None, error)
        return None


def _keep_row(form: Any, by: User) -> str:
    keep_place(row=form.save(), is_new=True, by=by)
    return ""


def _keep_project(form: ProjectForm, by: User) -> str:
    keep_project(project=form.save(), shares=form.shares(), roles=form.roles(), by=by)
    return ""


def _appoint_head(form: HeadForm, by: User) -> str:
    given = form.cleaned_data
    appoint(email=given["email"], name=given["full_name"], language=languages.MASTER, post=form.post(), by=by)
    return ""


def _centres(data: Any) -> Any:
    return CentreForm(data), _keep_row, {"networks": steps.networks()}


def _schools(data: Any) -> Any:
    known = list(School.objects.order_by("name")[:SHOWN])
    return SchoolForm(data), _keep_row, {"known": known, "networks": steps.networks()}


def _project(data: Any) -> Any:
    """Whose schools were just named takes part with them, unless it is said otherwise."""
    pilots = {f"school{pk}": ParticipationRole.PILOT for pk in School.objects.values_list("pk", flat=True)}
    form = ProjectForm(data, initial={"year": SchoolYear.objects.running(), **pilots})
    return form, _keep_project, {"known": list(Project.objects.order_by("-starts_on")[:SHOWN])}


def _holidays(data: Any) -> Any:
    year = SchoolYear.objects.running()
    shared = Holiday.objects.filter(school=None).order_by("starts_on")
    until = year.starts_on.replace(year=year.starts_on.year + 1) if year else None
    rows = list(shared.filter(starts_on__gte=year.starts_on, starts_on__lt=until)[:SHOWN]) if year else []
    facts = {"year": year, "holidays": rows, "now": clock.now(), "time_zone": clock.BRUSSELS.key}
    return None, lambda form, by: "", facts | {"button": _("These are right")}


def _languages(data: Any) -> Any:
    names = [entry.own_name for entry in languages.LANGUAGES.values()]
    return None, lambda form, by: "", {"languages_offered": names, "button": _("I have seen them")}


def _mail(data: Any) -> Any:
    return None, lambda form, by: try_mail(by.email), {"button": _("Send it"), "tries": True}


def _sms(data: Any) -> Any:
    given = data if data is not None and "later" not in data else None
    facts = {"button": _("Send it"), "may_wait": True}
    return NumberForm(given), lambda form, by: try_sms(form.cleaned_data["number"]), facts


def _heads(data: Any) -> Any:
    missing = steps.without_head().exists()
    form = HeadForm(data) if missing else None
    facts = {"button": _("Appoint") if missing else ""}
    return form, _appoint_head if form else lambda form, by: "", facts


_WAYS: dict[str, Way] = {
    "centra": _centres, "scholen": _schools, "project": _project, "vakanties": _holidays, "talen": _languages,
    "mail": _mail, "sms": _sms, "directies": _heads,
}  # fmt: skip
