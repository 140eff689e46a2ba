"""Every indicator against a naive recount in plain Python over a small random world."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from messaging.models import (
    Answer,
    Channel,
    Delivery,
    DeliveryStatus,
    Notice,
    NoticeKind,
    NoticePupil,
    NoticeStatus,
    Thread,
    TranslationReason,
)
from messaging.models.notices import AudienceKind
from parents.models import (
    ConferenceRound,
    ConferenceSlot,
    ContactKind,
    ContactMoment,
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMembership,
    FollowUp,
    FollowUpStatus,
    Guardianship,
    Initiative,
    InterpreterMode,
    InterpreterNeed,
    MomentStatus,
    PointKind,
    Purpose,
    SlotStatus,
)
from parents.models.families import language_group
from reports.disclosure import Cell
from reports.figures import FigureScope, Period, compute
from reports.indicators import INDICATORS
from reports.models import MeasurementWave, MethodAdoption, TimeEntry
from schools import clock
from schools.models import Enrolment, Method
from schools.models.methods import MethodStatus
from tests.reports.world import FIRST, LAST, World, at, guardian_of, pupils_of

pytestmark = pytest.mark.django_db

PERIOD = Period(date(2025, 9, 15), date(2026, 4, 20))
SEEDS = (1, 2, 3)


def some_day(chance: random.Random) -> date:
    return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))


def random_world(seed: int) -> World:
    """Two pilot schools, one comparison school, families that come late, leave early and go to two schools."""
    chance = random.Random(seed)
    world = World(pilots=2)
    other = world.school(role="COMPARISON")
    places = [*world.classes, world.school_class(world.schools[0], "K2"), world.school_class(other)]
    for _ in range(26):
        classes = chance.sample(places, chance.choice([1, 1, 1, 2]))
        starts_on = chance.choice([FIRST, FIRST, some_day(chance)])
        ends_on = chance.choice([None, None, starts_on + timedelta(days=chance.randrange(200))])
        language = chance.choice(["nl", "nl", "pa", "ar", "", "-"])
        family = world.family(
            *classes, language=language, contact=chance.choice(["nl", "pa", "prs", "rif"]), starts_on=starts_on,
            ends_on=ends_on,
        )  # fmt: skip
        _add_contacts(world, chance, family, [one.school for one in classes])
        _add_notices(world, chance, family, classes[0].school)
    _add_rounds(world, chance)
    return world


def _add_contacts(world: World, chance: random.Random, family: Family, schools: list[Any]) -> None:
    for _ in range(chance.randrange(5)):
        moment = world.talk(
            family,
            chance.choice(schools),
            some_day(chance),
            kind=chance.choice(ContactKind.values),
            status=chance.choice([*[MomentStatus.HELD] * 4, *MomentStatus.values]),
            initiative=chance.choice(Initiative.values),
            purpose=chance.choice(["", *Purpose.values]),
            interpreter_need=chance.choice(InterpreterNeed.values),
            interpreter_mode=chance.choice(["", *InterpreterMode.values]),
        )
        if chance.random() < 0.1:
            moment.withdrawn_at = at(LAST)
            moment.save()
    for _ in range(chance.randrange(3)):
        status = chance.choice(FollowUpStatus.values)
        due = some_day(chance)
        done = due + timedelta(days=chance.randrange(-5, 6)) if status == FollowUpStatus.DONE else None
        FollowUp.objects.create(
            school=chance.choice(schools), family=family, what="Afspraak", due_on=due, status=status, done_on=done,
            created_at=at(FIRST),
        )  # fmt: skip
        asked = some_day(chance)
        replied = chance.choice([None, asked + timedelta(days=chance.randrange(14))])
        Thread.objects.create(
            school=chance.choice(schools), family=family, guardian=guardian_of(family), asked_at=at(asked),
            asked_on=asked, first_reply_at=replied and at(replied), first_reply_on=replied,
            asked_by_family=chance.random() < 0.8,
        )  # fmt: skip


def _add_notices(world: World, chance: random.Random, family: Family, school: Any) -> None:
    guardian = guardian_of(family)
    if chance.random() < 0.6:
        guardian.language_confirmed_on = some_day(chance)
        guardian.save()
        point = ContactPoint.objects.create(
            kind=chance.choice(PointKind.values), value="+32470000000", valid_from=FIRST, verified_on=some_day(chance)
        )
        ContactPointUse.objects.create(contact_point=point, guardian=guardian)
    for _ in range(chance.randrange(3)):
        moment = at(some_day(chance), chance.randrange(24))
        notice = Notice.objects.create(
            school=school, author=world.writer, kind=NoticeKind.INFO, status=NoticeStatus.PUBLISHED,
            audience=AudienceKind.PUPILS, translation_reason=TranslationReason.INTEGRATION, created_at=moment,
            published_at=moment,
        )  # fmt: skip
        NoticePupil.objects.create(notice=notice, pupil=pupils_of(family)[0])
        for channel in chance.sample(Channel.values, 2):
            status = chance.choice([DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.FAILED])
            Delivery.objects.create(
                notice=notice, guardian=guardian, channel=channel, status=status, created_at=moment, sent_at=moment,
                language=chance.choice(["nl", "pa", "fa"]), reason="BOUNCED" if status == "FAILED" else "",
                opened_at=chance.choice([None, moment + timedelta(days=chance.randrange(1, 12))]),
            )  # fmt: skip
        if chance.random() < 0.3:
            Answer.objects.create(
                notice=notice, guardian=guardian, key="ja", answered_at=moment + timedelta(days=chance.randrange(12))
            )


def _add_rounds(world: World, chance: random.Random) -> None:
    for number in range(4):
        held_on = some_day(chance)
        evening = ConferenceRound.objects.create(
            school=world.schools[number % 2], name=f"Ronde {number}", held_on=held_on,
            catch_up_until=held_on + timedelta(days=14),
        )  # fmt: skip
        for enrolment in Enrolment.objects.filter(school=evening.school).select_related("pupil"):
            family = Family.objects.get(memberships__pupil=enrolment.pupil)
            caught_up = world.talk(family, evening.school, held_on + timedelta(days=chance.choice([7, 30])))
            ConferenceSlot.objects.create(
                round=evening, pupil=enrolment.pupil, school_class=enrolment.school_class, family=family,
                status=chance.choice(SlotStatus.values), contact_moment=chance.choice([None, caught_up]),
            )  # fmt: skip
            if chance.random() < 0.2:
                ConferenceSlot.objects.create(
                    round=evening, pupil=enrolment.pupil, school_class=enrolment.school_class, family=family,
                    guardian=guardian_of(family), status=chance.choice(SlotStatus.values),
                )  # fmt: skip


class Recount:
    """The definitions read aloud, one row after the other."""

    def __init__(self, schools: list[Any], period: Period) -> None:
        self.schools, self.period = {school.pk for school in schools}, period
        self.moments = [m for m in ContactMoment.objects.all() if self._is_ours(m, m.held_on) and not m.withdrawn_at]

    def _is_ours(self, row: Any, day: date) -> bool:
        return row.school_id in self.schools and self.period.first <= day <= self.period.last

    def population(self) -> set[int]:
        found = set()
        for enrolment in Enrolment.objects.filter(school_id__in=self.schools):
            ends = enrolment.ends_on or LAST
            if enrolment.starts_on <= self.period.last and ends >= self.period.first:
                found |= {m.family_id for m in FamilyMembership.objects.filter(pupil_id=enrolment.pupil_id)}
        return found

    def families(self, wanted: Any) -> Cell:
        population = self.population()
        return Cell(len(population & {m.family_id for m in self.moments if m.is_reach and wanted(m)}), len(population))

    def contacts(self, among: Any, hit: Any) -> Cell:
        rows = [moment for moment in self.moments if among(moment)]
        return Cell(sum(map(hit, rows)), len(rows))

    def slots(self) -> dict[tuple[int, int], list[ConferenceSlot]]:
        found: dict[tuple[int, int], list[ConferenceSlot]] = {}
        for slot in ConferenceSlot.objects.select_related("round", "contact_moment"):
            day = slot.round.held_on
            there = Enrolment.objects.filter(pupil=slot.pupil, school=slot.round.school)
            if self._is_ours(slot.round, day) and any(one.includes(day) for one in there):
                found.setdefault((slot.round_id, slot.pupil_id), []).append(slot)
        return found

    def recipients(self) -> dict[tuple[int, int], list[Delivery]]:
        found: dict[tuple[int, int], list[Delivery]] = {}
        for row in Delivery.objects.filter(status__in=["SENT", "DELIVERED"]).select_related("notice", "guardian"):
            published = row.notice.published_at
            if published and self._is_ours(row.notice, clock.local_date(published)):
                found.setdefault((row.notice_id, row.guardian_id), []).append(row)
        return found


def came(slot: ConferenceSlot) -> bool:
    moment = slot.contact_moment
    in_time = moment is None or moment.held_on <= slot.round.catch_up_until
    return slot.status == SlotStatus.HELD or (slot.status == SlotStatus.CAUGHT_UP and in_time)


@pytest.fixture(params=SEEDS)
def world(request) -> World:
    return random_world(request.param)


def recount(world: World) -> Recount:
    return Recount(world.schools, PERIOD)


def count(code: str, world: World, by: str = "") -> Any:
    return compute(code, FigureScope(project=world.project), PERIOD, by)


def test_families_reached_spoken_with_visited_and_not_reached(world) -> None:
    plain = recount(world)
    reached = plain.families(lambda moment: True)
    assert count("I01", world).total == reached
    assert count("I02", world).total == plain.families(lambda moment: moment.is_two_way)
    assert count("I09", world).total == plain.families(lambda moment: moment.kind == ContactKind.HOME_VISIT)
    assert reached.N is not None
    assert count("I03", world).total == Cell(reached.N - reached.n, reached.N)


def test_every_school_and_language_group_and_month_of_reach(world) -> None:
    for school in world.schools:
        alone = Recount([school], PERIOD).families(lambda moment: True)
        assert count("I01", world, "school").rows[school.name] == alone
        assert compute("I01", FigureScope(school=school), PERIOD).total == alone
    population = {family.pk: language_group(family.home_language) for family in Family.objects.all()}
    plain = recount(world)
    reached = {moment.family_id for moment in plain.moments if moment.is_reach}
    for group, cell in count("I23", world).rows.items():
        among = {pk for pk in plain.population() if population[pk] == group}
        assert cell == Cell(len(among & reached), len(among))
    for month, cell in count("I01", world).months:
        until = {m.family_id for m in plain.moments if m.is_reach and m.held_month <= month}
        assert cell.n == len(until & plain.population())


def test_the_breakdowns_of_families_not_reached_hold_the_same_families(world) -> None:
    world.family(world.classes[0])
    whole, split = count("I03", world), count("I03", world, "attempt")
    assert sum(cell.n for cell in split.rows.values()) == whole.total.n
    assert split.rows["not_tried"] == Cell(1, 1)


def test_meetings_with_and_without_catch_up(world) -> None:
    slots = recount(world).slots()
    figure = count("I06", world)
    assert figure.total == Cell(sum(any(map(came, found)) for found in slots.values()), len(slots))
    held = sum(any(slot.status == SlotStatus.HELD for slot in found) for found in slots.values())
    assert figure.also["evening"] == Cell(held, len(slots))
    families: dict[int | None, list[bool]] = {}
    for found in slots.values():
        families.setdefault(found[0].family_id, []).append(any(map(came, found)))
    yearly = count("I07", world)
    assert yearly.total == Cell(sum(map(any, families.values())), len(families))
    assert yearly.also["every_round"].n == sum(map(all, families.values()))


def test_shares_of_contacts(world) -> None:
    plain = recount(world)
    qualified = {"ON_SITE", "PHONE", "VIDEO", "MEDIATOR"}
    appointments = {"HOME_VISIT", "CONFERENCE", "INTAKE", "VIDEO", "MDO", "ORIENTATION", "CLB_TALK", "REFERRAL"}
    good = {"WELCOME", "PRAISE", "INFORMATION", "INVITATION"}
    two_way: Any = lambda m: m.is_two_way  # noqa: E731
    in_need: Any = lambda m: m.is_reach and m.interpreter_need == "YES"  # noqa: E731
    planned: Any = lambda m: m.kind in appointments and m.status in ("HELD", "NO_SHOW")  # noqa: E731
    assert count("I11", world).total == plain.contacts(two_way, lambda m: m.initiative == "FAMILY")
    assert count("I12", world).total == plain.contacts(two_way, lambda m: m.purpose in good)
    assert count("I17", world).total == plain.contacts(in_need, lambda m: m.interpreter_mode in qualified)
    informal = count("I18", world)
    assert informal.total == plain.contacts(in_need, lambda m: m.interpreter_mode in ("ADULT_ACQUAINTANCE", "CHILD"))
    assert informal.also["child"] == plain.contacts(in_need, lambda m: m.interpreter_mode == "CHILD")
    assert count("I19", world).total == plain.contacts(planned, lambda m: m.status == "NO_SHOW")


def test_agreements_kept_late_and_open(world) -> None:
    schools = {school.pk for school in world.schools}
    rows = [
        row
        for row in FollowUp.objects.exclude(status="DROPPED")
        if row.school_id in schools and PERIOD.first <= row.due_on <= PERIOD.last
    ]
    figure = count("I20", world)
    assert figure.total == Cell(sum(bool(row.done_on and row.done_on <= row.due_on) for row in rows), len(rows))
    assert figure.also["late"].n + figure.also["open"].n + figure.total.n == len(rows)
    assert sum(cell.N or 0 for _, cell in figure.months) == len(rows)


def test_school_days_until_an_answer_with_open_questions_as_the_longest(world) -> None:
    schools = {school.pk for school in world.schools}
    waits = []
    for thread in Thread.objects.filter(asked_by_family=True):
        if thread.school_id in schools and PERIOD.first <= thread.asked_on <= PERIOD.last:
            days = 0
            day = thread.asked_on
            while thread.first_reply_on and day < thread.first_reply_on:
                day += timedelta(days=1)
                days += day.weekday() < 5
            waits.append(float(days) if thread.first_reply_on else math.inf)
    figure = count("I13", world, "school")
    assert list(figure.values) == sorted(waits)
    assert figure.total == Cell(sum(wait <= 3 for wait in waits), len(waits))
    assert figure.also["within_five"].n == sum(wait <= 5 for wait in waits)
    assert sum(cell.N or 0 for cell in figure.rows.values()) == len(waits)


def test_notices_confirmed_in_a_week_and_in_the_right_language(world) -> None:
    found = recount(world).recipients()
    week = timedelta(days=7)

    def confirmed(rows: list[Delivery]) -> bool:
        published = rows[0].notice.published_at
        assert published
        until = published + week
        answers = Answer.objects.filter(notice=rows[0].notice, guardian=rows[0].guardian, answered_at__lte=until)
        return any(row.opened_at and row.opened_at <= until for row in rows) or answers.exists()

    assert count("I14", world).total == Cell(sum(map(confirmed, found.values())), len(found))
    assert sum(cell.N or 0 for cell in count("I14", world, "contact_language").rows.values()) == len(found)
    foreign = [rows for rows in found.values() if rows[0].guardian.contact_language != "nl"]
    texts = {"pa": {"pa"}, "prs": {"prs", "fa"}, "rif": set()}
    right = [
        any(row.channel == "CALL" or row.language in texts[row.guardian.contact_language] for row in rows)
        for rows in foreign
    ]
    assert count("I15", world).total == Cell(sum(right), len(foreign))


def test_complete_contact_data(world) -> None:
    schools = {school.pk for school in world.schools}
    pupils = {row.pupil_id for row in Enrolment.objects.all() if row.school_id in schools and row.includes(PERIOD.last)}
    guardians = {row.guardian for row in Guardianship.objects.filter(pupil_id__in=pupils).select_related("guardian")}

    def complete(guardian: Any) -> bool:
        numbers = ContactPoint.objects.filter(uses__guardian=guardian, kind="PHONE", verified_on__lte=PERIOD.last)
        confirmed = guardian.language_confirmed_on
        return bool(confirmed and confirmed <= PERIOD.last and numbers.exists())

    assert count("I27", world).total == Cell(sum(map(complete, guardians)), len(guardians))


def test_measurements_hours_and_methods() -> None:
    world = World(pilots=2)
    for kind, agree in (("BASELINE", 2), ("END", 6)):
        for school in world.schools:
            day = date(2025, 10, 1) if kind == "BASELINE" else date(2026, 4, 1)
            MeasurementWave.objects.create(
                project=world.project, school=school, kind=kind, audience="PARENTS", opens_on=day, closes_on=day,
                invited=20, counts={"welcome": [1, 1, 2, agree, 1], "heard": [0, 0, 0, agree, 0]},
            )  # fmt: skip
    experience = count("I25", world, "question")
    assert experience.total == Cell(26, 34)
    assert experience.rows == {"welcome": Cell(14, 22), "heard": Cell(12, 12)}
    assert experience.also["baseline"] == Cell(10, 18)
    assert count("I26", world).total == Cell(0, 0)
    for activity, hours in (("CONTACT", "6.5"), ("TRAVEL", "1.5")):
        TimeEntry.objects.create(
            project=world.project, user=world.writer, week_of=date(2025, 10, 6), activity=activity, hours=hours
        )
    family = world.family(world.classes[0])
    world.talk(family, world.schools[0])
    spent = count("I29", world)
    assert (sum(spent.amounts.values()), spent.total.n) == (8, 1)
    methods = [
        Method.objects.create(slug=f"m{number}", kind="x", theme="x", level=1, status=MethodStatus.PROVEN, title="M",
                              aim="M", preparation_min=1, duration_min=1)
        for number in range(3)
    ]  # fmt: skip
    for method, status, is_origin in zip(methods, ("EMBEDDED", "IN_USE", "PLANNED"), (True, False, False), strict=True):
        MethodAdoption.objects.create(
            method=method, school=world.schools[0], status=status, since=FIRST, is_origin=is_origin
        )
    assert count("I30", world).total == Cell(1, 5)


def test_single_classes_count_their_own_families(world) -> None:
    school_class = world.classes[0]
    figure = compute("I01", FigureScope(classes=[school_class]), PERIOD)
    pupils = {
        row.pupil_id
        for row in Enrolment.objects.filter(school_class=school_class)
        if row.starts_on <= PERIOD.last and (row.ends_on or LAST) >= PERIOD.first
    }
    families = {row.family_id for row in FamilyMembership.objects.filter(pupil_id__in=pupils)}
    assert len(families) == figure.total.N


def test_every_breakdown_of_every_indicator_counts_and_can_be_protected(world) -> None:
    for code, definition in INDICATORS.items():
        for by in ("", *definition.breakdowns):
            shown = count(code, world, by).protected(for_outsiders=True)
            assert shown.is_protected, (code, by)


def test_the_command_counts_what_the_pages_count(world, capsys) -> None:
    days = ["--from", PERIOD.first.isoformat(), "--to", PERIOD.last.isoformat()]
    call_command("figures", "I01", "I23", *days, "--as", "JOINT_CLB", "--by", "language_group", "--json")
    total = count("I01", world).total
    assert f'"n": {total.n},\n      "N": {total.N}' in capsys.readouterr().out
    call_command("figures", "I01", *days, "--school", world.schools[0].institution_number)
    assert "I01" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no indicator I99"):
        call_command("figures", "I99", *days)
