"""An adult loses the right to information on a child: no teacher receives or calls that adult about it any more."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from messaging.services import tell_talk_changes
from parents.conferencelists import without_time
from parents.models import (
    ConferenceNote,
    ConferenceRound,
    ConferenceSlot,
    Guardianship,
    InterpreterRequest,
    SlotRule,
    SlotStatus,
)
from parents.services.booking import Wish
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, round_of, slot_of
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
MOTHER = "nadia@thuis.example"


def chosen(cast: Cast, way: str = "SCHOOL", rule: SlotRule = SlotRule.JOINT) -> ConferenceSlot:
    """Yusuf's father chose a time, with an interpreter and something to talk about."""
    made = ConferenceRound.objects.first() or round_of(cast, rule=rule)
    slot = slot_of(cast, made, "yusuf", "separated_father" if rule == SlotRule.EACH else "")
    return book(cast, slot, hours_of(made)[0], "separated_father", Wish(way, "ar", "Over het lezen"))


def loses_it(cast: Cast) -> None:
    Guardianship.objects.filter(guardian=cast.guardians["separated_father"], pupil=cast.pupils["yusuf"]).update(
        authority="NONE", information_right=False, may_receive=False, may_decide=False
    )


def host_page(cast: Cast, slot: ConferenceSlot) -> str:
    return text_of(cast.client("teacher_3b").get(reverse("conference_host", args=[slot.round.hosts.get().pk])))


def test_a_talk_of_that_parent_alone_is_cancelled_and_the_teacher_reads_whom_to_call(cast: Cast) -> None:
    slot = chosen(cast, rule=SlotRule.EACH)
    loses_it(cast)
    tell_talk_changes()
    slot.refresh_from_db()
    assert (slot.status, slot.hour) == (SlotStatus.OFFERED, None)
    assert mail.outbox == [], "the portal writes to that adult no more, and the other parent had no part in it"
    page = host_page(cast, slot)
    assert "er komt geen bericht aan: bel" in page.lower()
    assert "Karim" in page
    assert [row.guardian for row in without_time(slot.round, slot.school_class_id) if row.pupil == slot.pupil] == [
        cast.guardians["separated_mother"]
    ], "nobody waits for another time of the father"
    assert AuditEntry.objects.get(verb="gave back a time").actor is None
    assert tell_talk_changes() == 0


def test_one_by_phone_of_nobody_in_particular_goes_on(cast: Cast) -> None:
    made = round_of(cast)
    slot = book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], None, Wish("PHONE"), by=cast.staff["head"])
    tell_talk_changes()
    slot.refresh_from_db()
    assert slot.status == SlotStatus.BOOKED


def test_the_joint_talk_at_school_stays_the_other_parent_s(cast: Cast) -> None:
    slot = chosen(cast)
    loses_it(cast)
    assert tell_talk_changes() == 0
    slot.refresh_from_db()
    assert (slot.status, slot.booked_by) == (SlotStatus.BOOKED, None)
    assert not ConferenceNote.objects.exists()
    assert InterpreterRequest.objects.get(slot=slot).state == "CANCELLED"
    assert "Karim" not in host_page(cast, slot)
    assert AuditEntry.objects.get(verb="left a talk to the other parent").target_id == slot.pk


@pytest.mark.parametrize("way", ["PHONE", "HOME"])
def test_nobody_calls_or_visits_that_parent(cast: Cast, way: str) -> None:
    slot = chosen(cast, way)
    loses_it(cast)
    assert tell_talk_changes() == 1
    slot.refresh_from_db()
    assert (slot.status, slot.booked_by) == (SlotStatus.OFFERED, None)
    assert [letter.to for letter in mail.outbox] == [[MOTHER]], "she chooses another time"
    assert reverse("portal_bookings") in mail.outbox[0].body


def test_with_all_rights_everything_stands(cast: Cast) -> None:
    slot = chosen(cast)
    assert tell_talk_changes() == 0
    slot.refresh_from_db()
    assert (slot.status, slot.booked_by) == (SlotStatus.BOOKED, cast.guardians["separated_father"])
    assert slot.starts_at is not None
    assert slot.starts_at > clock.now()
