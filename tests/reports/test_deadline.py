"""Until the evaluation is handed in: on which day it is due, who hears of it, and what the portal fixes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from celery.schedules import crontab
from django.conf import settings as rules
from django.core import mail
from django.urls import reverse
from django.utils.translation import override

from reports.evaluation import ReportError, sign, submit_report
from reports.evaluation.deadline import due_day, fix_due
from reports.evaluation.draft import draft_evaluation
from reports.evaluation.reminding import remind_of_deadline
from reports.evaluation.states import return_to_draft
from reports.models import EvaluationReport, FrozenReport, ReportKind, ReportReminder, ReportState
from reports.tasks import fix_evaluation, remind_of_evaluation
from schools.calendar import SchoolCalendar, flemish_holidays
from schools.clock import BRUSSELS
from schools.models import Assignment, AuditEntry, CentreShare, Holiday, Project, Role, SchoolYear
from tests.calendars import flemish_calendar
from tests.cast import Cast, build_cast
from tests.messaging.sinks import mail_sink
from tests.reports.beats import at_once

MORNING, EVENING = time(8), time(18, 5)
EMPTY: Any = {"chapters": [], "identification": [], "people": []}


@pytest.mark.parametrize(
    ("first_year", "fund_asks", "expected"),
    [
        (2026, (2027, 6, 30), date(2027, 6, 30)),
        (2028, (2029, 6, 30), date(2029, 6, 29)),  # a Saturday
        (2029, (2030, 6, 30), date(2030, 6, 28)),  # a Sunday
        (2026, (2027, 8, 31), date(2027, 6, 30)),  # in summer nobody signs
        (2027, (2028, 6, 5), date(2028, 6, 2)),  # Whit Monday
        (2027, (2028, 5, 25), date(2028, 5, 24)),  # Ascension Day
    ],
)
def test_it_is_due_on_the_last_school_day_before_the_day_of_the_fund(
    first_year: int, fund_asks: tuple[int, int, int], expected: date
) -> None:
    year = SchoolYear(starts_on=date(first_year, 9, 1), ends_on=date(first_year + 1, 6, 30))
    project = Project(name="Zomer", year=year, report_due_on=date(*fund_asks))
    assert due_day(project, flemish_calendar(first_year)) == expected


def test_nor_is_it_due_in_summer_where_nobody_laid_the_holidays() -> None:
    year = SchoolYear(starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31))
    project = Project(name="Zomer", year=year, report_due_on=date(2027, 8, 31))
    assert due_day(project, SchoolCalendar(())) == date(2027, 6, 30)


def lay_holidays(cast: Cast) -> None:
    for name, first, last in flemish_holidays(cast.year.starts_on.year):
        Holiday.objects.get_or_create(name=name, starts_on=first, defaults={"ends_on": last})


def report_of(cast: Cast, kind: ReportKind = ReportKind.FINAL, version: int = 1) -> EvaluationReport:
    assert cast.project is not None
    moment = datetime.combine(cast.year.ends_on.replace(day=1), MORNING, BRUSSELS)
    return EvaluationReport.objects.create(
        project=cast.project, kind=kind, version=version, title="Verslag", created_at=moment, edited_at=moment
    )


@pytest.fixture
def report(cast: Cast) -> EvaluationReport:
    lay_holidays(cast)
    return report_of(cast)


def last_day(cast: Cast) -> date:
    assert cast.project is not None
    return due_day(cast.project, flemish_calendar(cast.year.starts_on.year))


def school_days_before(cast: Cast, number: int) -> date:
    return flemish_calendar(cast.year.starts_on.year).add_school_days(last_day(cast), -number)


def at(day: date, hour: time = MORNING) -> Any:
    return time_machine.travel(datetime.combine(day, hour, BRUSSELS), tick=True)


def freeze(report: EvaluationReport) -> FrozenReport:
    EvaluationReport.objects.filter(pk=report.pk).update(state=ReportState.REVIEW)
    report.refresh_from_db()
    mark = f"{report.pk:064d}"
    return FrozenReport.objects.create(
        report=report, checksum=mark, content=EMPTY, pdf=b"", pdf_checksum=mark, frozen_at=report.created_at
    )


def signed_by(report: EvaluationReport, cast: Cast, *who: str) -> None:
    for name in who:
        sign(report=report, checksum=f"{report.pk:064d}", by=cast.staff[name])


def heard(*days: date) -> list[tuple[date, str]]:
    """Who got a mail on which of these days; beat asks twice in the morning, as it does every hour."""
    found = []
    for day in days:
        mail.outbox.clear()
        with at(day):
            remind_of_evaluation()
            remind_of_evaluation()
        found += [(day, message.to[0]) for message in mail.outbox]
    return found


def every_day(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=place) for place in range((last - first).days + 1))


def test_through_june_the_worker_of_a_draft_hears_on_the_set_days_only(cast: Cast, report: EvaluationReport) -> None:
    june = every_day(date(cast.year.ends_on.year, 6, 1), date(cast.year.ends_on.year, 7, 20))
    worker = cast.staff["joint"].email
    expected = [(school_days_before(cast, number), worker) for number in rules.EVALUATION_REMIND_DAYS]
    assert heard(*june) == expected
    assert ReportReminder.objects.exclude(sent_at=None).count() == len(expected)


def test_once_frozen_the_directors_hear_until_each_has_signed(cast: Cast, report: EvaluationReport) -> None:
    vclb, go = (cast.staff[name].email for name in ("director_vclb", "director_go"))
    days = [school_days_before(cast, number) for number in (5, 2, 1, 0)]
    freeze(report)
    assert heard(days[0]) == [(days[0], vclb), (days[0], go)]
    with at(days[0]):
        signed_by(report, cast, "director_go")
    assert heard(days[1]) == [(days[1], vclb)]
    with at(days[1]):
        signed_by(report, cast, "director_vclb")
    assert heard(days[2], days[3]) == []


def test_a_centre_that_carries_the_project_no_more_keeps_nobody_waiting(cast: Cast, report: EvaluationReport) -> None:
    """The others signed before it left; nobody would be asked any more."""
    freeze(report)
    day = school_days_before(cast, 5)
    with at(day):
        signed_by(report, cast, "director_go")
        fix_due()
        report.refresh_from_db()
        assert report.state == ReportState.REVIEW
        CentreShare.objects.filter(centre=cast.centres["vclb"]).delete()
        fix_due()
    report.refresh_from_db()
    assert (report.state, report.fixed_at) == (ReportState.SIGNED, None)


def test_what_moves_on_between_two_days_is_told_of_the_next_morning(cast: Cast, report: EvaluationReport) -> None:
    five, four = (school_days_before(cast, number) for number in (5, 4))
    assert heard(five) == [(five, cast.staff["joint"].email)]
    freeze(report)
    assert {to for _day, to in heard(four)} == {cast.staff[name].email for name in ("director_vclb", "director_go")}


def test_a_machine_that_was_off_tells_once_what_it_missed(cast: Cast, report: EvaluationReport) -> None:
    last_but_one = school_days_before(cast, 1)
    assert heard(last_but_one) == [(last_but_one, cast.staff["joint"].email)]


def test_the_mail_names_nobody_and_says_when_and_what(cast: Cast, report: EvaluationReport) -> None:
    day = school_days_before(cast, 1)
    with at(day):
        remind_of_deadline()
    (message,) = mail.outbox
    assert message.subject == "De evaluatie moet bijna binnen zijn: één stap is aan jou"
    assert f"De evaluatie van {cast.project} moet binnen zijn op " in message.body
    assert "Nog te doen: werk de hoofdstukken af" in message.body
    assert reverse("report_detail", args=[report.pk]) in message.body
    assert not any(person.full_name in message.body for person in cast.staff.values())


def test_a_mail_server_that_is_away_loses_no_reminder(cast: Cast, report: EvaluationReport, settings: Any) -> None:
    day = school_days_before(cast, 2)
    working = settings.EMAIL_BACKEND
    with at(day):
        settings.EMAIL_BACKEND = "tests.reports.test_deadline.Away"
        assert remind_of_deadline() == 0
    settings.EMAIL_BACKEND = working
    with at(day, time(9)):
        assert (remind_of_deadline(), remind_of_deadline()) == (1, 0)


def test_an_address_that_is_refused_keeps_nobody_from_hearing(
    cast: Cast, report: EvaluationReport, settings: Any
) -> None:
    freeze(report)
    wrong, right = (cast.staff[name].email for name in ("director_vclb", "director_go"))
    with mail_sink(answer_rcpt=lambda address: "550 5.1.2 No such domain" if address == wrong else "") as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, False
        with at(school_days_before(cast, 2)):
            assert (remind_of_deadline(), remind_of_deadline()) == (1, 0)
    assert [to for to, _content in sink.raw] == [right]


class Away:
    """A mail server that does not answer."""

    def __init__(self, **_options: Any) -> None: ...

    def send_messages(self, _messages: Any) -> int:
        raise ConnectionRefusedError


def test_signed_it_is_fixed_at_the_end_of_the_last_school_day(cast: Cast, report: EvaluationReport) -> None:
    freeze(report)
    signed_by(report, cast, "director_go", "director_vclb")
    day = last_day(cast)
    for before, hour in ((school_days_before(cast, 1), EVENING), (day, time(17, 5))):
        with at(before, hour):
            assert fix_evaluation() == 0
    with at(day, EVENING):
        assert (fix_evaluation(), fix_evaluation()) == (1, 0)
    report.refresh_from_db()
    assert (report.state, report.submitted_at) == (ReportState.SIGNED, None)
    assert AuditEntry.objects.get(verb="fix", target_id=report.pk).actor is None
    with at(day, EVENING):
        page = cast.client("joint").get(reverse("report_detail", args=[report.pk])).content.decode()
        assert "Klaar om in te dienen" in page
        assert reverse("report_submit", args=[report.pk]) in page
        shown = cast.client("joint").get(reverse("chapter_edit", args=[report.pk, 0]), follow=True)
        assert shown.redirect_chain == [(reverse("report_detail", args=[report.pk]), 302)]
        assert "ondertekend en afgesloten" in str(*shown.context["messages"])
        saved_alone = cast.client("joint").post(
            reverse("chapter_edit", args=[report.pk, 0]), {"text": "x"}, headers={"X-Autosave": "1"}
        )
        assert saved_alone.status_code == 404
        with pytest.raises(ReportError, match="ondertekend en afgesloten"), override("nl"):
            return_to_draft(report.pk, cast.staff["joint"])
    report.refresh_from_db()
    assert report.state == ReportState.SIGNED


@pytest.mark.parametrize("who", ["joint", "director_go"])
def test_once_fixed_the_worker_or_a_director_hands_it_in(cast: Cast, report: EvaluationReport, who: str) -> None:
    freeze(report)
    signed_by(report, cast, "director_go", "director_vclb")
    with at(last_day(cast), EVENING):
        assert fix_due() == 1
        page = reverse("report_detail", args=[report.pk])
        assert cast.client("coordinator").post(reverse("report_submit", args=[report.pk])).status_code == 403
        answer = cast.client(who).post(reverse("report_submit", args=[report.pk]), follow=True)
        assert answer.redirect_chain == [(page, 302)]
        assert f"{cast.staff[who].full_name} diende het verslag in op" in answer.content.decode()
    report.refresh_from_db()
    assert (report.state, report.submitted_by) == (ReportState.SUBMITTED, cast.staff[who])
    assert AuditEntry.objects.get(verb="submit", target_id=report.pk).actor == cast.staff[who]


def test_all_who_can_hand_it_in_hear_so_until_somebody_does(cast: Cast, report: EvaluationReport) -> None:
    freeze(report)
    signed_by(report, cast, "director_go", "director_vclb")
    day = last_day(cast)
    with at(day, EVENING):
        fix_due()
    everybody = {cast.staff[name].email for name in ("joint", "director_go", "director_vclb")}
    after = [day + timedelta(days=number) for number in range(1, 8)]
    told = heard(*after)
    assert sorted({moment for moment, _to in told}) == [after[0], after[3], after[6]]
    assert all({to for moment, to in told if moment == one} == everybody for one in (after[0], after[3], after[6]))
    assert "dien ze in bij de stad" in mail.outbox[0].body
    assert mail.outbox[0].subject == "De evaluatie had binnen moeten zijn: één stap is aan jou"
    with at(after[6]):
        assert "Wat nog rest, is indienen" in cast.client("director_go").get(reverse("my_week")).content.decode()
        submit_report(report=report, by=cast.staff["director_go"])
    assert heard(after[6] + timedelta(days=3)) == []


@pytest.mark.parametrize("why", ["not all signed", "a later version", "interim", "long ago"])
def test_what_the_portal_does_not_fix(cast: Cast, why: str) -> None:
    lay_holidays(cast)
    report = report_of(cast, ReportKind.INTERIM if why == "interim" else ReportKind.FINAL)
    freeze(report)
    signed_by(report, cast, *(["director_go"] if why == "not all signed" else ["director_go", "director_vclb"]))
    if why == "a later version":
        report_of(cast, version=2)
    with at(last_day(cast) + timedelta(days=40 if why == "long ago" else 0), EVENING):
        assert fix_due() == 0


def test_what_is_signed_in_the_days_of_grace_is_fixed_then(cast: Cast, report: EvaluationReport) -> None:
    freeze(report)
    with at(last_day(cast), EVENING):
        assert fix_due() == 0
    with at(last_day(cast) + timedelta(days=3)):
        signed_by(report, cast, "director_go", "director_vclb")
        assert fix_due() == 1


def test_who_works_with_it_sees_the_day_on_the_own_start_page(cast: Cast, report: EvaluationReport) -> None:
    with at(school_days_before(cast, 11)):
        assert "moet binnen zijn" not in cast.client("joint").get(reverse("my_week")).content.decode()
    with at(school_days_before(cast, 3)):
        assert "moet binnen zijn" in cast.client("joint").get(reverse("my_week")).content.decode()
        for name in ("joint", "director_go"):
            assert "Moet binnen zijn op" in cast.client(name).get(reverse("report_list")).content.decode()
        assert "moet binnen zijn" not in cast.client("teacher_1a").get(reverse("my_week")).content.decode()
        Assignment.objects.create(
            user=cast.staff["director_go"], role=Role.CLB, clb_centre=cast.centres["clb_go"],
            starts_on=cast.year.starts_on,
        )  # fmt: skip
        assert "moet binnen zijn" not in cast.client("director_go").get(reverse("my_week")).content.decode()
        freeze(report)
        mine, theirs = "lees ze en onderteken ze voor je CLB", "Wacht op de handtekeningen van de directies"
        page = cast.client("director_go").get(reverse("my_week")).content.decode()
        assert [words in page for words in ("moet binnen zijn", mine, theirs)] == [True, True, False]
        assert theirs in cast.client("joint").get(reverse("my_week")).content.decode()
        signed_by(report, cast, "director_go")
        assert "moet binnen zijn" not in cast.client("director_go").get(reverse("my_week")).content.decode()
    with at(last_day(cast) + timedelta(days=1)):
        assert "moest binnen zijn" in cast.client("joint").get(reverse("my_week")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_the_same_moment_remind_once_and_fix_once() -> None:
    cast = build_cast()
    lay_holidays(cast)
    assert cast.project is not None
    with at(cast.year.ends_on.replace(day=15)):
        report = draft_evaluation(project=cast.project, kind=ReportKind.FINAL)
    freeze(report)
    with at(school_days_before(cast, 1)):
        assert sum(at_once(remind_of_deadline)) == 2
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        cast.staff[name].email for name in ("director_go", "director_vclb")
    )
    signed_by(report, cast, "director_go", "director_vclb")
    with at(last_day(cast), EVENING):
        assert sum(at_once(fix_due)) == 1
    assert AuditEntry.objects.filter(verb="fix").count() == 1


def test_beat_reminds_in_working_hours_and_fixes_every_hour() -> None:
    reminding, fixing = (
        rules.CELERY_BEAT_SCHEDULE[name] for name in ("remind of the evaluation", "fix the evaluation")
    )
    assert (reminding["task"], reminding["schedule"]) == (
        remind_of_evaluation.name,
        crontab(hour="7-17", minute=20),
    )
    assert (fixing["task"], fixing["schedule"]) == (fix_evaluation.name, crontab(minute=5))
