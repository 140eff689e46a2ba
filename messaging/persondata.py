"""The export for one guardian: what is kept, as JSON for machines and as PDF for people (GDPR art. 15 and 20)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from messaging import formats
from messaging.mailbox import titles_of
from messaging.models import Answer, Channel, Delivery, DeliveryStatus, OptOut, ThreadPost
from messaging.refusable import name_for_parents
from parents.models import DataRequest, Guardian
from parents.persondata import person, schools_of
from schools import clock, languages
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
#: Sections of the apps above this one, which bring them here when they start.
OTHER_SECTIONS: list[Callable[[Guardian, Sequence[int]], dict[str, list[dict[str, Any]]]]] = []


def data_of(request: DataRequest) -> dict[str, Any]:
    """Every section for the guardian who asks, those of the apps below first."""
    guardian, schools = request.guardian, schools_of(request)
    notices = _notices(guardian, schools)
    answers = Answer.objects.filter(guardian=guardian, notice__school_id__in=schools).select_related("notice")
    code = languages.language(get_language() or languages.MASTER).text
    ids = {row["notice_id"] for row in notices} | set(answers.values_list("notice_id", flat=True))
    titles = {pk: title for pk, (title, _code) in titles_of(guardian, ids, code).items()}
    return {
        "made_at": clock.now().astimezone(clock.BRUSSELS).isoformat(timespec="minutes"),
        **person(guardian, schools),
        "notices": [
            {
                "sent_on": _day(row["created_at"]),
                "about": titles[row["notice_id"]],
                "way": str(Channel(row["channel"]).label),
                "language": _(languages.language(row["language"]).name),
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
                "by": _("you") if row.by_guardian_id else _("the school"),
                "text": row.text,
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


def as_pdf(request: DataRequest) -> bytes:
    """The same in words, in the language of the page."""
    data = data_of(request)
    names, columns = _names(), _columns()
    sections = [
        {
            "title": str(names[key]),
            "rows": [
                [[str(columns.get(name, name)), _word(value)] for name, value in row.items() if value not in ("", None)]
                for row in rows
            ],
        }
        for key, rows in data.items()
        if isinstance(rows, list) and rows
    ]
    content = {
        "date": clock.today().isoformat(),
        "lang": languages.language(get_language() or languages.MASTER).html_lang,
        "title": _("Your data in this portal"),
        "intro": _("Made on %(day)s. Nothing of the other parent and nothing that is the CLB's alone is in it.")
        % {"day": formats.long_day(clock.today(), get_language() or languages.MASTER)},
        "name": request.guardian.full_name,
        "sections": sections,
    }
    return typeset("persondata", content)


def _word(value: Any) -> str:
    """As people read it: a day, with or without its hour, in words, and a number of a phone as they dial it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if _NUMBER.fullmatch(str(value)):
        return written_phone(str(value))
    found = _MOMENT.fullmatch(str(value))
    if found is None:
        return str(value)
    code = get_language() or languages.MASTER
    day = formats.long_day(date.fromisoformat(found["day"]), code)
    return f"{day}, {formats.hour(found['hour'], code)}" if found["hour"] else day


def _day(moment: Any) -> str:
    return clock.local_date(moment).isoformat()


def _names() -> dict[str, str]:
    return {
        "person": _("Who you are"),
        "contact_points": _("How we reach you"),
        "children": _("Your children"),
        "talks": _("Talks"),
        "earlier": _("What talks said before they were put right"),
        "follow_ups": _("Follow-up"),
        "meetings": _("Parent meetings"),
        "told": _("What you were told about meetings"),
        "gatherings": _("Gatherings"),
        "interpreters": _("Interpreters"),
        "wishes": _("Numbers and addresses you asked us to use"),
        "absences": _("Days not at school"),
        "growth": _("What goes well"),
        "consents": _("What you agreed to"),
        "requests": _("What you asked about your data"),
        "visits": _("Who looked at your data"),
        "notices": _("What was sent to you"),
        "answers": _("What you answered"),
        "conversations": _("Questions and answers"),
        "refused": _("What you do not want to get"),
        "measurements": _("Questions about the school that you are asked"),
    }


def _columns() -> dict[str, str]:
    return {
        "first_name": _("first name"),
        "last_name": _("last name"),
        "address": _("address"),
        "language": _("language"),
        "second_language": _("second language"),
        "reading": _("reading"),
        "preferred_way": _("preferred way"),
        "once_a_week": _("once a week"),
        "only_kept_since": _("only kept since"),
        "kind": _("kind"),
        "value": _("number or address"),
        "verified_on": _("confirmed on"),
        "valid_until": _("used until"),
        "name": _("name"),
        "birth_date": _("date of birth"),
        "relation": _("relation"),
        "authority": _("authority"),
        "from": _("from"),
        "until": _("until"),
        "day": _("day"),
        "school": _("school"),
        "outcome": _("outcome"),
        "tone": _("tone"),
        "line": _("what was noted"),
        "agreement": _("agreement"),
        "purpose": _("for what"),
        "child": _("child"),
        "given_on": _("given on"),
        "how": _("how"),
        "withdrawn_on": _("withdrawn on"),
        "place": _("to whom"),
        "received_on": _("received on"),
        "words": _("your words"),
        "decision": _("decision"),
        "reason": _("reason"),
        "role": _("role"),
        "organisation": _("organisation"),
        "what": _("what"),
        "by_when": _("by when"),
        "sent_on": _("sent on"),
        "way": _("way"),
        "to": _("to"),
        "state": _("state"),
        "opened_on": _("opened on"),
        "listened_on": _("listened on"),
        "understood_on": _("understood on"),
        "not_understood_on": _("said not to be understood on"),
        "answered_on": _("answered on"),
        "answered": _("answered (nobody knows what)"),
        "answer": _("answer"),
        "written_on": _("written on"),
        "by": _("by"),
        "text": _("text"),
        "about": _("about"),
        "since": _("since"),
        "meeting": _("meeting"),
        "at": _("at what time"),
        "chosen_by_you": _("chosen by you"),
        "wish": _("what you want to talk about"),
        "asked_on": _("asked on"),
        "adults": _("adults"),
        "children": _("children"),
        "decided_on": _("decided on"),
        "changed_on": _("changed on"),
    }
