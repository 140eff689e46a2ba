"""A list of this year, brought in again after the school went into the next one: what is planned there stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from parents.keptpupils import kept_or_404, left_lately, places_of
from parents.roster.whole import plan_whole
from schools import clock
from schools.keeping import carry_out
from schools.models import Enrolment, Pupil, Rollover, School, SchoolClass, SchoolYear
from schools.retention import RULES
from schools.rollover import Choices, plan_rollover, years_to_change
from schools.roster.rows import Roster, Severity
from schools.roster.sentences import sentence_of
from schools.services import lay_school_year, roll_over
from schools.services.enrolling import change_class, keep_after_all, let_leave
from tests import factories as make
from tests.roster.conftest import office_of
from tests.roster.people import a_class, a_pupil, apply, small_roster

pytestmark = pytest.mark.django_db
Days = tuple[str, date, date | None]


@pytest.fixture
def school() -> School:
    make.make_school_year()
    school = make.make_school()
    apply(small_roster(), school)
    Enrolment.objects.update(starts_on=clock.today() - timedelta(days=20))
    return school


@pytest.fixture
def gone(school: School) -> Rollover:
    """The school went into the next year, months ahead."""
    lay_school_year(SchoolYear.objects.get().starts_on.year + 1, with_holidays=False)
    years = years_to_change(school)
    assert years
    plan = plan_rollover(school=school, from_year=years[0], to_year=years[1], choices=Choices())
    return roll_over(plan=plan, choices=Choices(), by=make.make_user("Greet Pauls"))


def days_of(name: str) -> list[Days]:
    rows = Enrolment.objects.filter(pupil__first_name=name).order_by("starts_on")
    return list(rows.values_list("school_class__name", "starts_on", "ends_on"))


def test_the_same_list_changes_nothing(school: School, gone: Rollover) -> None:
    before = days_of("Amrit")
    assert [name for name, _first, _last in before] == ["3B", "4B"]
    assert apply(small_roster(), school).changes_nothing
    assert days_of("Amrit") == before


def test_a_child_changes_class_until_the_next_year_begins(school: School, gone: Rollover) -> None:
    roster, first = small_roster(), gone.to_year.starts_on
    roster.pupils[0] = replace(roster.pupils[0], class_id="k-1A")
    apply(roster, school)
    assert [(name, last) for name, _first, last in days_of("Amrit")] == [
        ("3B", clock.today() - timedelta(days=1)),
        ("1A", first - timedelta(days=1)),
        ("4B", None),
    ]
    assert apply(roster, school).changes_nothing


@pytest.mark.parametrize("has_last_days", [False, True])
@pytest.mark.parametrize("days", [0, 7])
def test_a_child_that_was_missing_by_mistake_comes_back_to_both_years(
    school: School, gone: Rollover, days: int, has_last_days: bool
) -> None:
    without, first = small_roster(), gone.to_year.starts_on
    if has_last_days:
        for index, row in enumerate(without.pupils):
            without.pupils[index] = replace(row, ends_on=gone.from_year.ends_on)
    right = replace(without, pupils=[*without.pupils])
    without.pupils.pop()
    apply(without, school)
    assert [last for _name, _first, last in days_of("Mila")] == [clock.today(), first]
    Enrolment.objects.filter(ends_on=clock.today()).update(ends_on=clock.today() - timedelta(days=days))
    apply(right, school)
    until = gone.from_year.ends_on if has_last_days else first - timedelta(days=1)
    assert [(name, last) for name, _first, last in days_of("Mila")][-2:] == [("1A", until), ("2A", None)]


def test_who_comes_in_september_is_on_no_list_before(school: School, gone: Rollover) -> None:
    room = SchoolClass.objects.create(school=school, year=gone.to_year, name="K1", level="K1")
    newcomer = make.make_pupil(room, "Vinz")
    assert apply(small_roster(), school).changes_nothing
    assert newcomer.enrolments.get().ends_on is None


def test_a_last_day_beyond_the_year_ends_where_the_next_begins(school: School, gone: Rollover) -> None:
    roster, first = small_roster(), gone.to_year.starts_on
    roster.pupils[0] = replace(roster.pupils[0], ends_on=first + timedelta(days=300))
    assert apply(roster, school).changes_nothing
    assert [last for _name, _first, last in days_of("Amrit")] == [first - timedelta(days=1), None]


def test_a_last_day_that_lies_ahead_goes_along_into_another_class(school: School) -> None:
    last_day, roster = clock.today() + timedelta(days=30), small_roster()
    Enrolment.objects.filter(pupil__first_name="Amrit").update(ends_on=last_day)
    roster.pupils[0] = replace(roster.pupils[0], class_id="k-1A")
    apply(roster, school)
    assert [(name, last) for name, _first, last in days_of("Amrit")][-1] == ("1A", last_day)


def coming(year: SchoolYear, *mila: str) -> Roster:
    """The list of the next year; with Mila in that class."""
    pupils = [a_pupil("p1", "Amrit Gill", "4B"), a_pupil("p2", "Jasleen Gill", "2A", birth_date=date(2020, 5, 2))]
    pupils += [a_pupil("p3", "Mila Maes", name, birth_date=date(2020, 6, 3)) for name in mila]
    return replace(
        small_roster(year=(year.starts_on, year.ends_on)), classes=[a_class("4B"), a_class("2A")], pupils=pupils
    )


def told(roster: Roster, school: School) -> set[str]:
    return {finding.code for finding in plan_whole(roster, school).findings}


def test_a_list_in_which_everybody_begins_next_year_is_that_of_next_year(school: School) -> None:
    year = SchoolYear.objects.get()
    first = year.starts_on.replace(year=year.starts_on.year + 1)
    roster = replace(coming(year), year=None)
    roster.pupils[:] = [replace(row, starts_on=first) for row in roster.pupils]
    assert "plan_year_to_come" in told(roster, school)
    apply(roster, school)
    assert [(name, began) for name, began, _last in days_of("Amrit")][-1] == ("4B", first)
    assert [last for _name, _first, last in days_of("Mila")] == [first - timedelta(days=1)], "not from today on"
    roster.pupils[0] = replace(roster.pupils[0], starts_on=year.starts_on)
    assert "plan_year_to_come" not in told(roster, school), "somebody of it is here already"


def test_a_newcomer_of_next_year_on_the_list_of_this_year_comes_with_that_of_next(school: School) -> None:
    year, roster = SchoolYear.objects.get(), small_roster()
    first = year.starts_on.replace(year=year.starts_on.year + 1)
    roster.pupils.append(a_pupil("p9", "Vinz Maes", "1A", birth_date=date(2020, 6, 3), starts_on=first))
    assert "plan_begin_later" in told(roster, school)
    assert apply(roster, school).changes_nothing
    assert days_of("Vinz") == []
    with time_machine.travel(datetime.combine(first - timedelta(days=30), time(10), tzinfo=clock.BRUSSELS)):
        apply(roster, school)
    assert days_of("Vinz") == [("1A", first, None)]


def test_a_list_that_lets_most_go_to_another_class_asks_whether_it_is_that_of_next_year(school: School) -> None:
    roster = small_roster()
    roster.pupils += [a_pupil(f"q{n}", f"Kind{n} Peeters", birth_date=date(2018, 1, n)) for n in range(1, 6)]
    apply(roster, school)
    assert "plan_most_move" not in told(roster, school)
    Enrolment.objects.update(starts_on=clock.today() - timedelta(days=20))
    moved = replace(roster, pupils=[replace(row, class_id="k-1A") for row in roster.pupils])
    [asked] = [one for one in plan_whole(moved, school).findings if one.code == "plan_most_move"]
    assert asked.severity is Severity.WARNING
    assert "lijst van het volgende schooljaar" in sentence_of(asked)
    few = replace(roster, pupils=[replace(row, class_id="k-1A") for row in roster.pupils[:4]] + roster.pupils[4:])
    assert "plan_most_move" not in told(few, school)


def test_a_list_that_calls_the_classes_otherwise_asks_to_name_them_first(school: School) -> None:
    roster = small_roster()
    roster.pupils += [a_pupil(f"q{n}", f"Kind{n} Peeters", birth_date=date(2018, 1, n)) for n in range(1, 6)]
    apply(roster, school)
    Enrolment.objects.update(starts_on=clock.today() - timedelta(days=20))
    renamed = replace(
        roster, classes=[replace(row, source_id=f"n{row.name}", name=f"L{row.name}") for row in roster.classes]
    )
    renamed = replace(renamed, pupils=[replace(row, class_id=row.class_id.replace("k-", "n")) for row in roster.pupils])
    renamed.pupils[1] = replace(renamed.pupils[1], class_id="n3B")  # who is moved up a level is another thing
    [asked] = [one for one in plan_whole(renamed, school).findings if one.severity is Severity.WARNING]
    assert (asked.code, asked.values["moved"], asked.values["enrolled"]) == ("plan_classes_renamed", "7", "8")
    assert "Geef de klassen in het portaal eerst die namen" in sentence_of(asked)


def test_a_few_children_of_a_small_school_who_change_class_are_no_sign_of_another_year(school: School) -> None:
    roster = small_roster()
    apply(roster, school)
    Enrolment.objects.update(starts_on=clock.today() - timedelta(days=20))
    moved = replace(roster, pupils=[replace(row, class_id="k-3B") for row in roster.pupils])
    plan = plan_whole(moved, school)
    goes = [line for line in plan.lines if any(name == "class" for name, _old, _new in line.changes)]
    assert plan.children.enrolled / 2 < len(goes) < 5
    assert "plan_most_move" not in {one.code for one in plan.findings}


def test_a_list_of_the_next_year_finds_its_own(school: School, gone: Rollover) -> None:
    before, year = days_of("Amrit"), gone.to_year
    apply(coming(year), school)
    assert days_of("Amrit") == before
    assert [last for _name, _first, last in days_of("Mila")] == [year.starts_on - timedelta(days=1), year.starts_on]


@pytest.mark.parametrize("room", ["2A", "4B"])
@pytest.mark.parametrize("missing_on", ["the list of next year", "the list of this year"])
def test_a_list_of_the_next_year_puts_back_whom_an_earlier_list_missed(
    school: School, gone: Rollover, missing_on: str, room: str
) -> None:
    year, without = gone.to_year, small_roster()
    without.pupils.pop()
    apply(coming(year) if missing_on == "the list of next year" else without, school)
    Enrolment.objects.filter(ends_on=clock.today()).update(ends_on=clock.today() - timedelta(days=7))
    assert days_of("Mila")[-1] == ("2A", year.starts_on, year.starts_on)
    apply(coming(year, room), school)
    assert days_of("Mila")[-1] == (room, year.starts_on, None)
    assert apply(coming(year, room), school).changes_nothing


def test_a_list_of_the_next_year_takes_no_leaving_back_that_lies_ahead(school: School, gone: Rollover) -> None:
    pupil = Enrolment.objects.filter(pupil__first_name="Mila")[0].pupil
    let_leave(pupil=pupil, school=school, last_day=clock.today() + timedelta(days=3), by=gone.made_by)
    before = days_of("Mila")
    apply(coming(gone.to_year, "2A"), school)
    assert days_of("Mila") == before


def test_who_is_here_stays_though_the_list_says_a_first_day_of_the_next_year(school: School) -> None:
    """Enrolled for September in the school's own system: the first day of the place was moved, away from today."""
    first = date(SchoolYear.objects.get().starts_on.year + 1, 9, 1)
    Enrolment.objects.filter(pupil__first_name="Mila").update(ends_on=clock.today() - timedelta(days=5))
    before = days_of("Amrit"), days_of("Mila")
    roster = small_roster()
    for index in (0, 2):
        roster.pupils[index] = replace(roster.pupils[index], starts_on=first)
    plan = apply(roster, school)
    assert (days_of("Amrit"), days_of("Mila")) == before
    (said,) = (finding for finding in plan.findings if finding.code == "plan_begin_later")
    assert said.values["count"] == "2"


@pytest.mark.parametrize("ahead", [1, 5])
def test_who_comes_next_week_has_not_left_by_a_list_of_today(school: School, ahead: int) -> None:
    """The office wrote the child down before its first day, and the school's own system does not list it yet."""
    first = clock.today() + timedelta(days=ahead)
    pupil, room = Pupil.objects.create(first_name="Vinz", last_name="Maes"), SchoolClass.objects.get(name="3B")
    Enrolment.objects.create(pupil=pupil, school=school, school_class=room, starts_on=first)
    assert apply(small_roster(), school).changes_nothing
    assert days_of("Vinz") == [("3B", first, None)]
    with time_machine.travel(datetime.combine(first, time(10), tzinfo=clock.BRUSSELS), tick=False):
        apply(small_roster(), school)
    assert days_of("Vinz") == [("3B", first, first)], "from that day on it has to be on the list"


@pytest.mark.parametrize("came", [None, "2026-09-01"])
@pytest.mark.parametrize("ahead", [1, 5])
def test_a_list_takes_no_change_of_class_back_that_lies_ahead(school: School, ahead: int, came: str | None) -> None:
    """The office wrote it down; the list has the child in the class where it still is, and may say since when."""
    pupil, day = Enrolment.objects.filter(pupil__first_name="Amrit")[0].pupil, clock.today() + timedelta(days=ahead)
    room, by = SchoolClass.objects.get(name="1A"), make.make_user("Greet Pauls")
    change_class(pupil=pupil, to=room, first_day=day, by=by)
    before, same = days_of("Amrit"), small_roster()
    same.pupils[0] = replace(same.pupils[0], starts_on=date.fromisoformat(came) if came else None)
    assert apply(same, school).changes_nothing
    assert days_of("Amrit") == before
    other = small_roster()
    other.pupils[0] = replace(other.pupils[0], class_id="k-2B")
    other.classes.append(a_class("2B"))
    apply(other, school)
    assert days_of("Amrit")[-1] == ("2B", day, None), "a third class is another matter"


@pytest.mark.parametrize("days", [0, 1, 3])
def test_who_was_missing_by_mistake_before_a_change_of_class_comes_back(
    school: School, gone: Rollover, days: int
) -> None:
    pupil, by = Enrolment.objects.filter(pupil__first_name="Amrit")[0].pupil, gone.made_by
    Enrolment.objects.filter(pupil=pupil, school_class__year=gone.to_year).update(ends_on=None)
    day, without = clock.today() + timedelta(days=5), small_roster()
    change_class(pupil=pupil, to=SchoolClass.objects.get(name="1A", year=gone.from_year), first_day=day, by=by)
    without.pupils.pop(0)
    apply(without, school)
    today = clock.today()
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        back = max(clock.today(), today + timedelta(days=1))
        apply(small_roster(), school)
        assert [(name, last) for name, _first, last in days_of("Amrit")] == [
            ("3B", today), ("3B", gone.to_year.starts_on - timedelta(days=1)), ("4B", None),
        ]  # fmt: skip
        assert days_of("Amrit")[1][1] == back
        assert apply(small_roster(), school).changes_nothing


def test_who_left_before_the_next_year_is_not_said_to_be_here_until_then(school: School, gone: Rollover) -> None:
    pupil, yesterday = Enrolment.objects.filter(pupil__first_name="Amrit")[0].pupil, clock.today() - timedelta(days=1)
    office = office_of(school)
    for last_day in (yesterday, clock.today() + timedelta(days=3), yesterday):
        let_leave(pupil=pupil, school=school, last_day=last_day, by=gone.made_by)
        _child, place = kept_or_404(office, pupil.pk)
        assert (place.school_class.name, place.ends_on) == ("3B", last_day), "another day instead of the first"
    assert pupil not in {row.pupil for row in places_of(school)}
    assert pupil in {row.pupil for row in left_lately(school)}


def test_a_list_of_last_year_is_refused_and_puts_nobody_back_into_it(school: School) -> None:
    """Sent by mistake: an export says of which year it is."""
    running = SchoolYear.objects.get()
    first = running.starts_on.replace(year=running.starts_on.year - 1)
    roster = small_roster(year=(first, running.ends_on.replace(year=running.starts_on.year)))
    plan = plan_whole(replace(roster, pupils=roster.pupils[:1]), school)
    (error,) = (finding for finding in plan.findings if finding.severity is Severity.ERROR)
    assert f"schooljaar {first.year}–{first.year + 1}" in sentence_of(error)
    assert plan.has_errors
    assert (plan.children.changed_enrolments, plan.children.new_enrolments, plan.children.leaving) == ([], [], 0)


def test_a_leaving_that_is_taken_back_by_hand_gives_both_years_back(school: School, gone: Rollover) -> None:
    before, pupil = days_of("Amrit"), Enrolment.objects.filter(pupil__first_name="Amrit")[0].pupil
    by = gone.made_by
    let_leave(pupil=pupil, school=school, last_day=clock.today(), by=by)
    assert days_of("Amrit") != before
    keep_after_all(pupil=pupil, school=school, by=by)
    assert days_of("Amrit") == before


def swept(first: date, *, days: int = 0) -> int:
    """How many places the rule takes in the night before school begins, or some days later."""
    (rule,) = (rule for rule in RULES if rule.key == "places that never began")
    assert carry_out(rule, dry_run=False) == 0, "until then it can be taken back"
    with time_machine.travel(datetime.combine(first + timedelta(days=days), time(3, 50), clock.BRUSSELS), tick=False):
        return carry_out(rule, dry_run=False)


@pytest.mark.parametrize("left", ["in the year", "with the year", "in the summer"])
def test_a_place_that_was_stopped_is_gone_when_it_would_begin(school: School, gone: Rollover, left: str) -> None:
    """Or a family that left counts as one to reach for a whole year."""
    pupil, first, stays = Enrolment.objects.filter(pupil__first_name="Amrit")[0].pupil, gone.to_year.starts_on, "Mila"
    last_day = {
        "in the year": clock.today(),
        "with the year": gone.from_year.ends_on,
        "in the summer": first - timedelta(days=1),
    }[left]
    let_leave(pupil=pupil, school=school, last_day=last_day, by=gone.made_by)
    before = days_of(stays)
    assert swept(first) == 1
    assert days_of("Amrit") == [("3B", days_of("Amrit")[0][1], last_day)]
    assert days_of(stays) == before


@pytest.mark.parametrize("ahead", [1, 2, 5])
def test_nobody_is_for_a_day_in_a_class_to_which_a_child_that_left_would_go(
    school: School, gone: Rollover, ahead: int
) -> None:
    """A list without it took it away, from today on; until then it may come back."""
    pupil, day, without = Enrolment.objects.filter(pupil__first_name="Amrit")[0].pupil, clock.today(), small_roster()
    room, by, first = SchoolClass.objects.get(name="1A", year=gone.from_year), gone.made_by, day + timedelta(days=ahead)
    change_class(pupil=pupil, to=room, first_day=first, by=by)
    without.pupils.pop(0)
    apply(without, school)
    assert [row[::2] for row in days_of("Amrit")[:2]] == [("3B", day), ("1A", first)]
    sat_there = ahead == 1  # as who goes on one day to another class, and leaves on that one
    assert swept(first) == (not sat_there)
    assert [name for name, _first, _last in days_of("Amrit")] == ["3B", *(["1A"] if sat_there else []), "4B"]


def test_a_night_without_the_portal_keeps_nobody_who_left(school: School, gone: Rollover) -> None:
    pupil, first = Enrolment.objects.filter(pupil__first_name="Amrit")[0].pupil, gone.to_year.starts_on
    let_leave(pupil=pupil, school=school, last_day=gone.from_year.ends_on, by=gone.made_by)
    assert swept(first, days=3) == 1


def test_a_day_that_a_child_was_in_a_class_stays(school: School, gone: Rollover) -> None:
    """Who came and left, who went to another class, and who came back after half a year and went to another class."""
    first, by = gone.to_year.starts_on, gone.made_by
    room = SchoolClass.objects.create(school=school, year=gone.to_year, name="4C", level="L4")
    came, moved, back = (
        Enrolment.objects.filter(pupil__first_name=name)[0].pupil for name in ("Amrit", "Mila", "Jasleen")
    )
    change_class(pupil=moved, to=room, first_day=first + timedelta(days=1), by=by)
    change_class(pupil=back, to=room, first_day=first + timedelta(days=1), by=by)
    Enrolment.objects.filter(pupil=back, school_class__year=gone.from_year).update(ends_on=clock.today())
    assert swept(first) == 0
    with time_machine.travel(datetime.combine(first, time(16), clock.BRUSSELS), tick=False):
        let_leave(pupil=came, school=school, last_day=first, by=by)
    kept = [days_of(name) for name in ("Amrit", "Mila", "Jasleen")]
    assert [len(days) for days in kept] == [2, 3, 3]
    assert swept(first, days=1) == 0
    assert [days_of(name) for name in ("Amrit", "Mila", "Jasleen")] == kept
