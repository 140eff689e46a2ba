"""Pages of the demo only: become somebody of the cast, and see what would have left the house."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.contrib.auth import login, logout
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from ingroeibloei.demo.cast import GUARDIAN, GUARDIANS, STAFF, guardian_source, member, staff_address
from ingroeibloei.demo.links import with_links
from messaging.mailpictures import shown_in_a_page
from messaging.models import RecordedNotice
from parents.access import sign_in
from parents.models import Guardian
from schools.middleware import DEMO_SESSION_KEY
from schools.models import Role, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROWS_OF_A_PAGE = 25

#: A mail is styled by its own lines, and may do nothing but show itself and open its links.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}

View = Callable[..., HttpResponseBase]


def demo_only(view: View) -> View:
    """A page that does not exist outside a demo; the routes are not there either."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    guarded.for_demo = True  # type: ignore[attr-defined]
    return guarded


@demo_only
@require_safe
def cast_list(request: HttpRequest) -> HttpResponse:
    """Everybody whom a visitor can become."""
    parents = [(entry, "") for entry in GUARDIANS]
    staff = [(entry, str(Role(entry.role).label)) for entry in STAFF]
    return render(request, "demo/cast.html", {"parents": parents, "staff": staff})


@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def become(request: HttpRequest, key: str) -> HttpResponseBase:
    """Sign in as somebody of the cast; whoever was signed in leaves first. A followed link leads to their button."""
    entry = member(key)
    if entry is None:
        raise Http404
    if request.method != "POST":
        return redirect(f"{reverse('demo')}#{entry.key}")
    logout(request)
    if entry.role == GUARDIAN:
        sign_in(request, get_object_or_404(Guardian, source_system="demo", source_id=guardian_source(key)))
        return redirect("portal_home")
    login(request, get_object_or_404(User, email=staff_address(key)), backend=BACKEND)
    request.session[DEMO_SESSION_KEY] = True
    return redirect("home")


@demo_only
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What the drivers of the demo kept instead of sending it, newest first."""
    page = Paginator(RecordedNotice.objects.all(), ROWS_OF_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "demo/outbox.html", {"page": page})


@demo_only
@require_safe
def outbox_detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RecordedNotice, pk=pk)
    return render(request, "demo/outbox_detail.html", {"row": row, "text": with_links(row.text)})


@demo_only
@require_safe
@xframe_options_sameorigin
def outbox_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of a mail as its reader would see it, in a sandbox; its links open in a tab of their own."""
    html = shown_in_a_page(get_object_or_404(RecordedNotice, pk=pk).html)
    response = HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
    response._csp_config = MAIL_POLICY  # type: ignore[attr-defined]  # django-csp's decorator is typed for bare views
    return response
