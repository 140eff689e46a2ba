"""The twelve method cards and the playbook: complete in three languages and true to what they point at."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("nl", "fr", "en")
SCHOOL_YEAR = [8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]
KINDS = {
    "INTAKE", "PHONE", "HOME_VISIT", "GATE_TALK", "COFFEE_MOMENT",
    "CONFERENCE", "MESSAGE", "WORKSHOP", "MDO", "INFO_EVENING",
}  # fmt: skip
LINES = ("title", "aim", "for_whom", "who_does_it", "partners", "interpreter", "when", "privacy")
LISTS = ("materials", "steps_before", "steps_during", "steps_after", "conditions", "pitfalls", "variants", "phrases")
CARDS = [
    "warm-welcome", "good-news-call", "home-visit", "gate-presence", "coffee-moment", "conference-interpreter",
    "conference-catch-up", "plain-language-letter", "pictogram-calendar", "open-class-morning", "library-visit",
    "language-sensitive-mdo",
]  # fmt: skip


def content_of(path: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / path).read_text(encoding="utf-8"))
    return content


CONTENT = content_of("schools/content/methods.json")
METHODS: list[dict[str, Any]] = CONTENT["methods"]
each_method = pytest.mark.parametrize("method", METHODS, ids=[method["slug"] for method in METHODS])


def shape(value: object) -> object:
    """The same structure with every text replaced by a mark: what must agree between languages."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return "text" if isinstance(value, str) else value


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def own_words(text: dict[str, Any]) -> int:
    """Words of a card in its own language; the Dutch beside a translated phrase does not count."""
    phrases = [phrase["t"] for phrase in text["phrases"]]
    return sum(len(line.split()) for line in strings({**text, "phrases": phrases}))


def test_the_twelve_cards_stand_in_their_order() -> None:
    assert [method["slug"] for method in METHODS] == CARDS
    assert CONTENT["licence"] == "CC-BY-4.0"


@each_method
def test_a_card_has_every_field_in_every_language(method: dict[str, Any]) -> None:
    assert tuple(method["texts"]) == LANGUAGES
    for text in method["texts"].values():
        assert set(text) == {*LINES, *LISTS}
        assert all(isinstance(text[line], str) for line in LINES)
        assert all(len(text[entries]) >= 3 for entries in LISTS)
        assert all(line and line == line.strip() for line in strings(text))


@each_method
def test_translations_hold_the_same_parts(method: dict[str, Any]) -> None:
    dutch = method["texts"]["nl"]
    for language in ("fr", "en"):
        text = method["texts"][language]
        assert shape(text) == shape(dutch)
        assert not [line for line in ("aim", "for_whom", "when", "privacy") if text[line] == dutch[line]]


@each_method
def test_phrases_keep_the_dutch_sentence_a_teacher_says(method: dict[str, Any]) -> None:
    said = [phrase["nl"] for phrase in method["texts"]["nl"]["phrases"]]
    assert [phrase["t"] for phrase in method["texts"]["nl"]["phrases"]] == said
    for language in ("fr", "en"):
        phrases = method["texts"][language]["phrases"]
        assert [phrase["nl"] for phrase in phrases] == said
        assert all(phrase["t"] != phrase["nl"] for phrase in phrases)
    assert all(len(part.split()) <= 15 for sentence in said for part in re.split(r"(?<=[.?!]) ", sentence))


@each_method
def test_a_card_is_long_enough_to_work_with_and_short_enough_to_read(method: dict[str, Any]) -> None:
    dutch = own_words(method["texts"]["nl"])
    assert 350 <= dutch <= 600
    for language in ("fr", "en"):
        assert 0.9 * dutch <= own_words(method["texts"][language]) <= 1.35 * dutch


@each_method
def test_the_facts_of_a_card_are_within_their_lists(method: dict[str, Any]) -> None:
    assert method["kind"] in KINDS
    assert method["level"] in (1, 2, 3, 4)
    assert method["status"] in ("TRIED", "PROVEN", "EMBEDDED")
    assert method["class_levels"] in (["K"], ["L"], ["K", "L"])
    assert method["months"] == [month for month in SCHOOL_YEAR if month in method["months"]] != []
    assert min(method["preparation_min"], method["duration_min"]) > 0
    assert method["cost_eur"] >= 0


@each_method
def test_everything_a_card_points_at_exists(method: dict[str, Any]) -> None:
    templates = {template["slug"] for template in content_of("messaging/content/notice_templates.json")["templates"]}
    themes = {theme["key"] for theme in content_of("schools/content/vocabulary.json")["groups"]["method_theme"]}
    indicators = {f"I{number:02}" for number in range(1, 32)}
    assert set(method["templates"]) <= templates
    assert method["theme"] in themes
    assert set() < set(method["indicators"]) <= indicators
    assert set(method["related"]) <= set(CARDS) - {method["slug"]}
    assert (ROOT / f"ingroeibloei/static/ingroeibloei/icons/{method['icon']}.svg").is_file()


def test_the_cards_cover_every_level_and_theme_of_the_project() -> None:
    themes = {theme["key"] for theme in content_of("schools/content/vocabulary.json")["groups"]["method_theme"]}
    assert {method["level"] for method in METHODS} == {1, 2, 3, 4}
    assert {method["theme"] for method in METHODS} == themes


def test_the_playbook_is_the_same_in_three_languages() -> None:
    playbook = CONTENT["playbook"]
    assert tuple(playbook) == LANGUAGES
    assert shape(playbook["fr"]) == shape(playbook["nl"]) == shape(playbook["en"])
    for text in playbook.values():
        assert set(text) == {"title", "how_to_use", "why", "start", "year_planner", "privacy_page", "evaluate"}
        assert 120 <= len(text["how_to_use"].split()) <= 200
        assert len(text["why"]) == 6
        assert [month["month"] for month in text["year_planner"]] == SCHOOL_YEAR
        assert all(month["steps"] for month in text["year_planner"])


def test_texts_speak_of_families_with_respect_and_name_nobody() -> None:
    everything = "\n".join(strings(CONTENT))
    assert not re.search(r"allocht|kansarm|défavoris|underprivileged|zwakke gezin", everything, re.IGNORECASE)
    assert not re.search(r"\S+@\S+|https?://|\+?\d[\d /.]{7,}", everything)
