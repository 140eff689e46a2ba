"""Method cards in a package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parents.models import ContactKind
from reports.evidence import Use, as_content, evidence_text, published_uses
from reports.indicators import INDICATORS
from reports.packaging.reading import Entry
from reports.packaging.textshelf import TextShelf
from reports.render.booklet import ICONS
from schools.languages import MASTER
from schools.models import Method
from schools.texts import Part
from schools.texts.own import MethodKind

#: Facts of a card that are columns of the same name.
_COLUMNS = (
    "kind", "theme", "level", "status", "icon", "preparation_min", "duration_min", "cost_eur", "months", "class_levels",
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
        "status": gettext_lazy("status"),
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
        "licence": gettext_lazy("licence"),
    }

    def __init__(self, uses: Mapping[int, Use] | None = None) -> None:
        """``uses`` is the evidence that an edition freezes; without it the cards bring along what is published."""
        self.uses = uses

    def rows(self) -> Iterable[Method]:
        return self.kind.rows().prefetch_related("related")

    def exported(self) -> list[Entry]:
        """With what the year showed: the same as on the pages of the edition."""
        found = published_uses() if self.uses is None else self.uses
        uses = {slug: found[pk] for slug, pk in Method.objects.values_list("slug", "pk")}
        return [{**entry, "evidence": as_content(uses[entry["key"]])} for entry in super().exported()]

    def facts_of(self, row: Any) -> dict[str, Any]:
        return {
            **{name: getattr(row, name) for name in _COLUMNS},
            "related": [one.slug for one in row.related.all()],
            "templates": list(row.template_slugs),
            "indicators": list(row.indicator_codes),
        }

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
        return [
            {
                **entry,
                "icon": entry["icon"] if (ICONS / f"{entry['icon']}.svg").is_file() else _PLAIN_ICON,
                "related": sorted(
                    (slug for slug in entry["related"] if slug in cards),
                    key=lambda slug: (order.get(slug, len(order)), slug),
                ),
                "indicators": [code for code in entry["indicators"] if code in INDICATORS],
            }
            for entry in entries
        ]

    def notes(self, entry: Entry) -> list[str]:
        told = entry.get("evidence")
        words = evidence_text(Use(told["schools"], told["times"], told["families"])) if told else ""
        unknown = [code for code in entry["indicators"] if code not in INDICATORS]
        found = [_("Elsewhere: %(evidence)s") % {"evidence": words}] if words else []
        if unknown:
            found.append(_("Indicators that this portal does not know: %(codes)s.") % {"codes": ", ".join(unknown)})
        return found

    def save(self, entry: Entry, row: Any | None) -> Method:
        card = row or Method(slug=entry["key"], position=_after_last())
        for column in _COLUMNS:
            setattr(card, column, entry[column])
        card.template_slugs, card.indicator_codes = entry["templates"], entry["indicators"]
        card.save()
        return card

    def finish(self, entries: Iterable[Entry]) -> None:
        numbers = dict(Method.objects.values_list("slug", "pk"))
        for entry in entries:
            card = Method.objects.get(slug=entry["key"])
            card.related.set([numbers[slug] for slug in entry["related"] if slug in numbers])


def _after_last() -> int:
    return (Method.objects.aggregate(last=Max("position"))["last"] or 0) + 1
