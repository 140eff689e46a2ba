from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging import formats
from messaging.attachments import FILE_LANGUAGES
from messaging.files.checking import CheckedFile, checked
from messaging.files.limits import MAX_BYTES, Refusal, Refused
from schools.languages import LANGUAGES, MASTER

#: What the phone or computer offers to choose from; what is accepted is decided by the content.
ACCEPTED = "application/pdf,image/jpeg,image/png,image/webp"
#: What is wrong with a file and what to do.
WHY_REFUSED = {
    Refusal.EMPTY: _("This file is empty. Choose another one."),
    Refusal.TOO_BIG: _("This file is too large. It may be at most 5 MB: take fewer pages, or a smaller picture."),
    Refusal.UNKNOWN: _("This is not a PDF and not a picture (JPEG, PNG or WebP). Save it as a PDF first."),
    Refusal.BROKEN: _(
        "This file cannot be opened: it is damaged, or it is not what its name says. "
        "Save it once more as a PDF or a picture."
    ),
    Refusal.LOCKED: _("This PDF is protected with a password. Save it without protection: parents have no password."),
    Refusal.ACTIVE: _(
        "This PDF does something by itself (a script, a form that sends, sound or film). "
        "Print it to a new PDF and choose that one."
    ),
    Refusal.HOLDS_FILES: _("Other files are packed into this PDF. Print it to a new PDF and choose that one."),
    Refusal.TOO_MANY_PAGES: _("This PDF has too many pages. Take only those that parents need."),
    Refusal.TOO_MANY_PIXELS: _("This picture is too large to open on a phone. Make it smaller and choose it again."),
    Refusal.EXPANDS: _(
        "This file unpacks to something too large for a phone. Print it to a new PDF and choose that one."
    ),
}


class AttachmentForm(forms.Form):
    """A file for a draft and what parents read about it. ``cleaned_data["file"]`` is the file opened and cleaned."""

    title = forms.CharField(
        label=_("What is it?"),
        max_length=80,
        help_text=_("Parents read these words before they open it. For example: the menu of May."),
    )
    language = forms.ChoiceField(
        label=_("In which language is it?"),
        required=False,
        initial=MASTER,
        help_text=_("Parents who read another language are told before they open it."),
    )
    file = forms.FileField(
        label=_("The file"),
        help_text=_(
            "A PDF or a picture (JPEG, PNG or WebP) of at most 5 MB. "
            "Where and when a photograph was taken is removed from it."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )

    def __init__(self, *args: Any, is_too_big: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["language"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared above
        names = [(code, LANGUAGES[code].own_name) for code in FILE_LANGUAGES]
        choice.choices = [*names, ("", _("There are no words in it"))]
        choice.has_answer = True  # type: ignore[attr-defined]
        if is_too_big:
            self.fields["file"].error_messages["required"] = WHY_REFUSED[Refusal.TOO_BIG]

    def clean_title(self) -> str:
        title = formats.plain(self.cleaned_data["title"])
        if not title:  # nothing but invisible characters: the link to the file would have no name
            raise forms.ValidationError(self.fields["title"].error_messages["required"], code="required")
        return title

    def clean_file(self) -> CheckedFile:
        upload = self.cleaned_data["file"]
        try:
            if upload.size > MAX_BYTES:
                raise Refused(Refusal.TOO_BIG)
            return checked(upload.read())
        except Refused as refusal:
            raise forms.ValidationError(WHY_REFUSED[refusal.reason], code=refusal.reason.value) from refusal
