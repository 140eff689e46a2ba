"""Two things that went wrong with data: one is settled and closed, of the other the clock runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from ingroeibloei.demo.world import World, moment_of, write
from reports.models import BreachLine, BreachReminder, DataBreach, DataKind, Risk
from reports.models.breaches import TIME_TO_TELL

Step = BreachLine.Step


def build(world: World) -> None:
    head, teacher = world.cast["directie"], world.cast["leerkracht"]
    school = world.schools["kersenboom"]
    long_ago = world.today - timedelta(days=61)
    old = moment_of(long_ago - timedelta(days=long_ago.weekday()), 8, 20)
    told = old + timedelta(hours=26)
    described: dict[str, Any] = {
        "consequences": "Ouders van de klas kennen de gsm-nummers van elkaar. Twee ouders willen dat niet.",
        "measures": "Mail teruggeroepen, ouders gevraagd ze te wissen. Klaslijsten gaan niet meer per mail.",
    }
    judged = {"risk": Risk.SOME.value, "risk_because": "Bij één gezin in de klas is een adres vertrouwelijk."}
    authority = {"authority_reference": "VTC-2027-0412"}
    people = {"people_told_how": "Brief en telefoon: wat er fout liep, en wat de school doet."}
    closed = DataBreach(
        school=school,
        reported_at=old + timedelta(minutes=35),
        reported_by=teacher,
        what="Een klaslijst met nummers is gemaild naar alle ouders van de klas in plaats van naar het team.",
        happened_on=old.date(),
        known_at=old,
        due_at=old + TIME_TO_TELL,
        kinds=[DataKind.NAMES.value, DataKind.REACHABLE.value],
        people=44,
        **described,
        **judged,
        **authority,
        **people,
        authority_told_at=told,
        people_told_on=told.date(),
        closed_at=old + timedelta(days=12),
        client_id=uuid5(NAMESPACE_OID, "breach closed"),
    )
    known = moment_of(world.today - timedelta(days=2), 9, 5)
    running = DataBreach(
        school=school,
        reported_at=known + timedelta(minutes=10),
        reported_by=teacher,
        what="Een tablet van de school is gisteren in de bus blijven liggen. Hij was nog aangemeld.",
        happened_on=known.date() - timedelta(days=1),
        known_at=known,
        due_at=known + TIME_TO_TELL,
        kinds=[DataKind.ACCESS.value],
        client_id=uuid5(NAMESPACE_OID, "breach running"),
    )
    write(DataBreach, [closed, running])
    write(
        BreachLine,
        [
            BreachLine(
                breach=closed, at=closed.reported_at, by=teacher, step=Step.REPORTED, said={"what": closed.what}
            ),
            BreachLine(breach=closed, at=old + timedelta(hours=3), by=head, step=Step.DESCRIBED, said=described),
            BreachLine(breach=closed, at=old + timedelta(hours=3), by=head, step=Step.JUDGED, said=judged),
            BreachLine(breach=closed, at=told, by=head, step=Step.AUTHORITY, said=authority),
            BreachLine(breach=closed, at=told, by=head, step=Step.PEOPLE, said=people),
            BreachLine(breach=closed, at=old + timedelta(days=12), by=head, step=Step.CLOSED),
            BreachLine(
                breach=running, at=running.reported_at, by=teacher, step=Step.REPORTED, said={"what": running.what}
            ),
        ],
    )
    reminded = {hours: running.due_at - timedelta(hours=hours) for hours in (72, 48, 24)}
    write(
        BreachReminder,
        [
            BreachReminder(breach=running, person=head, hours_left=hours, held_until=at, sent_at=at)
            for hours, at in reminded.items()
        ],
    )
