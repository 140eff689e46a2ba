"""Pages through Django's WSGI handler, in this process: a parents' notice and staff lists beside two references.

The *bare view* answers "ok" behind the portal's own middleware. The *reference page* is what an ordinary Django page
costs: session, account, six queries, 50 rows of five columns, about 14 kB, behind the middleware of a new project.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path, reverse
from django.utils.html import escape

from messaging.models import Delivery
from messaging.services import publish_notice
from messaging.tokens import make_token
from parents.models import ContactKind, ContactMoment, Initiative
from schools import clock
from schools.models import Assignment, Enrolment, Role, SchoolClass, User
from schools.sessionstore import SessionStore
from tests import factories
from tests.bench.measure import Bar, Result, interleaved, result, same
from tests.bench.world import City, settle

ROWS, FEW_ROWS = 50, 10
_NOTICE_BAR = Bar("at least", 0.6)  # measured in November 2026: 0.86 to 0.97
#: Wished for: 0.5. Measured: 0.41, here a fifth less: icons, links and texts inside the loop over the rows.
_LIST_BAR = Bar("at least", 0.33)
NEW_PROJECT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
_TEMPLATE = Engine().from_string("""<!doctype html>
<html lang="en"><head><title>{{ title }}</title></head><body>
<nav>{% for class in classes %}<a href="/classes/{{ class.pk }}/">{{ class.name }}</a> {% endfor %}</nav>
<h1>{{ title }}</h1><p>{{ user.full_name }} · {{ count }}</p>
<table><thead><tr><th>Name</th><th>Class</th><th>School</th><th>Since</th><th>Do</th></tr></thead><tbody>
{% for row in rows %}<tr class="{% cycle 'odd' 'even' %}" id="row-{{ row.pk }}">
<td><a class="row-link" href="/pupils/{{ row.pupil_id }}/">{{ row.pupil.full_name|title }}</a></td>
<td>{{ row.school_class.name }} ({{ row.school_class.get_level_display }})</td><td>{{ row.school.name }}</td>
<td>{{ row.starts_on|date:"D j M Y" }}
{% for place in row.pupil.family_memberships.all %} · {{ place.family_id }}{% endfor %}</td>
<td><a class="button quiet" href="/contacts/new/?pupil={{ row.pupil_id }}">Log {{ row.pupil.first_name }}</a></td></tr>
{% endfor %}</tbody></table></body></html>""")


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def reference(request: HttpRequest, pk: int) -> HttpResponse:
    """Session and account, then: how many, the rows with their pupils, classes and schools, families, all classes."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    rows = Enrolment.objects.filter(school_class_id=pk)
    shown = rows.select_related("pupil", "school_class", "school").prefetch_related("pupil__family_memberships")
    context = {
        "title": "Pupils",
        "user": request.user,
        "count": rows.count(),
        "rows": shown.order_by("pk")[:ROWS],
        "classes": SchoolClass.objects.order_by("pk")[:30],
    }
    return HttpResponse(_TEMPLATE.render(Context(context)))


urlpatterns = [
    path("bench/bare/", bare),
    path("bench/reference/<int:pk>/", reference),
    path("", include("ingroeibloei.urls")),
]


def _start(status: str, headers: list[tuple[str, str]], failure: Any = None, /) -> Callable[[bytes], object]:
    """What a server gives a WSGI application to begin an answer with; nobody listens here."""
    return len


@dataclass(frozen=True, slots=True)
class Page:
    """An address behind a handler, asked for by whoever owns the session."""

    handler: WSGIHandler
    address: str
    session: str = ""

    def get(self) -> bytes:
        """The body of the page; AssertionError when it is not a page."""
        path_info, _, query = self.address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path_info,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={self.session}" if self.session else "",
        }
        response = self.handler(environ, _start)
        body = b"".join(response)
        response.close()
        same(f"status of {self.address}", response.status_code, 200)
        return body

    def per_second(self, duration: float) -> float:
        """Answers per second over ``duration`` seconds, one after the other."""
        start, answers = time.perf_counter(), 0
        while True:
            self.get()
            answers += 1
            elapsed = time.perf_counter() - start
            if elapsed >= duration:
                return answers / elapsed

    def queries(self) -> int:
        with CaptureQueriesContext(connection) as captured:
            self.get()
        return len(captured)


@dataclass(frozen=True, slots=True)
class Room:
    """A class of one-child families, its teacher, and the children's names."""

    school_class: SchoolClass
    teacher: User
    names: Sequence[str]


@contextmanager
def reference_beside() -> Iterator[Page]:
    """The reference page, for the pages of the portal to be asked for beside it."""
    room = _room(ROWS)
    with override_settings(ROOT_URLCONF=__name__):
        yield _reference_page(room, session_of(room.teacher))


def _reference_page(room: Room, session: str) -> Page:
    with override_settings(MIDDLEWARE=NEW_PROJECT):
        return Page(WSGIHandler(), f"/bench/reference/{room.school_class.pk}/", session)


def measure(city: City) -> list[Result]:
    full, few = _room(ROWS), _room(FEW_ROWS)
    with override_settings(ROOT_URLCONF=__name__):
        portal = WSGIHandler()
        session = session_of(full.teacher)
        token = make_token(_delivery(full))
        settle()
        classes = {
            room: Page(portal, reverse("class_detail", args=[room.school_class.pk]), session_of(room.teacher))
            for room in (full, few)
        }
        asked = {
            "bare": Page(portal, "/bench/bare/"),
            "reference": _reference_page(full, session),
            "notice": Page(portal, reverse("token_notice", args=[token])),
            "class": classes[full],
            "families": Page(portal, reverse("family_list"), session),
            "project": Page(portal, reverse("family_list"), session_of(joint_worker(city))),
        }
        _check(asked, classes[few], full, few)
        found = dict(zip(asked, _rates(list(asked.values()), city.size.page_seconds), strict=True))
        many_queries, few_queries = classes[full].queries(), classes[few].queries()
    same_queries = Bar("at most", 1)
    return [
        *_results(found, city),
        result("class list: queries at 50 rows beside 10", many_queries, few_queries, "queries", ROWS, same_queries),
    ]


def _results(found: dict[str, float], city: City) -> list[Result]:
    def beside(name: str, what: str, other: str, n: int, bar: Bar | None = None) -> Result:
        return result(what, found[name], found[other], "pages/s", n, bar)

    return [
        beside("notice", "parents' notice beside the reference page", "reference", 1, _NOTICE_BAR),
        beside("notice", "parents' notice beside a bare view", "bare", 1),
        beside("class", "class list of 50 rows beside the reference page", "reference", ROWS, _LIST_BAR),
        beside("class", "class list of 50 rows beside a bare view", "bare", ROWS),
        beside("families", "family list, page of 25, beside the reference page", "reference", 25),
        beside(
            "project", "the same for a whole project, beside the reference page", "reference", city.project_families
        ),
    ]


def _rates(pages: Sequence[Page], duration: float) -> list[float]:
    runs: list[Callable[[], float]] = [partial(page.per_second, duration) for page in pages]
    return interleaved(*runs)


def _check(asked: dict[str, Page], few_page: Page, full: Room, few: Room) -> None:
    """Every page shows what it is about, and the reference is the page that limits.md describes."""
    for page, room in ((asked["class"], full), (few_page, few), (asked["reference"], full)):
        body = page.get().decode()
        same(f"children on {page.address}", [name for name in room.names if escape(name) not in body], [])
    same("rows of the family list", asked["families"].get().count(b'class="row-link"'), 25)
    same("rows of the project's list", asked["project"].get().count(b'class="row-link"'), 25)
    same("the notice in Punjabi", b'<html lang="pa-Guru"' in asked["notice"].get(), True)
    same("answer of the bare view", asked["bare"].get(), b"ok")
    same("queries of the reference page", asked["reference"].queries(), 6)
    same("size of the reference page", 13_000 <= len(asked["reference"].get()) <= 16_000, True)


def _room(families: int) -> Room:
    school_class = factories.make_class(name=f"{families}B")
    teacher = factories.make_teacher(school_class)
    names = []
    for number in range(families):
        names.append(f"Kind{families}x{number:02d}")
        made = factories.make_family(school_class, languages=["pa"], children=names[-1:])
        for step in range(3):
            moment = ContactMoment.objects.create(
                school=school_class.school,
                family=made.family,
                kind=ContactKind.PHONE,
                held_on=clock.today() - timedelta(days=number + 10 * step),
                initiative=Initiative.TEACHER,
                recorded_by=teacher,
                recorded_at=clock.now(),
            )
            moment.pupils.set(made.pupils)
    return Room(school_class, teacher, tuple(names))


def _delivery(room: Room) -> Delivery:
    notice = factories.make_notice(room.school_class, room.teacher)
    same("deliveries of the class's notice", publish_notice(notice=notice, by=room.teacher), ROWS)
    return Delivery.objects.filter(notice=notice).order_by("pk")[0]


def joint_worker(city: City) -> User:
    user = factories.make_user("Lut Verzonnen")
    Assignment.objects.create(
        user=user, role=Role.JOINT_CLB, project=city.project, starts_on=city.project.starts_on, ends_on=None
    )
    return user


def session_of(user: User) -> str:
    """The key of a session past the second factor."""
    if not is_mfa_enabled(user):
        TOTP.activate(user, generate_totp_secret())
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session.create()
    return str(session.session_key)
