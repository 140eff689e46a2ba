"""Many families in an hour, outside the own schools, at night: laid before the head or the director, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from parents import tasks
from parents.models import Family, ReadingAlert
from parents.services import acknowledge, watch_reading
from parents.views import alerts
from schools import audit, clock
from schools.models import Assignment, AuditEntry
from tests.cast import Cast
from tests.parents.frame import text_of

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.BRUSSELS)


@pytest.fixture(autouse=True)
def few_are_many(settings: Any) -> None:
    settings.UNUSUAL_READING_FAMILIES = 3


def read(cast: Cast, key: str, number: int, at: datetime = NOON, school: str = "kersenboom") -> None:
    """``number`` other families one minute after another."""
    for minute in range(number):
        with time_machine.travel(at + timedelta(minutes=minute), tick=False):
            audit.record_reading(
                actor=cast.staff[key],
                verb="read",
                target=Family.objects.create(),
                school_id=cast.schools[school].pk,
                pupils=[],
            )


def look(at: datetime = NOON + timedelta(hours=2)) -> list[tuple[str, str]]:
    with time_machine.travel(at, tick=False):
        watch_reading()
    return list(ReadingAlert.objects.order_by("pk").values_list("kind", "person__full_name"))


def test_many_families_in_an_hour_are_laid_before_the_head(cast: Cast) -> None:
    read(cast, "teacher_3b", 5)
    assert look() == [("MANY", "Lotte Claes")]
    alert = ReadingAlert.objects.get()
    assert (alert.number, alert.school, alert.day) == (5, cast.schools["kersenboom"], NOON.date())
    assert look() == [("MANY", "Lotte Claes")], "asked again it is the same row"


def test_the_same_family_ten_times_is_one_family(cast: Cast) -> None:
    for _number in range(10):
        with time_machine.travel(NOON, tick=False):
            audit.record(actor=cast.staff["head"], verb="read", target=cast.families["kaur"], school_id=None)
    assert ("MANY", "Rita Moons") not in look()


def test_as_many_over_a_day_are_not_many_in_an_hour(cast: Cast) -> None:
    for hour in range(5):
        read(cast, "teacher_3b", 1, NOON - timedelta(hours=5 - hour))
    assert look() == []


def test_who_always_reads_much_is_not_unusual(cast: Cast) -> None:
    for day in range(1, 6):
        read(cast, "joint", 4, NOON - timedelta(days=10 + day))
    read(cast, "joint", 6)
    assert look() == []
    read(cast, "joint", 13, NOON + timedelta(hours=3))
    assert [kind for kind, _name in look(NOON + timedelta(hours=5))] == ["MANY", "MANY"], "each centre has its row"


def test_a_newcomer_who_reads_as_others_in_the_role_do_is_not_unusual(cast: Cast) -> None:
    read(cast, "teacher_1a", 4, NOON - timedelta(days=9))
    read(cast, "teacher_3b", 5)
    assert look() == []


def test_reading_outside_the_assignments_schools(cast: Cast) -> None:
    read(cast, "teacher_3b", 1, school="bloesem")
    read(cast, "clb_go", 1, school="kersenboom")
    read(cast, "joint", 1, school="bloesem")
    assert look() == [("OUTSIDE", "Lotte Claes"), ("OUTSIDE", "Jan Bos")]
    assert ReadingAlert.objects.get(person=cast.staff["clb_go"]).centre == cast.centres["clb_go"]


@pytest.mark.parametrize(("hour", "is_unusual"), [(22, False), (23, True), (4, True), (5, False)])
def test_reading_at_night(cast: Cast, hour: int, is_unusual: bool) -> None:
    at = NOON.replace(hour=hour)
    read(cast, "teacher_3b", 1, at)
    assert look(at + timedelta(hours=1)) == ([("NIGHT", "Lotte Claes")] if is_unusual else [])


def test_what_the_head_reads_is_judged_by_the_director_and_the_operator(cast: Cast) -> None:
    read(cast, "head", 5)
    look()
    page = reverse("reading_alerts")
    assert "Rita Moons" in text_of(cast.client("director_vclb").get(page))
    assert "Rita Moons" in text_of(cast.client("admin").get(page))
    assert "Acknowledge" not in text_of(cast.client("head").get(page))


def test_each_sees_the_own_place_only(cast: Cast) -> None:
    read(cast, "teacher_3b", 5)
    look()
    page = reverse("reading_alerts")
    assert "Lotte Claes" in text_of(cast.client("head").get(page))
    for key in ("head_go", "director_go", "admin"):
        assert "Lotte Claes" not in text_of(cast.client(key).get(page))


def test_who_administers_one_school_does_not_judge_the_heads_of_others(cast: Cast) -> None:
    read(cast, "head", 5)
    look()
    Assignment.objects.filter(user=cast.staff["admin"]).update(school=cast.schools["bloesem"])
    assert "Rita Moons" not in text_of(cast.client("admin").get(reverse("reading_alerts")))


def test_reading_without_a_post_there_is_laid_before_the_place_of_the_post_of_that_day(cast: Cast) -> None:
    later = NOON.date() + timedelta(days=2)
    cast.staff["teacher_3b"].assignments.create(role="OFFICE", school=cast.schools["bloesem"], starts_on=later)
    read(cast, "teacher_3b", 1, school="bloesem")
    look()
    alert = ReadingAlert.objects.get()
    assert (alert.assignment, alert.school) == (None, cast.schools["kersenboom"])


def test_the_head_says_what_it_was(cast: Cast) -> None:
    read(cast, "teacher_3b", 5)
    look()
    alert = ReadingAlert.objects.get()
    client = cast.client("head")
    address = reverse("reading_alert_seen", args=[alert.pk])
    refused = client.post(address, {"finding": ""})
    alert.refresh_from_db()
    assert (refused.status_code, alert.seen_at) == (422, None)
    client.post(address, {"finding": "Zij bereidde de oudercontacten voor."})
    alert.refresh_from_db()
    assert alert.seen_by == cast.staff["head"]
    assert AuditEntry.objects.filter(verb="acknowledged unusual reading").count() == 1
    assert client.post(address, {"finding": "Nog eens."}).status_code == 302, "pressed twice"
    ReadingAlert.objects.update(seen_by=cast.staff["admin"])
    assert "Iemand heeft dit al afgehandeld" in text_of(client.post(address, {"finding": "Ook dat."}, follow=True))
    assert "Zij bereidde" in text_of(client.get(reverse("reading_alerts")))


def test_what_is_wrong_with_a_finding_stands_beside_it_with_the_words_that_were_typed(cast: Cast) -> None:
    read(cast, "teacher_3b", 5)
    read(cast, "teacher_1a", 5)
    look()
    alert = ReadingAlert.objects.get(person=cast.staff["teacher_3b"])
    long = "Zij bereidde de oudercontacten voor. " * 9
    rows = cast.client("head").post(reverse("reading_alert_seen", args=[alert.pk]), {"finding": long}).context["rows"]
    assert {row["alert"]: row["form"].is_bound for row in rows if row["form"].is_bound} == {alert: True}
    assert [row["form"]["finding"].value() for row in rows if row["alert"] == alert] == [long]


def test_those_words_stay_though_the_alert_stands_on_another_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "ROWS_ON_A_PAGE", 1)
    read(cast, "teacher_3b", 5)
    read(cast, "teacher_1a", 5)
    look()
    head, long = cast.client("head"), "x" * 2000
    (shown,) = (row["alert"] for row in head.get(reverse("reading_alerts")).context["rows"])
    first = ReadingAlert.objects.exclude(pk=shown.pk).get()
    rows = head.post(reverse("reading_alert_seen", args=[first.pk]), {"finding": long}).context["rows"]
    assert rows[0]["alert"] == first
    assert rows[0]["form"]["finding"].value() == long


def test_nobody_acknowledges_the_own_reading(cast: Cast) -> None:
    read(cast, "director_vclb", 5)
    look()
    alert = ReadingAlert.objects.get()
    assert cast.client("director_vclb").post(reverse("reading_alert_seen", args=[alert.pk])).status_code == 404
    with pytest.raises(ValidationError):
        acknowledge(alert=alert, by=cast.staff["director_vclb"], finding="Niets.")
    mine, others = (ReadingAlert.objects.editable_by(cast.staff[name]) for name in ("director_vclb", "admin"))
    assert (mine.count(), others.count()) == (0, 1), "and it is counted as waiting for who may"
    acknowledge(alert=alert, by=cast.staff["admin"], finding="Nagevraagd.")
    with pytest.raises(ValidationError):
        acknowledge(alert=alert, by=cast.staff["admin"], finding="Twee keer.")


def test_an_alert_grows_until_it_is_acknowledged(cast: Cast) -> None:
    read(cast, "teacher_3b", 4)
    look(NOON + timedelta(minutes=10))
    read(cast, "teacher_3b", 6, NOON + timedelta(minutes=10))
    look()
    assert ReadingAlert.objects.get().number == 10
    look(NOON + timedelta(hours=30, minutes=5))  # the first of it is out of sight
    assert ReadingAlert.objects.get().number == 10, "it grows and does not shrink"


def test_beat_rings_for_it(settings: Any) -> None:
    assert settings.CELERY_BEAT_SCHEDULE["watch who reads"]["task"] == tasks.watch_reading.name
