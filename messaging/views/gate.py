"""Parents sign in at the school gate: the QR code on a screen of the school, and the page that it opens."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from messaging import gate
from messaging.barcodes import qr_drawing
from messaging.codes import send_code
from messaging.forms_parents import ContactForm
from messaging.views.signin import begin
from parents import signin
from schools import clock, languages
from schools.access import SCHOOL_TEAM, chosen_school, staff_required
from schools.answerfirst import AnswerFirst
from schools.models import Role, School
from schools.scope import scope_of

#: Seconds after which the screen draws a new one: who scans it last has minutes left.
REDRAWN_AFTER = 60


@staff_required(*SCHOOL_TEAM, Role.OFFICE)
@require_safe
def gate_code(request: HttpRequest) -> HttpResponse:
    """The QR code, large; the page draws a new one by itself, without script one asks for it."""
    schools = list(_own_schools(request.user))
    school = chosen_school(request, schools)
    context = {
        "schools": schools,
        "school": school,
        "drawing": qr_drawing(gate.gate_link(school.pk)) if school else None,
        "until": clock.now() + timedelta(minutes=settings.GATE_CODE_MINUTES),
        "minutes": settings.GATE_CODE_MINUTES,
        "redrawn_after": REDRAWN_AFTER,
        "welcomes": _welcomes(),
    }
    is_part = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, "messaging/_gate_code.html" if is_part else "messaging/gate_code.html", context)


@require_safe
def gate_scanned(request: HttpRequest, token: str) -> HttpResponse:
    """Where the QR code leads: the token leaves the address at once."""
    if gate.open_gate(request, token):
        return redirect("gate_sign_in")
    return render(request, "messaging/parents/gone.html", status=404)


@require_http_methods(["GET", "HEAD", "POST"])
def gate_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page of the school. The answer is the same whether anybody of the school uses the address or not."""
    opened = gate.gate_of(request)
    if opened is None:
        return redirect("guardian_sign_in")
    school = get_object_or_404(School, pk=opened.school_id)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        contact: signin.Reachable = form.cleaned_data["contact"]
        if gate.may_ask_for_code(request, opened, contact):
            begin(request, contact, at_gate=True)
            language: str = request.page_language  # type: ignore[attr-defined]
            return AnswerFirst(
                reverse("guardian_code"),
                lambda: send_code(signin.issue_code(contact, school_id=school.pk), language),
            )
        form.add_error(None, _("Too many tries. Wait one hour, or call the school."))
    return render(request, "messaging/parents/sign_in.html", {"form": form, "school_name": school.name})


def _own_schools(user: object) -> QuerySet[School]:
    posts = [row for row in scope_of(user).assignments if row.role in {*SCHOOL_TEAM, Role.OFFICE}]
    return School.objects.filter(pk__in=[row.school_id for row in posts if row.school_id]).order_by("name")


def _welcomes() -> list[dict[str, str]]:
    """The same word for everybody who comes to the gate."""
    found = []
    for code in languages.INTERFACE_CODES:
        entry = languages.language(code)
        with translation.override(entry.interface):
            found.append({"word": _("Welcome"), "code": code})
    return found
