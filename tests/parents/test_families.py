"""Who may see which family, and which layer of what was said."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parents.models import ContactMoment, Family
from parents.views.staff import guardians_of
from schools.models import AuditEntry
from tests.cast import Cast

SEES_SIMRAN = ["teacher_3b", "head", "care", "office", "clb_vclb", "director_vclb", "joint"]
DOES_NOT = ["teacher_1a", "coordinator", "partner", "translator", "admin", "ex_colleague"]


@pytest.mark.parametrize("key", SEES_SIMRAN)
def test_those_who_work_with_simran_see_her_family(cast: Cast, key: str) -> None:
    assert cast.families["kaur"] in Family.objects.visible_to(cast.staff[key])


@pytest.mark.parametrize("key", DOES_NOT)
def test_others_do_not(cast: Cast, key: str) -> None:
    assert cast.families["kaur"] not in Family.objects.visible_to(cast.staff[key])


def test_the_head_of_the_other_school_sees_her_brother_only(cast: Cast) -> None:
    page = cast.client("head_go").get(reverse("family_detail", args=[cast.families["kaur"].pk]))
    text = page.content.decode()
    assert "Gurjot" in text
    assert "Simran" not in text
    assert "Line of the gate layer" not in text
    assert "Baldev" not in text


@pytest.mark.parametrize(
    ("key", "layers"),
    [
        ("teacher_3b", {"gate"}),
        ("head", {"gate", "care"}),
        ("care", {"gate", "care"}),
        ("clb_vclb", {"gate", "care", "clb"}),
        ("joint", {"gate", "care", "clb"}),
        ("clb_go", set()),
        ("teacher_1a", set()),
        ("teacher_go", set()),
        ("head_go", set()),
        ("coordinator", set()),
        ("ex_colleague", set()),
    ],
)
def test_each_reads_the_layers_of_the_own_role(cast: Cast, key: str, layers: set[str]) -> None:
    seen = set(ContactMoment.objects.visible_to(cast.staff[key]).values_list("note", flat=True))
    assert seen == {f"Line of the {layer} layer." for layer in layers}


def test_a_teacher_learns_that_there_is_more_but_not_what(cast: Cast) -> None:
    page = cast.client("teacher_3b").get(reverse("family_detail", args=[cast.families["kaur"].pk])).content.decode()
    assert "Line of the gate layer" in page
    assert "Line of the care layer" not in page
    assert "Line of the clb layer" not in page
    assert "2 " in page


def test_opening_a_family_is_written_in_the_access_log(cast: Cast) -> None:
    cast.client("teacher_3b").get(reverse("family_detail", args=[cast.families["kaur"].pk]))
    line = AuditEntry.objects.get(verb="read", target_kind="parents.family")
    assert line.actor == cast.staff["teacher_3b"]
    assert line.assignment is not None
    assert line.assignment.school_class == cast.classes["3b"]


def test_search_finds_by_child_guardian_and_phone_within_the_own_rights(cast: Cast) -> None:
    kaur = cast.families["kaur"]
    for text in ("simran", "Harpreet Kaur", "+32470000001"):
        assert list(Family.objects.visible_to(cast.staff["teacher_3b"]).matching(text, cast.staff["teacher_3b"])) == [
            kaur
        ]
    joint = cast.staff["teacher_1a"]
    assert not Family.objects.visible_to(joint).matching("simran", joint).exists()


def test_a_colleague_of_another_class_gets_404_and_a_partner_403(cast: Cast) -> None:
    address = reverse("family_detail", args=[cast.families["kaur"].pk])
    assert cast.client("teacher_1a").get(address).status_code == 404
    assert cast.client("partner").get(address).status_code == 403
    assert cast.client("ex_colleague").get(address).status_code == 403


def test_a_shared_number_stands_once_with_each_of_its_users(cast: Cast) -> None:
    people = guardians_of([cast.pupils["simran"]])
    assert {row.first_name: [point.value for point in row.all_points] for row in people} == {  # type: ignore[attr-defined]
        "Harpreet": ["harpreet@thuis.example", "+32470000001"],
        "Baldev": ["+32470000001"],
    }
