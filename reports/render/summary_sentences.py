"""What the bound figures say in sentences, in the language of the moment. Each takes the figures and gives sentences.

What was not counted, or may not be shown, makes no sentence: the page has room for what there is to say.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.evaluation.bound import Bound, Result, sizes, value_in_words
from reports.evaluation.counting import NOT_SHOWN
from reports.evaluation.resources import ALL_CONTACTS, COMPARED_WITH, GROUP_MOMENTS, PROVEN


def what_was_done(bound: Bound) -> list[str]:
    """Who worked together, how many contacts and group moments, interpreters, hours."""
    schools, centres = sum(COMPARED_WITH not in row for row in bound.rows("T9")), len(bound.rows("T8"))
    words = bound.period("I01") | {
        "schools": ngettext("%(count)d school", "%(count)d schools", schools) % {"count": schools},
        "centres": ngettext("%(count)d CLB", "%(count)d CLBs", centres) % {"count": centres},
    }
    together = _(
        "From %(first)s to %(last)s, %(schools)s, %(centres)s and the city worked on one question: how does a primary "
        "school reach every parent?"
    )
    interpreters = _("Where an interpreter was needed, one who is trained came to %(share)s of the talks (%(of)s).")
    return [
        together % words,
        *(_activity(row) for row in bound.rows("T3") if row[0] == ALL_CONTACTS or _brought_parents(row)),
        *_if_known(bound.result("I17"), interpreters),
        *_hours(bound.result("I29")),
    ]


def _brought_parents(row: list[str]) -> bool:
    """Group moments of which somebody wrote down that a family came."""
    return row[0] == GROUP_MOMENTS and row[2] != "0"


def _activity(row: list[str]) -> str:
    """A row of T3: what, how often, with how many families."""
    if row[0] == GROUP_MOMENTS:
        number = int(row[1])
        return ngettext(
            "%(count)d group moment, such as coffee or an open class, brought parents into the school.",
            "%(count)d group moments, such as coffee or an open class, brought parents into the school.",
            number,
        ) % {"count": number}
    if NOT_SHOWN in row[1:3]:
        return _("How many contacts there were is not shown: the group is too small.")
    return _("%(contacts)s contacts took place, with %(families)s families.") % {"contacts": row[1], "families": row[2]}


def _hours(result: Result) -> list[str]:
    if not result["number"]:
        return []
    return [_("The joint worker of the CLBs gave %(hours)s to it.") % {"hours": value_in_words(result)}]


def whom_we_reached(bound: Bound) -> list[str]:
    """Families with a contact, with a talk, and those still waiting."""
    contact, never = bound.result("I01"), bound.result("I03")
    if contact["n"] is None:
        return [_("How many families were reached is not shown: the group is too small.")]
    waiting = ngettext(
        "With %(count)d family no contact took place yet; school and CLB look for a next step.",
        "With %(count)d families no contact took place yet; school and CLB look for a next step.",
        never["n"] or 0,
    )
    return [
        *_if_known(contact, _("With %(n)s of %(whole)s families at least one contact took place: %(share)s.")),
        *_if_known(bound.result("I02"), _("With %(share)s it was a talk in two directions (%(of)s).")),
        *([waiting % {"count": never["n"]}] if never["n"] else []),
    ]


def what_they_say(bound: Bound) -> list[str]:
    """Surveys of teams and parents, and what schools took over from each other."""
    teams = _("Teams agreed in %(share)s of their answers that they dare to reach out to parents (%(of)s).")
    parents = _("Parents agreed in %(share)s of their answers that they are welcome and taken seriously (%(of)s).")
    taken = _("Of the ways of working that others had tried, schools took over %(share)s (%(of)s).")
    asked = [*_if_known(bound.result("I26"), teams), *_if_known(bound.result("I25"), parents)]
    return [*(asked or [_("No survey was held in this period yet.")]), *_if_known(bound.result("I30"), taken)]


def next_year(bound: Bound) -> list[str]:
    """What stays: the draaiboek and what is proven in it."""
    cards = bound.rows("M1")
    words = _(
        "What worked stays in the draaiboek: %(cards)d ways of working, %(proven)d of them proven, free for schools of "
        "every network."
    )
    return [words % {"cards": len(cards), "proven": sum(row[1] in PROVEN for row in cards)}] if cards else []


def _if_known(result: Result, sentence: str) -> list[str]:
    if result["n"] is None or not result["N"]:
        return []
    return [sentence % {"share": value_in_words(result), "of": sizes(result), "n": result["n"], "whole": result["N"]}]
