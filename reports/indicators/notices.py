"""Indicators about notices, questions and the data with which families can be reached."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from reports.indicators.base import Indicator

NOTICES = (
    Indicator(
        code="I08",
        key="both_parents_informed",
        label=gettext_noop("Both parents informed"),
        meaning=gettext_noop("How often a notice about a child came to both homes when its parents live apart."),
        numerator=gettext_noop("Of these, those handed over to somebody with that right at each of the addresses."),
        denominator=gettext_noop(
            "Children in notices whose parents with a right to information live at two addresses or more."
        ),
        breakdowns=("school", "month"),
        pitfalls=(
            gettext_noop("A child counts once for each notice. The addresses are those of today."),
            gettext_noop("Children of whom a parent's address is not known stand apart: nobody can tell."),
            gettext_noop("A parent who asked for no notices counts as not informed."),
        ),
    ),
    Indicator(
        code="I13",
        key="response_time",
        label=gettext_noop("How fast the school answers"),
        meaning=gettext_noop("School days between a question of a family and the first answer of the school."),
        numerator=gettext_noop("Questions answered within three school days."),
        denominator=gettext_noop("Questions that families asked in the period, open ones included."),
        unit="school days",
        breakdowns=("school", "month"),
        pitfalls=(
            gettext_noop("An open question counts as longer than any limit: leaving it out would flatter the school."),
            gettext_noop("Holidays do not count. An average would hide the long waits, so there is none."),
        ),
        is_home=True,
        lower_is_better=True,
    ),
    Indicator(
        code="I14",
        key="notice_ack",
        label=gettext_noop("Notices opened or answered within a week"),
        meaning=gettext_noop("The share of recipients who opened the page of a notice or answered within seven days."),
        numerator=gettext_noop("Recipients who opened, confirmed or answered within seven days."),
        denominator=gettext_noop("Recipients to whom the notice was handed over."),
        breakdowns=("school", "month", "channel", "contact_language", "reading_mode"),
        pitfalls=(
            gettext_noop("Somebody who read a letter at home but did not answer is not seen here."),
            gettext_noop("An opened e-mail is never counted: only a person who presses a button is."),
        ),
    ),
    Indicator(
        code="I15",
        key="notice_language_match",
        label=gettext_noop("Notices in the family's language"),
        meaning=gettext_noop(
            "The share of recipients with another contact language who got the notice in it, or were called."
        ),
        numerator=gettext_noop("Recipients who got the notice in their contact language or by a call."),
        denominator=gettext_noop("Recipients of notices whose contact language is not Dutch."),
        breakdowns=("school", "month", "channel"),
        pitfalls=(gettext_noop("Pictograms stand beside every notice and are not counted as a translation."),),
    ),
    Indicator(
        code="I16",
        key="plain_language_rate",
        label=gettext_noop("Notices in plain Dutch"),
        meaning=gettext_noop("The share of notices in which the check for plain Dutch found nothing to mend."),
        numerator=gettext_noop("Notices without any finding in the Dutch text when they were sent."),
        denominator=gettext_noop("Notices sent in the period that were checked when they were sent."),
        breakdowns=("school", "month", "template"),
        pitfalls=(
            gettext_noop("The check follows rules and sees no pictures: it does not know whether parents understood."),
            gettext_noop("Words of a ready text count too, though who sends it cannot mend them: read by template."),
            gettext_noop("Notices from before the check looked stand apart."),
        ),
    ),
    Indicator(
        code="I27",
        key="contact_data_quality",
        label=gettext_noop("Complete contact data"),
        meaning=gettext_noop("The share of parents whose language is confirmed and whose telephone was checked."),
        numerator=gettext_noop("Parents with a confirmed contact language and a number checked in the past year."),
        denominator=gettext_noop("Parents with a right to information, on the last day of the period."),
        breakdowns=("school", "level", "reading_mode"),
        pitfalls=(gettext_noop("Without these data, notices in the right language and interpreters are guesswork."),),
    ),
    Indicator(
        code="I32",
        key="notice_not_understood",
        label=gettext_noop("Notices that were not understood"),
        meaning=gettext_noop("The share of recipients who pressed “I do not understand this” within seven days."),
        numerator=gettext_noop("Recipients who said that they do not understand the notice, or said so on the phone."),
        denominator=gettext_noop("Recipients to whom the notice was handed over."),
        breakdowns=("school", "month", "language", "template", "reading_mode"),
        pitfalls=(
            gettext_noop("Silence is no understanding: look at the notices that nobody answers too."),
            gettext_noop("It is a sign about a text and its translation, never about families."),
        ),
        lower_is_better=True,
    ),
)
