"""A day before a talk the parents who come are reminded of it: once, in their language, without a child's name."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from messaging.leases import LEASE
from messaging.models import Channel, OptOut, RecordedNotice
from messaging.services import remind_of_meetings
from messaging.services.reminding import reminds_from
from parents.models import (
    ConferenceHost,
    ConferenceReminder,
    ConferenceRound,
    ConferenceSlot,
    ContactPoint,
    Guardian,
    Guardianship,
    SlotRule,
)
from parents.services.booking import Wish, cancel_booking
from parents.services.conferences import settle_host
from parents.services.forgetting import forget_guardians
from schools import clock
from schools.models import Enrolment
from schools.roster.contacts import written_phone
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, round_of, slot_of

pytestmark = pytest.mark.django_db


def tomorrow(slot: ConferenceSlot) -> ConferenceSlot:
    """The same talk in twenty hours, chosen a while ago."""
    now = clock.now()
    ConferenceSlot.objects.filter(pk=slot.pk).update(
        starts_at=now + timedelta(hours=20), booked_at=now - timedelta(hours=2)
    )
    slot.refresh_from_db()
    return slot


def booked(cast: Cast, pupil: str = "simran", guardian: str = "mother", way: str = "SCHOOL") -> ConferenceSlot:
    made = ConferenceRound.objects.first() or round_of(cast)
    place = len(ConferenceSlot.objects.filter(hour__isnull=False))
    return book(cast, slot_of(cast, made, pupil), hours_of(made)[place], guardian, Wish(way))


def parts_of(letter: Any) -> str:
    parts = [part for part in letter.message().walk() if not part.is_multipart()]
    return "\n".join([str(letter.subject), *(bytes(part.get_payload(decode=True)).decode() for part in parts)])


def test_who_chose_the_talk_is_reminded_once_and_without_a_child_s_name(cast: Cast) -> None:
    slot = tomorrow(booked(cast, guardian="mother"))
    ContactPoint.objects.filter(value="+32470000001").update(valid_until=clock.today())
    assert remind_of_meetings() == 1
    assert remind_of_meetings() == 0
    (letter,) = mail.outbox
    assert letter.to == ["harpreet@thuis.example"]
    said = parts_of(letter)
    assert slot.starts_at is not None
    hour = f"{slot.starts_at.astimezone(clock.BRUSSELS):%-H:%M}"
    assert hour in said
    assert hour not in letter.subject
    assert "VBS De Kersenboom" in letter.subject
    assert reverse("portal_bookings") in said
    assert "lokaal 3b" in said
    assert 'lang="pa-Guru"' in said
    for secret in ("Simran", "Harpreet", "Kaur", "Lotte"):
        assert secret not in said


def test_of_a_joint_talk_the_other_parent_who_may_know_is_told_too(cast: Cast) -> None:
    tomorrow(booked(cast, "yusuf", "separated_father"))
    assert remind_of_meetings() == 2
    assert {letter.to[0] for letter in mail.outbox} == {"karim@elders.example", "nadia@thuis.example"}
    for letter in mail.outbox:
        assert "Karim" not in parts_of(letter)


def test_who_has_no_right_to_information_is_not_told(cast: Cast) -> None:
    tomorrow(booked(cast, "yusuf", "separated_father"))
    Guardianship.objects.filter(guardian=cast.guardians["separated_mother"]).update(information_right=False)
    assert remind_of_meetings() == 1
    assert [letter.to for letter in mail.outbox] == [["karim@elders.example"]]


def test_a_talk_of_one_parent_is_that_parent_s_alone(cast: Cast) -> None:
    made = round_of(cast, rule=SlotRule.EACH)
    tomorrow(book(cast, slot_of(cast, made, "yusuf", "separated_father"), hours_of(made)[0], "separated_father"))
    assert remind_of_meetings() == 1
    assert [letter.to for letter in mail.outbox] == [["karim@elders.example"]]


def test_another_time_is_another_reminder_and_none_is_none(cast: Cast) -> None:
    slot = tomorrow(booked(cast, "yusuf", "separated_father"))
    assert remind_of_meetings() == 2
    made = ConferenceRound.objects.get()
    tomorrow(book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[3], "separated_mother"))
    assert remind_of_meetings() == 2
    cancel_booking(slot=slot, by=cast.guardians["separated_father"])
    assert remind_of_meetings() == 0
    assert len(mail.outbox) == 4


def test_a_talk_that_was_given_back_is_not_reminded_of(cast: Cast, settings: Any) -> None:
    """Also when the sweep had planned it and could not tell it."""
    slot = tomorrow(booked(cast))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens
    assert remind_of_meetings() == 0
    cancel_booking(slot=slot, by=cast.guardians["mother"])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ConferenceReminder.objects.update(taken_at=clock.now() - 2 * LEASE)
    assert remind_of_meetings() == 0
    assert mail.outbox == []


def test_what_a_sweep_took_and_did_not_tell_another_tells(cast: Cast, settings: Any) -> None:
    tomorrow(booked(cast, "yusuf", "separated_father"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    assert remind_of_meetings() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind_of_meetings() == 0, "they are still the first sweep's"
    first, second = ConferenceReminder.objects.order_by("pk")
    ConferenceReminder.objects.filter(pk=first.pk).update(taken_at=clock.now() - 2 * LEASE)
    assert remind_of_meetings() == 1
    ConferenceReminder.objects.filter(pk=second.pk).update(taken_at=clock.now() - 2 * LEASE)
    assert (remind_of_meetings(), remind_of_meetings()) == (1, 0)


def test_who_lost_the_right_since_the_reminder_was_planned_is_not_told(cast: Cast, settings: Any) -> None:
    tomorrow(booked(cast, "yusuf", "separated_father"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens
    assert remind_of_meetings() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ConferenceReminder.objects.update(taken_at=clock.now() - 2 * LEASE)
    Guardianship.objects.filter(guardian=cast.guardians["separated_mother"]).update(information_right=False)
    assert remind_of_meetings() == 1
    assert [letter.to for letter in mail.outbox] == [["karim@elders.example"]]


def test_who_wants_no_text_messages_about_talks_gets_the_mail(cast: Cast, settings: Any) -> None:
    """STOP was answered with: you get no more text messages about talks at school."""
    settings.SMS_DRIVER = "record"
    mother = cast.guardians["separated_mother"]
    mother.preferred_channel = "SMS"
    mother.save(update_fields=["preferred_channel"])
    OptOut.objects.create(guardian=mother, channel="SMS", category="appointment", since=clock.now())
    tomorrow(booked(cast, "yusuf", "separated_mother"))
    assert remind_of_meetings() == 2
    assert not RecordedNotice.objects.exists()
    assert {letter.to[0] for letter in mail.outbox} == {"karim@elders.example", "nadia@thuis.example"}


def test_who_wants_no_text_messages_and_has_only_a_phone_is_left_in_peace(cast: Cast, settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    mother = cast.guardians["separated_mother"]
    ContactPoint.objects.filter(uses__guardian=mother, kind="EMAIL").update(valid_until=clock.today())
    OptOut.objects.create(guardian=mother, channel="SMS", category="", since=clock.now())
    tomorrow(booked(cast, "yusuf", "separated_mother"))
    assert remind_of_meetings() == 1, "the father, by mail"
    assert not RecordedNotice.objects.exists()


def test_a_talk_of_later_and_one_that_was_just_chosen_wait(cast: Cast) -> None:
    slot = booked(cast)
    assert remind_of_meetings() == 0
    tomorrow(slot)
    ConferenceSlot.objects.update(booked_at=clock.now())
    assert remind_of_meetings() == 0
    ConferenceSlot.objects.update(starts_at=clock.now() - timedelta(hours=1), booked_at=None)
    assert remind_of_meetings() == 0
    assert not ConferenceReminder.objects.exists()


def test_at_a_shared_phone_stands_only_that_the_school_has_a_message(cast: Cast, settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    slot = tomorrow(booked(cast))
    assert remind_of_meetings() == 2, "mother by mail, grandfather by the phone of both"
    assert slot.starts_at is not None
    row = RecordedNotice.objects.get(channel=Channel.SMS)
    assert f"{slot.starts_at.astimezone(clock.BRUSSELS):%-H:%M}" not in row.text
    assert "De Kersenboom" in row.text
    assert reverse("portal_bookings") in row.text


def test_who_prefers_a_text_message_gets_one(cast: Cast, settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    mother = cast.guardians["separated_mother"]
    mother.preferred_channel = "SMS"
    mother.save(update_fields=["preferred_channel"])
    tomorrow(booked(cast, "yusuf", "separated_mother", way="PHONE"))
    assert remind_of_meetings() == 2
    row = RecordedNotice.objects.get(channel=Channel.SMS)
    assert row.recipient == "+32470000002"
    assert [letter.to for letter in mail.outbox] == [["karim@elders.example"]]
    phone = written_phone(cast.schools["kersenboom"].phone)
    assert phone in parts_of(mail.outbox[0])
    assert phone not in row.text, "each part of a text message is paid, and how to call stands behind the link"


@pytest.mark.parametrize(
    ("way", "room", "link", "times"),
    [
        ("SCHOOL", "lokaal 9", "", 1),
        ("SCHOOL", "lokaal 3b", "https://video.example/9", 0),
        ("VIDEO", "lokaal 3b", "https://video.example/9", 1),
        ("VIDEO", "lokaal 9", "", 0),
        ("PHONE", "lokaal 9", "https://video.example/9", 0),
    ],
)
def test_who_was_told_where_is_told_of_another_place(cast: Cast, way: str, room: str, link: str, times: int) -> None:
    tomorrow(booked(cast, "yusuf", "separated_father", way=way))
    assert remind_of_meetings() == 2
    mail.outbox.clear()
    settle_host(host=ConferenceHost.objects.get(), room=room, video_url=link, by=cast.staff["head"])
    assert remind_of_meetings() == 2 * times
    assert all((link or room) in parts_of(letter) for letter in mail.outbox)


def test_of_a_place_that_nobody_was_told_one_word_is_enough(cast: Cast) -> None:
    slot = booked(cast, "yusuf", "separated_father")
    settle_host(host=ConferenceHost.objects.get(), room="lokaal 9", video_url="", by=cast.staff["head"])
    seen = slot.sequence
    slot.refresh_from_db()
    assert slot.sequence == seen, "whose page is open chooses on"
    tomorrow(slot)
    assert (remind_of_meetings(), remind_of_meetings()) == (2, 0)


def test_the_video_link_is_in_it(cast: Cast) -> None:
    tomorrow(booked(cast, "yusuf", "separated_father", way="VIDEO"))
    ConferenceHost.objects.update(video_url="https://video.example/3b")
    remind_of_meetings()
    assert all("https://video.example/3b" in parts_of(letter) for letter in mail.outbox)


def test_of_a_joint_talk_by_phone_who_chose_it_alone_is_told_of_a_call(cast: Cast) -> None:
    tomorrow(booked(cast, "yusuf", "separated_father", way="PHONE"))
    Guardian.objects.update(contact_language="nl")
    remind_of_meetings()
    said = {letter.to[0]: parts_of(letter) for letter in mail.outbox}
    assert "De leerkracht belt u." in said["karim@elders.example"]
    assert "Het gesprek is via de telefoon." in said["nadia@thuis.example"]
    assert "belt u" not in said["nadia@thuis.example"]


def test_of_a_joint_talk_at_home_who_lives_elsewhere_expects_no_visit(cast: Cast) -> None:
    tomorrow(booked(cast, "yusuf", "separated_father", way="HOME"))
    Guardian.objects.update(contact_language="nl")
    remind_of_meetings()
    said = {letter.to[0]: parts_of(letter) for letter in mail.outbox}
    assert "De leerkracht komt bij u thuis." in said["karim@elders.example"]
    assert "Het gesprek is thuis bij een andere ouder." in said["nadia@thuis.example"]
    assert "bij u thuis" not in said["nadia@thuis.example"]


@pytest.mark.parametrize(("way", "said"), [("HOME", "bij u thuis"), ("PHONE", "belt u")])
def test_of_a_joint_talk_that_the_school_wrote_down_nobody_is_told_what_the_other_was_promised(
    cast: Cast, way: str, said: str
) -> None:
    """From paper or the phone, without whose wish it was: both parents would wait."""
    made = round_of(cast)
    slot = book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], None, Wish(way), cast.staff["head"])
    tomorrow(slot)
    Guardian.objects.update(contact_language="nl")
    remind_of_meetings()
    assert len(mail.outbox) == 2
    assert not any(said in parts_of(letter) for letter in mail.outbox)
    Guardianship.objects.filter(guardian=cast.guardians["separated_father"]).update(information_right=False)
    ConferenceReminder.objects.all().delete()
    remind_of_meetings()
    assert said in parts_of(mail.outbox[-1]), "there is nobody else it could be"


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.BRUSSELS)


def test_nothing_rings_at_night_or_at_the_weekend(cast: Cast, settings: Any) -> None:
    monday = date(2026, 10, 5)
    settings.QUIET_HOURS = "20:00-07:00"
    assert reminds_from(at(monday, 16)) == at(date(2026, 10, 2), 12)
    assert reminds_from(at(monday, 20)) == at(date(2026, 10, 2), 16)
    assert reminds_from(at(date(2026, 10, 6), 16)) == at(monday, 12)
    settings.QUIET_HOURS = ""
    assert reminds_from(at(monday, 16)) == at(date(2026, 10, 4), 12)
    tomorrow(booked(cast))
    here = clock.now().astimezone(clock.BRUSSELS)
    settings.QUIET_HOURS = f"{here - timedelta(hours=1):%H:%M}-{here + timedelta(hours=1):%H:%M}"
    assert remind_of_meetings() == 0
    settings.QUIET_HOURS, settings.OUTBOX_PAUSED = "", True
    assert remind_of_meetings() == 0


def test_who_is_forgotten_leaves_no_reminder(cast: Cast) -> None:
    tomorrow(booked(cast, "yusuf", "separated_father"))
    remind_of_meetings()
    forget_guardians([cast.guardians["separated_father"].pk])
    assert ConferenceReminder.objects.count() == 1


@pytest.mark.parametrize("what", ["rights", "school"])
def test_whose_rights_ended_since_it_was_planned_is_not_told(cast: Cast, settings: Any, what: str) -> None:
    tomorrow(booked(cast, guardian="mother"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens
    remind_of_meetings()
    yesterday = clock.today() - timedelta(days=1)
    if what == "rights":
        Guardianship.objects.filter(guardian=cast.guardians["mother"]).update(ends_on=yesterday)
        Guardianship.objects.filter(guardian=cast.guardians["grandfather"]).update(ends_on=yesterday)
    else:
        Enrolment.objects.filter(pupil=cast.pupils["simran"]).update(ends_on=yesterday)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ConferenceReminder.objects.update(taken_at=clock.now() - 2 * LEASE, told_at=None)
    assert remind_of_meetings() == 0
    assert mail.outbox == []
