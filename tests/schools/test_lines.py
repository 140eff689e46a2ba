"""What just fits in the browser is not refused for its line breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver

from messaging.forms_parents import QuestionForm
from parents.forms_booking import WishForm
from schools.lines import Lines

OURS = ("schools.", "parents.", "messaging.", "reports.", "ingroeibloei.")


@pytest.mark.parametrize(
    ("form", "name", "longest"), [(QuestionForm, "text", 2000), (lambda data: WishForm(data, ways=[]), "note", 300)]
)
def test_a_line_break_is_one_sign_as_the_browser_counts(form: type[forms.Form], name: str, longest: int) -> None:
    lines = "\r\n".join(["ja"] * (longest // 3)).ljust(longest + longest // 3 - 1, "a")
    data = QueryDict(mutable=True)
    data.update({name: lines, "way": "SCHOOL"})
    filled = form(data)
    assert filled.is_valid(), filled.errors
    assert len(filled.cleaned_data[name]) == longest
    data[name] = lines + "a"
    assert not form(data).is_valid()


def forms_of(kind: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for known in kind.__subclasses__():
        yield known
        yield from forms_of(known)


def test_every_field_of_several_lines_counts_so(client: Client) -> None:
    assert get_resolver().url_patterns, "every module of forms is loaded with the pages"
    ours = {form for form in forms_of(forms.BaseForm) if form.__module__.startswith(OURS)}
    areas = [
        (form.__name__, name, type(field.widget))
        for form in ours
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.Textarea)
    ]
    assert len(areas) > 15
    assert [area for area in areas if not issubclass(area[2], Lines)] == []
