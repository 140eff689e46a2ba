"""The school career of a child: every year with its class and teachers, and nothing of the other parent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from parents.career import meetings_about
from parents.models import ConferenceSlot, ContactMoment, Guardianship, Visibility
from parents.models.kinds import ContactKind, Initiative, Outcome, Purpose
from schools import clock
from schools.models import Assignment, Enrolment, Level, Role, SchoolClass, User
from schools.services import lay_school_year
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, round_of, slot_of
from tests.parents.frame import language_and_direction, text_of
from tests.surface.test_query_counts import queries

pytestmark = pytest.mark.django_db


def url(cast: Cast) -> str:
    return reverse("portal_career", args=[cast.pupils["yusuf"].pk])


def last_year(cast: Cast, level: str = Level.L2) -> SchoolClass:
    """Yusuf's class of the year before, at the same school, with a teacher of its own."""
    before = lay_school_year(cast.year.starts_on.year - 1, with_holidays=False)
    school = cast.schools["kersenboom"]
    room = SchoolClass.objects.create(school=school, year=before, name="2B", level=level)
    end = cast.year.starts_on - timedelta(days=1)
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(starts_on=cast.year.starts_on)
    Enrolment.objects.create(
        pupil=cast.pupils["yusuf"], school=school, school_class=room, starts_on=before.starts_on, ends_on=end
    )
    teacher = User.objects.create_user("tweede@school.example", full_name="Mieke Vroeger")
    Assignment.objects.create(
        user=teacher, role=Role.TEACHER, school=school, school_class=room, starts_on=before.starts_on, ends_on=end
    )
    return room


def agreed(cast: Cast, text: str, day: date, with_whom: str = "") -> ContactMoment:
    moment = ContactMoment.objects.create(
        school=cast.schools["kersenboom"],
        family=cast.families["haddad"],
        kind=ContactKind.GATE_TALK,
        held_on=day,
        initiative=Initiative.TEACHER,
        purpose=Purpose.PROGRESS,
        outcome=Outcome.REACHED_AGREED,
        visibility=Visibility.PARENT,
        agreement=text,
        recorded_by=cast.staff["teacher_3b"],
        recorded_at=clock.now(),
    )
    moment.pupils.add(cast.pupils["yusuf"])
    if with_whom:
        moment.guardians.add(cast.guardians[with_whom])
    return moment


def test_a_teacher_who_taught_the_class_before_the_child_came_is_not_named(cast: Cast) -> None:
    came = clock.today() - timedelta(days=3)
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(starts_on=came)
    Assignment.objects.filter(user=cast.staff["ex_colleague"]).update(
        starts_on=came - timedelta(days=90), ends_on=came - timedelta(days=1)
    )
    (place,) = cast.guardian_client("separated_father").get(url(cast)).context["years"]
    assert place.teachers == ["Lotte Claes"]


def test_every_year_stands_with_its_class_and_teacher(cast: Cast) -> None:
    last_year(cast)
    words = text_of(cast.guardian_client("separated_father").get(url(cast)))
    for word in ("3B", "Lotte Claes", "2B", "Mieke Vroeger", "De Kersenboom"):
        assert word in words
    assert words.index("3B") < words.index("2B")


def test_an_agreement_stands_in_its_year_and_the_other_parents_nowhere(cast: Cast) -> None:
    last_year(cast)
    agreed(cast, "Elke avond tien minuten lezen", cast.year.starts_on - timedelta(days=60))
    agreed(cast, "Alleen met moeder besproken", cast.year.starts_on + timedelta(days=20), "separated_mother")
    words = text_of(cast.guardian_client("separated_father").get(url(cast)))
    assert words.index("2B") < words.index("Elke avond tien minuten lezen")
    assert "Alleen met moeder" not in words


def test_in_a_september_without_classes_a_talk_stands_in_the_new_year(cast: Cast) -> None:
    """The school has not made its classes yet: the child still sits in last year's, which says nothing of today."""
    lay_school_year(cast.year.starts_on.year + 1, with_holidays=False)
    first = cast.year.last_day + timedelta(days=1)
    SchoolClass.objects.filter(pk=cast.classes["3b"].pk).update(level=Level.L6)
    agreed(cast, "Elke avond tien minuten lezen", cast.year.starts_on + timedelta(days=20))
    agreed(cast, "Een keer samen naar de bib", first + timedelta(days=2))
    child = reverse("portal_child", args=[cast.pupils["yusuf"].pk])
    for day, (room, teacher) in ((first - timedelta(days=3), (1, 1)), (first + timedelta(days=3), (0, 0))):
        with time_machine.travel(f"{day} 10:00+02:00", tick=False):
            father = cast.guardian_client("separated_father")
            answer, page = father.get(url(cast)), text_of(father.get(child))
        assert (page.count("3B"), page.count("<strong><bdi>Lotte Claes")) == (room, teacher), "as the child's page says"
    new, old = answer.context["years"]
    assert [row.agreement for row in new.agreements] == ["Een keer samen naar de bib"]
    assert [row.agreement for row in old.agreements] == ["Elke avond tien minuten lezen"]
    assert (new.year.starts_on, new.teachers, new.is_running) == (first, [], True)
    assert "Lotte Claes" in old.teachers
    assert answer.context["step"] is None, "nothing is to be decided any more"
    words = text_of(answer)
    assert words.index(str(new.year)) < words.index("samen naar de bib") < words.index(str(old.year))
    assert words.count("3B") == 1, "a class that is over is not this year's"


def test_the_page_speaks_the_guardians_language(cast: Cast) -> None:
    answer = cast.guardian_client("separated_father").get(url(cast))
    assert language_and_direction(answer) == ("ar", "rtl")


def test_who_has_no_right_to_information_finds_no_page(cast: Cast) -> None:
    father = cast.guardian_client("separated_father")
    Guardianship.objects.filter(guardian=cast.guardians["separated_father"]).update(information_right=False)
    assert father.get(url(cast)).status_code == 404
    assert Client().get(url(cast)).status_code == 302


def test_another_familys_child_has_no_page(cast: Cast) -> None:
    other = reverse("portal_career", args=[cast.pupils["simran"].pk])
    assert cast.guardian_client("separated_father").get(other).status_code == 404


def test_the_next_step_comes_in_the_year_before_it(cast: Cast) -> None:
    """In May of the sixth year parents read from when to when they register; in the third year there is nothing."""
    father = cast.guardian_client("separated_father")
    assert "signpost" not in father.get(url(cast)).content.decode()
    SchoolClass.objects.filter(pk=cast.classes["3b"].pk).update(level=Level.L6, name="6B")
    words = text_of(father.get(url(cast)))
    assert str(cast.year.starts_on.year + 1) in words
    assert "30" in words


def test_more_years_cost_no_more_queries(cast: Cast) -> None:
    father = cast.guardian_client("separated_father")
    few = queries(father, url(cast))
    room = last_year(cast)
    for number in range(5):
        agreed(cast, f"Afspraak {number}", room.year.starts_on + timedelta(days=30 + number))
    assert queries(father, url(cast)) == few


def test_a_round_in_which_nobody_chose_a_time_is_no_talk_afterwards(cast: Cast) -> None:
    made, father, yusuf = round_of(cast), cast.guardians["separated_father"], cast.pupils["yusuf"]
    assert [slot.round for slot in meetings_about(father, yusuf)] == [made], "it is still to come"
    with time_machine.travel(clock.now() + timedelta(days=60), tick=False):
        assert meetings_about(father, yusuf) == []
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    with time_machine.travel(clock.now() + timedelta(days=60), tick=False):
        assert [slot.round for slot in meetings_about(father, yusuf)] == [made]


def test_of_a_school_that_the_child_left_no_talk_waits_for_a_time(cast: Cast) -> None:
    made, father, yusuf = round_of(cast), cast.guardians["separated_father"], cast.pupils["yusuf"]
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    places = Enrolment.objects.filter(pupil=yusuf)
    places.update(ends_on=clock.today() - timedelta(days=1))
    assert [slot.round for slot in meetings_about(father, yusuf)] == [made], "what was chosen the night lets fall"
    ConferenceSlot.objects.filter(pupil=yusuf).update(status="OFFERED", hour=None, starts_at=None)
    assert meetings_about(father, yusuf) == []
    places.update(ends_on=None)
    assert [slot.round for slot in meetings_about(father, yusuf)] == [made]


@pytest.mark.parametrize("name", ["portal_child", "portal_career"])
def test_a_round_to_come_is_no_talk_that_was_agreed(cast: Cast, name: str) -> None:
    """A day without an hour reads as an appointment: the page says that no time was chosen."""
    made, page = round_of(cast, "1a"), cast.guardian_client("dutch_mother")
    address = f"{reverse(name, args=[cast.pupils['emma'].pk])}?taal=nl"
    assert "Er is geen uur gekozen." in text_of(page.get(address))
    book(cast, slot_of(cast, made, "emma"), hours_of(made, "1A")[0], "dutch_mother")
    assert "Er is geen uur gekozen." not in text_of(page.get(address))
