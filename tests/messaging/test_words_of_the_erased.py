"""Nothing that was written down about somebody who was erased says who it was, also where no row names them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from messaging.models import InboundText, ThreadPost
from messaging.services import ask_question, erase_guardian, erase_pupil
from parents.models import WORDLESS, CLBNote, ContactMoment, ContactRevision, FollowUp, Guardian
from parents.services import log_contact_moment
from parents.services.contactrequests import ask_to_change_contact, decline_contact
from parents.services.contacts import NewFollowUp
from parents.signin import Reachable
from schools import clock
from schools.models import Enrolment, Pupil
from tests import factories as make
from tests.cast import Cast
from tests.messaging.ladder_world import leave, publish
from tests.messaging.test_inbound_texts import KEY, PHONE, brings

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_world(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.ERASED_FILE = tmp_path / "erased.txt"
    settings.SMS_DRIVER, settings.SMS_INBOUND_KEY = "record", KEY
    cache.clear()
    yield
    cache.clear()


def left(*pupils: Pupil) -> None:
    Enrolment.objects.filter(pupil__in=pupils).update(ends_on=clock.today() - DAY)


def promised(cast: Cast, pupil: str, *guardians: str) -> FollowUp:
    moment = log_contact_moment(
        author=cast.staff["teacher_3b"],
        school=cast.schools["kersenboom"],
        pupils=[cast.pupils[pupil]],
        kind="PHONE",
        outcome="REACHED_AGREED",
        held_on=clock.today(),
        guardians=[cast.guardians[key] for key in guardians],
        agreement="Karim belt zelf.",
        follow_up=NewFollowUp("Karim Haddad opbellen over zijn werk"),
    )
    return FollowUp.objects.get(contact_moment=moment)


def texted() -> tuple[Guardian, Pupil]:
    """A parent with one phone, to whom an invitation was texted."""
    family = make.make_family(room := make.make_class(), languages=["tr"], emails=[])
    make.make_point(PHONE, *family.guardians)
    publish(make.make_notice(room))
    leave()
    return family.guardians[0], family.pupils[0]


def test_what_was_promised_in_a_talk_with_nobody_else_goes_with_the_agreement(cast: Cast) -> None:
    to_do, late = promised(cast, "yusuf", "separated_father"), promised(cast, "yusuf", "separated_father")
    of_both = promised(cast, "yusuf", "separated_father", "separated_mother")
    FollowUp.objects.filter(pk=late.pk).update(due_on=clock.today() - DAY)
    left(cast.pupils["yusuf"])
    erase_guardian(guardian=cast.guardians["separated_father"], by=None)
    assert set(ContactMoment.objects.filter(follow_ups=to_do).values_list("agreement", flat=True)) == {""}
    for row in (to_do, late, of_both):
        row.refresh_from_db()
    assert (to_do.what, to_do.status) == (WORDLESS, "DROPPED"), "nobody is left to keep it for"
    assert (late.what, late.status) == (WORDLESS, "OPEN"), "no figure changes"
    assert (of_both.what, of_both.status) == ("Karim Haddad opbellen over zijn werk", "OPEN")


def test_what_was_noted_of_two_who_are_both_erased_goes_with_the_last_one(cast: Cast) -> None:
    promised(cast, "yusuf", "separated_father", "separated_mother")
    left(cast.pupils["yusuf"])
    erase_guardian(guardian=cast.guardians["separated_father"], by=None)
    assert ContactMoment.objects.filter(agreement="Karim belt zelf.").exists(), "it is about the other one too"
    erase_guardian(guardian=cast.guardians["separated_mother"], by=None)
    assert not ContactMoment.objects.filter(agreement="Karim belt zelf.").exists()


def test_what_was_noted_and_written_about_a_child_goes_with_its_name(cast: Cast) -> None:
    """Of a talk about brother and sister the line stays: it is about the other one too."""
    yusuf, simran = cast.pupils["yusuf"], cast.pupils["simran"]
    promised(cast, "yusuf")
    alone, together = ContactMoment.objects.latest("pk"), cast.moments["gate"]
    together.pupils.add(yusuf)
    ContactRevision.objects.create(
        contact_moment=alone, at=clock.now(), by=cast.staff["head"], visibility="SCHOOL_TEAM", was={"note": "Yusuf"}
    )
    for exported in (clock.now(), None):
        CLBNote.objects.create(
            contact_moment=alone, centre=cast.centres["vclb"], sealed=b"x", author=cast.staff["joint"],
            written_at=clock.now(), exported_at=exported,
        )  # fmt: skip
    for person, pupil in (("separated_father", yusuf), ("mother", simran)):
        ask_question(guardian=cast.guardians[person], pupil=pupil, notice=None, text=pupil.first_name, language="nl")
    left(yusuf)
    erase_pupil(pupil=yusuf, by=None)
    for row in (alone, together):
        row.refresh_from_db()
    assert (alone.agreement, together.note) == ("", "Line of the gate layer.")
    assert not ContactRevision.objects.exists()
    assert CLBNote.objects.get().exported_at is None, "what is not in the file of the CLB yet stays the CLB's"
    assert [post.text for post in ThreadPost.objects.all()] == ["Simran"]


def test_one_school_forgets_what_it_noted_to_do_and_the_other_one_keeps_its_own(cast: Cast) -> None:
    """Simran left; her brother is at the other school."""
    mother, here, there = cast.guardians["mother"], cast.schools["kersenboom"], cast.schools["bloesem"]
    promised(cast, "simran", "mother")
    facts = {"family": cast.families["kaur"], "what": "Harpreet bellen", "due_on": clock.today(), "guardian": mother}
    for school in (here, there):
        FollowUp.objects.create(school=school, created_at=clock.now(), **facts)
    number = Reachable("PHONE", "+32470009999")
    wish = ask_to_change_contact(guardian=mother, children=[cast.pupils["simran"]], contact=number)
    left(cast.pupils["simran"])
    erase_guardian(guardian=mother, by=None, school=here)
    decline_contact(request=wish, by=cast.staff["head_go"], school=there)
    words = FollowUp.objects.filter(what__regex="Harpreet|Karim").values_list("school", "what")
    assert list(words) == [(there.pk, "Harpreet bellen")]


def test_the_number_of_a_text_message_stands_in_no_task_any_more() -> None:
    """A task that a message on a shared phone became names nobody but the number."""
    guardian, pupil = texted()
    guardian.contact_points.update(is_shared=True)
    brings("hallo")
    task = FollowUp.objects.get(guardian=None, pupil=pupil)
    assert "0470 00 00 01" in task.what
    InboundText.objects.all().delete()  # retention was there before
    left(pupil)
    erase_guardian(guardian=guardian, by=None)
    task.refresh_from_db()
    assert (task.what, task.status) == (WORDLESS, "DROPPED")


def test_a_question_that_was_texted_goes_though_somebody_else_uses_the_phone_since() -> None:
    guardian, pupil = texted()
    brings("mijn man is ziek")
    assert InboundText.objects.get().outcome == "ASKED"
    guardian.contact_points.get().uses.create(guardian=make.make_guardian([pupil]))
    left(pupil)
    erase_guardian(guardian=guardian, by=None)
    assert not InboundText.objects.exists()
