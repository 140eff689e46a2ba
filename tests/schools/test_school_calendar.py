"""The school's calendar: holidays of Flanders by themselves, its own days by hand or from a calendar file."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from icalendar import Calendar, Event

from schools.forms_calendar import CalendarFileForm
from schools.freedays import FreeDays, read_ics
from schools.models import Holiday, SchoolYear
from schools.services import add_free_days, lay_school_year
from schools.tasks import lay_school_years
from tests.cast import Cast, build_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return build_cast()


def calendar_file(*events: tuple[str, object, object]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//school//nl")
    calendar.add("version", "2.0")
    for name, start, end in events:
        event = Event()
        event.add("summary", name)
        event.add("dtstart", start)
        if end:
            event.add("dtend", end)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


class TestYearsLaidByThemselves:
    def test_this_year_and_the_next_come_with_the_holidays_of_flanders(self, cast: Cast) -> None:
        assert lay_school_years() == 2
        years = SchoolYear.objects.order_by("starts_on")
        assert [year.starts_on.year for year in years][-2:] == [cast.year.starts_on.year, cast.year.starts_on.year + 1]
        first = cast.year.starts_on.year
        autumn = Holiday.objects.get(school=None, name="Herfstvakantie", starts_on__year=first)
        assert autumn.starts_on <= date(first, 11, 2) <= autumn.ends_on

    def test_asked_again_nothing_changes(self, cast: Cast) -> None:
        lay_school_years()
        before = list(Holiday.objects.values_list("pk", "name", "starts_on"))
        lay_school_years()
        assert list(Holiday.objects.values_list("pk", "name", "starts_on")) == before

    def test_a_city_elsewhere_lays_years_without_them(self) -> None:
        lay_school_year(2031, with_holidays=False)
        assert SchoolYear.objects.get(starts_on=date(2031, 9, 1)).ends_on == date(2032, 6, 30)
        assert not Holiday.objects.exists()


class TestReadingACalendarFile:
    def read(self, data: bytes) -> list[FreeDays]:
        return read_ics(data, first=date(2026, 9, 1), last=date(2028, 6, 30))

    def test_whole_days_are_read_and_their_end_is_the_day_before(self) -> None:
        found = self.read(
            calendar_file(
                ("Studiedag", date(2027, 3, 10), date(2027, 3, 11)),
                ("Lokale\n verlofdagen", date(2026, 10, 5), date(2026, 10, 7)),
                ("Zonder einde", date(2027, 5, 3), None),
            )
        )
        assert found == [
            FreeDays(date(2026, 10, 5), date(2026, 10, 6), "Lokale verlofdagen"),
            FreeDays(date(2027, 3, 10), date(2027, 3, 10), "Studiedag"),
            FreeDays(date(2027, 5, 3), date(2027, 5, 3), "Zonder einde"),
        ]

    def test_hours_other_years_and_repetitions_are_left_out(self) -> None:
        weekly = calendar_file(("Elke week", date(2027, 1, 4), date(2027, 1, 5))).replace(
            b"SUMMARY:Elke week", b"SUMMARY:Elke week\r\nRRULE:FREQ=WEEKLY"
        )
        assert self.read(weekly) == []
        assert (
            self.read(
                calendar_file(
                    ("Oudercontact", datetime(2027, 3, 10, 16), datetime(2027, 3, 10, 19)),
                    ("Vorig jaar", date(2025, 3, 10), date(2025, 3, 11)),
                    ("Eeuwig", date(2026, 9, 1), date(2028, 6, 30)),
                )
            )
            == []
        )

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x00\xff\xfe"])
    def test_what_is_no_calendar_is_refused_with_a_sentence(self, data: bytes) -> None:
        with pytest.raises(ValidationError, match=r"\.ics"):
            self.read(data)

    @pytest.mark.parametrize("zone", ["x" * 5_000, "Europe/B" * 700])
    def test_a_time_zone_whose_name_is_no_name_of_a_file_breaks_nothing(self, zone: str) -> None:
        hour = calendar_file(("Feest", datetime(2027, 3, 10, 16), None))
        with pytest.raises(ValidationError, match=r"\.ics"):
            self.read(hour.replace(b"DTSTART:", f"DTSTART;TZID={zone}:".encode()))

    def test_an_endless_file_is_refused(self) -> None:
        many = calendar_file(*((f"Dag {number}", date(2027, 1, 4), None) for number in range(401)))
        with pytest.raises(ValidationError, match="400"):
            self.read(many)
        with pytest.raises(ValidationError):
            self.read(b"x" * 1_000_001)


class TestPage:
    def address(self, cast: Cast) -> str:
        return f"{reverse('school_calendar')}?school={cast.schools['kersenboom'].pk}"

    def test_the_office_adds_a_study_day_and_waiting_is_counted_over_it(self, cast: Cast) -> None:
        browser, school = cast.client("office"), cast.schools["kersenboom"]
        monday = date(cast.year.starts_on.year + 1, 3, 1)
        while monday.weekday() != 0:
            monday = monday.replace(day=monday.day + 1)
        answer = browser.post(
            self.address(cast), {"form": "one", "name": "Studiedag", "starts_on": str(monday), "ends_on": ""}
        )
        assert answer.status_code == 302
        calendar = Holiday.objects.calendar(school)
        assert not calendar.is_school_day(monday)
        assert Holiday.objects.calendar(cast.schools["bloesem"]).is_school_day(monday)
        assert "Studiedag" in browser.get(self.address(cast)).content.decode()

    def test_a_file_is_looked_at_before_anything_is_kept(self, cast: Cast) -> None:
        browser, school = cast.client("head"), cast.schools["kersenboom"]
        first = date(cast.year.starts_on.year, 10, 5)
        upload = SimpleUploadedFile(
            "k.ics", calendar_file(("Studiedag", first, None), ("Feest", first.replace(day=6), None))
        )
        looked = browser.post(self.address(cast), {"form": "file", "file": upload})
        assert looked.status_code == 200
        key = FreeDays(first, first, "Studiedag").key
        assert f'value="{key}"' in looked.content.decode()
        assert not Holiday.objects.filter(school=school).exists()
        assert browser.post(self.address(cast), {"form": "found", "days": [key]}).status_code == 302
        assert [row.name for row in Holiday.objects.filter(school=school)] == ["Studiedag"]

    def test_a_file_before_any_school_year_was_laid_holds_no_day(self) -> None:
        upload = SimpleUploadedFile("k.ics", calendar_file(("Studiedag", date(2026, 10, 5), None)))
        form = CalendarFileForm({}, {"file": upload}, years=[])
        assert list(form.errors) == ["file"]

    def test_days_of_a_file_stay_when_none_is_ticked(self, cast: Cast) -> None:
        day = date(cast.year.starts_on.year, 10, 5)
        study, feast = (FreeDays(day, day, name).key for name in ("Studiedag", "Feest"))
        sent = {"form": "found", "offered": [study, feast, "x|y|z"]}
        refused = cast.client("head").post(self.address(cast), sent)
        page = refused.content.decode()
        assert refused.status_code == 422
        assert 'href="#id_days_field"' in page
        assert 'id="id_days_field"' in page
        assert page.count('name="days"') == 2, "the file need not be chosen again"
        assert "x|y|z" not in page

    @pytest.mark.parametrize("key", ["", "2026-10-05|2026-10-04|Fout", "x|y|z", "2026-10-05|2027-10-05|Jaar"])
    def test_what_no_form_of_ours_sends_is_refused(self, cast: Cast, key: str) -> None:
        answer = cast.client("head").post(self.address(cast), {"form": "found", "days": [key]})
        assert answer.status_code == 422
        assert not Holiday.objects.filter(school__isnull=False).exists()

    def test_wrong_days_are_said_and_nothing_is_kept(self, cast: Cast) -> None:
        answer = cast.client("head").post(
            self.address(cast),
            {"form": "one", "name": "Brugdag", "starts_on": "2027-03-10", "ends_on": "2027-03-01"},
        )
        assert answer.status_code == 422
        assert "laatste dag" in answer.content.decode()
        assert not Holiday.objects.filter(school__isnull=False).exists()

    @pytest.mark.parametrize("day", ["0001-01-01", "2062-10-05", "9999-12-31"])
    def test_a_day_of_a_year_that_no_page_shows_is_a_slip_of_the_pen(self, cast: Cast, day: str) -> None:
        for sent in (
            {"form": "one", "name": "Brugdag", "starts_on": day},
            {"form": "found", "days": [f"{day}|{day}|B"]},
        ):
            answer = cast.client("head").post(self.address(cast), sent)
            assert answer.status_code == 422
            assert f"niet in het schooljaar {cast.year}" in answer.content.decode()
        assert not Holiday.objects.filter(school__isnull=False).exists()

    def test_of_two_that_begin_on_one_day_under_one_name_the_longer_counts(self, cast: Cast) -> None:
        first, last = date(cast.year.starts_on.year, 10, 5), date(cast.year.starts_on.year, 10, 6)
        days = [FreeDays(first, day, "Brugdag").key for day in (last, first)]
        assert cast.client("head").post(self.address(cast), {"form": "found", "days": days}).status_code == 302
        assert [row.ends_on for row in Holiday.objects.filter(school__isnull=False)] == [last]

    def test_another_schools_calendar_is_not_there(self, cast: Cast) -> None:
        assert cast.client("head_go").get(self.address(cast)).status_code == 404

    def test_class_again_after_all(self, cast: Cast) -> None:
        school, day = cast.schools["kersenboom"], date(cast.year.starts_on.year, 10, 5)
        add_free_days(school=school, days=[FreeDays(day, day, "Studiedag")], by=cast.staff["head"])
        row = Holiday.objects.get(school=school)
        assert cast.client("head_go").post(reverse("free_days_remove", args=[row.pk])).status_code == 404
        assert cast.client("head").post(reverse("free_days_remove", args=[row.pk])).status_code == 302
        assert not Holiday.objects.filter(school=school).exists()
        assert cast.client("head").post(reverse("free_days_remove", args=[row.pk])).status_code == 404

    def test_the_holiday_of_all_schools_stays(self, cast: Cast) -> None:
        lay_school_years()
        row = Holiday.objects.filter(school=None).first()
        assert row is not None
        assert cast.client("head").post(reverse("free_days_remove", args=[row.pk])).status_code == 404


def test_a_year_holds_only_so_many_own_days(cast: Cast) -> None:
    day = date(cast.year.starts_on.year, 10, 5)
    days = [FreeDays(day, day, f"Dag {number}") for number in range(61)]
    with pytest.raises(ValidationError):
        add_free_days(school=cast.schools["kersenboom"], days=days, by=cast.staff["head"])
    assert not Holiday.objects.filter(school__isnull=False).exists()
