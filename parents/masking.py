"""Contact points as they are shown to who need not know them whole: enough to recognise one's own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from parents.models import ContactPoint, PointKind
from schools.roster.contacts import written_phone

HIDDEN = "•••"
_AFTER_SIGNS = re.compile(r"(?<=[@.])")
_ICONS: dict[str, str] = {PointKind.EMAIL: "mail", PointKind.PHONE: "smartphone"}


def masked(point: ContactPoint) -> str:
    """``••• 12`` of a number; ``h•••@b•••.example`` of an address: its domain may tell where somebody works."""
    if point.kind == PointKind.PHONE:
        return f"{HIDDEN} {point.value[-2:]}"
    name, _at, domain = point.value.rpartition("@")
    return f"{name[:1]}{HIDDEN}@{domain[:1]}{HIDDEN}.{domain.rpartition('.')[2]}"


def whole(point: ContactPoint) -> str:
    """As people write it, for its owner: two addresses at one provider may look the same when masked."""
    return written_phone(point.value) if point.kind == PointKind.PHONE else point.value


def point_choices(points: Iterable[ContactPoint], *, as_whole: bool = False) -> list[tuple[str, SafeString]]:
    """The points as choices of a form, each from left to right in a page of any direction."""
    shown = (lambda point: in_parts(whole(point))) if as_whole else masked
    return [(str(point.pk), format_html('<bdi dir="ltr">{}</bdi>', shown(point))) for point in points]


def in_parts(written: str) -> SafeString:
    """An address may go on in the next line of a narrow screen after a sign, and not within a name."""
    return format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in _AFTER_SIGNS.split(written)))


def point_icons(points: Iterable[ContactPoint]) -> dict[str, str]:
    """Their drawings, by the keys of the choices."""
    return {str(point.pk): _ICONS[point.kind] for point in points}
