"""What the project of the tests agreed, spent and planned."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from messaging.files.checking import CheckedFile
from messaging.files.limits import Kind
from reports.adopting import ask_about_card, write_adaptation
from reports.budget import Spending, add_line
from reports.budget import book as book_spending
from reports.filing import put_on_card
from reports.models import (
    Adaptation,
    BudgetBooking,
    CardFile,
    CardQuestion,
    EditionPage,
    PlannedStep,
    PlaybookEdition,
    ScanAction,
    Target,
)
from reports.ownproject import day_within
from reports.planner.dates import first_day, planned_year
from reports.planner.loading import load_planner
from reports.planner.planning import start_plan
from reports.scans import Plan, plan_action
from reports.targets import Aim, set_target
from schools import clock
from schools.models import Method
from tests.cast import Cast


def planned(cast: Cast) -> ScanAction:
    plan = Plan(point="time-3", what="Opvang regelen", owner=cast.staff["care"], due_on=clock.today())
    return plan_action(school=cast.schools["kersenboom"], plan=plan, by=cast.staff["head"])


def spent(cast: Cast) -> BudgetBooking:
    assert cast.project is not None
    line = add_line(project=cast.project, name="Tolken", granted=Decimal(6200), by=cast.staff["joint"])
    spending = Spending(booked_on=day_within(cast.project), amount=Decimal(85), what="Tolk aan huis")
    return book_spending(line=line, spending=spending, client_id=uuid4(), by=cast.staff["director_go"])


def aims(cast: Cast) -> Target:
    """The joint worker's target for De Kersenboom."""
    assert cast.project is not None
    aim = Aim(code="I01", value=Decimal(55), holds_from=day_within(cast.project), school=cast.schools["kersenboom"])
    return set_target(project=cast.project, aim=aim, by=cast.staff["joint"])


def year_plan(cast: Cast) -> PlannedStep:
    """A step of De Kersenboom's year plan that is the care coordinator's, and everything else in it."""
    load_planner()
    year = planned_year() or cast.year
    plan = start_plan(school=cast.schools["kersenboom"], year=year, by=cast.staff["head"], since=first_day(year))
    step = plan.steps.filter(owner=cast.staff["care"]).first()
    assert step is not None
    return step


def adapted(cast: Cast) -> Adaptation:
    """How De Kersenboom calls with good news; it waits for the joint worker."""
    card = Method.objects.get(slug="good-news-call")
    school, head = cast.schools["kersenboom"], cast.staff["head"]
    return write_adaptation(school=school, method=card, words="Wij bellen op woensdag.", by=head)


def asked_about(cast: Cast) -> CardQuestion:
    """What De Kersenboom wants to know about it."""
    card = Method.objects.get(slug="good-news-call")
    school, teacher = cast.schools["kersenboom"], cast.staff["teacher_3b"]
    return ask_about_card(school=school, method=card, text="Hoelang duurt het?", by=teacher)


def carried() -> CardFile:
    """What the card carries for who does it."""
    card, sheet = Method.objects.get(slug="good-news-call"), CheckedFile(Kind.PDF, b"%PDF-1.7 Wat zeg je eerst?")
    return put_on_card(method=card, file=sheet, title="Wat zeg je eerst?", language="nl", by=None)


def brought_out() -> PlaybookEdition:
    """An edition, as small as one can be."""
    content = {"title": "Draaiboek", "cover_lines": ["Uitgave 1"], "cards": []}
    facts = {"content": content, "checksum": "0" * 64}
    edition = PlaybookEdition.objects.create(number=1, frozen_at=clock.now(), package=b"PK", **facts)
    EditionPage.objects.create(edition=edition, language="nl", html="<h2>Waarom</h2>", **facts)
    return edition
