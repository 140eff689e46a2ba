"""A form that is sent several times at the same moment, by an impatient finger or a bad line, does its work once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from messaging.models import CallTask, Notice, OptOut, Thread, ThreadPost
from messaging.services import ask_question, correct_notice, discard_notice, finish_call, publish_notice
from messaging.services.refusing import refuse
from parents import datachecks, sealing
from parents.access import children_of
from parents.models import CLBNote, ContactMoment, Family, FollowUp, FollowUpKind, Gathering, LegalHold
from parents.models.kinds import Outcome
from parents.services import hold_family, log_contact_moment, write_clb_note
from parents.services.gatherings import make_gathering
from parents.services.mending import ask_for
from parents.services.reachability import note_new_contact
from parents.services.wishes import report_wrong_person
from parents.signin import Reachable
from reports.adopting import Change, note_adoption
from reports.evaluation import add_comment, draft_evaluation
from reports.models import AdoptionChange, EvaluationReport, MethodAdoption, ReportComment, ReportState, ScanAction
from reports.scans import Plan, plan_action
from schools import clock
from schools.models import AuditEntry, CLBCentre, Method, PostDecision, SchoolClass, SchoolYear, StaffInvitation
from schools.scope import scope_of
from schools.services import lay_school_year
from schools.services.classes import drop_class
from schools.services.postreview import Decision, decide_posts, take_decision_back
from schools.services.staffing import invite
from tests import factories as make
from tests.cast import Cast, build_cast, staff_browser
from tests.faults.test_twice import at_once
from tests.parents.gatherings import facts
from tests.schools.posts import post_of

TIMES = 6

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> Cast:
    return build_cast()


def test_a_call_becomes_one_contact() -> None:
    """Contacts are counted: what was noted once is one, also for the second who waited for the first."""
    school_class = make.make_class()
    make.make_family(school_class, languages=["rif"], phones=["+32470000001"])
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    call = CallTask.objects.get()

    def note() -> None:
        finish_call(call_task=call, by=notice.author, outcome=Outcome.REACHED_AGREED)

    nobody = partial(finish_call, call_task=call, by=notice.author, outcome=Outcome.NOT_REACHED)
    assert at_once(*[nobody] * TIMES) == []
    assert ContactMoment.objects.count() == 1, "one attempt"
    refused = at_once(*[note] * TIMES)
    assert [type(error) for error in refused] == [ValidationError] * (TIMES - 1)
    assert ContactMoment.objects.count() == 2


def test_what_a_school_misses_is_asked_once(town: Cast) -> None:
    FollowUp.objects.all().delete()
    check, school = datachecks.BY_KEY["taal"], town.schools["kersenboom"]
    assert at_once(*[lambda: ask_for(check=check, school=school, by=town.staff["head"])] * TIMES) == []
    asked = FollowUp.objects.filter(kind="CONTACT_DATA").values_list("pupil_id", "what")
    assert 0 < len(asked) == len(set(asked))


def test_a_question_of_a_parent_is_one(town: Cast) -> None:
    mother, child = town.guardians["mother"], town.pupils["simran"]

    def ask() -> None:
        ask_question(guardian=mother, pupil=child, notice=None, text="ਕਦੋਂ?", language="pa")

    assert at_once(*[ask] * TIMES) == []
    assert (Thread.objects.count(), ThreadPost.objects.count()) == (1, 1)
    ask_question(guardian=mother, pupil=child, notice=None, text="ਕਿੱਥੇ?", language="pa")
    assert Thread.objects.count() == 2, "another question is another"


def test_a_number_is_noted_once(town: Cast) -> None:
    mother, number = town.guardians["mother"], Reachable("PHONE", "+32470998877")
    facts: dict[str, Any] = {"guardian": mother, "contact": number, "by": town.staff["head"]}
    assert at_once(*[lambda: note_new_contact(school=town.schools["kersenboom"], **facts)] * TIMES) == []
    assert mother.point_uses.filter(contact_point__value=number.value).count() == 1


def test_a_gathering_is_one(town: Cast) -> None:
    school, head, what = town.schools["kersenboom"], town.staff["head"], facts()
    assert at_once(*[lambda: make_gathering(school=school, facts=what, by=head)] * TIMES) == []
    assert Gathering.objects.count() == 1
    make_gathering(school=school, facts=facts(title="Nog eens"), by=head)
    assert Gathering.objects.count() == 2


def test_a_correction_is_one_draft() -> None:
    school_class = make.make_class()
    make.make_family(school_class)
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    assert at_once(*[lambda: correct_notice(notice=notice, by=notice.author)] * TIMES) == []
    draft = Notice.objects.get(corrects=notice)
    Notice.objects.filter(pk=draft.pk).update(revision=1)
    assert correct_notice(notice=notice, by=notice.author) != draft, "one that was written on is kept beside it"


def test_a_draft_is_thrown_away_once() -> None:
    draft = make.make_notice(make.make_class())
    assert at_once(*[lambda: discard_notice(notice=draft, by=draft.author)] * TIMES) == []
    assert not Notice.objects.exists()


def test_a_family_is_held_once(town: Cast) -> None:
    family, head = Family.objects.order_by("pk")[0], town.staff["head"]
    until = clock.today() + timedelta(days=30)

    def hold() -> None:
        hold_family(family=family, by=head, because="Klacht", until=until)

    assert at_once(*[hold] * TIMES) == []
    assert LegalHold.objects.count() == 1


def test_an_evaluation_begun_twice_is_one_draft(town: Cast) -> None:
    assert town.project is not None
    project, joint = town.project, town.staff["joint"]
    assert at_once(*[lambda: draft_evaluation(project=project, kind="FINAL", by=joint)] * 2) == []
    report = EvaluationReport.objects.get()
    EvaluationReport.objects.update(state=ReportState.SUBMITTED)
    assert draft_evaluation(project=project, kind="FINAL", by=joint).version == report.version + 1


def test_a_comment_on_a_chapter_is_one(town: Cast) -> None:
    assert town.project is not None
    report = draft_evaluation(project=town.project, kind="FINAL", by=town.staff["joint"])
    chapter, director = report.chapters.select_related("report").get(number=5), town.staff["director_vclb"]
    assert at_once(*[lambda: add_comment(chapter=chapter, text="Hoe zeker is dit?", by=director)] * TIMES) == []
    assert ReportComment.objects.count() == 1


def test_a_note_of_a_clb_is_one(town: Cast, clb_keys: Path) -> None:
    author, child = town.staff["clb_vclb"], town.pupils["simran"]
    centre = CLBCentre.objects.get(pk__in=scope_of(author).note_centres)
    sealing.make_key(centre)
    moment = log_contact_moment(
        author=author, school=town.schools["kersenboom"], pupils=[child], kind="PHONE",
        outcome=Outcome.REACHED_AGREED, held_on=clock.today(),
    )  # fmt: skip

    def write() -> None:
        write_clb_note(contact_moment=moment, centre=centre, text="Overleg met arts.", author=author)

    assert at_once(*[write] * TIMES) == []
    assert CLBNote.objects.count() == 1


def test_an_invitation_that_is_sent_again_leaves_one_link_open(town: Cast) -> None:
    colleague = make.make_user()
    assert at_once(*[lambda: invite(user=colleague, by=town.staff["head"])] * TIMES) == []
    assert StaffInvitation.objects.filter(user=colleague, revoked_at=None).count() == 1


def test_a_partner_is_made_once_and_the_second_is_told(town: Cast) -> None:
    browsers = [staff_browser(town.staff["admin"], raise_request_exception=False) for _number in range(TIMES)]
    address, statuses = reverse("place_new", args=["partners"]), []
    for browser in browsers:
        assert browser.get(address).status_code == 200

    def send(browser: Client) -> None:
        answer = browser.post(address, {"name": "Buurthuis De Kier", "kind": "welzijn"})
        statuses.append(answer.status_code)

    assert at_once(*[partial(send, browser) for browser in browsers]) == []
    assert sorted(statuses) == [302] + [422] * (TIMES - 1)


def test_a_refusal_is_one(town: Cast) -> None:
    mother = town.guardians["mother"]

    def say() -> None:
        refuse(guardians=[mother], channel="EMAIL", category="", told=None)

    assert at_once(*[say] * TIMES) == []
    assert OptOut.objects.filter(guardian=mother).count() == 1
    assert AuditEntry.objects.filter(verb="opted out").count() == 1


def test_what_is_taken_back_is_gone_and_the_second_hears_the_same(town: Cast) -> None:
    head, room = town.staff["head"], make.make_class(town.schools["kersenboom"], "3Z")
    lay_school_year(town.year.starts_on.year + 1, with_holidays=False)
    year = SchoolYear.objects.latest("starts_on")
    decide_posts(decisions=[Decision(post=post_of(town, "care"), kind=PostDecision.Kind.KEPT)], year=year, by=head)
    decision = PostDecision.objects.get()
    assert at_once(*[lambda: take_decision_back(decision=decision, by=head)] * TIMES) == []
    assert at_once(*[lambda: drop_class(room=room, by=head)] * TIMES) == []
    assert not PostDecision.objects.exists()
    assert not SchoolClass.objects.filter(pk=room.pk).exists()


def test_a_wrong_number_is_told_to_a_school_once(town: Cast) -> None:
    mother = town.guardians["mother"]
    children = list(children_of(mother))

    def tell() -> None:
        report_wrong_person(guardian=mother, children=children)

    assert at_once(*[tell] * TIMES) == []
    told = FollowUp.objects.filter(guardian=mother, kind=FollowUpKind.CONTACT_DATA).values_list("school_id", flat=True)
    assert len(told) == len(set(told)) > 0


def test_an_action_of_a_school_is_one(town: Cast) -> None:
    plan = Plan(point="time-3", what="Opvang", owner=town.staff["care"], due_on=clock.today())

    def act() -> None:
        plan_action(school=town.schools["kersenboom"], plan=plan, by=town.staff["head"])

    assert at_once(*[act] * TIMES) == []
    assert ScanAction.objects.count() == 1


def test_a_card_is_taken_up_once(town: Cast) -> None:
    school, head = town.schools["kersenboom"], town.staff["head"]
    method = Method.objects.create(slug="avond", title="Avond", level=1, preparation_min=5, duration_min=60)
    change = Change(status=MethodAdoption.Status.TRYING, since=clock.today())
    assert at_once(*[lambda: note_adoption(school=school, method=method, change=change, by=head)] * TIMES) == []
    assert AdoptionChange.objects.count() == 1
