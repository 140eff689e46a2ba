"""Phone numbers and mail addresses as they stand in files."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_BETWEEN = re.compile(r"[;,|\n]|\s+(?:of|en|or|and|ou)\s+|\s/\s", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_POWER = re.compile(r"\d[.,]?\d*[eE]\+?\d+")
_SIGNS = re.compile(r"[\s./()'-]+")
#: Nothing in it that an address could stumble over; all others are asked of Django.
_ORDINARY = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,24}", re.ASCII
)
#: Belgian numbers as most files write them, by the library's own table; all others are asked of the library itself.
_BELGIAN = re.compile(r"(?:\+32|0032|0)([1-9]\d{7,8})", re.ASCII)


def split(text: str) -> list[str]:
    """The numbers or addresses of a cell that may hold several."""
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def is_power(text: str) -> bool:
    """Whether a spreadsheet showed this number as a power of ten: its last digits are gone."""
    return bool(_POWER.fullmatch(text.strip()))


@lru_cache(maxsize=1024)
def read_phone(text: str, region: str = "BE") -> str:
    """E.164; "" when this is no number that can be dialled. A leading zero that a spreadsheet ate is no hindrance."""
    text = text.removeprefix("'")
    if (
        region == "BE"
        and (found := _BELGIAN.fullmatch(_SIGNS.sub("", text)))
        and _fixed_or_mobile().fullmatch(found[1])
    ):
        return f"+32{found[1]}"
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or number.extension:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def written_phone(number: str) -> str:
    """``+32470123456`` → ``0470 12 34 56``; numbers abroad keep their country; what is no number stays as written."""
    try:
        parsed = phonenumbers.parse(number, "BE")
    except phonenumbers.NumberParseException:
        return number
    national = parsed.country_code == 32
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


@cache
def _fixed_or_mobile() -> re.Pattern[str]:
    table = phonenumbers.PhoneMetadata.metadata_for_region("BE")
    kinds = (table.fixed_line, table.mobile) if table else ()
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    return re.compile("|".join(patterns) or "(?!)", re.ASCII)


def read_email(text: str) -> str:
    """The address with its domain in small letters; "" when this is none."""
    if len(text) < 255 and _ORDINARY.fullmatch(text):
        name, at, domain = text.rpartition("@")
        return f"{name}{at}{domain.lower()}"
    text = _SPACES.sub("", text).removeprefix("mailto:").strip("<>")
    name, at, domain = text.rpartition("@")
    address = f"{name}{at}{domain.lower()}"
    if len(address) > 254:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address
