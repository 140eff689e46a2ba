"""Few and many rows of everything that pages list."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from messaging.files.checking import CheckedFile
from messaging.files.limits import Kind
from messaging.services import ask_question, publish_notice
from parents.models import (
    Absence,
    ContactMoment,
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMatch,
    FamilyMembership,
    FollowUp,
    GatheringSignUp,
    Guardian,
    Guardianship,
)
from parents.services.booking import Wish
from parents.services.conferenceplaces import offer_places
from reports.adopting import write_adaptation
from reports.budget import Spending, add_line
from reports.budget import book as book_spending
from reports.cardfiles import OF_A_CARD
from reports.filing import put_on_card
from reports.hours import monday_of, note_week
from reports.models import CardQuestion, DiaryNote, FreeAnswer, MethodAdoption, PlannerStep, SchoolEquityProfile
from reports.planner.planning import start_plan
from reports.scans import Plan, plan_action
from reports.targets import Aim, newest, note_agreement, set_target
from schools import clock
from schools.models import Enrolment, Method, Pupil, School
from schools.services.staffing import Post, appoint, ask_factor_reset
from tests.parents.conferences import book, evening, round_of
from tests.parents.gatherings import gathering_of, library
from tests.reports.broken import broken
from tests.reports.measured import opened
from tests.reports.scanned import scanned
from tests.surface.rows import Rows, bring_list
from tests.surface.written import write_notice

#: How many rows come to those that are there.
MORE = 12


def add_families(rows: Rows, count: int) -> None:
    """More families in 3B, each with a parent, talks, a follow-up and a question; and more notices."""
    cast = rows.cast
    start, room, teacher = cast.year.starts_on, cast.classes["3b"], cast.staff["teacher_3b"]
    for number in range(count):
        pupil = Pupil.objects.create(first_name=f"Kind{number}", last_name="Meer", birth_date=start)
        Enrolment.objects.create(pupil=pupil, school=room.school, school_class=room, starts_on=start)
        family = Family.objects.create(home_language="tr")
        FamilyMembership.objects.create(family=family, pupil=pupil, starts_on=start)
        guardian = Guardian.objects.create(first_name=f"Ouder{number}", last_name="Meer", contact_language="tr")
        Guardianship.objects.create(pupil=pupil, guardian=guardian, starts_on=start)
        point = ContactPoint.objects.create(
            kind="EMAIL", value=f"ouder{number}@meer.example", valid_from=start, verified_on=start
        )
        ContactPointUse.objects.create(contact_point=point, guardian=guardian)
        if number % 2:
            add_talk(rows, family, pupil, guardian)
        for owner in (teacher, cast.staff["ex_colleague"]):
            FollowUp.objects.create(
                school=room.school,
                family=family,
                pupil=pupil,
                what="Bellen",
                owner=owner,
                due_on=clock.today(),
                created_at=clock.now(),
            )
        ask_question(guardian=guardian, pupil=pupil, notice=rows.notice, text="Wanneer?", language="tr")
        day = clock.today()
        Absence.objects.create(
            pupil=pupil, school=room.school, starts_on=day, ends_on=day, reported_by=guardian, reported_at=clock.now()
        )


def add_talk(rows: Rows, family: Family, pupil: Pupil, guardian: Guardian) -> None:
    moment = ContactMoment.objects.create(
        school=rows.cast.schools["kersenboom"],
        family=family,
        kind="PHONE",
        outcome="REACHED_AGREED",
        held_on=clock.today() - timedelta(days=3),
        initiative="TEACHER",
        purpose="PRAISE",
        recorded_by=rows.cast.staff["teacher_3b"],
        recorded_at=clock.now(),
    )
    moment.pupils.add(pupil)
    moment.guardians.add(guardian)


def pair_up(rows: Rows, number: int) -> None:
    """One more pair of families that may be one."""
    first, second = Family.objects.filter(memberships__pupil__last_name="Meer").order_by("pk")[number : number + 2]
    FamilyMatch.objects.create(first=first, second=second, score=50, facts=["PHONE:0"], found_at=clock.now())


def more_meetings(rows: Rows) -> None:
    """A place for each child that came, a time for one more, and more rounds."""
    offer_places(conference=rows.host.round, by=rows.cast.staff["head"])
    slots = rows.host.round.slots.filter(status="OFFERED")
    for slot, hour in zip(slots, rows.hours[1:4], strict=False):
        book(rows.cast, slot, hour, None, Wish("PHONE", "tr"), by=rows.cast.staff["head"])
    for days in (20, 30):
        round_of(rows.cast, times=evening(days=days))


def more_gatherings(rows: Rows) -> None:
    """Every parent who came signs up, and there are more gatherings with the partner and without."""
    for guardian in Guardian.objects.filter(last_name="Meer"):
        for row in (rows.gathering, rows.reading):
            GatheringSignUp.objects.create(
                gathering=row,
                guardian=guardian,
                adults=1,
                interpreter="tr",
                state="COMING",
                asked_at=clock.now(),
                changed_at=clock.now(),
            )
    for days in (20, 30):
        gathering_of(rows.cast, days=days)
        library(rows.cast, days=days)


def more_measurements(rows: Rows) -> None:
    """More schools' worth of waves, and more that parents wrote."""
    for kind, audience in (("END", "PARENTS"), ("BASELINE", "TEAM"), ("END", "TEAM")):
        opened(rows.cast, kind=kind, audience=audience)
    for number in range(MORE):
        FreeAnswer.objects.create(wave=rows.measured, original=f"Woord {number}")
        words = {"words": "Goed.", "state": "RELEASED", "reviewed_by": rows.cast.staff["joint"]}
        FreeAnswer.objects.create(wave=rows.measured, original=f"Woord {number}", **words)


def more_targets(rows: Rows) -> None:
    """The same indicator for both schools and the project, changed a few times, and agreed."""
    project, joint = rows.cast.project, rows.cast.staff["joint"]
    assert project is not None
    for school in (None, *rows.cast.schools.values(), None, *rows.cast.schools.values()):
        last = newest(project, "I01")
        aim = Aim(code="I01", value=Decimal(50), holds_from=clock.today(), school=school)
        made = set_target(project=project, aim=aim, by=joint, seen=last.pk if last else None)
        note_agreement(target=made, schools=list(rows.cast.schools.values()), agreed_on=clock.today(), by=joint)


def more_means(rows: Rows) -> None:
    """Hours of all weeks until now, more lines, and more bookings on one of them."""
    project, joint = rows.cast.project, rows.cast.staff["joint"]
    assert project is not None
    week = monday_of(project.starts_on)
    while week <= clock.today():
        note_week(project=project, week=week, hours={"CONTACT": Decimal(8)}, by=joint)
        week += timedelta(weeks=1)
    spending = Spending(booked_on=clock.today(), amount=Decimal(5), what="Tolk")
    for number in range(MORE):
        add_line(project=project, name=f"Post {number}", granted=Decimal(100), by=joint)
        book_spending(line=rows.booking.line, spending=spending, client_id=uuid4(), by=joint)


def more_scans(rows: Rows) -> None:
    """Both schools measured a few times more, and planned more."""
    for key, school in rows.cast.schools.items():
        for days in (30, 60, 90):
            scanned(school, rows.cast.staff["joint"], days=days + len(key))
    plan = Plan(point="time-3", what="Opvang", owner=rows.cast.staff["head"], due_on=clock.today())
    for _number in range(MORE):
        plan_action(school=rows.cast.schools["kersenboom"], plan=plan, by=rows.cast.staff["head"])


def more_plans(rows: Rows) -> None:
    """Both schools plan the year, De Kersenboom with steps of every card."""
    head = rows.cast.staff["head_go"]
    school = rows.cast.schools["bloesem"]
    for method in Method.objects.all():
        MethodAdoption.objects.get_or_create(
            method=method, school=school, defaults={"status": "IN_USE", "since": rows.cast.year.starts_on}
        )
    for method in Method.objects.all()[1:]:
        write_adaptation(school=school, method=method, words="Anders.", by=head)
    card = Method.objects.get(slug="good-news-call")
    for number in range(MORE):
        facts = {"answer": "Ja.", "answered_at": clock.now()} if number % 2 else {}
        rows_of = {"method": card, "school": school, "text": f"Vraag {number}?", "asked_at": clock.now()}
        CardQuestion.objects.create(**rows_of, **facts)
    for number in range(OF_A_CARD - 1):
        sheet = CheckedFile(Kind.PDF, b"%PDF-1.7 " + str(number).encode())
        put_on_card(method=card, file=sheet, title=f"Blad {number}", language="nl", by=head)
    start_plan(school=school, year=rows.planned.plan.year, by=head, since=rows.cast.year.starts_on)
    plan = rows.planned.plan
    for step in PlannerStep.objects.exclude(pk__in=plan.steps.values("step_id")):
        day = rows.planned.due_on
        plan.steps.create(step=step, due_on=day, advised_on=day, remind_on=day, owner=rows.cast.staff["care"])


def more_profiles(rows: Rows) -> None:
    """Official figures of a few years."""
    for school in rows.cast.schools.values():
        for year in range(4):
            SchoolEquityProfile.objects.create(
                school=school, first_year=clock.today().year - year, pupils=9, source="x", brought_in_at=clock.now()
            )


def more_notes(rows: Rows) -> None:
    """More days in the diary, about each school."""
    facts = {"day": rows.diary_note.day, "written_by": rows.cast.staff["joint"], "written_at": clock.now()}
    for school in [*rows.cast.schools.values()] * MORE:
        DiaryNote.objects.create(project=rows.report.project, school=school, text="Koffie", client_id=uuid4(), **facts)


def more_breaches(rows: Rows) -> None:
    """More that went wrong at both schools and their centres."""
    for place in ("kersenboom", "bloesem", "vclb", "clb_go", "") * MORE:
        broken(rows.cast, place)


def add_few(rows: Rows) -> None:
    broken(rows.cast)
    add_families(rows, 4)
    add_talk(rows, rows.cast.families["haddad"], rows.cast.pupils["yusuf"], rows.cast.guardians["separated_father"])
    publish_notice(notice=write_notice(rows.cast), by=rows.cast.staff["teacher_3b"])
    more_targets(rows)
    DiaryNote.objects.filter(pk=rows.diary_note.pk).update(school=rows.cast.schools["kersenboom"])
    scanned(rows.cast.schools["kersenboom"], rows.cast.staff["joint"], days=9)


def add_colleagues(rows: Rows) -> None:
    """Teachers of 3B, each with a lost second factor that a second colleague still has to confirm."""
    room, head = rows.cast.classes["3b"], rows.cast.staff["head"]
    for number in range(MORE):
        post = Post(role="TEACHER", starts_on=rows.cast.year.starts_on, school=room.school, school_class=room)
        row = appoint(
            email=f"collega{number}@meer.example", name=f"Collega {number}", language="nl", post=post, by=head
        )
        ask_factor_reset(user=row.user, by=head)


def add_schools(rows: Rows) -> None:
    """Schools of the same centre, in which nobody works yet."""
    centre = rows.cast.schools["kersenboom"].clb
    for number in range(MORE):
        School.objects.create(name=f"School {number}", institution_number=f"8881{number:02}", network="VGO", clb=centre)


def add_many(rows: Rows) -> None:
    add_colleagues(rows)
    add_schools(rows)
    add_families(rows, MORE)
    for _number in range(MORE):
        add_talk(rows, rows.cast.families["haddad"], rows.cast.pupils["yusuf"], rows.cast.guardians["separated_father"])
    for _number in range(4):
        publish_notice(notice=write_notice(rows.cast), by=rows.cast.staff["teacher_3b"])
    for number in range(MORE):
        pair_up(rows, number)
    more_meetings(rows)
    more_gatherings(rows)
    more_measurements(rows)
    for _number in range(3):
        bring_list(rows.cast)
    more_targets(rows)
    more_means(rows)
    more_scans(rows)
    more_profiles(rows)
    more_plans(rows)
    more_notes(rows)
    more_breaches(rows)
