"""The list of words that parents may not know, and what may stand in their place."""

from __future__ import annotations

import pytest

from messaging.plain_dutch import Finding, Kind, findings
from messaging.plain_dutch.lists import WORDS, content, entries
from messaging.plain_dutch.words import tokens_of

KINDS = {Kind.ABBREVIATION, Kind.SCHOOL, Kind.OFFICE}


def unknown(text: str) -> list[Finding]:
    return [found for found in findings(text) if found.kind in KINDS]


def put_in(text: str, choice: int = 0) -> str:
    """The text with every first suggestion put in, the last one first."""
    for found in reversed(unknown(text)):
        if found.instead:
            text = text[: found.start] + found.instead[choice] + text[found.end :]
    return text


def test_the_list_is_long_enough_and_each_word_has_everyday_ones() -> None:
    rows = content(WORDS)["entries"]
    with_words = [row for row in rows if row["instead"]]
    assert len(with_words) >= 80
    assert all(row["instead"] or row.get("example") for row in rows)
    assert {row["kind"] for row in rows} == {str(kind) for kind in KINDS}


def test_no_word_stands_in_it_twice() -> None:
    words = [entry.word for entry in entries()]
    assert len(words) == len(set(words))


def test_every_word_is_found_where_it_stands() -> None:
    for word in (entry.word for entry in entries()):
        found = [(finding.words, finding.start) for finding in unknown(f"Dit is {word} hier")]
        assert found == [(word, len("Dit is "))]


def test_what_is_put_in_is_no_such_word_itself() -> None:
    for entry in entries():
        for instead in () if entry.explains else entry.instead:
            assert tokens_of(instead), entry.word
            assert not unknown(f"Dit is {instead} hier"), instead


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Wij praten m.b.t. het huiswerk.", "Wij praten over het huiswerk."),
        ("M.b.t. het huiswerk praten wij.", "Over het huiswerk praten wij."),
        ("Kom aub op tijd.", "Kom alstublieft op tijd."),
        ("Kom A.U.B. op tijd.", "Kom Alstublieft op tijd."),
        ("Breng water, fruit enz. Tot dan!", "Breng water, fruit en zo verder. Tot dan!"),
        ("Breng water, fruit enz.", "Breng water, fruit en zo verder."),
        ("Breng bv. water mee.", "Breng bijvoorbeeld water mee."),
        ("Het is van 1 t/m 5 mei.", "Het is van 1 tot en met 5 mei."),
        ("De Zorgcoördinator komt.", "De Zorgjuf komt."),
        ("Het MDO is om 9 uur.", "Het gesprek over uw kind is om 9 uur."),
        ("U ontvangt een factuur.", "U krijgt een rekening."),
        ("Met betrekking tot de uitstap bellen wij u.", "Over de uitstap bellen wij u."),
        ("Wij gaan naar de refter.", "Wij gaan naar de eetzaal."),
        ("Ga naar het CLB.", "Ga naar het CLB (gratis hulp voor kinderen en ouders)."),
    ],
)
def test_words_are_put_in_with_their_capital_and_dot(before: str, after: str) -> None:
    assert put_in(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "Ga naar het CLB (gratis hulp voor kinderen en ouders).",
        "Wij gaan met min of meer tien kinderen.",
        "Uw kind heeft lo en wo niet graag.",
        "Dit is het dierbare nummer.",
        "De directeur zit in de gang, vb is een voetbalclub.",
        "Mijn lln is geen woord.",
    ],
)
def test_the_same_letters_with_another_meaning_are_left_alone(text: str) -> None:
    assert [found.words for found in unknown(text)] in ([], ["lln"])


def test_the_longest_words_win() -> None:
    [found] = unknown("Er is een multidisciplinair overleg.")
    assert found.words == "multidisciplinair overleg"


def test_a_word_that_turns_the_sentence_shows_an_example_and_puts_nothing_in() -> None:
    [found] = unknown("Gelieve het strookje mee te geven.")
    assert found.instead == ()
    assert "Geef" in found.advice


def test_long_words_are_found_but_not_names_and_not_twice() -> None:
    found = findings("De verkeersveiligheidsdag is bij de Wijnegemsesteenweg. Het leerlingvolgsysteem ook.")
    assert [(row.kind, row.words) for row in found] == [
        (Kind.WORD, "verkeersveiligheidsdag"),
        (Kind.SCHOOL, "leerlingvolgsysteem"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("U komt om 9 uur. Je kind brengt water mee.", ["Je"]),
        ("Kom met jouw kind. Wij zien u graag.", ["jouw"]),
        ("Je komt om 9 uur met je kind.", []),
        ("U komt. De juf zegt: „Heb je honger?”", []),
    ],
)
def test_u_and_je_do_not_mix(text: str, words: list[str]) -> None:
    assert [found.words for found in findings(text) if found.kind == Kind.ADDRESS] == words
