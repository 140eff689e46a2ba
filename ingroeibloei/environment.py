"""Strict readers of the environment. Each says in a sentence what is wrong and what to set."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection
from datetime import date, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from ingroeibloei.connections import is_address, is_server

DEMO, TEST, PRODUCTION = "demo", "test", "production"
_MODES = (DEMO, TEST, PRODUCTION)
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]


def mode() -> str:
    """How this process runs. Without a word it is production: nothing insecure by forgetting."""
    return choice("INGROEIBLOEI_ENV", _MODES, default=PRODUCTION)


def choice(name: str, allowed: tuple[str, ...], *, default: str) -> str:
    """One of the allowed words."""
    value = os.environ.get(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of: {', '.join(allowed)}.")
    return value


def words(name: str, allowed: Collection[str], *, default: str = "") -> tuple[str, ...]:
    """Words between blanks, each of them allowed and none twice; nothing for none."""
    found = tuple(dict.fromkeys(os.environ.get(name, default).split()))
    unknown = [word for word in found if word not in allowed]
    if unknown:
        known = " ".join(sorted(allowed)) or "none, until PARTNER_LANGUAGES names them"
        raise ImproperlyConfigured(f"{name} names {', '.join(unknown)}; known are: {known}.")
    return found


def flag(name: str, *, default: bool) -> bool:
    """``1`` or ``0``, nothing else."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be 1 or 0.")
    return value == "1"


def integer(name: str, *, default: int, least: int = 0, most: int = 100_000) -> int:
    """A whole number between ``least`` and ``most``: so many days lie within what a calendar can count."""
    value = os.environ.get(name, "")
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,10}", value):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.")
    if not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value}; it must be a number from {least} to {most}.")
    return int(value)


def hours(name: str, *, default: str) -> str:
    """A span of the day such as "20:00-07:00"; empty for none."""
    value = os.environ.get(name, default).strip()
    if not value:
        return ""
    begins, _, ends = value.partition("-")
    try:
        is_right = _time_of_day(begins) != _time_of_day(ends)
    except ValueError:
        is_right = False
    if not is_right:
        raise ImproperlyConfigured(f"{name} is {value!r}; write hours as 20:00-07:00, or nothing for none.")
    return value


def amount(name: str, *, default: str) -> Decimal:
    """A number with decimals after a point, not below zero."""
    value = os.environ.get(name, "") or default
    if not re.fullmatch(r"\d{1,6}(\.\d{1,4})?", value, re.ASCII):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a number such as 4.5.")
    return Decimal(value)


def weekly(name: str, *, default: str) -> tuple[int, time]:
    """A moment of the week such as "5 16:00": the day's number (1 is Monday) and the hour."""
    value = os.environ.get(name, default)
    day, _, hour = value.strip().partition(" ")
    try:
        at = _time_of_day(hour)
    except ValueError:
        at = None
    if at is None or day not in tuple("1234567"):
        raise ImproperlyConfigured(f"{name} is {value!r}; write a day (1 is Monday) and an hour as: 5 16:00.")
    return int(day), at


def _time_of_day(value: str) -> time:
    """By the school's clock: one with a zone of its own compares with no other. Raises ValueError."""
    found = time.fromisoformat(value)
    if found.tzinfo is not None:
        raise ValueError(value)
    return found


def networks(name: str, *, default: str) -> list[IPv4Network | IPv6Network]:
    """Addresses or networks between commas; ``*`` is everywhere."""
    value = os.environ.get(name, "") or default
    wanted = ["0.0.0.0/0", "::/0"] if value.strip() == "*" else value.split(",")
    try:
        return [ip_network(one.strip()) for one in wanted]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; write addresses as: 127.0.0.1,10.0.0.0/24.") from error


def place(name: str, default: Path) -> Path:
    """A file or folder by its whole path. What begins elsewhere lies, for each program, beside where it was started;
    and so does what is empty, which is read as not set."""
    value = os.environ.get(name, "")
    if value and not Path(value).is_absolute():
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole path, such as /var/lib/ingroeibloei.")
    return Path(value) if value else default


def folder(path: Path) -> Path:
    """A folder that is there from now on. Raises ImproperlyConfigured with the reason when it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"INGROEIBLOEI_VAR: the folder {path} cannot be made: {error.strerror}. It must belong to who runs this."
        ) from error
    return path


def secret(name: str, running: str, var_dir: Path) -> str:
    """A secret of at least 32 characters. The demo and the tests make their own, once per installation."""
    value = os.environ.get(name, "")
    if value:
        if len(value) < 32 and running == PRODUCTION:
            raise ImproperlyConfigured(f"{name} is too short; use at least 32 random characters.")
        return value
    if running == PRODUCTION:
        raise ImproperlyConfigured(
            f"{name} is not set. Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if running == TEST:
        return f"only-for-tests-{name}-0123456789abcdef0123456789abcdef"
    return _own_secret(var_dir / "secrets" / name.lower())


def earlier_secrets(name: str, running: str) -> list[str]:
    """Secrets that were in force before, newest first, separated by spaces: what was sealed with them still opens. A
    short one would let whoever guesses it sign as the portal does."""
    found = os.environ.get(name, "").split()
    if running == PRODUCTION and any(len(value) < 32 for value in found):
        raise ImproperlyConfigured(f"{name} holds one that is too short; every one has at least 32 characters.")
    return found


def optional_secret(name: str, running: str, var_dir: Path) -> str:
    """The same, but empty in production where nobody set it: what it opens stays shut."""
    return secret(name, running, var_dir) if os.environ.get(name) or running != PRODUCTION else ""


def _own_secret(path: Path) -> str:
    folder(path.parent)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        value = secrets.token_urlsafe(48)
        file.write(value)
    return value


def interpreter_line() -> dict[str, str]:
    """Number of the institution's interpreter line and what to say there; the demo has an invented one."""
    invented = ("+3211001199", "Zeg de taal en het nummer van de school: 4711.") if mode() == DEMO else ("", "")
    return {
        "phone": os.environ.get("INTERPRETER_LINE_PHONE", invented[0]),
        "how": os.environ.get("INTERPRETER_LINE_HOW", invented[1]),
    }


def hosts(running: str) -> list[str]:
    """Names this server answers to. A demo answers on the machine itself only."""
    if running == DEMO:
        return list(_LOOPBACK)
    if running == TEST:
        return ["testserver", *_LOOPBACK]
    names = [part.strip() for part in os.environ.get("ALLOWED_HOSTS", "").split(",") if part.strip()]
    # With a scheme, a path or a port it would start, and refuse everybody.
    if not names or any(re.search(r"[*/\s]|^\.*$|[^:\]]:\d*$", name) for name in names):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name this server, for example: ALLOWED_HOSTS=portaal.example.be")
    return names


def site_url(running: str) -> str:
    """The address that stands in mails and letters, without a slash at the end."""
    fallback = "" if running == PRODUCTION else f"http://localhost:{os.environ.get('PORT', '8000')}"
    value = os.environ.get("SITE_URL", fallback).rstrip("/")
    allowed = ("https",) if running == PRODUCTION else ("http", "https")
    if not is_address(value, allowed) or urlsplit(value).path or urlsplit(value).query or urlsplit(value).fragment:
        raise ImproperlyConfigured(
            "SITE_URL must be this portal's https address, for example: SITE_URL=https://portaal.example.be"
        )
    return value


def require_own_site(site: str, names: Collection[str]) -> None:
    """Whoever follows a link of a mail must not be refused: the portal answers to the name that it gives."""
    host = urlsplit(site).hostname or ""
    if not any(host == name.strip("[]").lower() or (name[0] == "." and f".{host}".endswith(name)) for name in names):
        raise ImproperlyConfigured(
            f"SITE_URL leads to {host}, to which this server does not answer: name it in ALLOWED_HOSTS too."
        )


def web_address(name: str, *, whole: bool = False) -> str:
    """An http or https address, unless ``whole`` without a slash at the end; empty when it is not set."""
    value = os.environ.get(name, "")
    value = value if whole else value.rstrip("/")
    if value and not is_address(value, ("http", "https")):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be an address such as http://127.0.0.1:5000.")
    return value


def server(name: str, default: str = "") -> str:
    """The name of a server that is connected to, alone."""
    value = os.environ.get(name) or default
    if value and not is_server(value):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; it must be a server's name alone, such as mail.example.be: its port is set apart."
        )
    return value


def file_or_address(name: str) -> str:
    """A file that is there, or an http or https address; empty when it is not set."""
    value = os.environ.get(name, "")
    if value.startswith(("http://", "https://")):
        return web_address(name)
    if value and not Path(value).is_file():
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a file that is there, or an https address.")
    return value


def translation_driver(url: str, key: str) -> str:
    """Which machine translates: ``off``, ``libretranslate`` (needs its address) or ``deepl`` (needs its key)."""
    driver = choice(
        "TRANSLATION_DRIVER", ("off", "libretranslate", "deepl"), default="libretranslate" if url else "off"
    )
    if driver == "libretranslate" and not url:
        raise ImproperlyConfigured("TRANSLATION_DRIVER is libretranslate; set TRANSLATION_URL to its address.")
    if driver == "deepl" and not key:
        raise ImproperlyConfigured("TRANSLATION_DRIVER is deepl; set TRANSLATION_KEY to the key of your account.")
    return driver


def demo_today() -> date:
    """The day on which the demo lives: DEMO_TODAY, or the coming 15 May (a Friday before it at the weekend)."""
    value = os.environ.get("DEMO_TODAY", "")
    if value:
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ImproperlyConfigured(f"DEMO_TODAY is {value!r}; write a day as 2027-05-14.") from error
    real = date.today()
    anchor = date(real.year if real.month < 9 else real.year + 1, 5, 15)
    return anchor - timedelta(days=max(0, anchor.weekday() - 4))
