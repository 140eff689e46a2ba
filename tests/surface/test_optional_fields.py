"""What may stay empty is called so, and what a choice elsewhere in the form asks for is not."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.urls import reverse

from parents.models import InterpreterRequest
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.reports.broken import broken
from tests.surface.test_components import render

OPTIONAL = "(mag leeg blijven)"


class Visit(forms.Form):
    day = forms.DateField(required=False)


@pytest.mark.parametrize(
    ("typed", "is_demanded", "is_called_optional"),
    [("", False, True), ("", True, False), ("morgen", False, True), ("2027-05-14", True, True)],
)
def test_an_empty_field_that_is_asked_for_is_not_called_optional(
    typed: str, is_demanded: bool, is_called_optional: bool
) -> None:
    form = Visit({"day": typed})
    form.full_clean()
    if is_demanded:
        form.add_error("day", "Zeg welke dag.")
    assert (OPTIONAL in render("{% load ui %}{{ form.day|as_field }}", form=form)) is is_called_optional


def label_of(page: str, name: str) -> str:
    """The label of a field, with what stands beside its words."""
    found = re.search(rf'<(label|legend)[^>]*(?:for="id_{name}"[^>]*)>(.*?)</\1>', page, re.DOTALL)
    assert found, name
    return found[2]


def called_optional(page: str, *names: str) -> list[str]:
    return [name for name in names if OPTIONAL in label_of(page, name)]


@pytest.mark.django_db
def test_what_another_choice_needs_is_not_called_optional(cast: Cast) -> None:
    """Of each of these the form itself, or what stands beside it, says when it is needed."""
    row, wish = broken(cast), InterpreterRequest.objects.filter(slot__round__school=cast.schools["kersenboom"])[0]
    pages = {
        reverse("conference_new"): (f"teacher_{cast.classes['3b'].pk}",),
        reverse("staff_new"): ("school_class",),
        reverse("interpreter_detail", args=[wish.pk]): ("agency",),
        reverse("breach", args=[row.pk]): ("people_told_how", "people_not_told_because"),
    }
    head = cast.client("head")
    for address, names in pages.items():
        assert called_optional(text_of(head.get(address)), *names) == [], address
    asks = text_of(cast.guardian_client("dutch_mother").get(reverse("portal_data")))
    assert called_optional(asks, "words") == [], "who wants something corrected must say what"
