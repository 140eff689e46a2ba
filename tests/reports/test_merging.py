"""Two texts made of one: whatever two people do to it, no word of either disappears without a word."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.evaluation.differences import IN, OUT, differences, of_one
from reports.evaluation.merging import Conflict, merge, pieces_of, words_of

BASE = "Eerste zin. Tweede zin. Derde zin.\n\nNog een alinea."

_SENTENCES = st.lists(
    st.sampled_from(["De ouders kwamen.", "Het was druk!", "{{ I01 }} van 40.", "- een punt", "## Kop", "nee", "61 %"]),
    max_size=6,
)
_GAPS = st.lists(st.sampled_from([" ", "\n", "\n\n", "  "]), min_size=6, max_size=6)
TEXTS = st.one_of(
    st.builds(lambda told, gaps: "".join(a + b for a, b in zip(told, gaps, strict=False)), _SENTENCES, _GAPS),
    st.text(alphabet="ab .!\n", max_size=24),
    st.text(alphabet="aÉ€中؟ \t\r\u00a0\u200f.\n", max_size=12),
)


def written_by(one: str, base: str) -> Counter[str]:
    """Words that somebody added."""
    return Counter(words_of(one)) - Counter(words_of(base))


@settings(max_examples=250)
@given(TEXTS, TEXTS, TEXTS)
@example("a", "", "b")
@example("", "a", "b")
@example("Zin.", "Zin een.", "Zin twee.")
def test_no_word_that_either_wrote_disappears(base: str, theirs: str, mine: str) -> None:
    found = Counter(words_of(merge(base, theirs, mine).text))
    assert written_by(theirs, base) <= found
    assert written_by(mine, base) <= found


@settings(max_examples=80)
@given(TEXTS, TEXTS, TEXTS)
def test_a_place_that_both_changed_is_named_with_both_texts_in_it(base: str, theirs: str, mine: str) -> None:
    merged = merge(base, theirs, mine)
    for conflict in merged.conflicts:
        assert conflict.theirs in theirs
        assert conflict.mine in mine
        assert conflict.theirs in merged.text
        assert conflict.mine in merged.text


@settings(max_examples=80)
@given(TEXTS, TEXTS)
def test_where_one_did_nothing_the_other_stands_as_it_was_written(base: str, text: str) -> None:
    assert merge(base, text, base).text == merge(base, base, text).text == text
    assert merge(base, text, text).text == text
    assert not merge(base, text, text).conflicts


@settings(max_examples=80)
@given(TEXTS, TEXTS)
def test_without_the_text_before_all_of_both_stays(theirs: str, mine: str) -> None:
    found = Counter(words_of(merge(None, theirs, mine).text))
    assert Counter(words_of(theirs)) <= found
    assert Counter(words_of(mine)) <= found


@settings(max_examples=80)
@given(TEXTS)
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(pieces_of(text)) == text


@settings(max_examples=80)
@given(TEXTS, TEXTS)
def test_a_difference_tells_both_texts(before: str, after: str) -> None:
    parts = differences(before, after)
    assert "".join(part.text for part in of_one(parts, OUT)) == before
    assert "".join(part.text for part in of_one(parts, IN)) == after


@pytest.mark.parametrize(
    ("theirs", "mine", "together"),
    [
        ("Eerste zin!", "en meer", "Eerste zin! Tweede zin. Derde zin.\n\nNog een alinea en meer."),
        ("Eerste zin anders.", "Tweede", "Eerste zin anders. Een tweede zin. Derde zin.\n\nNog een alinea."),
    ],
)
def test_what_they_changed_apart_stands_together(theirs: str, mine: str, together: str) -> None:
    of_them = BASE.replace("Eerste zin.", theirs)
    of_me = BASE.replace("alinea", "alinea en meer") if mine == "en meer" else BASE.replace("Tweede", "Een tweede")
    merged = merge(BASE, of_them, of_me)
    assert (merged.text, merged.conflicts) == (together, ())


def test_what_both_added_at_the_end_stands_one_after_the_other() -> None:
    merged = merge(BASE, f"{BASE}\n\nVan haar.", f"{BASE}\n\nVan mij.")
    assert merged.text == f"{BASE}\n\nVan haar.\n\nVan mij."
    assert merged.conflicts == ()


def test_a_sentence_that_both_changed_is_a_place_to_choose() -> None:
    merged = merge(BASE, BASE.replace("Tweede", "Andere"), BASE.replace("Tweede zin", "Tweede, langere zin"))
    assert merged.conflicts == (Conflict("Andere zin.", "Tweede, langere zin."),)
    assert "Eerste zin. Andere zin. Tweede, langere zin. Derde zin." in merged.text


def test_who_takes_out_what_the_other_mends_is_asked() -> None:
    merged = merge(BASE, BASE.replace("Tweede zin. ", ""), BASE.replace("Tweede", "Een tweede"))
    assert merged.conflicts == (Conflict("", "Een tweede zin."),)
    assert "Een tweede zin." in merged.text


def test_an_answer_that_was_lost_on_the_way_doubles_nothing() -> None:
    merged = merge(BASE, f"{BASE}\n\nIk typ", f"{BASE}\n\nIk typ nog verder.")
    assert (merged.text, merged.conflicts) == (f"{BASE}\n\nIk typ nog verder.", ())


def test_a_word_taken_out_is_not_put_back_silently() -> None:
    base = "Het is niet goed."
    assert merge(base, "Het is goed.", "Het is niet goed, zeg ik.").conflicts


def test_a_long_chapter_is_brought_together_at_once() -> None:
    text = "\n\n".join(f"Alinea {number}. Nog een zin. En nog een zin hier." for number in range(900))
    merged = merge(text, text.replace("Alinea 5.", "Alinea vijf."), text.replace("Alinea 800.", "Nieuw."))
    assert "Alinea vijf." in merged.text
    assert "Nieuw." in merged.text
    assert merged.conflicts == ()
