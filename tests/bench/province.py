"""Every page of figures at the scale of a province: 200 schools, 60,000 pupils, a million contacts, five million
deliveries.

The figures of all schools are counted ahead, as beat has it done each night; that is measured beside an hour. Then each
reader asks for each page on one worker, as in ``tests.bench.pages``; what counts is the slowest of twenty answers that
is not the slowest, beside 300 ms.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain, islice

from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings
from django.urls import reverse

from reports.indicators import INDICATORS
from reports.keeping import keep_due
from schools.models import Assignment, CLBCentre, Role, School, SchoolClass, User
from tests import factories
from tests.bench.measure import Bar, Result, result, seconds
from tests.bench.pages import Page, joint_worker, session_of
from tests.bench.world import City

WISHED_MS = 300.0
NIGHT_SECONDS = 3600.0
PATIENCE_SECONDS = 8.0


def measure(city: City) -> list[Result]:
    """The slowest page of each reader, and all of them together."""
    with override_settings(DEMO_TODAY=city.year.ends_on):  # the whole year lies behind
        ahead = seconds(partial(keep_due, NIGHT_SECONDS))
        handler = WSGIHandler()
        found = {
            name: max(
                p95(Page(handler, address, session_of(reader)), city.size.page_rounds)
                for address in islice(_addresses(reader), city.size.figure_pages)
            )
            for name, reader in _readers(city)
        }
    schools = city.size.project_schools
    night = result("counting all figures ahead beside an hour", ahead, NIGHT_SECONDS, "s", schools, Bar("at most", 1))
    return [night] + [
        result(
            f"slowest page of figures of {name}, p95 beside 300 ms", took, WISHED_MS, "ms", schools, Bar("at most", 1)
        )
        for name, took in found.items()
    ]


def p95(page: Page, rounds: int) -> float:
    """Milliseconds within which nineteen of twenty answers came; of a page that takes long fewer are awaited."""
    page.get()
    times: list[float] = []
    while len(times) < rounds and sum(times) < PATIENCE_SECONDS:
        times.append(seconds(page.get))
    return 1000 * sorted(times)[max(len(times) * 19 // 20 - 1, 0)]


def _readers(city: City) -> Iterator[tuple[str, User]]:
    """Who reads figures, from all schools to one."""
    yield "the joint worker of all schools", joint_worker(city)
    yield "the coordinator", _appointed(city, Role.COORDINATOR, project=city.project)
    centre = CLBCentre.objects.order_by("pk")[0]
    yield "a director of a centre", _appointed(city, Role.CLB_DIRECTOR, clb_centre=centre)
    school = School.objects.order_by("pk")[0]
    yield "a head", _appointed(city, Role.HEAD, school=school)
    room = SchoolClass.objects.filter(school=school).order_by("pk")[0]
    yield "a teacher", _appointed(city, Role.TEACHER, school=school, school_class=room)


def _appointed(city: City, role: Role, **place: object) -> User:
    user = factories.make_user(f"{role.label} Verzonnen")
    Assignment.objects.create(user=user, role=role, starts_on=city.year.starts_on, ends_on=None, **place)
    return user


def _addresses(reader: User) -> Iterator[str]:
    """The pages of figures that this reader may open, and the list of work that they lead to."""
    roles = {one.role for one in reader.assignments.all()}
    if Role.COORDINATOR not in roles:
        yield reverse("my_week")
    if Role.TEACHER in roles:
        return
    if Role.COORDINATOR not in roles:
        yield reverse("not_reached")
    yield reverse("dashboard")
    for code, definition in INDICATORS.items():
        page = reverse("indicator_detail", args=[code])
        yield from chain([page], (f"{page}?per={by}" for by in definition.breakdowns))
