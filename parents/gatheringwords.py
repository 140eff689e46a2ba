"""Kinds of gatherings in the words of parents: they stand beside a title that is Dutch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parents.models import ContactKind

KIND_WORDS = {
    ContactKind.COFFEE_MOMENT: _("coffee moment"),
    ContactKind.INFO_EVENING: _("information evening"),
    ContactKind.READING: _("reading moment or library"),
    ContactKind.WORKSHOP: _("open class or workshop"),
    ContactKind.PARTICIPATION: _("talking and deciding along with the school"),
}
#: A drawing of each kind.
KIND_PICTOGRAMS = {
    ContactKind.COFFEE_MOMENT: "coffee",
    ContactKind.INFO_EVENING: "parents-evening",
    ContactKind.READING: "library",
    ContactKind.WORKSHOP: "play",
    ContactKind.PARTICIPATION: "meeting",
}


def kind_words(kind: str) -> str:
    """With a capital, for it stands by itself."""
    words = str(KIND_WORDS[ContactKind(kind)])
    return words[:1].upper() + words[1:]
