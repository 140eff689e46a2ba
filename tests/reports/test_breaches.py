"""Data breaches: reported by anybody, kept by who answers for the place, with a clock of 72 hours and a history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from ingroeibloei import retention
from reports.breaches import close_breach, note_step, reopen_breach
from reports.models import BreachLine, DataBreach
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.reports.broken import LOST, as_typed, broken

pytestmark = pytest.mark.django_db
NEW, LIST, FILE = "/school/datalekken/melden/", "/school/datalekken/", "/school/datalekken/register.csv"


def page_of(breach: DataBreach) -> str:
    return reverse("breach", args=[breach.pk])


def filled(cast: Cast, **more: Any) -> dict[str, Any]:
    facts = {"place": f"school-{cast.schools['kersenboom'].pk}", "what": LOST, "client_id": str(uuid4())}
    return {**facts, **as_typed(clock.now() - timedelta(hours=5)), "kinds": ["ACCESS", "NAMES"], "people": "30", **more}


def settled(breach: DataBreach, cast: Cast) -> None:
    """Everything that has to be said before it is closed."""
    by, facts = cast.staff["head"], {"what": LOST, "happened_on": None, "known_at": breach.known_at, "people": 20}
    more = {"kinds": ["ACCESS"], "consequences": "", "measures": "Op afstand afgemeld."}
    note_step(breach=breach, step="DESCRIBED", by=by, **facts, **more)
    note_step(breach=breach, step="JUDGED", by=by, risk="NONE", risk_because="Niets stond open.")
    told = {"people_told_on": None, "people_told_how": "", "people_not_told_because": "Zonder risico."}
    note_step(breach=breach, step="PEOPLE", by=by, **told)


def test_a_teacher_reports_something_once_and_the_head_finds_it_with_the_hours_that_are_left(cast: Cast) -> None:
    form = filled(cast)
    for _twice in range(2):
        answer = cast.client("teacher_3b").post(NEW, form, follow=True)
        assert "Bedankt" in answer.content.decode()
    (row,) = DataBreach.objects.all()
    assert (row.school, row.kinds, row.people) == (cast.schools["kersenboom"], ["NAMES", "ACCESS"], 30)
    assert row.due_at == row.known_at + timedelta(hours=72)
    assert [line.step for line in row.lines.all()] == ["REPORTED"]
    shown = cast.client("head").get(LIST).content.decode()
    assert LOST in shown
    assert "nog 66 uur" in shown
    assert AuditEntry.objects.filter(verb="reported a data breach").count() == 1


@pytest.mark.parametrize("key", ["partner", "translator", "coordinator", "office", "joint", "clb_go", "admin"])
def test_every_colleague_can_report_something(cast: Cast, key: str) -> None:
    assert "Er ging iets mis met gegevens" in cast.client(key).get(NEW).content.decode()
    cast.client(key).post(NEW, filled(cast, place="portal"))
    assert DataBreach.objects.get().place == "het portaal"


def test_nobody_reports_for_a_place_of_others(cast: Cast) -> None:
    answer = cast.client("teacher_go").post(NEW, filled(cast))
    assert answer.status_code == 422
    assert not DataBreach.objects.exists()


@pytest.mark.parametrize(
    ("place", "keepers"),
    [
        ("kersenboom", {"head", "admin"}),
        ("bloesem", {"head_go", "admin"}),
        ("vclb", {"director_vclb", "admin"}),
        ("", {"admin"}),
    ],
)
def test_who_answers_for_a_place_keeps_its_breaches_and_nobody_else(cast: Cast, place: str, keepers: set[str]) -> None:
    row = broken(cast, place)
    everybody = ("head", "head_go", "director_vclb", "director_go", "admin")
    seen = {key for key in everybody if cast.client(key).get(page_of(row)).status_code == 200}
    assert seen == keepers


@pytest.mark.parametrize(
    ("words", "who", "status"),
    [
        ("De mail ging naar jan@thuis.example.", "partner", 422),
        ("Bel 0470 12 34 56.", "partner", 422),
        ("Het ging over Yusuf Haddad.", "teacher_3b", 422),
        ("Het ging over Yusuf Haddad.", "teacher_go", 302),  # who does not see the family learns nothing of it
    ],
)
def test_a_report_names_nobody_and_a_refusal_tells_nobody_who_is_in_the_portal(
    cast: Cast, words: str, who: str, status: int
) -> None:
    form = filled(cast, what=words, place="portal")
    answer = cast.client(who).post(NEW, form)
    assert answer.status_code == status
    if status == 422:
        assert "Noem hier niemand" in answer.content.decode()
        assert words in answer.content.decode()


def test_what_cannot_be_is_said_and_nothing_typed_is_lost(cast: Cast) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    form = filled(cast, happened_on=f"{tomorrow:%Y-%m-%d}", people="-3", **as_typed(tomorrow))
    answer = cast.client("teacher_3b").post(NEW, form)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Dit moment moet nog komen." in shown
    assert LOST in shown
    assert not DataBreach.objects.exists()


@pytest.mark.parametrize("wrong", [{"known_on": "0026-05-14"}, {"happened_on": "0026-05-14"}])
def test_a_slip_in_the_year_is_said_where_it_stands(cast: Cast, wrong: dict[str, str]) -> None:
    answer = cast.client("teacher_3b").post(NEW, filled(cast, **wrong))
    assert (answer.status_code, DataBreach.objects.exists()) == (422, False)
    assert list(answer.context["form"].errors) == list(wrong)
    assert "Kijk het jaartal na." in answer.content.decode()
    row = broken(cast)
    told = {"step": "PEOPLE", "people_told_on": "0026-05-14", "people_told_how": "Met een brief."}
    assert "Kijk het jaartal na." in cast.client("head").post(page_of(row), told).content.decode()


def test_what_the_register_says_of_long_ago_stays_sayable(cast: Cast) -> None:
    long_ago = clock.now() - timedelta(days=8 * 366)
    row = broken(cast, known_at=long_ago)
    typed = {"step": "DESCRIBED", "what": LOST, **as_typed(long_ago), "measures": "Op afstand afgemeld."}
    assert cast.client("head").post(page_of(row), typed).status_code == 302


def test_the_head_judges_tells_and_closes_and_each_step_is_a_line(cast: Cast) -> None:
    row, head = broken(cast), cast.client("head")
    assert head.post(page_of(row), {"step": "CLOSED"}, follow=True).content.decode().count("Beoordeel het risico.") >= 1
    facts = {"what": LOST, "kinds": ["ACCESS"], "people": "25", **as_typed(row.known_at)}
    steps: list[dict[str, Any]] = [
        {"step": "DESCRIBED", **facts, "consequences": "Iemand las een klas.", "measures": "Op afstand afgemeld."},
        {"step": "JUDGED", "risk": "HIGH", "risk_because": "De tablet stond open."},
        {"step": "AUTHORITY", **as_typed(clock.now(), "told_on", "told_time"), "authority_reference": "VTC-9"},
        {"step": "PEOPLE", "people_told_on": f"{clock.today()}", "people_told_how": "Per brief."},
        {"step": "CLOSED"},
    ]
    for step in steps:
        assert head.post(page_of(row), step).status_code == 302, step
    row.refresh_from_db()
    assert (row.people, row.risk, row.authority_reference, bool(row.closed_at)) == (25, "HIGH", "VTC-9", True)
    taken = [line.step for line in row.lines.all()]
    assert taken == ["REPORTED", "DESCRIBED", "JUDGED", "AUTHORITY", "PEOPLE", "CLOSED"]
    shown = head.get(page_of(row)).content.decode()
    assert "Per brief." in shown
    assert 'value="REOPENED"' in shown
    assert 'name="risk"' not in shown
    assert "known_at" not in row.lines.get(step="DESCRIBED").said, "the form shows no seconds, and changes none"


def test_a_step_that_changes_nothing_is_no_line_and_the_history_keeps_what_it_said(cast: Cast) -> None:
    row, by = broken(cast), cast.staff["head"]
    assert note_step(breach=row, step="JUDGED", by=by, risk="NONE", risk_because="Niets.")
    assert not note_step(breach=row, step="JUDGED", by=by, risk="NONE", risk_because="Niets.")
    assert note_step(breach=row, step="JUDGED", by=by, risk="HIGH", risk_because="Toch wel.")
    said = [line.said for line in row.lines.filter(step="JUDGED")]
    assert said == [{"risk": "NONE", "risk_because": "Niets."}, {"risk": "HIGH", "risk_because": "Toch wel."}]


def test_told_after_72_hours_needs_a_reason(cast: Cast) -> None:
    row = broken(cast, known_at=clock.now() - timedelta(hours=80))
    typed = {"step": "AUTHORITY", **as_typed(clock.now(), "told_on", "told_time")}
    head = cast.client("head")
    answer = head.post(page_of(row), typed)
    assert answer.status_code == 422
    assert "Het is na 72 uur gemeld. Zeg waarom." in answer.content.decode()
    assert head.post(page_of(row), {**typed, "late_because": "Niemand wist het."}).status_code == 302
    in_time = broken(cast, known_at=clock.now().replace(second=0, microsecond=0) - timedelta(hours=72))
    typed = {"step": "AUTHORITY", **as_typed(in_time.due_at, "told_on", "told_time")}
    assert head.post(page_of(in_time), typed).status_code == 302, "the last minute is in time"
    before = {"step": "AUTHORITY", **as_typed(row.known_at - timedelta(days=1), "told_on", "told_time")}
    assert "voor het bekend was" in head.post(page_of(row), before).content.decode()


def test_known_earlier_than_was_thought_it_can_turn_out_to_be_told_late(cast: Cast) -> None:
    """The reason for that has a field of its own, in the step of the supervisor."""
    row, head = broken(cast, known_at=clock.now() - timedelta(hours=71)), cast.client("head")
    told = as_typed(clock.now() - timedelta(minutes=2), "told_on", "told_time")
    assert head.post(page_of(row), {"step": "AUTHORITY", **told}).status_code == 302
    earlier = {"step": "DESCRIBED", "what": LOST, **as_typed(row.known_at - timedelta(hours=30))}
    answer = head.post(page_of(row), earlier)
    assert answer.status_code == 422
    assert "Zeg waarom." in answer.content.decode()
    late = {"step": "AUTHORITY", "late_because": "Niemand wist het.", **told}
    assert [head.post(page_of(row), typed).status_code for typed in (late, earlier)] == [302, 302]


def test_people_are_told_somehow_or_there_is_a_reason(cast: Cast) -> None:
    row, head = broken(cast), cast.client("head")
    assert head.post(page_of(row), {"step": "PEOPLE"}).status_code == 422
    assert head.post(page_of(row), {"step": "PEOPLE", "people_told_on": f"{clock.today()}"}).status_code == 422
    assert head.post(page_of(row), {"step": "PEOPLE", "people_not_told_because": "Geen risico."}).status_code == 302


def test_the_database_keeps_the_promises_itself(cast: Cast) -> None:
    row = broken(cast)
    for change in ({"closed_at": clock.now()}, {"risk": "HIGH"}, {"centre": cast.centres["vclb"]}, {"risk": "X"},
                   {"authority_told_at": row.due_at + timedelta(hours=1)}):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            DataBreach.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        BreachLine.objects.update(said={})


def test_a_closed_breach_is_opened_again_before_it_changes(cast: Cast) -> None:
    row, by = broken(cast), cast.staff["head"]
    settled(row, cast)
    close_breach(breach=row, by=by)
    with pytest.raises(ValidationError, match="afgesloten"):
        note_step(breach=row, step="JUDGED", by=by, risk="HIGH", risk_because="Toch.")
    reopen_breach(breach=row, by=by)
    assert note_step(breach=row, step="JUDGED", by=by, risk="HIGH", risk_because="Toch.")
    with pytest.raises(ValidationError, match="toezichthouder"):
        close_breach(breach=row, by=by)


def test_the_banner_counts_down_on_every_page_of_who_keeps_it(cast: Cast) -> None:
    row = broken(cast, known_at=clock.now() - timedelta(hours=48, minutes=30))
    words = "nog 23 uur om het aan de toezichthouder te melden"
    assert words in cast.client("head").get("/school/medewerkers/", follow=True).content.decode()
    for key, page in (("teacher_3b", "week"), ("head_go", "inzage"), ("director_vclb", "inzage")):
        answer = cast.client(key).get(f"/school/{page}/")
        assert answer.status_code == 200
        assert "Een datalek" not in answer.content.decode()
    DataBreach.objects.filter(pk=row.pk).update(due_at=clock.now() + timedelta(minutes=50))
    shown = cast.client("head").get("/school/inzage/").content.decode()
    assert ("nog minder dan een uur" in shown, "is om" in shown) == (True, False)
    assert "nog minder dan een uur" in cast.client("head").get(LIST).content.decode()
    DataBreach.objects.filter(pk=row.pk).update(due_at=clock.now() - timedelta(minutes=1))
    assert "is om" in cast.client("head").get("/school/inzage/").content.decode()
    note_step(breach=row, step="JUDGED", by=cast.staff["head"], risk="NONE", risk_because="Niets.")
    assert "Een datalek" not in cast.client("head").get("/school/inzage/").content.decode()


def test_the_register_goes_along_as_a_file_and_on_paper_with_a_line_in_the_log(cast: Cast) -> None:
    broken(cast, what="=1+1 ging mis")
    broken(cast, "bloesem", what="Van een andere school")
    file = cast.client("head").get(FILE)
    text = file.content.decode("utf-8-sig")
    assert "'=1+1 ging mis" in text
    assert "andere school" not in text
    assert "Toezichthouder ingelicht op" in text
    assert AuditEntry.objects.filter(verb="exported the register of data breaches").count() == 1
    assert "=1+1 ging mis" in cast.client("head").get("/school/datalekken/afdrukken/").content.decode()


def test_what_was_closed_five_years_ago_goes_with_its_history(cast: Cast, settings: Any) -> None:
    row = broken(cast)
    settled(row, cast)
    close_breach(breach=row, by=cast.staff["head"])
    open_one = broken(cast)
    settings.BREACH_DAYS = -1
    taken = {line.words: line.number for line in retention.run(dry_run=False)}
    assert taken["data breaches with their history"] == 1
    assert list(DataBreach.objects.values_list("pk", flat=True)) == [open_one.pk]
    assert set(BreachLine.objects.values_list("breach_id", flat=True)) == {open_one.pk}
