"""A notice that leaves later: locked meanwhile, settled when it leaves, and never lost."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from messaging import services, tasks
from messaging.models import Delivery, Notice, NoticeStatus
from messaging.services import publish_due, publish_notice, schedule_notice, unschedule_notice, update_notice
from parents.models import Guardianship
from schools import clock
from schools.models import Assignment, AuditEntry, Enrolment
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import COMPOSE, draft, filled_in, template
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


def waiting(**fields: Any) -> Notice:
    """A notice to a class with one family, that leaves in an hour."""
    room = make.make_class()
    make.make_family(room)
    notice = make.make_notice(room, send_at=clock.now() + timedelta(hours=1), **fields)
    schedule_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    return notice


def its_hour_comes(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(send_at=clock.now() - timedelta(minutes=1))


def test_it_waits_until_its_hour_and_then_leaves_by_the_task() -> None:
    notice = waiting()
    assert notice.status == NoticeStatus.SCHEDULED
    assert publish_due() == 0
    assert not Delivery.objects.exists()
    its_hour_comes(notice)
    tasks.deliver_due()
    notice.refresh_from_db()
    assert (notice.status, Delivery.objects.count()) == (NoticeStatus.PUBLISHED, 1)
    assert publish_due() == 0, "once"
    entry = AuditEntry.objects.get(verb="sent")
    assert entry.actor == notice.author


def test_nobody_changes_it_meanwhile() -> None:
    notice = waiting()
    hour = notice.send_at
    with pytest.raises(ValidationError):
        update_notice(notice, values={"place": "elders"})
    unschedule_notice(notice=notice, by=notice.author)
    update_notice(notice, values={"place": "elders"})
    notice.refresh_from_db()
    assert (notice.status, notice.values["place"]) == (NoticeStatus.DRAFT, "elders")
    assert hour is not None
    assert notice.send_at == hour, "put right, it is to leave when its writer chose"


def test_what_left_is_no_draft_again() -> None:
    notice = waiting()
    its_hour_comes(notice)
    publish_due()
    with pytest.raises(ValidationError):
        unschedule_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.PUBLISHED


def test_taken_back_when_its_hour_had_come_it_has_none() -> None:
    """Beat was late: a draft with that hour would say that something was in the way."""
    notice = waiting()
    its_hour_comes(notice)
    unschedule_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    assert (notice.status, notice.send_at) == (NoticeStatus.DRAFT, None)


def test_taken_back_before_its_hour_nothing_was_in_its_way_when_that_passes() -> None:
    notice = waiting()
    unschedule_notice(notice=notice, by=notice.author)
    update_notice(notice, values={"place": "elders"})
    notice.refresh_from_db()
    assert notice.send_at is not None
    with time_machine.travel(notice.send_at + timedelta(hours=1), tick=False):
        assert (notice.did_not_leave, list(Notice.objects.held_back(notice.author))) == (False, [])
        its_hour_comes(notice)
        notice.refresh_from_db()
        assert notice.did_not_leave, "its writer chose another hour since"
        assert list(Notice.objects.held_back(notice.author)) == [notice]


def test_who_is_in_the_class_at_that_hour_gets_it() -> None:
    notice = waiting()
    newcomer = make.make_family(notice.school_class)  # type: ignore[arg-type]
    its_hour_comes(notice)
    publish_due()
    assert newcomer.guardians[0].pk in set(Delivery.objects.values_list("guardian_id", flat=True))


def test_sent_now_it_does_not_leave_a_second_time() -> None:
    notice = waiting()
    publish_notice(notice=notice, by=notice.author)
    its_hour_comes(notice)
    assert publish_due() == 0
    assert Delivery.objects.count() == 1


def test_an_hour_that_has_passed_is_no_hour() -> None:
    room = make.make_class()
    make.make_family(room)
    notice = make.make_notice(room, send_at=clock.now() - timedelta(hours=1))
    with pytest.raises(ValidationError):
        schedule_notice(notice=notice, by=notice.author)


@pytest.mark.parametrize("name", ["date", "deadline"])
def test_what_would_come_too_late_does_not_wait_so_long(name: str) -> None:
    """For its hour, or for translations that never come."""
    room = make.make_class()
    make.make_family(room)
    notice = make.make_notice(room, values={name: (clock.today() + timedelta(days=2)).isoformat()})
    Notice.objects.update(send_at=clock.now() + timedelta(days=3))
    with pytest.raises(ValidationError, match="Laat het vroeger vertrekken"):
        schedule_notice(notice=notice, by=notice.author)
    Notice.objects.update(send_at=clock.now() + timedelta(days=2))
    assert schedule_notice(notice=notice, by=notice.author)


def test_a_draft_from_last_week_does_not_invite_to_yesterday() -> None:
    room = make.make_class()
    make.make_family(room)
    notice = make.make_notice(room, values={"date": (clock.today() - timedelta(days=1)).isoformat()})
    with pytest.raises(ValidationError, match="voorbij") as refused:
        publish_notice(notice=notice, by=notice.author)
    assert refused.value.code == "day"
    update_notice(notice, values={"date": clock.today().isoformat()})
    assert publish_notice(notice=notice, by=notice.author) == 1


def test_what_tells_of_a_day_that_was_may_leave_after_it() -> None:
    room = make.make_class()
    make.make_family(room)
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    notice = make.make_notice(room, slug="illness-certificate", values={"date": yesterday})
    assert publish_notice(notice=notice, by=notice.author) == 1


def test_one_that_cannot_leave_goes_back_and_says_so_and_the_next_one_leaves(cast: Cast) -> None:
    stuck, fine = waiting(), waiting()
    Enrolment.objects.filter(school_class=stuck.school_class).update(ends_on=clock.today() - timedelta(days=1))
    for notice in (stuck, fine):
        its_hour_comes(notice)
    assert publish_due() == 1
    for notice in (stuck, fine):
        notice.refresh_from_db()
    assert (stuck.status, fine.status) == (NoticeStatus.DRAFT, NoticeStatus.PUBLISHED)
    assert AuditEntry.objects.get(verb="held").detail == {"reason": "nobody"}


def test_who_works_here_no_more_by_then_is_told_so_at_once() -> None:
    """It would wait for its hour and not leave, and nobody else sees it."""
    room = make.make_class()
    make.make_family(room)
    notice = make.make_notice(room, send_at=clock.now() + timedelta(days=3))
    posts = Assignment.objects.filter(user=notice.author)
    posts.update(ends_on=clock.today() + timedelta(days=2))
    with pytest.raises(ValidationError, match="niet meer"):
        schedule_notice(notice=notice, by=notice.author)
    posts.update(ends_on=clock.today() + timedelta(days=3))
    assert schedule_notice(notice=notice, by=notice.author)


def test_a_class_of_this_year_is_not_waited_for_in_the_next() -> None:
    """The check counts families whom it would not reach: in September the class is empty."""
    room = make.make_class()
    make.make_family(room)
    over = datetime.combine(room.year.last_day + timedelta(days=1), time(8), tzinfo=clock.BRUSSELS)
    notice = make.make_notice(room, values={}, send_at=over)
    Assignment.objects.filter(user=notice.author).update(ends_on=None)
    with pytest.raises(ValidationError, match=f"schooljaar van klas {room.name} om"):
        schedule_notice(notice=notice, by=notice.author)
    Notice.objects.filter(pk=notice.pk).update(send_at=over - timedelta(days=1))
    assert schedule_notice(notice=notice, by=notice.author)


def test_an_author_who_left_sends_nothing_more() -> None:
    notice = waiting()
    Assignment.objects.filter(user=notice.author).update(ends_on=clock.today() - timedelta(days=1))
    its_hour_comes(notice)
    assert publish_due() == 0
    assert AuditEntry.objects.get(verb="held").detail == {"reason": "not_addressed"}


def test_a_fault_in_one_does_not_hold_the_others(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    broken, fine = waiting(), waiting()
    Notice.objects.filter(pk=broken.pk).update(send_at=clock.now() - timedelta(hours=2))
    its_hour_comes(fine)
    real = services.publishing.refuse_unready

    def refuse(notice: Notice, by: Any, **more: Any) -> None:
        if notice.pk == broken.pk:
            raise RuntimeError("a fault")
        real(notice, by, **more)

    monkeypatch.setattr(services.publishing, "refuse_unready", refuse)
    assert publish_due() == 1
    broken.refresh_from_db()
    assert broken.status == NoticeStatus.SCHEDULED, "it waits for the next try"


class TestOnThePages:
    def _composed(self, cast: Cast, **more: Any) -> Notice:
        template()
        moment = clock.now().astimezone(clock.BRUSSELS) + timedelta(days=1)
        typed = filled_in(cast, send_at=f"{moment:%Y-%m-%dT08:15}", **more)
        assert cast.client("teacher_3b").post(COMPOSE, typed).status_code == 302
        return Notice.objects.get()

    def test_the_teacher_lets_it_leave_tomorrow_and_takes_it_back(self, cast: Cast) -> None:
        notice = self._composed(cast)
        assert notice.send_at is not None
        assert f"{notice.send_at.astimezone(clock.BRUSSELS):%H:%M}" == "08:15"
        browser = cast.client("teacher_3b")
        check = browser.get(reverse("notice_check", args=[notice.pk])).content.decode()
        assert reverse("notice_schedule", args=[notice.pk]) in check
        assert reverse("notice_publish", args=[notice.pk]) in check
        page = browser.post(reverse("notice_schedule", args=[notice.pk]), follow=True).content.decode()
        assert reverse("notice_unschedule", args=[notice.pk]) in page
        assert reverse("notice_edit", args=[notice.pk]) not in page
        assert "8.15" in browser.get(reverse("notice_list")).content.decode()
        browser.post(reverse("notice_unschedule", args=[notice.pk]))
        notice.refresh_from_db()
        assert notice.status == NoticeStatus.DRAFT
        assert (
            reverse("notice_schedule", args=[notice.pk])
            in browser.get(reverse("notice_check", args=[notice.pk])).content.decode()
        ), "at the same hour, in one tap"

    def test_the_teacher_sends_it_now_after_all(self, cast: Cast) -> None:
        notice = self._composed(cast)
        browser = cast.client("teacher_3b")
        browser.post(reverse("notice_schedule", args=[notice.pk]))
        browser.post(reverse("notice_publish", args=[notice.pk]))
        assert Delivery.objects.filter(notice=notice).count() == 4

    def test_until_it_leaves_only_the_author_sees_it(self, cast: Cast) -> None:
        notice = self._composed(cast)
        cast.client("teacher_3b").post(reverse("notice_schedule", args=[notice.pk]))
        for name in ("notice_check", "notice_detail", "notice_status"):
            assert cast.client("head").get(reverse(name, args=[notice.pk])).status_code == 404

    def test_the_check_says_that_it_did_not_leave(self, cast: Cast) -> None:
        notice = self._composed(cast)
        Notice.objects.filter(pk=notice.pk).update(send_at=clock.now() - timedelta(hours=1))
        Enrolment.objects.filter(school_class=notice.school_class).update(ends_on=clock.today() - timedelta(days=1))
        teacher = cast.client("teacher_3b")
        check = teacher.get(reverse("notice_check", args=[notice.pk])).content.decode()
        assert "maar deed dat niet" in check
        assert "In deze groep zit geen kind meer" in check, "who is not there has no parents to be asked for"
        assert "niet vertrokken op" in teacher.get(reverse("notice_list")).content.decode()
        week = teacher.get(reverse("my_week")).content.decode()
        assert "bericht van jou is niet vertrokken op zijn uur" in week
        assert "niet vertrokken" not in cast.client("head").get(reverse("my_week")).content.decode()

    def test_an_hour_after_the_last_day_to_answer_is_refused_in_those_words(self, cast: Cast) -> None:
        template()
        moment = clock.now().astimezone(clock.BRUSSELS) + timedelta(days=8)
        form = cast.client("teacher_3b").post(COMPOSE, filled_in(cast, send_at=f"{moment:%Y-%m-%dT%H:%M}"))
        assert form.context["form"].errors["send_at"] == [
            "Dit is na de laatste dag om te antwoorden. Kies een vroeger uur."
        ]

    @pytest.mark.parametrize("hours", [-1, 24 * 400])
    def test_an_hour_behind_or_far_ahead_is_refused(self, cast: Cast, hours: int) -> None:
        template()
        moment = clock.now().astimezone(clock.BRUSSELS) + timedelta(hours=hours)
        typed = filled_in(cast, send_at=f"{moment:%Y-%m-%dT%H:%M}")
        assert cast.client("teacher_3b").post(COMPOSE, typed).status_code == 422

    def test_what_tells_of_last_week_may_leave_tomorrow(self, cast: Cast) -> None:
        row, moment = template("illness-certificate"), clock.now().astimezone(clock.BRUSSELS) + timedelta(days=1)
        typed = filled_in(
            cast,
            pupils=cast.pupils["yusuf"].pk,
            date=(clock.today() - timedelta(days=4)).isoformat(),
            deadline=(clock.today() + timedelta(days=7)).isoformat(),
            send_at=f"{moment:%Y-%m-%dT%H:%M}",
        )
        browser = cast.client("teacher_3b")
        assert browser.post(reverse("notice_compose", args=[row.slug]), typed).status_code == 302
        notice = Notice.objects.get()
        browser.post(reverse("notice_schedule", args=[notice.pk]))
        notice.refresh_from_db()
        assert notice.status == NoticeStatus.SCHEDULED


def test_one_that_would_reach_nobody_by_now_can_be_taken_back_to_a_draft(cast: Cast) -> None:
    notice = draft(cast)
    Notice.objects.filter(pk=notice.pk).update(send_at=clock.now() + timedelta(days=2))
    notice.refresh_from_db()
    schedule_notice(notice=notice, by=notice.author)
    Guardianship.objects.update(information_right=False)
    back = reverse("notice_unschedule", args=[notice.pk])
    page = text_of(cast.client("teacher_3b").get(reverse("notice_check", args=[notice.pk])))
    assert "Dit bericht zou niemand bereiken" in page
    assert f'action="{back}"' in page
    assert f'action="{reverse("notice_publish", args=[notice.pk])}"' not in page, "it would be refused"
