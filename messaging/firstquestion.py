"""The first question to a parent: in which language and how. Asked on the page that they meet first, answered once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from parents.forms_portal import FirstQuestionForm, ReadingQuestionForm
from parents.models import Guardian
from schools import pagelanguage

#: Names of the card's forms: an answer, and "I prefer not to say".
ANSWERED, SET_ASIDE = "first", "first_aside"


def question_for(request: HttpRequest, guardian: Guardian, url: str) -> dict[str, Any]:
    """What the card shows, which posts to ``url``; empty when there is nothing to ask. The language proposed is the one
    in which the reader opened the page."""
    if not guardian.asks_first_question:
        return {}
    language = pagelanguage.chosen(request) or guardian.contact_language
    return {"first_url": url, "first_form": first_form(guardian, initial={"language": language})}


def first_form(guardian: Guardian, data: Any = None, **more: Any) -> FirstQuestionForm:
    return question_of(guardian)(data, prefix=ANSWERED, **more)


def question_of(guardian: Guardian) -> type[FirstQuestionForm]:
    """Language and reading, or reading alone where the language is known."""
    return ReadingQuestionForm if guardian.asks_reading_alone else FirstQuestionForm
