"""Lines about a family: facts that colleagues need, no national number, delicate words only on purpose (domain 6.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.delicate import delicate_words, has_national_number


def without_national_number(text: str) -> str:
    """The text as it is. Raises forms.ValidationError when a national number stands in it."""
    if has_national_number(text):
        raise forms.ValidationError(_("This looks like a national number. It may not be kept here: leave it out."))
    return text


def as_kept(words: Iterable[str]) -> str:
    """Words as the hidden field holds them."""
    return ",".join(dict.fromkeys(words))


class FactualLines(forms.Form):
    """A form with a factual line (``note``) and an agreement, and what more of ``lines`` it has.

    Words about health, origin, belief or money are asked about once: ``kept_words`` are those that the writer saw named
    and sends all the same, or that stood there before.
    """

    lines: ClassVar[tuple[str, ...]] = ("note", "agreement")
    kept_words = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_note(self) -> str:
        return without_national_number(self.cleaned_data["note"])

    def clean_agreement(self) -> str:
        return without_national_number(self.cleaned_data["agreement"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kept = str(cleaned.get("kept_words", "")).split(",")
        found = {name: delicate_words(cleaned.get(name) or "") for name in self.lines}
        for name, words in found.items():
            if new := [word for word in words if word not in kept]:
                self.add_error(name, _is_it_needed(new))
        sent: Any = self.data.copy()  # type: ignore[attr-defined]
        sent[self.add_prefix("kept_words")] = as_kept(word for words in found.values() for word in words)
        self.data = sent
        return cleaned


def _is_it_needed(words: list[str]) -> forms.ValidationError:
    return forms.ValidationError(
        _(
            "Is this needed: %(words)s? Health, origin, belief and money do not belong in the file of a family. Leave "
            "it out, or send it once more as it is."
        ),
        params={"words": ", ".join(words)},
    )
