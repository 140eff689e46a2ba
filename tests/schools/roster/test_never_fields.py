"""What may never be held is dropped before it is read, and said without its value."""

from __future__ import annotations

import pytest

from schools.roster.guessing import Reason
from schools.roster.never import is_never, without_national_numbers
from schools.roster.reading import look_at
from tests.schools.roster.makers import PUPILS, Upload, as_csv, codes, found, with_cell, with_column

pytestmark = pytest.mark.either_engine

NEVER = (
    *("RIJKSREGISTERNR", "Rijksregister nummer", "Insz LPV1", "bisnummer", "NATIONALITEIT", "Nationaliteit moeder"),
    *("GEBOORTEPLAATS", "Geboorteland", "Godsdienst", "Inkomen ouders", "Schooltoelage", "Indicatorleerling"),
    *(
        "password",
        "Wachtwoord",
        "asian",
        "hispanicOrLatinoEthnicity",
        "blackOrAfricanAmerican",
        "Huisarts",
        "Allergieën",
    ),
    *(
        "Geslacht",
        "GESLACHT OUDER/VOOGD",
        "sex",
        "pronouns",
        "Opleidingsniveau moeder",
        "countryOfBirthCode",
        "Religie",
    ),
)


def national(body: str, *, after_2000: bool) -> str:
    """A number with the check digits that belong to it."""
    return f"{body}{97 - (int(body) + 2_000_000_000 * after_2000) % 97:02}"


@pytest.mark.parametrize("header", NEVER)
def test_column_is_dropped_unread(upload: Upload, header: str) -> None:
    assert is_never(header)
    roster = upload.read(as_csv(with_column(PUPILS, header, ["GEHEIM", "GEHEIM"]), ";"))
    assert found(roster, "never_field").place.column == header
    assert "GEHEIM" not in repr(roster)


@pytest.mark.parametrize(
    "header", ["Voornaam", "Geboortedatum", "Klas", "Gemeente", "Thuistaal", "Plaats", "Relatietype"]
)
def test_what_is_needed_is_no_never_field(header: str) -> None:
    assert not is_never(header)


def test_slip_of_the_pen_does_not_let_it_in(upload: Upload) -> None:
    roster = upload.read(as_csv(with_column(PUPILS, "Rijksregsiternummer", ["GEHEIM", ""]), ";"))
    assert found(roster, "never_field").place.column == "Rijksregsiternummer"


def test_neither_school_nor_preset_can_ask_for_it(upload: Upload) -> None:
    mapping = {"Nationaliteit": "pupil.first_name"}
    roster = upload.read(as_csv(with_column(PUPILS, "Nationaliteit", ["GEHEIM", "GEHEIM"]), ";"), mapping=mapping)
    assert "GEHEIM" not in repr(roster)


def test_column_of_such_numbers_is_dropped_whatever_its_name(upload: Upload) -> None:
    numbers = [national("180201001", after_2000=True), national("170513002", after_2000=True)]
    roster = upload.read(as_csv(with_column(PUPILS, "Code", numbers), ";"))
    assert found(roster, "never_field").place.column == "Code"


@pytest.mark.parametrize("pattern", ["{}{}{}{}{}", "{}.{}.{}-{}.{}", "nr {} {} {} {} {}"])
def test_number_that_strayed_into_a_cell_is_dropped(upload: Upload, pattern: str) -> None:
    number = national("180201001", after_2000=True)
    text = pattern.format(number[:2], number[2:4], number[4:6], number[6:9], number[9:])
    roster = upload.read(as_csv(with_cell(PUPILS, 1, "Voornaam", f"Lotte {text}"), ";"))
    assert found(roster, "national_number").place.column == "Voornaam"
    assert text not in repr(roster)
    assert roster.pupils[0].first_name in ("Lotte", "Lotte nr")


def test_numbers_before_and_after_2000_and_of_newcomers_are_known() -> None:
    for number in (national("850203001", after_2000=False), national("180201001", after_2000=True),
                   national("854201001", after_2000=False), national("182201001", after_2000=True)):  # fmt: skip
        assert without_national_numbers(number) == ""
    for other in ("85020300101", "32471234567", "0471234567", "99999999999", "", "2018-02-01"):
        assert without_national_numbers(other) is None


def test_phone_of_eleven_digits_stays_a_phone(upload: Upload) -> None:
    roster = upload.read(as_csv(with_cell(PUPILS, 1, "GSM LPV1", "32471234567"), ";"))
    assert roster.guardians[0].phones == ("+32471234567",)
    assert "national_number" not in codes(roster)


def test_the_look_shows_that_it_will_be_dropped_and_nothing_of_it(upload: Upload) -> None:
    rows = with_column(PUPILS, "Nationaliteit", ["GEHEIM", "GEHEIM"])
    number = national("180201001", after_2000=True)
    sight = look_at(upload.file(as_csv(with_cell(rows, 1, "Voornaam", number), ";")), name="lijst.csv")
    columns = {column.header: column for column in sight.sheets[0].columns}
    assert columns["Nationaliteit"].is_dropped
    assert columns["Nationaliteit"].reason is Reason.NEVER
    assert "GEHEIM" not in repr(sight)
    assert number not in repr(sight)
