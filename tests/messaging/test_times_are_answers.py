"""Who chose a time for the talk, or signed up for the gathering, has answered the notice and is not asked again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from messaging.exporting import answers_table
from messaging.how_far import HowFar, unanswered_guardians
from messaging.levels import Level, guardians_from
from messaging.mailbox import notice_lines
from messaging.models import Delivery, DeliveryStatus, Notice, Reason
from messaging.models.templates import ROUND_INVITATION
from messaging.progress import progress_of
from parents.models import ConferenceRound, ConferenceSlot, Guardian
from parents.services.attendance import Evening, write_attendance
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import page_url
from tests.parents.conferences import book, hours_of, invite, round_of, slot_of, ten_days_on, with_brother
from tests.parents.frame import text_of
from tests.parents.gatherings import announced, gathering_of, signed

pytestmark = pytest.mark.django_db


def needs_answer(guardian: Guardian) -> bool:
    return any(line.needs_answer for line in notice_lines(guardian=guardian, code="nl"))


def test_a_time_that_was_chosen_on_the_own_pages_too(cast: Cast) -> None:
    made = round_of(cast)
    notice, slot = invite(cast, made, "separated_father").notice, slot_of(cast, made, "yusuf")
    father = cast.guardians["separated_father"]
    how_far, asked = HowFar(notice, notice.author), Guardian.objects.all()
    families = how_far.totals.families
    assert (how_far.totals.answered, father in unanswered_guardians(notice, asked)) == (0, True)
    assert needs_answer(father)
    page = cast.guardian_client("separated_father")
    chosen = {"hour": hours_of(made)[0].key, "seen": slot.sequence, "way": "SCHOOL"}
    page.post(reverse("portal_booking", args=[slot.pk]), chosen)
    later = HowFar(notice, notice.author).totals
    assert (later.families, later.answered, later.at_least[Level.ANSWERED]) == (families, 1, 1)
    assert father not in unanswered_guardians(notice, asked)
    assert Guardian.objects.filter(guardians_from(notice, Level.ANSWERED)).get() == father
    assert not needs_answer(father)


def test_one_is_asked_until_each_child_has_its_own(cast: Cast) -> None:
    with_brother(cast)
    made = round_of(cast, "3b", "1a")
    mother = cast.guardians["dutch_mother"]
    notice = invite(cast, made, "dutch_mother").notice
    book(cast, slot_of(cast, made, "emma"), hours_of(made, "1A")[0], "dutch_mother")
    assert mother in unanswered_guardians(notice, Guardian.objects.all())
    assert needs_answer(mother)
    book(cast, slot_of(cast, made, "bram"), hours_of(made, "3B")[2], "dutch_mother")
    assert mother not in unanswered_guardians(notice, Guardian.objects.all())
    assert not needs_answer(mother)


@pytest.mark.parametrize("who", ["separated_father", None])
def test_a_time_from_paper_or_the_phone_is_one_too(cast: Cast, who: str | None) -> None:
    """Without saying whose words they were it is the family's, and with two homes nobody's for certain."""
    made = round_of(cast)
    notice = invite(cast, made, "separated_father").notice
    slot = slot_of(cast, made, "yusuf")
    book(cast, slot, hours_of(made)[0], who, by=cast.staff["head"])
    assert HowFar(notice, notice.author).totals.answered == 1
    people = {cast.guardians[key] for key in ("separated_father", "separated_mother")}
    answered = people & set(Guardian.objects.filter(guardians_from(notice, Level.ANSWERED)))
    assert answered == ({cast.guardians[who]} if who else people)
    certainly = people & set(Guardian.objects.filter(guardians_from(notice, Level.ANSWERED, certain=True)))
    assert certainly == ({cast.guardians[who]} if who else set())


def test_where_the_school_sets_the_times_the_answer_counts(cast: Cast) -> None:
    made = round_of(cast)
    ConferenceRound.objects.filter(pk=made.pk).update(books_until=None)
    made.refresh_from_db()
    notice, father = invite(cast, made, "separated_father").notice, cast.guardians["separated_father"]
    ConferenceSlot.objects.filter(round=made).update(status="BOOKED", entered_by=cast.staff["head"])
    assert HowFar(notice, notice.author).totals.answered == 0
    assert father in unanswered_guardians(notice, Guardian.objects.all())
    assert needs_answer(father)


def test_a_sign_up_for_what_the_notice_announces_is_one(cast: Cast) -> None:
    gathering = gathering_of(cast)
    notice = announced(cast, gathering, "separated_father").notice
    assert HowFar(notice, notice.author).totals.at_least[Level.ANSWERED] == 0
    signed(cast, gathering, "separated_father")
    assert HowFar(notice, notice.author).totals.at_least[Level.ANSWERED] == 1


def test_the_list_child_by_child_says_who_chose_as_the_page_counts_it(cast: Cast) -> None:
    """A colleague who calls those who did not answer leaves alone who has a time."""
    made = round_of(cast)
    notice, head = invite(cast, made, "separated_father").notice, cast.client("head")
    url = reverse("notice_answers", args=[notice.pk])
    child = cast.pupils["yusuf"].full_name
    assert child in text_of(head.get(url, {"wat": "geen"}))
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    row = next(entry["row"] for entry in head.get(url).context["rows"] if entry["row"].child == cast.pupils["yusuf"])
    assert (row.has_time, row.is_silent) == (True, False)
    assert "er is een uur gekozen" in text_of(head.get(url))
    assert child not in text_of(head.get(url, {"wat": "geen"}))
    _head, rows = answers_table(notice, cast.staff["head"], "nl")
    assert [row[3] for row in rows if row[0] == child] == ["er is een uur gekozen"]


@pytest.mark.parametrize("who", ["separated_father", None])
def test_the_list_of_notices_counts_them_as_the_page_does(cast: Cast, who: str | None) -> None:
    """Also when nothing that left arrived."""
    made, gathering = round_of(cast), gathering_of(cast)
    invitation = invite(cast, made, "separated_father").notice
    announcement = announced(cast, gathering, "separated_father").notice
    Delivery.objects.update(status=DeliveryStatus.FAILED, reason=Reason.BOUNCED)
    both = [invitation, announcement]
    assert [progress_of(both)[notice.pk].reached for notice in both] == [0, 0]
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], who, by=cast.staff["head"])
    signed(cast, gathering, "separated_father")
    pages = [HowFar(notice, notice.author).totals for notice in both]
    rows = [progress_of(both)[notice.pk] for notice in both]
    assert [row.reached for row in rows] == [page.reached for page in pages] == [1, 1]
    assert [row.families for row in rows] == [page.families for page in pages]


def test_the_sender_sees_before_and_after_that_parents_choose_a_time(cast: Cast) -> None:
    made = round_of(cast)
    notice, head = invite(cast, made, "separated_father").notice, cast.client("head")
    typed = head.get(reverse("notice_compose", args=[ROUND_INVITATION]), {"aan": f"round:{made.pk}"}).context["preview"]
    assert typed["answers"] == ["Een uur kiezen"]
    shown = text_of(head.get(reverse("notice_preview", args=[notice.pk, "ar", "pagina"])))
    assert "<li>اختاروا موعداً</li>" in shown
    assert "<li>Een uur kiezen</li>" in shown
    assert "<li>Ja, ik kom</li>" not in shown
    board = text_of(head.get(reverse("notice_detail", args=[notice.pk])))
    assert reverse("conference_detail", args=[made.pk]) in board
    assert "wie dat deed, staat bij de ronde" in board
    board = text_of(cast.client("joint").get(reverse("notice_detail", args=[notice.pk])))
    assert "wie dat deed, staat bij de ronde" in board
    assert reverse("conference_detail", args=[made.pk]) not in board, "it would be refused"


@pytest.mark.parametrize("answer_by", [-1, 1], ids=["its last day has passed", "its last day is to come"])
def test_who_came_is_not_asked_whether_they_come(cast: Cast, client: Client, answer_by: int) -> None:
    """Once it is written down who came, nothing is left to choose; the answers are those of the paper."""
    made = round_of(cast)
    delivery = invite(cast, made, "separated_father")
    Notice.objects.filter(pk=delivery.notice_id).update(answer_by=clock.today() + timedelta(days=answer_by))
    slot = book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    ten_days_on(made)
    evening = Evening([slot.pk], [slot.pk])
    assert write_attendance(host=made.hosts.get(), evening=evening, by=cast.staff["teacher_3b"])
    page = text_of(client.get(page_url(delivery), {"taal": "nl"}))
    assert 'name="answer"' not in page
    assert "De dag om te antwoorden is voorbij" not in page
    assert "Ik heb dit gelezen" in page
