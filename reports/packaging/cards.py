"""Method cards in a package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parents.models import ContactKind
from reports.cardfiles import files_by_card
from reports.evidence import Use, as_content, evidence_text, published_uses
from reports.filing import forget_unused, is_too_much, too_many
from reports.indicators import INDICATORS
from reports.maturity import Standing, standings
from reports.models import CardFile
from reports.packaging.cardfiles import Carried, told_of
from reports.packaging.reading import Entry
from reports.packaging.shelves import chosen
from reports.packaging.textshelf import TextShelf
from reports.render.booklet import ICONS
from schools.languages import MASTER
from schools.models import Method
from schools.models.methods import MethodStatus
from schools.texts import Part
from schools.texts.own import MethodKind

#: Facts of a card that are columns of the same name.
_COLUMNS = (
    "kind", "theme", "level", "icon", "preparation_min", "duration_min", "cost_eur", "months", "class_levels",
    "conference", "licence",
)  # fmt: skip
_PLAIN_ICON = "sprout"


class CardShelf(TextShelf):
    name, code, icon = "cards", "card", "book-open"
    label = gettext_lazy("Method cards")
    kind = MethodKind()
    facts = {
        "kind": gettext_lazy("kind of contact"),
        "theme": gettext_lazy("theme"),
        "level": gettext_lazy("level on the pyramid of participation"),
        "icon": gettext_lazy("icon"),
        "preparation_min": gettext_lazy("preparation, in minutes"),
        "duration_min": gettext_lazy("duration, in minutes"),
        "cost_eur": gettext_lazy("cost, in euros"),
        "months": gettext_lazy("months"),
        "class_levels": gettext_lazy("class levels"),
        "related": gettext_lazy("related cards"),
        "templates": gettext_lazy("templates of notices"),
        "indicators": gettext_lazy("indicators"),
        "conference": gettext_lazy("settings of a round of meetings"),
        "files": gettext_lazy("files"),
        "licence": gettext_lazy("licence"),
    }

    def __init__(self, uses: Mapping[int, Use] | None = None, files: Mapping[str, bytes] | None = None) -> None:
        """``uses`` is the evidence that an edition freezes; without it the cards bring along what is published.
        ``files`` are those that a package carries."""
        self.uses, self.carried = uses, Carried(files or {})

    @cached_property
    def _files(self) -> dict[int, list[CardFile]]:
        return files_by_card()

    def rows(self) -> Iterable[Method]:
        return self.kind.rows().prefetch_related("related")

    def exported(self) -> list[Entry]:
        """With what the year showed, and how far each card is by it: the same as on the pages of the edition. One from
        another portal says how far it is at its author too."""
        uses = published_uses() if self.uses is None else self.uses
        cards = {card.slug: card for card in Method.objects.all()}
        far = standings(list(cards.values()), uses)
        found = [(entry, cards[entry["key"]].pk) for entry in super().exported()]
        return [self._told(entry, uses[pk], far[pk]) for entry, pk in found]

    def _told(self, entry: Entry, use: Use, standing: Standing) -> Entry:
        author = {"author_status": standing.author.value} if standing.author else {}
        return {**entry, "status": standing.shown.value, **author, "evidence": as_content(use)}

    def facts_of(self, row: Any) -> dict[str, Any]:
        return {
            **{name: getattr(row, name) for name in _COLUMNS},
            "related": [one.slug for one in row.related.all()],
            "templates": list(row.template_slugs),
            "indicators": list(row.indicator_codes),
            "files": [told_of(one) for one in self._files[row.pk]],
        }

    def said(self, name: str, fact: Any) -> str:
        if name == "kind":
            return chosen(fact, ContactKind.choices)
        return ", ".join(one["title"] for one in fact) if name == "files" else super().said(name, fact)

    def parts_of(self, entry: Entry) -> list[Part]:
        return self.kind.parts(Method())

    def refused(self, entry: Entry, *, is_here: bool) -> str:
        if entry["kind"] not in ContactKind.values:
            return _("This portal knows no contact of the kind %(kind)s.") % {"kind": entry["kind"]}
        dutch = entry["texts"][MASTER]
        return "" if dutch.get("title") and dutch.get("aim") else _("Its Dutch has no title or no aim.")

    def adapted(self, entries: list[Entry]) -> list[Entry]:
        order = {slug: place for place, slug in enumerate(Method.objects.values_list("slug", flat=True))}
        cards = {*order, *(entry["key"] for entry in entries)}
        here = {slug: self._files[pk] for slug, pk in Method.objects.values_list("slug", "pk")}
        return [
            {
                **entry,
                "icon": entry["icon"] if (ICONS / f"{entry['icon']}.svg").is_file() else _PLAIN_ICON,
                "related": sorted(
                    (slug for slug in entry["related"] if slug in cards),
                    key=lambda slug: (order.get(slug, len(order)), slug),
                ),
                "indicators": [code for code in entry["indicators"] if code in INDICATORS],
                "files": self.carried.adapted(entry, here.get(entry["key"], [])),
            }
            for entry in entries
        ]

    def notes(self, entry: Entry) -> list[str]:
        told = entry.get("evidence")
        words = evidence_text(Use(told["schools"], told["times"], told["families"])) if told else ""
        unknown = [code for code in entry["indicators"] if code not in INDICATORS]
        state = _("Elsewhere it is %(state)s.") % {"state": MethodStatus(entry["status"]).label}
        found = [state, *([_("Elsewhere: %(evidence)s") % {"evidence": words}] if words else [])]
        if unknown:
            found.append(_("Indicators that this portal does not know: %(codes)s.") % {"codes": ", ".join(unknown)})
        return [*found, *self.carried.notes(entry)]

    def save(self, entry: Entry, row: Any | None) -> Method:
        card = row or Method(slug=entry["key"], position=_after_last())
        if row is None or card.author_status:
            card.author_status = entry.get("author_status") or entry["status"]
        for column in _COLUMNS:
            setattr(card, column, entry[column])
        card.template_slugs, card.indicator_codes = entry["templates"], entry["indicators"]
        card.save()
        self.carried.put(card, entry["files"], self._files[card.pk])
        return card

    def finish(self, entries: Iterable[Entry]) -> None:
        numbers = dict(Method.objects.values_list("slug", "pk"))
        for entry in entries:
            card = Method.objects.get(slug=entry["key"])
            card.related.set([numbers[slug] for slug in entry["related"] if slug in numbers])
        forget_unused()
        if is_too_much():
            raise ValidationError(too_many())


def _after_last() -> int:
    return (Method.objects.aggregate(last=Max("position"))["last"] or 0) + 1
