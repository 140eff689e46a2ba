"""What was agreed to reach: set by the joint worker with the schools, never overwritten, and used where it holds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from reports.evaluation.binding import counting_for
from reports.evaluation.tables import objectives
from reports.forms_amounts import as_typed, written
from reports.models import Target, TargetAgreement
from reports.targetlines import lines_of
from reports.targets import Aim, confirm, in_force, newest, note_agreement, set_target, target_for
from schools import clock
from schools.models import CentreShare, Participation, Project, School
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(cast: Cast) -> Project:
    assert cast.project is not None
    return cast.project


def aimed(project: Project, cast: Cast, value: str | None, *, school: School | None = None, days: int = 0) -> Target:
    """A target set by the worker, so many days after the project began."""
    day = project.starts_on + timedelta(days=days)
    aim = Aim(code="I01", value=Decimal(value) if value else None, holds_from=day, school=school, reason="Omdat.")
    last = newest(project, "I01")
    return set_target(project=project, aim=aim, by=cast.staff["joint"], seen=last.pk if last else None)


def fields(project: Project, **more: Any) -> dict[str, Any]:
    return {
        "school": "", "value": "72,5", "holds_from": project.starts_on.isoformat(), "reason": "Na de nulmeting.",
        "objective": "", "seen": "",
    } | more  # fmt: skip


def address(code: str = "I01") -> str:
    return reverse("target_detail", args=[code])


def test_a_new_target_replaces_and_the_one_before_stays_in_force_until_then(project: Project, cast: Cast) -> None:
    first = aimed(project, cast, "60")
    second = aimed(project, cast, "70", days=30)
    assert Target.objects.filter(project=project).count() == 2
    eve = project.starts_on + timedelta(days=29)
    assert in_force(project, eve)["I01", None] == first
    assert in_force(project, eve + timedelta(days=1))["I01", None] == second
    aimed(project, cast, None, days=60)
    assert in_force(project, project.starts_on + timedelta(days=60)) == {}


def test_the_list_shows_the_target_that_holds_and_the_one_that_takes_its_place(project: Project, cast: Cast) -> None:
    """A target for the spring was set in November: until then the one of September holds, and heads agree with both."""
    schools = [cast.schools["kersenboom"], cast.schools["bloesem"]]
    aimed(project, cast, "60")
    aimed(project, cast, "45", school=schools[0])
    later = (clock.today() - project.starts_on).days + 40
    coming = aimed(project, cast, "70", days=later)
    aimed(project, cast, None, school=schools[0], days=later)

    def words() -> list[str]:
        line = next(one for one in lines_of(project, schools, cast.staff["joint"]) if one.indicator.code == "I01")
        return [aim.words for aim in line.aims]

    assert words() == ["60\u00a0%", "70\u00a0%", "45\u00a0%"]
    page = cast.client("head").get(reverse("target_list")).content.decode()
    assert reverse("target_agree", args=[coming.pk]) in page
    aimed(project, cast, "65", days=later)
    assert words() == ["60\u00a0%", "65\u00a0%", "45\u00a0%"]
    aimed(project, cast, "80", days=later + 30)
    assert words() == ["60\u00a0%", "65\u00a0%", "80\u00a0%", "45\u00a0%"]


def test_a_second_press_blames_nobody_and_sets_none(project: Project, cast: Cast) -> None:
    joint, said = cast.client("joint"), fields(project)
    assert [joint.post(address(), said).status_code for _press in range(2)] == [302, 302]
    assert Target.objects.filter(project=project).count() == 1
    assert joint.post(address(), said | {"value": "71"}).status_code == 422


def test_a_school_without_a_target_of_its_own_has_the_projects(project: Project, cast: Cast) -> None:
    whole = aimed(project, cast, "60")
    own = aimed(project, cast, "45", school=cast.schools["kersenboom"])
    held = in_force(project, clock.today())
    assert target_for(held, "I01", cast.schools["kersenboom"]) == own
    assert target_for(held, "I01", cast.schools["bloesem"]) == target_for(held, "I01", None) == whole


@pytest.mark.parametrize("change", ["update", "agreement"])
def test_the_database_overwrites_neither_a_target_nor_who_agreed(project: Project, cast: Cast, change: str) -> None:
    target = aimed(project, cast, "60")
    confirm(target=target, by=cast.staff["head"])
    rows: Any = Target.objects if change == "update" else TargetAgreement.objects
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**({"value": 1} if change == "update" else {"agreed_on": date(2020, 1, 1)}))


@pytest.mark.parametrize(
    ("code", "value", "days"), [("I01", "101", 0), ("I13", "61", 0), ("I01", "50", -1), ("I01", "50", 400)]
)
def test_a_value_outside_its_unit_and_a_day_outside_the_year_are_refused(
    project: Project, cast: Cast, code: str, value: str, days: int
) -> None:
    aim = Aim(code=code, value=Decimal(value), holds_from=project.starts_on + timedelta(days=days))
    with pytest.raises(ValidationError):
        set_target(project=project, aim=aim, by=cast.staff["joint"])


def test_nobody_else_sets_a_target_and_none_begins_before_the_present_one(project: Project, cast: Cast) -> None:
    present = aimed(project, cast, "60", days=10)
    aim = Aim(code="I01", value=Decimal(70), holds_from=project.starts_on)
    with pytest.raises(ValidationError):
        set_target(project=project, aim=aim, by=cast.staff["head"], seen=present.pk)
    with pytest.raises(ValidationError):
        set_target(project=project, aim=aim, by=cast.staff["joint"], seen=present.pk)
    later = Aim(code="I01", value=Decimal(70), holds_from=present.holds_from)
    with pytest.raises(ValidationError):
        set_target(project=project, aim=later, by=cast.staff["joint"], seen=None)
    assert set_target(project=project, aim=later, by=cast.staff["joint"], seen=present.pk)


class TestThePage:
    def test_keeps_a_comma_and_the_history(self, project: Project, cast: Cast) -> None:
        browser = cast.client("joint")
        assert browser.post(address(), fields(project)).status_code == 302
        target = Target.objects.get(project=project)
        assert (target.value, target.set_by, target.reason) == (
            Decimal("72.5"),
            cast.staff["joint"],
            "Na de nulmeting.",
        )
        again = fields(project, value="80", seen=target.pk, school=cast.schools["kersenboom"].pk)
        assert browser.post(address(), again).status_code == 302
        html = browser.get(address()).content.decode()
        assert "72,5\u00a0%" in html
        assert "Na de nulmeting." in html
        assert "Marijke Thys" in html

    def test_loses_nothing_when_somebody_else_was_faster(self, project: Project, cast: Cast) -> None:
        aimed(project, cast, "60")
        answer = cast.client("joint").post(address(), fields(project, value="66", reason="Mijn reden."))
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="66"' in html
        assert "Mijn reden." in html
        assert f'name="seen" value="{Target.objects.get(project=project).pk}"' in html

    @pytest.mark.parametrize("value", ["abc", "140", "-1", "7,55"])
    def test_says_what_is_wrong_with_a_number(self, project: Project, cast: Cast, value: str) -> None:
        assert cast.client("joint").post(address(), fields(project, value=value)).status_code == 422
        assert not Target.objects.filter(project=project).exists()

    def test_a_head_agrees_with_one_tap(self, project: Project, cast: Cast) -> None:
        target = aimed(project, cast, "60")
        head = cast.client("head")
        assert reverse("target_agree", args=[target.pk]) in head.get(reverse("target_list")).content.decode()
        for _twice in range(2):
            assert head.post(reverse("target_agree", args=[target.pk])).status_code == 302
        agreement = TargetAgreement.objects.get()
        assert (agreement.school, agreement.way) == (cast.schools["kersenboom"], "CONFIRMED")
        assert reverse("target_agree", args=[target.pk]) not in head.get(reverse("target_list")).content.decode()

    def test_leads_from_its_figure_to_the_targets_of_whom_they_open_for(self, project: Project, cast: Cast) -> None:
        """A CLB's colleague reads what is aimed at, beside the figure alone."""
        aimed(project, cast, "60")
        url, targets = reverse("indicator_detail", args=["I01"]), reverse("target_list")
        for key, opens in (("joint", True), ("head", True), ("clb_vclb", False)):
            client = cast.client(key)
            assert "60\u00a0%" in (page := client.get(url).content.decode()), key
            assert (f'href="{targets}"' in page, client.get(targets).status_code) == (opens, 200 if opens else 403), key

    def test_a_head_neither_sees_nor_confirms_another_schools_target(self, project: Project, cast: Cast) -> None:
        target = aimed(project, cast, "61", school=cast.schools["bloesem"])
        head = cast.client("head")
        assert head.post(reverse("target_agree", args=[target.pk])).status_code == 404
        assert "61\u00a0%" not in head.get(reverse("target_list")).content.decode()
        assert "61\u00a0%" not in head.get(address()).content.decode()
        assert head.post(address(), fields(project)).status_code == 404

    def test_a_replaced_target_is_not_confirmed(self, project: Project, cast: Cast) -> None:
        old = aimed(project, cast, "60")
        aimed(project, cast, "70")
        cast.client("head").post(reverse("target_agree", args=[old.pk]))
        assert not TargetAgreement.objects.exists()

    def test_the_worker_notes_an_agreement_of_a_talk(self, project: Project, cast: Cast) -> None:
        target = aimed(project, cast, "60")
        key, school = f"talk{target.pk}", cast.schools["bloesem"]
        said = {"talk": target.pk, f"{key}-schools": school.pk, f"{key}-agreed_on": clock.today().isoformat()}
        late = said | {f"{key}-agreed_on": (clock.today() + timedelta(days=1)).isoformat()}
        assert cast.client("joint").post(address(), late).status_code == 422
        assert cast.client("joint").post(address(), said).status_code == 302
        agreement = TargetAgreement.objects.get()
        assert (agreement.school, agreement.way, agreement.noted_by) == (school, "TALK", cast.staff["joint"])


def test_a_note_names_only_schools_that_take_part(project: Project, cast: Cast) -> None:
    target = aimed(project, cast, "60", school=cast.schools["bloesem"])
    noted = note_agreement(
        target=target, schools=[cast.schools["kersenboom"]], agreed_on=clock.today(), by=cast.staff["joint"]
    )
    assert noted == []


def test_figures_and_evaluation_use_the_target_of_their_last_day(town: Cast) -> None:
    project = town.project
    assert project is not None
    counting = counting_for(project)
    last = counting.windows.year.last
    Target.objects.create(project=project, indicator="I01", value=Decimal(77), holds_from=last)
    Target.objects.create(project=project, indicator="I01", value=Decimal(88), holds_from=last + timedelta(days=1))
    rows = {row[1]: row[3] for row in objectives(counting)["table"]["rows"]}
    assert rows["I01"] == "77\u00a0%"
    page = town.client("joint").get(reverse("dashboard")).content.decode()
    assert "doel: 88\u00a0%" in page, "today is later"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("3,5", "3.5"), ("3.5", "3.5"), ("1.234,56", "1234.56"), ("1.234", "1234"), ("€ 1 234,5", "1234.5"),
     ("1,234.50", "1234.50"), ("\u22124", "-4"), ("0.125", "0.125")],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(typed: str, number: str) -> None:
    assert as_typed(typed) == number


def test_numbers_are_written_with_a_comma() -> None:
    assert [written(Decimal(text)) for text in ("3.50", "100", "0.0")] == ["3,5", "100", "0"]


def test_a_director_is_not_told_of_a_school_of_hers(project: Project, cast: Cast) -> None:
    page = reverse("target_list")
    CentreShare.objects.all().delete()
    Participation.objects.all().delete()
    director = cast.client("director_vclb").get(page).content.decode()
    assert "Er is nog geen project" in director
    assert "Je school" not in director
    assert "Je school doet nog aan geen project mee" in cast.client("head").get(page).content.decode()


def test_a_day_without_a_target_waits_for_nobody_to_agree(project: Project, cast: Cast) -> None:
    aimed(project, cast, "60")
    aimed(project, cast, None, days=30)
    page = cast.client("joint").get(address()).content.decode()
    assert page.count("Nog niet met een school afgesproken") == 1
