"""A parent who stands twice with one child becomes one: everything goes along, or the page says why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from messaging.models import Answer, Delivery, OptOut
from messaging.services import ask_question, give_answer, publish_notice
from messaging.services.answering import take_strip_back
from parents.doubles import doubled, holders_of_guardians
from parents.models import (
    ConferenceChange,
    ConferenceReminder,
    ConferenceRound,
    ConferenceSlot,
    Consent,
    ContactMoment,
    ContactPoint,
    FamilyMembership,
    Guardian,
    Guardianship,
    Household,
)
from parents.roster.outright import bring_in
from parents.services import file_request, join_guardians
from parents.services.wishes import choose_reading
from schools import clock
from schools.models import Assignment, AuditEntry, Enrolment, Pupil, Role, School, User
from schools.roster.keys import key_of
from schools.roster.rows import GuardianRow, LinkRow, Place, Roster
from tests import factories as make
from tests.cast import make_account, staff_browser
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
LONG_AGO = make.LONG_AGO
AT = Place("ouders.csv")


class Twice:
    """Amina's mother, written down twice; the school and its head."""

    def __init__(self) -> None:
        self.room = make.make_class()
        self.school: School = self.room.school
        self.head: User = make_account(f"directie{self.school.pk}@school.example", "Rita Moons")
        Assignment.objects.create(user=self.head, role=Role.HEAD, school=self.school, starts_on=LONG_AGO)
        self.family = make.make_family(self.room, languages=["ar"], children=["Amina"], phones=["+32470001111"])
        self.first = self.family.guardians[0]
        self.pupil = self.family.pupils[0]
        self.second = make.make_guardian([self.pupil], "ar", first_name=self.first.first_name.upper(),
            last_name=self.first.last_name)  # fmt: skip
        self.point = make.make_point("+32470002222", self.second, verified=False)

    def join(self) -> Guardian:
        return join_guardians(first=self.first, second=self.second, school=self.school, by=self.head)

    def fresh(self) -> list[Guardian]:
        return [Guardian.objects.get(pk=one.pk) for one in (self.first, self.second)]


@pytest.fixture
def twice(db: None) -> Twice:
    return Twice()


def test_everything_goes_along(twice: Twice) -> None:
    notice = make.make_notice(twice.room)
    publish_notice(notice=notice, by=notice.author)
    sent = Delivery.objects.filter(notice=notice).count()
    assert set(Delivery.objects.values_list("guardian", flat=True)) == {twice.first.pk, twice.second.pk}
    Delivery.objects.update(status="SENT", due_at=None)
    Answer.objects.create(notice=notice, guardian=twice.second, key="yes", answered_at=clock.now())
    ask_question(guardian=twice.second, pupil=twice.pupil, notice=notice, text="متى؟", language="ar")
    moment = ContactMoment.objects.create(
        school=twice.school, family=twice.family.family, kind="PHONE", outcome="REACHED_AGREED", held_on=clock.today(),
        initiative="TEACHER", purpose="PRAISE", recorded_by=twice.head, recorded_at=clock.now(),
    )  # fmt: skip
    moment.guardians.set([twice.first, twice.second])
    assert twice.join() == twice.first
    for model, column in holders_of_guardians():
        assert not model._base_manager.filter(**{column: twice.second}).exists(), model
    assert Delivery.objects.filter(guardian=twice.first).count() == sent
    assert Answer.objects.get().guardian == twice.first
    assert list(moment.guardians.all()) == [twice.first]
    assert {point.value for point in twice.first.contact_points.all()} >= {"+32470001111", "+32470002222"}
    assert AuditEntry.objects.get(verb="joined guardians").detail == {"joined": twice.second.pk}


def test_both_rows_were_told_of_one_talk(twice: Twice) -> None:
    """Reminded and told as two, the parent is one, and was told when either row says so."""
    conference = ConferenceRound.objects.create(
        school=twice.school, name="Oudercontact", held_on=clock.today(), catch_up_until=clock.today()
    )
    slot = ConferenceSlot.objects.create(round=conference, pupil=twice.pupil, school_class=twice.room)
    for guardian, told in ((twice.first, None), (twice.second, clock.now())):
        ConferenceReminder.objects.create(slot=slot, guardian=guardian, sequence=1, told_at=told)
        ConferenceChange.objects.create(
            slot=slot, guardian=guardian, sequence=2, kind="CANCELLED", decided_at=clock.now(), told_at=told
        )
    assert doubled(twice.first, twice.second, twice.school).why_not == []
    twice.join()
    for row in (ConferenceReminder.objects.get(), ConferenceChange.objects.get()):
        assert (row.guardian, row.told_at is not None) == (twice.first, True)


def test_both_rows_refused_the_same(twice: Twice) -> None:
    """STOP from a phone is of everybody at that number: of both rows. It holds since the first time."""
    now = clock.now()
    for guardian, days in ((twice.first, 1), (twice.second, 30)):
        OptOut.objects.create(guardian=guardian, channel="SMS", since=now - timedelta(days=days))
    OptOut.objects.create(guardian=twice.second, channel="SMS", category="trips", since=now)
    assert doubled(twice.first, twice.second, twice.school).why_not == []
    twice.join()
    said = OptOut.objects.filter(guardian=twice.first).values_list("category", "since")
    assert set(said) == {("", now - timedelta(days=30)), ("trips", now)}


def test_what_the_second_row_had_answered_before_its_strip_stands_again_for_the_one(twice: Twice) -> None:
    notice = make.make_notice(twice.room)
    publish_notice(notice=notice, by=notice.author)
    Delivery.objects.update(status="SENT", due_at=None)
    sent = Delivery.objects.get(guardian=twice.second)
    give_answer(delivery=sent, key="other_day")
    give_answer(delivery=sent, key="yes", entered_by=twice.head)
    twice.join()
    take_strip_back(Answer.objects.all())
    answer = Answer.objects.get()
    assert (answer.key, answer.guardian) == ("other_day", twice.first), "no row without a name answers"


def test_one_row_covers_the_days_of_both(twice: Twice) -> None:
    earlier = LONG_AGO - timedelta(days=100)
    Guardianship.objects.filter(guardian=twice.first).update(ends_on=clock.today() + timedelta(days=5))
    Guardianship.objects.filter(guardian=twice.second).update(starts_on=earlier)
    twice.join()
    tie = Guardianship.objects.get(pupil=twice.pupil)
    assert (tie.guardian, tie.starts_on, tie.ends_on) == (twice.first, earlier, None)


def test_periods_apart_stay_two(twice: Twice) -> None:
    Guardianship.objects.filter(guardian=twice.second).update(
        starts_on=LONG_AGO - timedelta(days=100),
        ends_on=LONG_AGO - timedelta(days=50),
        authority="NONE",
        may_decide=False,
    )
    twice.join()
    assert Guardianship.objects.filter(pupil=twice.pupil, guardian=twice.first).count() == 2


def test_a_number_that_only_they_shared_is_no_shared_one(twice: Twice) -> None:
    shared = make.make_point("+32470003333", twice.first, twice.second, is_shared=True)
    also = make.make_point("+32470004444", twice.first, twice.second, make.make_guardian([twice.pupil]), is_shared=True)
    twice.join()
    assert [ContactPoint.objects.get(pk=one.pk).is_shared for one in (shared, also)] == [False, True]


def test_what_the_first_row_does_not_say_comes_from_the_second(twice: Twice) -> None:
    Guardian.objects.filter(pk=twice.second.pk).update(
        contact_language="fr", language_confirmed_on=clock.today(), source_system="wisa", source_id="G7"
    )
    Guardian.objects.filter(pk=twice.first.pk).update(language_confirmed_on=None)
    kept = twice.join()
    assert (kept.contact_language, kept.source_id) == ("fr", "G7")
    gone = Guardian.objects.get(pk=twice.second.pk)
    assert (gone.full_name, gone.source_id, gone.merged_into) == ("", "", kept)


def test_what_waits_follows_the_language_that_the_second_row_chose(twice: Twice) -> None:
    Guardian.objects.filter(pk=twice.first.pk).update(contact_language="nl", language_confirmed_on=None)
    Guardian.objects.filter(pk=twice.second.pk).update(language_confirmed_on=clock.today())
    notice = make.make_notice(twice.room)
    publish_notice(notice=notice, by=notice.author)
    rows = Delivery.objects.filter(notice=notice)
    assert sorted(rows.values_list("language", flat=True)) == ["ar", "nl"]
    assert twice.join().contact_language == "ar"
    assert set(rows.values_list("language", "text_kind")) == {("ar", "TEMPLATE")}


def test_what_the_second_row_chose_and_was_asked_stays_the_parents_word(twice: Twice) -> None:
    choose_reading(guardian=twice.second, reading_mode="EASY_TEXT", preferred_channel="")
    Guardian.objects.filter(pk=twice.second.pk).update(first_question_on=clock.today())
    kept = twice.join()
    assert (kept.reading_mode, kept.first_question_on) == ("EASY_TEXT", clock.today())
    number = str(twice.pupil.pk)
    Pupil.objects.filter(pk=twice.pupil.pk).update(source_system=key_of("wisa", twice.school), source_id=number)
    rows = Roster(
        "wisa",
        complete=False,
        guardians=[GuardianRow(AT, "G1", kept.first_name, kept.last_name, reading_mode="TEXT")],
        links=[LinkRow(AT, number, "G1")],
    )
    bring_in(rows, [twice.school], many_leave=True)
    kept.refresh_from_db()
    assert (kept.source_id, kept.reading_mode) == ("G1", "EASY_TEXT")


def test_of_one_address_written_twice_one_stays(twice: Twice) -> None:
    homes = [make.make_household("Kerkstraat 1") for _row in range(2)]
    for one, home in zip(twice.fresh(), homes, strict=True):
        Guardian.objects.filter(pk=one.pk).update(household=home)
    assert twice.join().household == homes[0]
    assert not Household.objects.filter(pk=homes[1].pk).exists(), "else nothing would ever forget it"


def test_who_took_somebody_in_and_is_taken_in_is_still_that_person(twice: Twice) -> None:
    third = make.make_guardian([twice.pupil], "ar", first_name=twice.first.first_name, last_name=twice.first.last_name)
    Guardian.objects.update(language_confirmed_on=None)
    twice.join()
    ContactPoint.objects.update(verified_on=None)
    Guardian.objects.filter(pk=third.pk).update(language_confirmed_on=clock.today())
    kept = join_guardians(first=twice.first, second=third, school=twice.school, by=twice.head)
    assert kept == third
    assert set(Guardian.objects.filter(merged_into=third)) == {twice.first, twice.second}


def other_rights(twice: Twice) -> None:
    Guardianship.objects.filter(guardian=twice.second).update(authority="INFORMATION_ONLY", may_decide=False)


def both_proven(twice: Twice) -> None:
    ContactPoint.objects.update(verified_on=clock.today())


def other_language(twice: Twice) -> None:
    Guardian.objects.update(language_confirmed_on=clock.today())
    Guardian.objects.filter(pk=twice.second.pk).update(contact_language="fr")


def other_address(twice: Twice) -> None:
    Guardian.objects.filter(pk=twice.second.pk).update(household=make.make_household("Elders 9"))


def something_asked(twice: Twice) -> None:
    file_request(guardian=twice.second, kind="ACCESS", place=twice.school, identity="CODE")


def child_elsewhere(twice: Twice) -> None:
    child = make.make_pupil(make.make_class(name="9Z"), "Geheim")
    Guardianship.objects.create(pupil=child, guardian=twice.second, starts_on=LONG_AGO)


def child_went_elsewhere(twice: Twice) -> None:
    child, today = make.make_pupil(twice.room, "Geheim"), clock.today()
    Guardianship.objects.create(pupil=child, guardian=twice.second, starts_on=LONG_AGO)
    Enrolment.objects.filter(pupil=child).update(ends_on=today - timedelta(days=9))
    room = make.make_class(name="9Z")
    Enrolment.objects.create(pupil=child, school=room.school, school_class=room, starts_on=today - timedelta(days=8))


def not_to_be_contacted(twice: Twice) -> None:
    Guardian.objects.filter(pk=twice.second.pk).update(may_be_contacted=False)


def both_agreed(twice: Twice) -> None:
    for one in (twice.first, twice.second):
        Consent.objects.create(guardian=one, purpose="STORY", given_on=clock.today(), given_how="SPOKEN")


def notice_under_way(twice: Twice) -> None:
    ContactPoint.objects.create(kind="EMAIL", value="tweede@post.example", valid_from=LONG_AGO).uses.create(
        guardian=twice.second
    )
    notice = make.make_notice(twice.room)
    publish_notice(notice=notice, by=notice.author)


WHY_NOT: list[tuple[Any, str]] = [
    (other_rights, "verschillende rechten"),
    (both_proven, "twee personen"),
    (other_language, "een andere taal"),
    (other_address, "verschillende adressen"),
    (something_asked, "Beslis daar eerst over"),
    (child_elsewhere, "Vraag het aan het CLB"),
    (child_went_elsewhere, "Vraag het aan het CLB"),
    (not_to_be_contacted, "Beslis daar eerst over"),
    (both_agreed, "Bekijk het eerst met de ouder"),
    (notice_under_way, "Bekijk het eerst met de ouder"),
]


@pytest.mark.parametrize(("make_so", "words"), WHY_NOT, ids=[make_so.__name__ for make_so, _words in WHY_NOT])
def test_the_page_says_why_not(twice: Twice, make_so: Any, words: str) -> None:
    make_so(twice)
    with pytest.raises(ValidationError):
        twice.join()
    assert not Guardian.objects.filter(merged_into__isnull=False).exists()
    page = text_of(browser(twice).get(address(twice)))
    assert words in page
    assert "Geheim" not in page


def address(twice: Twice) -> str:
    return reverse("guardian_join", args=[twice.school.pk, *sorted((twice.first.pk, twice.second.pk))])


def browser(twice: Twice) -> Any:
    return staff_browser(twice.head)


def test_the_check_leads_to_the_page_and_the_page_joins(twice: Twice) -> None:
    client = browser(twice)
    assert address(twice) in client.get(reverse("data_checks")).content.decode()
    assert "Wat er gebeurt" in text_of(client.get(address(twice)))
    client.post(address(twice))
    assert Guardian.objects.get(pk=twice.second.pk).merged_into == twice.first
    for again in (client.get, client.post):
        assert "Iemand voegde deze twee intussen samen." in text_of(again(address(twice), follow=True))
    assert "dubbele-ouders" not in client.get(reverse("data_checks")).content.decode()


def test_two_people_of_one_name_without_a_child_in_common_are_not_there(twice: Twice) -> None:
    other = make.make_pupil(twice.room, "Ander")
    Guardianship.objects.filter(guardian=twice.second).update(pupil=other)
    assert browser(twice).get(address(twice)).status_code == 404
    assert browser(twice).post(address(twice)).status_code == 404


def test_another_school_and_another_name_are_not_there(twice: Twice) -> None:
    other = Twice()
    assert browser(other).get(address(twice)).status_code == 404
    Guardian.objects.filter(pk=twice.second.pk).update(first_name="Iemand")
    assert browser(twice).get(address(twice)).status_code == 404
    assert Enrolment.objects.count() == FamilyMembership.objects.count() == 2
