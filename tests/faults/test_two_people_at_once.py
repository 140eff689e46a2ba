"""Two people do what belongs together at the same moment, each with a connection of its own: one waits for the other,
and neither is told that something went wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from messaging.models import Answer, CallTask, Delivery, DeliveryStatus
from messaging.services import finish_call, give_answer, publish_notice
from parents.models import ContactMoment, FamilyMatch, FollowUpStatus, Outcome, ReadingMode
from parents.services import drop_follow_up, join_families
from reports.budget import add_line, change_line
from reports.models import BudgetLine
from schools import clock
from schools.models import Assignment, Role, School, StaffInvitation
from schools.services.staffing import accept_invitation, invite
from tests import factories as make
from tests.cast import Cast, build_cast
from tests.faults.meanwhile import Somebody, before
from tests.messaging.notices_for_pages import sent
from tests.schools.test_places import SCHOOL

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> Cast:
    return build_cast()


def test_both_parents_of_a_joined_family_answer(town: Cast) -> None:
    room = town.classes["3b"]
    homes = [make.make_family(room, children=[name]) for name in ("Ada", "Bo")]
    match = FamilyMatch.objects.create(
        first=homes[0].family, second=homes[1].family, score=60, facts=["PHONE:0"], found_at=clock.now()
    )
    join_families(match=match, by=town.staff["joint"])
    notice = make.make_notice(room, town.staff["teacher_3b"])
    notice.answer_scope = "FAMILY"
    notice.save(update_fields=["answer_scope"])
    publish_notice(notice=notice, by=notice.author)
    first, second = [Delivery.objects.get(notice=notice, guardian=home.guardians[0]) for home in homes]
    with transaction.atomic():
        give_answer(delivery=first, key="yes")
        other = Somebody(lambda: give_answer(delivery=second, key="other_day"))
    assert other.ended() == []
    said = Answer.objects.filter(notice=notice).order_by("pk").values_list("guardian_id", "key", "stands")
    assert list(said) == [(first.guardian_id, "yes", False), (second.guardian_id, "other_day", True)]


def test_an_invitation_is_accepted_while_a_newer_one_is_sent(town: Cast) -> None:
    colleague, head = make.make_user(), town.staff["head"]
    invitation = invite(user=colleague, by=head)
    accepted, somebody = list[bool](), list[Somebody]()

    def accept() -> None:
        accepted.append(accept_invitation(invitation=invitation, password="een heel lang woord met 12"))

    with before('UPDATE "schools_staffinvitation"', lambda: somebody.append(Somebody(accept))):
        invite(user=colleague, by=head)
    assert somebody[0].ended() == []
    assert accepted == [False]
    assert StaffInvitation.objects.open().filter(user=colleague).count() == 1


@pytest.mark.parametrize("moment", ['FOR UPDATE OF "messaging_delivery"', 'UPDATE "parents_followup"'])
def test_a_call_is_made_while_a_colleague_says_that_nobody_needs_it(town: Cast, moment: str) -> None:
    """Either of them comes first; neither waits for the other for ever."""
    town.guardians["separated_mother"].reading_mode = ReadingMode.ORAL_ONLY
    town.guardians["separated_mother"].save()
    sent(town)
    call, teacher, somebody = CallTask.objects.get(), town.staff["teacher_3b"], list[Somebody]()

    def tell() -> None:
        finish_call(call_task=call, by=teacher, outcome=Outcome.REACHED_AGREED)

    with before(moment, lambda: somebody.append(Somebody(tell))):
        drop_follow_up(follow_up=call.follow_up, by=town.staff["care"])
    assert somebody[0].ended() == []
    assert ContactMoment.objects.filter(guardians=call.delivery.guardian, kind="PHONE").count() == 1
    call.refresh_from_db()
    ended = (call.delivery.status, call.follow_up.status)
    assert ended in (
        (DeliveryStatus.DELIVERED, FollowUpStatus.DONE),
        (DeliveryStatus.CANCELLED, FollowUpStatus.DROPPED),
    )


def test_two_lines_of_a_budget_get_one_name(town: Cast) -> None:
    assert town.project is not None
    worker = town.staff["joint"]
    lines = [
        add_line(project=town.project, name=name, granted=Decimal(100), by=worker) for name in ("Tolken", "Drukwerk")
    ]

    def rename(line: BudgetLine) -> None:
        change_line(line=line, name="Materiaal", granted=Decimal(100), reason="Anders genoemd", by=worker)

    with transaction.atomic():
        rename(lines[0])
        other = Somebody(lambda: rename(lines[1]))
    assert [type(error) for error in other.ended()] == [ValidationError]
    assert BudgetLine.objects.filter(name="Materiaal").count() == 1


def test_two_administrators_add_one_school(town: Cast) -> None:
    Assignment.objects.create(user=town.staff["head"], role=Role.ADMIN, starts_on=clock.today())
    one, other, facts = town.client("admin"), town.client("head"), SCHOOL | {"clb": town.centres["vclb"].pk}
    answers, somebody = list[int](), list[Somebody]()

    def add() -> None:
        answers.append(other.post(reverse("place_new", args=["scholen"]), facts).status_code)

    with before('INSERT INTO "schools_school"', lambda: somebody.append(Somebody(add))):
        answers.append(one.post(reverse("place_new", args=["scholen"]), facts).status_code)
    assert somebody[0].ended() == []
    assert sorted(answers) == [302, 422]
    assert School.objects.filter(institution_number=SCHOOL["institution_number"]).count() == 1
