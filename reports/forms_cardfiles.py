"""A file for a card of the draaiboek."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.files.checking import CheckedFile, checked
from messaging.files.limits import Refusal, Refused
from reports.cardfiles import KINDS, WHY_REFUSED
from reports.models.cardfiles import CARD_FILE_BYTES
from schools.languages import LANGUAGES, MASTER

#: What the computer offers to choose from; what is accepted is decided by the content.
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.odt"


class CardFileForm(forms.Form):
    """A file and what it is called. ``cleaned_data["file"]`` is the file opened and cleaned."""

    title = forms.CharField(
        label=gettext_lazy("What is it?"),
        max_length=80,
        help_text=gettext_lazy("In the language of the file, without names. For example: attendance sheet."),
    )
    language = forms.ChoiceField(label=gettext_lazy("In which language is it?"), required=False, initial=MASTER)
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy(
            "A PDF, a picture, a Word document or an OpenDocument text of at most 2 MB. Everybody can open it on the "
            "website of the draaiboek: nobody may be in it. Who wrote it is removed from it."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def __init__(self, *args: Any, languages: Iterable[str], is_too_big: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["language"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared above
        names = {code: LANGUAGES[code].own_name for code in languages if code}
        choice.choices = [*names.items(), *([("", _("There are no words in it"))] if "" in languages else [])]
        choice.required = "" not in languages
        choice.has_answer = True  # type: ignore[attr-defined]
        if is_too_big:
            self.fields["file"].error_messages["required"] = str(WHY_REFUSED[Refusal.TOO_BIG])

    def clean_file(self) -> CheckedFile:
        upload = self.cleaned_data["file"]
        try:
            if upload.size > CARD_FILE_BYTES:
                raise Refused(Refusal.TOO_BIG)
            return checked(upload.read(), KINDS, CARD_FILE_BYTES)
        except Refused as refusal:
            raise forms.ValidationError(WHY_REFUSED[refusal.reason], code=refusal.reason.value) from refusal
