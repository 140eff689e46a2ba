"""The families nobody reached: who is on the list, why, what to try next, and who may read it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import Answer, CallTask, Channel, DeliveryStatus, Notice, OptOut
from parents.models import (
    ContactKind,
    ContactPoint,
    ContactPointUse,
    Family,
    FollowUp,
    Guardian,
    Guardianship,
    Household,
    InterpreterNeed,
    MomentStatus,
    PointKind,
    ReadingMode,
)
from reports.reach import Rung
from reports.silence import not_reached
from reports.worklist import WorkRow, work_rows
from schools.models import Role, User
from tests.reports.test_reach import delivery, notice
from tests.reports.world import World, at, guardian_of, pupils_of, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]

LATE = date(2026, 5, 4)


@pytest.fixture(autouse=True)
def with_text_messages(settings: Any) -> None:
    settings.SMS_DRIVER = "record"


def point(family: Family, kind: str) -> None:
    value = "mama@example.org" if kind == PointKind.EMAIL else "+32470000000"
    row = ContactPoint.objects.create(kind=kind, value=value, valid_from=date(2025, 9, 1))
    ContactPointUse.objects.create(contact_point=row, guardian=guardian_of(family))


def rows(user: User, **chosen: Any) -> list[WorkRow]:
    return work_rows(not_reached(user, **chosen), user)


def test_a_family_that_bounced_is_on_the_list_with_the_reason_and_the_next_step() -> None:
    world = World(pilots=1)
    family = world.family(world.classes[0], contact="pa")
    point(family, PointKind.EMAIL)
    point(family, PointKind.PHONE)
    world.talk(family, world.schools[0], date(2025, 10, 1), interpreter_need=InterpreterNeed.YES)
    delivery(notice(world, family, day=LATE), family, DeliveryStatus.FAILED, reason="BOUNCED")
    (row,) = rows(world.joint_worker())
    assert row.reason == "Het e-mailadres werkt niet."
    assert row.next_step == "Een sms sturen"
    assert (row.languages, row.needs_interpreter, row.silent_since) == (["pa"], True, date(2025, 10, 1))
    world.talk(family, world.schools[0], LATE + timedelta(days=1))
    assert rows(world.joint_worker()) == []


def test_an_address_that_an_earlier_notice_ended_is_told_and_what_still_waits_was_not_handed_over() -> None:
    world = World(pilots=1)
    ended, waiting = world.family(world.classes[0]), world.family(world.classes[0])
    sent = notice(world, ended, waiting, day=LATE)
    delivery(sent, ended, DeliveryStatus.CANCELLED, reason="ADDRESS_ENDED")
    for family in (ended, waiting):
        delivery(sent, family, DeliveryStatus.QUEUED, channel=Channel.LETTER, due_at=at(LATE))
    joint = world.joint_worker()
    assert {row.family: row.reason for row in rows(joint)} == {
        ended: "Het adres of het nummer werkt niet meer.",
        waiting: "Het laatste bericht wacht nog om te vertrekken.",
    }
    assert [row.family for row in rows(joint, reason="ADDRESS_ENDED")] == [ended]


def test_a_family_that_opened_or_answered_the_last_notice_is_not_on_the_list() -> None:
    world = World(pilots=1)
    silent, opened, answered = (world.family(world.classes[0]) for _ in range(3))
    sent = notice(world, silent, opened, answered, day=LATE)
    delivery(sent, silent)
    delivery(sent, opened, opened_at=at(LATE + timedelta(days=1)))
    Answer.objects.create(
        notice=sent, guardian=delivery(sent, answered).guardian, key="ja", answered_at=at(LATE + timedelta(days=1))
    )
    assert [row.family for row in rows(world.joint_worker())] == [silent]
    stopped = notice(world, silent, opened, answered, day=LATE + timedelta(days=2))
    Notice.objects.filter(pk=stopped.pk).update(status="CANCELLED")
    assert [row.family for row in rows(world.joint_worker())] == [silent], "what was stopped is no last notice"


def test_the_longest_silence_comes_first_and_each_reason_is_told_in_words() -> None:
    world = World(pilots=1)
    never, at_door, absent = (world.family(world.classes[0]) for _ in range(3))
    world.talk(at_door, world.schools[0], date(2025, 5, 1))
    world.talk(at_door, world.schools[0], LATE, kind=ContactKind.HOME_VISIT, status=MomentStatus.NOT_REACHED)
    world.talk(absent, world.schools[0], date(2025, 4, 1))
    world.talk(absent, world.schools[0], LATE, kind=ContactKind.CONFERENCE, status=MomentStatus.NO_SHOW)
    found = rows(world.joint_worker())
    assert [row.family for row in found] == [never, absent, at_door]
    assert [row.reason for row in found] == [
        "Nog niemand probeerde het.",
        "Het gezin kwam niet naar de afspraak.",
        "Niemand antwoordde of was thuis.",
    ]
    assert found[2].tried == ["huisbezoek"]


def test_the_next_step_climbs_the_ladder_and_who_does_not_read_is_called() -> None:
    world = World(pilots=1)
    family = world.family(world.classes[0])
    joint = world.joint_worker()
    assert rows(joint)[0].next_step == "Aanspreken aan de schoolpoort of thuis"
    guardian = guardian_of(family)
    guardian.household = Household.objects.create(street="Straat 1", postcode="3800", city="Sint-Truiden")
    guardian.save()
    assert rows(joint)[0].next_step == "Een brief meegeven met het kind"
    point(family, PointKind.PHONE)
    assert rows(joint)[0].next_step == "Een sms sturen"
    guardian.reading_mode = ReadingMode.ORAL_ONLY
    guardian.save()
    assert rows(joint)[0].next_step == "Bellen"


def test_nobody_is_told_to_try_what_the_parent_refuses_or_the_portal_cannot(settings: Any) -> None:
    world = World(pilots=1)
    family = world.family(world.classes[0])
    for kind in (PointKind.EMAIL, PointKind.PHONE):
        point(family, kind)
    joint, guardian = world.joint_worker(), guardian_of(family)
    assert rows(joint)[0].next_step == "Een e-mail sturen"
    OptOut.objects.create(guardian=guardian, channel=Channel.EMAIL, category="activity", since=at(LATE))
    assert rows(joint)[0].next_step == "Een e-mail sturen", "of other purposes they still come"
    OptOut.objects.create(guardian=guardian, channel=Channel.EMAIL, since=at(LATE))
    assert rows(joint)[0].next_step == "Een sms sturen"
    settings.SMS_DRIVER = "off"
    assert rows(joint)[0].next_step == "Bellen"


def test_who_does_not_read_and_was_called_in_vain_is_gone_to() -> None:
    world = World(pilots=1)
    family = world.family(world.classes[0])
    point(family, PointKind.PHONE)
    Guardian.objects.update(reading_mode=ReadingMode.ORAL_ONLY)
    delivery(notice(world, family, day=LATE), family, DeliveryStatus.FAILED, channel=Channel.CALL, reason="REFUSED")
    assert rows(world.joint_worker())[0].next_step == "Aanspreken aan de schoolpoort of thuis"


def test_an_open_call_shows_who_calls_by_when_and_can_be_noted_from_the_list() -> None:
    world = World(pilots=1)
    family = world.family(world.classes[0])
    row = delivery(
        notice(world, family, day=LATE), family, DeliveryStatus.QUEUED, channel=Channel.CALL, due_at=at(LATE)
    )
    task = FollowUp.objects.create(
        school=world.schools[0], family=family, pupil=pupils_of(family)[0], kind="CALL", what="Bellen",
        owner=world.writer, due_on=LATE, created_at=at(LATE),
    )  # fmt: skip
    call = CallTask.objects.create(delivery=row, follow_up=task)
    (found,) = rows(world.joint_worker())
    assert (found.call_id, found.owner, found.due_on) == (call.pk, world.writer.full_name, LATE)
    page = signed_in(world.joint_worker()).get(reverse("not_reached")).content.decode()
    assert reverse("call_done", args=[call.pk]) in page
    assert ("Ik heb gebeld" in page, "Gesproken, en het is duidelijk" in page) == (False, True), "nobody has a number"
    point(family, PointKind.PHONE)
    page = signed_in(world.joint_worker()).get(reverse("not_reached")).content.decode()
    assert ("Ik heb gebeld" in page, "Gesproken, en het is duidelijk" in page) == (True, False)


def test_each_sees_the_families_of_the_own_schools_and_filters_stay_in_the_address() -> None:
    world = World(pilots=2)
    here, there = (world.family(school_class) for school_class in world.classes)
    guardian = guardian_of(there)
    guardian.contact_language = "pa"
    guardian.save()
    joint = world.joint_worker()
    head = world.user("head", Role.HEAD, school=world.schools[0])
    clb = world.user("clb", Role.CLB, clb_centre=world.schools[1].clb)
    assert [row.family for row in rows(head)] == [here]
    assert [row.family for row in rows(clb)] == [there]
    assert [row.family for row in rows(joint)] == [here, there]
    assert [row.family for row in rows(joint, school=world.schools[1].pk)] == [there]
    assert [row.family for row in rows(joint, language="pa")] == [there]
    assert rows(joint, reason="BOUNCED") == []
    page = signed_in(joint).get(reverse("not_reached"), {"school": str(world.schools[1].pk), "reden": "NOT_TRIED"})
    assert [row.family for row in page.context["rows"]] == [there]
    assert signed_in(head).get(reverse("not_reached"), {"school": world.schools[1].pk}).status_code == 200


def test_choosing_families_by_their_language_leaves_the_page_in_the_language_of_its_reader() -> None:
    """French and English are languages of the pages too: "taal" in an address turns the page, and the session."""
    world = World()
    family = world.family(world.classes[0])
    Guardian.objects.filter(pk=guardian_of(family).pk).update(contact_language="fr")
    world.family(world.classes[0])
    client = signed_in(world.joint_worker())
    page = client.get(reverse("not_reached"))
    names = [field.html_name for field in page.context["form"] if str(field.label) == "Contacttaal"]
    chosen = client.get(reverse("not_reached"), dict.fromkeys(names, "fr"))
    assert [row.family for row in chosen.context["rows"]] == [family]
    assert '<html lang="nl' in chosen.content.decode()
    assert '<html lang="nl' in client.get(reverse("not_reached")).content.decode()


def test_the_school_stands_beside_a_class_for_who_works_at_several_alone() -> None:
    world = World(pilots=2)
    for one in world.classes:
        world.family(one)
    people = world.user("head", Role.HEAD, school=world.schools[0]), world.joint_worker()
    pages = [signed_in(one).get(reverse("not_reached")).context["rows"] for one in people]
    head, joint = ([place for row in rows for place in row.places] for rows in pages)
    assert head == [world.classes[0].name]
    assert sorted(joint) == sorted(f"{one.name}, {one.school.name}" for one in world.classes)


def test_a_sibling_at_another_school_does_not_appear() -> None:
    world = World(pilots=2)
    family = world.family(*world.classes)
    (row,) = rows(world.user("head", Role.HEAD, school=world.schools[0]))
    assert row.title == pupils_of(family)[0].first_name
    assert world.schools[1].name not in " ".join(row.places)


def test_of_a_family_with_children_at_two_schools_each_learns_what_happened_at_its_own() -> None:
    world = World(pilots=2)
    family = world.family(*world.classes)
    stranger = Guardian.objects.create(first_name="Andere", last_name="Ouder", contact_language="pa")
    Guardianship.objects.create(pupil=pupils_of(family)[1], guardian=stranger, starts_on=date(2025, 9, 1))
    there = {"kind": ContactKind.HOME_VISIT, "status": MomentStatus.NOT_REACHED}
    world.talk(family, world.schools[1], LATE, **there)
    heads = [world.user("head", Role.HEAD, school=school) for school in world.schools]
    assert [rows(head)[0].tried for head in heads] == [[], ["huisbezoek"]]
    assert [len(rows(head, language="pa")) for head in heads] == [0, 1]
    world.talk(family, world.schools[1], LATE, outcome="REACHED_AGREED")
    url = reverse("family_ladder", args=[family.pk])
    reached = [signed_in(head).get(url).context["state"].rung for head in heads]
    assert reached == [Rung.NOT_TRIED, Rung.UNDERSTOOD]
    assert signed_in(world.joint_worker()).get(url).context["state"].rung == Rung.UNDERSTOOD


def test_the_coordinator_and_a_teacher_do_not_see_the_list() -> None:
    world = World(pilots=1)
    teacher = world.user("teacher", Role.TEACHER, school=world.schools[0], school_class=world.classes[0])
    for user in (world.coordinator(), teacher):
        assert signed_in(user).get(reverse("not_reached")).status_code == 403


def test_a_page_of_the_list_asks_the_same_of_two_families_and_of_twenty() -> None:
    world = World(pilots=1)
    client = signed_in(world.joint_worker())
    counts = []
    for size in (2, 18):
        families = [world.family(world.classes[0]) for _ in range(size)]
        sent = notice(world, *families, day=LATE)
        for family in families:
            point(family, PointKind.EMAIL)
            delivery(sent, family)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("not_reached")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_the_ladder_of_a_family_is_only_for_those_who_may_see_the_family() -> None:
    world = World(pilots=2)
    family = world.family(world.classes[0])
    world.talk(family, world.schools[0])
    url = reverse("family_ladder", args=[family.pk])
    own, other = (
        world.user("teacher", Role.TEACHER, school=school, school_class=school_class)
        for school, school_class in zip(world.schools, world.classes, strict=True)
    )
    response = signed_in(own).get(url, headers={"HX-Request": "true"})
    assert response.context["state"].rung == Rung.SPOKEN
    assert response.content.decode().count("<h1") == 0
    assert signed_in(other).get(url).status_code == 404


def test_the_page_says_by_which_two_rules_a_family_is_on_it() -> None:
    """Its number differs from that of the figure of families without a contact, which knows no notices."""
    world = World()
    page = signed_in(world.joint_worker()).get(reverse("not_reached")).content.decode()
    assert "nog met niemand spraken en ook het laatste bericht niet openden of beantwoordden" in page
