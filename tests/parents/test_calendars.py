"""Talks come into the calendars of parents and teachers: valid, theirs alone, with the least, and only as long as they
may see them."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from ingroeibloei.logs import RedactTokens
from messaging.tokens import make_token
from parents.childretention import RULES as ALL_RULES
from parents.doubles import holders_of_guardians
from parents.icalendars import Talk, written
from parents.models import CalendarFeed, ConferenceRound, Guardianship, MeetingWay, SlotRule
from parents.services.booking import Wish, cancel_booking
from parents.services.calendars import make_calendar_link
from parents.services.forgetting import forget_guardians
from schools import clock
from schools.models import Assignment, AuditEntry
from tests.cast import Cast
from tests.parents.calendar_reader import Read, offset, read
from tests.parents.conferences import book, hours_of, invite, round_of, slot_of
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
BRUSSELS = ZoneInfo("Europe/Brussels")
RULE = next(rule for rule in ALL_RULES if rule.key == "calendar links")


@pytest.fixture
def made(cast: Cast) -> ConferenceRound:
    made = round_of(cast)
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[1], "separated_father", Wish("SCHOOL", "ar", "Geheim"))
    return made


def feed(secret: str) -> Any:
    return Client().get(reverse("calendar_feed", args=[secret]))


def fetched(secret: str) -> Read:
    answer = feed(secret)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return read(answer.content)


def link_in(page: Any) -> str:
    found = re.search(r"/kalender/([\w-]+)\.ics", text_of(page))
    assert found
    return found[1]


class TestAsWritten:
    def talk(self, **more: Any) -> Talk:
        start = datetime(2026, 10, 22, 16, 10, tzinfo=BRUSSELS)
        facts: dict[str, Any] = {
            "uid": "gesprek-1@example.be",
            "starts_at": start,
            "ends_at": start + timedelta(minutes=10),
            "changed_at": datetime(2026, 10, 1, 12, 0, tzinfo=UTC),
            "sequence": 2,
            "summary": "Gesprek",
            "location": "Lokaal 3",
        }
        return Talk(**(facts | more))

    def test_it_is_valid_and_reads_back_as_it_was(self) -> None:
        words = "ਸਕੂਲ ਨਾਲ ਗੱਲਬਾਤ: Zoë; \\ klas, 3B\nBEGIN:VEVENT " + "محادثة مع المدرسة " * 6
        calendar = read(written([self.talk(summary=words)], name="Oudercontact, 3B"))
        (event,) = calendar.events
        assert event.text("SUMMARY") == words
        assert calendar.moment(event, "DTSTART") == datetime(2026, 10, 22, 14, 10, tzinfo=UTC)
        assert calendar.moment(event, "DTEND") == datetime(2026, 10, 22, 14, 20, tzinfo=UTC)
        assert calendar.moment(event, "LAST-MODIFIED") == datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
        assert (event.value("UID"), event.value("SEQUENCE")) == ("gesprek-1@example.be", "2")
        assert calendar.whole.text("NAME") == "Oudercontact, 3B"
        often = {calendar.whole.value(name) for name in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL")}
        assert often == {"PT6H"}, "programs read either"

    def test_an_empty_calendar_is_valid_too(self) -> None:
        assert read(written([], name="Gesprekken")).events == []

    @pytest.mark.parametrize(
        "year", [2026, *(pytest.param(year, marks=pytest.mark.full) for year in (1996, 2007, 2031))]
    )
    def test_summer_and_winter_change_on_the_day_they_do(self, year: int) -> None:
        text = written([]).decode()
        day = datetime(year, 1, 1, 12)  # of the wall clock
        while day.year == year:
            assert offset(text, day) == day.replace(tzinfo=BRUSSELS).utcoffset(), day
            day += timedelta(days=1)


class TestOneTalk:
    def test_a_parent_takes_it_along_by_the_link_and_on_the_own_pages(self, cast: Cast, made: ConferenceRound) -> None:
        slot = slot_of(cast, made, "yusuf")
        token = make_token(invite(cast, made, "separated_father"))
        addresses = {
            reverse("token_booking_file", args=[token, slot.pk]): (Client(), reverse("token_booking", args=[token])),
            reverse("portal_booking_file", args=[slot.pk]): (
                cast.guardian_client("separated_father"),
                reverse("portal_bookings"),
            ),
        }
        for address, (client, page) in addresses.items():
            assert address in text_of(client.get(page))
            answer = client.get(address)
            assert "gesprek.ics" in answer.headers["Content-Disposition"]
            (event,) = read(answer.content).events
            assert "Yusuf" in event.text("SUMMARY")
            assert "Geheim" not in answer.content.decode()

    def test_without_a_time_or_of_another_child_there_is_none(self, cast: Cast, made: ConferenceRound) -> None:
        client = cast.guardian_client("mother")
        for pupil in ("simran", "yusuf"):
            slot = slot_of(cast, made, pupil)
            assert client.get(reverse("portal_booking_file", args=[slot.pk])).status_code == 404

    def test_a_teacher_takes_one_or_all_along(self, cast: Cast, made: ConferenceRound) -> None:
        client, hour = cast.client("teacher_3b"), hours_of(made)[1]
        for name, pk in (("conference_hour", hour.pk), ("conference_host", hour.host_id)):
            address = reverse(f"{name}_file", args=[pk])
            assert address in text_of(client.get(reverse(name, args=[pk])))
            (event,) = read(client.get(address).content).events
            assert "Yusuf (3B)" in event.text("SUMMARY")
            assert event.text("LOCATION") == "lokaal 3b"
        assert AuditEntry.objects.filter(verb="took along").count() == 2
        assert client.get(reverse("conference_hour_file", args=[hours_of(made)[0].pk])).status_code == 404


class TestFeedOfAGuardian:
    @pytest.fixture
    def secret(self, cast: Cast, made: ConferenceRound) -> str:
        return make_calendar_link(owner=cast.guardians["separated_father"])

    def test_it_is_made_on_the_own_page_and_shown_once(self, cast: Cast, made: ConferenceRound) -> None:
        client = cast.guardian_client("separated_father")
        assert reverse("portal_calendar") in text_of(client.get(reverse("portal_bookings")))
        secret = link_in(client.post(reverse("portal_calendar")))
        assert len(secret) == 43
        assert secret not in text_of(client.get(reverse("portal_calendar")))
        assert secret not in str([list(row.values()) for row in CalendarFeed.objects.values()])
        assert len(fetched(secret).events) == 1

    def test_it_says_the_least_in_the_parents_language(self, cast: Cast, secret: str) -> None:
        calendar = fetched(secret)
        (event,) = calendar.events
        assert "Yusuf" in event.text("SUMMARY")
        assert event.text("LOCATION") == cast.schools["kersenboom"].name
        assert set(event.properties) == {
            "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS",
            "CLASS", "TRANSP",
        }  # fmt: skip
        assert not {word for word in ("Geheim", "Haddad", "3B", "lokaal") if word in calendar.text}

    def test_who_is_called_at_home_is_not_sent_to_school(self, cast: Cast, made: ConferenceRound, secret: str) -> None:
        slot = slot_of(cast, made, "yusuf")
        book(cast, slot, hours_of(made)[2], "separated_father", Wish(MeetingWay.PHONE))
        (event,) = fetched(secret).events
        assert event.text("LOCATION") != cast.schools["kersenboom"].name

    def test_a_change_keeps_the_uid_and_raises_the_sequence_and_a_cancelled_talk_is_gone(
        self, cast: Cast, made: ConferenceRound, secret: str
    ) -> None:
        (before,) = fetched(secret).events
        slot = slot_of(cast, made, "yusuf")
        book(cast, slot, hours_of(made)[3], "separated_father")
        (after,) = fetched(secret).events
        assert after.value("UID") == before.value("UID")
        assert int(after.value("SEQUENCE")) == int(before.value("SEQUENCE")) + 1
        assert after.value("DTSTART") != before.value("DTSTART")
        cancel_booking(slot=slot, by=cast.staff["head"], because="Ziek")
        assert fetched(secret).events == []

    def test_a_new_link_replaces_the_old_and_it_can_be_stopped(self, cast: Cast, secret: str) -> None:
        client = cast.guardian_client("separated_father")
        second = link_in(client.post(reverse("portal_calendar")))
        assert feed(secret).status_code == 404
        assert feed(second).status_code == 200
        assert client.post(reverse("portal_calendar_end")).status_code == 302
        assert feed(second).status_code == 404
        assert not CalendarFeed.objects.exists()

    def test_it_ends_with_the_right_to_information(self, cast: Cast, secret: str) -> None:
        ties = Guardianship.objects.filter(guardian=cast.guardians["separated_father"])
        ties.update(ends_on=clock.today() - timedelta(days=1))
        assert feed(secret).status_code == 404
        assert RULE.due().count() == 1
        RULE.take(RULE.due())
        assert not CalendarFeed.objects.exists()

    def test_the_talk_of_the_other_parent_alone_is_not_in_it(self, cast: Cast) -> None:
        made = round_of(cast, rule=SlotRule.EACH)
        book(cast, slot_of(cast, made, "yusuf", "separated_mother"), hours_of(made)[0], "separated_mother")
        assert fetched(make_calendar_link(owner=cast.guardians["separated_father"])).events == []
        assert len(fetched(make_calendar_link(owner=cast.guardians["separated_mother"])).events) == 1

    def test_who_is_forgotten_has_no_link(self, cast: Cast, secret: str) -> None:
        forget_guardians([cast.guardians["separated_father"].pk])
        assert feed(secret).status_code == 404


class TestFeedOfATeacher:
    @pytest.fixture
    def secret(self, cast: Cast, made: ConferenceRound) -> str:
        return link_in(cast.client("teacher_3b").post(reverse("my_calendar")))

    def test_own_talks_only_with_name_class_and_room(self, cast: Cast, secret: str) -> None:
        other = round_of(cast, "1a", times=None)
        book(cast, slot_of(cast, other, "emma"), hours_of(other, "1A")[0], "dutch_mother")
        (event,) = fetched(secret).events
        assert "Yusuf (3B)" in event.text("SUMMARY")
        assert event.text("LOCATION") == "lokaal 3b"

    def test_it_ends_with_the_assignment(self, cast: Cast, secret: str) -> None:
        Assignment.objects.filter(user=cast.staff["teacher_3b"]).update(ends_on=clock.today() - timedelta(days=1))
        assert feed(secret).status_code == 404
        assert RULE.due().count() == 1

    def test_the_link_waits_for_a_post_that_is_to_begin(self, cast: Cast, secret: str) -> None:
        """As over the summer: the same link goes on."""
        post = Assignment.objects.get(user=cast.staff["teacher_3b"])
        Assignment.objects.filter(pk=post.pk).update(ends_on=clock.today() - timedelta(days=1))
        post.pk, post.starts_on = None, clock.today() + timedelta(days=40)
        post.save()
        assert feed(secret).status_code == 404, "but opens nothing meanwhile"
        assert not RULE.due().exists()

    def test_it_ends_with_the_account(self, cast: Cast, secret: str) -> None:
        teacher = cast.staff["teacher_3b"]
        teacher.is_active = False
        teacher.save(update_fields=["is_active"])
        assert feed(secret).status_code == 404
        assert RULE.due().count() == 1

    def test_another_class_takes_the_talks_along(self, cast: Cast, secret: str) -> None:
        Assignment.objects.filter(user=cast.staff["teacher_3b"]).update(school_class=cast.classes["1a"])
        assert fetched(secret).events == []


def test_a_guess_opens_nothing_and_reading_writes_nothing(cast: Cast, made: ConferenceRound) -> None:
    assert feed("a" * 43).status_code == 404
    secret = make_calendar_link(owner=cast.guardians["separated_father"])
    lines = AuditEntry.objects.count()
    answer = feed(secret)
    assert AuditEntry.objects.count() == lines
    assert (answer.headers["Referrer-Policy"], answer.headers["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert not answer.cookies


def test_no_log_names_the_secret() -> None:
    record = logging.LogRecord("gunicorn.access", 20, "", 0, '"GET /kalender/geheim-123_x.ics HTTP/1.1" 200', (), None)
    RedactTokens().filter(record)
    assert record.msg == '"GET /kalender/… HTTP/1.1" 200'


def test_the_link_goes_along_when_a_parent_who_stood_twice_becomes_one() -> None:
    """``parents.doubles`` finds every row that names a guardian: nothing clashes, for a guardian may hold two."""
    assert (CalendarFeed, "guardian") in set(holders_of_guardians())
