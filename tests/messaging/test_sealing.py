"""What leaves for a machine or a translator names nobody, and nothing of it is lost."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from messaging import formats
from messaging.sealing import CHILD, PARTICLES, LostMarkError, Seal

NAME = st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo"], max_codepoint=0xFFF), min_size=2, max_size=10)
FULL = st.lists(NAME, min_size=1, max_size=3).map(" ".join)
WORDS = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), st.sampled_from("[]1234567890@.+ -")
    ),
    max_size=40,
)
#: Words, a name among them, as the text goes; then how it is opened.
PIECES = st.lists(st.one_of(WORDS, st.just(CHILD)), max_size=6)


def plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace(formats.ISOLATE, "").replace(formats.POP, "")


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(names=st.lists(FULL, min_size=1, max_size=4), pieces=PIECES, data=st.data())
def test_no_name_leaves_and_none_is_lost(names: list[str], pieces: list[str], data: st.DataObject) -> None:
    parts = [part for name in names for part in (name, *name.split())]
    said = data.draw(st.lists(st.sampled_from(parts), min_size=1, max_size=4))
    text = " ".join([word for pair in zip(pieces, said, strict=False) for word in pair] or said)
    seal = Seal(source="nl", target="nl", names=names)
    closed = seal.close(text)
    for part in parts:
        if part.casefold() not in PARTICLES:
            known = re.escape(unicodedata.normalize("NFC", part))
            assert not re.search(rf"(?<!\w){known}(?!\w)", closed)
    assert plain(seal.open(closed, closed)) == plain(text)


@settings(max_examples=200, deadline=None)
@given(closed=st.lists(st.integers(1, 5), min_size=1, max_size=5), found=st.lists(st.integers(1, 6), max_size=6))
def test_marks_that_are_not_the_same_are_refused(closed: list[int], found: list[int]) -> None:
    seal = Seal(source="nl", target="nl", names=["Aa", "Bb", "Cc", "Dd", "Ee"])
    seal.close("Aa Bb Cc Dd Ee")
    before, after = (" ".join(f"[{number}]" for number in numbers) for numbers in (closed, found))
    if sorted(closed) == sorted(found):
        assert "[" not in seal.open(after, before)
    else:
        with pytest.raises(LostMarkError):
            seal.open(after, before)


@settings(max_examples=100, deadline=None)
@given(local=st.from_regex(r"[a-z0-9.]{1,12}", fullmatch=True), digits=st.from_regex(r"[0-9]{8,14}", fullmatch=True))
def test_no_address_and_no_number_leaves(local: str, digits: str) -> None:
    assume(not local.startswith(".") and not local.endswith("."))
    seal = Seal(source="nl", target="nl")
    closed = seal.close(f"Mail {local}@thuis.example of bel {digits}.")
    assert "@" not in closed
    assert digits not in closed


def test_names_are_found_whatever_they_look_like() -> None:
    text = "An zegt: an yusuf's boek [3] en YUSUF'un annesi, bel 011/22.33.44."
    seal = Seal(source="nl", target="nl", names=["An Lemmens", "Yusuf Haddad", "Li"])
    closed = seal.close(text)
    assert "usuf" not in closed.lower()
    assert "33" not in closed
    assert closed.startswith("[1] zegt: an [2]'s")
    assert seal.open(closed, closed) == text


def test_a_name_typed_with_loose_accents_is_found() -> None:
    assert Seal(source="nl", target="nl", names=["Zoë Peeters"]).close("Zoe\u0308 komt") == "[1] komt"


def test_values_are_written_as_the_other_language_does() -> None:
    values = {"date": "2027-02-11", "time": "16:30", "amount": "12.5", "place": "lokaal 3B"}
    seal = Seal(source="nl", target="ar", values=values)
    closed = seal.close(
        "Op donderdag 11 februari 2027 om 16.30 in lokaal 3B: €\u00a012,50. Kom op donderdag 11 februari."
    )
    assert not re.search(r"februari|16|3B|12", closed)
    opened = seal.open(closed, closed)
    for words in ("الخميس 11 فبراير 2027", "16:30", "lokaal 3B", "€\u00a012,50"):
        assert f"\u2068{words}\u2069" in opened, words
    assert opened.endswith("الخميس 11 فبراير.")


def test_the_child_stays_a_place() -> None:
    seal = Seal(source="nl", target="ar", names=["Yusuf Haddad"])
    closed = seal.close("Over {child} en Yusuf")
    assert closed == "Over [1] en [2]"
    assert seal.open("[2] [1]", closed) == "\u2068Yusuf\u2069 {child}"


def test_a_particle_of_a_name_is_no_name() -> None:
    seal = Seal(source="nl", target="nl", names=["Jan van den Berg"])
    assert seal.close("van den Berg, de juf van Jan") == "van den [1], de juf van [2]"


def test_school_words_have_one_translation() -> None:
    seal = Seal(source="nl", target="fr", names=["Rapport Peeters"], terms={"oudercontact": "réunion"})
    closed = seal.close("Oudercontact en het oudercontact")
    assert seal.open(closed, closed) == "Réunion en het réunion"
