"""The people of the story are there, each with what makes the story work."""

from __future__ import annotations

from datetime import date

import pytest

from ingroeibloei.demo import evenings
from ingroeibloei.demo.cast import guardian_source
from ingroeibloei.demo.world import World
from messaging.models import Channel, Delivery, DeliveryStatus, Reason, RecordedNotice
from messaging.tokens import make_token
from parents.access import children_of
from parents.models import ContactMoment, Guardian, PointKind, ReadingMode
from schools.models import Pupil, SchoolClass
from schools.scope import scope_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def guardian(key: str) -> Guardian:
    return Guardian.objects.get(source_system="demo", source_id=guardian_source(key))


def class_3b() -> SchoolClass:
    return SchoolClass.objects.get(school__name="VBS De Kersenboom", name="3B")


def test_the_mother_reads_punjabi_has_two_children_and_shares_a_telephone() -> None:
    mother = guardian("moeder")
    assert mother.contact_language == "pa"
    assert {child.first_name for child in children_of(mother)} == {"Simran", "Arjan"}
    phone = mother.contact_points.get(kind=PointKind.PHONE)
    assert phone.is_shared
    assert phone.guardians.count() == 2
    assert mother.contact_points.get(kind=PointKind.EMAIL).verified_on is not None


@pytest.mark.parametrize(
    ("day", "name"), [("2027-05-15", "Oudercontact voor de zomer"), ("2026-10-15", "Oudercontact")]
)
def test_its_evening_is_named_after_the_season_in_which_the_demo_lives(day: str, name: str) -> None:
    assert evenings.name_of_round(date.fromisoformat(day)) == name


def test_the_father_lives_elsewhere_and_reads_arabic() -> None:
    father = guardian("vader")
    child = children_of(father).get()
    mother = child.guardianships.exclude(guardian=father).get().guardian
    assert father.contact_language == "ar"
    assert father.household_id != mother.household_id
    assert mother.contact_language == "nl"


def test_one_family_of_3b_gets_letters_only_and_one_is_called() -> None:
    people = Guardian.objects.filter(guardianships__pupil__in=Pupil.objects.enrolled_in(class_3b())).distinct()
    assert people.filter(contact_points__isnull=True, household__isnull=False).exists()
    assert people.filter(reading_mode=ReadingMode.ORAL_ONLY).exists()


def test_a_mail_to_one_family_of_3b_came_back_and_the_next_way_was_taken() -> None:
    bounced = Delivery.objects.filter(
        reason=Reason.BOUNCED, guardian__guardianships__pupil__in=Pupil.objects.enrolled_in(class_3b())
    ).get(guardian__first_name="Ionela")
    later = Delivery.objects.filter(guardian=bounced.guardian, created_at__gt=bounced.created_at)
    assert later.filter(channel=Channel.SMS).exists()
    assert not later.filter(channel=Channel.EMAIL).exists()


def test_some_families_of_3b_were_last_spoken_with_in_october(world: World) -> None:
    pupils = Pupil.objects.enrolled_in(class_3b())
    last = {
        pupil: ContactMoment.objects.filter(pupils=pupil, is_two_way=True).order_by("-held_on").first()
        for pupil in pupils
    }
    silent = [row for row in last.values() if row is not None and row.held_on.month in (9, 10)]
    assert len(silent) >= 4
    assert any(row is None for row in last.values())


def test_the_newest_notice_to_3b_waits_to_be_opened(world: World) -> None:
    newest = Delivery.objects.filter(notice__author=world.cast["leerkracht"]).order_by("-notice__published_at").first()
    assert newest is not None
    rows = newest.notice.deliveries.all()
    assert not rows.filter(opened_at__isnull=False).exists()
    assert {guardian("moeder").pk, guardian("vader").pk} <= set(rows.values_list("guardian_id", flat=True))
    assert rows.get(guardian=guardian("moeder")).language == "pa"
    assert rows.filter(status=DeliveryStatus.SENT).exists()


def test_who_left_sees_nothing(world: World) -> None:
    world.cast["oud-collega"].__dict__.pop("_scope", None)
    assert scope_of(world.cast["oud-collega"]).roles == frozenset()


def test_the_outbox_page_begins_with_the_mothers_mail() -> None:
    mail = RecordedNotice.objects.filter(delivery__guardian=guardian("moeder")).order_by("-at").first()
    assert mail is not None
    assert mail.recipient == "harpreet.kaur@brievenbus.example"
    assert mail.delivery is not None
    assert f"/b/{make_token(mail.delivery)}/" in mail.text
