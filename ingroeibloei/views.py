"""Pages of the house itself: the start page of each role, errors, health."""

from __future__ import annotations

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from messaging.outbox import health
from parents.access import guardian_of
from schools.models import Role
from schools.scope import scope_of

_START = (
    (Role.TEACHER, "my_week"),
    (Role.CARE_COORDINATOR, "my_week"),
    (Role.LIAISON, "my_week"),
    (Role.HEAD, "my_week"),
    (Role.JOINT_CLB, "my_week"),
    (Role.CLB, "my_week"),
    (Role.CLB_DIRECTOR, "report_list"),
    (Role.COORDINATOR, "dashboard"),
    (Role.TRANSLATOR, "translation_queue"),
    (Role.PARTNER, "partner_gatherings"),
    (Role.ADMIN, "text_list"),
)


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Each person to the own start page; a visitor to the public one."""
    if guardian_of(request):
        return redirect("portal_home")
    roles = scope_of(request.user).roles
    for role, name in _START:
        if role in roles:
            return redirect(name)
    return render(request, "home.html", {"has_ended": request.user.is_authenticated and not roles})


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Database and outbox work: figures without names, red (503) when something due waits too long or there is no
    database."""
    try:
        outbox = health()
    except OperationalError:
        connection.close()
        return JsonResponse({"database": False}, status=503)
    return JsonResponse({"database": True, **outbox.as_json()}, status=503 if outbox.state == "late" else 200)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without its proof: mostly a page that was open too long."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
