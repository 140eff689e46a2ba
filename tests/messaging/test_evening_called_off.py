"""A teacher called the evening off and named no other times yet: nobody is asked to choose one, wherever it is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from messaging.callscripts import scripts_for
from messaging.formats import long_day
from messaging.mailbox import notice_lines
from messaging.models import CallTask, Notice, NoticeText
from messaging.services import publish_notice, tell_talk_changes
from messaging.tokens import make_token
from parents.models import ConferenceHost, ConferenceRound, Guardian, ReadingMode, SlotRule
from parents.services.booking import cancel_booking, cancel_host
from parents.services.conferences import add_hours
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft
from tests.parents.conferences import book, evening, hours_of, invite, round_of, slot_of, with_brother
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
CHOOSE, NOBODY_FREE = "Een uur kiezen", "Er is nu geen uur vrij."


@pytest.fixture(autouse=True)
def in_dutch(cast: Cast) -> None:
    Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(contact_language="nl")


def call_off(cast: Cast, made: ConferenceRound) -> ConferenceHost:
    host = ConferenceHost.objects.get(round=made, school_class=cast.classes["3b"])
    cancel_host(host=host, because="Juf Lotte is ziek.", by=cast.staff["teacher_3b"])
    return host


def test_no_page_of_the_parent_asks_for_a_time_until_there_are_new_ones(cast: Cast) -> None:
    made = round_of(cast)
    delivery, father = invite(cast, made, "separated_father"), cast.guardian_client("separated_father")
    home, own = reverse("portal_home"), reverse("portal_bookings")
    notice = reverse("token_notice", args=[make_token(delivery)])
    pages = home, own, notice, reverse("portal_child", args=[cast.pupils["yusuf"].pk])
    asked = {page: CHOOSE in text_of(father.get(page)) for page in pages}
    assert asked == dict.fromkeys(pages, True)
    host = call_off(cast, made)
    for page in pages:
        assert CHOOSE not in text_of(father.get(page)), page
    assert "De school wacht op uw antwoord." not in text_of(father.get(home))
    talks = text_of(father.get(own))
    assert NOBODY_FREE in talks
    assert "U kunt kiezen en veranderen" not in talks
    add_hours(host=host, evening=evening(days=12), by=cast.staff["teacher_3b"])
    for page in pages:
        assert CHOOSE in text_of(father.get(page)), page


def test_of_two_children_the_one_whose_teacher_is_there_is_chosen_for(cast: Cast) -> None:
    with_brother(cast)
    made, mother = round_of(cast, "3b", "1a"), cast.guardians["dutch_mother"]
    invite(cast, made, "dutch_mother")
    call_off(cast, made)
    talks = text_of(cast.guardian_client("dutch_mother").get(reverse("portal_bookings")))
    assert (CHOOSE in talks, NOBODY_FREE in talks, "De gesprekken na elkaar" in talks) == (True, True, False)
    assert notice_lines(guardian=mother, code="nl")[0].needs_answer
    book(cast, slot_of(cast, made, "emma"), hours_of(made, "1A")[0], "dutch_mother")
    assert not notice_lines(guardian=mother, code="nl")[0].needs_answer


@pytest.mark.parametrize("is_whole", [True, False], ids=["the whole evening", "one talk"])
def test_whose_talk_fell_is_told_to_choose_another_where_there_is_one(cast: Cast, is_whole: bool) -> None:
    made = round_of(cast)
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    if is_whole:
        call_off(cast, made)
    else:
        cancel_booking(slot=slot_of(cast, made, "yusuf"), by=cast.staff["teacher_3b"], because="Juf Lotte is ziek.")
    assert tell_talk_changes()
    words = next(str(one.body) for one in mail.outbox if one.to == ["karim@elders.example"])
    assert (CHOOSE in words) is not is_whole
    assert ("Bel de school: we zoeken samen een ander uur." in words) is is_whole


@pytest.mark.parametrize("is_there", [True, False], ids=["teacher", "one who left"])
def test_the_school_does_not_read_that_parents_choose_where_they_are_told_to_call(cast: Cast, is_there: bool) -> None:
    made, teacher = round_of(cast), cast.staff["teacher_3b"]
    slot, hour = slot_of(cast, made, "yusuf"), hours_of(made)[0]
    book(cast, slot, hour, "separated_father")
    if not is_there:
        teacher.assignments.update(ends_on=made.held_on - timedelta(days=1))
    cancelled = {"because": "Er is niemand.", "slot": slot.pk}
    said = text_of(cast.client("head").post(reverse("conference_cancel", args=[hour.pk]), cancelled, follow=True))
    assert ("De ouders kunnen een ander uur kiezen." in said) is is_there
    assert ("De ouders kunnen niet meer kiezen: bel hen." in said) is not is_there


def test_who_calls_about_the_invitation_asks_for_no_hour(cast: Cast) -> None:
    mother = cast.guardians["separated_mother"]
    mother.reading_mode = ReadingMode.ORAL_ONLY
    mother.save()
    made, notice = round_of(cast), draft(cast)
    Notice.objects.update(conference_round=made)
    NoticeText.objects.filter(notice=notice, language="nl").update(
        title="Oudercontact: u kiest een uur",
        slots={"what": "Wij praten graag met u.", "when": "U kiest zelf het uur.", "where": "De school"},
    )
    publish_notice(notice=Notice.objects.get(), by=notice.author)
    call = CallTask.objects.select_related("delivery__notice__school", "follow_up__pupil").get()

    def question() -> str:
        return scripts_for([call], "Lotte Claes")[call.pk].sentences[2]

    def what() -> str:
        return scripts_for([call], "Lotte Claes")[call.pk].sentences[1]

    assert "Welk uur past u?" in question()
    assert "u kiest een uur. Wij praten graag met u. Wanneer: U kiest zelf het uur. Waar: De school." in what()
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    assert "uur" not in question(), "the other parent chose one"
    days = long_day(made.held_on, "nl", with_year=False)
    assert what().endswith(f"{made.name}. Wij praten graag met u. Wanneer: {days}. Waar: De school.")
    call_off(cast, made)
    assert "Er is nu geen uur vrij: we zoeken er samen een." in question()
    assert what().endswith(f"{made.name}. Wij praten graag met u. Waar: De school.")


@pytest.mark.parametrize("rule", SlotRule)
def test_who_calls_asks_for_the_hour_of_a_brother_too_and_of_no_other_parent(cast: Cast, rule: SlotRule) -> None:
    with_brother(cast)
    is_joint = rule == SlotRule.JOINT
    name, room, child = ("dutch_mother", "1A", "emma") if is_joint else ("separated_mother", "3B", "yusuf")
    mother = cast.guardians[name]
    mother.reading_mode = ReadingMode.ORAL_ONLY
    mother.save()
    made = round_of(cast, "3b", "1a", rule=rule)
    invite(cast, made, name)
    calls = CallTask.objects.select_related("delivery__notice__school", "follow_up__pupil")
    call = calls.get(delivery__guardian=mother)

    def asks() -> bool:
        return "Welk uur past u?" in scripts_for([call], "Lotte Claes")[call.pk].sentences[2]

    assert asks()
    own = slot_of(cast, made, child, "" if is_joint else name)
    book(cast, own, hours_of(made, room)[0], None, by=cast.staff["head"])
    assert call.follow_up.pupil == cast.pupils[child]
    assert asks() is is_joint, "the brother has none yet; the father's own is the father's"
