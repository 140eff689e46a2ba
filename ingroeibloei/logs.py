"""Logs tell what happened, never to whom: tokens, addresses and numbers are cut out before a line is written."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

from django.core.exceptions import BadRequest, ImproperlyConfigured, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError

from schools.takesnothing import takes_nothing

_SECRETS = re.compile(
    r"(/b/|/ouders/code/|/ouders/poort/|/meting/tablet/|/kalender/|/wachtwoord/nieuw/|/uitnodiging/)[^\s/\"'?]+"
)
#: What the gateway brings stands in the address: the key, a number, a parent's words.
_MESSAGE = re.compile(r"(/haken/sms/antwoord/)\?[^\s\"']*")
#: Each run of letters is taken at once, address or none: from each of its letters anew, one of eight thousand, as a
#: visitor may send for the name of this server, took a second.
_ADDRESS = re.compile(r"[\w.!#$%&'*+=?^`{|}~-]+(@[\w-]+(?:\.[\w-]+)+)?")
_PHONE = re.compile(r"(?<![\w.:/-])(\+\d|0)(?:[ ./()-]?\d){8,13}(?![\w.:-])")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
#: Errors whose words come from programs and machines. Any other's may be what somebody typed.
_TECHNICAL = (OSError, DatabaseError, ImproperlyConfigured, ImportError, NameError, AttributeError, TypeError)

#: How PostgreSQL calls a connection that is none; beside it a server that stops or starts, and one that is full.
_NO_CONNECTION = "080"

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def redact(text: str) -> str:
    """The text with every token of a personal link, parent's text message, e-mail address and phone number replaced."""
    text = _MESSAGE.sub(r"\1…", text)
    text = _ADDRESS.sub(lambda run: "…" if run[1] else run[0], _SECRETS.sub(r"\1…", text))
    return _PHONE.sub("…", text)


class RedactTokens(logging.Filter):
    """Cuts tokens, addresses and numbers out of log lines, and line breaks that would forge one."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage()).replace("\r", "\\r").replace("\n", "\\n")
        record.args = None
        return True


class VisitorsFaults(logging.Filter):
    """What is refused of a visitor, such as a name that this server does not have or an address that nobody types, is
    one line, and no place in a program: whoever tries doors of machines would write pages of it each day."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], (BadRequest, SuspiciousOperation)):
            record.exc_info = record.exc_text = None
        return True


class WhatIsAway(logging.Filter):
    """Of a database or a Redis that does not answer, or takes nothing in, each request and each ring of beat says so:
    one line tells where, and of what. Fifty lines of the program for each would fill a disk in a night, and tell
    nothing more."""

    def filter(self, record: logging.LogRecord) -> bool:
        found = _away_in(record.exc_info[1] if record.exc_info else None)
        if found is not None:
            words = record.getMessage().partition("\n")[0]  # below it beat writes where it stands, as words
            kind, line = type(found).__name__, first_line(found)
            record.msg = f"{words}: {kind}: {line}" if line and kind not in words else words
            record.args = record.exc_info = record.exc_text = None
        return True


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came of."""
    for _step in range(5):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _away_in(error: BaseException | None) -> BaseException | None:
    """What is away, if the error says that. A mistake of ours that was made while that was handled says something else:
    one of the language's own kinds, raised from nothing. Programs that carry messages wrap in kinds of their own."""
    for _step in range(5):
        if error is None or _is_away(error):
            return error
        is_mistake = type(error).__module__ == "builtins" and not isinstance(error, OSError)
        error = error.__cause__ or (None if is_mistake or error.__suppress_context__ else error.__context__)
    return None


def _is_away(error: BaseException) -> bool:
    """Not a mistake in a question, nor a disk that is full: that is a place in the program."""
    redis = sys.modules.get("redis")  # whoever raises its errors has it; a log needs neither program
    if redis is not None and isinstance(error, (redis.ConnectionError, redis.TimeoutError)):
        return True
    if takes_nothing(error):
        return True
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    code: str | None = getattr(error.__cause__, "pgcode", "")  # None where no server said one; SQLite knows none
    return (_NO_CONNECTION if code is None else code)[:3] in (_NO_CONNECTION, "57P", "533")


class LineFormatter(logging.Formatter):
    """Where a program went wrong and by which kind of error. What an error quotes is often a row of somebody."""

    def formatException(self, ei: _Raised) -> str:
        parts = [
            f"{''.join(traceback.format_tb(error.__traceback__))}{type(error).__name__}: {first_line(error)}"
            for error in _chain(ei[1])
        ]
        return "\n".join(reversed(parts))


class JsonFormatter(LineFormatter):
    """One object for each line, for programs that gather logs."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """With its distance from UTC: an hour in October comes twice."""
        return datetime.fromtimestamp(record.created, UTC).astimezone().isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        found = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request", ""),
            "task": getattr(record, "task", ""),
            "error": self.formatException(record.exc_info) if record.exc_info else "",
        }
        return json.dumps({name: value for name, value in found.items() if value}, ensure_ascii=False)


def first_line(error: BaseException) -> str:
    """The first line of a technical error without what it quotes: databases show the refused row below that line."""
    lines = str(error).splitlines() if isinstance(error, _TECHNICAL) else []
    return redact(_QUOTED.sub("'…'", lines[0]))[:200] if lines else ""
