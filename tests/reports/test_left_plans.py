"""What a colleague planned for a day after the own post: the head is told, passes it on, and it goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from messaging.models import Delivery, Notice, NoticeStatus
from messaging.services import publish_due, schedule_notice, unschedule_notice
from messaging.services.handing import hand_notice
from parents.models import ConferenceHost, ConferenceRound, ConferenceSlot
from parents.services.booking import Wish
from parents.services.conferencetalks import give_talks
from reports.leftover import left_behind
from reports.waiting import waiting_for
from schools import clock
from schools.models import Assignment, AuditEntry
from tests.cast import Cast, build_cast
from tests.messaging.notices_for_pages import draft
from tests.parents.conferences import book, evening, hours_of, round_of, slot_of
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
URL = "left_tasks"


@pytest.fixture
def cast() -> Cast:
    return build_cast()


def post_ends(cast: Cast, key: str, days: int) -> None:
    Assignment.objects.filter(user=cast.staff[key]).update(ends_on=clock.today() + timedelta(days=days))


def kinds(cast: Cast, who: str = "head") -> list[str]:
    return [one.kind for one in left_behind(cast.staff[who]) if one.kind in ("gesprek", "bericht")]


def week(cast: Cast, who: str = "head") -> list[str]:
    return [one.slug for one in waiting_for(cast.staff[who])]


def planned(cast: Cast, *, days: int = 3) -> Notice:
    """A notice of the teacher of 3B that leaves in some days."""
    notice = draft(cast)
    Notice.objects.filter(pk=notice.pk).update(send_at=clock.now() + timedelta(days=days))
    notice.refresh_from_db()
    schedule_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    return notice


class TestTalks:
    """A round in nine days; the teacher's post ends before it."""

    @pytest.fixture
    def slot(self, cast: Cast) -> ConferenceSlot:
        made = round_of(cast)
        return book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father", Wish("SCHOOL"))

    def test_the_head_reads_of_them_as_soon_as_the_post_is_shortened(self, cast: Cast, slot: ConferenceSlot) -> None:
        assert (kinds(cast), week(cast)) == ([], [])
        post_ends(cast, "teacher_3b", 5)
        assert (kinds(cast), week(cast)) == (["gesprek"], ["left"])
        one = left_behind(cast.staff["head"])[0]
        assert {cast.staff["head"], cast.staff["care"]} <= set(one.heirs)
        assert not {cast.staff[key] for key in ("teacher_3b", "teacher_1a", "office", "clb_go")} & set(one.heirs)
        page = cast.client("head").get(reverse(URL)).content.decode()
        assert reverse("conference_host", args=[slot.round.hosts.get().pk]) in page
        assert "Oudercontact lente" in page
        assert (kinds(cast, "head_go"), week(cast, "teacher_3b")) == ([], [])

    def test_a_colleague_gets_the_times_and_what_parents_chose(self, cast: Cast, slot: ConferenceSlot) -> None:
        post_ends(cast, "teacher_3b", 5)
        host = slot.round.hosts.get()
        answer = cast.client("head").post(reverse(URL), {f"gesprek-{host.pk}": cast.staff["care"].pk})
        assert answer.status_code == 302
        slot.refresh_from_db()
        assert slot.hour is not None
        assert (slot.status, slot.hour.teacher, slot.hour.host.teacher) == (
            "BOOKED",
            cast.staff["care"],
            slot.hour.teacher,
        )
        assert slot.hour.host.room == "lokaal 3b"
        assert not ConferenceHost.objects.filter(pk=host.pk).exists(), "nothing is left with who is gone"
        assert (kinds(cast), week(cast)) == ([], [])
        entry = AuditEntry.objects.get(verb="gave talks to a colleague")
        assert (entry.actor, entry.detail["before"]) == (cast.staff["head"], cast.staff["teacher_3b"].pk)

    def test_a_day_on_which_the_teacher_is_still_there_stays(self, cast: Cast) -> None:
        made = round_of(cast, times=evening(days=2))
        later = round_of(cast, times=evening(days=9))
        book(cast, slot_of(cast, later, "yusuf"), hours_of(later)[0], "separated_father")
        ConferenceHost.objects.filter(round=later).get().hours.update(host=made.hosts.get())
        ConferenceHost.objects.filter(round=later).delete()
        post_ends(cast, "teacher_3b", 5)
        host = made.hosts.get()
        assert give_talks(host=host, to=cast.staff["head"], by=cast.staff["head"]) == 6
        assert {hour.host.teacher for hour in hours_of(made)} == {cast.staff["teacher_3b"], cast.staff["head"]}
        assert host.hours.count() == 6

    def test_who_has_another_talk_then_does_not_get_them(self, cast: Cast, slot: ConferenceSlot) -> None:
        made = ConferenceRound.objects.get()
        other = round_of(cast, "1a")
        Assignment.objects.filter(user=cast.staff["teacher_1a"]).update(role="CARE_COORDINATOR", school_class=None)
        assert other.pk != made.pk
        post_ends(cast, "teacher_3b", 5)
        with pytest.raises(ValidationError, match="Wim Jacobs"):
            give_talks(host=slot.round.hosts.get(), to=cast.staff["teacher_1a"], by=cast.staff["head"])
        host = slot.round.hosts.get()
        answer = cast.client("head").post(reverse(URL), {f"gesprek-{host.pk}": cast.staff["teacher_1a"].pk})
        assert answer.status_code == 422
        slot.refresh_from_db()
        assert slot.hour is not None
        assert slot.hour.host == host

    def test_once_cancelled_the_head_has_nothing_to_do(self, cast: Cast, slot: ConferenceSlot) -> None:
        post_ends(cast, "teacher_3b", 5)
        host = slot.round.hosts.get()
        data = {"form": "stop", "stop-because": "De juf is weg.", "because": "De juf is weg."}
        cast.client("head").post(reverse("conference_host", args=[host.pk]), data)
        slot.refresh_from_db()
        assert slot.status == "OFFERED"
        assert (kinds(cast), week(cast)) == ([], [])


class TestNotices:
    def test_one_that_waits_is_seen_before_its_hour_and_leaves_by_a_colleague(self, cast: Cast) -> None:
        notice = planned(cast)
        assert (kinds(cast), week(cast)) == ([], [])
        post_ends(cast, "teacher_3b", 1)
        assert (kinds(cast), week(cast)) == (["bericht"], ["left"])
        one = left_behind(cast.staff["head"])[0]
        assert one.what == notice.texts.get(language="nl").title
        assert "Er wacht niets op je" not in text_of(cast.client("head").get(reverse("my_week")))
        answer = cast.client("head").post(reverse(URL), {f"bericht-{notice.pk}": cast.staff["head"].pk})
        assert answer.status_code == 302
        notice.refresh_from_db()
        assert (notice.author, notice.status) == (cast.staff["head"], NoticeStatus.SCHEDULED)
        assert (kinds(cast), week(cast)) == ([], [])
        with time_machine.travel(clock.now() + timedelta(days=4)):
            assert publish_due() == 1
        assert Delivery.objects.filter(notice=notice).exists()
        assert AuditEntry.objects.get(verb="handed over").detail["before"] == cast.staff["teacher_3b"].pk

    def test_one_that_did_not_leave_is_passed_on_and_sent_or_thrown_away(self, cast: Cast) -> None:
        notice = planned(cast)
        post_ends(cast, "teacher_3b", 1)
        with time_machine.travel(clock.now() + timedelta(days=4)):
            assert publish_due() == 0
            assert kinds(cast) == ["bericht"]
            one = left_behind(cast.staff["head"])[0]
            assert not {cast.staff["teacher_1a"], cast.staff["office"], cast.staff["clb_go"]} & set(one.heirs)
            cast.client("head").post(reverse(URL), {f"bericht-{notice.pk}": cast.staff["care"].pk})
            browser, page = cast.client("care"), reverse("notice_check", args=[notice.pk])
            assert browser.get(page).status_code == 200
            assert browser.post(reverse("notice_publish", args=[notice.pk])).status_code == 302
            notice.refresh_from_db()
            assert notice.status == NoticeStatus.PUBLISHED

    def test_a_draft_without_an_hour_stays_its_author_s_own(self, cast: Cast) -> None:
        draft(cast)
        post_ends(cast, "teacher_3b", -1)
        assert (kinds(cast), week(cast)) == ([], [])

    def test_one_that_its_author_took_back_was_not_to_leave_any_more(self, cast: Cast) -> None:
        notice = planned(cast)
        unschedule_notice(notice=notice, by=notice.author)
        post_ends(cast, "teacher_3b", 1)
        with time_machine.travel(clock.now() + timedelta(days=4)):
            assert (kinds(cast), week(cast)) == ([], [])

    def test_one_whose_author_is_there_is_the_author_s(self, cast: Cast) -> None:
        notice = planned(cast)
        Notice.objects.filter(pk=notice.pk).update(send_at=clock.now() - timedelta(hours=1), status="DRAFT")
        assert (kinds(cast), week(cast)) == ([], [])
        post_ends(cast, "teacher_3b", -1)
        assert kinds(cast) == ["bericht"]
        Notice.objects.filter(pk=notice.pk).update(send_at=clock.now() - timedelta(days=40))
        assert kinds(cast) == [], "after a month it says nothing any more"

    def test_who_could_not_send_it_does_not_get_it(self, cast: Cast) -> None:
        notice = planned(cast)
        for key in ("teacher_1a", "head_go"):
            with pytest.raises(ValidationError, match=cast.staff[key].full_name):
                hand_notice(notice=notice, to=cast.staff[key], by=cast.staff["head"])
        notice.refresh_from_db()
        assert notice.author == cast.staff["teacher_3b"]
