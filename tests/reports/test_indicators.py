"""What holds for every indicator."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from reports.indicators import INDICATORS
from tests.reports.recount import PERIOD, count

pytestmark = pytest.mark.django_db


def test_every_breakdown_of_every_indicator_counts_and_can_be_protected(world) -> None:
    for code, definition in INDICATORS.items():
        for by in ("", *definition.breakdowns):
            shown = count(code, world, by).protected(for_outsiders=True)
            assert shown.is_protected, (code, by)


def test_the_command_counts_what_the_pages_count(world, capsys) -> None:
    days = ["--from", PERIOD.first.isoformat(), "--to", PERIOD.last.isoformat()]
    call_command("figures", "I01", "I23", *days, "--as", "JOINT_CLB", "--by", "language_group", "--json")
    total = count("I01", world).total
    assert f'"n": {total.n},\n      "N": {total.N}' in capsys.readouterr().out
    call_command("figures", "I01", *days, "--school", world.schools[0].institution_number)
    assert "I01" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no indicator I99"):
        call_command("figures", "I99", *days)
