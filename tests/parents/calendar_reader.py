"""A strict reader of calendar files, written from RFC 5545 and sharing nothing with what writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO

from dateutil.tz import tzical  # type: ignore[import-untyped]

_LINE = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):(.*)', re.S)
_MOMENT = re.compile(r"\d{8}T\d{6}(Z?)")
_ONCE = {
    "VCALENDAR": ({"PRODID", "VERSION"}, {"CALSCALE", "METHOD"}),
    "VEVENT": (
        {"UID", "DTSTAMP", "DTSTART"},
        {"DTEND", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "LOCATION", "STATUS", "CLASS", "TRANSP"},
    ),
    "VTIMEZONE": ({"TZID"}, set()),
    "STANDARD": ({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}, {"RRULE"}),
    "DAYLIGHT": ({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}, {"RRULE"}),
}
#: What else RFC 7986 and common programs know.
_MORE = {"NAME", "REFRESH-INTERVAL", "TZNAME"}


@dataclass
class Part:
    """A component: its properties as (parameters, value), and what is inside."""

    kind: str
    properties: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def value(self, name: str) -> str:
        ((_parameters, value),) = self.properties[name]
        return value

    def text(self, name: str) -> str:
        """A value of type TEXT without its escapes; a comma or semicolon that was not escaped is wrong."""
        value = self.value(name)
        assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), f"{name} is not escaped: {value!r}"
        assert not re.search(r"\\(?![\\;,nN])(?<!\\\\)", value), f"{name} has a wrong escape: {value!r}"
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


@dataclass
class Read:
    """A calendar: its parts, and its time zones as another library understands them."""

    whole: Part
    text: str

    @property
    def events(self) -> list[Part]:
        return [part for part in self.whole.parts if part.kind == "VEVENT"]

    def moment(self, part: Part, name: str) -> datetime:
        ((parameters, value),) = part.properties[name]
        found = _MOMENT.fullmatch(value)
        assert found, f"{name} is no moment: {value}"
        plain = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        if found[1]:
            assert "TZID" not in parameters
            return plain
        zone = tzical(StringIO(self.text)).get(parameters["TZID"])
        return plain.replace(tzinfo=zone).astimezone(UTC)


def read(content: bytes) -> Read:
    """The calendar in a file; AssertionError says what RFC 5545 does not allow."""
    assert content.endswith(b"\r\n")
    for line in content[:-2].split(b"\r\n"):
        assert len(line) <= 75, f"a line of {len(line)} octets"
        assert b"\r" not in line
        assert b"\n" not in line
        assert line
        line.decode()  # a letter is not cut in two
    text = content.decode()
    lines = iter(text.replace("\r\n ", "").replace("\r\n\t", "").removesuffix("\r\n").split("\r\n"))
    assert next(lines) == "BEGIN:VCALENDAR"
    whole = _part("VCALENDAR", lines)
    assert next(lines, None) is None, "more after the end"
    assert whole.value("VERSION") == "2.0"
    _zones_are_there(whole)
    uids = [part.value("UID") for part in whole.parts if part.kind == "VEVENT"]
    assert len(set(uids)) == len(uids)
    return Read(whole, text)


def _part(kind: str, lines: Iterator[str]) -> Part:
    part = Part(kind)
    for line in lines:
        found = _LINE.fullmatch(line)
        assert found, f"no content line: {line!r}"
        name, value = found[1], found[3]
        if name == "BEGIN":
            part.parts.append(_part(value, lines))
        elif name == "END":
            assert value == kind
            _complete(part)
            return part
        else:
            pairs = [pair.partition("=") for pair in re.findall(r';([A-Z0-9-]+=(?:"[^"]*"|[^;:]*))', found[2])]
            part.properties.setdefault(name, []).append(({key: given.strip('"') for key, _is, given in pairs}, value))
    raise AssertionError(f"{kind} does not end")


def _complete(part: Part) -> None:
    needed, once = _ONCE[part.kind]
    assert needed <= set(part.properties), f"{part.kind} lacks {needed - set(part.properties)}"
    for name, values in part.properties.items():
        assert name in needed | once | _MORE or name.startswith("X-"), f"{name} in {part.kind}"
        assert len(values) == 1, f"{name} twice in {part.kind}"


def _zones_are_there(whole: Part) -> None:
    known = {part.value("TZID") for part in whole.parts if part.kind == "VTIMEZONE"}
    for part in whole.parts:
        for values in part.properties.values():
            assert {given["TZID"] for given, _value in values if "TZID" in given} <= known


def offset(text: str, moment: datetime) -> timedelta:
    """What another library makes of the calendar's own rule for Brussels, at a moment of the wall clock."""
    zone = tzical(StringIO(text)).get("Europe/Brussels")
    shift: timedelta | None = moment.replace(tzinfo=zone).utcoffset()
    assert shift is not None
    return shift
