"""A child leaves its school: what was planned with its parents ends with it, and they are told what they are owed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from messaging.models import Answer, Channel, Delivery, DeliveryStatus, Reason, RecordedNotice
from messaging.outbox import claiming
from messaging.services import give_answer, tell_talk_changes
from messaging.services.reminding import remind_of_meetings
from messaging.tokens import make_token
from parents.models import ConferenceChange, ConferenceSlot, Guardianship, InterpreterRequest, SlotStatus
from parents.services.booking import Wish, cancel_booking
from schools import clock
from schools.models import AuditEntry, Enrolment, SchoolClass, SchoolYear
from schools.roster.contacts import written_phone
from schools.services.enrolling import keep_after_all, let_leave
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.messaging.test_meeting_reminders import parts_of
from tests.parents.conferences import book, hours_of, round_of, slot_of
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
BOTH = {"karim@elders.example", "nadia@thuis.example"}


def yesterday() -> date:
    return clock.today() - timedelta(days=1)


def leaves(cast: Cast, pupil: str = "yusuf", last_day: date | None = None) -> None:
    let_leave(
        pupil=cast.pupils[pupil],
        school=cast.schools["kersenboom"],
        last_day=last_day or yesterday(),
        by=cast.staff["office"],
    )


def booked(cast: Cast, pupil: str = "yusuf", guardian: str = "separated_father", **wish: Any) -> ConferenceSlot:
    made = round_of(cast)
    return book(cast, slot_of(cast, made, pupil), hours_of(made)[0], guardian, Wish("SCHOOL", **wish))


class TestTalks:
    def test_it_is_cancelled_and_both_parents_hear_it_without_another_time(self, cast: Cast) -> None:
        slot = booked(cast)
        at, phone = slot.starts_at, written_phone(slot.round.school.phone)
        assert at is not None
        leaves(cast)
        assert (tell_talk_changes(), tell_talk_changes()) == (2, 0)
        slot.refresh_from_db()
        assert (slot.status, slot.hour, slot.cancelled_because) == (SlotStatus.OFFERED, None, "")
        assert {letter.to[0] for letter in mail.outbox} == BOTH
        for letter in mail.outbox:
            said = parts_of(letter)
            assert f"{at.astimezone(clock.BRUSSELS):%-H:%M}" in said
            assert phone in said
            assert reverse("portal_bookings") not in said
            assert "http" not in letter.body
            for code in ("ar", "fr"):
                with override(code):
                    assert gettext("Choose a time") not in said
                    assert gettext("Call the school: we look for another time together.") not in said
        entry = AuditEntry.objects.get(verb="gave back a time")
        assert (entry.actor, entry.target_id) == (None, slot.pk)

    def test_the_one_of_a_child_that_stays_goes_on_and_so_does_one_before_the_last_day(self, cast: Cast) -> None:
        made = round_of(cast)
        stays = book(cast, slot_of(cast, made, "simran"), hours_of(made)[0], "mother")
        soon = book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[1], "separated_father")
        leaves(cast, last_day=made.held_on)
        assert tell_talk_changes() == 0
        for slot in (stays, soon):
            slot.refresh_from_db()
            assert slot.status == SlotStatus.BOOKED

    def test_it_falls_only_once_the_last_day_has_passed(self, cast: Cast) -> None:
        """Until then a mistake is taken back without anybody hearing of it."""
        slot = booked(cast)
        leaves(cast, last_day=clock.today())
        assert tell_talk_changes() == 0
        keep_after_all(pupil=cast.pupils["yusuf"], school=cast.schools["kersenboom"], by=cast.staff["office"])
        with time_machine.travel(clock.now() + timedelta(days=1)):
            assert tell_talk_changes() == 0
        slot.refresh_from_db()
        assert slot.status == SlotStatus.BOOKED

    def test_one_that_the_school_cancelled_before_says_no_other_time_either(self, cast: Cast) -> None:
        slot = booked(cast)
        cancel_booking(slot=slot, by=cast.staff["teacher_3b"], because="Juf Lotte is ziek.")
        leaves(cast)
        assert tell_talk_changes() == 2
        assert not any(reverse("portal_bookings") in parts_of(letter) for letter in mail.outbox)

    def test_at_a_shared_phone_stands_whom_to_call(self, cast: Cast, settings: Any) -> None:
        settings.SMS_DRIVER = "record"
        slot = booked(cast, "simran", "mother")
        leaves(cast, "simran")
        assert tell_talk_changes() == 2
        row = RecordedNotice.objects.get(channel=Channel.SMS)
        assert written_phone(slot.round.school.phone) in row.text
        assert "http" not in row.text
        assert f"{slot.starts_at:%H}" not in row.text.replace(written_phone(slot.round.school.phone), "")

    def test_its_time_is_free_for_others_and_its_interpreter_is_called_off(self, cast: Cast) -> None:
        slot = booked(cast, interpreter="ar")
        hour = slot.hour
        assert hour is not None
        leaves(cast)
        tell_talk_changes()
        remind_of_meetings()
        (request,) = InterpreterRequest.objects.filter(slot=slot)
        assert (request.state, request.fell_with_talk) == ("CANCELLED", True)
        other = book(cast, slot_of(cast, slot.round, "simran"), hour, "mother")
        assert other.status == SlotStatus.BOOKED

    def test_who_is_not_to_be_reached_stands_with_the_teacher_to_be_called(self, cast: Cast) -> None:
        slot = booked(cast)
        leaves(cast)
        tell_talk_changes()
        page = cast.client("head").get(reverse("conference_host", args=[slot.round.hosts.get().pk])).content.decode()
        assert "Yusuf" in page
        assert ConferenceChange.objects.filter(told_at__isnull=False).count() == 2


class TestLateLists:
    """On the first of September a school may not have brought its new list yet."""

    def _september(self, cast: Cast) -> datetime:
        day = cast.year.last_day + timedelta(days=1)
        Enrolment.objects.filter(school=cast.schools["kersenboom"]).update(ends_on=cast.year.last_day)
        return datetime.combine(day, time(9), tzinfo=clock.BRUSSELS)

    def test_its_children_are_not_gone(self, cast: Cast) -> None:
        moment = self._september(cast)
        with time_machine.travel(moment):
            assert Enrolment.objects.lasting().filter(pupil=cast.pupils["yusuf"]).exists()
        with time_machine.travel(moment + timedelta(days=40)):
            assert not Enrolment.objects.lasting().filter(pupil=cast.pupils["yusuf"]).exists()

    def test_who_is_not_in_the_list_that_came_is(self, cast: Cast) -> None:
        moment = self._september(cast)
        year = SchoolYear.objects.filter(starts_on=moment.date()).first() or SchoolYear.objects.create(
            starts_on=moment.date(), ends_on=moment.date().replace(year=moment.year + 1, month=6, day=30)
        )
        room = SchoolClass.objects.create(school=cast.schools["kersenboom"], year=year, name="4B", level="L4")
        Enrolment.objects.create(
            pupil=cast.pupils["simran"], school=room.school, school_class=room, starts_on=moment.date()
        )
        with time_machine.travel(moment):
            names = Enrolment.objects.lasting().filter(school=room.school).values_list("pupil__first_name", flat=True)
            assert set(names) == {"Simran"}


class TestMailsThatWait:
    @pytest.mark.parametrize("goes_on_at", ["", "bloesem"])
    def test_what_waits_for_a_family_that_left_does_not_leave(self, cast: Cast, goes_on_at: str) -> None:
        notice = sent(cast)
        leaves(cast)
        if goes_on_at:
            Enrolment.objects.create(
                pupil=cast.pupils["yusuf"], school=cast.schools[goes_on_at], school_class=cast.classes["go2"],
                starts_on=clock.today(),
            )  # fmt: skip
        others = Delivery.objects.filter(notice=notice, guardian__guardianships__pupil=cast.pupils["simran"])
        hers = set(others.values_list("pk", flat=True))
        Delivery.objects.update(due_at=clock.now() - timedelta(minutes=1))
        claimed = claiming.claim()
        assert claimed is not None
        assert {row.pk for row in claimed.rows} <= hers
        gone = Delivery.objects.filter(notice=notice, guardian__guardianships__pupil=cast.pupils["yusuf"])
        assert {(row.status, row.reason) for row in gone if row.channel in claiming.SENT_BY_WORKER} == {
            (DeliveryStatus.CANCELLED, Reason.WITHDRAWN)
        }

    def test_until_the_evening_of_the_last_day_it_does(self, cast: Cast) -> None:
        sent(cast)
        leaves(cast, last_day=clock.today())
        Delivery.objects.update(due_at=clock.now() - timedelta(minutes=1))
        claimed = claiming.claim()
        assert claimed is not None
        people = {row.guardian_id for row in claimed.rows}
        assert {cast.guardians[key].pk for key in ("separated_mother", "separated_father")} <= people


class TestWhatWasAsked:
    @pytest.fixture
    def asked(self, cast: Cast) -> Delivery:
        """Karim is asked about Yusuf, who left yesterday."""
        delivery = delivery_to(sent(cast), cast, "separated_father")
        leaves(cast)
        return delivery

    @pytest.mark.parametrize("by_link", [True, False])
    def test_nothing_is_asked_any_more_by_either_door(self, cast: Cast, asked: Delivery, by_link: bool) -> None:
        """As his start page, which lists it among what waits for nothing."""
        browser = Client() if by_link else cast.guardian_client("separated_father")
        token = make_token(asked)
        url = reverse("token_notice", args=[token]) if by_link else reverse("portal_notice", args=[asked.pk])
        page = text_of(browser.get(url, {"taal": "nl"}))
        assert "U hoeft niet meer te antwoorden: uw kind zit nu niet op deze school." in page
        assert 'name="answer"' not in page
        act = reverse("token_answer", args=[token]) if by_link else url
        said = text_of(browser.post(act, {"answer": "yes"}, follow=True))
        assert "U hoeft niet meer te antwoorden" in said
        assert not Answer.objects.exists()

    def test_the_answer_that_was_given_is_still_shown(self, cast: Cast) -> None:
        delivery = delivery_to(sent(cast), cast, "separated_father")
        give_answer(delivery=delivery, key="yes")
        leaves(cast)
        page = text_of(Client().get(reverse("token_notice", args=[make_token(delivery)]), {"taal": "nl"}))
        assert "Ja, ik kom" in page
        assert "<fieldset disabled>" in page

    def test_whose_other_child_is_still_there_is_asked(self, cast: Cast, asked: Delivery) -> None:
        Guardianship.objects.create(
            guardian=asked.guardian, pupil=cast.pupils["simran"], relation="oom", starts_on=yesterday()
        )
        page = text_of(Client().get(reverse("token_notice", args=[make_token(asked)]), {"taal": "nl"}))
        assert 'name="answer"' in page
