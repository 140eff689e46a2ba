"""Every page of figures at the scale of a province: 200 schools, 60,000 pupils, a million contacts, five million
deliveries.

The figures of all schools are counted ahead, as beat has it done each night; that is measured beside an hour. Then each
reader asks for each page on one worker, as in ``tests.bench.pages``; what counts is the slowest of twenty answers that
is not the slowest. It stands beside 300 ms, and beside the reference page in the same minutes: machines differ, and on
that of the papers 300 ms are twenty of it (limits.md: 13 to 16 ms of work).
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
from tests.bench.measure import Bar, Result, interleaved, result, seconds
from tests.bench.pages import Page, joint_worker, reference_beside, session_of
from tests.bench.world import City

WISHED_MS = 300.0
NIGHT_SECONDS = 3600.0
PATIENCE_SECONDS = 8.0
_MOST, _ORDINARY_PAGES = Bar("at most", 1), Bar("at most", 20)


def measure(city: City) -> list[Result]:
    """The slowest page of each reader."""
    with override_settings(DEMO_TODAY=city.year.ends_on), reference_beside() as reference:  # the year lies behind
        ahead = seconds(partial(keep_due, NIGHT_SECONDS))
        schools = city.size.project_schools
        night = result("counting all figures ahead beside an hour", ahead, NIGHT_SECONDS, "s", schools, _MOST)
        handler = WSGIHandler()
        return [night, *chain.from_iterable(_slowest_of(*who, handler, reference, city) for who in _readers(city))]


def _slowest_of(name: str, reader: User, handler: WSGIHandler, reference: Page, city: City) -> list[Result]:
    rounds, schools = city.size.page_rounds, city.size.project_schools
    addresses = islice(_addresses(reader), city.size.figure_pages)
    slowest = max(
        (Page(handler, address, session_of(reader)) for address in addresses), key=partial(p95, rounds=rounds)
    )
    took, ordinary = interleaved(partial(p95, slowest, rounds), partial(p95, reference, rounds), rounds=3)
    what = f"slowest page of figures of {name} ({slowest.address}), p95"
    return [
        result(f"{what}, beside 300 ms", took, WISHED_MS, "ms", schools, _MOST),
        result(f"{what}, beside the reference page", took, ordinary, "ms", schools, _ORDINARY_PAGES),
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
