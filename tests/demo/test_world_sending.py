"""Notices of the demo world: their deliveries obey the rules of the outbox, seen from the end."""

from __future__ import annotations

import re

import pytest
from django.db.models import F

from ingroeibloei.demo.world import World
from messaging.files import store
from messaging.models import (
    Answer,
    Attachment,
    CallTask,
    Channel,
    Delivery,
    DeliveryStatus,
    Explanation,
    Notice,
    NoticePupil,
    Reason,
)
from messaging.outbox import oldest_due_seconds
from parents.models import CLBNote, ContactPoint, FollowUp, Guardianship
from parents.models.followups import FollowUpKind, FollowUpStatus
from parents.sealing import open_sealed
from schools.models import Enrolment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_about_sixty_notices_were_sent() -> None:
    assert 50 <= Notice.objects.sent().count() <= 70
    [draft] = Notice.objects.exclude(pk__in=Notice.objects.sent().values("pk"))
    assert draft.translation_requests.exists(), "the only one that did not leave waits for a translator"


def test_hours_and_amounts_stand_in_a_notice_as_its_form_shows_them() -> None:
    """A browser leaves a field for an hour empty that says ``15.45``: who corrects the notice would type it again."""
    values = list(Notice.objects.values_list("values", flat=True))
    hours = {found["time"] for found in values if "time" in found}
    amounts = {found["amount"] for found in values if "amount" in found}
    assert hours
    assert amounts
    assert all(re.fullmatch(r"[0-2]\d:[0-5]\d", hour) for hour in hours)
    assert all(re.fullmatch(r"\d+\.\d\d", amount) for amount in amounts)


def test_nothing_waits_for_the_worker() -> None:
    waiting = Delivery.objects.filter(status__in=[DeliveryStatus.QUEUED, DeliveryStatus.SENDING])
    assert set(waiting.values_list("channel", flat=True)) == {Channel.LETTER, Channel.CALL}
    assert oldest_due_seconds() == 0


def test_every_way_out_was_used_and_every_failure_has_its_reason() -> None:
    assert set(Delivery.objects.values_list("channel", flat=True)) == set(Channel.values)
    failed = Delivery.objects.filter(status=DeliveryStatus.FAILED)
    assert {Reason.BOUNCED, Reason.UNKNOWN_NUMBER, Reason.OUTCOME_UNKNOWN} <= set(
        failed.values_list("reason", flat=True)
    )


def test_nobody_opens_what_was_not_sent() -> None:
    opened = Delivery.objects.filter(opened_at__isnull=False)
    assert opened.count() > 500
    assert not opened.filter(sent_at__isnull=True).exists()
    assert not opened.filter(opened_at__lt=F("sent_at")).exists()
    assert not opened.filter(channel=Channel.CALL).exists()


def test_answers_are_among_those_offered() -> None:
    for answer in Answer.objects.select_related("notice"):
        assert answer.key in {option["key"] for option in answer.notice.answers}


def test_an_address_that_bounced_ended_on_the_day_of_the_bounce() -> None:
    for row in Delivery.objects.filter(reason=Reason.BOUNCED).select_related("contact_point"):
        assert row.contact_point is not None
        assert row.contact_point.ended_because == "BOUNCED"
        assert row.contact_point.valid_until == row.created_at.date()
    assert ContactPoint.objects.filter(ended_because="BOUNCED").exists()


def test_a_number_that_does_not_exist_ended_and_somebody_asks_for_another() -> None:
    for row in Delivery.objects.filter(reason=Reason.UNKNOWN_NUMBER).select_related("contact_point"):
        assert row.contact_point is not None
        assert row.contact_point.ended_because == "UNKNOWN_NUMBER"
        assert not Delivery.objects.filter(contact_point=row.contact_point, created_at__gt=row.created_at).exists()
        assert FollowUp.objects.filter(kind=FollowUpKind.CONTACT_DATA, guardian=row.guardian).exists()


def test_what_a_parent_did_not_understand_somebody_explains(world: World) -> None:
    asked = Delivery.objects.filter(not_understood_at__isnull=False)
    assert asked.exists()
    explained = Explanation.objects.filter(delivery__in=asked).select_related("follow_up")
    assert explained.count() == asked.count()
    assert {row.follow_up.kind for row in explained} == {FollowUpKind.NOT_UNDERSTOOD}
    [to_do] = [row.follow_up for row in explained if row.follow_up.status == FollowUpStatus.OPEN]
    assert to_do.owner == world.cast["leerkracht"]


def test_only_people_with_the_right_to_know_were_told() -> None:
    about: dict[int, set[int]] = {}
    for row in NoticePupil.objects.all():
        about.setdefault(row.notice_id, set()).add(row.pupil_id)
    informed: dict[int, set[int]] = {}
    for tie in Guardianship.objects.filter(information_right=True):
        informed.setdefault(tie.guardian_id, set()).add(tie.pupil_id)
    for notice, guardian in Delivery.objects.values_list("notice_id", "guardian_id"):
        assert about[notice] & informed[guardian]


def test_a_notice_is_about_pupils_who_were_there() -> None:
    enrolled = {(row.pupil_id, row.school_id): row for row in Enrolment.objects.all()}
    for row in NoticePupil.objects.select_related("notice"):
        assert row.notice.published_at is not None
        assert enrolled[row.pupil_id, row.notice.school_id].includes(row.notice.published_at.date())


def test_a_call_is_the_follow_up_of_somebody() -> None:
    for call in CallTask.objects.select_related("delivery", "follow_up__contact_moment"):
        is_open = call.delivery.status == DeliveryStatus.QUEUED
        assert is_open == (call.follow_up.status == FollowUpStatus.OPEN)
        assert call.follow_up.owner_id is not None
        talk = call.follow_up.contact_moment
        assert (talk is not None) == (call.follow_up.status == FollowUpStatus.DONE), "a call that was made is a talk"
        assert talk is None or call.delivery.guardian in talk.guardians.all()
    assert Delivery.objects.filter(channel=Channel.CALL, call_task__isnull=True).count() == 0


def test_the_teacher_of_3b_has_something_due_something_late_and_something_to_come(world: World) -> None:
    hers = FollowUp.objects.open().filter(owner=world.cast["leerkracht"])
    assert hers.filter(due_on=world.today).exists()
    assert hers.filter(due_on__lt=world.today).exists()
    assert hers.filter(due_on__gt=world.today).exists()


def test_notes_of_the_centres_are_sealed() -> None:
    notes = CLBNote.objects.select_related("centre", "author")
    assert {note.centre.key_name for note in notes} == {"vclb", "clb-go"}
    for note in notes:
        text = open_sealed(bytes(note.sealed), note.centre, note.uid, note.key_number)
        assert len(text) > 20
        assert text.encode() not in bytes(note.sealed)


def test_two_notices_to_3b_carry_a_file() -> None:
    found = Attachment.objects.filter(is_frozen=True, notice__author__full_name="Lotte Claes").order_by("kind")
    assert list(found.values_list("kind", flat=True)) == ["PDF", "PNG"]
    assert all(len(store.read(row.file)) == row.size for row in found)
