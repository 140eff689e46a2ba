"""The text of a chapter as blocks: whatever somebody typed, no word of it is lost on the way to page and paper."""

from __future__ import annotations

import re

import pytest

from reports.render.page import html_of
from reports.richtext import Block, blocks_of_text


def shapes(blocks: list[Block]) -> list[tuple[str, list[str]]]:
    """Each block with its words: of a list those of each item."""
    found = []
    for block in blocks:
        listed = block["items"] if "items" in block else [block["runs"]]
        found.append((block["type"], ["".join(run["text"] for run in runs).strip() for runs in listed]))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- een\n    - twee\n- drie\n\nvier", [("ul", ["een", "twee", "drie"]), ("p", ["vier"])]),
        ("1. een\n    - twee\n    - drie\n2. vier", [("ol", ["een", "twee", "drie", "vier"])]),
        ("- een\n\n    - twee\n\n    drie\n\n- vier", [("ul", ["een", "twee", "drie", "vier"])]),
        ("- een\n    - twee\n        - drie\n    - vier\n- vijf", [("ul", ["een", "twee", "drie", "vier", "vijf"])]),
        ("een\n\n    twee, ingesprongen\n\ndrie", [("p", ["een"]), ("p", ["twee, ingesprongen"]), ("p", ["drie"])]),
        ("<div>een</div>\n\ntwee", [("p", ["een"]), ("p", ["twee"])]),
        ("> een\n\n- twee\n- drie", [("quote", ["een"]), ("ul", ["twee", "drie"])]),
    ],
)
def test_lists_are_flat_and_what_stands_in_no_block_is_a_paragraph(
    text: str, expected: list[tuple[str, list[str]]]
) -> None:
    assert shapes(blocks_of_text(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("een:\n- twee\n- drie\n\nvier", [("p", ["een:"]), ("ul", ["twee", "drie"]), ("p", ["vier"])]),
        ("een:\n* twee\n    * drie\n* vier", [("p", ["een:"]), ("ul", ["twee", "drie", "vier"])]),
        ("een:\n1. twee\n2. drie", [("p", ["een:"]), ("ol", ["twee", "drie"])]),
        ("## een\ntwee\n- drie", [("h2", ["een"]), ("p", ["twee"]), ("ul", ["drie"])]),
        ("- een\n## twee\ndrie\n- vier", [("ul", ["een"]), ("h2", ["twee"]), ("p", ["drie"]), ("ul", ["vier"])]),
        ("- een\n  en twee\n- drie", [("ul", ["een   en twee", "drie"])]),
        ("een in het jaar\n2026. twee - drie\n-vier", [("p", ["een in het jaar 2026. twee - drie -vier"])]),
    ],
)
def test_a_list_begins_on_the_line_after_a_text_as_the_page_says(
    text: str, expected: list[tuple[str, list[str]]]
) -> None:
    assert shapes(blocks_of_text(text)) == expected


def test_a_table_on_a_line_of_its_own_stands_between_the_lines_around_it() -> None:
    blocks = blocks_of_text("een\n{{ T1 }}\ntwee {{ T2 }}\n{{ F1 }}")
    assert [block.get("code", block["type"]) for block in blocks] == ["p", "T1", "p", "F1"]
    assert shapes(blocks_of_text("een\n{{ I01 }}\ntwee")) == [("p", ["een {{ I01 }} twee"])], "a figure in a sentence"


def test_a_list_goes_on_counting_after_a_paragraph() -> None:
    blocks = blocks_of_text("1. een\n\nwaarom\n\n2. twee\n3. drie")
    assert [block.get("start", 1) for block in blocks] == [1, 1, 2]
    assert '<ol start="2"><li>twee</li>' in html_of(blocks)
    assert [block.get("start") for block in blocks_of_text(f"2026. een\n\ntwee\n\n{'9' * 5000}. drie")] == [
        2026,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# een\n## twee\n### drie\n##### vier",
        "een **twee *drie* vier** vijf",
        "> een\n> - twee\n>     - drie\n>\n> vier",
        "- # een\n- > twee\n- drie\n\n  vier",
        "```\neen\n```\ntwee `drie` [vier](https://vijf.example)",
        "<table><tr><td>een</td><td>twee</td></tr></table>\n\ndrie",
        "een\n<ul><li>twee<ol><li>drie</li></ol>vier</li></ul>vijf",
        "<p>een\n\n<li>twee</li>\n\n</ul>drie",
        "een <twee> drie </vier> <vijf",
        "<een twee>drie\n\n    <vier> ingesprongen",
        "als 1 <b en twee c> drie <!-- vier --> <?vijf?>",
    ],
)
def test_no_word_is_lost(text: str) -> None:
    told = " ".join(words for _type, listed in shapes(blocks_of_text(text)) for words in listed)
    number_words = r"een|twee|drie|vier|vijf(?!\.example)"
    assert re.findall(number_words, told) == re.findall(number_words, text)


@pytest.mark.parametrize(
    "text", ["Beste <naam>,", "tussen <p en q> in", "- <naam>", "    <naam> ingesprongen", "**<naam>**"]
)
def test_what_somebody_put_between_angle_brackets_stands_there_as_typed(text: str) -> None:
    page = html_of(blocks_of_text(text))
    told = " ".join(words for _type, listed in shapes(blocks_of_text(text)) for words in listed)
    assert told == text.strip("-* ").replace("**", "")
    assert "&lt;" in page


def test_a_pasted_script_or_link_never_reaches_a_page() -> None:
    pasted = (
        "<script>alert(1)</script><img src=x onerror=alert(1)><naam onclick=alert(1)><a href='javascript:x()'>een</a>"
        "<iframe src='https://x.example'></iframe><svg/onload=alert(1)>"
    )
    page = html_of(blocks_of_text(pasted))
    assert set(re.findall(r"<\s*/?\s*(\w+)", page)) <= {"p"}
    assert "een" in page
