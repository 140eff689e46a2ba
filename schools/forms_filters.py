"""What narrows a list of a reader of many schools, in the address of the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.models import School


class SchoolFilter(forms.Form):
    """One of the schools that the reader sees; whoever sees one alone is not asked."""

    school = forms.TypedChoiceField(label=_("School"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, schools: list[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["school"]
        field.choices = [("", _("All schools")), *((str(one.pk), one.name) for one in schools)]
        if len(schools) < 2:
            del self.fields["school"]
