"""XML from outside, in pieces: no document types, no entities, no endless tokens, and memory has a bound."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from schools.roster import limits
from schools.roster.findings import unreadable
from schools.roster.rows import Place

_CHUNK = 128 * 1024
#: No name, attribute or tag is as long as this many bytes.
_TOKEN = 4 * limits.MEGABYTE


class _Refused(Exception):
    """A document type stands in the file: the door to entities."""


class Handler(ABC):
    """What is made of a document: finished things are put into ``ready``."""

    def __init__(self) -> None:
        self.ready: list[Any] = []

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag opens."""

    @abstractmethod
    def end(self, name: str) -> None:
        """A tag closes."""

    def text(self, text: str) -> None:  # noqa: B027 - some documents need no words
        """Characters, in any number of pieces."""


def read_markup(stream: BinaryIO, handler: Handler, place: Place) -> Iterator[Any]:
    """Whatever the handler finishes, as it does. Raises ``Unreadable``."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = False
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    fed = 0
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > _TOKEN:
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
    """By name without prefix."""
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


class _Local(dict[str, str]):
    def __missing__(self, name: str) -> str:
        local = name.rpartition(":")[2]
        if len(self) < limits.COLUMNS:
            self[name] = local
        return local


#: Names of elements without their prefix: which one stands for a namespace is the writer's choice.
LOCAL = _Local()


def _refuse(*_declaration: object) -> None:
    raise _Refused
