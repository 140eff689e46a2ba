"""A notice as a whole: what it does not say, and how much it asks."""

from __future__ import annotations

import json

import pytest

from messaging.content import FILE
from messaging.models.texts import SLOTS
from messaging.plain_dutch import MISSING, Facts, Kind, report

LIBRARY = json.loads(FILE.read_text(encoding="utf-8"))["templates"]


def missing(text: str, **facts: object) -> set[str]:
    return {str(found.kind) for found in report(text, Facts(**facts)).findings if found.is_missing}  # type: ignore[arg-type]


def asked(text: str) -> list[str]:
    return [found.words for found in report(text, Facts()).findings if found.kind == Kind.REQUESTS]


def test_an_outing_that_says_nothing_misses_everything() -> None:
    words = "Wij gaan op uitstap met een voorstelling."
    assert missing(words, asks=True, can_answer=True) == {"day", "hour", "place", "cost", "bring", "deadline"}
    assert missing("De klas gaat weg.", asks=True) == {"day", "answer"}


def test_what_is_said_in_the_text_is_not_missing() -> None:
    words = (
        "Wij gaan op uitstap met een voorstelling op maandag 3 mei om 8.30 uur in het museum. Het kost € 5. "
        "Neem een boterham mee. Geef uw antwoord ten laatste op vrijdag."
    )
    assert missing(words, asks=True, can_answer=True) == set()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("day", ["morgen", "op 3 mei", "12/05", "12.05.2027", "volgende week", "op zondag"]),
        ("hour", ["om 8u30", "om 8u", "om 15 uur", "van 9.00 tot 10.00", "de hele dag", "na school"]),
        (
            "place",
            ["in de refter", "in lokaal 3B", "Kerkstraat 12", "bij u thuis", "Waar: hier", "in de zaal"],
        ),
        ("cost", ["het is gratis", "€ 5", "vijf euro", "kost niets"]),
        ("bring", ["breng een jas mee", "neem fruit mee", "niets mee te nemen nodig", "in de zwemtas"]),
    ],
)
def test_every_way_to_say_it_counts(kind: str, said: list[str]) -> None:
    base = "De uitstap met voorstelling"
    assert kind in missing(f"{base} komt.")
    assert [words for words in said if kind in missing(f"{base} is {words}.")] == []


def test_what_slots_and_variables_know_is_not_missing() -> None:
    trip = "Klas 3B gaat op uitstap."
    assert missing(trip, category="trip") == {"day", "hour", "place", "cost", "bring"}
    assert missing(trip, category="trip", variables=["date", "time", "amount"]) == {"place", "bring"}
    known, told = ["date", "time", "amount"], {"where": "Het bos", "bring": "Een jas"}
    assert missing(trip, category="trip", variables=known, slots=told) == set()

    assert missing(trip, category="school_life", variables=["date"]) == set()
    assert missing(trip, category="money", variables=["deadline", "amount"], asks=True, can_answer=True) == set()


def test_what_is_missing_has_no_place_and_a_sentence_to_act_on() -> None:
    found = [row for row in report("Uitstap!", Facts(asks=True, can_answer=True)).findings if row.is_missing]
    assert {row.kind for row in found} == MISSING - {Kind.ANSWER, Kind.HOUR, Kind.PLACE}
    assert all((row.start, row.end, row.words) == (0, 0, "") for row in found)
    assert len({row.advice for row in found}) == len(found)


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Breng een jas mee. Vul de brief in.", ["Vul de brief in."]),
        ("Gelieve het geld mee te geven. Teken ook de agenda.", ["Teken ook de agenda."]),
        ("U moet de brief tekenen. Uw kind moet een jas dragen.", ["Uw kind moet een jas dragen."]),
        ("Wilt u een taart bakken? Breng ook een stoel mee.\nBetaal € 5.", ["Betaal € 5."]),
        ("Doe dit:\n- Teken de brief.\n- Betaal € 5.", ["Teken de brief."]),
        ("Breng een jas mee.", []),
        ("Breng een jas mee. Hebt u geen jas? Zeg het aan de juf. Wij helpen u.", []),
        ("Kunt u komen? Geef een antwoord of bel ons.\nBreng een jas mee.", ["Breng een jas mee."]),
        ("Kom koffie drinken. Laat ons weten of u komt.", []),
        ("Als u een vraag hebt, bel ons.\nBetaal € 5.", []),
        ("Breng een jas mee. Spreek gerust uw eigen taal.", []),
        ("Wij gaan zwemmen. U bent welkom.", []),
    ],
)
def test_more_than_one_request(text: str, second: list[str]) -> None:
    assert asked(text) == second


def test_a_long_notice_is_told_to_be_shorter() -> None:
    text = "Wij gaan morgen met de klas zwemmen. " * 22
    [found] = [row for row in report(text, Facts()).findings if row.kind == Kind.LENGTH]
    assert found.count == 154
    assert "154" in found.advice


@pytest.mark.parametrize("template", LIBRARY, ids=lambda template: template["slug"])
def test_the_library_is_plain_itself(template: dict[str, object]) -> None:
    """No passive, no long sentence, one request: what our own templates show to those who write."""
    dutch = template["texts"]["nl"]  # type: ignore[index]
    facts = Facts(
        category=str(template["category"]),
        slots={slot: dutch[slot] for slot in SLOTS},
        variables=template["variables"],  # type: ignore[arg-type]
    )
    found = {row.kind for row in report(f"{dutch['title']}\n{dutch['body']}", facts).findings}
    assert not found & {Kind.SENTENCE, Kind.PASSIVE, Kind.REQUESTS, Kind.LENGTH, Kind.ADDRESS, Kind.ABBREVIATION}
