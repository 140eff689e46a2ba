"""Steps of the year planner: taken, passed on, moved, done, left out, reminded of, and read by who may."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from messaging.content import load_templates
from reports.models import MethodAdoption, PlannedStep
from reports.planner.lines import months_of
from reports.planner.planning import start_plan
from reports.planner.reminding import remind_owners
from reports.planner.spread import by_network
from reports.planner.working import change_step, finish_step, skip_step, take_step
from schools import clock
from schools.models import Assignment, Participation, Role, School, User
from tests.cast import BRUSSELS, Cast
from tests.messaging.sinks import mail_sink
from tests.reports.conftest import travel_to
from tests.reports.planned import a_school_day, plan_of, step_of, use

pytestmark = pytest.mark.django_db


def test_a_step_is_taken_passed_on_moved_done_and_opened_again(school: School, cast: Cast) -> None:
    use(school, "good-news-call")
    step = step_of(plan_of(school, cast), "good-news-again")
    page, settle = reverse("plan_step", args=[step.pk]), reverse("plan_step_settle", args=[step.pk])
    teacher, head = cast.client("teacher_3b"), cast.client("head")
    teacher.post(settle, {"what": "take"})
    step.refresh_from_db()
    assert step.owner == cast.staff["teacher_3b"]
    day = a_school_day(cast)
    assert (
        head.post(page, {"step-owner": cast.staff["teacher_1a"].pk, "step-due_on": day.isoformat()}).status_code == 302
    )
    step.refresh_from_db()
    assert (step.owner, step.due_on) == (cast.staff["teacher_1a"], day)
    teacher.post(settle, {"what": "done"})  # a colleague's now
    step.refresh_from_db()
    assert step.is_open
    cast.client("teacher_1a").post(settle, {"what": "done"})
    step.refresh_from_db()
    assert (step.state, step.settled_by) == ("DONE", cast.staff["teacher_1a"])
    head.post(settle, {"what": "open"})
    step.refresh_from_db()
    assert (step.state, step.settled_on) == ("OPEN", None)


def test_another_day_does_not_take_a_step_from_who_took_it_since_the_page_was_opened(
    school: School, cast: Cast
) -> None:
    use(school, "good-news-call")
    step = step_of(plan_of(school, cast), "good-news-again")
    page, head = reverse("plan_step", args=[step.pk]), cast.client("head")
    form = head.get(page).context["form"]
    day = a_school_day(cast)
    opened = {"step-seen": form["seen"].value(), "step-owner": "", "step-due_on": day.isoformat()}
    take_step(step=step, by=cast.staff["teacher_3b"])
    refused = head.post(page, opened)
    assert refused.status_code == 422
    assert "Wie zorgt ervoor?" in refused.content.decode().partition("Iemand anders heeft dit intussen gewijzigd")[2]
    step.refresh_from_db()
    assert step.owner == cast.staff["teacher_3b"]
    known = {"step-seen": refused.context["form"]["seen"].value(), "step-owner": str(step.owner_id)}
    again = opened | known
    assert [head.post(page, again).status_code for _press in range(2)] == [302, 302]
    step.refresh_from_db()
    assert (step.owner, step.due_on) == (cast.staff["teacher_3b"], day)


def test_a_step_is_left_out_with_a_reason_that_names_nobody(school: School, cast: Cast) -> None:
    step = step_of(plan_of(school, cast), "other-network-visited")
    page, head = reverse("plan_step", args=[step.pk]), cast.client("head")
    refused = head.post(page, {"skip-reason": "Harpreet Kaur kon niet."})
    assert refused.status_code == 422
    assert "Harpreet Kaur kon niet." in refused.content.decode()
    assert head.post(page, {"skip-reason": " "}).status_code == 422
    assert head.post(page, {"skip-reason": "De buurschool verbouwt."}).status_code == 302
    step.refresh_from_db()
    assert (step.state, step.reason) == ("SKIPPED", "De buurschool verbouwt.")
    assert "De buurschool verbouwt." in head.get(reverse("plan_school", args=[school.pk])).content.decode()


def test_ones_own_steps_stand_there_alone(school: School, cast: Cast) -> None:
    plan, head = plan_of(school, cast), cast.client("head")
    own, other = step_of(plan, "cards-decided"), plan.steps.exclude(step__key="cards-decided").first()
    assert other is not None
    plan.steps.update(owner=None)
    PlannedStep.objects.filter(pk=own.pk).update(owner=cast.staff["head"])
    where = reverse("plan_school", args=[school.pk])
    pages = [head.get(where, {"van": whose}).content.decode() for whose in ("", "mij")]
    ways = [f'"{reverse("plan_step", args=[step.pk])}"' for step in (own, other)]
    assert [[way in page for way in ways] for page in pages] == [[True, True], [True, False]]
    assert ['"?van=mij" aria-current="page"' in page for page in pages] == [False, True]


def test_a_joint_worker_is_offered_nothing_of_colleagues_elsewhere(school: School, cast: Cast) -> None:
    """At a school that she accompanies no more she may still be a colleague, and no more than that."""
    step = step_of(plan_of(school, cast), "dates-fixed")
    PlannedStep.objects.filter(pk=step.pk).update(owner=cast.staff["care"])

    def is_offered() -> bool:
        months = months_of(step.plan, User.objects.get(pk=cast.staff["joint"].pk))
        return next(line.is_mine for month in months for line in month.lines if line.row.pk == step.pk)

    assert is_offered()
    Participation.objects.filter(school=school).update(ends_on=clock.today() - timedelta(days=1))
    Assignment.objects.create(user=cast.staff["joint"], role=Role.LIAISON, school=school, starts_on=cast.year.starts_on)
    assert not is_offered()


def test_no_day_without_class_nor_outside_the_year_nor_somebody_of_another_school(school: School, cast: Cast) -> None:
    step, head = step_of(plan_of(school, cast), "cards-decided"), cast.staff["head"]
    good: dict[str, Any] = {"owner": cast.staff["care"], "due_on": a_school_day(cast), "by": head}
    change_step(step=step, **good)
    christmas = date(cast.year.starts_on.year, 12, 25)
    for wrong in (
        {"due_on": christmas},
        {"due_on": cast.year.ends_on + timedelta(days=9)},
        {"due_on": date(2020, 1, 7)},
        {"owner": cast.staff["head_go"]},
        {"by": cast.staff["teacher_3b"]},
    ):
        with pytest.raises(ValidationError):
            change_step(step=step, **good | wrong)
    finish_step(step=step, by=head)
    with pytest.raises(ValidationError):
        change_step(step=step, **good)


def test_who_was_quicker_keeps_the_step(school: School, cast: Cast) -> None:
    use(school, "good-news-call")
    step = step_of(plan_of(school, cast), "good-news-again")
    take_step(step=step, by=cast.staff["teacher_3b"])
    with pytest.raises(ValidationError):
        take_step(step=step, by=cast.staff["teacher_1a"])
    with pytest.raises(ValidationError):
        skip_step(step=step, reason="Geen tijd", by=cast.staff["teacher_1a"])


def test_its_owner_is_reminded_once_by_a_mail_that_says_nothing_in_its_subject(school: School, cast: Cast) -> None:
    step = step_of(plan_of(school, cast), "cards-decided")
    PlannedStep.objects.exclude(pk=step.pk).delete()
    with time_machine.travel(datetime.combine(step.remind_on, datetime.min.time(), BRUSSELS) + timedelta(hours=8)):
        assert remind_owners() == 1
        assert remind_owners() == 0
    (message,) = mail.outbox
    assert message.to == [cast.staff["head"].email]
    assert message.subject == "Jaarplanner: er komt iets van jou aan"
    assert step.step.words["nl"] in message.body
    assert reverse("plan_list") in message.body


def test_killed_after_the_mail_left_what_comes_twice_is_one_mail(school: School, cast: Cast) -> None:
    step = step_of(plan_of(school, cast), "cards-decided")
    PlannedStep.objects.exclude(pk=step.pk).delete()
    with time_machine.travel(datetime.combine(step.remind_on, datetime.min.time(), BRUSSELS) + timedelta(hours=8)):
        remind_owners()
        PlannedStep.objects.update(reminded_at=None)  # nothing was written down
        remind_owners()
        change_step(step=step, owner=step.owner, due_on=step.due_on + timedelta(days=1), by=cast.staff["head"])
        PlannedStep.objects.update(remind_on=step.remind_on)
        remind_owners()
    first, again, moved = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == again, "a mail program shows one"
    assert moved != first, "of another day one hears anew"


def test_an_owner_whose_address_is_refused_keeps_no_other_from_being_reminded(
    school: School, cast: Cast, settings: Any
) -> None:
    use(school, "good-news-call")
    plan = plan_of(school, cast)
    first, second = step_of(plan, "cards-decided"), step_of(plan, "good-news-again")
    for step, key, days in ((first, "head", 0), (second, "care", 1)):
        due_on = first.due_on + timedelta(days=days)
        PlannedStep.objects.filter(pk=step.pk).update(owner=cast.staff[key], due_on=due_on, remind_on=first.remind_on)
    PlannedStep.objects.exclude(pk__in=[first.pk, second.pk]).delete()
    wrong = cast.staff["head"].email
    with mail_sink(answer_rcpt=lambda address: "550 5.1.2 No such domain" if address == wrong else "") as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, False
        with time_machine.travel(datetime.combine(first.remind_on, datetime.min.time(), BRUSSELS) + timedelta(hours=8)):
            assert remind_owners() == 1
    assert [to for to, _content in sink.raw] == [cast.staff["care"].email]


@pytest.mark.parametrize("gone", ["done", "left", "early"])
def test_no_reminder_when_it_is_done_its_owner_left_or_it_is_early(school: School, cast: Cast, gone: str) -> None:
    step = step_of(plan_of(school, cast), "cards-decided")
    PlannedStep.objects.exclude(pk=step.pk).delete()
    hours = 8
    if gone == "done":
        finish_step(step=step, by=cast.staff["head"])
    elif gone == "left":
        cast.staff["head"].assignments.update(ends_on=step.remind_on - timedelta(days=1))
    else:
        hours = -20
    with time_machine.travel(datetime.combine(step.remind_on, datetime.min.time(), BRUSSELS) + timedelta(hours=hours)):
        assert remind_owners() == 0


def test_whose_a_step_becomes_hears_of_it_anew(school: School, cast: Cast) -> None:
    step = step_of(plan_of(school, cast), "cards-decided")
    PlannedStep.objects.exclude(pk=step.pk).delete()
    with time_machine.travel(datetime.combine(step.remind_on, datetime.min.time(), BRUSSELS) + timedelta(hours=8)):
        remind_owners()
        change_step(step=step, owner=cast.staff["care"], due_on=step.due_on, by=cast.staff["head"])
        assert remind_owners() == 1
    assert [message.to[0] for message in mail.outbox] == [cast.staff["head"].email, cast.staff["care"].email]


def test_a_step_shows_its_card_its_templates_and_the_pages_one_may_open(school: School, cast: Cast) -> None:
    load_templates(only={"coffee-morning"})
    use(school, "coffee-moment")
    step = step_of(plan_of(school, cast), "parents-asked")
    shown = cast.client("head").get(reverse("plan_step", args=[step.pk])).content.decode()
    for address in (
        reverse("method_card", args=["coffee-moment"]),
        reverse("gathering_list"),
        reverse("notice_compose", args=["coffee-morning"]),
    ):
        assert address in shown
    office = cast.client("office").get(reverse("plan_step", args=[step.pk])).content.decode()
    assert reverse("notice_compose", args=["coffee-morning"]) not in office


def test_the_joint_worker_sees_her_schools_and_the_coordinator_networks_only(school: School, cast: Cast) -> None:
    use(school, "gate-presence")
    use(cast.schools["bloesem"], "gate-presence", MethodAdoption.Status.EMBEDDED)
    plan_of(school, cast)
    joint = cast.client("joint").get(reverse("plan_list")).content.decode()
    assert school.name in joint
    assert "Nog geen planning" in joint  # of De Bloesem
    shown = cast.client("coordinator").get(reverse("plan_list")).content.decode()
    assert school.name not in shown
    assert "Vrij gesubsidieerd onderwijs" in shown
    assert "in meerdere netten" in shown
    assert cast.client("coordinator").get(reverse("plan_school", args=[school.pk])).status_code == 403


def test_steps_done_are_told_of_three_schools_together(school: School, cast: Cast) -> None:
    assert cast.project is not None
    plan_of(school, cast)
    assert {line.progress for line in by_network(cast.project)} == {None}
    for place in range(2):
        more = School.objects.create(
            name=f"School {place}", institution_number=f"99920{place}", network="VGO", clb=school.clb
        )
        cast.project.participations.create(school=more, role="PILOT", starts_on=cast.project.starts_on)
        start_plan(school=more, year=cast.year, by=None)
    line = next(line for line in by_network(cast.project) if line.planning == 3)
    assert line.progress is not None
    assert line.progress.total > 0


def test_months_that_are_done_come_last_and_folded(school: School, cast: Cast) -> None:
    plan = plan_of(school, cast)
    rows = list(plan.steps.order_by("due_on"))
    future = next(row for row in rows if row.due_on.month != rows[0].due_on.month)
    for row in rows:
        if row.due_on.month == future.due_on.month:
            finish_step(step=row, by=cast.staff["joint"])
    page = cast.client("joint").get(reverse("plan_school", args=[school.pk])).content.decode()
    before, _fold, folded = page.partition("Maanden die klaar zijn")
    heading = f'id="month-{future.due_on.month}"'
    assert heading in folded
    assert heading not in before
    assert f'id="month-{rows[-1].due_on.month}"' in before, "what is still to do comes first"


def test_the_plan_is_printed_without_what_was_left_out(school: School, cast: Cast) -> None:
    plan = plan_of(school, cast)
    step = step_of(plan, "other-network-visited")
    skip_step(step=step, reason="Geen tijd", by=cast.staff["head"])
    shown = cast.client("care").get(reverse("plan_print", args=[school.pk])).content.decode()
    assert step_of(plan, "cards-decided").step.words["nl"] in shown
    assert step.step.words["nl"] not in shown


def test_a_month_of_which_all_was_left_out_is_not_printed(school: School, cast: Cast) -> None:
    plan = plan_of(school, cast)
    page = reverse("plan_print", args=[school.pk])
    month = plan.steps.order_by("due_on")[0].due_on.month
    assert cast.client("care").get(page).content.decode().count("<table") == len(months_of(plan, cast.staff["head"]))
    for step in plan.steps.filter(due_on__month=month):
        skip_step(step=step, reason="Geen tijd", by=cast.staff["head"])
    printed = cast.client("care").get(page).content.decode()
    assert printed.count("<table") == len(months_of(plan, cast.staff["head"])) - 1


def test_who_may_begin_a_plan_reads_why_it_cannot_begin_yet(
    school: School, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    travel_to(monkeypatch, date(cast.year.ends_on.year, 8, 3))
    page = reverse("plan_school", args=[school.pk])
    begins, not_laid = "begint de planning", "Het volgende schooljaar is nog niet aangemaakt."
    head, care = (cast.client(key).get(page).content.decode() for key in ("head", "care"))
    assert not_laid in head
    assert begins not in head
    assert begins in care
