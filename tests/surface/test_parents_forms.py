"""What parents' forms say when something is missing: in the parent's language, and not in that of the browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.utils import translation

from messaging.forms_parents import ChooseForm, CodeForm, ContactForm, QuestionForm, ShortCodeForm
from parents.forms_absences import AbsenceForm
from parents.forms_booking import BookingForm, TogetherForm
from parents.forms_mydata import AskForm
from parents.forms_signup import SignUpForm

ROOT = Path(__file__).parents[2] / "templates"
FOLDERS = ("messaging/parents", "parents/portal", "reports/questionnaire")
FORMS = (
    AbsenceForm,
    AskForm,
    BookingForm,
    ChooseForm,
    CodeForm,
    ContactForm,
    QuestionForm,
    ShortCodeForm,
    SignUpForm,
    TogetherForm,
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_browser_speaks_before_the_page_does(folder: str) -> None:
    for path in (ROOT / folder).glob("*.html"):
        for tag in re.findall(r"<form\b[^>]*class=\"form\"[^>]*>", path.read_text()):
            assert "novalidate" in tag, path.name


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_question_has_its_words(form: type[forms.Form]) -> None:
    """The line that says what is missing begins with them."""
    fields = {name: field for name, field in form.base_fields.items() if not field.widget.is_hidden}
    with translation.override("pa"):
        for name, field in fields.items():
            words = str(field.label or "")
            assert re.search("[\u0a00-\u0a7f]", words), name
