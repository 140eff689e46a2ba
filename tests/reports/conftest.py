from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.db import transaction

from messaging.content import load_templates
from parents.models import ContactKind, ContactMoment, Family, FamilyMembership, Initiative, Outcome, Purpose
from reports.evaluation import draft_evaluation, submit_for_review
from reports.models import BudgetBooking, BudgetLine, EvaluationReport, FrozenReport, ReportKind, Target, TimeEntry
from reports.planner.loading import load_planner
from schools import clock
from schools.calendar import flemish_holidays
from schools.models import Enrolment, Holiday, Pupil, School
from schools.reference import load_methods, load_vocabulary
from tests.cast import Cast, build_cast
from tests.mould import poured
from tests.reports.fuller_world import fuller_world
from tests.reports.random_world import random_world
from tests.reports.world import TODAY, World


@pytest.fixture
def in_may(settings: Any) -> None:
    settings.DEMO_TODAY = TODAY


@pytest.fixture
def in_june(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> date:
    """The portal on 16 June of the running school year: the day after the first draft is due."""
    day = cast.year.ends_on.replace(day=16)
    travel_to(monkeypatch, day)
    return day


def travel_to(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """From now on the school's clock shows ``day``."""
    monkeypatch.setattr("schools.clock.shift", lambda: clock.ahead_on(day))


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Cast:
    """A school year of figures: enough families in the first school, too few of another home language in the second.
    With the draft of its evaluation for whoever asks for ``report`` too."""
    if "drafted" in request.fixturenames:
        cast: Cast = request.getfixturevalue("drafted")[0]
        return cast
    request.getfixturevalue("in_june")
    return with_figures(request.getfixturevalue("cast"))


@pytest.fixture
def report(drafted: tuple[Cast, EvaluationReport]) -> EvaluationReport:
    return drafted[1]


@pytest.fixture
def frozen(report: EvaluationReport) -> FrozenReport:
    """The same draft, frozen for its signatures."""
    return report.frozen.get()


@pytest.fixture
def drafted(request: pytest.FixtureRequest, db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Cast, EvaluationReport]:
    """The same town on the same day, with the draft of its evaluation; frozen for whoever asks for ``frozen`` too."""
    cast, report = poured(frozen_town if "frozen" in request.fixturenames else drafted_town)
    travel_to(monkeypatch, cast.year.ends_on.replace(day=16))
    return cast, report


def drafted_town() -> tuple[Cast, EvaluationReport]:
    cast = build_cast()
    assert cast.project is not None
    with pytest.MonkeyPatch.context() as patch:
        travel_to(patch, cast.year.ends_on.replace(day=16))
        with_figures(cast)
        report = draft_evaluation(project=cast.project, kind=ReportKind.FINAL, by=cast.staff["joint"])
    return cast, report


def frozen_town() -> tuple[Cast, EvaluationReport]:
    cast, report = drafted_town()
    with pytest.MonkeyPatch.context() as patch:
        travel_to(patch, cast.year.ends_on.replace(day=16))
        submit_for_review(report=report, by=cast.staff["joint"])
    return cast, report


def with_figures(cast: Cast) -> Cast:
    start = cast.year.starts_on
    grow(cast, "3b", "nl", 24, reached=18, start=start)
    grow(cast, "3b", "ar", 14, reached=7, start=start)
    grow(cast, "go2", "nl", 12, reached=10, start=start)
    assert cast.project is not None
    for code, value, objective in (("I01", 60, "Elk gezin"), ("I23", 1, "")):
        Target.objects.create(
            project=cast.project, indicator=code, value=Decimal(value), objective=objective, holds_from=start
        )
    line = BudgetLine.objects.create(project=cast.project, name="Loonkost", granted=Decimal(41200))
    BudgetBooking.objects.create(
        line=line, booked_on=start + timedelta(days=14), amount=Decimal("39870.55"), what="Lonen", booked_at=clock.now()
    )
    TimeEntry.objects.create(
        project=cast.project, user=cast.staff["joint"], week_of=start + timedelta(days=14), activity="CONTACT", hours=17
    )
    return cast


def grow(cast: Cast, room: str, language: str, number: int, *, reached: int, start: date) -> None:
    """``number`` families with a child in a class, of whom ``reached`` were called in the first weeks."""
    school_class = cast.classes[room]
    born = date(start.year - 8, 1, 1)
    pupils = Pupil.objects.bulk_create(
        Pupil(first_name=f"Kind{place}", last_name=f"{room}{language}", birth_date=born) for place in range(number)
    )
    families = Family.objects.bulk_create(Family(home_language=language) for _ in pupils)
    Enrolment.objects.bulk_create(
        Enrolment(pupil=pupil, school=school_class.school, school_class=school_class, starts_on=start)
        for pupil in pupils
    )
    FamilyMembership.objects.bulk_create(
        FamilyMembership(family=family, pupil=pupil, starts_on=start)
        for family, pupil in zip(families, pupils, strict=True)
    )
    moments = [
        ContactMoment(
            school=school_class.school,
            family=family,
            kind=ContactKind.PHONE,
            outcome=Outcome.REACHED_AGREED,
            held_on=start + timedelta(days=20 + place),
            initiative=Initiative.TEACHER,
            purpose=Purpose.PRAISE,
            recorded_by=cast.staff["teacher_3b"],
            recorded_at=clock.now(),
            language_group="nl" if language == "nl" else "other",
        )
        for place, family in enumerate(families[:reached])
    ]
    for moment in moments:
        moment.derive()
    ContactMoment.objects.bulk_create(moments)


def words_of(pdf: bytes) -> str:
    """The text of a PDF, in one line."""
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


#: Numbers of random worlds; `make test` has the time for one on each engine.
SEEDS = (
    pytest.param(1, marks=pytest.mark.first),
    pytest.param(2, marks=pytest.mark.second),
    pytest.param(3, marks=pytest.mark.full),
)


@pytest.fixture(params=SEEDS)
def world(request: pytest.FixtureRequest, db: None) -> World:
    """A small random world; the number is its seed."""
    return poured(random_world, request.param)


@pytest.fixture(params=SEEDS)
def fuller(request: pytest.FixtureRequest, db: None) -> World:
    """A small random world with parents who live apart, teachers and group moments; the number is its seed."""
    return poured(fuller_world, request.param)


@pytest.fixture(scope="module")
def town_with_texts(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast with words, cards and templates, built once for a file of tests and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_vocabulary()
        load_methods()
        load_templates()
        load_planner()
        yield build_cast()
        transaction.set_rollback(True)


@pytest.fixture
def school(cast: Cast) -> School:
    """De Kersenboom, with the cards and steps of the draaiboek and the school year's holidays."""
    load_methods()
    load_planner()
    for name, first, last in flemish_holidays(cast.year.starts_on.year):
        Holiday.objects.get_or_create(name=name, starts_on=first, defaults={"ends_on": last})
    return cast.schools["kersenboom"]
