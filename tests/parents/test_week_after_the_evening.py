"""After an evening of talks my week asks its teacher who came, until it is written down; a parent who opens the
invitation again reads when the talk was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ingroeibloei.templatetags.written import daydate
from messaging.tokens import make_token
from parents.models import ConferenceHour, ConferenceRound, ConferenceSlot
from parents.services.attendance import Evening, write_attendance, write_unplanned
from reports.week import week_of
from schools import clock
from tests.cast import Cast
from tests.parents.conferences import book, evening, hours_of, invite, round_of, slot_of, ten_days_on
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_the_week_asks_who_came_until_it_is_written_down(cast: Cast) -> None:
    made, teacher = round_of(cast), cast.staff["teacher_3b"]
    for place, (pupil, guardian) in enumerate((("simran", "mother"), ("yusuf", "separated_father"))):
        book(cast, slot_of(cast, made, pupil), hours_of(made)[place], guardian)
    assert not week_of(teacher).held, "it is still to come"
    ten_days_on(made)
    host = made.hosts.get()
    [held] = week_of(teacher).held
    assert (held.host_id, held.n) == (host.pk, 2)
    page = text_of(cast.client("teacher_3b").get(reverse("my_week")))
    assert "waarvan niemand noteerde of de ouders kwamen" in page
    assert reverse("conference_host", args=[host.pk]) in page
    assert not week_of(cast.staff["teacher_1a"]).held, "it is not hers"
    slots = list(made.slots.order_by("starts_at").values_list("pk", flat=True).filter(starts_at__isnull=False))
    write_attendance(host=host, evening=Evening(slots, slots[:1]), by=teacher)
    assert not week_of(teacher).held


def test_a_talk_that_goes_on_is_not_asked_about(cast: Cast) -> None:
    made, teacher, now = round_of(cast), cast.staff["teacher_3b"], clock.now()
    slot = book(cast, slot_of(cast, made, "simran"), hours_of(made)[0], "mother")
    ConferenceHour.objects.filter(slot=slot).update(starts_at=now - timedelta(minutes=5), ends_at=now + MINUTE)
    ConferenceSlot.objects.filter(pk=slot.pk).update(starts_at=now - timedelta(minutes=5))
    assert not week_of(teacher).held
    ConferenceHour.objects.filter(slot=slot).update(ends_at=now - MINUTE)
    assert [row.n for row in week_of(teacher).held] == [1]


def test_it_asks_about_every_evening(cast: Cast) -> None:
    """The oldest is asked about the shortest: it may not be the one that is left out."""
    for days in range(8, 12):
        made = round_of(cast, times=evening(days=days))
        book(cast, slot_of(cast, made, "simran"), hours_of(made)[0], "mother")
        ten_days_on(made)
        ten_days_on(made)
    held = week_of(cast.staff["teacher_3b"]).held
    assert len(held) == 4
    assert held == sorted(held, key=lambda row: row.day, reverse=True), "the newest first"


def test_the_parent_s_page_says_when_it_was_and_nothing_of_what_is_to_come(cast: Cast, client: Client) -> None:
    made = round_of(cast)
    page = reverse("token_booking", args=[make_token(invite(cast, made, "separated_father"))])
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    to_come = "De leerkracht wil met u praten over uw kind.", "In mijn agenda zetten"
    before = text_of(client.get(page, {"taal": "nl"}))
    assert [words in before for words in to_come] == [True, True]
    ten_days_on(made)
    yesterday = clock.today() - timedelta(days=1)
    ConferenceRound.objects.filter(pk=made.pk).update(held_on=yesterday, last_on=None, books_until=clock.now())
    after = text_of(client.get(page, {"taal": "nl"}))
    assert "16.00" in after
    too_late = "Het is te laat om dit hier te veranderen. Bel de school."
    assert [words in after for words in (*to_come, too_late)] == [False, False, False]


def test_between_the_last_day_to_choose_and_the_talk_the_child_s_page_leads_to_it(cast: Cast) -> None:
    """There stand the room, the link to a talk by video and the file for a calendar."""
    made, father = round_of(cast), cast.guardian_client("separated_father")
    child, leads = reverse("portal_child", args=[cast.pupils["yusuf"].pk]), f'href="{reverse("portal_bookings")}"'

    def doors() -> int:
        return text_of(father.get(child)).split("<main")[1].count(leads)

    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
    assert doors() == 1
    ConferenceRound.objects.filter(pk=made.pk).update(books_until=clock.now())
    assert doors() == 1
    assert "Een uur kiezen" not in text_of(father.get(child, {"taal": "nl"}))
    ten_days_on(made)
    ConferenceRound.objects.filter(pk=made.pk).update(held_on=clock.today() - timedelta(days=1), last_on=None)
    assert doors() == 0


def test_a_family_that_came_without_a_time_reads_on_which_day_and_not_that_none_was_chosen(cast: Cast) -> None:
    made, father = round_of(cast), cast.guardians["separated_father"]
    days = [clock.today() - timedelta(days=number) for number in (9, 2)]
    ConferenceRound.objects.filter(pk=made.pk).update(held_on=days[0], last_on=None, books_until=clock.now())
    host, slot = made.hosts.get(), slot_of(cast, made, "yusuf")
    made.refresh_from_db()
    write_unplanned(host=host, slot=slot, guardian=father, held_on=days[1], by=cast.staff["teacher_3b"])
    for name in ("portal_child", "portal_career"):
        url = reverse(name, args=[cast.pupils["yusuf"].pk])
        page = text_of(cast.guardian_client("separated_father").get(url, {"taal": "nl"}))
        assert made.name in page
        assert "Er is geen uur gekozen." not in page
        with override("nl"):
            assert [f"<strong>{daydate(day, 'year')}</strong>" in page for day in days] == [False, True]
