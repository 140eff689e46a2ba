"""What the project of the tests agreed, spent and planned."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from reports.budget import Spending, add_line
from reports.budget import book as book_spending
from reports.models import (
    BudgetBooking,
    ScanAction,
    Target,
)
from reports.scans import Plan, plan_action
from reports.targets import Aim, set_target
from schools import clock
from tests.cast import Cast


def planned(cast: Cast) -> ScanAction:
    plan = Plan(point="time-3", what="Opvang regelen", owner=cast.staff["care"], due_on=clock.today())
    return plan_action(school=cast.schools["kersenboom"], plan=plan, by=cast.staff["head"])


def spent(cast: Cast) -> BudgetBooking:
    assert cast.project is not None
    line = add_line(project=cast.project, name="Tolken", granted=Decimal(6200), by=cast.staff["joint"])
    spending = Spending(booked_on=clock.today(), amount=Decimal(85), what="Tolk aan huis")
    return book_spending(line=line, spending=spending, client_id=uuid4(), by=cast.staff["director_go"])


def aims(cast: Cast) -> Target:
    """The joint worker's target for De Kersenboom."""
    assert cast.project is not None
    aim = Aim(code="I01", value=Decimal(55), holds_from=clock.today(), school=cast.schools["kersenboom"])
    return set_target(project=cast.project, aim=aim, by=cast.staff["joint"])
