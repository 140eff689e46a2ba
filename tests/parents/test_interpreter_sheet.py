"""The sheet for the agency: language, time and place of what is to be booked, and nothing of a family."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from ingroeibloei.templatetags.written import daydate
from schools import clock
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.parents.test_interpreters import LIST, SHEET, arrange, home_visit, in_english, line, with_interpreter


@pytest.fixture(autouse=True)
def _dutch_again() -> Iterator[None]:
    """A page in English leaves its language to what runs after it."""
    yield
    translation.deactivate()


def cells_of(page: str) -> list[str]:
    table = page[page.index('id="sheet"') :]
    table = table[: table.index("</table>")]
    return [unescape(cell.strip()) for cell in re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", table, re.S)]


def test_the_agency_learns_language_time_and_place_and_nothing_of_a_family(cast: Cast) -> None:
    """Every cell of the sheet and of the file is accounted for, and no word of a family stands anywhere on it."""
    talk, visit = with_interpreter(cast), home_visit(cast, days=2)
    arrange(cast, home_visit(cast, days=4), state="BOOKED", agency="Tolkenpunt")
    school = cast.schools["kersenboom"]
    contact = f"Greet Pauls, {school.name}, 011 00 11 22"
    place = f"{school.name}, {school.street}, {school.postcode} {school.city}"
    at = [row.needed_at.astimezone(clock.BRUSSELS) for row in (visit, talk) if row.needed_at]
    wanted = [
        ["Language", "Day", "Hour", "Minutes", "Where or how", "Contact person"],
        ["Arabic", f"{at[0]:%d/%m/%Y}", "14:00", "45", "a visit at home; the contact person says where", contact],
        ["Punjabi", f"{at[1]:%d/%m/%Y}", "16:00", "10", place, contact],
    ]
    office = in_english(cast, "office")
    page = text_of(office.get(SHEET))
    on_paper = contact.replace("011 00 11 22", "011\u00a000\u00a011\u00a022")  # a number that no line parts
    read = [[row[0], daydate(day, "year"), *row[2:5], on_paper] for row, day in zip(wanted[1:], at, strict=True)]
    assert cells_of(page) == [cell for row in (wanted[0], *read) for cell in row]
    answer = office.get(reverse("interpreter_sheet_csv"))
    lines = list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert lines[:3] == wanted
    assert len(lines) == 4, "and who made it"
    words = {"ਪੜ੍ਹਨਾ", "Oudercontact", "3B", "3b"}
    for pupil in cast.pupils.values():
        words |= {pupil.first_name, pupil.last_name}
    for guardian in cast.guardians.values():
        words |= {guardian.first_name, guardian.last_name, guardian.household.street}  # type: ignore[union-attr]
    main = page[page.index("<main") : page.index("</main>")]
    for text in (main, answer.content.decode()):
        # Not the letters of a token that a form carries.
        said = [word for word in words if re.search(rf"(?<![0-9A-Za-z]){re.escape(word)}(?![0-9A-Za-z])", text)]
        assert said == []


def test_the_ways_to_the_sheet_and_to_its_file_lead_there(cast: Cast) -> None:
    with_interpreter(cast)
    office, school = cast.client("office"), cast.schools["kersenboom"].pk
    assert f'href="{SHEET}?school={school}"' in text_of(office.get(LIST))
    assert f'href="{reverse("interpreter_sheet_csv")}?school={school}"' in text_of(office.get(SHEET))


def test_a_teacher_s_sheet_holds_the_own_class_only(cast: Cast) -> None:
    home_visit(cast)
    assert cast.client("teacher_1a").get(SHEET).context["rows"] == []
    assert cast.client("teacher_3b").get(SHEET, {"school": cast.schools["bloesem"].pk}).status_code == 404


def test_what_stood_on_the_sheet_was_asked_today(cast: Cast) -> None:
    """A request that came in while the sheet was on its way is not said to be asked; nor is another school's."""
    first = home_visit(cast, days=2)
    office = cast.client("office")
    later = home_visit(cast, days=3)
    assert office.post(SHEET, {"row": [line(first)], "agency": " "}).status_code == 422
    assert office.post(SHEET, {"row": [line(first), "²"], "agency": "Tolkenpunt"}).status_code == 302
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.agency, first.asked_agency_on, first.state) == ("Tolkenpunt", clock.today(), "ASKED")
    assert (later.agency, later.asked_agency_on) == ("", None)
    head_go = cast.client("head_go")
    assert head_go.post(SHEET, {"row": [line(later)], "agency": "Ander"}).status_code == 302
    later.refresh_from_db()
    assert later.agency == ""


def test_on_the_page_day_and_hour_stand_as_everywhere(cast: Cast) -> None:
    visit = home_visit(cast, days=2)
    assert visit.needed_at is not None
    cells = cells_of(text_of(cast.client("office").get(SHEET)))
    assert cells[7:9] == [daydate(visit.needed_at.astimezone(clock.BRUSSELS), "year"), "14.00"]
