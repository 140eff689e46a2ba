from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import ReportComment, ReportSummary
from schools.arriving import row_number
from schools.lines import Lines

#: About 25 printed pages: more is no chapter.
LONGEST_TEXT = 60_000


class ChapterForm(forms.Form):
    """The text of a chapter, and over which edition of it the author writes."""

    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        strip=False,
        widget=Lines(attrs={"rows": 24, "spellcheck": "true", "lang": "nl", "dir": "ltr"}),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    #: Mark of the kept text that this window writes (``ChapterDraft.mark``).
    revision = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class SummaryForm(forms.Form):
    """A sentence for each of three parts of the summary; an empty one leaves what the figures say."""

    done = forms.CharField(label=_("After what was done"), max_length=ReportSummary.LONGEST, required=False)
    schools = forms.CharField(
        label=_("After what schools and parents say"), max_length=ReportSummary.LONGEST, required=False
    )
    next_year = forms.CharField(label=_("About next year"), max_length=ReportSummary.LONGEST, required=False)
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("done", "schools", "next_year"):
            self.fields[name].widget = Lines(
                attrs={
                    "rows": 3,
                    "maxlength": ReportSummary.LONGEST,
                    "spellcheck": "true",
                    "lang": language,
                    "dir": "ltr",
                }
            )

    def sentences_and_edition(self) -> dict[str, Any]:
        """What was written, each in one line, and over which edition."""
        written = {name: " ".join(self.cleaned_data[name].split()) for name in ("done", "schools", "next_year")}
        return {"sentences": written, "edition": self.cleaned_data["edition"]}


class CommentForm(forms.Form):
    """A comment on a chapter, or an answer in the thread that ``answers`` begins."""

    text = forms.CharField(
        label=_("Comment"),
        max_length=ReportComment.LONGEST,
        widget=Lines(attrs={"rows": 3, "maxlength": ReportComment.LONGEST, "dir": "auto"}),
    )
    answers = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.answered is not None:
            self.fields["text"].label = _("Answer")

    @property
    def answered(self) -> int | None:
        """The thread in which this is an answer."""
        given = self.data.get("answers") if self.is_bound else self.initial.get("answers")
        return row_number(given) if isinstance(given, str) else given
