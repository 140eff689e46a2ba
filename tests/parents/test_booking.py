"""A time of a parent–teacher meeting: one family has it, whoever comes first; what it asked for moves along."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from messaging.services import tell_talk_changes
from parents.bookings import as_bookings, free_hours, proposals, rounds_for, slots_for
from parents.models import (
    ConferenceHour,
    ConferenceNote,
    ConferenceRound,
    ConferenceSlot,
    InterpreterRequest,
    MeetingWay,
    SlotRule,
    SlotStatus,
)
from parents.services.booking import Choice, SlotTaken, Wish, book_slot, book_together, cancel_booking
from parents.services.conferenceplaces import change_rule, offer_places
from parents.services.conferences import Evening, add_hours, move_hour, remove_hour, remove_round
from schools import clock
from schools.models import Assignment, AuditEntry, Enrolment, Pupil
from tests.cast import Cast
from tests.parents.conferences import AT_SCHOOL, book, evening, hours_of, round_of, slot_of, ten_days_on, with_brother


def test_times_are_made_around_the_breaks() -> None:
    times = Evening(
        clock.today(), time(16), time(18), 15, [(time(16, 40), time(17)), (time(17, 30), time(17, 40))]
    ).times()
    starts = [f"{start.astimezone(clock.BRUSSELS):%H.%M}" for start, _end in times]
    assert starts == ["16.00", "16.15", "17.00", "17.15", "17.40"]
    assert all(end - start == timedelta(minutes=15) for start, end in times)


def test_a_round_gives_each_child_a_place_and_each_teacher_times(cast: Cast) -> None:
    made = round_of(cast, "3b", "1a")
    assert {slot.pupil.first_name for slot in made.slots.all()} == {"Simran", "Yusuf", "Emma"}
    assert all(slot.guardian is None and slot.family is not None for slot in made.slots.all())
    assert [len(hours_of(made, room)) for room in ("3B", "1A")] == [6, 6]


def test_with_a_talk_for_each_parent_those_of_a_child_with_two_have_a_place_each(cast: Cast) -> None:
    made = round_of(cast, "3b", "1a", rule=SlotRule.EACH)
    by_child = {name: made.slots.filter(pupil=cast.pupils[name]).count() for name in ("simran", "yusuf", "emma")}
    assert by_child == {"simran": 2, "yusuf": 2, "emma": 1}


def test_the_rule_of_one_child_can_be_another(cast: Cast) -> None:
    made, yusuf, head = round_of(cast), cast.pupils["yusuf"], cast.staff["head"]
    change_rule(conference=made, pupil=yusuf, rule=SlotRule.EACH, by=head)
    assert set(made.slots.filter(pupil=yusuf).values_list("guardian__first_name", flat=True)) == {"Nadia", "Karim"}
    book(cast, slot_of(cast, made, "yusuf", "separated_father"), hours_of(made)[0], "separated_father")
    with pytest.raises(ValidationError):
        change_rule(conference=made, pupil=yusuf, rule=SlotRule.JOINT, by=head)


def test_once_the_round_is_over_nothing_is_offered_in_it_any_more(cast: Cast) -> None:
    """What was offered is counted, and who came to the class in April was not invited in March."""
    made, yusuf, head = round_of(cast), cast.pupils["yusuf"], cast.staff["head"]
    ten_days_on(made)
    ConferenceRound.objects.filter(pk=made.pk).update(held_on=clock.today() - timedelta(days=1))
    made.refresh_from_db()
    with_brother(cast)
    places = made.slots.count()
    with pytest.raises(ValidationError, match="voorbij"):
        change_rule(conference=made, pupil=yusuf, rule=SlotRule.EACH, by=head)
    assert (offer_places(conference=made, by=head), made.slots.count()) == (0, places)
    page = cast.client("head").get(reverse("conference_detail", args=[made.pk]))
    assert page.context["newcomers"] == 0
    host = cast.client("head").get(reverse("conference_host", args=[made.hosts.get().pk])).content.decode()
    assert "Een gesprek voor elke ouder" not in host


def test_a_child_that_came_later_gets_a_place_once(cast: Cast) -> None:
    made = round_of(cast)
    new, start = Pupil.objects.create(first_name="Nieuw"), cast.year.starts_on
    room = cast.classes["3b"]
    Enrolment.objects.create(pupil=new, school=room.school, school_class=room, starts_on=start)
    assert [offer_places(conference=made, by=cast.staff["office"]) for _time in range(2)] == [1, 0]
    entry = AuditEntry.objects.get(verb="offered places")
    assert (entry.actor, entry.target_id) == (cast.staff["office"], made.pk)
    assert made.slots.filter(pupil=new).count() == 1


def test_times_on_a_later_day_make_the_round_longer(cast: Cast) -> None:
    made, head = round_of(cast), cast.staff["head"]
    assert (made.last_on, made.last_day) == (None, made.held_on)
    before = made.catch_up_until
    add_hours(host=made.hosts.get(), evening=evening(days=9, starts=time(18), ends=time(19)), by=head)
    made.refresh_from_db()
    assert made.last_on is None
    add_hours(host=made.hosts.get(), evening=evening(days=16), by=head)
    made.refresh_from_db()
    assert made.last_day == made.held_on + timedelta(days=7)
    assert made.catch_up_until > before


def test_times_on_an_earlier_day_make_that_the_first_day(cast: Cast) -> None:
    made, head = round_of(cast), cast.staff["head"]
    day, catching_up = made.held_on, made.catch_up_until
    add_hours(host=made.hosts.get(), evening=evening(days=5), by=head)
    made.refresh_from_db()
    assert (made.held_on, made.last_day, made.catch_up_until) == (day - timedelta(days=4), day, catching_up)


def test_one_teacher_is_at_one_talk_at_a_time(cast: Cast) -> None:
    """In one round or in two: the database refuses it, whoever asks."""
    made = round_of(cast)
    with pytest.raises(ValidationError, match="Lotte Claes"):
        round_of(cast, times=evening(time(16, 55), time(18)))
    assert ConferenceRound.objects.count() == 1
    round_of(cast, times=evening(time(17), time(18)))
    hour = hours_of(made)[0]
    later = hour.ends_at + timedelta(minutes=1)
    with pytest.raises(ValidationError, match="Lotte Claes"):
        move_hour(hour=hour, starts_at=hour.starts_at, ends_at=later, by=cast.staff["head"])
    with pytest.raises(DatabaseError), transaction.atomic():
        ConferenceHour.objects.create(
            host=hour.host, teacher=hour.teacher, starts_at=hour.starts_at, ends_at=hour.ends_at
        )


def test_a_parent_books_changes_and_gives_back(cast: Cast) -> None:
    made = round_of(cast)
    slot, (first, second, *_rest) = slot_of(cast, made, "simran"), hours_of(made)
    booked = book(cast, slot, first, "mother", Wish(MeetingWay.PHONE, "pa", "ਪੜ੍ਹਨਾ"))
    assert (booked.status, booked.starts_at, booked.way) == (SlotStatus.BOOKED, first.starts_at, MeetingWay.PHONE)
    asked = InterpreterRequest.objects.get()
    assert (asked.language, asked.needed_at, asked.mode, asked.state) == ("pa", first.starts_at, "PHONE", "ASKED")
    InterpreterRequest.objects.update(state="BOOKED", agency="Tolkenpunt")
    moved = book(cast, slot, second, "mother", Wish(MeetingWay.SCHOOL, "pa"))
    assert (moved.starts_at, moved.sequence) == (second.starts_at, 2)
    asked.refresh_from_db()
    assert (asked.needed_at, asked.mode, asked.state) == (second.starts_at, "ON_SITE", "ASKED")
    assert not ConferenceNote.objects.exists()
    assert cancel_booking(slot=slot, by=cast.guardians["mother"])
    slot.refresh_from_db()
    asked.refresh_from_db()
    assert (slot.status, slot.hour, slot.starts_at, asked.state) == (SlotStatus.OFFERED, None, None, "CANCELLED")
    assert not cancel_booking(slot=slot, by=cast.guardians["mother"])
    assert len(free_hours([slot])[slot.pk]) == 6
    verbs = AuditEntry.objects.filter(guardian_id=cast.guardians["mother"].pk).values_list("verb", flat=True)
    assert sorted(verbs) == ["chose a time", "chose a time", "gave back a time"]


def test_what_the_other_parent_wants_to_say_outlives_a_cancellation(cast: Cast) -> None:
    made = round_of(cast)
    slot, hours = slot_of(cast, made, "yusuf"), hours_of(made)
    book(cast, slot, hours[0], "separated_mother", Wish(MeetingWay.SCHOOL, "", "Over lezen"))
    book(cast, slot, hours[1], "separated_father", Wish(MeetingWay.SCHOOL, "", "Over rekenen"))
    cancel_booking(slot=slot, by=cast.guardians["separated_father"])
    assert list(ConferenceNote.objects.values_list("text", flat=True)) == ["Over lezen"]


def test_a_talk_that_the_school_cancelled_is_seen_after_the_limit_too(cast: Cast) -> None:
    made = round_of(cast)
    slot, mother = slot_of(cast, made, "simran"), cast.guardians["mother"]
    book(cast, slot, hours_of(made)[0], "mother")
    cancel_booking(slot=slot, by=cast.staff["head"], because="De juf is ziek.")
    ConferenceRound.objects.update(books_until=clock.now() - timedelta(minutes=1))
    [page] = rounds_for(mother)
    assert [booking.slot.cancelled_because for booking in page.bookings] == ["De juf is ziek."]


def test_a_time_that_is_taken_stays_with_whom_it_is(cast: Cast) -> None:
    made = round_of(cast)
    hour = hours_of(made)[0]
    book(cast, slot_of(cast, made, "simran"), hour, "mother")
    with pytest.raises(SlotTaken):
        book(cast, slot_of(cast, made, "yusuf"), hour, "separated_father")
    assert ConferenceSlot.objects.get(hour=hour).pupil == cast.pupils["simran"]


def test_a_slot_that_changed_meanwhile_is_looked_at_again(cast: Cast) -> None:
    """Of a joint talk both parents may change the time; neither overwrites what they did not see."""
    made = round_of(cast)
    slot, (first, second, *_rest) = slot_of(cast, made, "yusuf"), hours_of(made)
    book(cast, slot, first, "separated_mother")
    father = cast.guardians["separated_father"]
    with pytest.raises(ValidationError, match="intussen"):
        book_slot(choice=Choice(slot, second, seen=0), wish=AT_SCHOOL, guardian=father)
    assert book_slot(choice=Choice(slot, second, seen=1), wish=AT_SCHOOL, guardian=father).booked_by == father


def test_pressed_twice_it_is_one_choice(cast: Cast) -> None:
    """The second press saw what the first one changed, and it was the same parent."""
    made = round_of(cast)
    slot, father = slot_of(cast, made, "yusuf"), cast.guardians["separated_father"]
    first, second, *_rest = hours_of(made)
    wish = Wish(MeetingWay.SCHOOL, "ar", "Over lezen")
    for _press in range(2):
        book_slot(choice=Choice(slot, first, seen=0), wish=wish, guardian=father)
    slot.refresh_from_db()
    assert (slot.hour, slot.sequence) == (first, 1)
    with pytest.raises(ValidationError, match="intussen"):
        book_slot(choice=Choice(slot, second, seen=0), wish=wish, guardian=father)
    for other in (Wish(MeetingWay.SCHOOL, "ar", "Over rekenen"), Wish(MeetingWay.SCHOOL, "", "Over lezen")):
        with pytest.raises(ValidationError, match="intussen"):
            book_slot(choice=Choice(slot, first, seen=0), wish=other, guardian=father)
    mother = cast.guardians["separated_mother"]
    with pytest.raises(ValidationError, match="intussen"):
        book_slot(choice=Choice(slot, first, seen=0), wish=AT_SCHOOL, guardian=mother)


def test_a_page_of_before_two_changes_is_no_second_press(cast: Cast) -> None:
    """The time is the same again, and who looks at the old page knows nothing of what was said in between."""
    made = round_of(cast)
    slot, father = slot_of(cast, made, "yusuf"), cast.guardians["separated_father"]
    first, second, *_rest = hours_of(made)
    for seen, hour in enumerate((first, second, first)):
        book_slot(choice=Choice(slot, hour, seen=seen), wish=AT_SCHOOL, guardian=father)
    with pytest.raises(ValidationError, match="intussen"):
        book_slot(choice=Choice(slot, first, seen=0), wish=AT_SCHOOL, guardian=father)
    assert book_slot(choice=Choice(slot, first, seen=2), wish=AT_SCHOOL, guardian=father).sequence == 3


def test_of_a_joint_talk_each_keeps_the_own_words_and_interpreter(cast: Cast) -> None:
    made = round_of(cast)
    slot, (first, second, *_rest) = slot_of(cast, made, "yusuf"), hours_of(made)
    book(cast, slot, first, "separated_father", Wish(MeetingWay.SCHOOL, "ar", "Over rekenen"))
    book(cast, slot, second, "separated_mother", Wish(MeetingWay.PHONE, "", "Over lezen"))
    slot.refresh_from_db()
    mother = as_bookings([slot], cast.guardians["separated_mother"])[0]
    father = as_bookings([slot], cast.guardians["separated_father"])[0]
    assert (mother.note, mother.interpreter) == ("Over lezen", "")
    assert (father.note, father.interpreter, father.slot.starts_at) == ("Over rekenen", "ar", second.starts_at)
    asked = InterpreterRequest.objects.get()
    assert (asked.language, asked.needed_at, asked.mode) == ("ar", second.starts_at, "PHONE")


def test_a_talk_of_the_other_parent_is_not_there(cast: Cast) -> None:
    made = round_of(cast, rule=SlotRule.EACH)
    hers = slot_of(cast, made, "yusuf", "separated_mother")
    book(cast, hers, hours_of(made)[0], "separated_mother")
    father = cast.guardians["separated_father"]
    assert list(slots_for(father).values_list("pk", flat=True)) == [slot_of(cast, made, "yusuf", "separated_father").pk]
    [page] = rounds_for(father)
    assert [booking.is_booked for booking in page.bookings] == [False]


@pytest.mark.parametrize("days", [0, -1])
def test_nobody_chooses_a_time_of_a_teacher_who_works_there_no_more_by_then(cast: Cast, days: int) -> None:
    made = round_of(cast)
    slot, hour = slot_of(cast, made, "simran"), hours_of(made)[0]
    day = clock.local_date(hour.starts_at)
    Assignment.objects.filter(user=cast.staff["teacher_3b"]).update(ends_on=day + timedelta(days=days))
    assert bool(free_hours([slot])[slot.pk]) == (days == 0)
    if days:
        with pytest.raises(SlotTaken):
            book(cast, slot, hour, "mother")


def test_after_the_limit_only_the_school_changes(cast: Cast) -> None:
    made = round_of(cast)
    slot, (first, second, *_rest) = slot_of(cast, made, "simran"), hours_of(made)
    book(cast, slot, first, "mother")
    ConferenceRound.objects.update(books_until=clock.now() - timedelta(minutes=1))
    with pytest.raises(ValidationError):
        book(cast, slot, second, "mother")
    with pytest.raises(ValidationError):
        cancel_booking(slot=slot, by=cast.guardians["mother"])
    office = cast.staff["office"]
    moved = book(cast, slot, second, "mother", by=office)
    assert (moved.starts_at, moved.entered_by) == (second.starts_at, office)
    assert cancel_booking(slot=slot, by=office, because="De juf is ziek.")
    slot.refresh_from_db()
    assert slot.cancelled_because == "De juf is ziek."


def test_a_time_of_another_class_or_of_the_past_is_refused(cast: Cast) -> None:
    made = round_of(cast, "3b", "1a")
    slot = slot_of(cast, made, "simran")
    with pytest.raises(ValidationError):
        book(cast, slot, hours_of(made, "1A")[0], "mother")
    hour = hours_of(made)[0]
    past = clock.now() - timedelta(hours=1)
    ConferenceHour.objects.filter(pk=hour.pk).update(starts_at=past, ends_at=past + timedelta(minutes=10))
    hour.refresh_from_db()
    with pytest.raises(SlotTaken):
        book(cast, slot, hour, "mother")


def test_free_times_change_and_go_taken_ones_stay(cast: Cast) -> None:
    made, head = round_of(cast), cast.staff["head"]
    first, second, *_rest = hours_of(made)
    book(cast, slot_of(cast, made, "simran"), first, "mother")
    for act in (
        lambda: remove_hour(hour=first, by=head),
        lambda: move_hour(hour=first, starts_at=first.starts_at, ends_at=first.ends_at, by=head),
        lambda: remove_round(conference=made, by=head),
    ):
        with pytest.raises(ValidationError):
            act()
    remove_hour(hour=second, by=head)
    assert len(hours_of(made)) == 5
    cancel_booking(slot=slot_of(cast, made, "simran"), by=head)
    tell_talk_changes()
    remove_round(conference=made, by=head)
    assert not ConferenceRound.objects.exists()


def test_brother_and_sister_follow_each_other(cast: Cast) -> None:
    with_brother(cast)
    made = round_of(cast, "3b", "1a")
    mother = cast.guardians["dutch_mother"]
    [page] = rounds_for(mother)
    assert page.may_go_together
    found = proposals([booking.slot for booking in page.bookings])
    assert len(found) == 5
    for proposal in found:
        (_one, first), (_other, second) = proposal.hours
        assert first.ends_at == second.starts_at
        assert first.teacher_id != second.teacher_id
    choices = [Choice(slot, hour) for slot, hour in found[0].hours]
    book_together(choices=choices, wish=AT_SCHOOL, guardian=mother)
    [page] = rounds_for(mother)
    assert [booking.is_booked for booking in page.bookings] == [True, True]
    assert made.slots.filter(status=SlotStatus.BOOKED).count() == 2


def test_of_two_talks_both_are_had_or_none(cast: Cast) -> None:
    with_brother(cast)
    made = round_of(cast, "3b", "1a")
    mother = cast.guardians["dutch_mother"]
    [page] = rounds_for(mother)
    found = proposals([booking.slot for booking in page.bookings])[0]
    taken = next(hour for slot, hour in found.hours if slot.school_class.name == "3B")
    book(cast, slot_of(cast, made, "simran"), taken, "mother")
    with pytest.raises(SlotTaken):
        book_together(choices=[Choice(slot, hour) for slot, hour in found.hours], wish=AT_SCHOOL, guardian=mother)
    assert not made.slots.filter(status=SlotStatus.BOOKED, family=cast.families["peeters"]).exists()


def test_talks_far_apart_are_no_proposal(cast: Cast) -> None:
    with_brother(cast)
    made = round_of(cast, "3b", "1a")
    ConferenceHour.objects.filter(pk__in=[hour.pk for hour in hours_of(made, "1A")[1:]]).delete()
    ConferenceHour.objects.filter(pk__in=[hour.pk for hour in hours_of(made)[:5]]).delete()
    [page] = rounds_for(cast.guardians["dutch_mother"])
    assert proposals([booking.slot for booking in page.bookings]) == []


def test_the_database_itself_gives_a_time_to_one_slot(cast: Cast) -> None:
    made = round_of(cast)
    hour = hours_of(made)[0]
    book(cast, slot_of(cast, made, "simran"), hour, "mother")
    with pytest.raises(DatabaseError), transaction.atomic():
        made.slots.filter(pupil=cast.pupils["yusuf"]).update(hour=hour, starts_at=hour.starts_at)


def test_making_a_round_is_all_or_nothing(cast: Cast) -> None:
    round_of(cast, "1a")
    with pytest.raises(ValidationError):
        round_of(cast, "3b", "1a")
    assert ConferenceHour.objects.filter(teacher=cast.staff["teacher_3b"]).count() == 0
