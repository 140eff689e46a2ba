"""Brothers and sisters: the page proposes talks one after another."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from messaging.tokens import make_token
from parents.models import SlotStatus
from tests.cast import Cast
from tests.parents.conferences import book, invite, round_of, slot_of, with_brother
from tests.parents.frame import text_of


def post(client: Client, url: str, key: str) -> Any:
    return client.post(url, {"times": key, "way": "SCHOOL", "interpreter": "", "note": ""})


def test_a_mother_takes_two_times_with_one_tap(cast: Cast) -> None:
    with_brother(cast)
    made = round_of(cast, "3b", "1a")
    mother = cast.guardian_client("dutch_mother")
    url = reverse("portal_booking_together", args=[made.pk])
    assert url in text_of(mother.get(reverse("portal_bookings")))
    form = mother.get(url).context["form"]
    key = next(iter(form.proposals))
    assert post(mother, url, key).status_code == 302
    assert made.slots.filter(status=SlotStatus.BOOKED).count() == 2
    assert mother.get(url).status_code == 302, "nothing is left to plan"


def test_by_link_too_and_what_went_meanwhile_is_not_taken(cast: Cast) -> None:
    with_brother(cast)
    made = round_of(cast, "3b", "1a")
    delivery = invite(cast, made, "dutch_mother")
    client, url = Client(), reverse("token_booking_together", args=[make_token(delivery)])
    form = client.get(url).context["form"]
    key, proposal = next(iter(form.proposals.items()))
    taken = next(hour for slot, hour in proposal.hours if slot.pupil.first_name == "Bram")
    book(cast, slot_of(cast, made, "simran"), taken, "mother")
    answer = post(client, url, key)
    assert answer.status_code == 200
    assert key not in answer.context["form"].proposals
    assert 'href="#id_times_field"' in text_of(answer)
    assert 'id="id_times_field"' in text_of(answer)
    assert made.slots.filter(status=SlotStatus.BOOKED).count() == 1


def test_a_child_alone_has_no_such_page_and_a_stranger_meets_no_round(cast: Cast) -> None:
    made = round_of(cast, "1a")
    url = reverse("portal_booking_together", args=[made.pk])
    assert cast.guardian_client("dutch_mother").get(url).status_code == 302
    assert cast.guardian_client("separated_father").get(url).status_code == 404
