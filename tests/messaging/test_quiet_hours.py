"""Nothing rings at night, at the weekend, or (INFO) in the holidays; what is urgent passes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from ingroeibloei import environment
from messaging import outbox, quiet
from messaging.models import Delivery, DeliveryStatus, Notice, NoticeKind
from messaging.outbox.clocks import database_now
from messaging.quiet import Hours, is_quiet, next_open, read_hours
from messaging.services import publish_notice
from schools.calendar import SchoolCalendar
from schools.clock import BRUSSELS
from schools.models import Holiday
from tests import factories as make
from tests.calendars import flemish_calendar
from tests.messaging.sinks import mail_sink

NIGHT = Hours(time(20), time(7))
CALENDAR = flemish_calendar(2025, 2032)
NO_HOLIDAYS = SchoolCalendar([])
ACTIE, INFO, DRINGEND = NoticeKind.ACTIE, NoticeKind.INFO, NoticeKind.DRINGEND


def at(*parts: int, fold: int = 0) -> datetime:
    """A moment by the clock on the wall in Brussels."""
    return datetime(*parts, fold=fold, tzinfo=BRUSSELS)  # type: ignore[arg-type, misc]


def opens(moment: datetime, kind: str = ACTIE, hours: Hours | None = NIGHT) -> datetime:
    return next_open(moment, kind=kind, calendar=CALENDAR, hours=hours).astimezone(BRUSSELS)


class TestAnEvening:
    def test_in_the_day_it_leaves_at_once(self) -> None:
        moment = at(2027, 2, 9, 15, 30)
        assert opens(moment) == moment

    def test_the_bounds_belong_to_the_day_and_to_the_night(self) -> None:
        assert opens(at(2027, 2, 9, 19, 59, 59)) == at(2027, 2, 9, 19, 59, 59)
        assert opens(at(2027, 2, 9, 20)) == at(2027, 2, 10, 7)
        assert opens(at(2027, 2, 10, 6, 59, 59)) == at(2027, 2, 10, 7)
        assert opens(at(2027, 2, 10, 7)) == at(2027, 2, 10, 7)

    def test_what_is_urgent_leaves_at_once(self) -> None:
        assert opens(at(2027, 2, 6, 3), DRINGEND) == at(2027, 2, 6, 3)

    def test_friday_evening_waits_for_monday(self) -> None:
        assert opens(at(2027, 1, 15, 21)) == at(2027, 1, 18, 7)

    def test_in_the_holidays_only_info_waits(self) -> None:
        moment = at(2027, 2, 10, 10)  # the Wednesday of the carnival holiday
        assert opens(moment) == moment
        assert opens(moment, INFO) == at(2027, 2, 15, 7)

    def test_info_of_july_waits_for_september(self) -> None:
        assert opens(at(2027, 7, 5, 12), INFO) == at(2027, 9, 1, 7)

    def test_without_hours_no_day_is_quiet(self) -> None:
        assert opens(at(2027, 7, 4, 3), INFO, None) == at(2027, 7, 4, 3)


class TestTheNightsOnWhichTheClockJumps:
    @pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2027, 3, 28)])
    def test_forward_the_night_is_an_hour_shorter(self, sunday: date) -> None:
        saturday, monday = sunday - timedelta(days=1), sunday + timedelta(days=1)
        begins = datetime.combine(saturday, time(20), tzinfo=BRUSSELS)
        hours = Hours(time(20), time(7))
        ends = next_open(begins, kind=ACTIE, calendar=NO_HOLIDAYS, hours=hours)
        assert ends.astimezone(BRUSSELS) == datetime.combine(monday, time(7), tzinfo=BRUSSELS)
        assert ends - begins.astimezone(UTC) == timedelta(hours=34)

    @pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 10, 31)])
    def test_back_it_is_an_hour_longer(self, sunday: date) -> None:
        begins = datetime.combine(sunday - timedelta(days=1), time(20), tzinfo=BRUSSELS)
        ends = next_open(begins, kind=ACTIE, calendar=NO_HOLIDAYS, hours=NIGHT)
        assert ends - begins.astimezone(UTC) == timedelta(hours=36)
        assert ends.astimezone(BRUSSELS).time() == time(7)

    def test_an_hour_that_comes_twice_is_quiet_twice(self) -> None:
        hours = Hours(time(20), time(2, 30))
        second = at(2026, 10, 26, 2, 10)
        assert opens(second, hours=hours) == at(2026, 10, 26, 2, 30)
        both = [at(2026, 10, 25, 2, 10, fold=fold) for fold in (0, 1)]
        assert all(is_quiet(moment, kind=ACTIE, calendar=NO_HOLIDAYS, hours=hours) for moment in both)


def test_the_29th_of_february_is_a_day_like_another() -> None:
    assert opens(at(2028, 2, 28, 21), ACTIE) == at(2028, 2, 29, 7)
    assert opens(at(2028, 2, 29, 22), ACTIE) == at(2028, 3, 1, 7)


def test_over_the_end_of_the_year() -> None:
    assert opens(at(2026, 12, 31, 20)) == at(2027, 1, 1, 7)
    assert opens(at(2026, 12, 31, 20), INFO) == at(2027, 1, 4, 7)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))
times = st.times().map(lambda moment: moment.replace(second=0, microsecond=0, fold=0))
any_hours = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Hours(*pair))


@given(moments, st.sampled_from(list(NoticeKind.values)), any_hours)
def test_the_answer_is_never_quiet_and_never_earlier(moment: datetime, kind: str, hours: Hours) -> None:
    answer = next_open(moment, kind=kind, calendar=CALENDAR, hours=hours)
    assert answer >= moment
    assert not is_quiet(answer, kind=kind, calendar=CALENDAR, hours=hours)
    assert next_open(answer, kind=kind, calendar=CALENDAR, hours=hours) == answer


@given(moments, st.sampled_from([ACTIE, INFO]), st.floats(0, 0.999))
def test_everything_before_the_answer_is_quiet(moment: datetime, kind: str, part: float) -> None:
    answer = next_open(moment, kind=kind, calendar=CALENDAR, hours=NIGHT)
    if answer > moment:
        between = moment + (answer - moment) * part
        assert is_quiet(between, kind=kind, calendar=CALENDAR, hours=NIGHT)


def test_hours_are_read_strictly(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_hours("20:00-07:00") == NIGHT
    assert read_hours("") is None
    for wrong in ("20:00", "20:00-20:00", "8-7", "20:00-25:00"):
        monkeypatch.setenv("QUIET_HOURS", wrong)
        with pytest.raises(Exception, match="20:00-07:00"):
            environment.hours("QUIET_HOURS", default="")


@pytest.fixture
def night(settings: Any) -> None:
    settings.QUIET_HOURS = "20:00-07:00"


def a_notice(kind: str = ACTIE) -> Any:
    school_class = make.make_class()
    make.make_family(school_class)
    notice = make.make_notice(school_class)
    notice.kind = kind
    notice.save(update_fields=["kind"])
    return notice


def seconds_to_go() -> float:
    """How long the only delivery still has to wait, by the database's clock."""
    due_at = Delivery.objects.get().due_at
    assert due_at is not None
    return (due_at - database_now()).total_seconds()


@pytest.mark.django_db
class TestPlanning:
    def test_sent_on_friday_night_it_leaves_on_monday_morning(self, night: None) -> None:
        with time_machine.travel(at(2027, 1, 15, 21), tick=False):
            notice = a_notice()
            publish_notice(notice=notice, by=notice.author)
            assert seconds_to_go() == pytest.approx(58 * 3600, abs=5)
            assert outbox.claim() is None
            assert outbox.oldest_due_seconds() == 0

    def test_what_is_urgent_waits_only_for_the_undo(self, night: None, settings: Any) -> None:
        settings.UNDO_SECONDS = 20
        with time_machine.travel(at(2027, 1, 16, 2), tick=False):
            notice = a_notice(DRINGEND)
            publish_notice(notice=notice, by=notice.author)
            assert seconds_to_go() == pytest.approx(20, abs=3)

    def test_just_before_the_night_the_undo_ends_in_it(self, night: None, settings: Any) -> None:
        settings.UNDO_SECONDS = 20
        with time_machine.travel(at(2027, 1, 14, 19, 59, 50), tick=False):
            notice = a_notice()
            assert quiet.leaves_at(notice) == at(2027, 1, 15, 7)
            publish_notice(notice=notice, by=notice.author)
            assert seconds_to_go() == pytest.approx(11 * 3600 + 10, abs=3)

    def test_on_a_school_s_own_free_day_its_info_waits_and_another_school_s_does_not(self, night: None) -> None:
        with time_machine.travel(at(2027, 1, 20, 10), tick=False):
            notice, other = a_notice(INFO), a_notice(INFO)
            Holiday.objects.create(
                name="Studiedag", starts_on=date(2027, 1, 20), ends_on=date(2027, 1, 20), school=notice.school
            )
            assert quiet.leaves_at(notice) == at(2027, 1, 21, 7)
            assert quiet.leaves_at(other) == at(2027, 1, 20, 10)

    def test_taken_back_within_the_undo_nothing_leaves(self, settings: Any) -> None:
        from messaging.services import cancel_notice

        settings.UNDO_SECONDS = 20
        notice = a_notice()
        publish_notice(notice=notice, by=notice.author)
        assert outbox.claim() is None
        assert cancel_notice(notice=notice, by=notice.author) == 1


@pytest.mark.django_db
class TestWhatIsDueAtNight:
    def publish_by_day(self, kind: str = ACTIE) -> None:
        with time_machine.travel(at(2027, 1, 20, 15), tick=False):
            notice = a_notice(kind)
            publish_notice(notice=notice, by=notice.author)
        Delivery.objects.update(due_at=database_now() - timedelta(minutes=10))

    @pytest.mark.parametrize("kind", [ACTIE, INFO])
    def test_a_retry_at_ten_waits_for_the_morning_and_nothing_looks_late(self, night: None, kind: str) -> None:
        self.publish_by_day(kind)
        assert outbox.oldest_due_seconds() >= 600
        with mail_sink() as sink, time_machine.travel(at(2027, 1, 20, 22), tick=False):
            assert outbox.claim() is None
            assert seconds_to_go() == pytest.approx(9 * 3600, abs=5)
            assert outbox.oldest_due_seconds() == 0
            assert sink.raw == []
        assert Delivery.objects.get().attempts == 0

    def test_an_urgent_one_goes(self, night: None) -> None:
        self.publish_by_day(DRINGEND)
        with time_machine.travel(at(2027, 1, 20, 22), tick=False):
            claimed = outbox.claim()
        assert claimed is not None
        assert Delivery.objects.get().status == DeliveryStatus.SENDING

    def test_in_a_holiday_actie_goes_and_info_waits(self, night: None) -> None:
        Holiday.objects.create(name="Krokusvakantie", starts_on=date(2027, 1, 25), ends_on=date(2027, 1, 31))
        self.publish_by_day(INFO)
        with time_machine.travel(at(2027, 1, 26, 10), tick=False):
            assert outbox.claim() is None
        Delivery.objects.update(due_at=database_now() - timedelta(minutes=10))
        with time_machine.travel(at(2027, 2, 1, 10), tick=False):
            assert outbox.claim() is not None

    @pytest.mark.parametrize(("told", "leaves"), [(date(2027, 2, 1), True), (date(2027, 2, 2), False)])
    def test_what_a_later_free_day_would_bring_on_its_own_day_leaves_on_that_one(
        self, night: None, told: date, leaves: bool
    ) -> None:
        """The school gave a Friday off when the mail of the week was planned already: it tells of Monday."""
        self.publish_by_day(INFO)
        Notice.objects.update(values={"date": told.isoformat()})
        Holiday.objects.create(name="Vrije dag", starts_on=date(2027, 1, 29), ends_on=date(2027, 1, 29))
        with time_machine.travel(at(2027, 1, 29, 6), tick=False):
            assert outbox.claim() is None, "not at night"
        Delivery.objects.update(due_at=database_now() - timedelta(minutes=10))
        with time_machine.travel(at(2027, 1, 29, 10), tick=False):
            assert (outbox.claim() is not None) is leaves
