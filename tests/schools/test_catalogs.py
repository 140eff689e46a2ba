"""The check of the catalogs fails on everything that would show a parent English, Dutch or a broken sentence."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import polib
import pytest
from django import forms
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.utils import translation

from ingroeibloei import borrowed, catalogs
from ingroeibloei.plurals import PLURALS
from messaging.forms_parents import BirthdayForm, ChooseForm, CodeForm, ContactForm, QuestionForm, ShortCodeForm
from parents.forms_portal import DigestForm, LanguageForm, NewContactForm, PointForm, ReadingForm
from schools.languages import INTERFACE_CODES, STAFF_CODES


@pytest.fixture
def copy(tmp_path: Path, settings: Any) -> Path:
    """The project's catalogs, to be broken."""
    shutil.copytree(Path(project.BASE_DIR) / "locale", tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    settings.BASE_DIR = tmp_path
    return tmp_path


def broken(code: str, change: Callable[[polib.POFile], None]) -> list[str]:
    """What the check finds that it did not find before."""
    before = set(catalogs.findings([code]))
    path = catalogs.path_of(code)
    catalog = polib.pofile(str(path))
    change(catalog)
    catalog.save(str(path))
    return sorted(set(catalogs.findings([code])) - before)


def for_parents(catalog: polib.POFile, *, plural: bool = False, mark: str = "") -> polib.POEntry:
    """A translated text that parents read."""
    return next(
        entry
        for entry in catalog
        if catalogs.is_for_parents(entry)
        and entry.translated()
        and bool(entry.msgid_plural) == plural
        and mark in entry.msgid
    )


@pytest.mark.usefixtures("copy")
class TestABrokenCopy:
    def test_a_text_without_translation(self) -> None:
        def change(catalog: polib.POFile) -> None:
            for_parents(catalog).msgstr = ""

        assert "ps: not translated" in broken("ps", change)[0]

    def test_staff_texts_are_needed_in_three_languages_only(self) -> None:
        def change(catalog: polib.POFile) -> None:
            next(entry for entry in catalog if not catalogs.is_for_parents(entry) and entry.msgstr).msgstr = ""

        assert "fr: not translated" in broken("fr", change)[0]
        entry = next(entry for entry in polib.pofile(str(catalogs.path_of("so"))) if not catalogs.is_for_parents(entry))
        assert not [line for line in catalogs.findings() if line.startswith("so: not") and entry.msgid[:40] in line]

    def test_a_fuzzy_text(self) -> None:
        def change(catalog: polib.POFile) -> None:
            for_parents(catalog).flags.append("fuzzy")

        assert "ar: fuzzy" in broken("ar", change)[0]

    @pytest.mark.parametrize(("old", "new"), [("%(", "%(x"), ("%(day)s", "")])
    def test_another_placeholder(self, old: str, new: str) -> None:
        def change(catalog: polib.POFile) -> None:
            entry = for_parents(catalog, mark="%(day)s")
            entry.msgstr = entry.msgstr.replace(old, new)

        assert "so: other placeholders" in broken("so", change)[0]

    def test_a_mark_that_a_line_of_french_may_begin_with(self) -> None:
        """But not in a text message: its alphabet has no no-break space."""

        def loosen(catalog: polib.POFile) -> None:
            entry = next(entry for entry in catalog if "\u00a0:" in entry.msgstr)
            entry.msgstr = entry.msgstr.replace("\u00a0:", " :")

        assert "fr: a mark that may begin a line" in broken("fr", loosen)[0]
        catalog = polib.pofile(str(catalogs.path_of("fr")))
        texted = [entry for entry in catalog if "templates/sms/notice_link.txt" in dict(entry.occurrences)]
        assert [entry for entry in texted if " :" in entry.msgstr]
        assert not [entry for entry in texted if "\u00a0" in entry.msgstr]

    def test_a_plural_form_too_few(self) -> None:
        def change(catalog: polib.POFile) -> None:
            entry = for_parents(catalog, plural=True)
            entry.msgstr_plural = {number: text for number, text in entry.msgstr_plural.items() if number < 2}

        assert "ar: 2 plural forms instead of 6" in broken("ar", change)[0]

    def test_a_plural_form_that_is_empty(self) -> None:
        def change(catalog: polib.POFile) -> None:
            for_parents(catalog, plural=True).msgstr_plural[2] = ""

        assert "pl: not translated" in broken("pl", change)[0]

    @pytest.mark.parametrize("rule", ["nplurals=2; plural=(n != 1);", ""])
    def test_the_plural_rule_of_another_language(self, rule: str) -> None:
        def change(catalog: polib.POFile) -> None:
            catalog.metadata["Plural-Forms"] = rule

        assert "uk: other plural rules than those of the language" in broken("uk", change)

    @pytest.mark.parametrize("code", ["ps", "so", "pa"])
    def test_no_catalog_at_all(self, code: str) -> None:
        catalogs.path_of(code).unlink()
        assert f"{code}: no catalog. A language without one silently shows Dutch." in list(catalogs.findings([code]))
        assert {line.done for line in catalogs.coverage() if line.language == code} == {0}


@pytest.mark.usefixtures("copy")
def test_the_command_fails_and_leaves_the_catalogs_as_they_are() -> None:
    path = catalogs.path_of("ar")
    catalog = polib.pofile(str(path))
    for_parents(catalog).flags.append("fuzzy")
    catalog.save(str(path))
    before, said = path.read_bytes(), StringIO()
    with pytest.raises(CommandError, match="to mend in the catalogs"):
        call_command("catalogs", "--check", stderr=said)
    assert "ar: fuzzy" in said.getvalue()
    assert path.read_bytes() == before


def test_the_report_counts_each_audience_of_each_language() -> None:
    lines = {(line.language, line.audience): line for line in catalogs.coverage()}
    assert set(lines) == {(code, "parents") for code in INTERFACE_CODES} | {(code, "staff") for code in STAFF_CODES}
    needed = {line.needed for (_code, audience), line in lines.items() if audience == "parents"}
    assert len(needed) == 1
    assert needed.pop() > 200
    said = StringIO()
    call_command("catalogs", "--report", stdout=said)
    assert len(said.getvalue().splitlines()) == len(INTERFACE_CODES) + len(STAFF_CODES)


#: Other words for what the rest of the Dutch or French calls by one word: a talk or gathering that is called off, an
#: account; the person who runs the portal, a hidden cell, an e-mail, a way to mark gender that no voice reads well.
OTHER_WORDS = {
    "nl": r"afgelast|gesprek.*annuler|worden geannuleerd|\b[Dd]e(ze)? account\b",
    "fr": r"(l’|un |votre )administrateur|cellules? (est|sont) masqu|courriel|\bdu e-mail|\(e\)",
}


@pytest.mark.parametrize("code", sorted(OTHER_WORDS))
def test_staff_read_one_word_for_one_thing_and_curled_apostrophes(code: str) -> None:
    """Only text messages, with the words that they take from elsewhere, keep the straight ' of the phone."""
    rows = [entry for entry in polib.pofile(str(catalogs.path_of(code))) if not entry.obsolete]
    texted = (*catalogs.TEXTED, "parents/gatheringwords.py")
    found = [
        text
        for row in rows
        for text in (row.msgstr, *row.msgstr_plural.values())
        if re.search(OTHER_WORDS[code], text)
        or ("'" in text and not any(place.startswith(texted) for place, _line in row.occurrences))
    ]
    assert len(rows) > 3000
    assert found == []


@pytest.mark.parametrize("code", INTERFACE_CODES)
def test_every_language_can_be_spoken(code: str) -> None:
    """Without a compiled catalog Django falls back to Dutch and says nothing."""
    catalogs.compile_all()
    assert translation.check_for_language(code)
    assert translation.get_supported_language_variant(code, strict=True) == code
    assert set(PLURALS) == set(INTERFACE_CODES)


def test_django_lends_what_it_has_and_nothing_it_lacks() -> None:
    entry = polib.POEntry(msgid="This field is required.")
    catalogs.borrow(entry, "ps")
    assert entry.msgstr == ""
    catalogs.borrow(entry, "pl")
    assert entry.msgstr == "To pole jest wymagane."


FORMS: tuple[Callable[[dict[str, str]], forms.Form], ...] = (
    ContactForm,
    CodeForm,
    BirthdayForm,
    QuestionForm,
    ShortCodeForm,
    LanguageForm,
    ReadingForm,
    DigestForm,
    lambda data: ChooseForm(data, guardians=[]),
    lambda data: NewContactForm(data, points=[]),
    lambda data: PointForm(data, points=[]),
)


def errors(code: str, form_of: Callable[[dict[str, str]], forms.Form], typed: str) -> list[str]:
    with translation.override(code):
        names = list(form_of({}).fields)
        form = form_of(dict.fromkeys(names, typed))
        return [str(text) for found in form.errors.values() for text in found]


@pytest.mark.parametrize("code", [code for code in INTERFACE_CODES if code != "en"])
def test_no_error_of_a_parents_form_stays_english(code: str) -> None:
    """Whatever is typed: nothing, nonsense, too much. Django's own words that we borrow count as known: the check of
    the catalogs asks for their translation."""
    waiting = {str(borrowed.TOO_LONG % {"limit_value": limit, "show_value": 9000}) for limit in (20, 30, 254, 2000)}
    english = [(form_of, typed, errors("en", form_of, typed)) for form_of in FORMS for typed in ("", "x", "y" * 9000)]
    assert any(found for _form, _typed, found in english)
    for form_of, typed, found in english:
        own = errors(code, form_of, typed)
        assert len(own) == len(found)
        assert not [text for text, same in zip(own, found, strict=True) if text == same and text not in waiting]
