"""For a month the joining of a child that stood twice can be undone, as if nothing had been."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from messaging.models import NoticePupil, Thread
from parents.models import (
    ConferenceSlot,
    ContactPoint,
    FamilyMerge,
    Guardian,
)
from parents.retention import RULES
from parents.services import join_guardians
from parents.services.doublepupils import join_pupils, part_pupils
from parents.services.forgetting import forget_pupils
from schools import clock
from schools.models import AuditEntry, Enrolment, Pupil
from tests import factories as make
from tests.parents.twins import BORN, Twins, busy, everything, two_times

pytestmark = [pytest.mark.django_db, pytest.mark.either_engine]


@pytest.fixture
def twins(db: None) -> Twins:
    return Twins()


def test_it_is_undone_as_if_nothing_had_been(twins: Twins) -> None:
    busy(twins)
    Enrolment.objects.filter(pupil=twins.kept).update(starts_on=clock.today() - timedelta(days=20))
    before = everything()
    merge = twins.join()
    assert everything() != before
    part_pupils(merge=merge, by=twins.head)
    after = everything()
    assert set(after) == set(before)
    for label, rows in before.items():
        assert after[label] == rows, label
    assert AuditEntry.objects.filter(verb="parted pupils").exists()
    assert FamilyMerge.objects.standing().count() == 0
    with pytest.raises(ValidationError):
        part_pupils(merge=merge, by=twins.head)


def test_what_was_noted_in_between_stays_with_the_row_that_stayed(twins: Twins) -> None:
    merge = twins.join()
    moment = twins.talk(twins.kept)
    part_pupils(merge=merge, by=twins.head)
    assert list(moment.pupils.all()) == [twins.kept]
    moment.refresh_from_db()
    assert moment.family == twins.homes[0].family


def test_after_a_month_it_stays(twins: Twins) -> None:
    merge = twins.join()
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        with pytest.raises(ValidationError):
            part_pupils(merge=merge, by=twins.head)
        rule = next(rule for rule in RULES if rule.key == "joined pupils")
        assert list(rule.due()) == [merge]
        rule.take(rule.due())
    assert Pupil.objects.get(pk=twins.joined.pk).merged_into == twins.kept, "that they are one stays"


def test_what_the_row_hung_on_may_be_gone_by_then(twins: Twins) -> None:
    busy(twins)
    merge = twins.join()
    Thread.objects.all().delete()
    NoticePupil.objects.get().notice.delete()
    part_pupils(merge=merge, by=twins.head)
    assert not NoticePupil.objects.exists()
    assert Enrolment.objects.current().filter(pupil=twins.joined).exists()


def test_once_its_parents_were_joined_it_stays(twins: Twins) -> None:
    """Joining parents cannot be undone, and says no more whose parent of the two each was."""
    merge = twins.join()
    first, second = (home.guardians[0] for home in twins.homes)
    Guardian.objects.filter(pk__in=(first.pk, second.pk)).update(
        first_name="Amal", last_name="Amari", household=None, language_confirmed_on=None
    )
    ContactPoint.objects.update(verified_on=None)
    join_guardians(first=first, second=second, school=twins.school, by=twins.head)
    with pytest.raises(ValidationError):
        part_pupils(merge=merge, by=twins.head)
    assert Pupil.objects.get(pk=twins.joined.pk).merged_into == twins.kept


def test_a_number_that_a_list_gave_since_stays_its_own(twins: Twins) -> None:
    Pupil.objects.filter(pk__in=(twins.kept.pk, twins.joined.pk)).update(source_system="", source_id="")
    system = twins.kept.source_system
    merge = twins.join()
    Pupil.objects.filter(pk=twins.kept.pk).update(source_system=system, source_id="p7")
    part_pupils(merge=merge, by=twins.head)
    numbers = dict(Pupil.objects.values_list("pk", "source_id"))
    assert numbers == {twins.kept.pk: "p7", twins.joined.pk: ""}


def test_a_number_of_another_system_is_given_back(twins: Twins) -> None:
    Pupil.objects.filter(pk=twins.joined.pk).update(source_system="other")
    merge = twins.join()
    assert Pupil.objects.get(pk=twins.joined.pk).source_id == ""
    part_pupils(merge=merge, by=twins.head)
    numbers = dict(Pupil.objects.values_list("pk", "source_id"))
    assert numbers == {twins.kept.pk: "p0", twins.joined.pk: "p1"}


def test_who_was_forgotten_gets_no_number_back(twins: Twins) -> None:
    merge = twins.join()
    forget_pupils([twins.kept.pk])
    merge.refresh_from_db()
    assert "p1" not in str(merge.numbers)
    part_pupils(merge=merge, by=twins.head)
    assert set(Pupil.objects.values_list("first_name", "source_system", "source_id")) == {("", "", "")}


def test_of_who_was_parted_again_and_forgotten_nothing_is_kept(twins: Twins) -> None:
    busy(twins)
    merge = twins.join()
    part_pupils(merge=merge, by=twins.head)
    merge.refresh_from_db()
    assert merge.aside
    forget_pupils([twins.joined.pk])
    merge.refresh_from_db()
    assert (merge.aside, merge.numbers) == ([], [["", ""], ["", ""]])


def test_of_two_places_in_a_round_the_one_with_a_time_stays(twins: Twins) -> None:
    two_times(twins)
    ConferenceSlot.objects.filter(pupil=twins.kept).update(status="OFFERED", starts_at=None)
    merge = twins.join()
    slot = ConferenceSlot.objects.get()
    assert (slot.pupil, slot.status) == (twins.kept, "BOOKED")
    part_pupils(merge=merge, by=twins.head)
    assert set(ConferenceSlot.objects.values_list("pupil", "status")) == {
        (twins.kept.pk, "OFFERED"),
        (twins.joined.pk, "BOOKED"),
    }


def test_a_third_row_is_joined_too_and_undone_from_the_last(twins: Twins) -> None:
    first = twins.join()
    third = make.make_pupil(twins.room, "Amina")
    Pupil.objects.filter(pk=third.pk).update(birth_date=BORN)
    last = join_pupils(kept=third, joined=twins.kept, school=twins.school, by=twins.head)
    assert set(Pupil.objects.filter(merged_into=third)) == {twins.kept, twins.joined}
    with pytest.raises(ValidationError):
        part_pupils(merge=first, by=twins.head)
    part_pupils(merge=last, by=twins.head)
    assert Pupil.objects.get(pk=twins.joined.pk).merged_into == twins.kept
    part_pupils(merge=first, by=twins.head)
    assert not Pupil.objects.filter(merged_into__isnull=False).exists()
