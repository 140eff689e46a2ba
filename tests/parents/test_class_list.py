"""The teacher takes the class list along: whom to reach and how, and nothing more."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import openpyxl
import pytest
from django.urls import reverse

from parents.models import Guardian, Guardianship, Household
from schools import clock
from schools.models import AuditSubject, Pupil
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def rows_of(cast: Cast, who: str = "teacher_3b", form: str = "csv") -> list[list[str]]:
    answer = cast.client(who).get(reverse("class_list_file", args=[cast.classes["3b"].pk, form]))
    assert answer.status_code == 200
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_parent_with_the_ways_to_reach_them(cast: Cast, form: str) -> None:
    rows = rows_of(cast, form=form)
    mother = next(row for row in rows if "Harpreet Kaur" in row)
    assert mother[0] == "Simran Kaur"
    assert "0470 00 00 01" in mother
    assert "harpreet@thuis.example" in mother
    assert "ਪੰਜਾਬੀ" in mother


def test_both_separated_parents_stand_apart(cast: Cast) -> None:
    assert {row[1] for row in rows_of(cast) if row[0] == "Yusuf Haddad"} == {"Nadia Haddad", "Karim Haddad"}


def test_no_address_no_birthday_and_no_language_of_the_home(cast: Cast) -> None:
    Household.objects.update(street="Geheimstraat 7")
    pupil = cast.pupils["simran"]
    text = "\n".join(";".join(row) for row in rows_of(cast))
    assert "Geheimstraat" not in text
    assert pupil.birth_date is not None
    assert str(pupil.birth_date.year) not in text.splitlines()[1]


def test_who_has_no_right_to_information_is_not_on_it(cast: Cast) -> None:
    Guardianship.objects.filter(guardian=cast.guardians["separated_father"]).update(information_right=False)
    assert "Karim Haddad" not in {cell for row in rows_of(cast) for cell in row}


def test_who_asked_that_the_data_are_only_kept_is_not_on_it(cast: Cast) -> None:
    Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(restricted_on=clock.today())
    assert "Karim Haddad" not in {cell for row in rows_of(cast) for cell in row}


def test_a_name_that_is_a_formula_stays_text(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.pupils["yusuf"].pk).update(first_name="=HYPERLINK(1)")
    Guardian.objects.filter(pk=cast.guardians["separated_mother"].pk).update(first_name="@SUM")
    cells = {cell for row in rows_of(cast) for cell in row}
    assert "'=HYPERLINK(1) Haddad" in cells
    assert "'@SUM Haddad" in cells


def test_taking_it_along_is_a_line_about_each_child(cast: Cast) -> None:
    rows_of(cast, "office")
    about = set(AuditSubject.objects.filter(entry__verb="exported").values_list("pupil_id", flat=True))
    assert about == {cast.pupils["simran"].pk, cast.pupils["yusuf"].pk}


def test_the_page_prints_the_same(cast: Cast) -> None:
    page = cast.client("teacher_3b").get(reverse("class_list", args=[cast.classes["3b"].pk])).content.decode()
    assert "Harpreet Kaur" in page
    assert "0470 00 00 01" in page


@pytest.mark.parametrize(
    ("person", "back"), [("teacher_3b", "class_detail"), ("office", "pupil_list"), ("head", "class_detail")]
)
def test_the_way_back_opens_for_whom_it_stands_there(cast: Cast, person: str, back: str) -> None:
    client, room = cast.client(person), cast.classes["3b"]
    page = client.get(reverse("class_list", args=[room.pk])).content.decode()
    found = re.search(r'class="back-link"\s+href="([^"]+)"', page)
    assert found
    assert unescape(found[1]).startswith(reverse(back, args=[room.pk] if back == "class_detail" else []))
    assert client.get(unescape(found[1])).status_code == 200


def test_what_a_parent_does_not_have_is_no_empty_cell(cast: Cast) -> None:
    """On a phone each cell has its label: one without a word looks as if something were missing."""
    cast.guardians["separated_father"].contact_points.all().delete()
    page = cast.client("teacher_3b").get(reverse("class_list", args=[cast.classes["3b"].pk])).content.decode()
    row = page[page.index("Karim Haddad") :].partition("</tr>")[0]
    cells = re.findall(r'<td data-label="(\w[^"]*)">\s*(.*?)\s*</td>', row, re.S)
    assert dict(cells) | {"Telefoon": "–", "E-mail": "–"} == dict(cells)


def test_an_address_goes_on_in_the_next_line_after_a_sign(cast: Cast) -> None:
    """On paper too: harpreet@thuis.ex ample is typed over wrongly."""
    page = cast.client("teacher_3b").get(reverse("class_list", args=[cast.classes["3b"].pk])).content.decode()
    assert "harpreet@<wbr>thuis.<wbr>example" in page
