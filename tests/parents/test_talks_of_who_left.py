"""A talk that was noted wrongly by a colleague who has left: who carries responsibility puts it right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from parents.models import CLBNote, ContactMoment, FollowUp, Visibility
from schools import clock
from schools.models import Assignment, AuditEntry, Participation, ParticipationRole, User
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


def leaves(cast: Cast, key: str) -> None:
    Assignment.objects.filter(user=cast.staff[key]).update(ends_on=clock.today() - timedelta(days=1))


def right(moment: ContactMoment) -> str:
    return reverse("contact_correct", args=[moment.pk])


def back(moment: ContactMoment) -> str:
    return reverse("contact_withdraw", args=[moment.pk])


def fields(moment: ContactMoment, **more: object) -> dict[str, object]:
    known = {"seen": 0, "kind": moment.kind, "outcome": moment.outcome, "held_on": moment.held_on.isoformat()}
    present = [guardian.pk for guardian in moment.guardians.all()]
    words = {"interpreter_need": "NO", "purpose": moment.purpose, "note": moment.note, "guardians": present}
    return known | words | more


@pytest.mark.parametrize("person", ["head", "care"])
def test_head_and_care_coordinator_put_right_what_a_teacher_left_behind(cast: Cast, person: str) -> None:
    moment, client = cast.moments["gate"], cast.client(person)
    assert client.get(right(moment)).status_code == 404, "its writer still works here"
    leaves(cast, "teacher_3b")
    assert right(moment) in text_of(client.get(reverse("contact_detail", args=[moment.pk])))
    changed = fields(moment, note="Over lezen", outcome="REACHED_FOLLOW_UP")
    assert client.post(right(moment), changed).status_code == 302
    moment.refresh_from_db()
    assert (moment.note, moment.recorded_by) == ("Over lezen", cast.staff["teacher_3b"]), "it stays who noted it"
    assert moment.revisions.get().by == cast.staff[person]
    assert AuditEntry.objects.get(verb="corrected").actor == cast.staff[person]
    task = FollowUp.objects.get(contact_moment=moment)
    assert task.owner == cast.staff[person], "who left reads no task"


@pytest.mark.parametrize(("key", "person"), [("gate", "care"), ("care", "joint"), ("clb", "clb_vclb")])
def test_they_take_it_back_with_a_reason(cast: Cast, key: str, person: str) -> None:
    moment, client = cast.moments[key], cast.client(person)
    CLBNote.objects.create(
        contact_moment=moment, centre=cast.centres["vclb"], sealed=b"x", author=moment.recorded_by,
        written_at=clock.now(),
    )  # fmt: skip
    assert client.post(back(moment), {"because": "Een ander kind"}).status_code == 404
    Assignment.objects.filter(user=moment.recorded_by).update(ends_on=clock.today() - timedelta(days=1))
    client.post(back(moment), {"because": "Een ander kind"})
    moment.refresh_from_db()
    assert (moment.withdrawn_because, moment.is_reach) == ("Een ander kind", False)
    assert AuditEntry.objects.get(verb="withdrew").actor == cast.staff[person]
    assert bytes(CLBNote.objects.get().sealed) == b"x", "notes of a CLB stay what they are"


@pytest.mark.parametrize(
    ("key", "person"),
    [("gate", "teacher_1a"), ("gate", "head_go"), ("gate", "office"), ("care", "clb_vclb"), ("clb", "head"),
     ("clb", "clb_go")],
)  # fmt: skip
def test_nobody_else_does(cast: Cast, key: str, person: str) -> None:
    moment, client = cast.moments[key], cast.client(person)
    Assignment.objects.filter(user=moment.recorded_by).update(ends_on=clock.today() - timedelta(days=1))
    for address in (right(moment), back(moment)):
        assert client.post(address, {"because": "x"}).status_code in (403, 404)


def test_it_is_hidden_from_nobody_by_it(cast: Cast) -> None:
    moment = cast.moments["gate"]
    leaves(cast, "teacher_3b")
    for hidden in ("AUTHOR", "CLB"):
        sent = fields(moment, visibility=hidden, centre=str(cast.centres["vclb"].pk))
        assert cast.client("head").post(right(moment), sent).status_code == 422
    assert cast.client("head").post(right(moment), fields(moment, visibility="SCHOOL_CARE")).status_code == 302
    moment.refresh_from_db()
    assert moment.visibility == Visibility.SCHOOL_CARE


def test_a_line_that_a_clb_owns_is_not_put_into_other_words_by_a_school(cast: Cast) -> None:
    moment = cast.moments["clb"]
    ContactMoment.objects.filter(pk=moment.pk).update(visibility=Visibility.SCHOOL_CARE)
    leaves(cast, "joint")
    assert cast.client("head").get(right(moment)).status_code == 404
    assert cast.client("clb_vclb").get(right(moment)).status_code == 200


def test_who_works_for_a_clb_of_the_school_has_not_left_it(cast: Cast) -> None:
    moment, post = cast.moments["gate"], Assignment.objects.filter(user=cast.staff["teacher_3b"])
    post.update(role="CLB", school=None, school_class=None, clb_centre=cast.centres["vclb"])
    assert cast.client("head").get(right(moment)).status_code == 404
    post.update(clb_centre=cast.centres["clb_go"])
    assert cast.client("head").get(right(moment)).status_code == 200


@pytest.mark.parametrize("how", ["compared with only", "no longer in the project", "account closed"])
def test_a_joint_worker_who_reads_the_school_no_more_has_left_it(cast: Cast, how: str) -> None:
    moment, head = cast.moments["gate"], cast.client("head")
    ContactMoment.objects.filter(pk=moment.pk).update(recorded_by=cast.staff["joint"])
    assert head.get(right(moment)).status_code == 404
    if how == "compared with only":
        Participation.objects.update(role=ParticipationRole.COMPARISON)
    elif how == "no longer in the project":
        Participation.objects.filter(school=moment.school).update(ends_on=clock.today() - timedelta(days=1))
    else:
        User.objects.filter(pk=cast.staff["joint"].pk).update(is_active=False)
    assert head.get(right(moment)).status_code == 200


def test_what_the_joint_worker_is_elsewhere_does_not_count(cast: Cast) -> None:
    """As a colleague of the CLB she reads the care line of a school that is not hers, and puts nothing right there."""
    moment, joint = cast.moments["care"], cast.client("joint")
    Participation.objects.filter(school=moment.school).update(role=ParticipationRole.COMPARISON)
    place = {"clb_centre": cast.centres["vclb"], "starts_on": clock.today()}
    Assignment.objects.create(user=cast.staff["joint"], role="CLB", **place)
    Assignment.objects.filter(user=moment.recorded_by).update(ends_on=clock.today() - timedelta(days=1))
    assert joint.get(reverse("contact_detail", args=[moment.pk])).status_code == 200
    assert joint.get(right(moment)).status_code == 404
    Participation.objects.filter(school=moment.school).update(role=ParticipationRole.PILOT)
    assert joint.get(right(moment)).status_code == 200
