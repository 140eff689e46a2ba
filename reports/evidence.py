"""Evidence from use: schools, times and families of each card, safe to publish, and frozen with each edition.

What is public says nothing of a free day: the figures of the last edition, or those until the end of last month while
there is none. A number that grew by one to four families since the last edition stays what it was, so that no two
editions tell of a few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext, ngettext

from parents.models import ContactMoment
from reports.disclosure import FLOOR, Shown
from reports.holding import is_little_between
from reports.models import EditionPage, MethodAdoption
from schools import clock
from schools.languages import MASTER
from schools.models import Method

_IN_USE = (MethodAdoption.Status.IN_USE, MethodAdoption.Status.EMBEDDED)


@dataclass(frozen=True, slots=True)
class Use:
    """How a method was used: ``times`` and ``families`` are None where families are one to four."""

    schools: int
    times: int | None
    families: int | None

    @property
    def is_hidden(self) -> bool:
        return self.times is None or self.families is None  # a package from elsewhere may say one of them

    @property
    def times_text(self) -> str:
        """For a table of the Dutch report."""
        return "niet getoond" if self.times is None else str(self.times) if self.times else "–"


def uses_of_methods(until: date | None = None) -> dict[int, Use]:
    """The use of every method by its id, up to and including a day; no family is told apart in it. Three queries."""
    held = ContactMoment.objects.held().filter(method__isnull=False).order_by().values_list("method_id")
    if until is not None:
        held = held.filter(held_on__lte=until)
    counted = held.annotate(times=Count("pk"), families=Count("family_id", distinct=True))
    places: dict[int, set[int]] = defaultdict(set)
    for method_id, school_id in held.values_list("method_id", "school_id").distinct():
        places[method_id].add(school_id)
    adopted = MethodAdoption.objects.filter(status__in=_IN_USE).values_list("method_id", "school_id")
    for method_id, school_id in adopted:
        places[method_id].add(school_id)
    uses: dict[int, Use] = defaultdict(lambda: Use(0, 0, 0))
    for method_id, schools in places.items():
        uses[method_id] = Use(len(schools), 0, 0)
    for method_id, times, families in counted:
        is_small = 0 < families < FLOOR
        shown = (None, None) if is_small else (times, families)
        uses[method_id] = Use(len(places[method_id]), *shown)
    return uses


def end_of_last_month() -> date:
    return clock.today().replace(day=1) - timedelta(days=1)


def uses_to_freeze() -> dict[int, Use]:
    """What an edition says: until the end of last month; what the one before said where the difference is small."""
    before = _frozen()
    uses = uses_of_methods(end_of_last_month())
    slugs = dict(Method.objects.values_list("pk", "slug"))
    return {pk: _steady(uses[pk], before.get(slug)) for pk, slug in slugs.items()}


def published_uses() -> dict[int, Use]:
    """What the public pages say: the last edition's evidence, or that until the end of last month without one."""
    before = _frozen()
    if not before:
        return uses_of_methods(end_of_last_month())
    found: dict[int, Use] = defaultdict(lambda: Use(0, 0, 0))
    return found | {pk: before[slug] for pk, slug in Method.objects.values_list("pk", "slug") if slug in before}


def as_content(use: Use) -> dict[str, int | None]:
    """As an edition and a package carry it."""
    return {"schools": use.schools, "times": use.times, "families": use.families}


def compared_of(slug: str) -> Mapping[str, Any] | None:
    """The before and after of a card in the newest edition (``reports.beforeafter.sentence`` says it)."""
    return next((card.get("compared") for card in _newest_cards() if card["slug"] == slug), None)


def _frozen() -> dict[str, Use]:
    """The evidence of the newest edition, by the slug of its card."""
    return {card["slug"]: Use(**card["use"]) for card in _newest_cards()}


def _newest_cards() -> list[Mapping[str, Any]]:
    page = EditionPage.objects.filter(language=MASTER).order_by("-edition__number").only("content").first()
    return list(page.content["cards"]) if page else []


def _steady(now: Use, before: Use | None) -> Use:
    if before is None or now.is_hidden or before.families is None or now.families is None:
        return now
    return before if is_little_between(Shown(before.families), Shown(now.families)) else now


def evidence_text(use: Use) -> str:
    """One sentence: in how many schools, how often, with how many families."""
    if not use.schools and not use.times and not use.is_hidden:
        return ""
    schools = ngettext("Used in %(count)d school", "Used in %(count)d schools", use.schools) % {"count": use.schools}
    if use.is_hidden:
        return gettext("%(schools)s, so far with fewer than five families: such small numbers are not shown.") % {
            "schools": schools
        }
    if not use.times:
        return gettext("%(schools)s; the talks were not linked to this card yet.") % {"schools": schools}
    times = ngettext("%(count)d time", "%(count)d times", use.times) % {"count": use.times}
    families = ngettext("%(count)d family", "%(count)d families", use.families or 0) % {"count": use.families}
    return gettext("%(schools)s, %(times)s, with %(families)s.") % {
        "schools": schools,
        "times": times,
        "families": families,
    }
