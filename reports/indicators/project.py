"""Indicators about the project itself: what parents and teams say, the hours, the methods taken over."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from reports.indicators.base import Indicator

_ANSWERS = gettext_noop("All answers given in the measurement.")
_ANONYMOUS = gettext_noop("The answers are anonymous; the response is shown beside them.")

PROJECT = (
    Indicator(
        code="I21",
        key="teacher_involvement",
        label=gettext_noop("Teachers who spoke with these families"),
        meaning=gettext_noop("The share of class teachers who spoke with a family that has another language at home."),
        numerator=gettext_noop("Teachers who noted a two-way contact with such a family of the class."),
        denominator=gettext_noop("Class teachers with at least one child of such a family in the class in the period."),
        breakdowns=("school",),
        pitfalls=(
            gettext_noop("Parent–teacher meetings are left out: everybody is invited to those."),
            gettext_noop("A talk counts for the teacher who noted it."),
            gettext_noop("Families whose home language is not known do not count."),
            gettext_noop("It says what a team has taken up, never how good a teacher is."),
        ),
    ),
    Indicator(
        code="I25",
        key="parent_experience",
        label=gettext_noop("What parents say"),
        meaning=gettext_noop("The share of answers in which parents agree that they are welcome and taken seriously."),
        numerator=gettext_noop("Answers four or five out of five."),
        denominator=_ANSWERS,
        breakdowns=("question", "school", "wave"),
        pitfalls=(_ANONYMOUS, gettext_noop("Who fills in a survey is seldom who is hardest to reach.")),
    ),
    Indicator(
        code="I26",
        key="team_experience",
        label=gettext_noop("What teams say"),
        meaning=gettext_noop("The share of answers in which teachers agree that they dare to reach out to parents."),
        numerator=gettext_noop("Answers four or five out of five."),
        denominator=_ANSWERS,
        breakdowns=("question", "school", "wave"),
        pitfalls=(_ANONYMOUS,),
    ),
    Indicator(
        code="I29",
        key="worker_input",
        label=gettext_noop("Hours of the joint worker"),
        meaning=gettext_noop("Hours by activity; hours and euros for each family with whom there was two-way contact."),
        numerator=gettext_noop("Hours in the period, and what was booked in it."),
        denominator=gettext_noop("Families with at least one two-way contact in the period (as in I02)."),
        unit="h",
        breakdowns=("activity",),
        pitfalls=(gettext_noop("A family visited at home takes more hours than one met at the gate."),),
    ),
    Indicator(
        code="I30",
        key="method_uptake",
        label=gettext_noop("Methods taken over"),
        meaning=gettext_noop("The share of methods of the draaiboek that a school uses which did not invent them."),
        numerator=gettext_noop("Methods in use or embedded, for each school that is not their origin."),
        denominator=gettext_noop("All methods, for each school that is not their origin."),
        breakdowns=("school",),
        pitfalls=(gettext_noop("Between networks, taking over is the harder step: read by school."),),
    ),
)
