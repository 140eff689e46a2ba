"""An administrator keeps schools, centres, partners and projects; a new portal begins with one command."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from messaging.models import NoticeTemplate
from schools import clock
from schools.models import (
    Assignment,
    AuditEntry,
    CentreShare,
    CLBCentre,
    Participation,
    Partner,
    Project,
    Role,
    School,
    SchoolYear,
    User,
)
from schools.scope import scope_of
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db

SCHOOL = {
    "name": "VBS De Lindeboom",
    "institution_number": "999123",
    "network": "VGO",
    "street": "Lindestraat 1",
    "postcode": "3800",
    "city": "Schoolstad",
    "phone": "011 00 00 00",
    "email": "info@lindeboom.example",
}


def save(client: Client, kind: str, pk: int | None, **fields: Any) -> Any:
    address = reverse("place_edit", args=[kind, pk]) if pk else reverse("place_new", args=[kind])
    return client.post(address, fields)


def project_fields(cast: Cast, **more: Any) -> dict[str, Any]:
    start = cast.year.starts_on
    roles = {f"school{school.pk}": "PILOT" for school in cast.schools.values()}
    shares = {f"share{cast.centres['vclb'].pk}": 50, f"share{cast.centres['clb_go'].pk}": 50}
    return {
        "name": "In groei en bloei",
        "year": cast.year.pk,
        "starts_on": start.isoformat(),
        "ends_on": cast.year.ends_on.isoformat(),
        "report_due_on": cast.year.ends_on.isoformat(),
        **roles,
        **shares,
        **more,
    }


@pytest.mark.parametrize("kind", ["scholen", "centra", "partners", "projecten"])
def test_what_is_not_chosen_yet_is_one_dash_as_in_every_form(cast: Cast, kind: str) -> None:
    page = cast.client("admin").get(reverse("place_new", args=[kind])).content.decode()
    assert "---" not in page.partition("<main")[2]


@pytest.mark.parametrize(
    ("kind", "words"),
    [("scholen", "School"), ("centra", "CLB"), ("partners", "Partner"), ("projecten", "Project")],
)
def test_it_is_said_what_is_added(cast: Cast, kind: str, words: str) -> None:
    admin = cast.client("admin")
    assert f"{words} toevoegen</h1>" in admin.get(reverse("place_new", args=[kind])).content.decode()
    assert f"<span>{words} toevoegen</span>" in admin.get(reverse("place_list", args=[kind])).content.decode()


def test_a_school_comes_in_and_changes_and_both_leave_a_line(cast: Cast) -> None:
    admin = cast.client("admin")
    assert save(admin, "scholen", None, **SCHOOL, clb=cast.centres["vclb"].pk).status_code == 302
    school = School.objects.get(institution_number="999123")
    assert save(admin, "scholen", school.pk, **{**SCHOOL, "city": "Bloemstad"}, clb=school.clb_id).status_code == 302
    school.refresh_from_db()
    assert school.city == "Bloemstad"
    lines = AuditEntry.objects.filter(target_kind="schools.school", target_id=school.pk).order_by("pk")
    assert [line.verb for line in lines] == ["added a place", "changed a place"]


@pytest.mark.parametrize(
    "wrong", [{"institution_number": ""}, {"email": "geen adres"}, {"network": "XX"}, {"phone": "via de juf"}]
)
def test_what_is_wrong_is_said_and_nothing_is_kept(cast: Cast, wrong: dict[str, str]) -> None:
    answer = save(cast.client("admin"), "scholen", None, **{**SCHOOL, **wrong}, clb=cast.centres["vclb"].pk)
    assert answer.status_code == 422
    assert not School.objects.filter(name=SCHOOL["name"]).exists()


def test_a_number_that_another_school_has_is_refused(cast: Cast) -> None:
    number = cast.schools["kersenboom"].institution_number
    fields = {**SCHOOL, "institution_number": number, "clb": cast.centres["vclb"].pk}
    answer = save(cast.client("admin"), "scholen", None, **fields)
    assert answer.status_code == 422
    assert "Een andere school heeft dit nummer al." in text_of(answer)


@pytest.mark.parametrize("kind", ["centra", "partners"])
def test_a_name_that_another_has_is_refused_in_our_own_words(cast: Cast, kind: str) -> None:
    admin, name = cast.client("admin"), "Buurthuis De Bloesem"
    assert save(admin, kind, None, name=name, network="VGO").status_code == 302
    answer = save(admin, kind, None, name=name, network="GO", phone="011 00 00 00")
    assert answer.status_code == 422
    assert "Er is er al een met deze naam. Kies een andere naam." in text_of(answer)


def test_a_phone_is_kept_so_that_it_can_be_dialled_and_shown_as_people_write_it(cast: Cast) -> None:
    admin = cast.client("admin")
    save(admin, "scholen", None, **SCHOOL | {"phone": "011/00 00 00"}, clb=cast.centres["vclb"].pk)
    school = School.objects.get(name=SCHOOL["name"])
    assert school.phone == "+3211000000"
    page = admin.get(reverse("place_edit", args=["scholen", school.pk]))
    assert 'value="011 00 00 00"' in text_of(page)


@pytest.mark.parametrize(
    ("typed", "kept"), [("999 123", "999123"), ("999.123", "999123"), ("9/123", None), ("²", None)]
)
def test_a_number_of_a_school_is_figures_that_can_stand_in_an_address(cast: Cast, typed: str, kept: str | None) -> None:
    """Parents find the welcome page by it, from every notice."""
    fields = {**SCHOOL, "institution_number": typed, "clb": cast.centres["vclb"].pk}
    assert save(cast.client("admin"), "scholen", None, **fields).status_code == (302 if kept else 422)
    school = School.objects.filter(name=SCHOOL["name"]).first()
    assert (school.institution_number if school else None) == kept
    if kept:
        assert Client().get(reverse("school_welcome", args=[kept])).status_code == 200


def test_the_key_of_a_centre_is_named_once_and_stays(cast: Cast) -> None:
    admin = cast.client("admin")
    for name in ("CLB De Brug", "CLB de brug!"):
        assert save(admin, "centra", None, name=name, network="VGO").status_code == 302
    first, second = CLBCentre.objects.filter(name__istartswith="CLB de brug").order_by("pk")
    assert (first.key_name, second.key_name) == ("clb-de-brug", "clb-de-brug-2")
    save(admin, "centra", first.pk, name="CLB De Nieuwe Brug", network="VGO")
    first.refresh_from_db()
    assert (first.name, first.key_name) == ("CLB De Nieuwe Brug", "clb-de-brug")


def test_a_project_gets_its_schools_and_shares_and_a_joint_worker_sees_them(cast: Cast) -> None:
    admin = cast.client("admin")
    assert save(admin, "partners", None, name="Bibliotheek").status_code == 302
    fields = project_fields(cast, name="Samen verder", partners=[Partner.objects.get(name="Bibliotheek").pk])
    assert save(admin, "projecten", None, **fields).status_code == 302
    project = Project.objects.get(name="Samen verder")
    assert {row.share for row in CentreShare.objects.filter(project=project)} == {50}
    assert project.partners.count() == 1
    worker = User.objects.create_user("nieuw@clb.example", None, full_name="Nieuwe Werker")
    Assignment.objects.create(user=worker, role=Role.JOINT_CLB, project=project, starts_on=cast.year.starts_on)
    assert set(School.objects.visible_to(worker)) == set(cast.schools.values())


def test_a_project_sent_twice_is_one_of_its_year(cast: Cast) -> None:
    admin, fields = cast.client("admin"), project_fields(cast, name="Dichtbij")
    assert save(admin, "projecten", None, **fields).status_code == 302
    again = save(admin, "projecten", None, **fields)
    assert again.status_code == 422
    assert "Dit project is er in dat schooljaar al." in again.content.decode()
    assert Project.objects.filter(name="Dichtbij").count() == 1


def test_shares_that_make_no_whole_are_refused(cast: Cast) -> None:
    fields = project_fields(cast, name="Half", **{f"share{cast.centres['vclb'].pk}": 30})
    answer = save(cast.client("admin"), "projecten", None, **fields)
    assert answer.status_code == 422
    assert "80 %" in answer.content.decode()
    assert not Project.objects.filter(name="Half").exists()


@pytest.mark.parametrize("name", ["starts_on", "ends_on", "report_due_on"])
@pytest.mark.parametrize("day", ["0001-01-01", "0026-09-01", "9999-12-31"])
def test_a_day_of_a_project_far_from_its_school_year_is_a_slip(cast: Cast, name: str, day: str) -> None:
    answer = save(cast.client("admin"), "projecten", None, **project_fields(cast, name="Ver", **{name: day}))
    assert answer.status_code == 422
    assert f"niet in het schooljaar {cast.year}" in answer.content.decode()
    assert not Project.objects.filter(name="Ver").exists()


def test_a_school_that_leaves_is_not_seen_any_more_and_may_come_back(cast: Cast) -> None:
    admin, project, school = cast.client("admin"), cast.project, cast.schools["bloesem"]
    assert project is not None
    for role, sees in (("", False), ("PILOT", True)):
        fields = project_fields(cast, name=project.name, **{f"school{school.pk}": role})
        assert save(admin, "projecten", project.pk, **fields).status_code == 302
        worker = User.objects.get(pk=cast.staff["joint"].pk)
        assert (school in School.objects.visible_to(worker)) == sees
    assert Participation.objects.filter(project=project, school=school).count() == 1


@pytest.mark.parametrize(("begun", "is_told"), [(timedelta(days=20), False), (timedelta(days=80), True)])
def test_a_school_that_joins_when_the_project_is_well_under_way_joins_today(
    cast: Cast, begun: timedelta, is_told: bool
) -> None:
    """While it is set up, schools are added one by one: they are of it from the start."""
    admin, project, school = cast.client("admin"), cast.project, cast.schools["bloesem"]
    assert project is not None
    first = clock.today() - begun
    project.participations.filter(school=school).delete()
    fields = project_fields(cast, name=project.name, starts_on=first.isoformat())
    assert save(admin, "projecten", project.pk, **fields).status_code == 302
    since = dict(project.participations.values_list("school", "starts_on"))
    assert since.pop(school.pk) == (clock.today() if is_told else first)
    assert max(since.values()) <= first


def test_schools_of_the_start_go_with_a_first_day_that_is_put_right(cast: Cast) -> None:
    """Else the evaluation would say of each that it came later."""
    admin, project, school = cast.client("admin"), cast.project, cast.schools["bloesem"]
    assert project is not None
    later = project.starts_on + timedelta(days=150)
    Participation.objects.filter(project=project, school=school).update(starts_on=later)
    first = project.starts_on - timedelta(days=20)
    assert save(admin, "projecten", project.pk, **project_fields(cast, name=project.name, starts_on=first.isoformat()))
    since = dict(project.participations.values_list("school", "starts_on"))
    assert since.pop(school.pk) == later
    assert set(since.values()) == {first}


def test_a_school_that_stays_until_the_end_of_the_project_stays(cast: Cast) -> None:
    admin, project, school = cast.client("admin"), cast.project, cast.schools["bloesem"]
    assert project is not None
    last = clock.today() + timedelta(days=30)
    Participation.objects.filter(project=project, school=school).update(ends_on=last)
    page = admin.get(reverse("place_edit", args=["projecten", project.pk])).content.decode()
    chosen = page[page.index(f'name="school{school.pk}"') :]
    assert 'value="PILOT" selected' in chosen[: chosen.index("</select>")]
    assert save(admin, "projecten", project.pk, **project_fields(cast, name=project.name)).status_code == 302
    assert Participation.objects.get(project=project, school=school).ends_on == last


class TestTwoWindows:
    """What another administrator saved meanwhile is named, and stands until somebody saves it away knowingly."""

    def on_the_page(self, client: Client, kind: str, pk: int) -> dict[str, Any]:
        """What a browser would send of the page as it is."""
        form = client.get(reverse("place_edit", args=[kind, pk])).context["form"]
        return {one.html_name: as_sent(one.value()) for one in form}

    def test_a_school_that_another_one_took_up_stays_in_the_project(self, cast: Cast) -> None:
        admin, project, school = cast.client("admin"), cast.project, cast.schools["bloesem"]
        assert project is not None
        project.participations.filter(school=school).delete()
        before = self.on_the_page(admin, "projecten", project.pk)
        fresh = School.objects.create(**SCHOOL, clb=cast.centres["vclb"])
        for row in (school, fresh):
            project.participations.create(school=row, role="PILOT", starts_on=project.starts_on)
        answer = save(admin, "projecten", project.pk, **before | {"funder": "Het Fonds"})
        assert answer.status_code == 422
        said = text_of(answer)
        both = f"{school.name} in dit project (proefschool), {fresh.name} in dit project (proefschool)"
        assert f"Iemand anders heeft dit intussen gewijzigd: {both}" in said
        assert project.participations.get(school=school).ends_on is None
        project.refresh_from_db()
        assert project.funder != "Het Fonds"
        again = {one.html_name: as_sent(one.value()) for one in answer.context["form"]}
        chosen = {f"school{row.pk}": "PILOT" for row in (school, fresh)}
        assert save(admin, "projecten", project.pk, **again | chosen).status_code == 302
        project.refresh_from_db()
        assert project.funder == "Het Fonds"
        assert project.participations.get(school=fresh).ends_on is None

    @pytest.mark.parametrize("kind", ["scholen", "centra", "projecten"])
    def test_who_is_alone_saves_at_once_and_again(self, kind: str, cast: Cast) -> None:
        assert cast.project is not None
        rows = {"scholen": cast.schools["bloesem"], "centra": cast.centres["vclb"], "projecten": cast.project}
        admin, pk = cast.client("admin"), rows[kind].pk
        for name in ("Een andere naam", "Nog een andere"):
            fields = self.on_the_page(admin, kind, pk)
            assert save(admin, kind, pk, **fields | {"name": name}).status_code == 302

    def test_a_second_press_blames_nobody_however_a_number_was_typed(self, cast: Cast) -> None:
        admin, school = cast.client("admin"), cast.schools["bloesem"]
        fields = self.on_the_page(admin, "scholen", school.pk) | {
            "phone": "011/33.44.55",
            "institution_number": "999.103",
        }
        assert [save(admin, "scholen", school.pk, **fields).status_code for _press in range(2)] == [302, 302]
        assert save(admin, "scholen", school.pk, **fields | {"phone": "011 33 44 56"}).status_code == 422

    def test_what_nobody_s_browser_sends_is_a_page_too(self, cast: Cast) -> None:
        admin, school = cast.client("admin"), cast.schools["bloesem"]
        fields = self.on_the_page(admin, "scholen", school.pk) | {"name": "Een andere naam"}
        for seen in ("[" * 90_000, "name", "=", "name=1 name=2"):
            assert save(admin, "scholen", school.pk, **fields | {"seen": seen}).status_code == 422


def as_sent(value: Any) -> Any:
    """As it leaves a form."""
    if isinstance(value, list):
        return [getattr(one, "pk", one) for one in value]
    return "" if value is None else value


def test_places_are_for_an_administrator_of_everything(cast: Cast) -> None:
    assert cast.client("head").get(reverse("places")).status_code == 403
    assert cast.client("admin").get(reverse("place_list", args=["onbekend"])).status_code == 404
    cast.staff["admin"].assignments.update(school=cast.schools["kersenboom"])
    assert cast.client("admin").get(reverse("place_list", args=["scholen"])).status_code == 403


class TestSetup:
    def set_up(self, **more: str) -> str:
        said = io.StringIO()
        call_command("setup", **{"email": "It@Stad.example", "name": "Nele  Baas", **more}, stdout=said)
        return said.getvalue()

    def test_an_empty_portal_gets_texts_years_and_an_administrator_who_comes_in(self) -> None:
        said = self.set_up()
        link = said.splitlines()[1].partition("/uitnodiging/")[2]
        words = {"new_password1": "vier-gele-fietsen-7", "new_password2": "vier-gele-fietsen-7"}
        assert Client().post(f"/uitnodiging/{link}", words).status_code == 302
        user = User.objects.get(email="it@stad.example")
        assert user.full_name == "Nele Baas"
        assert user.check_password(words["new_password1"])
        assert scope_of(user).roles == {"ADMIN"}
        assert NoticeTemplate.objects.exists()
        assert SchoolYear.objects.running() is not None

    def test_twice_gives_a_new_link_and_one_administrator(self) -> None:
        first, second = self.set_up(), self.set_up()
        assert first.splitlines()[1] != second.splitlines()[1]
        assert Assignment.objects.filter(role=Role.ADMIN).count() == 1

    def test_who_has_an_administrator_needs_no_other_from_the_shell(self, cast: Cast) -> None:
        with pytest.raises(CommandError, match="has an administrator already"):
            self.set_up()
        cast.staff["admin"].assignments.update(ends_on=clock.today() - timedelta(days=1))
        assert self.set_up()

    @pytest.mark.parametrize("wrong", [{"email": "geen adres"}, {"name": " "}])
    def test_what_is_wrong_is_said_before_anything_happens(self, wrong: dict[str, str]) -> None:
        with pytest.raises(CommandError):
            self.set_up(**wrong)
        assert not User.objects.exists()


class TestWhatComesNext:
    def test_a_new_school_asks_for_its_head_and_leads_there(self, cast: Cast) -> None:
        admin = cast.client("admin")
        answer = save(admin, "scholen", None, **SCHOOL, clb=cast.centres["vclb"].pk)
        school = School.objects.get(institution_number="999123")
        assert answer["Location"] == reverse("place_edit", args=["scholen", school.pk])
        page = admin.get(answer["Location"])
        assert "Deze school heeft nog geen directie." in text_of(page)
        form = admin.get(page.context["to_appoint"]).context["form"]
        assert (form.initial["role"], form.initial["school"]) == (Role.HEAD, school.pk)

    def test_a_new_centre_asks_for_its_director(self, cast: Cast) -> None:
        admin = cast.client("admin")
        answer = save(admin, "centra", None, name="CLB Zuid", network="VGO", phone="", email="")
        page = admin.get(answer["Location"])
        assert "Dit centrum heeft nog geen directie." in text_of(page)
        form = admin.get(page.context["to_appoint"]).context["form"]
        assert form.initial["role"] == Role.CLB_DIRECTOR
        assert form.initial["centre"] == CLBCentre.objects.get(name="CLB Zuid").pk

    def test_where_somebody_leads_or_will_nothing_is_asked(self, cast: Cast) -> None:
        admin, school = cast.client("admin"), cast.schools["kersenboom"]
        page = reverse("place_edit", args=["scholen", school.pk])
        assert not admin.get(page).context["to_appoint"]
        heads = Assignment.objects.filter(school=school, role=Role.HEAD)
        heads.update(starts_on=clock.today() + timedelta(days=9))
        assert not admin.get(page).context["to_appoint"]
        heads.update(starts_on=clock.today() - timedelta(days=9), ends_on=clock.today() - timedelta(days=1))
        assert admin.get(page).context["to_appoint"]
        assert not admin.get(reverse("place_new", args=["partners"])).context["to_appoint"]

    def test_a_head_who_follows_such_a_link_is_offered_no_role_that_is_not_theirs_to_give(self, cast: Cast) -> None:
        page = f"{reverse('staff_new')}?school={cast.schools['kersenboom'].pk}"
        assert "role" not in cast.client("head").get(page).context["form"].initial
