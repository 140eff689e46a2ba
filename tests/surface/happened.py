"""What happened in the town before anybody opens a page: one row of each kind that routes lead to."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from parents.models import (
    Absence,
    ConferenceHost,
    ContactPoint,
    Family,
    FamilyMatch,
    FamilyMerge,
    FollowUp,
    Gathering,
    GrowthNote,
    MergedChild,
    ReadingAlert,
    ReadingMode,
)
from parents.roster.carrying import carry_on
from parents.samefamily.moving import move
from parents.services import ask_to_change_contact
from parents.services.booking import Wish
from parents.services.growth import share_growth
from parents.signin import Reachable
from schools import clock
from schools.models import Assignment, Partner, PostDecision, Role, Rollover, RosterUpload, SchoolClass
from schools.postreview import year_to_decide
from schools.roster.uploads import bring_in
from schools.services import lay_school_year
from schools.services.postreview import Decision, decide_posts
from tests.cast import Cast, make_account
from tests.parents.conferences import book, hours_of, round_of, slot_of
from tests.parents.gatherings import gathering_of, held, library, signed
from tests.roster.lists import ROWS, file_of


def away(cast: Cast, pupil: str, days: int = 0) -> Absence:
    day = clock.today() + timedelta(days=days)
    return Absence.objects.create(
        pupil=cast.pupils[pupil],
        school=cast.schools["kersenboom"],
        starts_on=day,
        ends_on=day,
        reported_by=cast.guardians["separated_mother"],
        reported_at=clock.now(),
    )


def told(cast: Cast) -> GrowthNote:
    return share_growth(
        client_id=uuid4(),
        pupil=cast.pupils["yusuf"],
        school=cast.schools["kersenboom"],
        by=cast.staff["teacher_3b"],
        phrases=["READS_BETTER"],
        sentence="Hij las zijn eerste boek voor.",
    )


def receives(cast: Cast) -> ConferenceHost:
    """A round of 3B, in which the father of Yusuf has the first time."""
    made = round_of(cast)
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father", Wish("SCHOOL", "ar", "القراءة"))
    return made.hosts.get()


def brings_together(cast: Cast) -> Gathering:
    made = gathering_of(cast, places=9, partner=Partner.objects.get())
    signed(cast, made, "separated_father", 1, 1, interpreter="ar")
    return made


def has_read(cast: Cast) -> Gathering:
    made = library(cast)
    signed(cast, made, "separated_father")
    return held(made)


def alike(cast: Cast) -> FamilyMatch:
    """Two families of De Kersenboom that may be one."""
    first, second = sorted((cast.families["haddad"], cast.families["peeters"]), key=lambda family: family.pk)
    return FamilyMatch.objects.create(first=first, second=second, score=50, facts=["PHONE:0"], found_at=clock.now())


def joined(cast: Cast) -> FamilyMerge:
    """A family that was joined with the Peeters this week."""
    other, kept = Family.objects.create(), cast.families["peeters"]
    merge = FamilyMerge.objects.create(
        kept=kept, joined=other, moved=move(other, kept), at=clock.now(), by=cast.staff["joint"]
    )
    for family, pupil in ((kept, "emma"), (other, "simran")):
        MergedChild.objects.create(merge=merge, family=family, pupil=cast.pupils[pupil])
    return merge


def went_on(cast: Cast) -> Rollover:
    """A change of school year so long ago that it stays: whoever may, reads that a week is over."""
    return Rollover.objects.create(
        school=cast.schools["kersenboom"],
        from_year=cast.year,
        to_year=lay_school_year(cast.year.starts_on.year + 1, with_holidays=False),
        made_at=clock.now() - timedelta(days=30),
        made_by=cast.staff["head"],
    )


def goes_on(cast: Cast) -> PostDecision:
    """The teacher of 3B does so next year too."""
    year, post = year_to_decide(), cast.staff["teacher_3b"].assignments.get()
    assert year is not None
    room = SchoolClass.objects.create(school=cast.schools["kersenboom"], year=year, name="3B", level="L3")
    decision = Decision(post=post, kind=PostDecision.Kind.KEPT, school_class=room, until=year.last_day)
    decide_posts(decisions=[decision], year=year, by=cast.staff["head"])
    return PostDecision.objects.get(post=post)


def bring_list(cast: Cast) -> RosterUpload:
    """A list of De Kersenboom that was read and waits to be looked at; one of its rows is not right."""
    content = file_of(*ROWS, "104;Mila;Maes;03/06/2020;1A;Godelieve;Maes;geen;geen;")
    upload = bring_in(
        school=cast.schools["kersenboom"], by=cast.staff["office"], name="leerlingen.csv", content=content
    )
    carry_on()
    upload.refresh_from_db()
    return upload


def read_at_night(cast: Cast) -> ReadingAlert:
    """By the teacher of 3B, for the head."""
    now = clock.now()
    return ReadingAlert.objects.create(
        person=cast.staff["teacher_3b"],
        school=cast.schools["kersenboom"],
        kind="NIGHT",
        day=clock.today(),
        first_at=now,
        last_at=now,
        number=2,
        raised_at=now,
    )


def make_translator(cast: Cast, *languages: str) -> Assignment:
    """One of De Kersenboom's own, of Turkish where nothing is said."""
    user = make_account("own_translator@cast.example", "Yıldız Kaya")
    school, start = cast.schools["kersenboom"], cast.year.starts_on
    return Assignment.objects.create(
        user=user, role=Role.TRANSLATOR, school=school, languages=list(languages or ["tr"]), starts_on=start
    )


def ask_for_another_number(cast: Cast) -> FollowUp:
    """The father of 3B's Yusuf, who has one school."""
    wish = ask_to_change_contact(
        guardian=cast.guardians["separated_father"],
        children=[cast.pupils["yusuf"]],
        contact=Reachable("PHONE", "+32470000009"),
    )
    return wish.follow_ups.get()


def make_reachable_on_paper_and_by_voice(cast: Cast) -> None:
    """The grandfather does not read; the separated mother has lost her addresses."""
    grandfather = cast.guardians["grandfather"]
    grandfather.reading_mode = ReadingMode.ORAL_ONLY
    grandfather.save(update_fields=["reading_mode"])
    ContactPoint.objects.filter(guardians=cast.guardians["separated_mother"]).update(valid_until=clock.today())
