"""What holds for every indicator."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from reports.indicators import INDICATORS
from tests.reports.recount import PERIOD, count
from tests.reports.world import World, signed_in

pytestmark = pytest.mark.django_db


def test_every_breakdown_of_every_indicator_counts_and_can_be_protected(world) -> None:
    for code, definition in INDICATORS.items():
        for by in ("", *definition.breakdowns):
            shown = count(code, world, by).protected(for_outsiders=True)
            assert shown.is_protected, (code, by)


@pytest.mark.either_engine
@pytest.mark.usefixtures("in_may")
def test_every_breakdown_has_a_page_and_words_of_its_own(fuller: World) -> None:
    client = signed_in(fuller.joint_worker())
    for code in ("I04", "I08", "I10", "I16", "I21", "I22", "I24", "I28", "I31"):
        for by in ("", *INDICATORS[code].breakdowns[:1]):
            page = client.get(reverse("indicator_detail", args=[code]), {"per": by})
            assert page.status_code == 200, (code, by)
            assert not [row for row in page.context["rows"] if row[0] in ("start", "7+", "4")], (code, by)
            assert client.get(reverse("indicator_detail", args=[code]), {"per": by, "csv": 1}).status_code == 200


def test_the_command_counts_what_the_pages_count(world, capsys) -> None:
    days = ["--from", PERIOD.first.isoformat(), "--to", PERIOD.last.isoformat()]
    call_command("figures", "I01", "I23", *days, "--as", "JOINT_CLB", "--by", "language_group", "--json")
    total = count("I01", world).total
    assert f'"n": {total.n},\n      "N": {total.N}' in capsys.readouterr().out
    call_command("figures", "I01", *days, "--school", world.schools[0].institution_number, "--as", "HEAD")
    assert "I01" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no indicator I99"):
        call_command("figures", "I99")


@pytest.mark.usefixtures("in_may")
def test_the_command_protects_as_the_pages_do(world, capsys) -> None:
    """A head or a CLB is outside the other schools of a project; who is outside chooses no days and no school."""
    for role in ("COORDINATOR", "HEAD", "CLB", "TEACHER"):
        call_command("figures", "I01", "--by", "school", "--as", role, "--json")
        assert '"protected": true' in capsys.readouterr().out
        with pytest.raises(CommandError, match="choose no days"):
            call_command("figures", "I01", "--to", "2026-03-31", "--as", role)
    with pytest.raises(CommandError, match="its figures alone"):
        call_command("figures", "I01", "--school", world.schools[0].institution_number)
    call_command("figures", "I01", "--from", "2025-09-01", "--to", "2026-04-30")
    assert "I01" in capsys.readouterr().out
