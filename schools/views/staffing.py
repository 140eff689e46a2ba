"""The people of a place: who has which post, who was invited, and a lost second factor."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schools import clock
from schools.access import member_of_staff, staff_required
from schools.arriving import row_number
from schools.confirming import confirmed_lately
from schools.forms_staffing import AppointForm, LastDayForm, NameFilter
from schools.invitations import invitation_of
from schools.models import FactorReset, Role, StaffInvitation, User
from schools.models.periods import running_on
from schools.postreview import is_asked, waiting_for, year_to_decide
from schools.scope import scope_of
from schools.services import staffing
from schools.staffing import CONFIRMERS, MANAGERS, Remit, colleagues_of, remit_of, second_of

PEOPLE_ON_A_PAGE = 50
#: By the word in the address, the field of the form.
_PLACES = {"klas": "school_class", "school": "school", "centrum": "centre"}


@staff_required(*MANAGERS)
@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    """Everybody whose posts one may change; those who stopped are apart."""
    remit = remit_of(scope_of(request.user))
    wants_former = request.GET.get("toon") == "gestopt"
    chosen = NameFilter(request.GET)
    query = chosen.cleaned_data.get("zoek", "") if chosen.is_valid() else ""
    running = remit.posts.filter(running_on(clock.today()) | Q(starts_on__gt=clock.today()))
    known = running.order_by().values("user_id")
    people = remit.people.exclude(pk__in=known) if wants_former else remit.people.filter(pk__in=known)
    if query:
        people = people.filter(full_name__icontains=query)
    year = year_to_decide()
    page = Paginator(_with_facts(people, remit), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": chosen,
        "query": query,
        "clear_url": ("?toon=gestopt" if wants_former else "?") if query else "",
        "wants_former": wants_former,
        "kept": urlencode({name: value for name, value in chosen.cleaned_data.items() if value}),
        "tabs": [
            {"label": _("Working here"), "url": "?", "current": not wants_former},
            {"label": _("Stopped"), "url": "?toon=gestopt", "current": wants_former},
        ],
        "may_pass_on": bool(scope_of(request.user).roles & {Role.HEAD, Role.CLB_DIRECTOR}),
        "year": year,
        "posts_waiting": waiting_for(remit, year).order_by().count() if year and is_asked(year) else 0,
        "resets": FactorReset.objects.open().filter(user__in=colleagues_of(scope_of(request.user))).count(),
    }
    return render(request, "schools/staff_list.html", context)


def _with_facts(people: QuerySet[User], remit: Remit) -> QuerySet[User]:
    """Each with posts, newest first, the newest invitation, and whether there is a second factor."""
    return (
        people.order_by("full_name", "pk")
        .annotate(has_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))))
        .prefetch_related(
            Prefetch("assignments", remit.posts.order_by("-starts_on", "pk"), to_attr="posts"),
            Prefetch("invitations", StaffInvitation.objects.order_by("-made_at", "-pk"), to_attr="invited"),
        )
    )


@staff_required(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_new(request: HttpRequest) -> HttpResponse:
    """Appoint somebody; who has no account yet gets an invitation by mail. ``?klas=``, ``?school=`` and ``?centrum=``
    fill in where, and as what."""
    remit = remit_of(scope_of(request.user))
    place = {name: row_number(request.GET[word]) for word, name in _PLACES.items() if word in request.GET}
    form = AppointForm(request.POST if request.method == "POST" else None, remit=remit, place=place)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            row = staffing.appoint(
                email=facts["email"],
                name=facts["full_name"],
                language=facts["language"],
                post=facts["post"],
                by=member_of_staff(request),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved. Somebody without an account gets an invitation by mail."))
            return redirect("staff_person", row.user_id)
    return render(request, "schools/staff_new.html", {"form": form}, status=422 if form.is_bound else 200)


@staff_required(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_person(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague: posts with their last day, the invitation, the second factor."""
    remit = remit_of(scope_of(request.user))
    person = get_object_or_404(_with_facts(remit.people, remit), pk=pk)
    data = request.POST if request.method == "POST" else None
    named = data.get("post", "") if data else ""
    forms = [LastDayForm(data if named == str(row.pk) else None, post=row) for row in person.posts]  # type: ignore[attr-defined]
    chosen = next((form for form in forms if form.is_bound), None)
    if chosen is not None and chosen.is_valid():
        by, last_day = member_of_staff(request), _last_day(chosen.cleaned_data["ends_on"])
        try:
            staffing.end_post(post=chosen.post, last_day=last_day, by=by)
        except ValidationError as error:
            chosen.add_error(None, error)
        else:
            is_over = last_day is not None and last_day < clock.today()
            messages.success(request, _("Saved. Who sees what changes with it at once.") if is_over else _("Saved."))
            return redirect("staff_person", pk)
    reset = FactorReset.objects.open().filter(user=person).select_related("asked_by").first()
    context = {
        "person": person,
        "forms": forms,
        "invitation": next(iter(person.invited), None),  # type: ignore[attr-defined]
        "is_ward": remit.wards.filter(pk=pk).exists(),
        "needs_invitation": not person.has_usable_password() and not person.has_factor,  # type: ignore[attr-defined]
        "reset": reset,
        "second": second_of(person, reset.asked_by) if reset else [],
        "today": clock.today(),
    }
    return render(request, "schools/staff_person.html", context, status=422 if data is not None else 200)


def _last_day(day: date | None) -> date | None:
    """A day that has passed means now: yesterday was the last one, and what was read before stays explained."""
    if day is None or day >= clock.today():
        return day
    return clock.today() - timedelta(days=1)


@staff_required(*MANAGERS)
@require_POST
def staff_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation again, with a new link, or revoke it."""
    person = get_object_or_404(remit_of(scope_of(request.user)).wards, pk=pk)
    by = member_of_staff(request)
    if "revoke" in request.POST:
        staffing.revoke_invitation(user=person, by=by)
        messages.success(request, _("The link opens nothing any more."))
    elif person.has_usable_password():
        messages.info(request, _("This colleague has a password already and needs no invitation."))
    else:
        staffing.invite(user=person, by=by)
        messages.success(request, _("A new invitation is on its way. The older link opens nothing any more."))
    return redirect("staff_person", pk)


@staff_required(*MANAGERS)
@require_POST
@confirmed_lately
def factor_reset_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The first of two for a colleague who lost phone and recovery codes."""
    person = get_object_or_404(remit_of(scope_of(request.user)).wards, pk=pk)
    try:
        staffing.ask_factor_reset(user=person, by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Asked. A second colleague of the same place confirms it within 24 hours."))
    return redirect("staff_person", pk)


@staff_required(*CONFIRMERS)
@require_safe
def factor_resets(request: HttpRequest) -> HttpResponse:
    """What waits for the second of two."""
    return render(request, "schools/factor_resets.html", {"resets": list(_resets(request)[:PEOPLE_ON_A_PAGE])})


@staff_required(*CONFIRMERS)
@require_POST
@confirmed_lately
def factor_reset_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, or say that it is not right."""
    reset = get_object_or_404(_resets(request), pk=pk)
    by = member_of_staff(request)
    if "withdraw" in request.POST:
        staffing.withdraw_factor_reset(reset=reset, by=by)
        messages.success(request, _("Withdrawn. Nothing was taken away."))
        return redirect("factor_resets")
    try:
        staffing.confirm_factor_reset(reset=reset, by=by)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Done. The colleague gets an invitation to choose a password and a new factor."))
    return redirect("factor_resets")


def _resets(request: HttpRequest) -> QuerySet[FactorReset]:
    rows = FactorReset.objects.open().filter(user__in=colleagues_of(scope_of(request.user)))
    return rows.select_related("user", "asked_by")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def staff_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads: choose a password, then sign in and set up the second factor."""
    invitation = invitation_of(token)
    if invitation is None:
        return render(request, "schools/staff_invitation_gone.html", status=410)
    form: SetPasswordForm[User] = SetPasswordForm(invitation.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not staffing.accept_invitation(invitation=invitation, password=form.cleaned_data["new_password1"]):
            return render(request, "schools/staff_invitation_gone.html", status=410)
        messages.success(request, _("Your password is kept. Sign in with it; then you set up your second factor."))
        return redirect("account_login")
    context = {"form": form, "person": invitation.user}
    return render(request, "schools/staff_invitation.html", context, status=422 if form.is_bound else 200)
