"""Pages of the house itself: the start page of each role, errors, health."""

from __future__ import annotations

import errno
import secrets
import sys
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from ingroeibloei.beginning import code, steps
from ingroeibloei.connections import is_loopback
from ingroeibloei.operating import broker, living, metrics, overview, placed, pulses, room
from messaging.outbox import health
from messaging.views import opened
from parents.access import guardian_of
from schools import clock, languages
from schools.access import staff_required
from schools.arriving import page_before
from schools.days import full_day
from schools.models import Assignment, Role
from schools.pagelanguage import activate_for, chosen, from_browser
from schools.scope import Scope, scope_of
from schools.takesnothing import takes_nothing

#: What is raised when the database does not answer, or Redis where tries are counted: nobody signs in uncounted.
_AWAY = (OperationalError, InterfaceError, redis.ConnectionError, redis.TimeoutError)
#: What a full disk says, or one that takes nothing more, where tries are counted in files or a file is kept.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
#: Seconds after which a browser or a monitor asks again.
_ASK_AGAIN = 60

#: Where each role begins; of whom administers the portal, and not a school, see ``home``.
_START = (
    (Role.TEACHER, "my_week"),
    (Role.CARE_COORDINATOR, "my_week"),
    (Role.LIAISON, "my_week"),
    (Role.HEAD, "my_week"),
    (Role.JOINT_CLB, "my_week"),
    (Role.CLB, "my_week"),
    (Role.OFFICE, "pupil_list"),
    (Role.CLB_DIRECTOR, "report_list"),
    (Role.COORDINATOR, "dashboard"),
    (Role.TRANSLATOR, "translation_queue"),
    (Role.PARTNER, "partner_gatherings"),
    (Role.ADMIN, "roster_list"),
)


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Each person to the own start page; a visitor to the public one."""
    if guardian_of(request):
        return redirect("portal_home")
    scope = scope_of(request.user)
    roles = scope.roles
    if scope.is_administrator and steps.is_beginning():
        return redirect("first_steps")
    for role, name in _START:
        if role in roles:
            return redirect("operations" if role == Role.ADMIN and scope.is_administrator else name)
    has_ended = request.user.is_authenticated and not roles
    context = {
        "has_ended": has_ended,
        "may_begin": code.is_waiting(),
        "to_come": _to_come(scope) if has_ended else None,
    }
    return render(request, "home.html", context)


def _to_come(scope: Scope) -> dict[str, str] | None:
    """Of somebody without a running post: which one comes next and when it begins."""
    posts = Assignment.objects.filter(user=scope.user_id, starts_on__gt=clock.today())
    post = posts.with_places().order_by("starts_on", "pk").first()
    if post is None:
        return None
    words = _("From %(day)s: %(post)s. Until then there is nothing to see here.")
    return {
        "title": _("Your assignment has not begun yet"),
        "text": words % {"post": post, "day": full_day(post.starts_on)},
    }


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Database, its disk, broker, beat and outbox work: figures without names, red (503) when one of them does not.

    For a monitor; a balancer asks ``live``, for pages go on without broker and beat."""
    beat = pulses.silent_seconds(pulses.BEAT)
    found: dict[str, Any] = {"database": True, "broker": broker.answers(), "beat_silent_seconds": beat}
    try:
        room.ask_for_room()
        outbox = health()
    except OperationalError as error:
        if not isinstance(error, room.NoRoom):
            connection.close()  # a new one may lead to the server that took its place
        return JsonResponse(found | {"database": False}, status=503)
    is_well = found["broker"] and not pulses.is_silent(beat) and outbox.state not in ("late", "refused")
    return JsonResponse(found | outbox.as_json(), status=200 if is_well else 503)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """For Prometheus, with its token; without one for programs of this machine that come past no proxy."""
    if not _may_read_figures(request):
        raise Http404
    return HttpResponse(metrics.as_text(), content_type=CONTENT_TYPE_LATEST)


def _may_read_figures(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "")
        return secrets.compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return is_loopback(request.META.get("REMOTE_ADDR", "")) and "X-Forwarded-For" not in request.headers


@staff_required(Role.ADMIN)
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """Whether the portal is well and what it needs, for an administrator who has no terminal."""
    if not scope_of(request.user).is_administrator:
        raise PermissionDenied
    findings = sorted((*living.look(), *placed.look()), key=lambda finding: -finding.level)
    context = {
        "wrong": [finding for finding in findings if not finding.is_well],
        "right": [finding for finding in findings if finding.is_well],
        "deliveries": overview.open_deliveries(),
        "jobs": overview.last_jobs(),
        "versions": overview.versions(),
    }
    return render(request, "operations.html", context)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without its proof: mostly a page that was open too long, or a browser that refuses cookies. It
    leads back to where the form stood, for what a form is sent to is often no page to stand on."""
    back_url = page_before(request, "/")
    request.page_address = back_url.partition("?")[0]  # type: ignore[attr-defined]
    notice = opened.living(request.resolver_match.kwargs.get("token", "")) if request.resolver_match else None
    if notice is not None:
        activate_for(request, chosen(request) or notice.guardian.page_language)
    return render(request, "403_csrf.html", {"back_url": back_url}, status=403)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """A form of allauth was sent too often, and this time did nothing. It looks for this name in the urls; its own page
    is English, without a way back."""
    context = {"back_url": page_before(request, "/") or reverse("home")}
    return render(request, "account/too_many_requests.html", context, status=429)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, SessionInterrupted):
        return _ended_meanwhile(request)
    return render(request, "400.html", status=400)


def _ended_meanwhile(request: HttpRequest) -> HttpResponse:
    """Somebody ended the session while this page was made: one comes where the next click would lead."""
    if not request.user.is_authenticated:
        return redirect("home")
    return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("home"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if isinstance(error, _AWAY) or takes_nothing(error) or (isinstance(error, OSError) and error.errno in _NO_ROOM):
        return _away_for_now(request)
    return render(request, "500.html", status=500)


def _away_for_now(request: HttpRequest) -> HttpResponse:
    """The same page for now. Who asks, and in which language, lies in a database that perhaps does not answer: nothing
    of a session is read, and whoever was not known yet gets the language of the browser."""
    activate_for(request, getattr(request, "page_language", "") or from_browser(request) or languages.MASTER)
    frame = languages.frame_of(request.page_language)  # type: ignore[attr-defined]
    page = render_to_string("500.html", {"page_language": frame.html_lang, "page_direction": frame.direction})
    headers = {
        "Retry-After": str(_ASK_AGAIN),
        "Content-Language": frame.html_lang,
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(page, status=503, headers=headers)
