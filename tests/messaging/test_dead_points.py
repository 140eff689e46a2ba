"""An address that does not exist: out of use, told in plain words, asked for at the next contact, and others climb."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from messaging import outbox
from messaging.models import CallTask, Delivery, DeliveryStatus, Reason
from messaging.services import finish_call
from parents.models import ContactPoint, FollowUp, FollowUpKind, FollowUpStatus
from parents.services import note_new_contact
from parents.services.reachability import kinds_to_ask
from parents.signin import Reachable
from schools import clock
from schools.models import AuditEntry
from tests import factories as make
from tests.cast import Cast
from tests.messaging.ladder_world import leave, publish, rungs
from tests.messaging.notices_for_pages import once_more

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_phone(settings: Any) -> None:
    settings.SMS_DRIVER = "record"


class TestDying:
    def bounced(self, **facts: Any) -> make.MadeFamily:
        self.school_class = make.make_class()
        family = make.make_family(self.school_class, **facts)
        self.notice = publish(make.make_notice(self.school_class))
        leave()
        outbox.record_receipt(Delivery.objects.get().pk, DeliveryStatus.FAILED, Reason.BOUNCED)
        return family

    def test_the_school_is_told_why_and_what_to_do(self) -> None:
        family = self.bounced()
        task = FollowUp.objects.get(kind=FollowUpKind.CONTACT_DATA)
        assert (task.guardian, task.family, task.school) == (
            family.guardians[0],
            family.family,
            self.school_class.school,
        )
        assert str(clock.today().day) in task.what
        assert family.guardians[0].full_name in task.what
        assert task.owner == self.notice.author, "the class teacher"

    def test_a_second_report_tells_nothing_twice(self) -> None:
        self.bounced()
        outbox.end_address(ContactPoint.objects.get().pk, Reason.BOUNCED)
        assert FollowUp.objects.filter(kind=FollowUpKind.CONTACT_DATA).count() == 1

    def test_every_notice_that_waits_for_it_takes_the_next_way_at_once(self) -> None:
        self.school_class = make.make_class()
        make.make_family(self.school_class, phones=["+32470000001"])
        left, waiting = (publish(make.make_notice(self.school_class)) for _number in range(2))
        opened = publish(make.make_notice(self.school_class))
        Delivery.objects.exclude(notice=waiting).update(status=DeliveryStatus.SENT, sent_at=clock.now(), due_at=None)
        Delivery.objects.filter(notice=opened).update(opened_at=clock.now())
        third = publish(make.make_notice(self.school_class))
        Delivery.objects.filter(notice=third).update(status=DeliveryStatus.SENT, sent_at=clock.now(), due_at=None)
        outbox.record_receipt(Delivery.objects.get(notice=third).pk, DeliveryStatus.FAILED, Reason.BOUNCED)
        ways = {
            notice.pk: list(Delivery.objects.filter(notice=notice).order_by("pk").values_list("channel", "status"))
            for notice in (left, waiting, opened, third)
        }
        assert ways[left.pk] == [("EMAIL", "FAILED"), ("SMS", "QUEUED")]
        assert ways[waiting.pk] == [("EMAIL", "CANCELLED"), ("SMS", "QUEUED")]
        assert ways[third.pk] == [("EMAIL", "FAILED"), ("SMS", "QUEUED")]
        assert ways[opened.pk] == [("EMAIL", "SENT")], "somebody read it there"
        assert Delivery.objects.get(notice=waiting, channel="EMAIL").reason == Reason.ADDRESS_ENDED

    def test_what_left_long_ago_has_arrived(self) -> None:
        """A mail bounces within days: an older one that nobody opened came, and nobody is asked again about it."""
        self.school_class = make.make_class()
        make.make_family(self.school_class, phones=["+32470000001"])
        old = publish(make.make_notice(self.school_class))
        left_on = clock.now() - timedelta(days=6)
        Delivery.objects.update(status=DeliveryStatus.SENT, sent_at=left_on, due_at=None)
        fresh = publish(make.make_notice(self.school_class))
        Delivery.objects.filter(notice=fresh).update(status=DeliveryStatus.SENT, sent_at=clock.now(), due_at=None)
        outbox.record_receipt(Delivery.objects.get(notice=fresh).pk, DeliveryStatus.FAILED, Reason.BOUNCED)
        assert list(Delivery.objects.filter(notice=old).values_list("status", flat=True)) == [DeliveryStatus.SENT]

    def test_what_is_to_be_asked_is_known_until_another_works(self) -> None:
        family = self.bounced()
        guardian = family.guardians[0]
        assert kinds_to_ask([guardian]) == {guardian.pk: ["EMAIL"]}
        make.make_point("nieuw@post.example", guardian)
        assert kinds_to_ask([guardian]) == {}


class TestCallsThatWait:
    """Whoever can only be called: the task is somebody's, whatever becomes of the number."""

    @pytest.fixture
    def call(self) -> CallTask:
        school_class = make.make_class()
        make.make_family(school_class, languages=["rif"], emails=[None], phones=["+32470000001"])
        publish(make.make_notice(school_class))
        return CallTask.objects.select_related("delivery__contact_point", "delivery__guardian").get()

    def test_a_dead_number_leaves_the_call_to_be_made(self, call: CallTask) -> None:
        outbox.end_address(call.delivery.contact_point_id, Reason.UNKNOWN_NUMBER)
        assert Delivery.objects.get().status == DeliveryStatus.QUEUED
        finish_call(call_task=call, by=make.make_user(), outcome="REACHED_AGREED")
        assert Delivery.objects.get().status == DeliveryStatus.DELIVERED
        assert FollowUp.objects.get(kind=FollowUpKind.CALL).status == FollowUpStatus.DONE

    @pytest.mark.parametrize(
        ("new", "address"), [("+32470000009", "+32470000009"), ("nieuw@post.example", "+32470000001")]
    )
    def test_another_number_is_the_one_to_call_and_an_address_is_none(
        self, call: CallTask, new: str, address: str
    ) -> None:
        old = call.delivery.contact_point
        assert old is not None
        outbox.readdress(call.delivery.guardian, old, make.make_point(new, call.delivery.guardian))
        row = Delivery.objects.get()
        assert (row.channel, row.status, row.address) == ("CALL", DeliveryStatus.QUEUED, address)


class TestAsking:
    def test_a_new_address_is_used_unverified_and_the_task_is_done(self) -> None:
        family = TestDying().bounced()
        guardian = family.guardians[0]
        school, teacher = FollowUp.objects.get().school, make.make_user()
        contact = Reachable("EMAIL", "nieuw@post.example")
        point = note_new_contact(guardian=guardian, contact=contact, by=teacher, school=school)
        assert (point.verified_on, point.is_usable) == (None, True)
        assert FollowUp.objects.get().status == FollowUpStatus.DONE
        note_new_contact(guardian=guardian, contact=contact, by=teacher, school=school)
        assert ContactPoint.objects.filter(value="nieuw@post.example").count() == 1
        assert AuditEntry.objects.filter(verb="noted a new contact point").count() == 2
        assert not AuditEntry.objects.filter(detail__icontains="nieuw@").exists()

    def test_the_page_of_a_contact_asks_and_saves_in_one_go(self, cast: Cast) -> None:
        father = cast.guardians["separated_father"]
        outbox.end_address(father.contact_points.get().pk, Reason.BOUNCED)
        client = cast.client("teacher_3b")
        address = f"{reverse('contact_new')}?pupil={cast.pupils['yusuf'].pk}"
        name = f"new_contact_{father.pk}"
        page = client.get(address)
        assert f'name="{name}"' in page.content.decode()
        form = page.context["form"]
        data = {
            "client_id": str(form["client_id"].value()),
            "kind": "GATE_TALK",
            "outcome": "REACHED_AGREED",
            "held_on": clock.today().isoformat(),
            name: "Karim.Nieuw@post.example",
        }
        assert client.post(address, data | {name: "geen adres"}).status_code == 422
        assert client.post(address, data).status_code == 302
        assert father.contact_points.usable().get().value == "karim.nieuw@post.example"
        assert f'name="{name}"' not in client.get(address).content.decode()


class TestOneTextMessageForAPhone:
    def test_the_same_number_in_two_rows_is_one_phone(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, languages=["tr", "tr"], emails=[])
        for guardian in family.guardians:
            make.make_point("+32470000003", guardian)
        publish(make.make_notice(school_class))
        assert rungs() == ["SMS"]

    def test_nor_does_it_get_another_when_the_second_parent_climbs_to_it(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, languages=["tr", "tr"], emails=["a@post.example", None])
        make.make_point("+32470000003", family.guardians[0])
        make.make_point("+32470000003", family.guardians[1])
        notice = publish(make.make_notice(school_class))
        assert rungs() == ["EMAIL", "SMS"]
        Delivery.objects.filter(channel="EMAIL").update(status=DeliveryStatus.FAILED, reason=Reason.REFUSED)
        outbox.climb()
        assert rungs() == ["EMAIL", "SMS", "LETTER"]
        assert Delivery.objects.filter(notice=notice, channel="SMS").count() == 1

    def test_nor_in_a_further_round(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, languages=["tr", "tr"], emails=[])
        make.make_point("+32470000003", *family.guardians, is_shared=True)
        notice = publish(make.make_notice(school_class))
        leave()
        first = Delivery.objects.get()
        Delivery.objects.create(
            notice=notice,
            guardian=family.guardians[1],
            channel="SMS",
            language="tr",
            address=first.address,
            contact_point=first.contact_point,
            status=DeliveryStatus.FAILED,
            reason=Reason.GAVE_UP,
            created_at=clock.now(),
        )
        assert len(once_more(*notice.deliveries.all())) == 1
        assert Delivery.objects.filter(round=2).count() == 1
