"""Figures that are no share: medians, hours. What n of N says beside them is said, and hours are those of a project."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from reports.evaluation.binding import counting_for
from reports.evaluation.tables import BUILDERS
from reports.models import BudgetBooking, BudgetLine, TimeEntry
from schools import clock
from schools.models import Role
from tests.reports.world import World, signed_in, three_schools

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]
HOURS = reverse("indicator_detail", args=["I29"])


@pytest.fixture
def world() -> World:
    """Hours and euros of a project."""
    world = three_schools()
    for week, activity, hours in (("2025-10-06", "TRAVEL", "30.5"), ("2026-04-06", "CONTACT", "12.5")):
        TimeEntry.objects.create(
            project=world.project, user=world.writer, week_of=week, activity=activity, hours=Decimal(hours)
        )
    line = BudgetLine.objects.create(project=world.project, name="Werking", granted=Decimal(9000))
    BudgetBooking.objects.create(
        line=line, booked_on=date(2025, 10, 8), amount=Decimal(60), what="Papier", booked_at=clock.now()
    )
    return world


def words(client: Client, url: str, **chosen: str) -> str:
    answer = client.get(url, chosen)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


class TestHoursOfAProject:
    def test_one_school_has_none_of_its_own(self, world: World) -> None:
        """All hours beside the families of one school would say that all of them went there."""
        head = signed_in(world.user("head", Role.HEAD, school=world.schools[0]))
        assert head.get(HOURS).status_code == 404
        assert "I29" not in {one["code"] for one in head.get(reverse("dashboard"), {"json": "1"}).json()["figures"]}
        joint = signed_in(world.joint_worker())
        assert joint.get(HOURS, {"school": world.schools[0].pk}).status_code == 404
        page = words(joint, HOURS)
        assert 'name="school"' not in page
        assert 'name="school"' in words(joint, reverse("indicator_detail", args=["I02"]))

    def test_activities_have_their_names_and_hours_their_comma(self, world: World) -> None:
        joint = signed_in(world.joint_worker())
        page = words(joint, HOURS)
        assert [text in page for text in ("Contact met gezinnen", "12,5", "CONTACT", "12.5")] == [
            True,
            True,
            False,
            False,
        ]
        assert page.index("Contact met gezinnen") < page.index("Verplaatsing")
        assert "Per maand" not in page

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_in_a_workbook_they_are_numbers(self, world: World, language: str) -> None:
        joint = signed_in(world.joint_worker())
        answer = joint.get(HOURS, {"xlsx": "1", "taal": language})
        book = load_workbook(io.BytesIO(answer.content))
        assert [row[1] for row in book["I29"].iter_rows(values_only=True)][2:4] == [12.5, 30.5]

    def test_the_page_of_hours_writes_them_as_its_reader_does(self, world: World) -> None:
        joint = signed_in(world.joint_worker())
        page = words(joint, reverse("hours"), taal="en")
        assert [text in page for text in ("30.5", "30,5", "21.5 h")] == [True, False, True]
        assert "30,5" in joint.get(reverse("hours_csv")).content.decode()


class TestWhatTheCountsSay:
    def test_a_median_is_not_of_them(self, world: World) -> None:
        joint = signed_in(world.joint_worker())
        page = words(joint, reverse("indicator_detail", args=["I04"]))
        assert "Gezinnen met wie iemand sprak" in page
        headline = page[page.index('class="lead"><strong>') :].split("</p>")[0]
        assert "1 contact" in headline
        assert "45" not in headline

    def test_hours_stand_beside_hours(self, world: World) -> None:
        """And not families beside families under the name of the hours."""
        joint = signed_in(world.joint_worker())
        page = words(joint, HOURS, naast="begin")
        table = page[page.index("Verandering") :]
        first, second = table.index("Uren van de gezamenlijke medewerker"), table.index("Gezinnen met wie iemand sprak")
        assert first < second
        assert [text in table[first:second] for text in ("30,5", "43", "+12,5")] == [True, True, True]

    def test_a_file_of_all_figures_and_a_report_say_it_too(self, world: World) -> None:
        joint = signed_in(world.joint_worker())
        book = load_workbook(io.BytesIO(joint.get(reverse("dashboard"), {"xlsx": "1"}).content))
        said = {row[0]: row[-1] for row in book["Cijfers"].iter_rows(values_only=True) if row[0]}
        assert (said["I13"], said["I01"]) == ("Binnen drie schooldagen beantwoord", None)
        counting = counting_for(world.project)
        notes = {code: BUILDERS[code](counting)["table"]["note"] for code in ("Q1", "Q2", "Q3", "T4", "A1")}
        assert [code for code, note in notes.items() if "I13, vragen" in note] == ["Q2", "T4", "A1"]
        assert [code for code, note in notes.items() if "I29, gezinnen" in note] == ["A1"]
