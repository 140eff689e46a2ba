from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from messaging import formats
from messaging.files.limits import MAX_BYTES, Refusal, Refused
from messaging.files.listening import CheckedSound, checked_sound
from schools.languages import contact_choices

#: What the phone or computer offers to choose from; what is accepted is decided by the content.
ACCEPTED = "audio/*,.m4a,.mp3,.ogg,.opus,.wav,.webm"
#: What is wrong with a recording and what to do.
WHY_REFUSED = {
    Refusal.EMPTY: _("This recording is empty. Record it again, or choose another file."),
    Refusal.TOO_BIG: _("This recording is too large. Make it shorter, or record it here in the page."),
    Refusal.UNKNOWN: _("This is no recording that phones play (M4A, MP3, Ogg, WAV, WebM). Record it here in the page."),
    Refusal.BROKEN: _("This recording cannot be played: it is damaged, or it is not what its name says."),
    Refusal.EXPANDS: _("This recording cannot be played: it is damaged, or it is not what its name says."),
    Refusal.TOO_SHORT: _("This recording is shorter than a second. Record it again."),
    Refusal.TOO_LONG: _("This recording is longer than three minutes. Tell only what parents must know."),
}


class RecordingForm(forms.Form):
    """A voice in one language. ``cleaned_data["sound"]`` is the recording checked and made small."""

    language = forms.ChoiceField(choices=contact_choices, widget=forms.HiddenInput)
    sound = forms.FileField(
        label=_("Recording"),
        help_text=_("At most three minutes. A recording of your phone is fine too."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED, "data-recording": ""}),
        allow_empty_file=True,
        error_messages={"required": _("Record the text first, or choose a file.")},
    )
    speaker = forms.CharField(
        label=_("Whose voice is it?"),
        max_length=60,
        required=False,
        help_text=_("If it is not yours. Parents do not see this."),
    )

    def __init__(self, *args: Any, is_too_big: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_too_big:
            self.fields["sound"].error_messages["required"] = WHY_REFUSED[Refusal.TOO_BIG]

    def clean_speaker(self) -> str:
        return formats.plain(self.cleaned_data["speaker"])

    def clean_sound(self) -> CheckedSound:
        upload = self.cleaned_data["sound"]
        try:
            if upload.size > MAX_BYTES:
                raise Refused(Refusal.TOO_BIG)
            return checked_sound(upload.read(), settings.FFMPEG)
        except Refused as refusal:
            raise forms.ValidationError(WHY_REFUSED[refusal.reason], code=refusal.reason.value) from refusal
