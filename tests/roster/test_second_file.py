"""A second file that only says languages and reading, brought in on the same screens: it adds, and ends nobody."""

from __future__ import annotations

import pytest
from django.test import Client

from parents.models import Guardian, Guardianship
from parents.roster.carrying import carry_on
from schools.models import Enrolment, RosterUpload, UploadState
from tests.cast import Cast
from tests.roster.test_pages import apply, page, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_places")]

WITH_NUMBERS = (
    "Leerlingnummer;Voornaam;Naam;Geboortedatum;Klas;Nummer ouder 1;Voornaam ouder 1;Naam ouder 1;E-mail ouder 1\r\n"
    "101;Lotte;Vandersmissen;03/04/2018;3B;g1;Tom;Vandersmissen;tom@thuis.example\r\n"
    "102;Arjan;Singh;13/05/2018;3B;g2;Kiran;Kaur;kiran@thuis.example\r\n"
)
BY_CHILD = "Leerlingnummer;Contacttaal;Leeswijze\r\n102;Punjabi;bellen\r\n"
BY_PARENT = "Nummer ouder 1;Contacttaal ouder 1;Leeswijze ouder 1\r\ng2;Punjabi;bellen\r\n"
AGAIN = (
    "Leerlingnummer;Nummer ouder 1;Voornaam ouder 1;Naam ouder 1;Contacttaal ouder 1;Leeswijze ouder 1\r\n"
    "102;g2;Kiran;Kaur;Punjabi;bellen\r\n"
)
UNSAID = "Leerlingnummer;Contacttaal;Leeswijze\r\n102;onbekend;onbekend\r\n101;zegt liever niet;zegt liever niet\r\n"


@pytest.fixture
def office(cast: Cast) -> Client:
    return cast.client("office")


@pytest.fixture
def brought(office: Client) -> None:
    brought_in(office, WITH_NUMBERS)


def brought_in(office: Client, content: str) -> RosterUpload:
    upload = send(office, content.encode())
    carry_on()
    assert page(office, upload)
    return apply(office, upload, leaving_confirmed="on")


@pytest.mark.parametrize("content", [BY_CHILD, BY_PARENT, AGAIN], ids=["by child", "by parent", "parents again"])
def test_it_says_languages_and_ends_nobody(brought: None, office: Client, content: str) -> None:
    here = set(Enrolment.objects.current().values_list("pk", flat=True))
    ties = set(Guardianship.objects.current().values_list("pk", flat=True))
    upload = brought_in(office, content)
    assert upload.state == UploadState.APPLIED
    kiran = Guardian.objects.get(source_id="g2")
    assert (kiran.contact_language, kiran.reading_mode) == ("pa", "ORAL_ONLY")
    assert [upload.count(kind, "end") for kind in ("class", "pupil", "guardian")] == [0, 0, 0]
    assert set(Enrolment.objects.current().values_list("pk", flat=True)) == here
    assert set(Guardianship.objects.current().values_list("pk", flat=True)) == ties
    assert kiran.asks_first_question, "the parent itself has not said it"


def test_unknown_and_prefers_not_to_say_change_nothing(brought: None, office: Client) -> None:
    upload = brought_in(office, UNSAID)
    assert upload.state == UploadState.APPLIED
    found = Guardian.objects.filter(first_name__in=["Tom", "Kiran"], source_id__in=["g1", "g2"])
    assert list(found.values_list("contact_language", "reading_mode")) == [("nl", "TEXT")] * 2
    assert not upload.findings.filter(severity="error").exists()
    assert not upload.findings.filter(code__in=["bad_language", "bad_reading"]).exists()
