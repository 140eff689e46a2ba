"""A roster's preview and findings in the reader's words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext

from parents.models import Authority, ReadingMode
from parents.roster.whole import WholePlan
from schools import languages
from schools.days import full_day
from schools.models import RosterFinding, RosterUpload
from schools.roster.plan import Deed, Kind
from schools.roster.planwords import FIELDS, NOTES, STEPS, in_words
from schools.roster.progress import how_far
from schools.roster.rows import Finding, Place, Severity
from schools.roster.sentences import sentence_of
from schools.roster.wording import where

ICONS = {Kind.CLASS: "school", Kind.PUPIL: "backpack", Kind.GUARDIAN: "user-round"}
TONES = {Severity.ERROR: "brick", Severity.WARNING: "sun", Severity.NOTE: "sky"}
_DAYS = frozenset({"from", "until", "birth_date"})
_LANGUAGES = frozenset({"contact_language", "home_language", "own_language", "own_home_language"})
_CHOICES: dict[str, Any] = {
    "authority": Authority,
    "seen_authority": Authority,
    "reading_mode": ReadingMode,
    "own_reading": ReadingMode,
}


def line_in_words(line: dict[str, Any]) -> dict[str, Any]:
    """One class, pupil or guardian of the preview."""
    return {
        "icon": ICONS[Kind(line["kind"])],
        "kind": kind_label(line["kind"]),
        "name": line["name"],
        "place": line["place"],
        "changes": [
            {"label": FIELDS.get(name, name), "old": _shown(name, old), "new": _shown(name, new)}
            for name, old, new in line["changes"]
            if name != "source"
        ],
        "notes": [in_words(NOTES, code, {"value": _shown(code, value)}) for code, value in line["notes"]],
    }


def steps() -> list[str]:
    """The way of a list, in four words."""
    return [gettext("File"), gettext("Columns"), gettext("Look"), gettext("Brought in")]


def summary(upload: RosterUpload) -> list[dict[str, Any]]:
    """A row for classes, pupils and guardians: how many are new, changed, leave, stay."""
    return [
        {
            "label": kind_label(kind.value),
            "icon": ICONS[kind],
            "cells": [{"label": deed_label(deed), "count": upload.count(kind.value, deed.value)} for deed in Deed],
        }
        for kind in Kind
    ]


def in_short(plan: WholePlan) -> list[str]:
    """What a typed line comes to, each in a sentence."""
    counts = plan.counts()
    new, known = counts["guardian"]["create"], sum(line.notes[:1] == [("known_adult", "")] for line in plan.lines)
    joins = [row for row in plan.adults.new_memberships if row.family.pk]
    said = [
        (counts["class"]["create"], gettext("A new class.")),
        (counts["pupil"]["create"], gettext("A new child.")),
        (_coming_back(plan), gettext("A child who comes back.")),
        (new, ngettext("%(number)d new adult.", "%(number)d new adults.", new) % {"number": new}),
        (
            known,
            ngettext(
                "%(number)d adult whom the school knows already.",
                "%(number)d adults whom the school knows already.",
                known,
            )
            % {"number": known},
        ),
        (len(joins), gettext("The child joins a family that the school knows: they share an adult.")),
    ]
    return [sentence for number, sentence in said if number]


def _coming_back(plan: WholePlan) -> int:
    return sum(line.kind is Kind.PUPIL and line.deed is Deed.CHANGE for line in plan.children.lines)


def kind_label(kind: str) -> str:
    return {Kind.CLASS: gettext("class"), Kind.PUPIL: gettext("pupil"), Kind.GUARDIAN: gettext("guardian")}[Kind(kind)]


def deed_label(deed: str) -> str:
    return {
        Deed.CREATE: gettext("New"),
        Deed.CHANGE: gettext("Changed"),
        Deed.END: gettext("Leaves"),
        Deed.LEAVE: gettext("As it was"),
    }[Deed(deed)]


def severity_label(severity: str) -> str:
    return {
        Severity.ERROR: gettext("Errors"),
        Severity.WARNING: gettext("Warnings"),
        Severity.NOTE: gettext("Notes"),
    }[Severity(severity)]


def finding_in_words(row: RosterFinding) -> dict[str, str]:
    """Where it is, how much it matters, and what to do."""
    place = Place(row.file, row.row, row.column)
    severity = Severity(row.severity)
    return {
        "tone": TONES[severity],
        "severity": {
            Severity.ERROR: gettext("error"),
            Severity.WARNING: gettext("warning"),
            Severity.NOTE: gettext("note"),
        }[severity],
        "where": where(place),
        "sentence": sentence_of(Finding(severity, row.code, place, row.values)),
    }


def progress_in_words(upload: RosterUpload) -> dict[str, Any]:
    """The step that a process is at, in words, with done and total where they are known."""
    far = how_far(upload.pk)
    return {
        "label": STEPS.get(far.get("step", ""), gettext("It begins in a moment")),
        "done": far.get("done", 0),
        "total": far.get("total", 0),
    }


def _shown(name: str, value: str) -> str:
    if not value:
        return ""
    if name in _DAYS:
        return full_day(date.fromisoformat(value))
    if name in _LANGUAGES:
        if value == languages.PREFERS_NOT_TO_SAY:
            return gettext("prefers not to say")
        return languages.language(value).own_name
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    return value
