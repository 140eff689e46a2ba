from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

#: About 25 printed pages: more is no chapter.
LONGEST_TEXT = 60_000


class ChapterForm(forms.Form):
    """The text of a chapter, and over which edition of it the author writes."""

    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true", "lang": "nl", "dir": "ltr"}),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")
