"""The office brings its list in through the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from parents.roster.carrying import carry_on
from schools.models import Assignment, Pupil, RosterPreset, RosterUpload, UploadState
from schools.roster import limits
from tests.cast import Cast
from tests.roster.lists import ROWS, file_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_places")]
_ODD = "Nr;Roep;Fam;Geb;Groep"


@pytest.fixture
def office(cast: Cast) -> Client:
    return cast.client("office")


def send(client: Client, content: bytes, name: str = "leerlingen.csv") -> RosterUpload:
    file = SimpleUploadedFile(name, content)
    answer = client.post(reverse("roster_list"), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return RosterUpload.objects.latest("pk")


def page(client: Client, upload: RosterUpload, query: str = "") -> str:
    return client.get(reverse("roster_detail", args=[upload.pk]) + query).content.decode()


def columns(client: Client, upload: RosterUpload) -> Any:
    return client.get(reverse("roster_columns", args=[upload.pk])).context["form"]


def apply(client: Client, upload: RosterUpload, **more: str) -> RosterUpload:
    upload.refresh_from_db()
    client.post(reverse("roster_apply", args=[upload.pk]), {"plan_key": upload.plan_key} | more)
    carry_on()
    upload.refresh_from_db()
    return upload


def test_from_the_file_to_the_word_that_it_came_in(office: Client, cast: Cast) -> None:
    upload = send(office, file_of())
    assert upload.school == cast.schools["kersenboom"], "who works at one school is not asked which"
    carry_on()
    shown = page(office, upload, "?deel=create")
    assert "Noor El Amrani" in shown
    assert "kiran@thuis.example" in shown
    upload = apply(office, upload, leaving_confirmed="on")
    assert upload.state == UploadState.APPLIED
    assert Pupil.objects.filter(first_name="Noor").exists()
    assert "Greet Pauls" in page(office, upload)


def test_so_many_leavers_are_not_let_go_without_the_tick(office: Client) -> None:
    """Simran, Yusuf and Emma of the cast are not on the list."""
    upload = send(office, file_of())
    carry_on()
    assert apply(office, upload).state == UploadState.READY
    assert 'name="leaving_confirmed"' in page(office, upload)
    assert apply(office, upload, leaving_confirmed="on").state == UploadState.APPLIED


def test_columns_that_nobody_could_guess_are_named_once_and_remembered(office: Client) -> None:
    upload = send(office, file_of("1;Lotte;Claes;03/04/2018;3B", head=_ODD))
    form = columns(office, upload)
    names = {row["column"].header: row["field"].name for row in form.rows()}
    chosen = {
        names["Nr"]: "pupil.id",
        names["Roep"]: "pupil.first_name",
        names["Fam"]: "pupil.last_name",
        names["Geb"]: "pupil.birth_date",
        names["Groep"]: "class.name",
    }
    office.post(reverse("roster_columns", args=[upload.pk]), chosen | {"preset": "", "save_as": "Ons pakket"})
    carry_on()
    upload.refresh_from_db()
    assert (upload.state, upload.count("pupil", "create")) == (UploadState.READY, 1)
    assert RosterPreset.objects.get().system == "Ons pakket"
    again = send(office, file_of("2;Arjan;Singh;03/05/2018;3B", head=_ODD))
    answer = office.get(reverse("roster_columns", args=[again.pk]), {"preset": "Ons pakket"})
    assert {row["column"].header: row["field"].value() for row in answer.context["form"].rows()}["Roep"] == (
        "pupil.first_name"
    )


def test_what_may_never_be_read_is_shown_as_left_out_and_cannot_be_chosen(office: Client) -> None:
    content = file_of("1;Lotte;Claes;03/04/2018;3B;18040312345", head=f"{_ODD};Rijksregisternummer")
    upload = send(office, content)
    answer = office.get(reverse("roster_columns", args=[upload.pk]))
    assert list(answer.context["dropped"]) == ["Rijksregisternummer"]
    assert "18040312345" not in answer.content.decode()


def test_findings_say_where_and_what_and_are_narrowed_by_level(office: Client) -> None:
    upload = send(office, file_of(*ROWS, "101;Iemand;Anders;01/01/2018;3B;;;;;"))
    carry_on()
    errors = office.get(reverse("roster_detail", args=[upload.pk]), {"deel": "bevindingen", "ernst": "error"})
    assert [finding["tone"] for finding in errors.context["findings"]] == ["brick"]
    assert "rij 5" in errors.context["findings"][0]["where"] or "row 5" in errors.context["findings"][0]["where"]
    assert 'name="plan_key"' not in errors.content.decode(), "nothing comes in with errors"


def test_a_file_beyond_the_limit_is_refused_with_the_limit(office: Client, settings: Any) -> None:
    from parents.views import rosters

    rosters.roster_list.upload_bytes = 100  # type: ignore[attr-defined]
    try:
        answer = office.post(reverse("roster_list"), {"file": SimpleUploadedFile("groot.csv", file_of())})
    finally:
        rosters.roster_list.upload_bytes = limits.FILE  # type: ignore[attr-defined]
    assert answer.status_code == 422
    assert "50 MB" in answer.content.decode()
    assert not RosterUpload.objects.exists()


def test_without_a_file_one_is_asked_to_choose_it(office: Client) -> None:
    form = office.post(reverse("roster_list"), {}).context["form"]
    assert form.errors["file"] == ["Kies een bestand."]


def test_a_file_larger_than_those_of_notices_comes_in(office: Client, settings: Any) -> None:
    settings.UPLOAD_FILE_BYTES = 100
    assert send(office, file_of()).size == len(file_of())


def test_another_school_does_not_see_the_list(cast: Cast, office: Client) -> None:
    upload = send(office, file_of())
    carry_on()
    assert cast.client("head_go").get(reverse("roster_detail", args=[upload.pk])).status_code == 404
    assert list(cast.client("head_go").get(reverse("roster_list")).context["page"].object_list) == []


def test_an_administrator_says_for_which_school(cast: Cast) -> None:
    client = cast.client("admin")
    file = SimpleUploadedFile("lijst.csv", file_of())
    assert client.post(reverse("roster_list"), {"file": file}).status_code == 422
    file = SimpleUploadedFile("lijst.csv", file_of())
    client.post(reverse("roster_list"), {"file": file, "school": cast.schools["bloesem"].pk})
    assert RosterUpload.objects.get().school == cast.schools["bloesem"]


def test_who_administers_one_school_brings_lists_in_for_that_school_alone(cast: Cast) -> None:
    Assignment.objects.filter(user=cast.staff["admin"]).update(school=cast.schools["kersenboom"])
    client, other = cast.client("admin"), cast.schools["bloesem"]
    for school in (other, cast.schools["kersenboom"]):
        file = SimpleUploadedFile("lijst.csv", file_of())
        client.post(reverse("roster_list"), {"file": file, "school": school.pk})
    assert set(RosterUpload.objects.values_list("school__name", flat=True)) == {cast.schools["kersenboom"].name}
    theirs = send(cast.client("head_go"), file_of())
    assert theirs.school == other
    assert client.get(reverse("roster_detail", args=[theirs.pk])).status_code == 404


def test_the_office_cannot_choose_another_school(cast: Cast, office: Client) -> None:
    file = SimpleUploadedFile("lijst.csv", file_of())
    office.post(reverse("roster_list"), {"file": file, "school": cast.schools["bloesem"].pk})
    assert not RosterUpload.objects.filter(school=cast.schools["bloesem"]).exists()


def test_stopped_and_begun_again_by_a_button(office: Client) -> None:
    upload = send(office, file_of())
    office.post(reverse("roster_stop", args=[upload.pk]))
    carry_on()
    upload.refresh_from_db()
    assert upload.state == UploadState.STOPPED
    office.post(reverse("roster_again", args=[upload.pk]))
    carry_on()
    upload.refresh_from_db()
    assert upload.state == UploadState.READY


def test_a_part_that_updates_itself_says_when_it_is_over(office: Client) -> None:
    upload = send(office, file_of())
    address = reverse("roster_status", args=[upload.pk])
    assert "HX-Refresh" not in office.get(address, headers={"hx-request": "true"}).headers
    carry_on()
    assert office.get(address, headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"
