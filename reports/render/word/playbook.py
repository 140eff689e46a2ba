"""The draaiboek as a Word document: the words of the booklet, to be adapted by who uses it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import override

from reports.render.word import file
from reports.render.word.look import dress
from reports.render.word.writer import Writer
from reports.richtext import Block
from schools.marks import colon


def playbook_word(content: dict[str, Any]) -> bytes:
    """The DOCX file of the content that ``reports.render.booklet.booklet_content`` makes."""
    document = file.blank()
    dress(document, content["lang"])
    file.describe(document, content)
    with override(content["lang"]):
        chapters = list(_chapters(content))
    Writer(document, iter(())).write(
        {**content, "running_title": content["title"], "identification": [], "chapters": chapters}
    )
    return file.saved(document)


def _chapters(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    labels = content["labels"]
    yield {"title": labels["how_to_use"], "blocks": [*_paragraphs(content["how_to_use"])]}
    principles = [block for one in content["principles"] for block in (_head(one["title"]), _words(one["text"]))]
    yield {"title": labels["principles"], "blocks": principles}
    yield {"title": labels["start"], "blocks": [{"type": "ol", "items": content["start"]}]}
    months = [
        block
        for entry in content["year_planner"]
        for block in (_head(entry["month"]), {"type": "ul", "items": entry["steps"]})
    ]
    yield {"title": labels["year_planner"], "blocks": months, "new_page": True}
    for card in content["cards"]:
        title = f"{labels['card']} {card['number']} · {card['title']}"
        yield {"title": title, "blocks": [*_card(card, labels)], "new_page": True}
    yield {
        "title": labels["privacy_page"],
        "blocks": [{"type": "ul", "items": content["privacy_page"]}],
        "new_page": True,
    }
    yield {"title": labels["evaluate"], "blocks": [*_paragraphs(content["evaluate"])]}


def _card(card: dict[str, Any], labels: dict[str, str]) -> Iterator[Block]:
    """What stands on a card, in the order of the booklet."""
    if card["in_dutch"]:
        yield _words(card["in_dutch"])
    yield {"type": "p", "runs": [{"text": card["aim"], "bold": True}]}
    facts = [f"{fact['label']}{colon()} {fact['text']}" for fact in card["facts"]]
    yield {"type": "ul", "items": [card["status"].capitalize(), *facts]}
    number = 1
    for key in ("before", "during", "after"):
        yield from _listed("ol", labels[key], card["steps"][key], start=number)
        number += len(card["steps"][key])
    for key in ("for_whom", "who_does_it", "when", "partners", "needs", "interpreter"):
        words = card.get(key, "")  # an older edition says not when and with whom
        yield from _listed("ul", labels[key], words) if isinstance(words, list) else _said(labels.get(key, ""), words)
    for key in ("conditions", "pitfalls", "variants"):
        yield from _listed("ul", labels[key], card[key])
    if card["phrases"]:
        yield _head(labels["phrases"], "h3")
    for phrase in card["phrases"]:
        other = phrase["text"] if phrase["text"] != phrase["nl"] else ""
        yield {"type": "quote", "runs": [phrase["nl"]], "source": other, "lang": "nl-BE"}
    yield from _said(labels["privacy"], card["privacy"])
    if card["evidence"]:
        yield from _said(labels["evidence"], card["evidence"]["text"])
    files = [f"{file['title']} ({file['about']}){colon()} {file['address']}" for file in card["files"]]
    yield from _listed("ul", labels["files"], files)
    for key in ("related", "templates"):
        yield from _listed("ul", labels[key], card[key])


def _head(words: str, level: str = "h2") -> Block:
    return {"type": level, "runs": [{"text": words}]}


def _words(words: str) -> Block:
    """A paragraph; what stands between two stars is bold."""
    runs = [{"text": part, "bold": bool(place % 2)} for place, part in enumerate(words.split("**")) if part]
    return {"type": "p", "runs": runs}


def _paragraphs(words: str) -> Iterator[Block]:
    return (_words(part) for part in words.split("\n\n") if part.strip())


def _said(title: str, words: str) -> Iterator[Block]:
    if words:
        yield _head(title, "h3")
        yield _words(words)


def _listed(kind: str, title: str, items: list[str], *, start: int = 1) -> Iterator[Block]:
    if items:
        yield _head(title, "h3")
        yield {"type": kind, "items": items, "start": start}
