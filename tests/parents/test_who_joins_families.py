"""Nobody but the joint worker sees two families side by side, before or after she joined them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from parents.models import (
    FamilyMatch,
    FamilyMerge,
    LegalHold,
)
from parents.samefamily.moving import holders
from parents.services import hold_family, join_families
from schools import clock
from schools.models import AuditEntry, AuditSubject, Participation
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.parents.homes import Homes, matched

pytestmark = pytest.mark.django_db
PAGE = reverse("same_families")


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return Homes(cast)


def test_the_joint_worker_compares_and_decides_on_one_page(homes: Homes) -> None:
    match = matched(homes)
    client = homes.cast.client("joint")
    page = text_of(client.get(PAGE))
    assert "Ze gebruiken hetzelfde telefoonnummer." in page
    assert "3B, VBS De Kersenboom" in page
    assert "2A, GO! basisschool De Bloesem" in page
    entry = AuditEntry.objects.get(verb="compared families")
    assert AuditSubject.objects.filter(entry=entry).count() == 2
    client.post(reverse("same_family_decide", args=[match.pk]), {"answer": "same"})
    assert FamilyMerge.objects.get().kept_id == match.first_id
    assert FamilyMerge.objects.get().by == homes.cast.staff["joint"]
    assert "Kan ongedaan gemaakt worden tot" in text_of(client.get(PAGE))


def test_the_way_back_stands_beside_the_word_that_they_are_joined(homes: Homes) -> None:
    match, client = matched(homes), homes.cast.client("joint")
    assert client.get(PAGE).context["just_joined"] is None
    client.post(reverse("same_family_decide", args=[match.pk]), {"answer": "same"})
    merge, undo = FamilyMerge.objects.get(), 'class="toast"'
    page = client.get(PAGE).content.decode()
    assert page.index("Ze zijn nu één gezin") < page.index(reverse("same_family_undo", args=[merge.pk]))
    assert page.index(undo) < page.index("Onlangs samengevoegd")
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        page = client.get(PAGE).content.decode()
        assert undo not in page
        assert "Onlangs samengevoegd" in page
    client.post(reverse("same_family_undo", args=[merge.pk]))
    assert undo not in client.get(PAGE).content.decode()


def test_what_was_joined_first_can_be_parted_too(homes: Homes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parents.views.samefamily.ROWS_ON_A_PAGE", 1)
    first = join_families(match=matched(homes), by=homes.cast.staff["joint"])
    one, other = homes.add("3b", "Kaya"), homes.add("go2", "Aydin")
    pair = FamilyMatch.objects.create(first=one, second=other, score=50, found_at=clock.now())
    join_families(match=pair, by=homes.cast.staff["joint"])
    client = homes.cast.client("joint")
    undo = reverse("same_family_undo", args=[first.pk])
    assert undo not in client.get(PAGE).content.decode()
    assert "?samen=2" in client.get(PAGE).content.decode()
    assert undo in client.get(PAGE, {"samen": "2"}).content.decode()


def test_her_week_and_the_rail_count_them(homes: Homes) -> None:
    matched(homes)
    assert "paar gezinnen is misschien één gezin" in text_of(homes.cast.client("joint").get(reverse("my_week")))
    assert PAGE not in homes.cast.client("head").get(reverse("my_week")).content.decode()


@pytest.mark.parametrize("key", ["head", "head_go", "office", "clb_vclb", "director_vclb", "coordinator", "admin"])
def test_nobody_else_comes_to_it(homes: Homes, key: str) -> None:
    match = matched(homes)
    client = homes.cast.client(key)
    assert client.get(PAGE).status_code == 403
    assert client.post(reverse("same_family_decide", args=[match.pk]), {"answer": "same"}).status_code == 403


def test_the_joint_worker_of_another_project_does_not_see_the_pair(homes: Homes) -> None:
    match = matched(homes)
    Participation.objects.filter(school=homes.cast.schools["bloesem"]).delete()
    client = homes.cast.client("joint")
    assert match.pk not in FamilyMatch.objects.visible_to(homes.cast.staff["joint"]).values_list("pk", flat=True)
    assert client.post(reverse("same_family_decide", args=[match.pk]), {"answer": "same"}).status_code == 404


@pytest.mark.parametrize("school", ["kersenboom", "bloesem"])
def test_who_accompanies_one_of_two_joined_families_neither_sees_nor_parts_them(homes: Homes, school: str) -> None:
    merge = join_families(match=matched(homes), by=homes.cast.staff["joint"])
    Participation.objects.filter(school=homes.cast.schools[school]).delete()
    client = homes.cast.client("joint")
    undo = reverse("same_family_undo", args=[merge.pk])
    assert undo not in client.get(PAGE).content.decode()
    assert client.post(undo).status_code == 404


def test_a_school_sees_of_a_joined_family_what_it_saw_before(homes: Homes) -> None:
    match = matched(homes)
    schools = homes.cast.schools
    hold_family(
        family=match.second,
        by=homes.cast.staff["head_go"],
        because="klacht bij De Bloesem",
        until=clock.today(),
        school_id=schools["bloesem"].pk,
    )
    join_families(match=match, by=homes.cast.staff["joint"])
    for key, own, others in (("head", "Yilmaz", "Demir"), ("head_go", "Demir", "Yilmaz")):
        client = homes.cast.client(key)
        for name in ("family_detail", "family_rights", "family_notices", "family_ladder"):
            page = client.get(reverse(name, args=[match.first_id])).content.decode()
            assert others not in page
            assert ("klacht bij De Bloesem" in page) == (key == "head_go" and name == "family_rights")
        assert own in client.get(reverse("family_detail", args=[match.first_id])).content.decode()
        assert others not in client.get(reverse("family_list")).content.decode().replace("1A", "")
    assert set(LegalHold.objects.families()) == {match.first_id}


def test_every_table_with_a_family_is_known(db: None) -> None:
    assert {model._meta.label for model, _column in holders()} == {
        "parents.Attendance", "parents.ConferenceSlot", "parents.ContactMoment", "parents.FamilyMembership",
        "parents.FollowUp", "parents.InterpreterRequest", "parents.LegalHold", "parents.OwnVersion",
        "messaging.Answer", "messaging.Notice", "messaging.Thread",
    }  # fmt: skip
