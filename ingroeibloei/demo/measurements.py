"""What parents and teams said: the baseline of autumn in every pilot school, and De Kersenboom that asks again now. In
the first weeks of a year no baseline is closed yet: then De Kersenboom asks for the first time."""

from __future__ import annotations

from datetime import timedelta

from ingroeibloei.demo.world import World, write
from messaging.models import Notice
from messaging.models.templates import MEASUREMENT
from reports.measuring import invited
from reports.models import FreeAnswer, MeasurementBox, MeasurementInvitee, MeasurementWave
from schools.models import School, SchoolClass

#: Statements to parents (I25) and to teams (I26), with the share of each face from no to yes.
PARENTS = {
    "welcome": (2, 6, 20, 44, 28),
    "understand": (8, 19, 30, 31, 12),
    "whom_to_ask": (10, 22, 28, 28, 12),
    "taken_seriously": (4, 10, 31, 38, 17),
    "how_my_child_does": (6, 16, 31, 33, 14),
}
TEAM = {
    "dare_contact": (9, 27, 31, 24, 9),
    "book_interpreter": (25, 33, 21, 15, 6),
    "plain_notices": (7, 24, 36, 25, 8),
    "know_families": (12, 25, 32, 23, 8),
    "backed": (6, 18, 30, 32, 14),
}
#: A year later the faces are a little brighter.
BETTER = {key: (max(one - 2, 1), max(two - 4, 2), three, four + 3, five + 4) for key, (one, two, three, four, five) in {
    **PARENTS, **TEAM,
}.items()}  # fmt: skip
#: How many of those asked answered, and the ways in which parents' forms came: own, at the gate, on paper.
SHARES = {MeasurementWave.Audience.PARENTS: 0.46, MeasurementWave.Audience.TEAM: 0.85}
WAYS = (0.7, 0.18, 0.12)
#: Of those asked now, how many have answered so far.
SO_FAR = {MeasurementWave.Audience.PARENTS: 0.27, MeasurementWave.Audience.TEAM: 0.5}
#: Days of the school year on which the baseline opens, and on which it is answered for the last time.
OPENED, CLOSED = timedelta(days=13), timedelta(days=38)
#: School days since De Kersenboom asked: too few for a reminder.
ASKED_AGO = 4
#: What parents wrote at the baseline, with what the joint worker made of it; empty: withheld.
WRITTEN = (
    ("Juf is heel lief. Maar de brieven zijn moeilijk.", "De juf is lief. De brieven zijn moeilijk."),
    ("لا أعرف مع من أتكلم عندما يكون طفلي مريضاً.", "Ik weet niet met wie ik praat als mijn kind ziek is."),
    ("Ik durf niet binnenkomen aan de poort.", "Ik durf niet binnenkomen aan de poort."),
    ("De papa van Emma roept altijd.", ""),
)
NOW_WRITTEN = ("ਹੁਣ ਸੁਨੇਹੇ ਸਾਡੀ ਭਾਸ਼ਾ ਵਿੱਚ ਆਉਂਦੇ ਹਨ, ਧੰਨਵਾਦ।", "Meer koffiemomenten graag!")


def build(world: World) -> None:
    school, kind = world.schools["kersenboom"], MeasurementWave.Kind.BASELINE
    if world.year.starts_on + CLOSED < world.today:
        write(MeasurementWave, [row for one in world.schools.values() for row in _baselines(world, one)])
        _review(world, MeasurementWave.objects.get(school=school, audience=MeasurementWave.Audience.PARENTS))
        kind = MeasurementWave.Kind.END
    for audience in MeasurementWave.Audience:
        _ask_now(world, school, kind, audience)


def _baselines(world: World, school: School) -> list[MeasurementWave]:
    homes = sum(home.seats[0].school == school for home in world.homes)
    rows = []
    for audience, questions, asked in (
        (MeasurementWave.Audience.PARENTS, PARENTS, homes),
        (MeasurementWave.Audience.TEAM, TEAM, len(_classes(world, school)) + 3),
    ):
        forms = round(asked * SHARES[audience])
        rows.append(
            MeasurementWave(
                project=world.project,
                school=school,
                kind=MeasurementWave.Kind.BASELINE,
                audience=audience,
                opens_on=world.year.starts_on + OPENED,
                closes_on=world.year.starts_on + CLOSED,
                invited=asked,
                counts={key: _votes(world, shares, forms) for key, shares in questions.items()},
                forms=_ways(audience, forms),
                rounds_sent=3,
            )
        )
    return rows


def _review(world: World, wave: MeasurementWave) -> None:
    """The joint worker has read all but one of what parents wrote."""
    rows = [
        FreeAnswer(
            id=world.uuid(),
            wave=wave,
            original=original,
            words=words,
            state=FreeAnswer.State.RELEASED if words else FreeAnswer.State.WITHHELD,
            reviewed_by=world.cast["gezamenlijke"],
        )
        for original, words in WRITTEN
    ]
    rows.append(FreeAnswer(id=world.uuid(), wave=wave, original="Dank u voor de tolk."))
    write(FreeAnswer, rows)


def _ask_now(world: World, school: School, kind: str, audience: str) -> None:
    days = world.days[school.pk].days
    notice = None
    if audience == MeasurementWave.Audience.PARENTS:
        notice = next((row for row in world.notices if row.template and row.template.slug == MEASUREMENT), None)
    opens = days[-1 - ASKED_AGO] if len(days) > ASKED_AGO else world.year.starts_on
    wave = MeasurementWave.objects.create(
        project=world.project,
        school=school,
        kind=kind,
        audience=audience,
        opens_on=opens,
        closes_on=max(opens, world.today) + timedelta(days=12),
        invited=0,
        notice=Notice.objects.get(pk=notice.pk) if notice else None,
        rounds_sent=1,
        last_round_on=opens,
    )
    people = invited.team_of(school) if wave.is_for_team else invited.parents_of(school)
    ids = list(people.order_by("pk").values_list("pk", flat=True))
    world.rng.shuffle(ids)
    column = "user_id" if wave.is_for_team else "guardian_id"
    waiting = {world.cast["leerkracht"].pk, world.home("moeder").contact.pk}
    rows = [
        MeasurementInvitee(
            id=world.uuid(),
            wave=wave,
            **{column: pk},
            has_answered=world.chance(SO_FAR[MeasurementWave.Audience(audience)]) and pk not in waiting,
        )
        for pk in ids
    ]
    write(MeasurementInvitee, rows)
    own = sum(row.has_answered for row in rows)
    gate = 0 if wave.is_for_team else 9
    questions = TEAM if wave.is_for_team else PARENTS
    MeasurementBox.objects.create(
        wave=wave,
        counts={key: _votes(world, BETTER[key], own + gate) for key in questions},
        forms={"own": own, "gate": gate} if gate else {"own": own},
        texts=[] if wave.is_for_team else list(NOW_WRITTEN),
    )
    wave.invited = len(rows)
    wave.save(update_fields=["invited"])


def _ways(audience: str, forms: int) -> dict[str, int]:
    if audience == MeasurementWave.Audience.TEAM:
        return {"own": forms}
    gate, paper = (round(forms * share) for share in WAYS[1:])
    return {"own": forms - gate - paper, "gate": gate, "paper": paper}


def _classes(world: World, school: School) -> list[SchoolClass]:
    return [row for rows in world.classes.values() for row in rows if row.school == school]


def _votes(world: World, shares: tuple[int, ...], voters: int) -> list[int]:
    counts = [0] * len(shares)
    for place in world.rng.choices(range(len(shares)), shares, k=voters):
        counts[place] += 1
    return counts
