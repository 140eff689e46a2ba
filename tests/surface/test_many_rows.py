"""Fields that take several rows: a number that no row can have is an error of the form, not of the database."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms
from django.conf import settings
from django.urls import reverse

from schools.arriving import RowsField
from schools.models import Project
from tests.surface.rows import Rows

pytestmark = pytest.mark.django_db


def forms_under(kind: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for form in kind.__subclasses__():
        yield form
        yield from forms_under(form)


def test_every_field_of_several_rows_looks_at_the_numbers() -> None:
    import_module(settings.ROOT_URLCONF)
    fields = {
        f"{form.__module__}.{form.__name__}.{name}": field
        for form in forms_under(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.ModelMultipleChoiceField) and not form.__module__.startswith("django.")
    }
    assert len(fields) > 3
    assert [name for name, field in fields.items() if not isinstance(field, RowsField)] == []


@pytest.mark.parametrize("number", ["9" * 25, str(1 << 63), "²", "-1"])
def test_a_project_with_a_partner_that_cannot_be_is_refused(rows: Rows, number: str) -> None:
    project = Project.objects.all()[0]
    url = reverse("place_edit", args=["projecten", project.pk])
    assert rows.cast.client("admin").post(url, {"name": project.name, "partners": number}).status_code == 422
