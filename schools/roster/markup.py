"""XML from outside, in pieces: no document types, no entities, no endless tokens, and memory has a bound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from schools.roster import limits
from schools.roster.findings import unreadable
from schools.roster.rows import Place

_CHUNK = 128 * 1024
#: Bytes in which something must begin or end.
_TOKEN = 4 * limits.MEGABYTE


class _Refused(Exception):
    """A document type stands in the file: the door to entities."""


class Handler:
    """What is made of a document: finished things are put into ``ready``."""

    def __init__(self) -> None:
        self.ready: list[Any] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def text(self, text: str) -> None:
        """Characters, in any number of pieces."""


def read_markup(stream: BinaryIO, handler: Handler, place: Place) -> Iterator[Any]:
    """Whatever the handler finishes, as it does. Names come without prefix. Raises ``Unreadable``."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = False
    watch = _Watch(handler)
    parser.StartElementHandler = watch.start
    parser.EndElementHandler = watch.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    silent = 0
    try:
        while chunk := stream.read(_CHUNK):
            before = watch.events
            parser.Parse(chunk, False)
            silent = 0 if watch.events > before else silent + len(chunk)
            if silent > _TOKEN:
                raise unreadable("workbook_unsafe", place)
            yield from handler.ready
            handler.ready.clear()
        parser.Parse(b"", True)
    except _Refused as refused:
        raise unreadable("workbook_unsafe", place) from refused
    except (expat.ExpatError, ValueError, LookupError, OverflowError) as error:
        raise unreadable("workbook_broken", place) from error
    yield from handler.ready
    handler.ready.clear()


def attribute(attributes: dict[str, str], name: str) -> str:
    """By name without prefix: which prefix stands for a namespace is the writer's choice."""
    if name in attributes:
        return attributes[name]
    ending = f":{name}"
    return next((value for key, value in attributes.items() if key.endswith(ending)), "")


def number_text(text: str) -> str:
    """A stored number as people write it: ``"3.2471234567E10"`` → ``"32471234567"``."""
    if text.isdigit():
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else text


class _Watch:
    def __init__(self, handler: Handler) -> None:
        self.events = 0
        self._start: Callable[[str, dict[str, str]], None] = handler.start
        self._end: Callable[[str], None] = handler.end

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.events += 1
        self._start(name.rpartition(":")[2], attributes)

    def end(self, name: str) -> None:
        self.events += 1
        self._end(name.rpartition(":")[2])


def _refuse(*_declaration: object) -> None:
    raise _Refused
