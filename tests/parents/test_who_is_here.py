"""At a shared phone a parent chooses who is here: no two lines read alike."""

from __future__ import annotations

import pytest

from parents.models import Guardian
from parents.signin import names_of
from tests import factories as make

pytestmark = pytest.mark.django_db


def two_at_one_school(first: str, second: str) -> list[Guardian]:
    """A mother of whom the school has two rows, or two mothers of one name."""
    room = make.make_class()
    found = [make.make_family(room, children=[name]).guardians[0] for name in (first, second)]
    Guardian.objects.filter(pk__in=[row.pk for row in found]).update(first_name="Fatima", last_name="El Amrani")
    return list(Guardian.objects.filter(pk__in=[row.pk for row in found]).order_by("pk"))


def test_two_of_one_name_at_one_school_are_told_apart_by_their_children() -> None:
    one, other = two_at_one_school("Noor", "Yusuf")
    names = names_of([one, other])
    assert [name.rpartition(" · ")[2] for name in names.values()] == ["Noor", "Yusuf"]
    assert all(name.startswith("Fatima El Amrani · ") for name in names.values())


def test_where_the_school_tells_them_apart_no_child_is_named() -> None:
    one, other = two_at_one_school("Noor", "Yusuf")
    room = make.make_class()
    third = make.make_family(room, children=["Sami"]).guardians[0]
    Guardian.objects.filter(pk=third.pk).update(first_name="Fatima", last_name="El Amrani")
    third.refresh_from_db()
    names = names_of([one, other, third])
    assert names[third.pk] == f"Fatima El Amrani · {room.school.name}"
    assert len(set(names.values())) == 3


def test_first_names_that_differ_say_enough() -> None:
    one, other = two_at_one_school("Noor", "Yusuf")
    Guardian.objects.filter(pk=other.pk).update(first_name="Samira")
    other.refresh_from_db()
    assert [*names_of([one, other]).values()] == ["Fatima", "Samira"]
