"""When a card is tried, proven, embedded: the rule of each, and what this portal's own schools carry.

A card of the house brings its state along from where it was written; here it is counted anew. Shown is the higher of
both, and the page says which is which. A card that came from another portal has here the state that the schools here
carry, the lowest until they do, and its page names the state that it has at its author.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.disclosure import FLOOR
from reports.evidence import Use, uses_of_methods
from reports.models import MethodAdoption
from schools import clock
from schools.calendar import SchoolCalendar
from schools.models import Holiday, Method
from schools.models.methods import MethodStatus

Status = MethodAdoption.Status
#: A term of the school year, in school days, and in how many schools.
TERM, SCHOOLS = 50, 2
#: Cards that are no talk are not linked to talks: with them the families do not count.
WRITTEN = "MESSAGE"
_ORDER = [MethodStatus.TRIED, MethodStatus.PROVEN, MethodStatus.EMBEDDED]


@dataclass(slots=True)
class Spread:
    """Schools by what a card is to them: ``long`` use it for a term, ``elsewhere`` embedded it without inventing it."""

    tried: set[int] = field(default_factory=set)
    long: set[int] = field(default_factory=set)
    embedded: set[int] = field(default_factory=set)
    elsewhere: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Standing:
    """``brought`` came with a card of the house, ``carried`` is what the schools here carry (None when no school tried
    it), ``author`` how far a card from another portal is at its author. ``lacks_families`` of a card that enough
    schools use, and with which five families are not known to have been met."""

    brought: MethodStatus
    carried: MethodStatus | None
    tried: int
    long: int
    embedded: int
    author: MethodStatus | None = None
    lacks_families: bool = False

    @property
    def shown(self) -> MethodStatus:
        return max(self.brought, self.carried or self.brought, key=_ORDER.index)

    @property
    def rule(self) -> str:
        return rule_of(self.shown)

    @property
    def words(self) -> str:
        """What is known here, and at the author of a card from elsewhere."""
        if self.author is None:
            return self._here
        theirs = _("Where it came from it is %(state)s.") % {"state": self.author.label}
        return f"{self._here} {theirs}"

    @property
    def _here(self) -> str:
        if self.carried is None and self.author is not None:
            return _("No school tried it here yet.")
        if self.carried is None:
            return _("No school tried it here yet: the state comes from where the card was written.")
        tried = ngettext("Tried in %(count)d school", "Tried in %(count)d schools", self.tried) % {"count": self.tried}
        long = ngettext("for a term in %(count)d", "for a term in %(count)d", self.long) % {"count": self.long}
        embedded = ngettext("embedded in %(count)d", "embedded in %(count)d", self.embedded) % {"count": self.embedded}
        facts = {"tried": tried, "long": long, "embedded": embedded, "state": self.carried.label}
        here = _("Here: %(tried)s, %(long)s, %(embedded)s. That makes it %(state)s.") % facts
        lacking = _("That five families or more were met with it is not known yet.")
        return f"{here} {lacking}" if self.lacks_families else here


def rule_of(status: MethodStatus) -> str:
    """The rule of a state, as the card says it."""
    return {
        MethodStatus.TRIED: _("Tried: at least one school does it or did it."),
        MethodStatus.PROVEN: _(
            "Proven: at least two schools use it for a term or longer, and five families or more were met with it "
            "(of letters and calendars only the schools count)."
        ),
        MethodStatus.EMBEDDED: _(
            "Embedded: proven, and fixed custom in at least two schools, one of which did not invent it."
        ),
    }[status]


def standings(cards: Iterable[Method] | None = None, uses: Mapping[int, Use] | None = None) -> dict[int, Standing]:
    """The standing of every card by its id, with the use that the reader may know (else that of today); two queries
    for schools, and those of what is not given."""
    spread, uses = _spread(), uses_of_methods() if uses is None else uses
    return {card.pk: standing(card, spread, uses) for card in cards or Method.objects.all()}


def standing(card: Method, spread: Mapping[int, Spread], uses: Mapping[int, Use]) -> Standing:
    found = spread.get(card.pk) or Spread()
    use = uses.get(card.pk) or Use(0, 0, 0)
    return Standing(
        MethodStatus.TRIED if card.author_status else MethodStatus(card.status),
        _carried(card, found, use),
        len(found.tried),
        len(found.long),
        len(found.embedded),
        MethodStatus(card.author_status) if card.author_status else None,
        len(found.long) >= SCHOOLS and not _has_met(card, use),
    )


def _has_met(card: Method, use: Use) -> bool:
    return card.kind == WRITTEN or (use.families or 0) >= FLOOR


def _carried(card: Method, found: Spread, use: Use) -> MethodStatus | None:
    if not found.tried:
        return None
    if len(found.long) < SCHOOLS or not _has_met(card, use):
        return MethodStatus.TRIED
    is_fixed = len(found.embedded) >= SCHOOLS and bool(found.elsewhere)
    return MethodStatus.EMBEDDED if is_fixed else MethodStatus.PROVEN


def _spread() -> dict[int, Spread]:
    """A change of state starts ``since`` anew, so whoever embedded it used it before: embedded counts as long."""
    calendar = Holiday.objects.all().calendar()
    found: dict[int, Spread] = defaultdict(Spread)
    rows = MethodAdoption.objects.exclude(status=Status.PLANNED)
    for method_id, school_id, status, since, is_origin in rows.values_list(
        "method_id", "school_id", "status", "since", "is_origin"
    ):
        one = found[method_id]
        one.tried.add(school_id)
        if status == Status.EMBEDDED:
            one.embedded.add(school_id)
            if not is_origin:
                one.elsewhere.add(school_id)
        if status == Status.EMBEDDED or (status == Status.IN_USE and _is_long(since, calendar)):
            one.long.add(school_id)
    return found


def _is_long(since: date, calendar: SchoolCalendar) -> bool:
    return calendar.school_days_between(since, clock.today()) >= TERM
