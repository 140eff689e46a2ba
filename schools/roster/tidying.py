"""One cell as it may be used: clean, of bounded length, without formulas and national numbers; what went is said."""

from __future__ import annotations

import re
from datetime import date

from schools.roster import limits
from schools.roster.cleaning import clean, is_formula
from schools.roster.contacts import is_power, read_email, read_phone, split
from schools.roster.dates import ColumnOrder, Order, has_parts, is_serial, order_of, read_date
from schools.roster.findings import Findings
from schools.roster.never import without_national_numbers
from schools.roster.rows import Place

_WORD = r"[A-Za-z0-9_@./'-]+"
_ORDINARY = re.compile(rf"(?![@=-]){_WORD}(?: {_WORD})*")
_MANY_DIGITS = re.compile(r"\d(?:[ .-]?\d){10}")
_MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a-\u203a\u0152-\u0178\u02c6\u02dc\u0192]")
#: What Excel shows for a formula that failed.
_FAILED = re.compile(
    r"#(?:REF|N/A|NAAM|NAME|VALUE|WAARDE|DEEL/0|DIV/0|VERW|NULL|GETAL|NUM|N/B)[!?]?|Err:\d{3}", re.IGNORECASE
)


def is_tidy(text: str) -> bool:
    """Whether nothing could be wrong with this text: most cells need no closer look."""
    return len(text) < 60 and bool(_ORDINARY.fullmatch(text)) and not (len(text) > 10 and _MANY_DIGITS.search(text))


def tidy(text: str, place: Place, findings: Findings, *, may_be_phone: bool = False) -> str:
    """The cell's text; "" for an empty one and for what may not be used."""
    if not text:
        return ""
    if len(text) > limits.CELL:
        findings.error("cell_too_long", place, limit=limits.CELL)
        return ""
    if is_formula(text):
        findings.warning("formula_text", place)
        return ""
    if not text.isascii() and _MOJIBAKE.search(text):
        text = _mended(text, place, findings)
    text = clean(text)
    if text.startswith("#") and _FAILED.fullmatch(text):
        findings.warning("failed_formula", place)
        return ""
    if "\ufffd" in text:
        findings.warning("lost_letters", place)
    if may_be_phone or (rest := without_national_numbers(text)) is None:
        return text
    findings.warning("national_number", place)
    return rest


def _mended(text: str, place: Place, findings: Findings) -> str:
    """``"JosÃ©"``: UTF-8 that was once read as Windows-1252."""
    try:
        mended = text.encode("cp1252").decode()
    except UnicodeError:
        return text
    findings.note("mojibake", place)
    return mended


def cut(text: str, longest: int, place: Place, findings: Findings) -> str:
    if len(text) <= longest:
        return text
    findings.warning("too_long", place, limit=longest)
    return text[:longest].rstrip()


def phones_of(text: str, place: Place, findings: Findings, region: str) -> tuple[str, ...]:
    if number := read_phone(text, region):
        return (number,)
    found: list[str] = []
    for part in [text] if is_power(text) else split(text):
        if is_power(part):
            findings.warning("phone_power", place)
        elif number := read_phone(part, region):
            found.append(number)
        else:
            findings.warning("bad_phone", place)
    return tuple(dict.fromkeys(found))


def emails_of(text: str, place: Place, findings: Findings) -> tuple[str, ...]:
    if address := read_email(text):
        return (address,)
    found: list[str] = []
    for part in split(text):
        if address := read_email(part):
            found.append(address)
        else:
            findings.warning("bad_email", place)
    return tuple(dict.fromkeys(found))


class DateColumn:
    """The dates of one column: first all are noted, then the order is settled, then each is read."""

    def __init__(self, place: Place, findings: Findings) -> None:
        self._place, self._findings = place, findings
        self._texts: list[str] = []
        self._order: ColumnOrder | None = None

    def note(self, text: str) -> None:
        if text:
            self._texts.append(text)

    def _settled(self) -> Order:
        if self._order is None:
            self._order = order_of(self._texts)
            self._say(self._order)
            self._texts = []
        return self._order.order

    def _say(self, found: ColumnOrder) -> None:
        if found.order is Order.MIXED:
            self._findings.warning("dates_mixed", self._place)
        elif found.order is Order.MONTH_FIRST:
            self._findings.warning("dates_month_first", self._place)
        elif not found.proved and any(map(has_parts, self._texts)):
            self._findings.note("dates_day_first", self._place)
        if any(map(is_serial, self._texts)):
            self._findings.note("dates_serial", self._place)

    def read(self, text: str, place: Place) -> date | None:
        """The day; None for an empty or impossible one, which is said."""
        if not text:
            return None
        day = read_date(text, self._settled())
        if day is None:
            self._findings.warning("bad_date", place)
        return day
