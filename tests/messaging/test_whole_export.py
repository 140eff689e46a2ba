"""A parent who asks to see everything sees everything: what is kept of the person and of talks is in the export."""

from __future__ import annotations

from typing import Any

import pytest

from messaging.persondata import as_pdf, data_of
from messaging.services import ask_question
from parents.models import ContactMoment, Family, Guardian, Household
from parents.processing import PROCESSING
from schools import clock
from tests.cast import Cast
from tests.messaging.datarequests import ask

pytestmark = pytest.mark.django_db
#: Of a talk: what says nothing of the parent, or stands in another section or under another name in the export.
NOT_OF_THE_PARENT = {
    "client_id", "held_month", "recorded_at", "recorded_by", "seconds_to_log", "is_reach", "is_two_way",
    "language_group", "family", "centre", "visibility", "method", "initiative", "starts_at", "status", "withdrawn_at",
    "withdrawn_because", "pupils", "guardians",
}  # fmt: skip
IN_IT = {
    "school": "school", "kind": "kind", "outcome": "outcome", "held_on": "day", "duration_min": "minutes",
    "purpose": "subject", "tone": "tone", "language_used": "spoken", "interpreter_need": "interpreter",
    "interpreter_mode": "interpreted_by", "arrived": "referral", "partner": "referral", "note": "line",
    "agreement": "agreement",
}  # fmt: skip


def of(cast: Cast, guardian: str, section: str) -> dict[str, Any]:
    return data_of(ask(cast, "ACCESS", guardian))[section][-1]


def test_each_field_of_a_talk_is_in_it_or_is_none_of_the_parent_s(cast: Cast) -> None:
    kept = next(entry for entry in PROCESSING if entry.model == "parents.ContactMoment")
    assert set(kept.fields.split()) == NOT_OF_THE_PARENT | IN_IT.keys()
    assert of(cast, "mother", "talks").keys() == set(IN_IT.values())


def test_it_says_what_a_talk_was_about_in_which_language_and_who_interpreted(cast: Cast) -> None:
    ContactMoment.objects.filter(pk=cast.moments["gate"].pk).update(
        purpose="CONCERN", language_used="pa", interpreter_need="YES", interpreter_mode="CHILD", duration_min=20
    )
    talk = of(cast, "mother", "talks")
    said = [talk[name] for name in ("subject", "spoken", "interpreter", "interpreted_by", "minutes")]
    assert said == ["bezorgdheid", "Punjabi", "nodig", "kind", 20]


def test_what_was_noted_of_who_did_not_answer_is_in_it(cast: Cast) -> None:
    """A line about a parent who was tried in vain is about that parent; without a name it may be about the other."""
    line, row = "Neemt nooit op, zegt een buur.", cast.moments["gate"]
    ContactMoment.objects.filter(pk=row.pk).update(
        status="NOT_REACHED", outcome="NOT_REACHED", note=line, is_reach=False, is_two_way=False
    )

    def is_told(who: str) -> bool:
        return line in [talk["line"] for talk in data_of(ask(cast, "ACCESS", who))["talks"]]

    row.guardians.set([cast.guardians["mother"]])
    assert (is_told("mother"), is_told("grandfather")) == (True, False)
    row.guardians.clear()
    assert (is_told("mother"), is_told("grandfather")) == (False, False)
    row.guardians.set([cast.guardians["mother"]])
    ContactMoment.objects.filter(pk=row.pk).update(withdrawn_at=clock.now())
    assert not is_told("mother"), "noted by mistake: perhaps it was somebody else"


def test_it_says_the_language_at_home_that_the_family_told(cast: Cast) -> None:
    for code, words in (("pl", "Pools"), ("-", ""), ("", "")):
        Family.objects.filter(pk=cast.families["peeters"].pk).update(home_language=code)
        assert of(cast, "dutch_mother", "person")["home_language"] == words


def test_of_parents_who_live_apart_neither_reads_what_the_other_may_have_told(cast: Cast) -> None:
    Family.objects.filter(pk=cast.families["haddad"].pk).update(home_language="ar")
    apart = [of(cast, who, "person")["home_language"] for who in ("separated_mother", "separated_father")]
    assert apart == ["", ""]
    home = Household.objects.create(street="Samenstraat 1", postcode="3800", city="Sint-Truiden")
    Guardian.objects.filter(pk__in=[cast.guardians[f"separated_{who}"].pk for who in ("mother", "father")]).update(
        household=home
    )
    assert of(cast, "separated_mother", "person")["home_language"] == "Arabisch"


def test_what_a_parent_typed_and_is_no_day_keeps_nobody_from_the_letter(cast: Cast) -> None:
    mother = cast.guardians["mother"]
    ask_question(guardian=mother, pupil=cast.pupils["simran"], notice=None, text="2026-02-30", language="pa")
    assert as_pdf(ask(cast, "ACCESS", "mother"), "nl").startswith(b"%PDF")
