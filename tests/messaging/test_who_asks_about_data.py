"""Who notes a request about data knows whose parent asks, and before telling anybody that data go, that they cannot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from parents.models import Guardian, Guardianship
from parents.services import hold_family
from schools import clock
from tests.cast import Cast
from tests.messaging.datarequests import ask
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
REGISTER = reverse("data_requests")


def namesake(cast: Cast, child: str, times: int = 1) -> None:
    """Parents of this child with the name of Karim, Yusuf's father."""
    like = cast.guardians["separated_father"]
    for _time in range(times):
        other = Guardian.objects.create(first_name=like.first_name, last_name=like.last_name, contact_language="nl")
        Guardianship.objects.create(
            guardian=other, pupil=cast.pupils[child], relation="FATHER", starts_on=clock.today()
        )


def test_two_of_one_name_are_told_apart_by_their_children(cast: Cast) -> None:
    namesake(cast, "simran")
    found = text_of(cast.client("head").get(REGISTER, {"wie": "Karim"}))
    for child in ("simran", "yusuf"):
        assert f"ouder van <bdi>{cast.pupils[child].full_name}</bdi>" in found


def test_what_was_found_is_what_one_sees_after_searching(cast: Cast) -> None:
    """It stands under everything that was asked before; on a phone that is screens away."""
    found = text_of(cast.client("head").get(REGISTER, {"wie": "Karim"}))
    assert 'action="#mondeling"' in found
    assert found.index('id="mondeling"') < found.index("ouder van")
    children = text_of(cast.client("office").get(reverse("pupil_list"), {"q": "Simran"}))
    assert 'action="#kinderen"' in children
    assert children.index('id="kinderen"') < children.index(cast.pupils["simran"].full_name)


def test_the_form_and_the_request_say_whose_parent_it_is(cast: Cast) -> None:
    of_yusuf = f"ouder van <bdi>{cast.pupils['yusuf'].full_name}</bdi>"
    head = cast.client("head")
    form = reverse("data_request_new", args=[cast.guardians["separated_father"].pk])
    assert of_yusuf in text_of(head.get(form))
    assert of_yusuf in text_of(head.get(reverse("data_request", args=[ask(cast, "ACCESS").pk])))


def test_a_child_at_another_school_is_not_named(cast: Cast) -> None:
    """Gurjot is at the other school; her mother asks at De Kersenboom."""
    found = text_of(cast.client("head").get(REGISTER, {"wie": cast.guardians["mother"].first_name}))
    assert cast.pupils["simran"].full_name in found
    assert cast.pupils["gurjot"].full_name not in found


def test_a_list_that_is_not_whole_says_so(cast: Cast) -> None:
    namesake(cast, "simran", times=22)
    assert "Nog 3 ouders heten zo" in text_of(cast.client("head").get(REGISTER, {"wie": "Karim"}))


def test_data_that_are_held_are_said_to_be_before_anybody_decides(cast: Cast) -> None:
    row = ask(cast, "ERASE")
    page = reverse("data_request", args=[row.pk])
    head = cast.client("head")
    assert "Dit kan nog niet gewist worden" not in text_of(head.get(page))
    hold_family(
        family=cast.families["haddad"], by=cast.staff["head"], because="klacht van maart",
        until=clock.today() + timedelta(days=90), school_id=cast.schools["kersenboom"].pk,
    )  # fmt: skip
    said = text_of(head.get(page))
    assert "Dit kan nog niet gewist worden" in said
    assert "Weiger met die reden" in said
    assert "klacht van maart" not in said
    other = reverse("data_request", args=[ask(cast, "ACCESS").pk])
    assert "Dit kan nog niet gewist worden" not in text_of(head.get(other))
