"""Texts that a native speaker has read, and a welcome page of which a school changed the Dutch."""

from __future__ import annotations

from datetime import timedelta

from ingroeibloei.demo.world import World, moment_of
from schools.models import Term, Wording, WordingState
from schools.services import save_wording
from schools.texts import Standing, kind_of
from schools.texts.standing import standing_of

#: Templates and growth phrases that the translator of the cast has read, in her language.
READ_TEMPLATES = ("parent-meeting-invitation", "coffee-morning", "swimming-bag")
READ_WORDS = 4
LANGUAGE = "pa"
#: The school that says more in Dutch than its translations do yet.
GREETER = "wijngaard"


def build(world: World) -> None:
    words = Term.objects.filter(group="growth_phrases")[:READ_WORDS]
    _read(world, "sjabloon", [world.templates[slug].pk for slug in READ_TEMPLATES])
    _read(world, "woord", [row.pk for row in words])
    for slug in READ_TEMPLATES:
        template = world.templates[slug]
        template.reviewed_languages = [LANGUAGE]
        template.save(update_fields=["reviewed_languages"])
    _greet(world)


def _read(world: World, code: str, numbers: list[int]) -> None:
    translator = world.cast["vertaler"]
    moment = moment_of(world.year.starts_on + timedelta(days=2), 14)
    Wording.objects.bulk_create(
        Wording(
            kind=code,
            row_id=number,
            language=LANGUAGE,
            state=WordingState.REVIEWED,
            source_hash=text.master.version,
            words_hash=text.languages[LANGUAGE].version,
            reviewer=translator.full_name,
            reviewed_by=translator,
            reviewed_at=moment,
        )
        for number in numbers
        for text in [_standing(code, number)]
    )


def _greet(world: World) -> None:
    school = world.schools[GREETER]
    text = _standing("welkom", school.pk)
    more = "Elke vrijdag is er koffie aan de poort, vanaf 8.15 uur. Kom gerust binnen."
    save_wording(
        kind=text.kind,
        pk=school.pk,
        language="nl",
        words=text.master.words | {"about": f"{text.master.words['about']}\n{more}"},
        seen=text.master.version,
        by=world.heads[school.pk],
    )


def _standing(code: str, number: int) -> Standing:
    kind = kind_of(code)
    if kind is None:
        raise LookupError(code)
    return standing_of(kind, kind.rows().get(pk=number))
