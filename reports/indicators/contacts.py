"""Indicators that count contacts, places at parent–teacher meetings, and agreements."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from reports.indicators.base import Indicator

_NEED = gettext_noop("Contacts that took place and for which an interpreter was needed.")
_TWO_WAY = gettext_noop("All two-way contacts in the period.")

CONTACTS = (
    Indicator(
        code="I06",
        key="conference_attendance",
        label=gettext_noop("Attendance at parent–teacher meetings"),
        meaning=gettext_noop("The share of offered meetings, counted per child, to which somebody of the family came."),
        numerator=gettext_noop("Meetings held at the evening itself or as a catch-up talk before the agreed day."),
        denominator=gettext_noop("Meetings offered: one per child enrolled on its own day in the round."),
        breakdowns=("school", "language_group", "level", "month", "round"),
        pitfalls=(
            gettext_noop("The unit is a child's place in a round, not a family."),
            gettext_noop("In a round of several days a child counts from its time on, without one from the last day."),
            gettext_noop("Both figures are given: at the evening itself, and with catch-up talks."),
        ),
        is_home=True,
    ),
    Indicator(
        code="I10",
        key="home_visit_completion",
        label=gettext_noop("Home visits that took place"),
        meaning=gettext_noop("The share of agreed home visits that took place."),
        numerator=gettext_noop("Home visits at which somebody of the family was spoken with."),
        denominator=gettext_noop("Home visits that took place, found nobody at home or were cancelled."),
        breakdowns=("school", "language_group", "month"),
        pitfalls=(
            gettext_noop("A visit that was moved counts on the day it takes place, not on the first day."),
            gettext_noop("A visit in vain that nobody notes makes this share too high."),
        ),
    ),
    Indicator(
        code="I11",
        key="family_initiative",
        label=gettext_noop("Contacts that families started"),
        meaning=gettext_noop("The share of two-way contacts for which the family took the first step."),
        numerator=gettext_noop("Two-way contacts started by the family."),
        denominator=_TWO_WAY,
        breakdowns=("school", "language_group", "month", "kind"),
        pitfalls=(gettext_noop("This share rises when the threshold of the school falls."),),
    ),
    Indicator(
        code="I12",
        key="positive_contact_share",
        label=gettext_noop("Good news and everyday contacts"),
        meaning=gettext_noop("The share of two-way contacts about good news, a welcome, information or an invitation."),
        numerator=gettext_noop("Two-way contacts with one of these purposes."),
        denominator=_TWO_WAY,
        breakdowns=("school", "language_group", "month", "kind"),
        pitfalls=(gettext_noop("This says what the school calls about. It is no score of parents."),),
    ),
    Indicator(
        code="I17",
        key="interpreter_coverage",
        label=gettext_noop("Interpreters when needed"),
        meaning=gettext_noop("How often a qualified interpreter or mediator was there when one was needed."),
        numerator=gettext_noop("Contacts served by an interpreter or intercultural mediator, on site or not."),
        denominator=_NEED,
        breakdowns=("school", "language_group", "month", "kind"),
        pitfalls=(gettext_noop("Talks that did not take place for want of an interpreter are not in it."),),
        is_home=True,
    ),
    Indicator(
        code="I18",
        key="informal_interpreting",
        label=gettext_noop("Relatives or children who interpreted"),
        meaning=gettext_noop("How often an acquaintance or a child interpreted when an interpreter was needed."),
        numerator=gettext_noop("Contacts in which an adult acquaintance or a child interpreted."),
        denominator=_NEED,
        breakdowns=("school", "language_group", "month", "kind"),
        pitfalls=(gettext_noop("A child never interprets: the norm for that is zero, and it is counted apart."),),
        lower_is_better=True,
    ),
    Indicator(
        code="I19",
        key="no_show",
        label=gettext_noop("Appointments to which nobody came"),
        meaning=gettext_noop("The share of individual appointments to which the family did not come."),
        numerator=gettext_noop("Appointments to which the family did not come."),
        denominator=gettext_noop("Individual appointments that took place or to which the family did not come."),
        breakdowns=("school", "language_group", "month", "kind"),
        pitfalls=(gettext_noop("Talks at the gate and group moments are no appointments and are not counted."),),
        lower_is_better=True,
    ),
    Indicator(
        code="I28",
        key="referral_arrival",
        label=gettext_noop("Referrals that arrived"),
        meaning=gettext_noop("How often a family came where it was referred to: the library, lessons, a service."),
        numerator=gettext_noop("Referrals of which somebody noted that the family arrived there."),
        denominator=gettext_noop("Talks in which a family was referred to somebody else, or accompanied there."),
        breakdowns=("school", "language_group", "month", "partner"),
        pitfalls=(
            gettext_noop("Referrals of which nobody knows the end are in it, and stand apart too: ask after them."),
            gettext_noop("Whether an organisation is open to families does not follow from few numbers: talk with it."),
        ),
    ),
    Indicator(
        code="I20",
        key="followup_completion",
        label=gettext_noop("Agreements kept in time"),
        meaning=gettext_noop("The share of agreements that the school and the CLB did on the agreed day or earlier."),
        numerator=gettext_noop("Agreements done on or before the agreed day."),
        denominator=gettext_noop("Agreements whose agreed day lies in the period."),
        breakdowns=("school", "language_group", "month", "kind"),
        pitfalls=(gettext_noop("Agreements dropped with a reason are not counted; late and open ones stand apart."),),
    ),
)
