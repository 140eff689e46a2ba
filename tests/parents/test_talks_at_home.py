"""A talk of a round that was to be at a parent's home, and the consent for visits withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from parents.models import ConferenceChange, Guardian
from parents.services import give_consent, withdraw_consent
from parents.services.booking import Wish
from tests.cast import Cast
from tests.parents.conferences import book, hours_of, round_of, slot_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


@pytest.mark.parametrize(
    ("chose", "way", "state"),
    [
        ("separated_father", "HOME", "OFFERED"),
        ("separated_father", "SCHOOL", "BOOKED"),
        ("separated_mother", "HOME", "BOOKED"),
    ],
)
def test_no_teacher_comes_to_who_agrees_to_no_visits_any_more(cast: Cast, chose: str, way: str, state: str) -> None:
    """Who chose it at home is told that it is cancelled, and chooses anew; the other parent's home is another."""
    made, father = round_of(cast), cast.guardians["separated_father"]
    slot = slot_of(cast, made, "yusuf")
    give_consent(guardian=father, purpose="HOME_VISIT", how="", by=None)
    book(cast, slot, hours_of(made)[0], chose, Wish(way, "ar"))
    page = cast.guardian_client("separated_father")
    page.post(reverse("portal_data"), {"form": "consent", "line": "HOME_VISIT-", "withdraw": "1"})
    slot.refresh_from_db()
    assert (slot.status, slot.interpreters.get().state == "CANCELLED") == (state, state == "OFFERED")
    told = ConferenceChange.objects.filter(slot=slot, kind="CANCELLED", guardian=father)
    assert told.exists() is (state == "OFFERED")


@pytest.mark.parametrize(
    ("homes", "agrees", "state"),
    [("one", ["father"], "OFFERED"), ("one", ["father", "mother"], "BOOKED"), ("two", ["father"], "BOOKED")],
)
def test_nor_to_their_home_where_it_was_written_down_for_nobody_by_name(
    cast: Cast, homes: str, agrees: list[str], state: str
) -> None:
    """While another of the home agrees it stands; of two homes nobody knows to which one the teacher was to come."""
    made, father, mother = round_of(cast), cast.guardians["separated_father"], cast.guardians["separated_mother"]
    if homes == "one":
        Guardian.objects.filter(pk=mother.pk).update(household=father.household)
    slot = slot_of(cast, made, "yusuf")
    consents = [
        give_consent(guardian=cast.guardians[f"separated_{who}"], purpose="HOME_VISIT", how="", by=None)
        for who in agrees
    ]
    book(cast, slot, hours_of(made)[0], None, Wish("HOME", "ar"), by=cast.staff["teacher_3b"])
    withdraw_consent(consent=consents[0])
    slot.refresh_from_db()
    assert slot.status == state
