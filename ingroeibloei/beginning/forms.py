"""What the first pages ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ingroeibloei.beginning.code import is_right
from ingroeibloei.beginning.steps import without_head
from schools import clock
from schools.models import Role, School
from schools.services.staffing import Post


class BeginForm(forms.Form):
    """The code, and who becomes the administrator."""

    code = forms.CharField(
        label=gettext_lazy("The code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )
    full_name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail address at work"), max_length=254)

    def clean_code(self) -> str:
        if not is_right(self.cleaned_data["code"]):
            raise forms.ValidationError(_("This is not the code that stands in the file."))
        return ""


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Telephone number"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class HeadForm(forms.Form):
    """The head of one of the schools that has none yet."""

    school = forms.ModelChoiceField(School.objects.none(), label=gettext_lazy("School"), empty_label=None)
    full_name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail address at work"), max_length=254)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["school"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = without_head()

    def post(self) -> Post:
        return Post(role=Role.HEAD, starts_on=clock.today(), school=self.cleaned_data["school"])
