"""Official figures of schools from the public spreadsheet, whatever its columns are called this year."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from reports.equityfile import Reading, meaning_of, read_profiles, year_in
from reports.models import SchoolEquityProfile
from schools.roster.findings import Unreadable
from tests.cast import Cast

HEAD = [
    "Provincie", "Instelling", "Naam instelling", "Teldatum", "Aantal lln", "Aantal lln opleiding moeder",
    "Aantal lln schooltoelage", "Aantal lln thuistaal", "Aantal lln buurt",
]  # fmt: skip
ROWS: list[list[Any]] = [
    ["Limburg", 999101, "De Kersenboom kleuter", "01/02/2026", 100, 40, 50, 60, 30],
    ["Limburg", 999101, "De Kersenboom lager", "01/02/2026", 300, 60, 90, 120, 60],
    ["Limburg", 999102, "De Bloesem", "01/02/2026", 200, 20, 30, "<5", 10],
    ["Antwerpen", 45678, "Elders", "01/02/2026", 200, 20, 30, 40, 10],
]


def workbook(rows: list[list[Any]], head: list[str] = HEAD, titles: int = 8) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number in range(titles):
        sheet.append([f"Leerlingenkenmerken basisonderwijs {number}"])
    sheet.append([])
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(folder: Path, content: bytes, name: str = "lijst.xlsx", first_year: int | None = None) -> Reading:
    path = folder / "file"
    path.write_bytes(content)
    return read_profiles(path, name=name, first_year=first_year)


def test_a_row_with_more_pupils_than_any_school_has_is_skipped(tmp_path: Path) -> None:
    row = ["Limburg", 999101, "De Kersenboom", "01/02/2026", 99_999_999, 40, 50, 60, 30]
    reading = read(tmp_path, workbook([row, ROWS[2]]))
    assert [one.number for one in reading.schools] == [999102]
    assert len(reading.skipped) == 1


@pytest.mark.parametrize("pupils", ["0,4", "12,5", "0", "-3", "1E-99999999"])
def test_a_row_with_half_a_pupil_or_none_is_skipped(tmp_path: Path, pupils: str) -> None:
    lines = [";".join(HEAD), f"Limburg;999101;De Kersenboom;01/02/2026;{pupils};0;0;0;0", ";".join(map(str, ROWS[2]))]
    reading = read(tmp_path, "\n".join(lines).encode(), "lijst.csv")
    assert ([one.number for one in reading.schools], len(reading.skipped)) == ([999102], 1)


def test_more_rows_than_flanders_has_are_refused(tmp_path: Path) -> None:
    lines = [";".join(HEAD), *["Limburg;999102;De Bloesem;01/02/2026;200;20;30;10;10"] * 20_001]
    with pytest.raises(Unreadable, match="too_many_rows"):
        read(tmp_path, "\n".join(lines).encode(), "lijst.csv")


@pytest.mark.parametrize("number", ["1E99999999", "1E999999999999999999"])
@pytest.mark.parametrize("column", [1, 4, 5])
def test_a_number_that_would_take_minutes_to_write_out_is_none(tmp_path: Path, number: str, column: int) -> None:
    row = ["Limburg", "999101", "De Kersenboom", "01/02/2026", "100", "40", "50", "60", "30"]
    row[column] = number
    lines = [";".join(HEAD), ";".join(row), "Limburg;999102;De Bloesem;01/02/2026;200;20;30;10;10"]
    reading = read(tmp_path, "\n".join(lines).encode(), "lijst.csv")
    assert 999102 in {one.number for one in reading.schools}


def test_columns_are_found_by_their_words_and_rows_of_a_school_are_added_up(tmp_path: Path) -> None:
    reading = read(tmp_path, workbook(ROWS))
    first = next(one for one in reading.schools if one.number == 999101)
    assert (first.first_year, first.pupils, first.counted_on) == (2025, 400, date(2026, 2, 1))
    assert (first.home_language, first.mother_education) == (Decimal("45.0"), Decimal("25.0"))
    assert first.oki == Decimal("1.28")
    assert reading.unknown == ["Provincie"]
    second = next(one for one in reading.schools if one.number == 999102)
    assert (second.home_language, second.oki) == (None, None), "<5 is not nought"


@pytest.mark.parametrize("shares", [["35,5 %", "0,9 %"], [0.355, 0.009]])
def test_per_cents_are_read_as_people_and_as_workbooks_write_them(tmp_path: Path, shares: list[Any]) -> None:
    head = ["Schooljaar", "Instellingsnummer", "Totaal leerlingen", "Thuistaal niet-Nederlands (%)", "OKI"]
    rows = [["2026-2027", f"99910{place}", 100, share, 1.275] for place, share in enumerate(shares, start=1)]
    found = read(tmp_path, workbook(rows, head)).schools
    assert [(one.first_year, one.home_language, one.oki) for one in found] == [
        (2026, Decimal("35.5"), Decimal("1.28")),
        (2026, Decimal("0.9"), Decimal("1.28")),
    ]


def test_a_csv_and_the_year_in_its_name(tmp_path: Path) -> None:
    content = b"instnr;aantal leerlingen;% schooltoeslag\r\n999101;1.250;20,5\r\n"
    (found,) = read(tmp_path, content, "kenmerken_2024-2025_bao.csv").schools
    assert (found.first_year, found.pupils, found.allowance) == (2024, 1250, Decimal("20.5"))
    reading = read(tmp_path, content, "kenmerken.csv")
    assert reading.needs_year
    assert reading.schools == []


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Aantal lln", ("pupils", False)),
        ("% lln gezinstaal niet Nederlands", ("home_language", True)),
        ("Opleidingsniveau moeder", ("mother_education", False)),
        ("NAAM INSTELLING", ("name", False)),
        ("Vestigingsplaats", ("", False)),
    ],
)
def test_headers_by_their_words(header: str, meaning: tuple[str, bool]) -> None:
    assert meaning_of(header) == meaning


def test_a_year_is_one_that_follows_the_other() -> None:
    assert [year_in(text) for text in ("2025-2026", "schooljaar 2025/26", "2020-2030", "12 2025")] == [
        2025, 2025, None, None,
    ]  # fmt: skip


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path, b"%PDF-1.7 ")


@pytest.mark.django_db
class TestThePages:
    def look(self, cast: Cast, content: bytes, **more: Any) -> Any:
        upload = SimpleUploadedFile("lijst.xlsx", content)
        return cast.client("joint").post(reverse("equity_import"), {"file": upload, "first_year": "", **more})

    def test_show_first_and_keep_what_was_shown(self, cast: Cast) -> None:
        answer = self.look(cast, workbook(ROWS[:2]))
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "Provincie" in html
        assert "45\u00a0%" in html
        assert "GO! basisschool De Bloesem" in html, "it is not in the file"
        assert not SchoolEquityProfile.objects.exists()
        seal = answer.context["seal"]
        joint = cast.client("joint")
        assert joint.post(reverse("equity_import"), {"seal": seal[:-2]}).status_code == 302
        assert not SchoolEquityProfile.objects.exists()
        for _twice in range(2):
            assert joint.post(reverse("equity_import"), {"seal": seal}).status_code == 302
        row = SchoolEquityProfile.objects.get()
        assert (row.school, row.first_year, row.pupils) == (cast.schools["kersenboom"], 2025, 400)

    def test_keep_each_year_and_show_the_newest_beside_the_figures(self, cast: Cast) -> None:
        for year in ("01/02/2025", "01/02/2026"):
            rows = [[*row[:3], year, *row[4:]] for row in ROWS[:2]]
            seal = self.look(cast, workbook(rows)).context["seal"]
            cast.client("joint").post(reverse("equity_import"), {"seal": seal})
        html = cast.client("head").get(reverse("equity_list")).content.decode()
        assert "2024–2025" in html
        assert "2025–2026" in html
        figures = cast.client("head").get(reverse("dashboard")).content.decode()
        said = " ".join(re.sub(r"<[^>]+>", "", figures).split())
        assert re.search(r"Officiële cijfers van 2025–2026: \d+ leerling", said), "no 2026 271"
        assert "45,0 % spreekt thuis een andere taal" in figures

    @pytest.mark.parametrize("content", [b"", b"geen tabel", workbook([], ["Iets", "Anders"]), b"%PDF-1.4 x"])
    def test_say_why_a_file_is_not_read(self, cast: Cast, content: bytes) -> None:
        answer = self.look(cast, content)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()

    def test_ask_for_the_year_that_the_file_does_not_say(self, cast: Cast) -> None:
        rows = [[*row[:3], "", *row[4:]] for row in ROWS[:2]]
        assert self.look(cast, workbook(rows)).status_code == 422
        assert "2023–2024" in self.look(cast, workbook(rows), first_year="2023").content.decode()
