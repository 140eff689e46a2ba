"""A talk that somebody else cancelled or moved: who would have come is told, once, and nobody learns more than that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from messaging.models import Channel, OptOut, RecordedNotice
from messaging.services import tell_talk_changes
from messaging.services.talkchanges import SETTLED
from parents.models import (
    ConferenceChange,
    ConferenceHour,
    ConferenceRound,
    ConferenceSlot,
    ContactPoint,
    Guardian,
    Guardianship,
    InterpreterRequest,
    SlotRule,
)
from parents.retention import RULES
from parents.services.booking import Wish, cancel_booking, cancel_host
from parents.services.conferenceplaces import change_rule
from parents.services.conferences import remove_round
from parents.services.forgetting import forget_guardians
from schools import clock
from schools.keeping import carry_out
from schools.roster.contacts import written_phone
from tests import factories as make
from tests.cast import Cast
from tests.messaging.test_meeting_reminders import parts_of
from tests.parents.conferences import book, hours_of, round_of, slot_of
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
BOTH = {"karim@elders.example", "nadia@thuis.example"}


def booked(cast: Cast, pupil: str = "yusuf", guardian: str = "separated_father", way: str = "SCHOOL") -> ConferenceSlot:
    made = ConferenceRound.objects.first() or round_of(cast)
    place = len(ConferenceSlot.objects.filter(hour__isnull=False))
    return book(cast, slot_of(cast, made, pupil), hours_of(made)[place], guardian, Wish(way))


def by_school(cast: Cast, slot: ConferenceSlot) -> None:
    cancel_booking(slot=slot, by=cast.staff["teacher_3b"], because="Juf Lotte is ziek.")


def later() -> None:
    """The parents had their minutes to choose another time."""
    ConferenceChange.objects.update(decided_at=clock.now() - 2 * SETTLED)


def told() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def test_whoever_would_have_come_is_told_once_that_the_school_cancelled(cast: Cast) -> None:
    slot = booked(cast)
    at = slot.starts_at
    assert at is not None
    by_school(cast, slot)
    assert (tell_talk_changes(), tell_talk_changes()) == (2, 0)
    assert told() == sorted(BOTH)
    dutch = next(letter for letter in mail.outbox if letter.to == ["karim@elders.example"])
    said = parts_of(dutch)
    assert f"{at.astimezone(clock.BRUSSELS):%-H:%M}" in said
    assert reverse("portal_bookings") in said
    for secret in ("Yusuf", "Karim", "Nadia", "Lotte", "ziek"):
        assert all(secret not in parts_of(letter) for letter in mail.outbox)


def test_each_reads_it_in_the_own_language_with_the_way_to_another_time(cast: Cast) -> None:
    by_school(cast, booked(cast, "simran", "mother"))
    ContactPoint.objects.filter(value="+32470000001").update(valid_until=clock.today())
    assert tell_talk_changes() == 1
    said = parts_of(mail.outbox[0])
    assert 'lang="pa-Guru"' in said
    assert "ਰੱਦ" in said
    assert "ਸਮਾਂ ਚੁਣੋ" in said


def test_when_it_is_too_late_to_choose_the_school_is_called(cast: Cast) -> None:
    slot = booked(cast)
    ConferenceRound.objects.update(books_until=clock.now())
    by_school(cast, slot)
    tell_talk_changes()
    assert len(mail.outbox) == 2
    phone = written_phone(slot.round.school.phone)
    assert all(phone in parts_of(letter) for letter in mail.outbox)


def test_at_a_shared_phone_stands_only_that_the_school_has_a_message(cast: Cast, settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    slot = booked(cast, "simran", "mother")
    at = slot.starts_at
    assert at is not None
    by_school(cast, slot)
    assert tell_talk_changes() == 2, "mother by mail, grandfather by the phone of both"
    row = RecordedNotice.objects.get(channel=Channel.SMS)
    assert f"{at.astimezone(clock.BRUSSELS):%-H:%M}" not in row.text
    assert "De Kersenboom" in row.text


def test_who_refused_the_only_way_is_still_told_that_nobody_waits_at_school(cast: Cast) -> None:
    slot = booked(cast, "yusuf", "separated_father")
    OptOut.objects.create(guardian=cast.guardians["separated_father"], channel="EMAIL", since=clock.now())
    by_school(cast, slot)
    assert tell_talk_changes() == 2
    assert ["karim@elders.example"] in [letter.to for letter in mail.outbox]


def test_of_a_talk_of_one_parent_the_other_learns_nothing(cast: Cast) -> None:
    made = round_of(cast, rule=SlotRule.EACH)
    own = slot_of(cast, made, "yusuf", "separated_father")
    by_school(cast, book(cast, own, hours_of(made)[0], "separated_father"))
    assert tell_talk_changes() == 1
    assert told() == ["karim@elders.example"]


def test_who_has_no_right_to_information_is_not_told(cast: Cast) -> None:
    Guardianship.objects.filter(guardian=cast.guardians["separated_mother"]).update(information_right=False)
    slot = booked(cast)
    by_school(cast, slot)
    tell_talk_changes()
    assert told() == ["karim@elders.example"]
    by_school(cast, book(cast, slot, hours_of(slot.round)[1], "separated_father"))
    Guardianship.objects.filter(guardian=cast.guardians["separated_father"]).update(information_right=False)
    assert tell_talk_changes() == 0, "the right ended before the word left"


def test_what_the_other_parent_cancels_and_moves_is_told_to_the_one_who_was_expected(cast: Cast) -> None:
    slot = booked(cast)
    cancel_booking(slot=slot, by=cast.guardians["separated_father"])
    assert tell_talk_changes() == 0, "perhaps another time is chosen at once"
    later()
    assert tell_talk_changes() == 1
    assert told() == ["nadia@thuis.example"]
    slot = book(cast, slot, hours_of(slot.round)[4], "separated_father", Wish("PHONE"))
    later()
    assert tell_talk_changes() == 1
    said = parts_of(mail.outbox[-1])
    assert mail.outbox[-1].to == ["nadia@thuis.example"]
    assert slot.starts_at is not None
    assert f"{slot.starts_at.astimezone(clock.BRUSSELS):%-H:%M}" in said
    for secret in ("Karim", "karim@", "Yusuf"):
        assert secret not in said


def test_one_word_for_what_followed_at_once(cast: Cast) -> None:
    slot = booked(cast)
    cancel_booking(slot=slot, by=cast.guardians["separated_father"])
    book(cast, slot, hours_of(slot.round)[4], "separated_father")
    book(cast, slot, hours_of(slot.round)[4], "separated_father", Wish("SCHOOL", note="Over rekenen"))
    later()
    assert (tell_talk_changes(), tell_talk_changes()) == (1, 0)
    book(cast, slot, hours_of(slot.round)[4], "separated_father", Wish("SCHOOL", note="Over lezen"))
    later()
    assert tell_talk_changes() == 0, "a note of one parent is nothing to the other"


def test_a_first_time_is_told_by_the_reminder_only(cast: Cast) -> None:
    booked(cast)
    assert not ConferenceChange.objects.exists()


def test_what_does_not_hold_any_more_is_not_told(cast: Cast) -> None:
    slot = booked(cast)
    by_school(cast, slot)
    book(cast, slot, hours_of(slot.round)[4], "separated_mother")
    later()
    assert tell_talk_changes() == 1
    assert told() == ["karim@elders.example"], "of the new time; who chose it knows it"
    by_school(cast, slot)
    ConferenceChange.objects.update(was_at=clock.now() - timedelta(minutes=1))
    assert tell_talk_changes() == 0


def test_nothing_rings_at_night_but_for_a_talk_of_the_next_morning(cast: Cast, settings: Any) -> None:
    slot = booked(cast)
    here = clock.now().astimezone(clock.BRUSSELS)
    settings.QUIET_HOURS = f"{here - timedelta(hours=1):%H:%M}-{here + timedelta(hours=1):%H:%M}"
    by_school(cast, slot)
    assert tell_talk_changes() == 0
    ConferenceChange.objects.update(was_at=clock.now() + timedelta(hours=2))
    settings.OUTBOX_PAUSED = True
    assert tell_talk_changes() == 0
    settings.OUTBOX_PAUSED = False
    assert tell_talk_changes() == 2


def test_staff_see_who_knows_and_whom_they_must_call(cast: Cast) -> None:
    slot = booked(cast)
    by_school(cast, slot)
    ContactPoint.objects.filter(uses__guardian=cast.guardians["separated_mother"]).update(valid_until=clock.today())
    url = reverse("conference_host", args=[slot.round.hosts.get().pk])
    teacher = cast.client("teacher_3b")
    assert [(row.guardian.first_name, row.to_call) for row in teacher.get(url).context["changes"]] == [
        ("Nadia", True),
        ("Karim", False),
    ]
    assert tell_talk_changes() == 1
    page = text_of(teacher.get(url))
    assert "er komt geen bericht aan: bel" in page
    assert "verwittigd op" in page
    book(cast, slot, hours_of(slot.round)[4], "separated_father")
    assert "verwittigd op" not in text_of(teacher.get(url)), "that holds no more"


@pytest.mark.parametrize("facts", [{"reading_mode": "ORAL_ONLY"}, {"contact_language": "rif"}])
def test_who_does_not_read_is_to_be_called_though_a_text_left(cast: Cast, facts: dict[str, str]) -> None:
    slot = booked(cast)
    Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(**facts)
    by_school(cast, slot)
    assert tell_talk_changes() == 2, "somebody at home may read it aloud"
    page = cast.client("teacher_3b").get(reverse("conference_host", args=[slot.round.hosts.get().pk]))
    assert [(row.guardian.first_name, row.to_call) for row in page.context["changes"]] == [
        ("Karim", True),
        ("Nadia", False),
    ]
    assert text_of(page).count("leest niet: bel") == 1


def test_whom_they_must_call_they_can_call(cast: Cast) -> None:
    """A sweep took the word and no way worked: the number stands beside it, or that there is none."""
    slot = booked(cast)
    by_school(cast, slot)
    mother = cast.guardians["separated_mother"]
    make.make_point("+32470999901", mother)
    ContactPoint.objects.filter(uses__guardian=cast.guardians["separated_father"]).delete()
    ConferenceChange.objects.update(taken_at=clock.now())
    url = reverse("conference_host", args=[slot.round.hosts.get().pk])
    page = text_of(cast.client("teacher_3b").get(url))
    assert "tel:+32470999901" in page
    assert "Geen nummer bekend: praat aan de schoolpoort, of schrijf." in page


def test_a_teacher_who_cannot_come_cancels_all_at_once_and_nobody_chooses_these_times(cast: Cast) -> None:
    one, two = booked(cast), booked(cast, "simran", "mother")
    host = one.round.hosts.get()
    teacher, url = cast.client("teacher_3b"), reverse("conference_host", args=[host.pk])
    assert teacher.post(url, {"form": "stop", "because": " "}).status_code == 422
    assert teacher.post(url, {"form": "stop", "because": "Juf Lotte is ziek."}).status_code == 302
    assert not ConferenceHour.objects.filter(host=host).exists()
    page = text_of(teacher.get(url))
    assert "Hier zijn geen uren." in page
    assert reverse("conference_host_file", args=[host.pk]) not in page
    for slot in (one, two):
        slot.refresh_from_db()
        assert (slot.status, slot.cancelled_because) == ("OFFERED", "Juf Lotte is ziek.")
    assert set(ConferenceChange.objects.values_list("slot_id", flat=True)) == {one.pk, two.pk}
    assert cancel_host(host=host, because="x", by=cast.staff["head"]) == 0


def test_the_word_does_not_go_with_the_round_or_the_place(cast: Cast) -> None:
    slot = booked(cast)
    by_school(cast, slot)
    head = cast.staff["head"]
    with pytest.raises(ValidationError, match="moeten nog horen"):
        remove_round(conference=slot.round, by=head)
    with pytest.raises(ValidationError, match="moeten nog horen"):
        change_rule(conference=slot.round, pupil=slot.pupil, rule=SlotRule.EACH, by=head)
    tell_talk_changes()
    change_rule(conference=slot.round, pupil=slot.pupil, rule=SlotRule.EACH, by=head)


def test_the_other_parent_s_wish_for_an_interpreter_outlives_a_cancelled_talk(cast: Cast) -> None:
    made = round_of(cast)
    slot, hours = slot_of(cast, made, "yusuf"), hours_of(made)
    book(cast, slot, hours[0], "separated_mother", Wish("SCHOOL", "fr"))
    book(cast, slot, hours[0], "separated_father", Wish("SCHOOL", "ar"))
    cancel_booking(slot=slot, by=cast.guardians["separated_father"])
    assert not InterpreterRequest.objects.exclude(state="CANCELLED").exists()
    slot = book(cast, slot, hours[2], "separated_father", Wish("PHONE"))
    (row,) = InterpreterRequest.objects.exclude(state="CANCELLED")
    assert (row.guardian, row.language, row.needed_at, row.mode) == (
        cast.guardians["separated_mother"],
        "fr",
        slot.starts_at,
        "PHONE",
    )
    book(cast, slot, hours[2], "separated_mother", Wish("PHONE"))
    cancel_booking(slot=slot, by=cast.guardians["separated_father"])
    book(cast, slot, hours[3], "separated_father")
    assert not InterpreterRequest.objects.exclude(state="CANCELLED").exists(), "what she took back stays so"


def test_after_the_school_cancelled_the_form_still_holds_the_own_wish(cast: Cast) -> None:
    slot = booked(cast)
    book(cast, slot, hours_of(slot.round)[0], "separated_father", Wish("SCHOOL", "ar"))
    by_school(cast, slot)
    InterpreterRequest.objects.update(agency="Tolkenpunt", called_off_on=clock.today())
    page = cast.guardian_client("separated_father").get(reverse("portal_booking", args=[slot.pk]))
    assert page.context["form"]["interpreter"].value() == "ar"
    book(cast, slot, hours_of(slot.round)[1], "separated_father", Wish("SCHOOL", "ar"))
    row = InterpreterRequest.objects.get()
    assert (row.state, row.agency, row.was_moved) == ("ASKED", "", False), "the agency knows of nobody"


def test_who_is_forgotten_leaves_no_word(cast: Cast) -> None:
    by_school(cast, booked(cast))
    forget_guardians([cast.guardians["separated_father"].pk])
    assert ConferenceChange.objects.count() == 1


def test_who_was_told_is_forgotten_after_the_school_year(cast: Cast) -> None:
    by_school(cast, booked(cast))
    rule = next(rule for rule in RULES if rule.key == "meeting changes")
    assert carry_out(rule, dry_run=True) == 0
    with time_machine.travel(datetime(cast.year.ends_on.year + 1, 12, 31, 4, tzinfo=clock.BRUSSELS), tick=False):
        carry_out(rule, dry_run=False)
    assert not ConferenceChange.objects.exists()
