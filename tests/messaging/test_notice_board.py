"""What a colleague does from a notice's page for families that were not reached or did not answer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from messaging.models import CallTask, Channel, Delivery, DeliveryStatus, Notice, OptOut, Reason
from messaging.services import give_answer, send_round
from parents.models import ContactPoint, FamilyMembership, FollowUp, FollowUpStatus
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.factories import make_family
from tests.messaging.notices_for_pages import delivery_to, sent, settle

pytestmark = pytest.mark.django_db


def fail(notice: Notice, last_name: str = "Haddad", reason: str = Reason.BOUNCED) -> None:
    Delivery.objects.filter(notice=notice, guardian__last_name=last_name).update(
        status=DeliveryStatus.FAILED, reason=reason, due_at=None
    )


def bounced(cast: Cast) -> Notice:
    """Everything left, but both parents of Yusuf bounced."""
    notice = sent(cast)
    settle(notice)
    fail(notice)
    return notice


def press(cast: Cast, notice: Notice, act: str, person: str = "teacher_3b", **data: Any) -> Any:
    address = reverse("notice_bulk", args=[notice.pk])
    return cast.client(person).post(address, {"act": act, **data}, follow=True)


def second_round(notice: Notice) -> set[tuple[str, str, int]]:
    rows = Delivery.objects.filter(notice=notice, round__gt=1)
    return set(rows.values_list("guardian__first_name", "channel", "round"))


def test_send_again_goes_the_same_way_to_the_ticked_family_only(cast: Cast) -> None:
    notice = bounced(cast)
    haddad = cast.families["haddad"].pk
    page = press(cast, notice, "opnieuw", gezin=[haddad, cast.families["kaur"].pk])
    assert second_round(notice) == {("Nadia", "EMAIL", 2), ("Karim", "EMAIL", 2)}
    row = Delivery.objects.get(notice=notice, round=2, guardian=cast.guardians["separated_father"])
    assert (row.status, row.language, row.address, row.is_reminder) == ("QUEUED", "ar", "karim@elders.example", False)
    assert page.context["undo"]["token"]
    line = AuditEntry.objects.get(verb="resent")
    assert (line.target_id, line.detail["families"], line.detail["deliveries"]) == (notice.pk, 1, 2)


def test_a_dead_address_is_not_tried_again_but_its_successor_is(cast: Cast) -> None:
    notice = bounced(cast)
    ContactPoint.objects.filter(guardians=cast.guardians["separated_mother"], kind="EMAIL").update(
        valid_until=clock.today()
    )
    ContactPoint.objects.filter(guardians=cast.guardians["separated_father"]).update(value="karim@nieuw.example")
    press(cast, notice, "opnieuw", alle="1")
    assert second_round(notice) == {("Karim", "EMAIL", 2)}
    assert Delivery.objects.get(notice=notice, round=2).address == "karim@nieuw.example"


def test_nothing_ticked_sends_nothing(cast: Cast) -> None:
    notice = bounced(cast)
    before = Delivery.objects.count()
    page = press(cast, notice, "opnieuw")
    assert Delivery.objects.count() == before
    assert [message.level_tag for message in page.context["messages"]] == ["warning"]


def test_another_way_for_all_that_were_not_reached(cast: Cast, settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    notice = bounced(cast)
    press(cast, notice, "sms", alle="1")
    row = Delivery.objects.get(notice=notice, channel=Channel.SMS, guardian=cast.guardians["separated_mother"])
    assert (row.round, row.address, row.language) == (2, "+32470000002", "fr"), "round 1 is what goes by itself"
    press(cast, notice, "sms", alle="1")
    assert Delivery.objects.filter(notice=notice, channel=Channel.SMS, address="+32470000002").count() == 1


def test_one_text_message_for_each_number(cast: Cast, settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    notice = sent(cast)
    settle(notice)
    fail(notice, "Kaur")
    fail(notice, "Singh")
    send_round(notice=notice, by=cast.staff["teacher_3b"], families=None, channel=Channel.SMS)
    rows = Delivery.objects.filter(notice=notice, channel=Channel.SMS, status=DeliveryStatus.QUEUED)
    assert [row.address for row in rows] == ["+32470000001"]


def test_who_refused_a_way_does_not_get_it(cast: Cast) -> None:
    notice = bounced(cast)
    OptOut.objects.create(guardian=cast.guardians["separated_father"], channel=Channel.LETTER, since=clock.now())
    press(cast, notice, "brief", alle="1")
    waiting = Delivery.objects.filter(notice=notice, channel=Channel.LETTER, status=DeliveryStatus.QUEUED)
    letters = waiting.filter(guardian__last_name="Haddad")
    assert [row.guardian.first_name for row in letters] == ["Nadia"]


def test_call_now_opens_a_call_and_undo_drops_it(cast: Cast) -> None:
    notice = bounced(cast)
    page = press(cast, notice, "bel", alle="1")
    calls = CallTask.objects.filter(delivery__notice=notice)
    assert {call.delivery.guardian.first_name for call in calls} == {"Nadia", "Karim"}
    undone = cast.client("teacher_3b").post(
        reverse("round_undo", args=[notice.pk]), {"ronde": page.context["undo"]["token"]}
    )
    assert undone.status_code == 302
    assert not Delivery.objects.filter(notice=notice, channel=Channel.CALL, status=DeliveryStatus.QUEUED).exists()
    assert {call.follow_up.status for call in calls.all()} == {FollowUpStatus.DROPPED}
    assert AuditEntry.objects.get(verb="took back").detail["deliveries"] == 2


def test_undo_takes_back_that_round_only_and_not_what_left(cast: Cast) -> None:
    notice = bounced(cast)
    page = press(cast, notice, "opnieuw", alle="1")
    row = Delivery.objects.filter(notice=notice, round=2).order_by("pk")[0]
    Delivery.objects.filter(pk=row.pk).update(status=DeliveryStatus.SENT, due_at=None, sent_at=clock.now())
    address = reverse("round_undo", args=[notice.pk])
    cast.client("teacher_3b").post(address, {"ronde": page.context["undo"]["token"]})
    rest = Delivery.objects.filter(notice=notice, round=2).exclude(pk=row.pk)
    assert {one.status for one in rest} == {DeliveryStatus.CANCELLED}
    assert not Delivery.objects.filter(notice=notice, round=1, status=DeliveryStatus.CANCELLED).exists()
    row.refresh_from_db()
    assert row.status == DeliveryStatus.SENT


def test_a_second_press_on_undo_does_not_say_that_it_left(cast: Cast) -> None:
    """Who reads that believes that parents have it."""
    notice = bounced(cast)
    given = {"ronde": press(cast, notice, "opnieuw", alle="1").context["undo"]["token"]}
    browser, address = cast.client("teacher_3b"), reverse("round_undo", args=[notice.pk])
    said = [str(*browser.post(address, given, follow=True).context["messages"]) for _press in range(2)]
    assert said == ["Teruggenomen: 2.", "Dit is al teruggedraaid."]
    waits = {"ronde": press(cast, notice, "opnieuw", alle="1").context["undo"]["token"]}
    with time_machine.travel(clock.now() + timedelta(minutes=11)):  # held for the night, it has not left either
        answer = cast.client("teacher_3b").post(address, waits, follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["Dit kan niet meer ongedaan gemaakt worden."]


@pytest.mark.parametrize("token", ["", "rubbish", "other"])
def test_a_forged_undo_takes_nothing_back(cast: Cast, token: str) -> None:
    notice, other = bounced(cast), bounced(cast)
    page = press(cast, other, "opnieuw", alle="1")
    given = page.context["undo"]["token"] if token == "other" else token
    cast.client("teacher_3b").post(reverse("round_undo", args=[notice.pk]), {"ronde": given})
    assert not Delivery.objects.filter(status=DeliveryStatus.CANCELLED).exists()


def test_there_is_time_to_undo_before_anything_leaves(cast: Cast, settings: Any) -> None:
    settings.UNDO_SECONDS = 20
    notice = bounced(cast)
    press(cast, notice, "opnieuw", alle="1")
    from messaging.outbox.clocks import database_now

    waits = Delivery.objects.filter(notice=notice, round=2)[0].due_at - database_now()  # type: ignore[operator]
    assert timedelta(seconds=10) < waits <= timedelta(seconds=20)


def test_taking_the_calls_makes_me_their_owner(cast: Cast) -> None:
    notice = bounced(cast)
    press(cast, notice, "bel", alle="1")
    press(cast, notice, "neem", person="care", alle="1")
    owners = FollowUp.objects.filter(kind="CALL", status=FollowUpStatus.OPEN).values_list("owner__full_name", flat=True)
    assert set(owners) == {"An Lemmens"}
    assert AuditEntry.objects.get(verb="took calls").detail["calls"] == 2


def test_a_family_reached_meanwhile_is_left_alone(cast: Cast) -> None:
    notice = bounced(cast)
    give_answer(delivery=delivery_to(notice, cast, "separated_father"), key="yes")
    press(cast, notice, "opnieuw", gezin=[cast.families["haddad"].pk])
    assert second_round(notice) == set()


@pytest.mark.parametrize("name", ["notice_bulk", "notice_remind", "round_undo"])
@pytest.mark.parametrize(("person", "status"), [("teacher_1a", 404), ("head_go", 404), ("office", 403)])
def test_others_do_nothing_with_it(cast: Cast, name: str, person: str, status: int) -> None:
    notice = bounced(cast)
    answer = cast.client(person).post(reverse(name, args=[notice.pk]), {"act": "opnieuw", "alle": "1"})
    assert answer.status_code == status
    assert second_round(notice) == set()


def school_notice(cast: Cast) -> Notice:
    """The head's notice to the whole school; nobody of 3B and 1A was reached."""
    from messaging.services import create_notice, publish_notice
    from tests.messaging.notices_for_pages import template

    day = clock.today() + timedelta(days=14)
    notice = create_notice(
        author=cast.staff["head"],
        template=template(),
        school=cast.schools["kersenboom"],
        school_class=None,
        values={"date": day.isoformat(), "time": "15:30", "place": "zaal", "teacher": "juf", "phone": "011"},
        answer_by=day,
    )
    publish_notice(notice=notice, by=cast.staff["head"])
    Delivery.objects.filter(notice=notice).update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED, due_at=None)
    notice.refresh_from_db()
    return notice


def test_a_class_teacher_sends_again_to_own_families_of_a_whole_schools_notice(cast: Cast) -> None:
    notice = school_notice(cast)
    standing = cast.client("teacher_1a").get(reverse("notice_detail", args=[notice.pk])).context["standing"]
    assert (standing.totals.needs_person, standing.totals.needs_person_shown, standing.totals.elsewhere) == (3, 1, 2)
    press(cast, notice, "opnieuw", person="teacher_1a", alle="1")
    assert second_round(notice) == {("Sara", "EMAIL", 2)}


def test_a_page_that_updates_itself_keeps_what_was_ticked(cast: Cast) -> None:
    notice = bounced(cast)
    haddad = cast.families["haddad"].pk
    answer = cast.client("teacher_3b").get(
        reverse("notice_status", args=[notice.pk]), {"gezin": [haddad]}, headers={"HX-Request": "true"}
    )
    page = " ".join(answer.content.decode().split())
    assert f'value="{haddad}" id="gezin-{haddad}" checked' in page


def test_the_list_of_a_large_notice_is_paged(cast: Cast) -> None:
    for _number in range(30):
        make_family(cast.classes["3b"], languages=["tr"])
    notice = sent(cast)
    Delivery.objects.filter(notice=notice).update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED, due_at=None)
    browser = cast.client("teacher_3b")
    first = browser.get(reverse("notice_detail", args=[notice.pk])).context["standing"]
    second = browser.get(reverse("notice_detail", args=[notice.pk]), {"page": "2"}).context["standing"]
    assert (first.totals.needs_person_shown, len(first.unreached), len(second.unreached)) == (32, 25, 7)
    assert not {row.family_id for row in first.unreached} & {row.family_id for row in second.unreached}


def test_a_text_message_of_which_nobody_knows_what_became_is_shown_to_a_person(cast: Cast) -> None:
    notice = sent(cast)
    settle(notice)
    fail(notice, reason=Reason.OUTCOME_UNKNOWN)
    page = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk])).content.decode()
    listed = page[page.index('id="niet-bereikt"') :]
    assert "Yusuf" in listed
    assert "Wij weten niet of de sms bij <bdi>Nadia Haddad</bdi> aankwam" in listed


@pytest.mark.parametrize(
    ("reason", "words"),
    [(Reason.RETURNED, r"De brief van \w+\s24\snov aan"), (Reason.GAVE_UP, r"niet op tijd bereiken via")],
)
def test_why_a_family_was_not_reached_says_no_day_and_no_time_that_is_not_so(
    cast: Cast, reason: str, words: str
) -> None:
    """The day is that of the letter, not of its return; an urgent message gives up on the evening of its day."""
    notice = sent(cast)
    settle(notice)
    fail(notice, reason=reason)
    page = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk])).content.decode()
    assert re.search(words, page)
    assert "drie dagen" not in page


def test_every_family_is_said_to_have_answered_only_where_one_did(cast: Cast) -> None:
    """Children who are in no family yet are counted in none."""
    FamilyMembership.objects.all().delete()
    notice, everyone = sent(cast), "Elk gezin heeft geantwoord."
    page, teacher = reverse("notice_detail", args=[notice.pk]), cast.client("teacher_3b")
    assert everyone not in teacher.get(page).content.decode()
    for family, pupil in (("kaur", "simran"), ("haddad", "yusuf")):
        make = {"family": cast.families[family], "pupil": cast.pupils[pupil], "starts_on": cast.year.starts_on}
        FamilyMembership.objects.create(**make)
    for guardian in ("mother", "separated_father"):
        give_answer(delivery=delivery_to(notice, cast, guardian), key="yes")
    assert everyone in teacher.get(page).content.decode()
