"""Indicators that count families."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from reports.indicators.base import PLACES, Indicator

_POPULATION = gettext_noop("Families with at least one child enrolled on at least one day of the period.")
_ROWS = gettext_noop(
    "A family with children in two schools counts in each school and once in the total: the rows do not add up."
)
_FAMILIES = gettext_noop("Families are counted, not children and not talks.")

FAMILIES = (
    Indicator(
        code="I01",
        key="family_reach",
        label=gettext_noop("Families reached"),
        meaning=gettext_noop("The share of families with whom there was at least one contact that took place."),
        numerator=gettext_noop("Families with at least one contact that took place in the period."),
        denominator=_POPULATION,
        breakdowns=(*PLACES, "month"),
        pitfalls=(_FAMILIES, _ROWS),
        is_home=True,
    ),
    Indicator(
        code="I02",
        key="two_way_reach",
        label=gettext_noop("Two-way contact"),
        meaning=gettext_noop("The share of families with whom somebody really spoke or wrote back and forth."),
        numerator=gettext_noop("Families with at least one two-way contact in the period."),
        denominator=_POPULATION,
        breakdowns=(*PLACES, "month"),
        pitfalls=(gettext_noop("A letter or notice that was only sent is never two-way."), _ROWS),
        is_home=True,
    ),
    Indicator(
        code="I03",
        key="unreached_families",
        label=gettext_noop("Families not reached"),
        meaning=gettext_noop("The families with whom no contact took place: who was tried, and who was not."),
        numerator=gettext_noop("Families without any contact that took place in the period."),
        denominator=_POPULATION,
        breakdowns=(*PLACES, "attempt"),
        pitfalls=(gettext_noop("This is a list of work to do, never a list of families to judge."), _ROWS),
        lower_is_better=True,
    ),
    Indicator(
        code="I04",
        key="contact_intensity",
        label=gettext_noop("Contacts for each family"),
        meaning=gettext_noop("How many two-way contacts a family has, for families with whom there was at least one."),
        numerator=gettext_noop("Two-way contacts of each of these families, in order: the middle one is the figure."),
        denominator=gettext_noop("Families with at least one two-way contact in the period (as in I02)."),
        unit="contacts",
        breakdowns=("contacts", *PLACES),
        pitfalls=(
            gettext_noop("An average would let a few families with many contacts speak for all, so there is none."),
            gettext_noop("Beside the figure stands how many of all families had such a contact."),
            _ROWS,
        ),
    ),
    Indicator(
        code="I07",
        key="conference_family_year",
        label=gettext_noop("Families at one parent–teacher meeting or more"),
        meaning=gettext_noop("The share of invited families who came to at least one parent–teacher meeting."),
        numerator=gettext_noop("Families who came at least once, catch-up talks included."),
        denominator=gettext_noop("Families invited to at least one round in the period."),
        breakdowns=("school", "language_group", "level"),
        pitfalls=(gettext_noop("Beside it stands how many families came to every round."), _ROWS),
    ),
    Indicator(
        code="I09",
        key="home_visit_reach",
        label=gettext_noop("Families visited at home"),
        meaning=gettext_noop("The share of families who received at least one home visit."),
        numerator=gettext_noop("Families with at least one home visit that took place in the period."),
        denominator=_POPULATION,
        breakdowns=(*PLACES, "month"),
        pitfalls=(_FAMILIES, _ROWS),
    ),
    Indicator(
        code="I22",
        key="group_reach",
        label=gettext_noop("Families at group moments"),
        meaning=gettext_noop("The share of families who came to a coffee moment, an open class or another gathering."),
        numerator=gettext_noop("Families on the list of a gathering, or with a noted contact of such a kind."),
        denominator=_POPULATION,
        breakdowns=(*PLACES, "month", "kind"),
        pitfalls=(
            gettext_noop("People who were counted without names are not in it."),
            gettext_noop("Beside it stands how many of these families came more than once."),
            _ROWS,
        ),
    ),
    Indicator(
        code="I24",
        key="change_baseline_end",
        label=gettext_noop("Change in reach since the baseline"),
        meaning=gettext_noop(
            "How many percentage points reach in the last two months lies above that of September and October."
        ),
        numerator=gettext_noop("Families reached (as in I01) in each of the two windows."),
        denominator=gettext_noop("Families with a child enrolled in that window, at the same schools."),
        unit="pp",
        breakdowns=("window",),
        pitfalls=(
            gettext_noop("Say change, not effect: without comparison schools nobody knows the cause."),
            gettext_noop("Families come and go: those who were there both times stand apart."),
            gettext_noop("Autumn and spring differ: meetings and trips fall at their own time of the year."),
        ),
    ),
    Indicator(
        code="I31",
        key="knowledge_participation",
        label=gettext_noop("Steps of involvement"),
        meaning=gettext_noop("How far families came: interest, communication, presence at school, an active part."),
        numerator=gettext_noop("Families whose highest step is an active part; the others by their own step."),
        denominator=_POPULATION,
        breakdowns=("rung", *PLACES),
        pitfalls=(
            gettext_noop("Only what was noted counts. What parents do for school at home is seen nowhere."),
            gettext_noop("Families without any sign stand apart: it is not known that they are not interested."),
        ),
    ),
    Indicator(
        code="I23",
        key="equity_gap",
        label=gettext_noop("Gap between language groups"),
        meaning=gettext_noop(
            "How many percentage points the reach of Dutch-speaking families lies above that of other families."
        ),
        numerator=gettext_noop("Families reached (as in I01), for each language group."),
        denominator=gettext_noop("Families of that language group in the period."),
        unit="pp",
        breakdowns=("language_group",),
        pitfalls=(
            gettext_noop("The gap can also close because the reach of Dutch-speaking families falls: read both lines."),
            gettext_noop("Families whose home language is not known stand apart and are in neither group."),
        ),
        is_home=True,
        lower_is_better=True,
    ),
)
