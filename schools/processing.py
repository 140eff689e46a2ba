"""The register of processing (GDPR art. 30), as declarations beside the models: for every field of a person why it is
kept and how long. Complete by a test that walks all fields of all models (``tests/surface/test_processing.py``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.conf import settings
from django.db.models import Field
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from schools.fieldwords import FIELD_WORDS

#: Legal ground of most of what is kept (domain 6.1).
PUBLIC_TASK = _("public task of school and CLB (GDPR art. 6.1.e)")
LEGAL_DUTY = _("legal duty (GDPR art. 6.1.c)")
CONSENT = _("consent (GDPR art. 6.1.a)")
GUARDIANS, PUPILS, STAFF, FAMILIES = _("guardians"), _("pupils"), _("colleagues"), _("families")


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """What a model keeps of people. ``called`` is what a reader calls its rows, all of them together. ``fields`` are
    people's, ``plain`` are fields that say nothing of a person; names apart by spaces. ``words`` call those fields that
    mean something else here than elsewhere (``schools.fieldwords``)."""

    model: str
    called: object
    about: object
    purpose: object
    until: object
    fields: str
    plain: str = ""
    ground: object = PUBLIC_TASK
    words: Mapping[str, object] = field(default_factory=dict)

    @property
    def kept(self) -> str:
        """How long, with the days that the settings say in place of their names."""
        return _SETTING.sub(lambda found: _in_words(found[0]), str(self.until))


#: As ``until`` names them: a number of days, or the last day (month, day) of a year.
_SETTING = re.compile(r"\b[A-Z]+(?:_[A-Z]+)*_(?:DAYS|UNTIL)\b")
_YEAR = 365


def _in_words(setting: str) -> str:
    value = getattr(settings, setting)
    if isinstance(value, tuple):
        return _until_day(setting) % {"day": date_format(date(2000, *value), "j F")}
    years, rest = divmod(value, _YEAR)
    if years and not rest:
        return ngettext("%(number)d year", "%(number)d years", years) % {"number": years}
    return ngettext("%(number)d day", "%(number)d days", value) % {"number": value}


def _until_day(setting: str) -> str:
    """Of which year the day is: projects end with the year of their report, all else with the school year."""
    if setting == "PROJECT_UNTIL":
        return gettext("until %(day)s of the year in which the report is due")
    return gettext("until %(day)s of the year in which the school year ends")


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the register, in words: what the table and the field are called, then what they are."""

    called: str
    name: str
    about: str
    purpose: str
    until: str
    ground: str
    model: str
    field: str


def fields_of(label: str) -> list[Field]:
    """All stored fields of a model but its number."""
    options = apps.get_model(label)._meta
    return [field for field in (*options.concrete_fields, *options.many_to_many) if not field.primary_key]


def lines(declared: Iterable[Processing]) -> Iterator[Line]:
    """The register, field by field."""
    for entry in declared:
        known = {field.name: field for field in fields_of(entry.model)}
        for name in entry.fields.split():
            words = words_of(entry, known[name]) or name
            row = (entry.called, words, entry.about, entry.purpose, entry.kept, entry.ground, entry.model, name)
            yield Line(*map(str, row))


def words_of(entry: Processing, column: Field) -> object | None:
    """What a field is called: as its declaration says, else the model, else by its name; None if nobody says it.
    Django's own name for a field that the model does not name is English, and no word of ours."""
    if column.name in entry.words:
        return entry.words[column.name]
    if isinstance(column.verbose_name, Promise):
        return column.verbose_name
    return FIELD_WORDS.get(column.name)


def gaps(declared: Iterable[Processing], without_people: Iterable[str], labels: Iterable[str]) -> list[str]:
    """What the declarations do not say: fields and models that nobody named, and names that no longer exist."""
    entries = {entry.model: entry for entry in declared}
    nobody = set(without_people)
    found = [f"{label}: declared twice" for label in nobody & set(entries)]
    for label in labels:
        if label in nobody:
            found += [f"{label}.{field.name}: points to a person" for field in fields_of(label) if _is_of_people(field)]
        elif label not in entries:
            found.append(f"{label}: not declared")
        else:
            names = [*entries[label].fields.split(), *entries[label].plain.split()]
            stored = {field.name for field in fields_of(label)}
            found += [f"{label}.{name}: not declared" for name in sorted(stored - set(names))]
            found += [f"{label}.{name}: does not exist" for name in sorted({*names, *entries[label].words} - stored)]
            found += _nameless(entries[label])
    return found + [f"{label}: does not exist" for label in (nobody | set(entries)) - set(labels)]


def _nameless(entry: Processing) -> list[str]:
    theirs = set(entry.fields.split())
    columns = [column for column in fields_of(entry.model) if column.name in theirs]
    return [f"{entry.model}.{column.name}: no words" for column in columns if not words_of(entry, column)]


#: Models whose rows are people, or stand for them.
_PEOPLE = {"schools.User", "schools.Pupil", "parents.Guardian", "parents.Family", "parents.ContactPoint"}


def _is_of_people(field: Field) -> bool:
    return field.related_model is not None and field.related_model._meta.label in _PEOPLE
