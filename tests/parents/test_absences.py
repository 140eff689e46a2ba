"""A parent says in two taps that a child is not at school; the class team and the office see it. Never why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from messaging.persondata import data_of
from parents.absences import SHOWN
from parents.childretention import RULES
from parents.models import Absence, Guardianship
from parents.services import file_request
from parents.services.absences import LONGEST, MOST_AHEAD, MOST_BACK, report_absence, see_absence, take_back_absence
from parents.services.forgetting import forget_guardians, forget_pupils
from schools import clock
from schools.models import AuditEntry, Enrolment, Holiday
from tests.cast import Cast
from tests.parents.frame import language_and_direction, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def tuesday(cast: Cast) -> Any:
    """Ten in the morning, on the first Tuesday of the running year's second week."""
    day = cast.year.starts_on + 7 * DAY
    while day.isoweekday() != 2:
        day += DAY
    Holiday.objects.all().delete()
    with time_machine.travel(f"{day} 10:00+02:00", tick=False):
        yield day


@pytest.fixture
def father(cast: Cast, tuesday: date) -> Client:
    return cast.guardian_client("separated_father")


def page_of(cast: Cast, pupil: str = "yusuf") -> str:
    return reverse("portal_absence", args=[cast.pupils[pupil].pk])


def place(cast: Cast, pupil: str = "yusuf") -> Enrolment:
    return Enrolment.objects.select_related("school").get(pupil=cast.pupils[pupil])


def reported(cast: Cast, first: date, last: date | None = None, by: str = "separated_father") -> list[Absence]:
    return report_absence(place=place(cast), by=cast.guardians[by], starts_on=first, ends_on=last or first)


def spans() -> list[tuple[date, date]]:
    return list(Absence.objects.standing().values_list("starts_on", "ends_on"))


def test_two_taps_from_the_childs_page(cast: Cast, father: Client, tuesday: date) -> None:
    child = father.get(reverse("portal_child", args=[cast.pupils["yusuf"].pk]))
    assert f'href="{page_of(cast)}"' in text_of(child)
    page = father.get(page_of(cast))
    assert language_and_direction(page) == ("ar", "rtl")
    assert page.context["days"] == [tuesday, tuesday + DAY]
    assert f'name="starts_on" value="{tuesday}"' in text_of(page)
    assert father.post(page_of(cast), {"starts_on": tuesday.isoformat()}).status_code == 302
    assert spans() == [(tuesday, tuesday)]
    row = Absence.objects.get()
    assert (row.pupil, row.school, row.reported_by) == (
        cast.pupils["yusuf"],
        cast.schools["kersenboom"],
        cast.guardians["separated_father"],
    )


def test_nothing_but_days_has_a_place(cast: Cast, father: Client, tuesday: date) -> None:
    fields = {field.name for field in Absence._meta.fields}
    assert fields == {
        "id", "pupil", "school", "starts_on", "ends_on", "reported_by", "reported_at", "taken_back_at", "seen_by",
        "seen_at",
    }  # fmt: skip
    father.post(page_of(cast), {"starts_on": tuesday.isoformat(), "reason": "koorts", "note": "koorts"})
    assert "koorts" not in str([*Absence.objects.values(), *AuditEntry.objects.values()])


def test_nobody_is_away_today_on_a_day_without_class(cast: Cast, tuesday: date) -> None:
    reported(cast, tuesday, tuesday + 13 * DAY)
    teacher, away = cast.client("teacher_3b"), "vandaag niet op school"
    pages = [reverse("my_week"), reverse("absence_list"), reverse("class_detail", args=[cast.classes["3b"].pk])]
    assert [away in text_of(teacher.get(page)) for page in pages] == [True] * 3
    other = Holiday.objects.create(
        name="Studiedag elders", starts_on=tuesday, ends_on=tuesday, school=cast.schools["bloesem"]
    )
    assert away in text_of(teacher.get(pages[0])), "a free day of another school"
    for school in (cast.schools["kersenboom"], None):
        Holiday.objects.filter(pk=other.pk).update(school=school)
        assert [away in text_of(teacher.get(page)) for page in pages] == [False] * 3
    Holiday.objects.all().delete()
    with time_machine.travel(f"{tuesday + 4 * DAY} 10:00+02:00", tick=False):
        page = text_of(cast.client("teacher_3b").get(pages[0]))
    assert "Yusuf" in page
    assert away not in page, "a Saturday"


def test_on_a_day_without_school_the_next_one_is_offered(cast: Cast, father: Client, tuesday: date) -> None:
    Holiday.objects.create(name="Studiedag", starts_on=tuesday, ends_on=tuesday + DAY)
    assert father.get(page_of(cast)).context["days"] == [tuesday + 2 * DAY]


def test_a_day_that_was_reported_is_not_offered_again(cast: Cast, father: Client, tuesday: date) -> None:
    father.post(page_of(cast), {"starts_on": tuesday.isoformat()})
    assert father.get(page_of(cast)).context["days"] == [tuesday + DAY]
    take_back_absence(absence=Absence.objects.get(), by=cast.guardians["separated_father"])
    assert father.get(page_of(cast)).context["days"] == [tuesday, tuesday + DAY]
    reported(cast, tuesday, tuesday + DAY)
    assert father.get(page_of(cast)).context["days"] == []


def test_who_is_away_every_week_still_reads_today(cast: Cast, father: Client, tuesday: date) -> None:
    """And takes it back. Of days that are over the last ones stay on the page, of the others none is left out."""
    weeks = MOST_AHEAD // 7 + 1
    for week in range(weeks):
        reported(cast, tuesday + 7 * week * DAY)
    today, ids = Absence.objects.get(starts_on=tuesday), [cast.pupils["yusuf"].pk]
    assert reverse("portal_absence_back", args=[*ids, today.pk]) in text_of(father.get(page_of(cast)))
    shown = father.get(reverse("portal_child", args=ids)).context["page"].absences
    assert [one.absence for one in shown] == list(Absence.objects.order_by("-starts_on"))
    for week in range(1, SHOWN + 3):
        day = tuesday - 7 * week * DAY
        Absence.objects.create(
            pupil=today.pupil, school=today.school, starts_on=day, ends_on=day, reported_at=today.reported_at
        )
    listed = father.get(page_of(cast)).context["reported"]
    assert (len(listed), listed[-1].absence.starts_on) == (weeks + SHOWN, tuesday - 7 * SHOWN * DAY)


def test_no_day_is_offered_that_is_too_far_away_to_be_reported(cast: Cast, father: Client, tuesday: date) -> None:
    """On the first days of July the next day of school is in September."""
    Holiday.objects.create(name="Zomer", starts_on=tuesday + DAY, ends_on=tuesday + MOST_AHEAD * DAY)
    assert father.get(page_of(cast)).context["days"] == [tuesday]


class TestDays:
    def test_from_until(self, cast: Cast, father: Client, tuesday: date) -> None:
        last = tuesday + 2 * DAY
        father.post(page_of(cast), {"starts_on": tuesday.isoformat(), "ends_on": last.isoformat()})
        assert spans() == [(tuesday, last)]

    def test_the_same_day_of_last_week_can_still_be_told(self, cast: Cast, father: Client, tuesday: date) -> None:
        earlier = tuesday - MOST_BACK * DAY
        father.post(page_of(cast), {"starts_on": earlier.isoformat()})
        assert spans() == [(earlier, earlier)]

    @pytest.mark.parametrize(
        ("first", "last", "words"),
        [
            (1, 0, "before the first day"),
            (-MOST_BACK - 1, 0, "too long ago"),
            (MOST_AHEAD + 1, MOST_AHEAD + 2, "too far away"),
            (0, LONGEST, "longer than one month"),
            (4, 5, "no school on these days"),
        ],
    )
    def test_wrong_ones_get_a_sentence(
        self, cast: Cast, father: Client, tuesday: date, first: int, last: int, words: str
    ) -> None:
        form = {"starts_on": (tuesday + first * DAY).isoformat(), "ends_on": (tuesday + last * DAY).isoformat()}
        answer = father.post(page_of(cast) + "?taal=en", form)
        assert answer.status_code == 422
        assert words in text_of(answer)
        assert not Absence.objects.exists()

    @pytest.mark.parametrize("typed", ["", "morgen", "2026-13-40", "1-1-1"])
    def test_what_is_no_day_gets_one_too(self, cast: Cast, father: Client, typed: str) -> None:
        answer = father.post(page_of(cast) + "?taal=en", {"starts_on": typed})
        assert answer.status_code == 422
        assert not Absence.objects.exists()

    def test_a_second_tap_and_the_other_parent_add_nothing(self, cast: Cast, tuesday: date) -> None:
        assert len(reported(cast, tuesday)) == 1
        assert reported(cast, tuesday) == []
        assert reported(cast, tuesday, by="separated_mother") == []
        assert AuditEntry.objects.filter(verb="reported absence").count() == 1

    def test_days_around_known_ones_are_added_by_who_says_them(self, cast: Cast, tuesday: date) -> None:
        reported(cast, tuesday + DAY)
        reported(cast, tuesday, tuesday + 2 * DAY, by="separated_mother")
        assert spans() == [(tuesday + n * DAY, tuesday + n * DAY) for n in range(3)]

    def test_a_weekend_that_is_left_between_known_days_is_no_absence(self, cast: Cast, tuesday: date) -> None:
        reported(cast, tuesday, tuesday + 3 * DAY)
        assert reported(cast, tuesday, tuesday + 5 * DAY, by="separated_mother") == []

    def test_what_a_known_absence_leaves_begins_and_ends_on_a_day_with_class(self, cast: Cast, tuesday: date) -> None:
        """Away until Friday, and longer: no second report from Saturday on."""
        friday, monday = tuesday + 3 * DAY, tuesday + 6 * DAY
        reported(cast, tuesday, friday)
        reported(cast, tuesday, monday)
        assert spans() == [(tuesday, friday), (monday, monday)]
        reported(cast, tuesday - 4 * DAY, tuesday)
        assert spans()[0] == (tuesday - 4 * DAY, tuesday - DAY), "the days that were named stay"

    def test_the_database_refuses_a_day_twice(self, cast: Cast, tuesday: date) -> None:
        (row,) = reported(cast, tuesday)
        again = {"pupil": row.pupil, "school": row.school, "reported_at": clock.now()}
        with pytest.raises(DatabaseError), transaction.atomic():
            Absence.objects.create(starts_on=tuesday - DAY, ends_on=tuesday, **again)
        Absence.objects.update(taken_back_at=clock.now())
        Absence.objects.create(starts_on=tuesday - DAY, ends_on=tuesday, **again)


class TestTakenBack:
    def test_the_same_day_what_nobody_saw_is_gone(self, cast: Cast, father: Client, tuesday: date) -> None:
        (row,) = reported(cast, tuesday)
        address = reverse("portal_absence_back", args=[row.pupil_id, row.pk])
        assert address in text_of(father.get(page_of(cast)))
        assert father.post(address).status_code == 302
        assert not Absence.objects.exists()
        again = father.post(address, follow=True)
        assert again.redirect_chain == [(page_of(cast), 302)], "pressed twice, it is as gone"
        assert "تم التراجع" in again.content.decode()
        assert reported(cast, tuesday)

    def test_what_was_seen_is_shown_to_the_school_once_more(self, cast: Cast, tuesday: date) -> None:
        (row,) = reported(cast, tuesday)
        see_absence(absence=row, by=cast.staff["teacher_3b"])
        take_back_absence(absence=row, by=cast.guardians["separated_father"])
        page = text_of(cast.client("teacher_3b").get(reverse("absence_list") + "?taal=en"))
        assert "taken back" in page
        see_absence(absence=row, by=cast.staff["head"], taken_back=True)
        assert "taken back" not in text_of(cast.client("teacher_3b").get(reverse("absence_list") + "?taal=en"))
        assert reported(cast, tuesday)

    def test_not_on_a_later_day_and_not_by_the_other(self, cast: Cast, father: Client, tuesday: date) -> None:
        (row,) = reported(cast, tuesday, tuesday + 2 * DAY)
        address = reverse("portal_absence_back", args=[row.pupil_id, row.pk])
        mother = cast.guardian_client("separated_mother")
        assert address not in text_of(mother.get(reverse("portal_absence", args=[row.pupil_id])))
        assert mother.post(address).status_code == 404
        with time_machine.travel(f"{tuesday + DAY} 10:00+02:00", tick=False):
            father = cast.guardian_client("separated_father")
            assert address not in text_of(father.get(page_of(cast)))
            assert father.post(address).status_code == 302
        assert spans() == [(tuesday, tuesday + 2 * DAY)]


class TestWhoMay:
    @pytest.mark.parametrize("changed", [{"information_right": False}, {"may_decide": False}])
    def test_report_who_is_informed_and_decides(self, cast: Cast, tuesday: date, changed: dict[str, bool]) -> None:
        Guardianship.objects.filter(guardian=cast.guardians["separated_father"]).update(**changed)
        client = cast.guardian_client("separated_father")
        for method in (client.get, client.post):
            assert method(page_of(cast), {"starts_on": tuesday.isoformat()}).status_code == 404
        assert not Absence.objects.exists()

    def test_the_other_parent_sees_the_days_and_not_who_said_so(self, cast: Cast, tuesday: date) -> None:
        reported(cast, tuesday)
        Guardianship.objects.filter(guardian=cast.guardians["separated_mother"]).update(may_decide=False)
        page = cast.guardian_client("separated_mother").get(
            reverse("portal_child", args=[cast.pupils["yusuf"].pk]), {"taal": "en"}
        )
        assert "Sent to the school." in text_of(page)
        assert cast.guardians["separated_father"].first_name not in text_of(page)
        assert page_of(cast) not in text_of(page)

    def test_another_child_is_nobodys(self, cast: Cast, father: Client, tuesday: date) -> None:
        assert father.post(page_of(cast, "simran"), {"starts_on": tuesday.isoformat()}).status_code == 404

    @pytest.mark.parametrize(
        ("key", "sees"),
        [("teacher_3b", True), ("head", True), ("care", True), ("office", True), ("teacher_1a", False),
         ("head_go", False), ("teacher_go", False)],
    )  # fmt: skip
    def test_see_it_in_the_list_and_say_so(self, cast: Cast, tuesday: date, key: str, sees: bool) -> None:
        (row,) = reported(cast, tuesday)
        client, address = cast.client(key), reverse("absence_seen", args=[row.pk])
        assert (address in text_of(client.get(reverse("absence_list")))) == sees
        assert client.post(address).status_code == (302 if sees else 404)
        row.refresh_from_db()
        assert (row.seen_by == cast.staff[key]) == sees

    def test_the_clb_does_not(self, cast: Cast, tuesday: date) -> None:
        reported(cast, tuesday)
        for key in ("clb_vclb", "joint"):
            assert cast.client(key).get(reverse("absence_list")).status_code == 403
            assert "absence" not in text_of(cast.client(key).get(reverse("my_week")))


def test_it_stands_in_the_week_and_on_the_class_page_until_it_is_over(cast: Cast, tuesday: date) -> None:
    (row,) = reported(cast, tuesday)
    address = reverse("absence_seen", args=[row.pk])
    pages = [reverse("my_week"), reverse("class_detail", args=[cast.classes["3b"].pk])]
    teacher = cast.client("teacher_3b")
    for page in pages:
        assert address in text_of(teacher.get(page))
    assert teacher.post(address, {"next": pages[0]}).headers["Location"] == pages[0]
    assert "Gezien: de ouders van Yusuf lezen dat de school het weet." in text_of(teacher.get(pages[0]))
    for page in pages:
        assert "Yusuf Haddad" in text_of(teacher.get(page))
        assert address not in text_of(teacher.get(page))
    with time_machine.travel(f"{tuesday + DAY} 10:00+02:00", tick=False):
        week = text_of(cast.client("teacher_3b").get(pages[0]))
        assert "Yusuf Haddad" not in week
        assert not Absence.objects.visible_to(cast.staff["teacher_3b"]).of_now().exists()


def test_who_opened_the_page_before_it_was_taken_back_has_not_seen_that(cast: Cast, tuesday: date) -> None:
    """Else nobody waits for a child that its parents sent after all."""
    (row,) = reported(cast, tuesday)
    address, words = reverse("absence_seen", args=[row.pk]), "Intussen teruggenomen: het kind komt naar school."
    assert cast.client("office").post(address).status_code == 302
    take_back_absence(absence=row, by=cast.guardians["separated_father"])
    teacher = cast.client("teacher_3b")
    assert words in text_of(teacher.post(address, follow=True)), "on a page on which it was reported"
    row.refresh_from_db()
    assert row.seen_at is None
    assert 'name="sees" value="back"' in text_of(teacher.get(reverse("absence_list")))
    seen = text_of(teacher.post(address, {"sees": "back"}, follow=True))
    assert "Gezien: Yusuf komt toch naar school." in seen
    assert not Absence.objects.to_see().exists()


def test_what_nobody_saw_before_it_was_taken_back_leads_to_the_list(cast: Cast, tuesday: date) -> None:
    (row,) = reported(cast, tuesday)
    take_back_absence(absence=row, by=cast.guardians["separated_father"])
    answer = cast.client("teacher_3b").post(reverse("absence_seen", args=[row.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("absence_list")
    assert "Intussen teruggenomen: het kind komt naar school." in text_of(answer)


def test_of_a_child_that_left_the_school_nobody_waits_for_anything(cast: Cast, tuesday: date) -> None:
    reported(cast, tuesday, tuesday + 5 * DAY)
    head, page = cast.client("head"), reverse("absence_list")
    unseen = Absence.objects.visible_to(cast.staff["head"]).to_see()
    assert ("Yusuf" in text_of(head.get(page)), unseen.count()) == (True, 1)
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=tuesday - DAY)
    assert ("Yusuf" in text_of(head.get(page)), unseen.all().count()) == (False, 0)
    assert not cast.client("head").get(reverse("my_week")).context["week"].absences


def test_the_parent_reads_that_the_school_knows(cast: Cast, father: Client, tuesday: date) -> None:
    (row,) = reported(cast, tuesday)
    assert "Sent to the school." in text_of(father.get(page_of(cast), {"taal": "en"}))
    assert see_absence(absence=row, by=cast.staff["office"])
    assert not see_absence(absence=row, by=cast.staff["teacher_3b"])
    page = text_of(father.get(page_of(cast), {"taal": "en"}))
    assert "The school has seen it." in page
    assert cast.staff["office"].full_name not in page


class TestHowLong:
    def test_until_the_school_year_is_over(self, cast: Cast, tuesday: date) -> None:
        reported(cast, tuesday)
        rule = next(rule for rule in RULES if rule.key == "absences")
        year = cast.year.ends_on.year
        for day, due in ((f"{year}-08-31 12:00", 0), (f"{year}-09-01 12:00", 1)):
            with time_machine.travel(day, tick=False):
                assert rule.due().count() == due

    def test_they_go_with_the_child_and_who_reported_is_forgotten(self, cast: Cast, tuesday: date) -> None:
        reported(cast, tuesday)
        forget_guardians([cast.guardians["separated_father"].pk])
        assert Absence.objects.get().reported_by is None
        forget_pupils([cast.pupils["yusuf"].pk])
        assert not Absence.objects.exists()

    def test_they_are_in_the_export_of_a_parent(self, cast: Cast, tuesday: date) -> None:
        reported(cast, tuesday)
        request = file_request(
            guardian=cast.guardians["separated_mother"],
            kind="ACCESS",
            place=cast.schools["kersenboom"],
            identity="CODE",
        )
        day = tuesday.isoformat()
        assert data_of(request)["absences"] == [{"child": "Yusuf", "from": day, "until": day}]
