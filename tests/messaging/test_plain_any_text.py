"""Whatever somebody types: no crash, places inside the text, and a replacement touches nothing else."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.plain_dutch import Facts, Replacement, as_typed, findings, read_replacement, report
from messaging.plain_dutch.lists import entries, verbs
from messaging.plain_dutch.words import sentences_of, tokens_of

#: A loaded machine is no fault of the text.
calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = [
    *(entry.word for entry in entries()),
    *sorted(verbs("worden") | verbs("zijn") | verbs("done_to")),
    *("uitgenodigd", "8.30 uur", "8u30", "12/02/2027", "{child}", "€ 5", "info@school.example", "J.", "„Kom!”"),
]
MARKS = [*"   .?!,…’A😀()", ". ", "? ", "!\n", ",\r\n", "\n- ", "\n1. ", "\u2028", "\u0308", "\ud800", " u ", " je "]
dutch_like = st.lists(st.sampled_from([*PIECES, *MARKS * 12]), max_size=60).map("".join)
any_text = st.one_of(st.text(max_size=200), dutch_like)


@calmly
@given(any_text)
def test_places_are_inside_the_text_and_hold_the_words(text: str) -> None:
    for found in report(text, Facts(asks=True, can_answer=True)).findings:
        assert 0 <= found.start <= found.end <= len(text)
        assert text[found.start : found.end] == found.words
        assert bool(found.words) != found.is_missing
        assert found.advice


@calmly
@given(any_text)
def test_sentences_and_words_stand_in_order_and_none_is_lost(text: str) -> None:
    rows = sentences_of(text)
    ends = [0, *(row.end for row in rows)]
    assert all(end <= row.start < row.end <= len(text) for end, row in zip(ends, rows, strict=False))
    inside = [token for row in rows for token in row.tokens]
    assert all(row.start <= token.start < token.end <= row.end for row in rows for token in row.tokens)
    every = {(token.start, token.end) for token in tokens_of(text)}
    lost = every - {(token.start, token.end) for token in inside}
    assert all(len(text[start:end]) <= 2 or text[start:end].isdigit() for start, end in lost), "list marks alone"


@calmly
@given(any_text)
def test_a_replacement_touches_no_other_character_and_can_be_undone(text: str) -> None:
    text = as_typed(text)
    for found in findings(text):
        for other in found.instead:
            wanted = Replacement("text", found.start, found.words, other)
            changed = wanted.applied(text)
            assert changed is not None
            assert changed[: found.start] == text[: found.start]
            assert changed[found.start + len(other) :] == text[found.end :]
            assert wanted.undone.applied(changed) == text


@calmly
@given(any_text, st.integers(-5, 500), any_text, any_text)
def test_a_button_says_the_same_when_it_comes_back(name: str, start: int, words: str, to: str) -> None:
    wanted = Replacement(name[:50], start, words[:50], to[:50])
    assert read_replacement(wanted.value) in (wanted, None)


@calmly
@given(any_text)
def test_what_no_button_says_is_no_replacement(value: str) -> None:
    found = read_replacement(value)
    assert found is None or found.value


@calmly
@given(any_text, any_text)
def test_a_replacement_for_other_words_changes_nothing(text: str, words: str) -> None:
    wanted = Replacement("text", 3, words, "x")
    assert wanted.applied(text) is None or text[3 : 3 + len(words)] == words
