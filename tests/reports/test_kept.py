"""Figures over many schools are counted ahead, equal what counting them directly gives, and say their moment."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from ingroeibloei import stores
from messaging.models import Answer, Delivery, DeliveryStatus, Notice, Thread
from parents.models import ConferenceSlot, ContactKind, ContactMoment, Family, FamilyMembership, Guardian, SlotStatus
from reports import keeping, kept
from reports.figures import FigureScope, Period, compute, contacts_by_kind, families_by_rung
from reports.indicators import INDICATORS
from reports.tasks import draft_evaluation, keep_figures
from schools import clock
from schools.models import Enrolment, Participation
from tests.mould import poured
from tests.reports.fuller_world import fuller_world
from tests.reports.random_world import some_day
from tests.reports.world import World, at, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]
MINUTE = timedelta(minutes=1)
EVERYTHING = 3600.0


@pytest.fixture(autouse=True)
def two_are_many(settings: Any, tmp_path: Any) -> None:
    settings.FIGURES_KEPT_FROM = 2
    settings.CACHES = {"default": stores.cache("", tmp_path)}


@pytest.fixture
def fuller(request: Any) -> World:
    """One world; the test of changes asks for others."""
    return poured(fuller_world, getattr(request, "param", 1))


@pytest.fixture
def few_figures(monkeypatch: Any) -> None:
    """Three indicators ahead of their readers instead of all."""
    monkeypatch.setattr(keeping, "INDICATORS", {code: INDICATORS[code] for code in ("I01", "I14", "I20")})


@pytest.fixture
def later(monkeypatch: Any) -> Callable[[], None]:
    """The clock of what is kept goes on by a minute each time."""
    start, passed = clock.now(), [0]
    monkeypatch.setattr(kept.clock, "now", lambda: start + passed[0] * MINUTE)

    def go_on() -> None:
        passed[0] += 1

    return go_on


def scope_of(world: World) -> FigureScope:
    return kept.of_many(FigureScope(project=world.project))


def year_of(world: World) -> Period:
    return Period.to_date(world.project, clock.today())


def differing(world: World) -> list[tuple[str, str]]:
    """What is kept and differs from what counting it now gives."""
    scope, direct, period = scope_of(world), FigureScope(project=world.project), year_of(world)
    assert scope.kept
    found: list[tuple[str, str]] = []
    for code, definition in INDICATORS.items():
        for by in ("", *definition.breakdowns):
            if replace(compute(code, scope, period, by), counted_at=None) != compute(code, direct, period, by):
                found.append((code, by))
    for name, count in (("ladder", families_by_rung), ("kinds", contacts_by_kind)):
        if count(scope, period) != count(direct, period):
            found.append((name, ""))
    return found


def _logged(world: World, chance: random.Random) -> None:
    family = chance.choice(list(Family.objects.order_by("pk")))
    world.talk(family, chance.choice(world.schools), some_day(chance), kind=chance.choice(ContactKind.values))


def _corrected(world: World, chance: random.Random) -> None:
    moment = chance.choice(list(ContactMoment.objects.order_by("pk")))
    kind, day = chance.choice(ContactKind.values), some_day(chance)
    ContactMoment.objects.filter(pk=moment.pk).update(kind=kind, held_on=day, held_month=clock.month_of(day))


def _withdrawn(world: World, chance: random.Random) -> None:
    moment = chance.choice(list(ContactMoment.objects.order_by("pk")))
    ContactMoment.objects.filter(pk=moment.pk).update(withdrawn_at=clock.now())


def _imported(world: World, chance: random.Random) -> None:
    """New families of a list, one of them with children in two schools."""
    world.family(world.classes[0], language="ar", starts_on=some_day(chance))
    world.family(*world.classes[:2], language="nl")


def _rolled_over(world: World, chance: random.Random) -> None:
    """Children who go on to another school."""
    for row in chance.sample(list(Enrolment.objects.filter(ends_on=None).order_by("pk")), 3):
        day = max(some_day(chance), row.starts_on)
        Enrolment.objects.filter(pk=row.pk).update(ends_on=day)
        world.enrol(row.pupil, chance.choice(world.classes), starts_on=day + timedelta(days=1))


def _left(world: World, chance: random.Random) -> None:
    row = chance.choice(list(FamilyMembership.objects.filter(ends_on=None).order_by("pk")))
    FamilyMembership.objects.filter(pk=row.pk).update(ends_on=max(some_day(chance), row.starts_on))


def _read(world: World, chance: random.Random) -> None:
    for row in chance.sample(list(Delivery.objects.order_by("pk")), 4):
        day = some_day(chance)
        facts: list[dict[str, Any]] = [
            {"opened_at": at(day)},
            {"understood_at": at(day)},
            {"not_understood_at": at(day)},
            {"status": DeliveryStatus.DELIVERED, "sent_at": at(day)},
        ]
        Delivery.objects.filter(pk=row.pk).update(**chance.choice(facts))


def _answered(world: World, chance: random.Random) -> None:
    row = chance.choice(list(Delivery.objects.order_by("pk")))
    Answer.objects.update_or_create(
        notice=row.notice, guardian=row.guardian, defaults={"key": "yes", "answered_at": at(some_day(chance))}
    )
    day = some_day(chance)
    Thread.objects.filter(first_reply_on=None).update(first_reply_on=day, first_reply_at=at(day))


def _told(world: World, chance: random.Random) -> None:
    """A parent said another language, a meeting took place, a notice was checked."""
    Guardian.objects.filter(pk=chance.choice(list(Guardian.objects.order_by("pk"))).pk).update(contact_language="tr")
    Family.objects.filter(pk=chance.choice(list(Family.objects.order_by("pk"))).pk).update(home_language="tr")
    for row in ConferenceSlot.objects.order_by("pk")[:2]:
        ConferenceSlot.objects.filter(pk=row.pk).update(status=chance.choice(SlotStatus.values))
    Notice.objects.order_by("pk").update(plain_findings=chance.choice([0, 2]))


CHANGES = (_logged, _corrected, _withdrawn, _imported, _rolled_over, _left, _read, _answered, _told)


@pytest.mark.parametrize(("fuller", "seed"), [(1, 0), pytest.param(2, 1, marks=pytest.mark.full)], indirect=["fuller"])
def test_what_is_counted_again_after_any_changes_is_what_counting_directly_gives(
    fuller: World, later: Callable[[], None], seed: int
) -> None:
    chance = random.Random(seed)
    keeping.keep_due(EVERYTHING)
    for change in chance.choices(CHANGES, k=6):
        change(fuller, chance)
    assert differing(fuller), "the changes are such that figures change"
    later()
    kept.ask_again(scope_of(fuller))
    later()
    assert keeping.keep_due(EVERYTHING) > 100
    assert differing(fuller) == []


@pytest.mark.usefixtures("few_figures")
def test_what_changed_since_stands_in_the_next_count_and_not_before(fuller: World, later: Callable[[], None]) -> None:
    keeping.keep_due(EVERYTHING)
    before = compute("I01", scope_of(fuller), year_of(fuller))
    family = fuller.family(fuller.classes[0])
    fuller.talk(family, fuller.schools[0])
    assert compute("I01", scope_of(fuller), year_of(fuller)).total == before.total
    assert before.counted_at is not None
    later()
    kept.ask_again(scope_of(fuller))
    later()
    keeping.keep_due(EVERYTHING)
    assert compute("I01", scope_of(fuller), year_of(fuller)).total.n == before.total.n + 1
    assert keeping.keep_due(EVERYTHING) == 0


def test_few_schools_are_counted_when_they_are_asked(fuller: World, settings: Any) -> None:
    settings.FIGURES_KEPT_FROM = 3
    assert keeping.keep_due(EVERYTHING) == 0
    assert compute("I01", scope_of(fuller), year_of(fuller)).counted_at is None
    settings.FIGURES_KEPT_FROM = 0
    assert not scope_of(fuller).kept
    settings.FIGURES_KEPT_FROM = 1
    assert not kept.of_many(FigureScope(project=fuller.project, school=fuller.schools[0])).kept


def test_another_school_another_day_and_comparison_schools_have_figures_of_their_own(fuller: World) -> None:
    marks = [scope_of(fuller).kept, kept.of_many(FigureScope(schools=tuple(fuller.schools))).kept]
    Participation.objects.filter(school=fuller.schools[0]).update(role="COMPARISON")
    fuller.school()
    marks.append(scope_of(fuller).kept)
    assert len(set(marks)) == 3
    kept.keep(scope_of(fuller), "I01.1.", Period(date(2025, 9, 1), date(2026, 5, 1)), lambda scope: scope.name)
    assert kept.moments(scope_of(fuller), [("I01.1.", Period(date(2025, 9, 1), date(2026, 5, 2)))]) == [None]


@pytest.mark.usefixtures("few_figures")
def test_counting_goes_on_where_it_stopped_and_one_process_does_it(fuller: World) -> None:
    scope = scope_of(fuller)
    total = keeping.progress(scope).total  # type: ignore[union-attr]
    assert keeping.keep_due(0.0) == 0
    cache.set(keeping._LOCK, True)
    assert keeping.keep_due(EVERYTHING) == 0, "somebody else counts"
    cache.delete(keeping._LOCK)
    wanted = list(keeping._wanted(fuller.project))
    for one in wanted[:7]:
        kept.keep(scope, one.name, one.period, one.count)
    assert keeping.progress(scope) == keeping.Progress(7, total)
    assert keeping.keep_due(EVERYTHING) == total - 7
    assert keeping.progress(scope) is None


@pytest.mark.usefixtures("few_figures")
def test_figures_of_a_day_that_has_not_come_are_counted_again(fuller: World, monkeypatch: Any) -> None:
    """A clock was ahead that is set right since; neither does who asked then keep it counting."""
    scope, total, later = scope_of(fuller), len(list(keeping._wanted(fuller.project))), clock.now() + timedelta(days=3)
    with monkeypatch.context() as ahead:
        ahead.setattr(kept.clock, "now", lambda: later)
        for one in keeping._wanted(fuller.project):
            kept.keep(scope, one.name, one.period, one.count)
        kept.ask_again(scope)
    assert keeping.progress(scope) == keeping.Progress(0, total)
    assert keeping.keep_due(EVERYTHING) == total
    assert keeping.progress(scope) is None


@pytest.mark.usefixtures("few_figures")
def test_who_asked_at_an_hour_of_today_that_has_not_come_keeps_nobody_counting(fuller: World, monkeypatch: Any) -> None:
    scope, later = scope_of(fuller), clock.now() + timedelta(hours=3)
    with monkeypatch.context() as ahead:
        ahead.setattr(kept.clock, "now", lambda: later)
        kept.ask_again(scope)
    assert keeping.keep_due(EVERYTHING) == len(list(keeping._wanted(fuller.project)))
    assert keeping.keep_due(EVERYTHING) == 0


@pytest.mark.usefixtures("few_figures")
def test_a_figure_that_fails_leaves_the_place_free(fuller: World, monkeypatch: Any) -> None:
    def fails(*_args: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(kept, "keep", fails)
        with pytest.raises(RuntimeError):
            keeping.keep_due(EVERYTHING)
    assert keep_figures() > 10


def test_a_draft_of_very_many_schools_has_as_long_as_what_counts_their_figures_ahead(settings: Any) -> None:
    """It counts them all, whole or not at all: cut off after a minute and a half, it would be so each morning."""
    limits = {task.soft_time_limit for task in (draft_evaluation, keep_figures)}
    assert limits == {900} != {settings.CELERY_TASK_SOFT_TIME_LIMIT}


@pytest.mark.usefixtures("few_figures")
def test_who_counted_too_long_does_not_take_another_process_s_place(fuller: World, monkeypatch: Any) -> None:
    """Its place was given away meanwhile: the other goes on counting alone."""

    def slowly(*_args: Any) -> None:
        cache.set(keeping._LOCK, "another")

    monkeypatch.setattr(kept, "keep", slowly)
    keeping.keep_due(EVERYTHING)
    assert cache.get(keeping._LOCK) == "another"


def test_a_cache_that_is_away_stops_nobody(fuller: World, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }
    assert compute("I01", scope_of(fuller), year_of(fuller)).total.N
    assert keeping.progress(scope_of(fuller)) is None


@pytest.mark.usefixtures("few_figures")
class TestPages:
    def test_they_say_when_it_was_counted_and_have_it_counted_again(
        self, fuller: World, later: Callable[[], None]
    ) -> None:
        keeping.keep_due(EVERYTHING)
        client = signed_in(fuller.joint_worker())
        for page in (reverse("dashboard"), reverse("figures_work"), reverse("indicator_detail", args=["I14"])):
            text = client.get(page).content.decode()
            assert "Geteld op" in text, page
            assert "Opnieuw tellen" in text, page
        later()
        page = reverse("indicator_detail", args=["I14"])
        answer = client.post(reverse("figures_again"), {"next": page})
        assert answer.status_code == 302
        assert answer["Location"] == page
        text = client.get(page).content.decode()
        assert "Wordt opnieuw geteld" in text
        assert "Opnieuw tellen" not in text
        later()
        keeping.keep_due(EVERYTHING)
        assert "Opnieuw tellen" in client.get(page).content.decode()

    def test_a_province_is_not_counted_without_end(self, fuller: World) -> None:
        client = signed_in(fuller.joint_worker())
        answers = [client.post(reverse("figures_again"), follow=True).content.decode() for _ in range(5)]
        assert "Probeer het later opnieuw" in answers[-1]
        assert "Probeer het later opnieuw" not in answers[0]

    def test_of_few_schools_they_say_nothing(self, fuller: World, settings: Any) -> None:
        settings.FIGURES_KEPT_FROM = 9
        client = signed_in(fuller.joint_worker())
        assert "Geteld op" not in client.get(reverse("dashboard")).content.decode()
        assert client.post(reverse("figures_again"), follow=True).status_code == 200
        assert kept.asked_again(scope_of(fuller)) is None

    def test_the_coordinator_reads_kept_figures_protected(self, fuller: World, settings: Any) -> None:
        client = signed_in(fuller.coordinator())
        keeping.keep_due(EVERYTHING)
        page = {"per": "school"}
        ahead = client.get(reverse("indicator_detail", args=["I01"]), page).context["table"].rows
        settings.FIGURES_KEPT_FROM = 0
        assert client.get(reverse("indicator_detail", args=["I01"]), page).context["table"].rows == ahead
