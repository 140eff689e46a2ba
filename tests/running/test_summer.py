"""July, August and the first of September: between two school years and two projects no page errs, stays empty without
a word, or says what is not so."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from messaging.models import Notice, NoticeKind
from parents.models import ContactMoment, FollowUp
from reports.nextyear import due_a_year_later, posts_of, start_next_year
from schools.clock import BRUSSELS
from schools.models import Assignment, Participation, Project
from schools.rollover import Choices, plan_rollover, years_to_change
from schools.services import lay_school_year, roll_over
from tests.cast import Cast, build_cast
from tests.messaging.notices_for_pages import draft
from tests.parents.test_quick_log import address, quick

pytestmark = pytest.mark.django_db
JULY, AUGUST, SEPTEMBER = (7, 5), (8, 20), (9, 1)
DAYS = pytest.mark.parametrize("day", [JULY, AUGUST, SEPTEMBER], ids=["July", "August", "September"])
#: Who opens which pages in those weeks.
PAGES = {
    "teacher_3b": ("my_week", "family_list", "contact_new", "evening_choose", "notice_new"),
    "head": ("my_week", "post_review", "school_rollover", "plan_list", "target_list"),
    "joint": ("my_week", "not_reached", "report_list", "diary_list", "target_list", "hours"),
    "director_vclb": ("my_week", "report_list", "post_review"),
    "coordinator": ("report_list", "plan_list"),
    "admin": ("places", "post_review", "staff_list"),
}


@pytest.fixture
def cast() -> Cast:
    """The town, in which this school year and the next were laid as they are every night; posts last."""
    town = build_cast()
    for first_year in (town.year.starts_on.year, town.year.starts_on.year + 1):
        lay_school_year(first_year, with_holidays=True)
    return town


def on(cast: Cast, day: tuple[int, int]) -> Any:
    moment = datetime.combine(date(cast.year.ends_on.year, *day), time(10), BRUSSELS)
    return time_machine.travel(moment, tick=False)


def school_goes_on(cast: Cast) -> None:
    """The Kersenboom goes into the new year, as its head decides in July."""
    school = cast.schools["kersenboom"]
    with on(cast, JULY):
        years = years_to_change(school)
        assert years
        choices = Choices(posts=set(Assignment.objects.filter(school=school).values_list("pk", flat=True)))
        plan = plan_rollover(school=school, from_year=years[0], to_year=years[1], choices=choices)
        roll_over(plan=plan, choices=choices, by=cast.staff["head"])


def project_goes_on(cast: Cast) -> Project:
    """The project begins its next year, as its worker decides in July."""
    project = cast.project
    assert project is not None
    with on(cast, JULY):
        return start_next_year(
            project=project, by=cast.staff["admin"], goals={}, report_due_on=due_a_year_later(project),
            posts={post.pk for post in posts_of(project, cast.staff["admin"])},
        )  # fmt: skip


def page(cast: Cast, who: str, name: str) -> str:
    answer = cast.client(who).get(reverse(name), follow=True)
    assert answer.status_code == 200, (who, name)
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("day", "is_ready"),
    [
        (JULY, False),
        pytest.param(AUGUST, True, marks=pytest.mark.full),
        pytest.param(SEPTEMBER, False, marks=pytest.mark.full),
        (SEPTEMBER, True),
    ],
    ids=["July", "August, gone on", "September as it is", "September, gone on"],
)
def test_every_page_opens_and_no_silence_is_counted_from_the_middle_of_summer(
    cast: Cast, day: tuple[int, int], is_ready: bool
) -> None:
    if is_ready:
        school_goes_on(cast)
        project_goes_on(cast)
    with on(cast, day):
        for who, names in PAGES.items():
            for name in names:
                assert not re.search("sinds (juli|augustus)", page(cast, who, name)), (who, name)


def test_in_july_no_week_asks_to_reach_families(cast: Cast) -> None:
    words = "spra(ken|k) dit schooljaar nog met niemand"
    with on(cast, (6, 15)):
        assert [bool(re.search(words, page(cast, who, "my_week"))) for who in ("head", "joint")] == [True, True]
    with on(cast, JULY):
        assert [bool(re.search(words, page(cast, who, "my_week"))) for who in ("head", "joint")] == [False, False]


def test_without_classes_of_the_new_year_the_week_says_so_and_not_that_every_family_was_spoken_with(
    cast: Cast,
) -> None:
    FollowUp.objects.all().delete()
    with on(cast, SEPTEMBER):
        week = page(cast, "teacher_3b", "my_week")
        assert "Geen klas dit schooljaar" in week
        assert "Er is met elk gezin gesproken" not in week
        assert "Niets wacht" not in week
        assert reverse("school_rollover") not in week
        assert reverse("school_rollover") in page(cast, "head", "my_week")
    school_goes_on(cast)
    with on(cast, SEPTEMBER):
        assert "Geen klas dit schooljaar" not in page(cast, "head", "my_week")


def test_figures_stay_those_of_the_year_until_the_next_one_begins(cast: Cast) -> None:
    year = cast.year.starts_on.year
    project_goes_on(cast)
    for day in (JULY, AUGUST):
        with on(cast, day):
            for who in ("head", "coordinator"):
                assert f"1 sep {year} tot en met 30 jun {year + 1}" in page(cast, who, "dashboard"), who
    with on(cast, SEPTEMBER):
        head = page(cast, "head", "dashboard")
        assert f"1 sep {year + 1}" in head
        assert f"1 sep {year}" not in head
        assert f"30 jun {year + 1}" in page(cast, "coordinator", "dashboard"), "of the new year no month is over"


def test_outside_the_schools_the_first_month_of_a_project_shows_no_figure_of_single_days(cast: Cast) -> None:
    fresh = project_goes_on(cast)
    Assignment.objects.filter(user=cast.staff["coordinator"], project=cast.project).update(ends_on=cast.year.ends_on)
    Participation.objects.filter(project=fresh).update(role="PILOT")
    with on(cast, (9, 20)):
        assert f"30 jun {fresh.starts_on.year}" in page(cast, "coordinator", "dashboard"), "those of the year before"
        Project.objects.filter(pk=fresh.pk).update(name="Iets nieuws")
        for name, given in (("dashboard", []), ("indicator_detail", ["I01"])):
            shown = cast.client("coordinator").get(reverse(name, args=given))
            assert shown.status_code == 200
            assert "de eerste komen als de eerste maand om is" in shown.content.decode()
        assert 'class="stats"' in page(cast, "joint", "dashboard")
    with on(cast, (10, 1)):
        assert f"30 sep {fresh.starts_on.year}" in page(cast, "coordinator", "dashboard")


def test_parents_read_the_class_of_the_day_and_report_days_of_school(cast: Cast) -> None:
    school_goes_on(cast)
    child = cast.pupils["emma"].pk
    for day, room in ((AUGUST, "1A"), (SEPTEMBER, "2A")):
        with on(cast, day):
            parent = cast.guardian_client("dutch_mother")
            assert room in parent.get(reverse("portal_child", args=[child])).content.decode()
            assert parent.get(reverse("portal_career", args=[child])).status_code == 200
            away = parent.get(reverse("portal_absence", args=[child])).content.decode()
            assert f'value="{cast.year.ends_on.year}-09-01"' in away
            assert "-08-2" not in away


@DAYS
def test_a_talk_is_logged_and_a_notice_goes_out_in_its_time(cast: Cast, day: tuple[int, int], settings: Any) -> None:
    settings.QUIET_HOURS = "20:00-07:00"
    with on(cast, day):
        assert cast.client("teacher_3b").post(address(cast), quick(cast)).status_code == 302
        assert ContactMoment.objects.latest("pk").held_on == date(cast.year.ends_on.year, *day)
        notice = draft(cast)
        Notice.objects.filter(pk=notice.pk).update(kind=NoticeKind.INFO)
        check = " ".join(
            cast.client("teacher_3b").get(reverse("notice_check", args=[notice.pk])).content.decode().split()
        )
        is_free = day != SEPTEMBER
        assert ("vertrekken vanaf wo 1 sep, 7.00" in check) == is_free
