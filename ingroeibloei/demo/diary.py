"""What the joint worker noted through the year, to draw from when she writes the evaluation."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_OID, uuid5

from ingroeibloei.demo.world import World, write
from reports.models import DiaryNote
from schools import clock

#: Days after the start of the year, school, method, chapter, and what was noted. Nobody is named in it.
NOTES = (
    (12, "kersenboom", "warm-welcome", 9, "“Voor het eerst wist iemand aan de poort hoe ik heet”, zei een moeder."),
    (19, "bloesem", "good-news-call", 10, "Leerkrachten belden in de eerste week met goed nieuws. Twee wilden eerst "
     "niet, nu vragen ze zelf om de lijst."),
    (40, "kersenboom", "conference-interpreter", 10, "Zonder tolk op dinsdag bleven drie plaatsen leeg. Voortaan eerst "
     "de tolk vastleggen, dan pas de uren kiezen."),
    (75, "veldhof", "coffee-moment", 6, "Koffie op vrijdag na de bel: dertien ouders, van wie vijf voor het eerst."),
    (110, None, None, 4, "Stuurgroep: beide netten willen dezelfde kalender voor tolken."),
    (150, "bloesem", "library-visit", 9, "“Ik dacht dat je moest betalen”, zei een vader in de bibliotheek."),
    (205, "kersenboom", "plain-language-letter", 10, "Brieven in klare taal: minder vragen aan het secretariaat, zegt "
     "de directie. Nog niet geteld."),
)  # fmt: skip


def build(world: World) -> None:
    write(DiaryNote, [
        DiaryNote(
            project=world.project,
            day=day,
            text=text,
            chapter=chapter,
            method=world.methods[method] if method else None,
            school=world.schools[school] if school else None,
            written_by=world.cast["gezamenlijke"],
            written_at=datetime.combine(day, time(16), tzinfo=clock.BRUSSELS),
            client_id=uuid5(NAMESPACE_OID, f"diary {days}"),
        )
        for days, school, method, chapter, text in NOTES
        if (day := _working_day(world.year.starts_on + timedelta(days=days))) <= world.today
    ])  # fmt: skip


def _working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)
