"""A text message is counted as the gateway charges it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.segments import GSM_BASIC, GSM_EXTENSION, Segments, sms_segments

EMOJI = "😊"


def test_the_alphabets_have_the_size_of_the_standard():
    assert len(GSM_BASIC) == 127  # 128 places, one of which is the escape
    assert len(GSM_EXTENSION) == 10
    assert not GSM_BASIC & GSM_EXTENSION


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 1)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("a" * 306, Segments("GSM-7", 306, 2)),
        ("a" * 307, Segments("GSM-7", 307, 3)),
        ("é" * 160, Segments("GSM-7", 160, 1)),
        ("ê", Segments("UCS-2", 1, 1)),
        ("Kom je?\nJa", Segments("GSM-7", 10, 1)),
        ("я" * 70, Segments("UCS-2", 70, 1)),
        ("я" * 71, Segments("UCS-2", 71, 2)),
        ("ਅ" * 134, Segments("UCS-2", 134, 2)),
        ("ਅ" * 135, Segments("UCS-2", 135, 3)),
    ],
)
def test_the_limits_of_one_and_of_joined_messages(text, expected):
    assert sms_segments(text) == expected


@pytest.mark.parametrize("letter", sorted(GSM_EXTENSION))
def test_a_letter_of_the_extension_table_takes_two_places(letter):
    assert sms_segments(letter) == Segments("GSM-7", 2, 1)
    assert sms_segments(letter * 80).segments == 1
    assert sms_segments(letter * 81).segments == 2


def test_a_typographic_apostrophe_turns_the_message_into_ucs2():
    assert sms_segments("l'école").encoding == "GSM-7"
    assert sms_segments("l’école").encoding == "UCS-2"


def test_an_escape_pair_is_not_cut_in_two():
    in_place = "a" * 151 + "€" + "a" * 153
    assert sms_segments(in_place) == Segments("GSM-7", 306, 2)
    across_the_edge = "a" * 152 + "€" + "a" * 152
    assert sms_segments(across_the_edge) == Segments("GSM-7", 306, 3)


def test_an_emoji_is_not_cut_in_two():
    assert sms_segments(EMOJI) == Segments("UCS-2", 2, 1)
    assert sms_segments(EMOJI * 35) == Segments("UCS-2", 70, 1)
    assert sms_segments(EMOJI * 66) == Segments("UCS-2", 132, 2)
    assert sms_segments(EMOJI * 67) == Segments("UCS-2", 134, 3)


def test_an_escape_character_by_itself_is_not_in_the_alphabet():
    assert sms_segments("\x1b").encoding == "UCS-2"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_every_text_fits_in_the_parts_that_are_charged(text):
    count = sms_segments(text)
    alone, joined = {"GSM-7": (160, 153), "UCS-2": (70, 67)}[count.encoding]
    if count.segments == 1:
        assert count.characters <= alone
    else:
        # At most one unit is lost at the end of each part but the last.
        assert count.characters <= count.segments * joined
        assert count.characters > (count.segments - 1) * (joined - 1)
    if count.encoding == "UCS-2":
        assert count.characters == len(text.encode("utf-16-le")) // 2
