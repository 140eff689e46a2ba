"""The export for one guardian: what is kept, as JSON for machines and as PDF for people (GDPR art. 15 and 20)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language, override

from messaging import exportwords, formats
from messaging.mailbox import titles_of
from messaging.models import Answer, Channel, Delivery, DeliveryStatus, OptOut, ThreadPost
from messaging.refusable import name_for_parents
from parents.models import DataRequest, Guardian
from parents.persondata import person, schools_of
from schools import clock, languages
from schools.languagenames import name_of_language
from schools.languages import MASTER, Language
from schools.marks import colon
from schools.roster.contacts import written_phone
from schools.typeset import typeset

_MOMENT = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?: (?P<hour>\d\d:\d\d))?")
_NUMBER = re.compile(r"\+[0-9]{7,15}")
#: What the guardian did with a notice, as the school sees it.
_ACTS = {
    "opened_on": "opened_at",
    "listened_on": "listened_at",
    "understood_on": "understood_at",
    "not_understood_on": "not_understood_at",
}
#: What a colleague wrote, in Dutch whatever the reader's language.
_WRITTEN_AT_SCHOOL = frozenset(
    {
        ("talks", "line"),
        ("talks", "agreement"),
        ("follow_ups", "what"),
        ("follow_ups", "reason"),
        ("meetings", "meeting"),
        ("meetings", "reason"),
        ("told", "meeting"),
        ("gatherings", "meeting"),
        ("growth", "text"),
        ("requests", "reason"),
    }
)
#: Sections of the apps above this one, which bring them here when they start.
OTHER_SECTIONS: list[Callable[[Guardian, Sequence[int]], dict[str, list[dict[str, Any]]]]] = []


class Said(str):
    """What somebody wrote, and in which language."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, words: str, code: str) -> Said:
        made = super().__new__(cls, words)
        made.code = code
        return made


def data_of(request: DataRequest) -> dict[str, Any]:
    """Every section for the guardian who asks, those of the apps below first."""
    guardian, schools = request.guardian, schools_of(request)
    notices = _notices(guardian, schools)
    answers = Answer.objects.filter(guardian=guardian, notice__school_id__in=schools).select_related("notice")
    code = languages.language(get_language() or MASTER).text
    ids = {row["notice_id"] for row in notices} | set(answers.values_list("notice_id", flat=True))
    titles = {pk: Said(*found) for pk, found in titles_of(guardian, ids, code).items()}
    return {
        "made_at": clock.now().astimezone(clock.BRUSSELS).isoformat(timespec="minutes"),
        **person(guardian, schools),
        "notices": [
            {
                "sent_on": _day(row["created_at"]),
                "about": titles[row["notice_id"]],
                "way": str(Channel(row["channel"]).label),
                "language": name_of_language(row["language"]),
                "to": row["address"],
                "state": str(DeliveryStatus(row["status"]).label),
                **{name: _day(row[key]) for name, key in _ACTS.items() if row[key]},
            }
            for row in notices
        ],
        "answers": [
            {
                "answered_on": _day(row.answered_at),
                "about": titles[row.notice_id],
                "answer": row.notice.answer_label(row.key, code),
            }
            for row in answers.order_by("-answered_at")
        ],
        "conversations": [
            {
                "written_on": _day(row.written_at),
                "by": str(exportwords.WRITERS[row.by_guardian_id is not None]),
                "text": Said(row.text, row.language),
            }
            for row in ThreadPost.objects.filter(thread__guardian=guardian, thread__school_id__in=schools).order_by(
                "written_at"
            )
        ],
        "refused": [
            {"way": str(row.get_channel_display()), "about": name_for_parents(row.category), "since": _day(row.since)}
            for row in OptOut.objects.filter(guardian=guardian)
        ],
        **{name: rows for sections in OTHER_SECTIONS for name, rows in sections(guardian, schools).items()},
    }


def _notices(guardian: Guardian, schools: Sequence[int]) -> list[dict[str, Any]]:
    rows: Any = Delivery.objects.filter(guardian=guardian, notice__school_id__in=schools).order_by("-created_at")
    return list(rows.values("created_at", "channel", "language", "address", "status", "notice_id", *_ACTS.values()))


def as_json(request: DataRequest) -> str:
    return json.dumps(data_of(request), ensure_ascii=False, indent=2)


def language_of(request: DataRequest) -> Language:
    """In which the PDF is: the language in which the guardian reads pages."""
    return languages.frame_of(request.guardian.page_language)


def as_pdf(request: DataRequest, code: str = "") -> bytes:
    """The same in words: in the guardian's language, or in that of ``code``."""
    entry = languages.language(code) if code else language_of(request)
    with override(entry.interface):
        return typeset("persondata", _content(request, entry))


def _content(request: DataRequest, entry: Language) -> dict[str, Any]:
    sections = [
        {
            "title": str(exportwords.SECTIONS[key]),
            "rows": [
                [_line(key, name, value, entry) for name, value in row.items() if value not in ("", None)]
                for row in rows
            ],
        }
        for key, rows in data_of(request).items()
        if isinstance(rows, list) and rows
    ]
    return {
        "date": clock.today().isoformat(),
        "lang": entry.html_lang,
        "title": str(exportwords.TITLE),
        "intro": str(exportwords.INTRO) % {"day": formats.long_day(clock.today(), entry.code)},
        "colon": f"{colon()} ",
        "name": (name := request.guardian.full_name),
        "name-dir": formats.way_of(name),
        "sections": sections,
    }


def _line(section: str, name: str, value: Any, entry: Language) -> dict[str, str]:
    """A label and what stands behind it, with its direction, and its language where that is not the reader's."""
    said = MASTER if (section, name) in _WRITTEN_AT_SCHOOL else getattr(value, "code", "")
    words = _word(value, entry)
    return {
        "label": str(exportwords.COLUMNS.get(name, name)),
        "value": words,
        "lang": languages.language(said or entry.code).html_lang,
        "dir": formats.way_of(words),
    }


def _word(value: Any, entry: Language) -> str:
    """As people read it: a day, with or without its hour, in words, and a number of a phone as they dial it."""
    if isinstance(value, bool):
        return str(exportwords.YES_OR_NO[value])
    if _NUMBER.fullmatch(str(value)):
        return written_phone(str(value))
    found = _MOMENT.fullmatch(str(value))
    if found is None:
        return str(value)
    try:
        day = formats.long_day(date.fromisoformat(found["day"]), entry.code)
    except ValueError:  # somebody typed it, and there is no such day
        return str(value)
    comma = "، " if entry.script == "Arab" else ", "
    return f"{day}{comma}{formats.hour(found['hour'], entry.code)}" if found["hour"] else day


def _day(moment: Any) -> str:
    return clock.local_date(moment).isoformat()
