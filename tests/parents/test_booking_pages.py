"""Parents choose a time of a meeting by the link of a notice and in their own pages; each sees what is the own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import Delivery
from messaging.tokens import make_token
from parents.models import (
    ConferenceHour,
    ConferenceRound,
    ConferenceSlot,
    ContactPoint,
    ContactPointUse,
    Guardian,
    Guardianship,
    MeetingWay,
    PointKind,
    SlotRule,
    SlotStatus,
)
from parents.services.booking import Wish, cancel_booking
from parents.services.conferences import move_hour
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import sent
from tests.parents.conferences import book, hours_of, invite, round_of, slot_of
from tests.parents.frame import language_and_direction, text_of

DUTCH = {"taal": "nl"}
NUMBER = "+32470000099"


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Path) -> None:
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


@pytest.fixture
def made(cast: Cast) -> ConferenceRound:
    return round_of(cast)


@pytest.fixture
def father(cast: Cast) -> Client:
    return cast.guardian_client("separated_father")


def fields(slot: ConferenceSlot, hour: ConferenceHour, **more: object) -> dict[str, object]:
    slot.refresh_from_db()
    return {"hour": hour.key, "seen": slot.sequence, "way": "SCHOOL", "interpreter": "", "note": ""} | more


def give_number(cast: Cast) -> None:
    """The father can be called."""
    point = ContactPoint.objects.create(kind=PointKind.PHONE, value=NUMBER, valid_from=clock.today())
    ContactPointUse.objects.create(contact_point=point, guardian=cast.guardians["separated_father"])


def by_link(name: str, delivery: Delivery, *arguments: object) -> str:
    return reverse(name, args=[make_token(delivery), *arguments])


class TestByLink:
    @pytest.fixture
    def delivery(self, cast: Cast, made: ConferenceRound) -> Delivery:
        return invite(cast, made, "separated_father")

    def test_the_notice_leads_there_instead_of_to_answers(self, client: Client, delivery: Delivery) -> None:
        page = text_of(client.get(by_link("token_notice", delivery), DUTCH))
        assert by_link("token_booking", delivery) in page
        assert "Een uur kiezen" in page
        assert 'name="answer"' not in page

    def test_a_notice_about_something_else_keeps_its_answers_and_opens_no_meeting(
        self, cast: Cast, client: Client, made: ConferenceRound
    ) -> None:
        notice = sent(cast)
        other = Delivery.objects.get(notice=notice, guardian=cast.guardians["separated_father"])
        assert 'name="answer"' in text_of(client.get(by_link("token_notice", other), DUTCH))
        assert client.get(by_link("token_booking", other)).status_code == 404

    def test_somebody_books_in_the_own_language_and_with_an_interpreter(
        self, cast: Cast, client: Client, made: ConferenceRound, delivery: Delivery
    ) -> None:
        slot, hour = slot_of(cast, made, "yusuf"), hours_of(made)[2]
        url = by_link("token_booking_time", delivery, slot.pk)
        page = client.get(url)
        assert language_and_direction(page) == ("ar", "rtl")
        assert client.post(url, fields(slot, hour, interpreter="ar", note="القراءة")).status_code == 302
        slot.refresh_from_db()
        delivery.refresh_from_db()
        assert (slot.hour, slot.booked_by) == (hour, cast.guardians["separated_father"])
        assert slot.interpreters.get().language == "ar"
        assert delivery.opened_at is not None
        assert "القراءة" in text_of(client.get(by_link("token_booking", delivery)))

    def test_who_is_later_reads_so_and_sees_what_is_still_free(
        self, cast: Cast, client: Client, made: ConferenceRound, delivery: Delivery
    ) -> None:
        slot, hour = slot_of(cast, made, "yusuf"), hours_of(made)[0]
        url = by_link("token_booking_time", delivery, slot.pk)
        shown = fields(slot, hour)
        book(cast, slot_of(cast, made, "simran"), hour, "mother")
        page = client.post(url + "?taal=nl", shown)
        assert page.status_code == 200
        assert "Dit uur is niet meer vrij" in text_of(page)
        values = set(page.context["form"].hours)
        assert values == {row.key for row in hours_of(made)[1:]}
        slot.refresh_from_db()
        assert slot.status == SlotStatus.OFFERED

    def test_a_link_opens_no_other_child_and_no_other_round(
        self, cast: Cast, client: Client, made: ConferenceRound, delivery: Delivery
    ) -> None:
        other = slot_of(cast, made, "simran")
        for name in ("token_booking_time", "token_booking_cancel"):
            assert client.post(by_link(name, delivery, other.pk), fields(other, hours_of(made)[0])).status_code == 404
        other.refresh_from_db()
        assert other.status == SlotStatus.OFFERED

    def test_at_a_shared_phone_the_second_fact_comes_first(
        self, cast: Cast, client: Client, made: ConferenceRound
    ) -> None:
        delivery = invite(cast, made, "grandfather")
        slot = slot_of(cast, made, "simran")
        for url in (by_link("token_booking", delivery), by_link("token_booking_time", delivery, slot.pk)):
            answer = client.get(url)
            assert answer.headers["Location"] == by_link("token_second_fact", delivery)
        answer = client.post(by_link("token_booking_time", delivery, slot.pk), fields(slot, hours_of(made)[0]))
        assert answer.headers["Location"] == by_link("token_second_fact", delivery)
        assert not ConferenceSlot.objects.filter(status=SlotStatus.BOOKED).exists()

    def test_reading_changes_nothing(
        self, cast: Cast, client: Client, made: ConferenceRound, delivery: Delivery
    ) -> None:
        slot = slot_of(cast, made, "yusuf")
        before = list(ConferenceSlot.objects.order_by("pk").values())
        for url in (by_link("token_booking", delivery), by_link("token_booking_time", delivery, slot.pk)):
            assert client.get(url).status_code == 200
        assert client.get(by_link("token_booking_cancel", delivery, slot.pk)).status_code == 405
        assert list(ConferenceSlot.objects.order_by("pk").values()) == before


def test_an_hour_that_was_moved_meanwhile_is_not_taken_unseen(cast: Cast) -> None:
    made = round_of(cast)
    slot, hour = slot_of(cast, made, "yusuf"), hours_of(made)[0]
    shown, father = fields(slot, hour), cast.guardian_client("separated_father")
    later = hour.starts_at + timedelta(hours=3)
    move_hour(hour=hour, starts_at=later, ends_at=later + timedelta(minutes=10), by=cast.staff["head"])
    answer = father.post(reverse("portal_booking", args=[slot.pk]) + "?taal=nl", shown)
    assert answer.status_code == 200
    assert "niet meer vrij" in text_of(answer)
    slot.refresh_from_db()
    assert slot.hour is None


def test_the_other_parent_was_earlier_and_what_one_wrote_is_still_there(cast: Cast, made: ConferenceRound) -> None:
    slot, (first, second, *_rest) = slot_of(cast, made, "simran"), hours_of(made)
    shown, mother = fields(slot, first, note="Over het lezen"), cast.guardian_client("mother")
    book(cast, slot, second, "grandfather")
    page = mother.post(reverse("portal_booking", args=[slot.pk]), shown, query_params=DUTCH)
    assert "Het gesprek is intussen veranderd" in text_of(page)
    assert page.context["form"]["note"].value() == "Over het lezen"
    assert page.context["form"].chosen == second.key, "what the other parent chose"
    slot.refresh_from_db()
    assert slot.hour == second


class TestSignedIn:
    def test_the_start_page_and_the_childs_page_lead_to_it(
        self, cast: Cast, father: Client, made: ConferenceRound
    ) -> None:
        for url in (reverse("portal_home"), reverse("portal_child", args=[cast.pupils["yusuf"].pk])):
            assert reverse("portal_bookings") in text_of(father.get(url, DUTCH)), url

    def test_nothing_is_changed_where_nothing_was_chosen(
        self, cast: Cast, father: Client, made: ConferenceRound
    ) -> None:
        child = reverse("portal_child", args=[cast.pupils["yusuf"].pk])
        shown = text_of(father.get(child, DUTCH))
        assert ("Een uur kiezen" in shown, "kiezen of wijzigen" in shown) == (True, False)
        book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
        assert "Een uur kiezen of wijzigen" in text_of(father.get(child, DUTCH))

    def test_a_parent_books_changes_and_cancels(self, cast: Cast, father: Client, made: ConferenceRound) -> None:
        slot, (first, second, *_rest) = slot_of(cast, made, "yusuf"), hours_of(made)
        url = reverse("portal_booking", args=[slot.pk])
        give_number(cast)
        father.post(url + "?taal=nl", fields(slot, first, way="PHONE"))
        page = father.get(url, DUTCH)
        assert "De school weet het." in text_of(page), "who is called does not come"
        assert page.context["form"].chosen == first.key
        father.post(url, fields(slot, second))
        slot.refresh_from_db()
        assert (slot.hour, slot.way) == (second, MeetingWay.SCHOOL)
        assert "lokaal 3b" in text_of(father.get(reverse("portal_bookings"), DUTCH))
        father.post(reverse("portal_booking_cancel", args=[slot.pk]))
        slot.refresh_from_db()
        assert slot.status == SlotStatus.OFFERED

    def test_a_call_is_offered_to_who_has_a_number(self, cast: Cast, father: Client, made: ConferenceRound) -> None:
        url = reverse("portal_booking", args=[slot_of(cast, made, "yusuf").pk])
        assert 'value="PHONE"' not in text_of(father.get(url))
        give_number(cast)
        assert 'value="PHONE"' in text_of(father.get(url))
        ContactPoint.objects.filter(value=NUMBER).update(valid_until=clock.today())
        assert 'value="PHONE"' not in text_of(father.get(url))
        ConferenceRound.objects.update(ways=[MeetingWay.PHONE])
        assert 'value="PHONE"' in text_of(father.get(url)), "the school offers nothing else"

    def test_a_visit_is_offered_to_whose_address_is_known(
        self, cast: Cast, father: Client, made: ConferenceRound
    ) -> None:
        url = reverse("portal_booking", args=[slot_of(cast, made, "yusuf").pk])
        assert 'value="HOME"' in text_of(father.get(url))
        Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(household=None)
        assert 'value="HOME"' not in text_of(father.get(url)), "where would the teacher go?"
        ConferenceRound.objects.update(ways=[MeetingWay.HOME])
        assert 'value="HOME"' in text_of(father.get(url)), "the school offers nothing else"

    def test_without_a_time_the_page_says_so(self, cast: Cast, father: Client, made: ConferenceRound) -> None:
        slot = slot_of(cast, made, "yusuf")
        answer = father.post(
            reverse("portal_booking", args=[slot.pk]) + "?taal=nl", fields(slot, hours_of(made)[0]) | {"hour": ""}
        )
        page = text_of(answer)
        assert '<a href="#id_hour_field">Uur – Kies een uur.</a>' in page
        assert 'id="id_hour_field"' in page
        assert 'id="id_hour_error"' in page
        assert father.post(reverse("portal_booking", args=[slot.pk]), {"hour": "²", "seen": "x"}).status_code == 200

    def test_a_talk_of_the_mother_alone_is_not_there_for_the_father(self, cast: Cast, father: Client) -> None:
        made = round_of(cast, rule=SlotRule.EACH)
        hers, hour = slot_of(cast, made, "yusuf", "separated_mother"), hours_of(made)[0]
        book(cast, hers, hour, "separated_mother", Wish(MeetingWay.PHONE, "fr", "Over papa"))
        own = slot_of(cast, made, "yusuf", "separated_father")
        for name in ("portal_booking", "portal_booking_cancel"):
            assert father.post(reverse(name, args=[hers.pk]), fields(own, hours_of(made)[1])).status_code == 404
        for url in (reverse("portal_bookings"), reverse("portal_booking", args=[own.pk])):
            page = text_of(father.get(url, DUTCH))
            assert "Over papa" not in page
            assert "Français" not in page.split('name="interpreter"')[0].split("<main")[1]
            assert "Nadia" not in page
            assert f'value="{hour.key}"' not in page

    def test_of_a_joint_talk_the_father_sees_the_hour_only(
        self, cast: Cast, father: Client, made: ConferenceRound
    ) -> None:
        slot = slot_of(cast, made, "yusuf")
        book(cast, slot, hours_of(made)[0], "separated_mother", Wish(MeetingWay.SCHOOL, "fr", "Over papa"))
        page = text_of(father.get(reverse("portal_bookings"), DUTCH))
        assert "16.00" in page
        assert "Over papa" not in page
        assert "Nadia" not in page
        assert "Met een tolk" not in page
        assert "U vroeg een tolk" not in page
        form = father.get(reverse("portal_booking", args=[slot.pk]), DUTCH).context["form"]
        assert (form["note"].value(), form["interpreter"].value()) == ("", "")

    def test_of_a_joint_talk_it_says_that_cancelling_is_for_everybody(self, cast: Cast, father: Client) -> None:
        said, url = "geldt voor iedereen", reverse("portal_bookings")
        made = round_of(cast)
        book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_mother")
        assert said in text_of(father.get(url, DUTCH))
        Guardianship.objects.filter(guardian=cast.guardians["separated_mother"]).update(
            ends_on=clock.today() - timedelta(days=1)
        )
        assert said not in text_of(father.get(url, DUTCH)), "nobody else is informed any more"

    def test_of_a_talk_of_ones_own_it_says_nothing_of_others(self, cast: Cast, father: Client) -> None:
        made = round_of(cast, rule=SlotRule.EACH)
        own = slot_of(cast, made, "yusuf", "separated_father")
        book(cast, own, hours_of(made)[0], "separated_father")
        page = text_of(father.get(reverse("portal_bookings"), DUTCH))
        assert ("Ik kan niet komen" in page, "geldt voor iedereen" in page) == (True, False)

    def test_of_a_joint_talk_by_phone_who_chose_it_alone_is_told_of_a_call(
        self, cast: Cast, father: Client, made: ConferenceRound
    ) -> None:
        slot = slot_of(cast, made, "yusuf")
        book(cast, slot, hours_of(made)[0], "separated_mother", Wish(MeetingWay.PHONE))
        told = [reverse("portal_bookings"), reverse("portal_booking_file", args=[slot.pk])]
        mother = cast.guardian_client("separated_mother")
        hers, his = ([text_of(client.get(url, DUTCH)) for url in told] for client in (mother, father))
        assert all("belt mij" in page for page in hers)
        assert all("Het gesprek is via de telefoon." in page and "belt mij" not in page for page in his)

    def test_of_a_joint_talk_at_home_who_lives_elsewhere_expects_no_visit(
        self, cast: Cast, father: Client, made: ConferenceRound
    ) -> None:
        ConferenceRound.objects.update(ways=[MeetingWay.HOME])
        slot = slot_of(cast, made, "yusuf")
        book(cast, slot, hours_of(made)[0], "separated_mother", Wish(MeetingWay.HOME))
        told = [reverse("portal_bookings"), reverse("portal_booking_file", args=[slot.pk])]
        mother = cast.guardian_client("separated_mother")
        hers, his = ([text_of(client.get(url, DUTCH)) for url in told] for client in (mother, father))
        assert all("komt bij ons" in page for page in hers)
        assert all("thuis bij een andere ouder" in page and "komt bij ons" not in page for page in his)
        home = cast.guardians["separated_mother"].household
        Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(household=home)
        assert "komt bij ons" in text_of(father.get(told[0], DUTCH)), "they live together"

    def test_what_the_school_cancelled_says_why_and_can_be_chosen_again(
        self, cast: Cast, father: Client, made: ConferenceRound
    ) -> None:
        slot = slot_of(cast, made, "yusuf")
        book(cast, slot, hours_of(made)[0], "separated_father")
        cancel_booking(slot=slot, by=cast.staff["head"], because="De juf is op bosklas.")
        page = text_of(father.get(reverse("portal_bookings"), DUTCH))
        assert "De juf is op bosklas." in page
        assert reverse("portal_booking", args=[slot.pk]) in page
        arabic = father.get(reverse("portal_bookings"), {"taal": "ar"}).content.decode()
        assert '<p lang="nl" dir="ltr">De juf is op bosklas.</p>' in arabic

    def test_after_the_limit_the_page_sends_to_the_school(
        self, cast: Cast, father: Client, made: ConferenceRound
    ) -> None:
        slot = slot_of(cast, made, "yusuf")
        book(cast, slot, hours_of(made)[0], "separated_father")
        ConferenceRound.objects.update(books_until=clock.now() - timedelta(minutes=1))
        page = text_of(father.get(reverse("portal_bookings"), DUTCH))
        assert "16.00" in page
        assert "Bel de school" in page
        assert f'href="{reverse("portal_booking", args=[slot.pk])}"' not in page
        father.post(reverse("portal_booking", args=[slot.pk]), fields(slot, hours_of(made)[1]))
        father.post(reverse("portal_booking_cancel", args=[slot.pk]))
        slot.refresh_from_db()
        assert slot.hour == hours_of(made)[0]

    def test_after_the_limit_who_chose_nothing_is_sent_to_the_school_until_the_day_itself(
        self, cast: Cast, father: Client, made: ConferenceRound
    ) -> None:
        ConferenceRound.objects.update(books_until=clock.now() - timedelta(minutes=1))
        page, home = (text_of(father.get(reverse(name), DUTCH)) for name in ("portal_bookings", "portal_home"))
        assert "Bel de school" in page
        assert "Nu geen oudercontacten" not in page
        assert "Er is geen uur gekozen." in page
        assert "Er is geen uur gekozen." in home
        long_ago = clock.today() - timedelta(days=1)
        ConferenceRound.objects.update(held_on=long_ago, last_on=None)
        assert "Er is geen uur gekozen." not in text_of(father.get(reverse("portal_bookings"), DUTCH))

    def test_a_visitor_signs_in_first(self, db: None, client: Client) -> None:
        answer = client.get(reverse("portal_bookings"))
        assert answer.headers["Location"].startswith(reverse("guardian_sign_in"))

    def test_more_times_cost_no_more_queries(self, cast: Cast, father: Client, made: ConferenceRound) -> None:
        slot = slot_of(cast, made, "yusuf")
        urls = [reverse("portal_bookings"), reverse("portal_booking", args=[slot.pk])]

        def counted() -> list[int]:
            found = []
            for url in urls:
                father.get(url)
                with CaptureQueriesContext(connection) as queries:
                    father.get(url)
                found.append(len(queries))
            return found

        few = counted()
        host = made.hosts.get()
        start = hours_of(made)[-1].ends_at
        for number in range(12):
            begin = start + timedelta(minutes=10 * number)
            ConferenceHour.objects.create(
                host=host, teacher=host.teacher, starts_at=begin, ends_at=begin + timedelta(minutes=10)
            )
        assert counted() == few


@pytest.mark.parametrize("code", ["nl", "fr", "ar", "pa", "so"])
def test_the_pages_speak_the_readers_language(cast: Cast, father: Client, made: ConferenceRound, code: str) -> None:
    english = ("Choose a time", "How do you want to talk?", "interpreter costs")
    page = text_of(father.get(reverse("portal_booking", args=[slot_of(cast, made, "yusuf").pk]), {"taal": code}))
    assert not [words for words in english if words in page]
