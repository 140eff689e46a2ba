"""Who may see which family, and which layer of what was said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from parents.models import ContactMoment, ContactPoint, Family
from parents.services import withdraw_contact_moment
from parents.views.staff import guardians_of
from schools import clock
from schools.models import Assignment, AuditEntry, Role
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
        ("office", set()),
        ("clb_vclb", {"gate", "care", "clb"}),
        ("joint", {"gate", "care", "clb"}),
        ("clb_go", set()),
        ("teacher_1a", set()),
        ("teacher_go", set()),
        ("head_go", set()),
        ("coordinator", set()),
        ("partner", set()),
        ("translator", set()),
        ("admin", set()),
        ("ex_colleague", set()),
    ],
)
def test_each_reads_the_layers_of_the_own_role(cast: Cast, key: str, layers: set[str]) -> None:
    seen = set(ContactMoment.objects.visible_to(cast.staff[key]).values_list("note", flat=True))
    assert seen == {f"Line of the {layer} layer." for layer in layers}


def test_who_keeps_the_office_besides_a_class_reads_talks_of_that_class_only(cast: Cast) -> None:
    """As the page says that tells who sees a family: the office reads no talks."""
    teacher, school = cast.staff["teacher_1a"], cast.schools["kersenboom"]
    Assignment.objects.create(user=teacher, role=Role.OFFICE, school=school, starts_on=cast.year.starts_on)
    page = cast.client("teacher_1a").get(reverse("family_detail", args=[cast.families["kaur"].pk]))
    assert page.status_code == 200, "the office knows names and numbers"
    assert "Line of the gate layer" not in page.content.decode()
    assert "Bring the library card" not in page.content.decode(), "what was promised in a talk"
    cast.moments["gate"].pupils.set([cast.pupils["emma"]])
    assert cast.moments["gate"] in ContactMoment.objects.visible_to(teacher)


def test_a_line_of_the_other_centre_stays_there_though_the_school_is_ours(cast: Cast) -> None:
    moment = cast.moments["clb"]
    ContactMoment.objects.filter(pk=moment.pk).update(centre=cast.centres["clb_go"])
    for key, reads in (("clb_vclb", False), ("director_vclb", False), ("joint", True)):
        assert ContactMoment.objects.visible_to(cast.staff[key]).filter(pk=moment.pk).exists() is reads, key


def test_a_teacher_learns_that_there_is_more_but_not_what(cast: Cast) -> None:
    page = cast.client("teacher_3b").get(reverse("family_detail", args=[cast.families["kaur"].pk])).content.decode()
    assert "Line of the gate layer" in page
    assert "Line of the care layer" not in page
    assert "Line of the clb layer" not in page
    assert "2 " in page


def test_each_contact_says_in_words_whether_it_came_to_one_and_whether_it_counts(cast: Cast) -> None:
    teacher = cast.client("teacher_3b")
    address = reverse("family_detail", args=[cast.families["kaur"].pk])
    moment = ContactMoment.objects.get(family=cast.families["kaur"], note="Line of the gate layer.")
    badge = '<span class="badge badge-'
    assert badge not in teacher.get(address).content.decode().split("timeline")[1]
    ContactMoment.objects.filter(pk=moment.pk).update(status="NOT_REACHED", outcome="NOT_REACHED", is_reach=False)
    page = teacher.get(address).content.decode()
    assert "Line of the gate layer" in page
    assert "niet thuis of geen antwoord" in page
    withdraw_contact_moment(moment=moment, by=cast.staff["teacher_3b"], because="Het was een ander kind.")
    page = teacher.get(address).content.decode()
    assert "teruggenomen, telt niet mee" in page
    assert "Het was een ander kind." in page
    assert "Line of the gate layer" not in page, "it is perhaps about somebody else"


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


def test_the_page_says_what_is_known_of_each_number(cast: Cast, settings: Any) -> None:
    """Verified by use, asked again after a year, ended after hard bounces: the school sees which is which."""
    old = clock.today() - timedelta(days=settings.CONFIRM_POINT_DAYS + 1)
    karim = cast.guardians["separated_father"]
    points = ContactPoint.objects.filter(guardians=karim)
    url = reverse("family_detail", args=[cast.families["haddad"].pk])
    nadias = ContactPoint.objects.filter(guardians=cast.guardians["separated_mother"])
    nadias.update(verified_on=clock.today())
    for facts, words in (
        ({"verified_on": old}, "een jaar niet bevestigd"),
        ({"verified_on": None, "valid_from": clock.today()}, "nog niet bevestigd"),
        ({"verified_on": clock.today()}, "bevestigd op"),
        ({"valid_until": clock.today(), "ended_because": "BOUNCED"}, "werkt niet"),
    ):
        points.update(**facts)
        assert words in cast.client("head").get(url).content.decode(), words


def test_the_parent_is_asked_whether_an_old_address_is_still_right(cast: Cast, settings: Any) -> None:
    client, ask = cast.guardian_client("separated_father"), "Nog altijd van u?"
    url = f"{reverse('portal_choices')}?taal=nl"
    points = ContactPoint.objects.filter(guardians=cast.guardians["separated_father"])
    points.update(verified_on=clock.today())
    assert ask not in client.get(url).content.decode()
    points.update(verified_on=clock.today() - timedelta(days=settings.CONFIRM_POINT_DAYS + 1))
    assert ask in client.get(url).content.decode()


def test_of_many_schools_one_is_looked_at_with_its_classes(cast: Cast) -> None:
    joint, school = cast.client("joint"), cast.schools["bloesem"]
    classes = reverse("class_detail", args=[0]).removesuffix("0/")
    everything = joint.get(reverse("family_list")).content.decode()
    assert classes not in everything
    assert school.name in everything
    page = joint.get(reverse("family_list"), {"school": school.pk})
    assert classes in page.content.decode()
    there = set(Family.objects.filter(memberships__pupil__enrolments__school=school))
    assert cast.families["kaur"] in there, "her brother goes there"
    assert cast.families["haddad"] not in there
    assert set(page.context["page"].object_list) == there


def test_whoever_sees_one_school_is_not_asked_which(cast: Cast) -> None:
    page = cast.client("head").get(reverse("family_list")).content.decode()
    assert reverse("class_detail", args=[0]).removesuffix("0/") in page
    assert 'name="school"' not in page


def test_nobody_is_said_to_have_spoken_with_a_family_only_where_nobody_did(cast: Cast) -> None:
    page, nobody = reverse("family_detail", args=[cast.families["kaur"].pk]), "Niemand sprak al met dit gezin"
    teacher = cast.client("teacher_3b")
    ContactMoment.objects.exclude(pk=cast.moments["clb"].pk).delete()
    text = teacher.get(page).content.decode()
    assert "Nog 1 contact dat je niet mag lezen." in text
    assert nobody not in text
    cast.moments["clb"].delete()
    assert nobody in teacher.get(page).content.decode()
