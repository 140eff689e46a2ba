"""The page of one breach: the next step stands open, the others are one tap away."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from ingroeibloei.templatetags.written import daytime
from reports.breaches import close_breach, note_step
from reports.models import BreachLine, DataBreach
from schools import clock
from schools.days import full_day
from tests.cast import Cast
from tests.reports.broken import broken

pytestmark = pytest.mark.django_db
Step = BreachLine.Step
_FOLDED = re.compile(r'<details class="disclosure"(?P<open> open)?>.*?name="step" value="(?P<step>\w+)"', re.DOTALL)


def shown(page: str) -> dict[str, bool]:
    """Which steps the page offers, and whether each stands open."""
    return {found["step"]: bool(found["open"]) for found in _FOLDED.finditer(page)}


def opened(cast: Cast, breach: DataBreach) -> list[str]:
    page = cast.client("head").get(reverse("breach", args=[breach.pk])).content.decode()
    steps = shown(page)
    assert list(steps) == [Step.DESCRIBED, Step.JUDGED, Step.AUTHORITY, Step.PEOPLE]
    return [step for step, is_open in steps.items() if is_open]


def test_the_next_step_stands_open_and_nothing_else(cast: Cast) -> None:
    row, by = broken(cast), cast.staff["head"]
    assert opened(cast, row) == [Step.JUDGED]
    note_step(breach=row, step=Step.JUDGED, by=by, risk="SOME", risk_because="De tablet stond open.")
    assert opened(cast, row) == [Step.AUTHORITY]
    told = {"authority_told_at": clock.now() - timedelta(minutes=1), "authority_reference": "", "late_because": ""}
    note_step(breach=row, step=Step.AUTHORITY, by=by, **told)
    assert opened(cast, row) == [Step.PEOPLE]
    told_people = {"people_told_on": None, "people_told_how": "", "people_not_told_because": "Niemand las iets."}
    note_step(breach=row, step=Step.PEOPLE, by=by, **told_people)
    assert opened(cast, row) == [Step.DESCRIBED]
    known = {name: getattr(row, name) for name in ("what", "happened_on", "known_at", "kinds", "people")}
    note_step(breach=row, step=Step.DESCRIBED, by=by, **known, consequences="", measures="Op afstand afgemeld.")
    assert opened(cast, row) == []


def test_without_a_risk_nobody_has_to_be_told(cast: Cast) -> None:
    """The page says so where the risk is judged; closing asks for no more, and no day stands there any longer."""
    row, by, head = broken(cast), cast.staff["head"], cast.client("head")
    page = reverse("breach", args=[row.pk])
    assert "Melden aan de toezichthouder voor" in head.get(page).content.decode()
    known = {name: getattr(row, name) for name in ("what", "happened_on", "known_at", "kinds", "people")}
    note_step(breach=row, step=Step.DESCRIBED, by=by, **known, consequences="", measures="Op afstand afgemeld.")
    note_step(breach=row, step=Step.JUDGED, by=by, risk="NONE", risk_because="De tablet was vergrendeld.")
    assert opened(cast, row) == []
    said = head.get(page).content.decode()
    assert "Melden aan de toezichthouder voor" not in said
    assert "Licht de betrokkenen in" not in said
    close_breach(breach=row, by=by)
    row.refresh_from_db()
    assert row.closed_at is not None


def test_a_step_that_cannot_be_kept_stands_open_with_what_was_typed(cast: Cast) -> None:
    row = broken(cast)
    address = reverse("breach", args=[row.pk])
    answer = cast.client("head").post(address, {"step": Step.PEOPLE, "people_told_on": f"{clock.today()}"})
    assert answer.status_code == 422
    assert [step for step, is_open in shown(answer.content.decode()).items() if is_open] == [Step.PEOPLE]


def test_it_is_named_by_when_it_was_known_and_not_by_a_number(cast: Cast) -> None:
    """A number counts the breaches of all places together: a school's first one was called the second."""
    row, head = broken(cast), cast.client("head")
    for name, arguments in (("breach", [row.pk]), ("breach_print", [])):
        page = head.get(reverse(name, args=arguments)).content.decode()
        assert f"Datalek, bekend sinds {daytime(timezone.localtime(row.known_at), 'year')}" in page
        assert not re.search(r"Datalek \d", page)


def test_a_supervisor_who_was_not_told_after_all_is_told_in_time(cast: Cast) -> None:
    """A wrong breach, a mail that came back: the clock goes on, and the history says both."""
    row, by = broken(cast), cast.staff["head"]
    note_step(breach=row, step=Step.JUDGED, by=by, risk="SOME", risk_because="De tablet stond open.")
    told = {"authority_told_at": clock.now(), "authority_reference": "VTC-9", "late_because": ""}
    note_step(breach=row, step=Step.AUTHORITY, by=by, **told)
    head, address = cast.client("head"), reverse("breach", args=[row.pk])
    assert "toch niet aan de toezichthouder gemeld" in head.get(address).content.decode()
    half = {"step": Step.AUTHORITY, "told_on": f"{clock.today()}", "authority_reference": "VTC-9"}
    assert head.post(address, half).status_code == 422
    assert head.post(address, {"step": Step.AUTHORITY, "authority_reference": "VTC-9"}).status_code == 302
    row.refresh_from_db()
    assert (row.authority_told_at, row.authority_reference, row.is_running) == (None, "", True)
    assert opened(cast, row) == [Step.AUTHORITY]
    assert [line.said["authority_told_at"] is None for line in row.lines.filter(step=Step.AUTHORITY)] == [False, True]


@pytest.mark.parametrize(("people", "said"), [(0, "0"), (20, "20"), (None, "–")])
def test_nobody_is_a_number_on_the_page_as_in_the_file(cast: Cast, people: int | None, said: str) -> None:
    row = broken(cast, people=people)
    page = cast.client("head").get(reverse("breach", args=[row.pk])).content.decode()
    fact = re.search(r"<dt>Ongeveer hoeveel mensen</dt>\s*<dd>\s*(.*?)\s*</dd>", page)
    assert fact is not None
    assert fact[1] == said


def test_closing_says_until_which_day_the_portal_keeps_it(cast: Cast, settings: Any) -> None:
    settings.BREACH_DAYS = 400
    row, by, head = broken(cast), cast.staff["head"], cast.client("head")
    note_step(breach=row, step=Step.JUDGED, by=by, risk="NONE", risk_because="De tablet was leeg.")
    known = {name: getattr(row, name) for name in ("what", "happened_on", "known_at", "kinds", "people")}
    note_step(breach=row, step=Step.DESCRIBED, by=by, **known, consequences="", measures="Op afstand afgemeld.")
    page = reverse("breach", args=[row.pk])
    closed = head.post(page, {"step": Step.CLOSED}, follow=True).content.decode()
    assert f"tot en met {full_day(clock.today() + timedelta(days=400))} in het register" in closed
