"""Which chapters a fund asks for: in which order, under which titles, and which of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.chapters import CHAPTERS
from reports.evaluation.outlines import LONGEST_OPENING, MOST_CHAPTERS, Entry
from reports.models import ReportChapter
from schools.lines import Lines

_TITLE = ReportChapter._meta.get_field("title").max_length


class OutlineForm(forms.Form):
    """A row for each chapter: its place, empty where it is left out, and its title; own ones with an opening text. The
    last row is for one more."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, data: Any = None, *, entries: list[Entry], edition: int) -> None:
        super().__init__(data, initial={"edition": edition})
        present = {entry.plan for entry in entries}
        left_out = [Entry(plan.number, plan.title) for plan in CHAPTERS if plan.number and plan.number not in present]
        self._rows = [*entries, *left_out, Entry(None, "")]
        for number, entry in enumerate(self._rows):
            place = number + 1 if number < len(entries) else None
            is_new = number == len(self._rows) - 1
            self.fields[f"place-{number}"] = forms.IntegerField(
                label=_("Place"), required=False, min_value=1, max_value=99, initial=place
            )
            self.fields[f"title-{number}"] = forms.CharField(
                label=_("Title"), max_length=_TITLE, required=not is_new, initial=entry.title
            )
            if entry.plan is None:
                self.fields[f"text-{number}"] = forms.CharField(
                    label=_("Opening text"), max_length=LONGEST_OPENING, required=False, initial=entry.text,
                    widget=Lines(attrs={"rows": 3, "lang": "nl", "dir": "ltr"}),
                )  # fmt: skip
            whose = _("One more chapter") if is_new else entry.title
            for name in {f"{part}-{number}" for part in ("place", "title", "text")} & self.fields.keys():
                self.fields[name].whose = whose  # type: ignore[attr-defined]

    def rows(self) -> Iterator[tuple[Entry, list[forms.BoundField]]]:
        """Each chapter with its fields; the last one is empty."""
        for number, entry in enumerate(self._rows):
            names = [f"{name}-{number}" for name in ("place", "title", "text")]
            yield entry, [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        last = len(self._rows) - 1
        if given.get(f"place-{last}") and not given.get(f"title-{last}"):
            self.add_error(f"title-{last}", _("Give the chapter a title."))
        return given

    def entries(self) -> list[Entry]:
        """The chapters that stay, in the order of their places. One that moved up to a place comes before who stood
        there, one that moved down after."""
        given, found = self.cleaned_data, []
        for number, entry in enumerate(self._rows):
            place, title = given[f"place-{number}"], given[f"title-{number}"]
            if number == len(self._rows) - 1 and title and not place:
                place = MOST_CHAPTERS + 1
            if place and title:
                text = given.get(f"text-{number}", "").replace("\r\n", "\n")
                before = self.fields[f"place-{number}"].initial or MOST_CHAPTERS + 1
                found.append((place, (place > before) - (place < before), number, Entry(entry.plan, title, text)))
        return [entry for *_place, entry in sorted(found, key=lambda row: row[:3])]
