"""Parents read who opened their data: role, organisation, day and what, never a colleague's name."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parents.sealing import make_key
from parents.services import write_clb_note
from schools import audit, clock
from schools.models import Assignment, AuditEntry, AuditSubject, Role, School
from tests.cast import Cast
from tests.parents.frame import text_of

VISITS = reverse("portal_visits")


def page_of(cast: Cast, key: str) -> str:
    """The visits; whom to ask stands below them, whoever looked."""
    visits, _whom = text_of(cast.guardian_client(key).get(VISITS)).split('id="whom-to-ask"')
    return visits


def open_family(cast: Cast, key: str, family: str) -> None:
    answer = cast.client(key).get(reverse("family_detail", args=[cast.families[family].pk]))
    assert answer.status_code == 200


def test_the_page_names_role_organisation_and_what_but_nobody(cast: Cast) -> None:
    open_family(cast, "teacher_3b", "haddad")
    page = page_of(cast, "separated_father")
    assert "VBS De Kersenboom" in page
    assert "Yusuf" in page
    assert "Lotte" not in page
    assert "Claes" not in page


def test_who_has_a_question_about_it_reads_whom_to_call(cast: Cast) -> None:
    school = cast.schools["kersenboom"]
    School.objects.filter(pk=school.pk).update(phone="+3232000000", email="school@kersenboom.example")
    page = cast.guardian_client("separated_father").get(VISITS).content.decode()
    assert 'href="tel:+3232000000"' in page
    assert 'href="mailto:school@kersenboom.example"' in page


def test_both_separated_parents_read_that_their_child_was_looked_at(cast: Cast) -> None:
    open_family(cast, "head", "haddad")
    for key in ("separated_mother", "separated_father"):
        assert "VBS De Kersenboom" in page_of(cast, key)


def test_notes_of_a_talk_with_the_mother_alone_are_not_in_the_fathers_list(cast: Cast) -> None:
    moment = cast.moments["gate"]
    moment.pupils.set([cast.pupils["yusuf"]])
    moment.guardians.set([cast.guardians["separated_mother"]])
    cast.client("teacher_3b").get(reverse("contact_detail", args=[moment.pk]))
    assert "VBS De Kersenboom" in page_of(cast, "separated_mother")
    assert "VBS De Kersenboom" not in page_of(cast, "separated_father")


def test_another_familys_parent_reads_nothing_of_it(cast: Cast) -> None:
    open_family(cast, "teacher_3b", "haddad")
    assert "VBS De Kersenboom" not in page_of(cast, "dutch_mother")


def test_who_lost_the_right_to_information_reads_nothing(cast: Cast) -> None:
    open_family(cast, "teacher_3b", "haddad")
    cast.guardians["separated_father"].guardianships.update(information_right=False)
    assert "VBS De Kersenboom" not in page_of(cast, "separated_father")


def test_the_joint_workers_visit_names_the_project(cast: Cast) -> None:
    open_family(cast, "joint", "kaur")
    assert "In groei en bloei" in page_of(cast, "mother")
    assert "Marijke" not in page_of(cast, "mother")


def test_of_several_posts_the_one_that_opens_the_school_is_named(cast: Cast) -> None:
    """Who helps out at the other centre and translates besides, later posts both."""
    today, user = clock.today(), cast.staff["clb_vclb"]
    Assignment.objects.create(user=user, role=Role.CLB, clb_centre=cast.centres["clb_go"], starts_on=today)
    Assignment.objects.create(user=user, role=Role.TRANSLATOR, languages=["pa"], starts_on=today)
    open_family(cast, "clb_vclb", "haddad")
    page = page_of(cast, "separated_father")
    assert "VCLB Haspengouw" in page
    assert "CLB GO! Haspengouw" not in page


def test_who_translates_for_a_school_looks_as_its_clb_all_the_same(cast: Cast) -> None:
    at_school = {"school": cast.schools["kersenboom"], "languages": ["pa"], "starts_on": clock.today()}
    Assignment.objects.create(user=cast.staff["clb_vclb"], role=Role.TRANSLATOR, **at_school)
    open_family(cast, "clb_vclb", "haddad")
    assert "VCLB Haspengouw" in page_of(cast, "separated_father")


@pytest.mark.parametrize(("school", "role"), [("bloesem", Role.PARTNER), ("kersenboom", Role.CLB)])
def test_a_partner_looks_as_such_where_the_other_post_opens_nothing(cast: Cast, school: str, role: Role) -> None:
    user = cast.staff["partner"]
    Assignment.objects.create(user=user, role=Role.CLB, clb_centre=cast.centres["vclb"], starts_on=clock.today())
    entry = audit.record(actor=user, verb="read", target=user, school_id=cast.schools[school].pk)
    assert entry.assignment is not None
    assert entry.assignment.role == role


@pytest.mark.parametrize("key", ["clb_vclb", "joint"])
def test_an_opened_clb_note_is_a_line_about_its_children(cast: Cast, clb_keys: Any, key: str) -> None:
    make_key(cast.centres["vclb"])
    moment, author = cast.moments["gate"], cast.staff["joint"]
    write_clb_note(contact_moment=moment, centre=cast.centres["vclb"], text="Vertrouwelijk.", author=author)
    cast.client(key).get(reverse("contact_detail", args=[moment.pk]))
    line = AuditEntry.objects.get(verb="read CLB note")
    assert line.actor == cast.staff[key]
    assert line.assignment is not None
    assert set(line.subjects.values_list("pupil_id", "guardian_id")) == {
        (cast.pupils["simran"].pk, cast.guardians["mother"].pk)
    }
    assert "Vertrouwelijk" not in str(list(AuditEntry.objects.values()))


def test_the_childs_page_of_staff_is_a_line_too(cast: Cast) -> None:
    cast.client("teacher_3b").get(f"{reverse('contact_new')}?pupil={cast.pupils['yusuf'].pk}")
    line = AuditEntry.objects.get(target_kind="schools.pupil")
    assert line.subjects.get().pupil_id == cast.pupils["yusuf"].pk
    assert line.school_id == cast.schools["kersenboom"].pk


def test_a_search_is_one_line_without_its_words(cast: Cast) -> None:
    cast.client("teacher_3b").get(reverse("family_list"), {"q": "Haddad"})
    line = AuditEntry.objects.get(verb="searched")
    assert line.detail == {"found": 1}


def test_the_list_is_paged_and_costs_the_same_for_many(cast: Cast) -> None:
    client = cast.guardian_client("separated_father")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(VISITS).status_code == 200
        return len(captured)

    open_family(cast, "teacher_3b", "haddad")
    few = cost()
    for key in ("head", "care", "joint", "clb_vclb", "director_vclb"):
        open_family(cast, key, "haddad")
    assert cost() == few


@pytest.mark.parametrize("name", ["family_detail", "family_notices", "family_ladder", "family_rights"])
def test_every_part_of_a_family_names_the_post_through_which_it_was_seen(cast: Cast, name: str) -> None:
    cast.client("teacher_3b").get(reverse(name, args=[cast.families["haddad"].pk]))
    line = AuditEntry.objects.get()
    assert line.assignment is not None
    assert line.subjects.get().pupil_id == cast.pupils["yusuf"].pk


def test_ten_visits_of_one_day_are_one_row(cast: Cast) -> None:
    for _number in range(10):
        open_family(cast, "teacher_3b", "haddad")
    page = page_of(cast, "separated_father")
    assert "10 ×" in page


def test_what_the_words_do_not_tell_apart_is_one_row(cast: Cast) -> None:
    """Two lines that say the same look like a mistake, and nobody can ask about one of them."""
    pupil, teacher = cast.pupils["yusuf"], cast.staff["teacher_3b"]
    for verb in ("listed", "compared families"):
        audit.record_reading(actor=teacher, verb=verb, target=pupil, pupils=[pupil.pk])
    page = page_of(cast, "separated_father")
    assert page.count("Yusuf") == 1
    assert "2 ×" in page


def test_strangers_are_asked_to_sign_in(cast: Cast) -> None:
    assert Client().get(VISITS).status_code == 302


def test_lines_about_nobody_have_no_subjects(cast: Cast) -> None:
    audit.record(actor=cast.staff["head"], verb="chose working days", target=cast.schools["kersenboom"])
    assert not AuditSubject.objects.exists()
