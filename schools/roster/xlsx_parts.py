"""The parts of a workbook of Excel: its sheets, shared texts, formats, and the rows of a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from schools.roster import limits
from schools.roster.cellgrid import Grid
from schools.roster.findings import unreadable
from schools.roster.markup import LOCAL, Handler, attribute, number_text
from schools.roster.rows import Place

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
#: Formats without a code of their own that show a day.
_DATE_FORMATS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_NOT_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DAY_0, _DAY_0_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)
_DAYS = range(1, 80_000)


class Elements(Handler):
    """The attributes of every element with one name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = LOCAL[name]
        if name == self._name:
            self.ready.append(attributes)

    def end(self, name: str) -> None:
        """Attributes are all there is."""


class Workbook(Elements):
    """The list of sheets; ``is_1904``: days are counted as old Macintoshes did."""

    def __init__(self) -> None:
        super().__init__("sheet")
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        if LOCAL[name] == "workbookPr":
            self.is_1904 = attribute(attributes, "date1904") in ("1", "true")


class SharedTexts(Handler):
    """Texts that cells refer to by number, without the readings of Japanese names beside them."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._is_text = False
        self._in_reading = False
        self._count = self._characters = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = LOCAL[name]
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._in_reading = True
        self._is_text = name == "t" and not self._in_reading

    def end(self, name: str) -> None:
        name = LOCAL[name]
        self._is_text = False
        if name == "rPh":
            self._in_reading = False
        elif name == "si":
            text = "".join(self._parts)[: limits.CELL + 1]
            self._count, self._characters = self._count + 1, self._characters + len(text)
            if self._count > limits.SHARED_TEXTS or self._characters > limits.SHARED_CHARACTERS:
                raise unreadable("zip_bomb", Place(""))
            self.ready.append(text)

    def text(self, text: str) -> None:
        if self._is_text and len(self._parts) <= limits.CELL:
            self._parts.append(text)


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers of a format are shown: as a day, or with zeros in front up to a width."""

    is_date: bool = False
    width: int = 0


class Styles(Handler):
    """A style for each number that cells refer to."""

    def __init__(self) -> None:
        super().__init__()
        self._codes: dict[str, str] = {}
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = LOCAL[name]
        if name == "numFmt" and len(self._codes) < limits.COLUMNS:
            self._codes[attribute(attributes, "numFmtId")] = attribute(attributes, "formatCode")[:200]
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self.ready.append(self._style(attribute(attributes, "numFmtId")))

    def end(self, name: str) -> None:
        name = LOCAL[name]
        if name == "cellXfs":
            self._in_cells = False

    def _style(self, key: str) -> Style:
        code = _NOT_CODE.sub("", self._codes.get(key, "")).lower()
        if not code:
            return Style(is_date=key.isdigit() and int(key[:9]) in _DATE_FORMATS)
        if code.strip("0") == "":
            return Style(width=len(code))
        return Style(is_date="y" in code or "d" in code)


class Rows(Handler):
    """The filled rows of a sheet as lines."""

    def __init__(self, place: Place, texts: list[str], styles: list[Style], is_1904: bool) -> None:
        super().__init__()
        self._grid = Grid(place)
        self._texts, self._styles = texts, styles
        self._day_0 = _DAY_0_OF_1904 if is_1904 else _DAY_0
        self._number = self._position = 0
        self._kind, self._style = "", ""
        self._parts: list[str] = []
        self._is_value = self._is_computed = self._in_reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = LOCAL[name]
        self._is_value = name == "v" or (name == "t" and self._kind == "inlineStr" and not self._in_reading)
        if name == "row":
            said = attributes.get("r", "")
            self._number = _number(said) if said else self._number + 1
            self._position = -1
        elif name == "c":
            self._begin(attributes)
        elif name == "f":
            self._is_computed = True
        elif name == "rPh":
            self._in_reading = True

    def end(self, name: str) -> None:
        name = LOCAL[name]
        self._is_value = False
        if name == "c":
            self._grid.put(self._position, self._text(), computed=self._is_computed)
        elif name == "row":
            if line := self._grid.take(self._number):
                self.ready.append(line)
        elif name == "rPh":
            self._in_reading = False

    def text(self, text: str) -> None:
        if self._is_value and len(self._parts) <= limits.CELL:
            self._parts.append(text)

    def _begin(self, attributes: dict[str, str]) -> None:
        found = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._position = _position(found[1]) if found else self._position + 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._parts = []
        self._is_computed = self._in_reading = False

    def _text(self) -> str:
        text = "".join(self._parts)
        if not text:
            return ""
        if self._kind == "s":
            return self._texts[number] if (number := _number(text)) < len(self._texts) else ""
        return self._shown(text) if self._kind == "n" else text[:10] if self._kind == "d" else text

    def _shown(self, text: str) -> str:
        """A number as its format shows it."""
        style = self._styles[number] if (number := _number(self._style)) < len(self._styles) else Style()
        text = number_text(text)
        if style.is_date:
            days = text.partition(".")[0]
            if days.isdecimal() and len(days) < 6 and int(days) in _DAYS:
                return (self._day_0 + timedelta(days=int(days))).isoformat()
        return text.zfill(style.width) if text.isdecimal() else text


def _number(text: str) -> int:
    """The number that a cell refers to; beyond every list when it is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else limits.SHARED_TEXTS


def _position(letters: str) -> int:
    """``"A"`` → 0, ``"AA"`` → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
