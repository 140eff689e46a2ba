"""A notice is sent once, to everybody with a right to it, each by the way and in the language that works."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from messaging import audience, outbox
from messaging.models import (
    CallTask,
    Delivery,
    DeliveryStatus,
    LadderPolicy,
    Notice,
    NoticeKind,
    NoticePupil,
    OptOut,
)
from messaging.models.notices import NoticeStatus
from messaging.services import cancel_notice, choose_languages, publish_notice, update_notice, write_translation
from parents.models import FollowUp, Guardianship, ReadingMode
from schools import clock
from schools.models import AuditEntry
from tests import factories as make
from tests.messaging.notices_for_pages import once_more


def ways(notice: Notice) -> dict[int, tuple[str, str]]:
    rows = Delivery.objects.filter(notice=notice).values_list("guardian_id", "channel", "language")
    return {guardian: (channel, language) for guardian, channel, language in rows}


@pytest.fixture
def by_phone(settings: Any) -> None:
    settings.SMS_DRIVER = "record"


@pytest.mark.django_db
@pytest.mark.usefixtures("by_phone")
class TestEverybodyGetsTheirOwnWay:
    def test_mail_then_phone_then_letter_then_call(self) -> None:
        school_class = make.make_class()
        mail = make.make_family(school_class, languages=["pa"])
        phone = make.make_family(school_class, languages=["ar"], emails=[None], phones=["+32470000001"])
        letter = make.make_family(school_class, languages=["prs"], emails=[None])
        nothing = make.make_family(school_class, languages=["so"], emails=[None], with_address=False)
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        assert ways(notice) == {
            mail.guardians[0].pk: ("EMAIL", "pa"),
            phone.guardians[0].pk: ("SMS", "ar"),
            letter.guardians[0].pk: ("LETTER", "fa"),
            nothing.guardians[0].pk: ("CALL", "so"),
        }

    def test_a_preferred_way_comes_first_if_it_works(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, languages=["nl", "tr"], phones=["+32470000002"])
        for guardian in family.guardians:
            guardian.preferred_channel = "SMS"
            guardian.save()
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        assert ways(notice)[family.guardians[0].pk] == ("SMS", "nl")
        assert ways(notice)[family.guardians[1].pk] == ("EMAIL", "tr")

    def test_who_does_not_read_is_called_and_the_sender_has_a_follow_up(self) -> None:
        school_class = make.make_class()
        reader = make.make_family(school_class, languages=["nl"])
        reader.guardians[0].reading_mode = ReadingMode.ORAL_ONLY
        reader.guardians[0].save()
        speaker = make.make_family(school_class, languages=["rif"])
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        assert {channel for channel, _ in ways(notice).values()} == {"CALL"}
        tasks = CallTask.objects.select_related("follow_up", "delivery")
        assert {task.follow_up.family_id for task in tasks} == {reader.family.pk, speaker.family.pk}
        assert {task.follow_up.owner_id for task in tasks} == {notice.author_id}
        assert all("Uitnodiging" in task.follow_up.what for task in tasks)

    def test_who_refused_mail_gets_paper_and_urgent_notices_still_arrive(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class)
        OptOut.objects.create(guardian=family.guardians[0], channel="EMAIL", since=clock.now())
        notice = make.make_notice(school_class)
        urgent = make.make_notice(school_class, slug="urgent-early-closing")
        for each in (notice, urgent):
            publish_notice(notice=each, by=each.author)
        assert ways(notice)[family.guardians[0].pk][0] == "LETTER"
        assert ways(urgent)[family.guardians[0].pk][0] == "EMAIL"

    def test_a_shared_phone_gets_one_text_message(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, languages=["tr", "tr"], emails=[])
        make.make_point("+32470000003", *family.guardians, is_shared=True)
        notice = make.make_notice(school_class)
        assert publish_notice(notice=notice, by=notice.author) == 1
        assert [channel for channel, _ in ways(notice).values()] == ["SMS"]

    def test_no_right_to_information_no_notice(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, languages=["nl", "fr"])
        Guardianship.objects.filter(guardian=family.guardians[1]).update(information_right=False)
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        assert set(ways(notice)) == {family.guardians[0].pk}

    def test_an_ended_address_is_not_used(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class)
        family.points[0]["EMAIL"].valid_until = clock.today()
        family.points[0]["EMAIL"].save()
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        assert ways(notice)[family.guardians[0].pk][0] == "LETTER"

    def test_siblings_are_told_of_in_one_notice(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, children=["Ali", "Sara"])
        notice = make.make_notice(school_class)
        assert publish_notice(notice=notice, by=notice.author) == 1
        assert NoticePupil.objects.filter(notice=notice).count() == 2
        assert set(ways(notice)) == {family.guardians[0].pk}


@pytest.mark.django_db
class TestTheDecisionToSend:
    def test_it_is_written_down(self) -> None:
        school_class = make.make_class()
        make.make_family(school_class)
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        entry = AuditEntry.objects.get(verb="sent")
        assert (entry.actor, entry.target_id, entry.detail) == (notice.author, notice.pk, {"deliveries": 1})

    def test_a_second_time_is_refused_in_a_sentence(self) -> None:
        school_class = make.make_class()
        make.make_family(school_class)
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        with pytest.raises(ValidationError, match="al verzonden"):
            publish_notice(notice=notice, by=notice.author)
        assert Delivery.objects.count() == 1

    def test_a_missing_value_is_refused_by_name(self) -> None:
        school_class = make.make_class()
        make.make_family(school_class)
        notice = make.make_notice(school_class, values={"place": ""})
        with pytest.raises(ValidationError, match="place"):
            publish_notice(notice=notice, by=notice.author)
        update_notice(notice, values={"place": "lokaal 1"})
        assert publish_notice(notice=notice, by=notice.author) == 1

    def test_an_empty_class_is_refused(self) -> None:
        notice = make.make_notice(make.make_class())
        with pytest.raises(ValidationError, match="niemand"):
            publish_notice(notice=notice, by=notice.author)
        notice.refresh_from_db()
        assert notice.status == NoticeStatus.DRAFT

    def test_a_translation_older_than_the_dutch_is_not_sent(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, languages=["pa"])
        notice = make.make_notice(school_class)
        update_notice(notice, dutch={"body": "Beste ouder,\nWij praten graag met u over {child}. Nieuw!"})
        with pytest.raises(ValidationError, match="ਪੰਜਾਬੀ") as refusal:
            publish_notice(notice=notice, by=notice.author)
        assert "العربية" not in str(refusal.value), "nobody here reads Arabic"
        choose_languages(notice=notice, choices={"pa": "DUTCH"}, by=notice.author)
        publish_notice(notice=notice, by=notice.author)
        assert ways(notice)[family.guardians[0].pk] == ("EMAIL", "nl")

    def test_a_new_translation_is_not_stale(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, languages=["pa"])
        notice = make.make_notice(school_class)
        update_notice(notice, dutch={"title": "Kom praten"})
        write_translation(notice=notice, language="pa", text={"title": "ਗੱਲਬਾਤ"}, author=notice.author)
        publish_notice(notice=notice, by=notice.author)
        assert ways(notice)[family.guardians[0].pk] == ("EMAIL", "pa")

    def test_taking_it_back_stops_what_has_not_left(self) -> None:
        school_class = make.make_class()
        make.make_family(school_class)
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        assert cancel_notice(notice=notice, by=notice.author) == 1
        assert Delivery.objects.get().status == DeliveryStatus.CANCELLED

    def test_sending_again_is_the_next_round(self) -> None:
        school_class = make.make_class()
        make.make_family(school_class)
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        first = Delivery.objects.get()
        assert once_more(first) == [], "it still waits"
        Delivery.objects.update(status=DeliveryStatus.SENT)
        [second] = once_more(first)
        assert (second.round, second.status) == (2, DeliveryStatus.QUEUED)


@pytest.mark.django_db(transaction=True)
def test_two_people_send_at_once_and_it_goes_once() -> None:
    school_class = make.make_class()
    for _ in range(5):
        make.make_family(school_class)
    notice = make.make_notice(school_class)
    author = notice.author
    results: list[int | str] = []
    start = threading.Barrier(2)

    def send() -> None:
        start.wait()
        try:
            results.append(publish_notice(notice=Notice.objects.get(pk=notice.pk), by=author))
        except ValidationError as refusal:
            results.append(refusal.messages[0])
        finally:
            connection.close()

    people = [threading.Thread(target=send) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(str(result)[:4] for result in results) == ["5", "Dit "]
    assert Delivery.objects.count() == 5


@pytest.mark.django_db
class TestLargeSchools:
    @pytest.fixture(autouse=True)
    def _small_chunks(self, settings: Any) -> None:
        settings.FAN_OUT_IN_REQUEST, settings.FAN_OUT_CHUNK = 3, 4

    def _school(self) -> Notice:
        school_class = make.make_class()
        for _ in range(10):
            make.make_family(school_class)
        return make.make_notice(None, make.make_teacher(school_class), school=school_class.school, slug="school-closed")

    def test_only_the_decision_is_made_in_the_request(self) -> None:
        notice = self._school()
        assert publish_notice(notice=notice, by=notice.author) == 10
        notice.refresh_from_db()
        assert (notice.status, Delivery.objects.count()) == (NoticeStatus.PUBLISHING, 0)

    def test_chunks_go_on_where_they_stopped_and_nobody_comes_twice(self) -> None:
        notice = self._school()
        publish_notice(notice=notice, by=notice.author)
        assert outbox.plan_chunk(notice.pk)
        assert Delivery.objects.count() == 4
        Notice.objects.filter(pk=notice.pk).update(planned_up_to=0)  # as if it stopped before it wrote how far it came
        outbox.plan_unfinished()
        notice.refresh_from_db()
        assert (notice.status, Delivery.objects.count()) == (NoticeStatus.PUBLISHED, 10)
        assert Delivery.objects.values("guardian_id").distinct().count() == 10

    def test_one_that_cannot_be_planned_stops_no_other(self) -> None:
        broken, sound = self._school(), self._school()
        LadderPolicy.objects.create(
            school=broken.school, kind=broken.kind, rungs=[{}], changed_at=clock.now(), changed_by=broken.author
        )
        for notice in (broken, sound):
            publish_notice(notice=notice, by=notice.author)
        outbox.deliver_due(seconds=0)
        assert Delivery.objects.filter(notice=sound).count() == 10
        assert not Delivery.objects.filter(notice=broken).exists()

    def test_planning_asks_the_same_number_of_questions_for_few_and_many(
        self, django_assert_max_num_queries: Any
    ) -> None:
        notice = self._school()
        publish_notice(notice=notice, by=notice.author)
        Notice.objects.filter(pk=notice.pk).update(status=NoticeStatus.PUBLISHED)
        notice.refresh_from_db()
        with django_assert_max_num_queries(10):
            assert outbox.plan(notice) == 10


@pytest.mark.django_db
@pytest.mark.usefixtures("by_phone")
def test_the_check_page_counts_what_planning_will_do() -> None:
    school_class = make.make_class()
    make.make_family(school_class, languages=["pa", "nl"])
    silent = make.make_family(school_class, languages=["so"], emails=[None], with_address=False)
    phone = make.make_family(school_class, languages=["ar"], emails=[None], phones=["+32470000001"])
    unwilling = make.make_family(school_class, languages=["so"], with_address=False).guardians[0]
    OptOut.objects.create(guardian=unwilling, channel="EMAIL", since=clock.now())
    notice = make.make_notice(school_class)
    counted = audience.summary(notice)
    assert (counted.families, counted.guardians) == (4, 5)
    assert counted.by_channel == {"CALL": 2, "EMAIL": 2, "SMS": 1}
    assert counted.by_language == {"so": 2, "ar": 1, "nl": 1, "pa": 1}
    assert counted.unreachable == [(silent.guardians[0], "NO_ADDRESS"), (unwilling, "REFUSES")]
    assert counted.text_messages == {("ar", False): 1}
    assert phone.guardians[0] in audience.guardians_of(notice)
    publish_notice(notice=notice, by=notice.author)
    assert Delivery.objects.count() == counted.guardians
    assert FollowUp.objects.count() == 2


@pytest.mark.django_db
def test_an_urgent_notice_goes_first() -> None:
    school_class = make.make_class()
    make.make_family(school_class)
    notice = make.make_notice(school_class, kind=NoticeKind.INFO)
    urgent = make.make_notice(school_class, slug="urgent-early-closing")
    for each in (notice, urgent):
        publish_notice(notice=each, by=each.author)
    claimed = outbox.claim()
    assert claimed is not None
    assert [row.notice_id for row in claimed.rows] == [urgent.pk, notice.pk]
