"""The register of processing says of every field of every model what it is for, or that it is nobody's."""

from __future__ import annotations

import re
from dataclasses import replace

import polib
import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation

from ingroeibloei import catalogs
from reports.register import PROCESSING, WITHOUT_PEOPLE
from schools.fieldwords import FIELD_WORDS
from schools.own_processing import PROCESSING as OF_SCHOOLS
from schools.processing import fields_of, gaps, lines
from tests.surface.rows import Rows

LABELS = [
    model._meta.label
    for app in ("schools", "parents", "messaging", "reports")
    for model in apps.get_app_config(app).get_models()
]


def test_every_field_is_declared() -> None:
    assert gaps(PROCESSING, WITHOUT_PEOPLE, LABELS) == []


def test_the_check_itself_finds_what_is_missing() -> None:
    without_user = [entry for entry in OF_SCHOOLS if entry.model != "schools.User"]
    assert gaps(without_user, [], ["schools.User"])[0] == "schools.User: not declared"
    assert "parents.Consent.guardian: points to a person" in gaps([], ["parents.Consent"], ["parents.Consent"])


def test_the_check_finds_a_field_that_nobody_calls_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    reminder = next(entry for entry in OF_SCHOOLS if entry.model == "schools.ReviewReminder")
    assert gaps([reminder], [], [reminder.model]) == []
    monkeypatch.delitem(FIELD_WORDS, "sent_at")
    assert gaps([reminder], [], [reminder.model]) == ["schools.ReviewReminder.sent_at: no words"]
    called = replace(reminder, words={"sent_at": "sent on", "gone": "gone"})
    assert gaps([called], [], [reminder.model]) == ["schools.ReviewReminder.gone: does not exist"]


@pytest.mark.parametrize("code", ["nl", "fr"])
def test_each_table_and_field_is_called_something_in_the_language_of_the_reader(code: str) -> None:
    """A word that is the same in both languages must be a translation, not what Django made of the program's names."""
    with translation.override("en"):
        english = list(lines(PROCESSING))
    with translation.override(code):
        theirs = list(lines(PROCESSING))
    written = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogs.path_of(code)))}
    for ours, line in zip(english, theirs, strict=True):
        for here, there in ((ours.called, line.called), (ours.name, line.name)):
            assert there, line
            assert there != here or written.get(here) == there, line


def test_the_fields_of_one_table_are_told_apart() -> None:
    for code in ("nl", "fr"):
        with translation.override(code):
            names = [(line.model, line.name) for line in lines(PROCESSING)]
            assert sorted({name for name in names if names.count(name) > 1}) == []
            called = [str(entry.called) for entry in PROCESSING]
            assert len(set(called)) == len(called)


def test_no_words_wait_for_a_field_that_is_gone() -> None:
    names = {name for entry in PROCESSING for name in entry.fields.split()}
    assert sorted(set(FIELD_WORDS) - names) == []


@pytest.mark.parametrize("entry", PROCESSING, ids=lambda entry: entry.model)
def test_each_says_why_and_how_long(entry: object) -> None:
    assert str(entry.purpose)  # type: ignore[attr-defined]
    assert str(entry.until)  # type: ignore[attr-defined]


def test_names_of_settings_in_it_exist(settings: object) -> None:
    words = {word.strip(",.") for entry in PROCESSING for word in str(entry.until).split()}
    names = {word for word in words if "_" in word}
    assert names
    assert [name for name in names if not hasattr(settings, name)] == []


@pytest.mark.django_db
def test_the_operator_reads_it_and_takes_it_along(rows: Rows) -> None:
    client = rows.cast.client("admin")
    page = client.get(reverse("processing_register")).content.decode()
    assert "parents.Guardian" in page
    assert "Herinneringen aan opdrachten die op een beslissing wachten" in page
    text = client.get(reverse("processing_register_csv")).content.decode()
    assert "nummers en adressen van ouders;adres of nummer;" in text
    assert "parents.ContactPoint;value" in text
    assert "herinneringen aan opdrachten die op een beslissing wachten;verzonden op;" in text
    assert text.count("\r\n") == len(list(lines(PROCESSING))) + 2


@pytest.mark.django_db
def test_it_says_how_long_in_days_and_not_in_names_of_settings(rows: Rows) -> None:
    client = rows.cast.client("director_vclb")
    for name in ("processing_register", "processing_register_csv"):
        words = client.get(reverse(name)).content.decode()
        assert not re.search(r"[A-Z]_(?:DAYS|UNTIL)", words), name
        notes = "woorden tot en met 30 september van het jaar waarin het schooljaar eindigt"
        report = "tot en met 31 december van het jaar waarin het verslag ingediend wordt"
        for kept in ("731 dagen", "5 jaar na de beslissing", notes, report):
            assert kept in words, name


def test_no_field_of_a_never_kind_exists() -> None:
    """Domain 6.5: what is never kept has no place to be kept in."""
    never = {"nationality", "birth_place", "religion", "national_number", "income", "health", "gender", "race"}
    assert {field.name for label in LABELS for field in fields_of(label)} & never == set()
