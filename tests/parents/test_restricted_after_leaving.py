"""Whose children are at no school any more may still ask that the own data are only kept; then nothing takes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from parents import retention
from parents.askers import askers
from parents.models import DataRequest, Guardian
from parents.services.forgetting import forget_guardians
from schools import clock
from schools.models import Enrolment
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
REGISTER = reverse("data_requests")


@pytest.fixture
def father(cast: Cast) -> Guardian:
    """Karim, whose only child left school altogether long ago."""
    day = clock.today() - timedelta(days=settings.LEFT_CONTACT_DAYS + 1)
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(starts_on=day - timedelta(days=300), ends_on=day)
    return cast.guardians["separated_father"]


def note(cast: Cast, guardian: Guardian, who: str = "office", kind: str = "RESTRICT") -> Any:
    facts = {"place": f"school-{cast.schools['kersenboom'].pk}", "kind": kind, "identity": "KNOWN"}
    return cast.client(who).post(reverse("data_request_new", args=[guardian.pk]), facts)


def decide(cast: Cast, row: DataRequest) -> Any:
    answer = {"decision": "GRANTED", "reason": "Goed."}
    return cast.client("head").post(reverse("data_request", args=[row.pk]), answer)


def due(key: str) -> set[int]:
    rule = next(rule for rule in retention.RULES if rule.key == key)
    return {row.pk for row in rule.due()}


def test_the_school_that_knew_them_finds_them_and_notes_what_they_ask(cast: Cast, father: Guardian) -> None:
    assert reverse("data_request_new", args=[father.pk]) in text_of(
        cast.client("office").get(REGISTER, {"wie": "Karim"})
    )
    assert note(cast, father).status_code == 302
    assert DataRequest.objects.get().guardian == father


def test_it_is_decided_applied_and_lifted_there(cast: Cast, father: Guardian) -> None:
    note(cast, father)
    row = DataRequest.objects.get()
    assert decide(cast, row).status_code == 302
    father.refresh_from_db()
    assert father.restricted_on == clock.today()
    cast.client("head").post(reverse("data_request_lift", args=[row.pk]))
    father.refresh_from_db()
    assert father.restricted_on is None


def test_what_is_only_kept_is_not_taken_by_time(cast: Cast, father: Guardian) -> None:
    assert father.pk in due("contact data")
    Guardian.objects.filter(pk=father.pk).update(restricted_on=clock.today())
    assert father.pk not in due("contact data")
    assert cast.guardians["separated_mother"].pk in due("contact data"), "the other parent asked for nothing"
    long_ago = clock.today() - timedelta(days=settings.LEFT_NAME_DAYS + 1)
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(starts_on=long_ago, ends_on=long_ago)
    assert father.pk not in due("guardians")
    Guardian.objects.filter(pk=father.pk).update(restricted_on=None)
    assert father.pk in due("guardians")


@pytest.mark.parametrize(
    ("kind", "over"), [("RESTRICT", {"restricted_on": None}), ("OBJECT", {"may_be_contacted": True})]
)
def test_the_request_stays_until_it_is_lifted(cast: Cast, father: Guardian, kind: str, over: dict[str, Any]) -> None:
    """Without it nobody could end it."""
    note(cast, father, kind=kind)
    row = DataRequest.objects.get()
    decide(cast, row)
    past = clock.now() - timedelta(days=settings.DATA_REQUEST_DAYS + 1)
    DataRequest.objects.update(decided_at=past)
    assert row.pk not in due("requests")
    Guardian.objects.filter(pk=father.pk).update(**over)
    assert row.pk in due("requests")


@pytest.mark.parametrize("kind", ["RESTRICT", "OBJECT"])
def test_of_nobody_and_of_what_was_refused_nothing_stays(cast: Cast, father: Guardian, kind: str) -> None:
    note(cast, father, kind=kind)
    row = DataRequest.objects.get()
    decide(cast, row)
    DataRequest.objects.update(decided_at=clock.now() - timedelta(days=settings.DATA_REQUEST_DAYS + 1))
    assert row.pk not in due("requests")
    DataRequest.objects.update(decision="REFUSED")
    assert row.pk in due("requests")
    DataRequest.objects.update(decision="GRANTED")
    forget_guardians([father.pk])
    assert row.pk in due("requests")


def test_nobody_else_learns_of_them(cast: Cast, father: Guardian) -> None:
    for key in ("head_go", "director_go", "clb_go"):
        assert not askers(cast.staff[key]).filter(pk=father.pk).exists(), key
        assert note(cast, father, key).status_code == 404
    assert askers(cast.staff["clb_vclb"]).filter(pk=father.pk).exists(), "the centre of that school answers too"
    assert not askers(cast.staff["teacher_3b"]).filter(pk=father.pk).exists()


def test_who_went_on_to_another_school_asks_there(cast: Cast, father: Guardian) -> None:
    room = cast.classes["go2"]
    Enrolment.objects.create(pupil=cast.pupils["yusuf"], school=room.school, school_class=room, starts_on=clock.today())
    assert note(cast, father).status_code == 404
    assert askers(cast.staff["head_go"]).filter(pk=father.pk).exists()


def test_who_was_erased_is_not_found(cast: Cast, father: Guardian) -> None:
    Guardian.objects.filter(pk=father.pk).update(first_name="", last_name="")
    assert not askers(cast.staff["office"]).filter(pk=father.pk).exists()
