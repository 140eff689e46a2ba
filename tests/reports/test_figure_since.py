"""Why a figure changed since a day: what was noted, put right, taken back; who came and who left."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from parents.models import ContactKind, ContactMoment, FollowUp, Visibility
from parents.services.correcting import correct_contact_moment, withdraw_contact_moment
from reports.figure_since import changes_of, counted_since, rows_since
from reports.figures import FigureScope, Period
from reports.indicators import INDICATORS
from schools import clock
from schools.models import Enrolment, Role
from tests.reports.recount import PERIOD
from tests.reports.world import FIRST, TODAY, World, at, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.either_engine, pytest.mark.usefixtures("in_may")]

MARCH = date(2026, 3, 1)
YEAR = Period(FIRST, TODAY)


def recorded(moment: ContactMoment, day: date) -> ContactMoment:
    ContactMoment.objects.filter(pk=moment.pk).update(recorded_at=at(day))
    return moment


@pytest.fixture
def world() -> World:
    """In March a talk of September was noted, one was put right, one taken back, a child came and one left."""
    world = World(pilots=2)
    school, room = world.schools[0], world.classes[0]
    families = [world.family(room) for _ in range(4)]
    early = [recorded(world.talk(family, school, date(2025, 9, 8)), date(2025, 9, 8)) for family in families]
    recorded(world.talk(families[0], school, date(2025, 9, 30), kind=ContactKind.GATE_TALK), date(2026, 3, 9))
    correct_contact_moment(
        moment=early[1], by=world.writer, facts={"held_on": early[1].held_on, "kind": ContactKind.HOME_VISIT}, seen=0
    )
    withdraw_contact_moment(moment=early[2], by=world.writer, because="Dubbel")
    world.family(room, starts_on=date(2026, 4, 1))
    Enrolment.objects.filter(pupil__family_memberships__family=families[3]).update(ends_on=date(2026, 3, 20))
    world.talk(world.family(world.classes[1]), world.schools[1])
    return world


def counts(world: World, code: str, **place: Any) -> dict[str, int]:
    scope = FigureScope(**(place or {"school": world.schools[0]}))
    return {change.key: number for change, number in counted_since(code, scope, YEAR, MARCH)}


def test_what_changed_reach_is_told_apart(world: World) -> None:
    assert counts(world, "I01") == {"nieuw": 1, "hersteld": 1, "ingetrokken": 1, "gekomen": 1, "vertrokken": 1}
    assert counts(world, "I09")["nieuw"] == 0
    assert counts(world, "I02")["nieuw"] == 0, "a talk at the gate about nothing is not two-way"


def test_another_school_is_not_in_it_and_a_class_has_its_own(world: World) -> None:
    assert counts(world, "I01", school=world.schools[1])["hersteld"] == 0
    assert counts(world, "I01", classes=[world.classes[0]]) == counts(world, "I01")
    assert sum(counts(world, "I01", classes=[world.classes[1]]).values()) == 0


def test_a_child_that_goes_to_another_class_neither_came_nor_left(world: World) -> None:
    pupil = Enrolment.objects.filter(ends_on__isnull=True, school=world.schools[0]).earliest("pk")
    Enrolment.objects.filter(pk=pupil.pk).update(ends_on=date(2026, 4, 10))
    other = world.school_class(world.schools[0], "L4")
    world.enrol(pupil.pupil, other, starts_on=date(2026, 4, 11))
    found = counts(world, "I01")
    assert (found["gekomen"], found["vertrokken"]) == (1, 1)


def test_agreements_that_were_made_and_kept(world: World) -> None:
    for day in (date(2025, 10, 1), date(2026, 4, 1)):
        family, due = world.family(world.classes[0]), day + timedelta(days=7)
        facts: dict[str, Any] = {"what": "Bellen", "due_on": due, "status": "DONE", "done_on": day}
        FollowUp.objects.create(school=world.schools[0], family=family, created_at=at(day), **facts)
    assert counts(world, "I20") == {"afgesproken": 1, "gedaan": 1}


def test_every_change_of_every_figure_has_a_list_of_its_number(fuller: World) -> None:
    scope = FigureScope(project=fuller.project)
    for code in INDICATORS:
        for change, number in counted_since(code, scope, PERIOD, date(2025, 12, 1)):
            rows = rows_since(code, change.key, scope, PERIOD, date(2025, 12, 1))
            assert len(set(rows.values_list("pk", flat=True))) == len(rows) == number, (code, change.key)


class TestOnThePage:
    def test_the_worker_reads_counts_that_open_their_lists(self, world: World) -> None:
        client = signed_in(world.joint_worker())
        page = client.get(reverse("indicator_detail", args=["I01"]), {"sinds": "2026-03-01", "per": "school"})
        rows = page.context["since"]["rows"]
        assert rows[0][0].startswith("Contacten")
        address = f"{reverse('figure_list', args=['I01'])}?deel=hersteld&amp;sinds=2026-03-01"
        assert address in page.content.decode()
        listed = client.get(reverse("figure_list", args=["I01"]), {"deel": "vertrokken", "sinds": "2026-03-01"})
        assert (listed.context["found"], len(listed.context["lines"])) == (1, 1)

    def test_a_line_of_the_clb_is_only_counted_for_the_school(self, world: World) -> None:
        recorded(
            world.talk(
                world.family(world.classes[0]), world.schools[0], visibility=Visibility.CLB, centre=world.schools[0].clb
            ),
            date(2026, 3, 10),
        )
        head = world.user("head", Role.HEAD, school=world.schools[0])
        listed = signed_in(head).get(reverse("figure_list", args=["I01"]), {"deel": "nieuw", "sinds": "2026-03-01"})
        assert (listed.context["found"], len(listed.context["lines"])) == (2, 1)

    @pytest.mark.parametrize("day", ["gisteren", "2020-01-01", "2027-01-01"])
    def test_a_day_that_cannot_be_is_told(self, world: World, day: str) -> None:
        page = signed_in(world.joint_worker()).get(reverse("indicator_detail", args=["I01"]), {"sinds": day})
        assert page.status_code == 200
        assert page.context["since"]["form"].errors
        assert not page.context["since"]["rows"]

    def test_the_coordinator_has_no_day_of_the_own(self, world: World) -> None:
        page = signed_in(world.coordinator()).get(reverse("indicator_detail", args=["I01"]), {"sinds": "2026-03-01"})
        assert page.context["since"] is None
        assert 'name="sinds"' not in page.content.decode()

    def test_figures_without_a_list_do_not_ask(self, world: World) -> None:
        assert clock.today() == TODAY
        assert not changes_of("I25")
        page = signed_in(world.joint_worker()).get(reverse("indicator_detail", args=["I25"]))
        assert page.context["since"] is None
