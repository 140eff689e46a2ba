"""Taking over somebody else's draaiboek: the file, and what to do with each of its entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.packaging import Item, State
from reports.packaging.archive import PACKAGE

KEEP, TAKE = "keep", "take"


class PackageFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Package"),
        help_text=gettext_lazy(
            "A .zip that another portal made of its draaiboek. Nothing changes before you saw what is in it."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > PACKAGE:
            raise forms.ValidationError(_("This file is too large to be a package of a draaiboek."))
        return upload


class PackageChoicesForm(forms.Form):
    """New entries come in unless one leaves them out; each difference is decided, one by one or all that are left.
    Where ours stayed beside the same words before, it stays unless somebody takes theirs now."""

    others = forms.ChoiceField(
        label=gettext_lazy("Differences that you did not decide above"),
        choices=[
            ("", gettext_lazy("I decide each of them")),
            (KEEP, gettext_lazy("keep ours")),
            (TAKE, gettext_lazy("take those of the package")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    #: How many differences the page asked about.
    asked = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, items: Sequence[Item], seen: str) -> None:
        asked = sum(item.state == State.DIFFERENT and not item.was_kept for item in items)
        super().__init__(data, initial={"seen": seen, "others": "", "asked": asked})
        self._names = {
            item.code: f"item-{place}" for place, item in enumerate(items) if item.state in (State.NEW, State.DIFFERENT)
        }
        different = [item for item in items if item.state == State.DIFFERENT]
        self._different = [item.code for item in different if not item.was_kept]
        self._kept = [item.code for item in different if item.was_kept]
        for item in items:
            if item.state == State.NEW:
                self.fields[self._names[item.code]] = forms.BooleanField(label=item.title, required=False, initial=True)
            elif item.state == State.DIFFERENT:
                self.fields[self._names[item.code]] = forms.ChoiceField(
                    label=item.title,
                    choices=[(KEEP, _("Keep ours")), (TAKE, _("Take theirs"))],
                    widget=forms.RadioSelect,
                    required=False,
                    initial=KEEP if item.was_kept else None,
                )
        if not self._different:
            del self.fields["others"]

    def field_of(self, item: Item) -> BoundField | None:
        return self[self._names[item.code]] if item.code in self._names else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("others"):
            for code in self._different:
                if not cleaned.get(self._names[code]) and self._names[code] not in self.errors:
                    self.add_error(self._names[code], _("Choose which of both stays."))
        return cleaned

    @property
    def passes_over(self) -> bool:
        """All others are to be taken, and beside some of them a colleague kept ours since the page was made."""
        return self.data.get("others") == TAKE and self.cleaned_data.get("asked") != self.initial["asked"]

    @property
    def chosen(self) -> set[str]:
        """Codes of the entries to take."""
        others = self.cleaned_data.get("others")
        answers = {code: self.cleaned_data[name] for code, name in self._names.items()}
        answers |= {code: answers[code] or KEEP for code in self._kept}
        return {code for code, answer in answers.items() if answer is True or (answer or others) == TAKE}
