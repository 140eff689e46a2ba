"""Logging a talk: child, kind, outcome."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from parents.models import ContactMoment, FollowUp, MomentStatus, Visibility
from parents.services import log_contact_moment
from schools import clock
from schools.days import full_day
from schools.models import AuditEntry, Holiday, Partner
from tests.cast import Cast
from tests.parents.frame import text_of


def quick(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "client_id": str(uuid4()),
        "kind": "GATE_TALK",
        "outcome": "REACHED_AGREED",
        "held_on": clock.today().isoformat(),
        "visibility": "SCHOOL_TEAM",
        "is_second": "on",
    } | more


def address(cast: Cast, child: str = "simran") -> str:
    return f"{reverse('contact_new')}?pupil={cast.pupils[child].pk}"


def test_the_teacher_logs_a_talk_with_kind_and_outcome_alone(cast: Cast) -> None:
    before = ContactMoment.objects.count()
    answer = cast.client("teacher_3b").post(address(cast), quick(cast))
    moment = ContactMoment.objects.latest("pk")
    assert answer.status_code == 302
    assert ContactMoment.objects.count() == before + 1
    assert moment.status == MomentStatus.HELD
    assert moment.is_reach
    assert not moment.is_two_way, "a gate talk counts as two-way only with a purpose (domain 2.3)"
    assert moment.family == cast.families["kaur"]
    assert moment.initiative == "TEACHER"


def test_the_child_of_the_latest_talk_is_the_first_to_tap(cast: Cast) -> None:
    teacher = cast.client("teacher_3b")
    for child in ("simran", "yusuf", "simran"):
        teacher.post(address(cast, child), quick(cast))
    recent = teacher.get(reverse("contact_new")).context["recent"]
    assert [pupil.first_name for pupil in recent] == ["Simran", "Yusuf"], "by name it would be the other way round"


def test_back_and_one_more_tap_ask_whether_it_was_another_talk(cast: Cast) -> None:
    """Back from the page of a talk the form is a new one: the talk stood twice in the figures."""
    teacher, before = cast.client("teacher_3b"), ContactMoment.objects.count()
    first = {"is_second": ""}
    assert teacher.post(address(cast), quick(cast, **first)).status_code == 302
    asked = teacher.post(address(cast), quick(cast, **first, outcome="NOT_REACHED"))
    assert asked.status_code == 422
    assert "gesprek aan de schoolpoort, bereikt, afspraak gemaakt" in text_of(asked)
    assert ContactMoment.objects.count() == before + 1
    assert 'name="is_second" value="on"' in asked.content.decode()
    assert "data-sent-back" not in asked.content.decode(), (
        "who sees that it was the same one leaves nothing to go on with"
    )
    words = teacher.post(address(cast), quick(cast, **first, note="Komt dinsdag"))
    assert "data-sent-back" in words.content.decode(), "words are kept until they are sent"
    assert teacher.post(address(cast), quick(cast, is_second="on")).status_code == 302, "it was another one"
    assert ContactMoment.objects.count() == before + 2
    for other in ({"kind": "PHONE"}, {"held_on": (clock.today() - timedelta(days=1)).isoformat()}):
        assert teacher.post(address(cast), quick(cast, **first, **other)).status_code == 302, "another talk by itself"
    same = quick(cast, **first, kind="VIDEO")
    assert (
        teacher.post(address(cast), same).headers["Location"] == teacher.post(address(cast), same).headers["Location"]
    )


def test_the_form_begins_at_the_kind_one_chose_last_and_not_at_what_was_counted_by_itself(cast: Cast) -> None:
    """An answered question counts as a written message: one tap at the gate would have logged another."""
    teacher = cast.client("teacher_3b")
    typed = {"kind": "PHONE", "opened_at": (clock.now() - timedelta(seconds=20)).timestamp()}
    teacher.post(address(cast), quick(cast, **typed))
    log_contact_moment(
        author=cast.staff["teacher_3b"],
        school=cast.schools["kersenboom"],
        pupils=[cast.pupils["simran"]],
        kind="MESSAGE",
        outcome="REACHED_AGREED",
        held_on=clock.today(),
    )
    assert teacher.get(address(cast)).context["form"]["kind"].value() == "PHONE"


def test_a_day_before_the_family_was_known_is_called_by_its_name(cast: Cast) -> None:
    """A year typed wrong sent teachers to the school office for a family that is there."""
    refused = cast.client("teacher_3b").post(address(cast), quick(cast, held_on="0026-05-14"))
    began = cast.families["kaur"].memberships.get(pupil=cast.pupils["simran"]).starts_on
    assert refused.status_code == 422
    assert f"Het gezin is hier bekend vanaf {full_day(began)}. Kies" in text_of(refused)


def test_whoever_added_more_saves_below_it_too(cast: Cast) -> None:
    """What one adds is longer than a screen, and what saves stood above it alone."""
    page = cast.client("care").get(address(cast)).content.decode()
    assert page.index('name="outcome"') < page.index('name="follow_up_due"') < page.rindex('name="outcome"')


def test_a_gate_talk_with_a_purpose_is_two_way(cast: Cast) -> None:
    cast.client("teacher_3b").post(address(cast), quick(cast, purpose="PRAISE"))
    assert ContactMoment.objects.latest("pk").is_two_way


def test_follow_up_needed_in_one_tap_stands_in_the_week_until_it_is_done(cast: Cast) -> None:
    """Nobody wrote what is left to do: the talk itself is it. Whoever writes it finds only that."""
    client = cast.client("teacher_3b")
    client.post(address(cast), quick(cast, outcome="REACHED_FOLLOW_UP"))
    task = FollowUp.objects.get(contact_moment=ContactMoment.objects.latest("pk"))
    assert (task.what, task.owner) == ("Gesprek aan de schoolpoort: bereikt, opvolging nodig", cast.staff["teacher_3b"])
    assert task.due_on == clock.today() + timedelta(days=3)
    assert task.what in client.get(reverse("my_week")).content.decode()
    due = clock.today() + timedelta(days=2)
    words = {"follow_up": "Bel over de bril", "follow_up_due": due.isoformat()}
    client.post(address(cast), quick(cast, outcome="REACHED_FOLLOW_UP", **words))
    client.post(address(cast), quick(cast, outcome="REACHED_FOLLOW_UP", visibility="AUTHOR"))
    client.post(address(cast), quick(cast))
    assert list(FollowUp.objects.filter(pk__gt=task.pk).values_list("what", flat=True)) == ["Bel over de bril"]


def test_what_one_tap_asks_to_be_done_is_due_on_a_day_with_class(cast: Cast) -> None:
    """On a Saturday or in a holiday nobody does it, and on the Monday after it, it would have been late."""
    day = clock.today() + timedelta(days=3)
    free = Holiday.objects.create(
        name="Verlof", starts_on=day, ends_on=day + timedelta(days=2), school=cast.schools["bloesem"]
    )
    client = cast.client("teacher_3b")
    client.post(address(cast), quick(cast, outcome="REACHED_FOLLOW_UP"))
    assert FollowUp.objects.latest("pk").due_on == day, "another school is closed"
    Holiday.objects.filter(pk=free.pk).update(school=cast.schools["kersenboom"])
    client.post(address(cast), quick(cast, outcome="REACHED_FOLLOW_UP", purpose="CONCERN"))
    back = Holiday.objects.calendar(cast.schools["kersenboom"]).add_school_days(day, 1)
    assert FollowUp.objects.latest("pk").due_on == back > day + timedelta(days=2)


def test_what_was_promised_in_a_talk_goes_with_it_when_it_is_taken_back(cast: Cast) -> None:
    client = cast.client("teacher_3b")
    client.post(address(cast), quick(cast, outcome="REACHED_FOLLOW_UP"))
    moment = ContactMoment.objects.latest("pk")
    client.post(reverse("contact_withdraw", args=[moment.pk]), {"because": "Het was een ander kind."})
    assert moment.follow_ups.get().status == "DROPPED"
    assert "opvolging nodig" not in client.get(reverse("my_week")).content.decode()


def test_nobody_at_home_is_no_reach(cast: Cast) -> None:
    cast.client("teacher_3b").post(address(cast), quick(cast, kind="HOME_VISIT", outcome="NOT_REACHED"))
    moment = ContactMoment.objects.latest("pk")
    assert (moment.status, moment.is_reach, moment.is_two_way) == (MomentStatus.NOT_REACHED, False, False)


def test_a_form_that_a_colleague_sent_from_this_computer_is_sent_once_more_as_a_new_talk(cast: Cast) -> None:
    """Back to the form after another signed in: its words stay, and are not the colleague's talk."""
    client, talk = cast.client("teacher_3b"), quick(cast, note="Over lezen")
    cast.client("head").post(address(cast), talk)
    before = ContactMoment.objects.count()
    answer = client.post(address(cast), talk)
    assert (answer.status_code, ContactMoment.objects.count()) == (422, before)
    form = answer.context["form"]
    assert form["note"].value() == "Over lezen"
    again = talk | {"client_id": form["client_id"].value()}
    assert client.post(address(cast), again).status_code == 302
    assert ContactMoment.objects.latest("pk").recorded_by == cast.staff["teacher_3b"]


def test_the_same_tap_twice_is_one_contact(cast: Cast) -> None:
    client, talk = cast.client("teacher_3b"), quick(cast)
    before = ContactMoment.objects.count()
    client.post(address(cast), talk)
    client.post(address(cast), talk)
    assert ContactMoment.objects.count() == before + 1


def test_another_teacher_cannot_log_for_this_child(cast: Cast) -> None:
    assert cast.client("teacher_1a").post(address(cast), quick(cast)).status_code == 404


def test_a_guardian_of_another_child_cannot_be_smuggled_in(cast: Cast) -> None:
    foreign = cast.guardians["dutch_mother"].pk
    answer = cast.client("teacher_3b").post(address(cast), quick(cast, guardians=[foreign]))
    assert answer.status_code == 422


def test_a_teacher_cannot_write_a_clb_line(cast: Cast) -> None:
    answer = cast.client("teacher_3b").post(address(cast), quick(cast, visibility="CLB"))
    assert answer.status_code == 422


def test_the_joint_workers_free_text_is_clb_only_unless_she_says_otherwise(cast: Cast) -> None:
    page = cast.client("joint").get(address(cast))
    assert page.context["form"].fields["visibility"].choices[0][0] == Visibility.CLB


def test_a_promise_becomes_a_follow_up_of_the_writer(cast: Cast) -> None:
    due = (clock.today() + timedelta(days=3)).isoformat()
    cast.client("teacher_3b").post(address(cast), quick(cast, follow_up="Call about the library", follow_up_due=due))
    follow_up = FollowUp.objects.latest("pk")
    assert (follow_up.owner, follow_up.what) == (cast.staff["teacher_3b"], "Call about the library")
    assert follow_up.contact_moment == ContactMoment.objects.latest("pk")


def test_a_promise_without_a_day_is_asked_back_and_nothing_is_lost(cast: Cast) -> None:
    before = ContactMoment.objects.count()
    answer = cast.client("teacher_3b").post(address(cast), quick(cast, note="Kwam zelf langs", follow_up="Bellen"))
    assert answer.status_code == 422
    assert "Kwam zelf langs" in answer.content.decode()
    assert ContactMoment.objects.count() == before


def test_a_promise_is_not_due_before_the_talk_in_which_it_was_made(cast: Cast) -> None:
    """A slip in the month would be late at once. Of a talk of last week that is noted now it may be."""
    client, day = cast.client("teacher_3b"), clock.today() - timedelta(days=2)
    words = {"follow_up": "Bellen", "follow_up_due": day.isoformat()}
    answer = client.post(address(cast), quick(cast, **words))
    assert answer.status_code == 422
    assert "Deze dag was vóór het gesprek" in answer.content.decode()
    client.post(address(cast), quick(cast, **words, held_on=(day - timedelta(days=3)).isoformat()))
    assert FollowUp.objects.latest("pk").due_on == day


def test_a_contact_cannot_lie_in_the_future(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        log_contact_moment(
            author=cast.staff["teacher_3b"],
            school=cast.schools["kersenboom"],
            pupils=[cast.pupils["simran"]],
            kind="PHONE",
            outcome="REACHED_AGREED",
            held_on=clock.today() + timedelta(days=1),
        )


def test_children_of_two_families_are_not_one_contact(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        log_contact_moment(
            author=cast.staff["teacher_3b"],
            school=cast.schools["kersenboom"],
            pupils=[cast.pupils["simran"], cast.pupils["yusuf"]],
            kind="PHONE",
            outcome="REACHED_AGREED",
            held_on=clock.today(),
        )


def test_a_follow_up_is_done_with_one_tap_by_those_who_see_it(cast: Cast) -> None:
    assert cast.follow_up is not None
    done = reverse("follow_up_done", args=[cast.follow_up.pk])
    assert cast.client("teacher_1a").post(done).status_code == 404
    assert cast.client("teacher_3b").post(done).status_code == 302
    cast.follow_up.refresh_from_db()
    assert (cast.follow_up.status, cast.follow_up.done_on) == ("DONE", clock.today())


def test_what_nobody_needs_any_more_is_neither_kept_nor_late(cast: Cast) -> None:
    assert cast.follow_up is not None
    done, week = reverse("follow_up_done", args=[cast.follow_up.pk]), reverse("my_week")
    teacher = cast.client("teacher_3b")
    assert "Niet meer nodig" in text_of(teacher.get(reverse("family_detail", args=[cast.follow_up.family_id])))
    for days in (1, -1):
        type(cast.follow_up).objects.filter(pk=cast.follow_up.pk).update(due_on=clock.today() + timedelta(days=days))
        assert "Niet meer nodig" in text_of(teacher.get(week)), "the week asks it too, late or not"
    assert cast.client("teacher_1a").post(done, {"act": "drop"}).status_code == 404
    assert teacher.post(done, {"act": "drop", "next": week}).headers["Location"] == week
    assert f"Niet meer nodig: {cast.follow_up.what.rstrip('.')}." in text_of(teacher.get(week))
    cast.follow_up.refresh_from_db()
    assert (cast.follow_up.status, cast.follow_up.done_on) == ("DROPPED", None)
    assert AuditEntry.objects.get(verb="dropped").target_id == cast.follow_up.pk
    teacher.post(done)
    cast.follow_up.refresh_from_db()
    assert cast.follow_up.status == "DROPPED", "closed once"
    assert "Klaar:" not in text_of(teacher.get(week)), "nor said twice"


def test_a_referral_says_whether_the_family_arrived_when_that_is_known(cast: Cast) -> None:
    teacher = cast.client("teacher_3b")
    for typed, kept in (("", None), ("True", True), ("False", False)):
        teacher.post(address(cast), quick(cast, outcome="REFERRED", arrived=typed))
        assert ContactMoment.objects.latest("pk").arrived is kept
    assert teacher.post(address(cast), quick(cast, outcome="REFERRED", arrived="soon")).status_code == 422


def test_a_referral_may_say_to_which_organisation_it_leads(cast: Cast) -> None:
    teacher, library = cast.client("teacher_3b"), Partner.objects.create(name="Bibliotheek De Leeshoek")
    assert "Bibliotheek De Leeshoek" in text_of(teacher.get(address(cast)))
    teacher.post(address(cast), quick(cast, outcome="REFERRED", partner=library.pk))
    moment = ContactMoment.objects.latest("pk")
    assert moment.partner == library
    assert "Bibliotheek De Leeshoek" in text_of(teacher.get(reverse("contact_detail", args=[moment.pk])))
    teacher.post(address(cast), quick(cast, outcome="REFERRED"))
    assert ContactMoment.objects.latest("pk").partner is None
    assert teacher.post(address(cast), quick(cast, outcome="REFERRED", partner=999_999)).status_code == 422


@pytest.mark.parametrize(("outcome", "words"), [("CANCELLED_FAMILY", "het gezin"), ("CANCELLED_SCHOOL", "de school")])
def test_a_visit_that_was_cancelled_is_one_tap_and_no_reach(cast: Cast, outcome: str, words: str) -> None:
    """Nobody is asked who agreed to it: there was no visit."""
    teacher = cast.client("teacher_3b")
    assert f'value="{outcome}"' in teacher.get(address(cast)).content.decode()
    answer = teacher.post(address(cast), quick(cast, kind="HOME_VISIT", outcome=outcome))
    moment = ContactMoment.objects.latest("pk")
    assert answer.status_code == 302
    assert (moment.status, moment.is_reach) == (MomentStatus(outcome), False)
    page = text_of(teacher.get(reverse("contact_detail", args=[moment.pk])))
    assert f"afgezegd door {words}" in page.lower()


def test_the_tone_of_a_talk_is_optional_and_read_by_who_reads_the_talk(cast: Cast) -> None:
    teacher = cast.client("teacher_3b")
    teacher.post(address(cast), quick(cast))
    silent = ContactMoment.objects.latest("pk")
    assert silent.tone == "NEUTRAL"
    assert "Toon van het gesprek" not in text_of(teacher.get(reverse("contact_detail", args=[silent.pk])))
    assert teacher.post(address(cast), quick(cast, tone="CROSS")).status_code == 422
    teacher.post(address(cast), quick(cast, tone="CONCERN"))
    moment = ContactMoment.objects.latest("pk")
    detail = reverse("contact_detail", args=[moment.pk])
    for key in ("teacher_3b", "head"):
        page = text_of(cast.client(key).get(detail))
        assert "Toon van het gesprek" in page
        assert "bezorgdheid" in page
    assert cast.client("teacher_1a").get(detail).status_code == 404


def test_who_reads_a_talk_is_offered_only_the_taps_that_work(cast: Cast) -> None:
    """A talk about two children is read by both teachers; what was promised about one is not the other's to close."""
    moment, task = cast.moments["gate"], cast.follow_up
    assert task is not None
    moment.pupils.add(cast.pupils["emma"])
    FollowUp.objects.filter(pk=task.pk).update(contact_moment=moment)
    page, done = reverse("contact_detail", args=[moment.pk]), reverse("follow_up_done", args=[task.pk])
    for person, offered in (("teacher_3b", True), ("teacher_1a", False), ("head", True)):
        client = cast.client(person)
        text = client.get(page).content.decode()
        assert task.what in text, person
        assert (done in text) is offered, person
    assert cast.client("teacher_1a").post(done).status_code == 404
