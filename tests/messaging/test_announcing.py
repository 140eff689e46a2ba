"""A gathering is announced with an ordinary notice, in every language, that leads to the sign-up."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from messaging import outbox
from messaging.models import Delivery, Notice, NoticeKind
from messaging.plain_dutch import Kind
from messaging.plainpage import of_notice
from messaging.services import (
    announce_gathering,
    cancel_notice,
    copy_notice,
    correct_notice,
    publish_due,
    publish_notice,
    schedule_notice,
    tell_of_gatherings,
)
from parents.services.gatherings import cancel_gathering, change_gathering
from schools import clock
from schools.languages import INTERFACE_CODES
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import template
from tests.parents.frame import text_of
from tests.parents.gatherings import announced, facts, gathering_of, held, library

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _templates(cast: Cast) -> None:
    template()


def test_one_button_leads_to_a_draft_that_says_all_that_is_known(cast: Cast) -> None:
    gathering, head = gathering_of(cast), cast.client("head")
    answer = head.post(reverse("gathering_announce", args=[gathering.pk]))
    notice = Notice.objects.get()
    assert answer.headers["Location"] == reverse("notice_edit", args=[notice.pk])
    assert (notice.audience, notice.gathering, notice.answers) == ("SCHOOL", gathering, [])
    assert notice.template is not None
    assert notice.template.slug == "coffee-morning"
    assert set(notice.texts.values_list("language", flat=True)) == set(INTERFACE_CODES)
    for text in notice.texts.all():
        assert "Koffie: slapen" in text.slots["what"]
        assert "Ouderlokaal" in text.slots["where"]
    page = text_of(head.get(answer.headers["Location"]))
    assert "Bij dit bericht hoort de inschrijving voor: Koffie: slapen" in page
    assert "Misschien" not in page, "one list of who comes: no answers beside the sign-up"


def test_one_that_asks_to_do_something_is_not_asked_for_answers_or_a_last_day(cast: Cast) -> None:
    notice = announce_gathering(gathering=gathering_of(cast), by=cast.staff["head"])
    notice.kind = NoticeKind.ACTIE
    kinds = {hint.finding.kind for hint in of_notice(notice, notice.texts.get(language="nl")).hints}
    assert not kinds & {Kind.ANSWER, Kind.DEADLINE}


def test_any_other_kind_has_the_general_text(cast: Cast) -> None:
    notice = announce_gathering(gathering=library(cast), by=cast.staff["head"])
    assert notice.template is not None
    assert notice.template.slug == "parents-gathering"
    assert "Voorlezen" in notice.texts.get(language="pa").body


def test_the_author_narrows_the_group_and_the_sign_up_stays(cast: Cast) -> None:
    gathering, head = gathering_of(cast), cast.client("head")
    head.post(reverse("gathering_announce", args=[gathering.pk]))
    notice = Notice.objects.get()
    url = reverse("notice_edit", args=[notice.pk])
    form = head.get(url).context["form"]
    sent = {
        name: form[name].value() or "" for name in ("date", "time", "place", "activity", "kind", "page", "revision")
    }
    sent |= {"audience": f"class:{cast.classes['3b'].pk}", "translation_reason": "WELCOME"}
    assert head.post(url, sent).status_code == 302
    notice.refresh_from_db()
    assert notice.answers == []
    assert (notice.audience, notice.school_class, notice.gathering) == ("CLASS", cast.classes["3b"], gathering)
    assert copy_notice(notice, by=cast.staff["head"]).gathering == gathering


def test_announced_again_the_waiting_draft_tells_the_present_hour(cast: Cast) -> None:
    gathering, head = gathering_of(cast), cast.staff["head"]
    first = announce_gathering(gathering=gathering, by=head)
    change_gathering(gathering=gathering, facts=facts(place="Turnzaal"), by=head)
    again = announce_gathering(gathering=gathering, by=head)
    assert again.pk == first.pk
    assert "Turnzaal" in again.texts.get(language="nl").slots["where"]


def test_a_colleague_does_not_take_up_somebody_else_s_draft(cast: Cast) -> None:
    gathering = gathering_of(cast)
    first = announce_gathering(gathering=gathering, by=cast.staff["head"])
    own = announce_gathering(gathering=gathering, by=cast.staff["teacher_3b"])
    assert own.pk != first.pk
    page = text_of(cast.client("teacher_1a").get(reverse("gathering_detail", args=[gathering.pk])))
    assert reverse("notice_check", args=[own.pk]) not in page, "nor is it shown to the teacher of another class"


def test_a_teacher_announces_it_to_the_own_class(cast: Cast) -> None:
    notice = announce_gathering(gathering=gathering_of(cast), by=cast.staff["teacher_3b"])
    assert (notice.audience, notice.school_class) == ("CLASS", cast.classes["3b"])


def test_what_is_over_or_cancelled_is_not_announced(cast: Cast) -> None:
    head, over, gone = cast.staff["head"], held(gathering_of(cast)), gathering_of(cast)
    cancel_gathering(gathering=gone, because="Ziek.", by=head)
    for gathering in (over, gone):
        with pytest.raises(ValidationError, match="niemand kan zich nog inschrijven"):
            announce_gathering(gathering=gathering, by=head)
        cast.client("head").post(reverse("gathering_announce", args=[gathering.pk]))
    assert not Notice.objects.exists()


def test_the_page_of_the_gathering_says_how_it_was_announced(cast: Cast) -> None:
    gathering = gathering_of(cast)
    delivery = announced(cast, gathering, "mother")
    page = text_of(cast.client("head").get(reverse("gathering_detail", args=[gathering.pk])))
    assert reverse("notice_detail", args=[delivery.notice_id]) in page
    assert "Opnieuw aankondigen" in page
    office = text_of(cast.client("office").get(reverse("gathering_detail", args=[gathering.pk])))
    assert reverse("notice_detail", args=[delivery.notice_id]) not in office, "it may not open notices"


def test_an_announcement_that_was_taken_back_announced_nothing(cast: Cast) -> None:
    gathering = gathering_of(cast)
    notice = announced(cast, gathering, "mother").notice
    url = reverse("gathering_detail", args=[gathering.pk])
    assert "geannuleerd" not in text_of(cast.client("head").get(url))
    cancel_notice(notice=notice, by=notice.author)
    assert "geannuleerd" in text_of(cast.client("head").get(url))


class TestItDoesNotGoOn:
    """A gathering is cancelled or moved while its announcement still waits to leave."""

    def planned(self, cast: Cast) -> Notice:
        """It leaves by itself in a day; the gathering is in nine."""
        notice = announce_gathering(gathering=gathering_of(cast), by=cast.staff["head"])
        Notice.objects.filter(pk=notice.pk).update(send_at=clock.now() + timedelta(days=1))
        notice.refresh_from_db()
        schedule_notice(notice=notice, by=notice.author)
        return notice

    def its_hour(self, notice: Notice) -> int:
        with time_machine.travel(clock.now() + timedelta(days=2)):
            left = publish_due()
        notice.refresh_from_db()
        return left

    def test_one_that_is_cancelled_is_announced_no_more(self, cast: Cast) -> None:
        notice = self.planned(cast)
        assert notice.gathering is not None
        cancel_gathering(gathering=notice.gathering, because="Ziek.", by=cast.staff["head"])
        assert (self.its_hour(notice), notice.status) == (0, "DRAFT")
        assert AuditEntry.objects.get(verb="held").detail == {"reason": "gathering"}
        assert not Delivery.objects.exists()

    def test_one_that_was_moved_waits_for_its_new_hour(self, cast: Cast) -> None:
        notice, head = self.planned(cast), cast.staff["head"]
        assert notice.gathering is not None
        change_gathering(gathering=notice.gathering, facts=facts(days=16), by=head)
        assert (self.its_hour(notice), notice.status) == (0, "DRAFT")
        with pytest.raises(ValidationError, match="verplaatst"):
            publish_notice(notice=notice, by=head)
        announce_gathering(gathering=notice.gathering, by=head)
        notice.refresh_from_db()
        assert publish_notice(notice=notice, by=head)

    def test_one_that_goes_on_leaves_at_its_hour(self, cast: Cast) -> None:
        assert self.its_hour(self.planned(cast)) == 1

    def test_mails_that_wait_for_the_morning_stay_here(self, cast: Cast) -> None:
        gathering, head = gathering_of(cast), cast.staff["head"]
        notice = announce_gathering(gathering=gathering, by=head)
        publish_notice(notice=notice, by=head)
        waiting = Delivery.objects.filter(notice=notice, status="QUEUED")
        number = waiting.count()
        assert number
        tell_of_gatherings()
        assert waiting.count() == number
        cancel_gathering(gathering=gathering, because="Ziek.", by=head)
        tell_of_gatherings()
        assert not waiting.exists()
        assert Delivery.objects.filter(notice=notice, status="CANCELLED", reason="WITHDRAWN").count() == number
        with time_machine.travel(clock.now() + timedelta(days=4)):
            outbox.climb()
        assert not waiting.exists(), "and no ladder goes on with it"

    def test_what_tells_that_it_is_cancelled_leaves(self, cast: Cast) -> None:
        gathering, head = gathering_of(cast), cast.staff["head"]
        first = announce_gathering(gathering=gathering, by=head)
        publish_notice(notice=first, by=head)
        cancel_gathering(gathering=gathering, because="Ziek.", by=head)
        first.refresh_from_db()
        second = correct_notice(notice=first, by=head)
        assert second.gathering == gathering
        planned = publish_notice(notice=second, by=head)
        tell_of_gatherings()
        assert Delivery.objects.filter(notice=second, status="QUEUED").count() == planned > 0
