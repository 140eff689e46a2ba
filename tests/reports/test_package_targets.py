"""Targets travel in a package: they become those of the joint worker's project, and name nobody."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reports.edition import NotPublishableError, freeze_edition
from reports.models import Target
from reports.packaging import State, read
from reports.packaging.reading import Entry
from reports.targets import Aim, set_target
from schools import clock
from tests.cast import Cast
from tests.reports.packages import compared, installed

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(town_with_texts: Cast, db: None) -> Cast:
    """The town of a file's tests: there is one."""
    return town_with_texts


def three(packed: dict[str, list[Entry]]) -> None:
    packed["targets"] = [
        {"key": "I01", "value": "80", "objective": "Elk gezin een gesprek."},
        {"key": "I02", "value": "101", "objective": ""},
        {"key": "I99", "value": "1", "objective": ""},
    ]


def test_targets_become_those_of_the_joint_workers_project(cast: Cast) -> None:
    _package, items = compared(cast, three)
    assert [items[f"target:{code}"].state for code in ("I01", "I02", "I99")] == [
        State.NEW, State.UNUSABLE, State.UNUSABLE,
    ]  # fmt: skip
    installed(cast, three)
    row = Target.objects.get()
    assert (row.project, row.indicator, row.value, row.school) == (cast.project, "I01", Decimal(80), None)
    _package, items = compared(cast, three)
    assert items["target:I01"].state == State.SAME


def test_targets_are_replaced_only_when_chosen_and_keep_their_history(cast: Cast) -> None:
    assert cast.project is not None
    aim = Aim(code="I01", value=Decimal(60), holds_from=clock.today())
    set_target(project=cast.project, aim=aim, by=cast.staff["joint"])
    installed(cast, three)
    assert Target.objects.count() == 1
    installed(cast, three, take={"target:I01"})
    assert list(Target.objects.order_by("pk").values_list("value", flat=True)) == [60, 80]


def test_targets_of_nobodys_project_are_not_usable(cast: Cast) -> None:
    _package, items = compared(cast, three, who="admin")
    assert items["target:I01"].state == State.UNUSABLE


def test_targets_leave_with_an_edition_when_they_name_nobody(cast: Cast) -> None:
    assert cast.project is not None
    aim = Aim(code="I01", value=Decimal(100), holds_from=clock.today(), objective="Elk gezin telt.")
    set_target(project=cast.project, aim=aim, by=cast.staff["joint"])
    package = read(bytes(freeze_edition(by=cast.staff["joint"]).package))
    assert package.contents["targets"] == [{"key": "I01", "value": "100", "objective": "Elk gezin telt."}]


def test_targets_with_a_name_stop_the_edition(cast: Cast) -> None:
    assert cast.project is not None
    aim = Aim(code="I01", value=Decimal(100), holds_from=clock.today(), objective="Lotte Claes belt elk gezin.")
    set_target(project=cast.project, aim=aim, by=cast.staff["joint"])
    with pytest.raises(NotPublishableError, match="I01"):
        freeze_edition(by=cast.staff["joint"])
