"""What goes wrong in real files is found, with its row and column, and nothing wrong gets through."""

from __future__ import annotations

from datetime import date

import pytest

from schools.roster.rows import Severity
from schools.roster.wording import sentence, where
from tests.schools.roster.makers import BULK, PUPILS, Rows, Upload, as_csv, codes, found, package, rows, with_cell

pytestmark = pytest.mark.either_engine
HEAD = "Leerlingnummer;Naam;Voornaam;Geboortedatum;Klas\n"

#: Column of ``PUPILS``, what stands in its first row, the finding.
CELLS = {
    "power_of_ten": ("GSM LPV1", "3,2E+10", "phone_power"),
    "power_with_point": ("GSM LPV1", "3.2471E+10", "phone_power"),
    "short_phone": ("GSM LPV1", "12345", "bad_phone"),
    "words_for_phone": ("GSM LPV1", "geen", "bad_phone"),
    "mail_without_at": ("E-mail LPV1", "tom.voorbeeld.be", "bad_email"),
    "mail_of_two_ats": ("E-mail LPV1", "tom@@voorbeeld.be", "bad_email"),
    "day_that_is_none": ("Geboortedatum", "31/02/2018", "bad_date"),
    "words_for_day": ("Geboortedatum", "onbekend", "bad_date"),
    "far_day": ("Geboortedatum", "01/01/1985", "odd_age"),
    "formula": ("Voornaam", "=HYPERLINK(\"http://x\")", "formula_text"),
    "command": ("Voornaam", "@SUM(1+1)*cmd|' /C calc'!A0", "formula_text"),
    "failed_formula": ("Voornaam", "#VERW!", "failed_formula"),
    "lost_letters": ("Voornaam", "Zo\ufffd", "lost_letters"),
    "mojibake": ("Voornaam", "JosÃ©", "mojibake"),
    "endless_cell": ("Voornaam", "x" * 6000, "cell_too_long"),
    "long_name": ("Voornaam", "x" * 100, "too_long"),
    "no_class": ("Klas", "", "pupil_without_class"),
    "class_of_no_year": ("Klas", "Vlinders", "class_without_level"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CELLS)
def test_cell_is_found_at_its_place(upload: Upload, kind: str) -> None:
    column, text, code = CELLS[kind]
    finding = found(upload.read(as_csv(with_cell(PUPILS, 1, column, text), ";")), code)
    assert (finding.place.file, finding.place.row) == ("lijst.csv", 2)
    assert finding.place.column in ("", column)
    assert where(finding.place).startswith("lijst.csv")
    assert "%(" not in sentence(finding)


def test_names_are_kept_as_written_and_only_dirt_goes(upload: Upload) -> None:
    names = {
        " Zoë  Anna ": "Zoë Anna",
        "Jean\u00a0Pierre": "Jean Pierre",
        "Ama\u200bn\ufeff": "Aman",
        "\u202eNoor\u202c": "Noor",
        "مه\u200cناز": "مه\u200cناز",
        "ਅਮਨ\u200dਦੀਪ": "ਅਮਨ\u200dਦੀਪ",
        "O'Brien-d’Arc": "O'Brien-d’Arc",
        "van den Berg": "van den Berg",
        "MARIA": "MARIA",
    }
    rows = "".join(f"{number};X;{name};;L1A\n" for number, name in enumerate(names))
    roster = upload.read(HEAD + rows)
    assert [row.first_name for row in roster.pupils] == list(names.values())


def test_day_and_month_are_told_apart_by_the_whole_column(upload: Upload) -> None:
    day_first = upload.read(HEAD + "1;A;B;03/04/2018;L1A\n2;C;D;13/04/2018;L1A\n")
    assert day_first.pupils[0].birth_date == date(2018, 4, 3)
    month_first = upload.read(HEAD + "1;A;B;03/04/2018;L1A\n2;C;D;04/13/2018;L1A\n")
    assert month_first.pupils[0].birth_date == date(2018, 3, 4)
    assert found(month_first, "dates_month_first").severity is Severity.WARNING
    assert "dates_day_first" in codes(upload.read(HEAD + "1;A;B;03/04/2018;L1A\n"))


def test_column_with_both_orders_keeps_only_what_can_be_one_day(upload: Upload) -> None:
    roster = upload.read(
        HEAD + "1;A;B;03/04/2018;L1A\n2;C;D;04/13/2018;L1A\n3;E;F;13/04/2018;L1A\n4;G;H;05/05/2018;L1A\n"
    )
    assert [row.birth_date for row in roster.pupils] == [None, date(2018, 4, 13), date(2018, 4, 13), date(2018, 5, 5)]
    assert {"dates_mixed", "bad_date"} <= set(codes(roster))


def test_days_are_read_in_every_form(upload: Upload) -> None:
    forms = ["2018-04-03", "3/4/2018", "03.04.2018", "3-4-18", "20180403", "43193", "2018-04-03T00:00:00.000Z"]
    rows = "".join(f"{number};A;B{number};{form};L1A\n" for number, form in enumerate(forms))
    roster = upload.read(HEAD + rows)
    assert {row.birth_date for row in roster.pupils} == {date(2018, 4, 3)}
    assert "dates_serial" in codes(roster)


@pytest.mark.parametrize(
    "written", ["0471 23 45 67", "+32 471 23 45 67", "0032471234567", "471234567", "32471234567", "'0471/23.45.67"]
)
def test_phone_is_read_in_every_form(upload: Upload, written: str) -> None:
    roster = upload.read(as_csv(with_cell(PUPILS, 1, "GSM LPV1", written), ";"))
    assert roster.guardians[0].phones == ("+32471234567",)


def test_cell_may_hold_several_numbers_and_addresses(upload: Upload) -> None:
    rows = with_cell(PUPILS, 1, "GSM LPV1", "0471 23 45 67 / 011 68 12 34, geen")
    rows = with_cell(rows, 1, "E-mail LPV1", "Tom@Voorbeeld.BE; tom@werk.be")
    roster = upload.read(as_csv(rows, "|"))
    assert roster.guardians[0].phones == ("+32471234567", "+3211681234")
    assert roster.guardians[0].emails == ("Tom@voorbeeld.be", "tom@werk.be")
    assert "bad_phone" in codes(roster)


def test_abroad_is_dialled_from_the_region_that_is_said(upload: Upload) -> None:
    rows = with_cell(PUPILS, 1, "GSM LPV1", "06 12345678")
    assert upload.read(as_csv(rows, ";"), default_region="NL").guardians[0].phones == ("+31612345678",)


def test_glued_file_keeps_its_letters_and_says_so(upload: Upload) -> None:
    content = HEAD.encode() + "1;A;Zoë;;L1A\n".encode() + "2;B;Noël;;L1A\n".encode("cp1252")
    roster = upload.read(content)
    assert [row.first_name for row in roster.pupils] == ["Zoë", "Noël"]
    assert "mixed_encodings" in codes(roster)


def test_empty_characters_are_left_out_and_said(upload: Upload) -> None:
    roster = upload.read(HEAD.encode() + b"1;A;Zo\0e;;L1A\n")
    assert roster.pupils[0].first_name == "Zoe"
    assert "nul_bytes" in codes(roster)


def test_doubles_are_skipped_when_equal_and_stop_when_not(upload: Upload) -> None:
    same = upload.read(HEAD + "1;A;B;;L1A\n1;A;B;;L1A\n")
    assert (found(same, "row_again").values, same.has_errors) == ({"row": "2"}, False)
    other = upload.read(HEAD + "1;A;B;;L1A\n1;C;D;;L1A\n")
    assert found(other, "id_twice").severity is Severity.ERROR
    assert len(other.pupils) == 1


def test_repeated_headers_totals_and_blank_rows_are_no_pupils(upload: Upload) -> None:
    roster = upload.read(HEAD + "1;A;B;;L1A\n;;;;\n" + HEAD + "2;C;D;;L1A\nTotaal: 2;;;;\n\n\n")
    assert [row.source_id for row in roster.pupils] == ["1", "2"]
    assert {"header_again", "row_left_out"} <= set(codes(roster))


@pytest.mark.parametrize("content", [HEAD, HEAD + "\n\n", "zomaar wat tekst\nzonder kolommen\n", "1;2;3\n4;5;6\n"])
def test_table_without_pupils_is_an_error(upload: Upload, content: str) -> None:
    roster = upload.read(content)
    assert roster.has_errors
    assert "no_pupils" in codes(roster)


def test_finding_that_comes_a_thousand_times_is_counted(upload: Upload) -> None:
    many = "".join(f"{number};A;B{number};geen;L1A\n" for number in range(1000))
    roster = upload.read(HEAD + many)
    more = found(roster, "and_more")
    assert (more.values["count"], more.values["code"]) == ("800", "bad_date")
    assert "800" in sentence(more)


def test_what_many_findings_share_names_the_value_of_none(upload: Upload) -> None:
    roster = upload.read(HEAD + "".join(f"{number};{'A' * 90};B;;L1A\n" for number in range(300)))
    more = found(roster, "and_more")
    assert (more.values["code"], "%(" in sentence(more)) == ("too_long", False)


def test_errors_come_first(upload: Upload) -> None:
    roster = upload.read(HEAD + "1;A;B;geen;L1A\n1;C;D;;L1A\n")
    severities = [finding.severity for finding in roster.findings]
    assert severities == sorted(severities, key=list(Severity).index)


PACKAGES: dict[str, tuple[dict[str, Rows | None], str]] = {
    "typo_in_header": ({"users": with_cell(BULK["users"], 0, "givenName", "givenNmae")}, "missing_column"),
    "other_capitals": ({"users": with_cell(BULK["users"], 0, "givenName", "GivenName")}, "header_spelling"),
    "slip_in_optional": ({"users": with_cell(BULK["users"], 0, "agentSourcedIds", "agentSourceIds")}, "header_slip"),
    "wrong_contents": ({"users": BULK["classes"]}, "wrong_contents"),
    "microsoft_columns": ({"users": rows("SIS ID,Username\n1,x")}, "microsoft_sds"),
    "no_manifest": ({"manifest": None}, "manifest_missing"),
    "version": ({"manifest": with_cell(BULK["manifest"], 2, "value", "1.0")}, "manifest_version"),
    "mode": ({"manifest": with_cell(BULK["manifest"], 6, "value", "some")}, "manifest_mode"),
    "promised": ({"classes": None}, "member_missing"),
    "called_absent": ({"manifest": with_cell(BULK["manifest"], 4, "value", "absent")}, "member_absent"),
    "status": ({"users": with_cell(BULK["users"], 1, "status", "weg")}, "status_unknown"),
    "no_id": ({"users": with_cell(BULK["users"], 1, "sourcedId", "")}, "id_missing"),
    "class_twice": ({"classes": [*BULK["classes"], with_cell(BULK["classes"], 1, "title", "1B")[1]]}, "id_twice"),
    "class_again": ({"classes": [*BULK["classes"], BULK["classes"][1]]}, "row_again"),
    "class_without_id": ({"classes": with_cell(BULK["classes"], 1, "sourcedId", "")}, "id_missing"),
    "place_of_nobody": ({"enrollments": with_cell(BULK["enrollments"], 1, "userSourcedId", "")}, "id_missing"),
    "no_name": ({"users": with_cell(BULK["users"], 3, "givenName", "")}, "name_missing"),
    "same_id": ({"users": [*BULK["users"], with_cell(BULK["users"], 1, "givenName", "Bo")[1]]}, "id_twice"),
    "unknown_agent": ({"users": with_cell(BULK["users"], 2, "agentSourcedIds", "g99")}, "link_unknown_guardian"),
    "unknown_child": ({"users": with_cell(BULK["users"], 4, "agentSourcedIds", "p99")}, "link_unknown_pupil"),
    "agent_of_nobody": ({"users": with_cell(BULK["users"], 4, "agentSourcedIds", "")}, "guardian_without_pupil"),
    "child_alone": ({"users": with_cell(BULK["users"], 4, "agentSourcedIds", "")}, "pupil_without_guardian"),
    "agents_are_pupils": ({"users": with_cell(BULK["users"], 2, "agentSourcedIds", "p1")}, "odd_agent"),
    "other_class": ({"enrollments": with_cell(BULK["enrollments"], 3, "classSourcedId", "c9")}, "class_unknown"),
    "no_class": ({"enrollments": BULK["enrollments"][:3]}, "pupil_without_class"),
    "two_classes": (
        {"classes": with_cell(BULK["classes"], 2, "classType", "homeroom")},
        "several_classes",
    ),
    "long_row": ({"enrollments": [*BULK["enrollments"], [*BULK["enrollments"][1], "x", "y"]]}, "row_too_long"),
    "days_turned": ({"enrollments": with_cell(BULK["enrollments"], 3, "endDate", "2026-01-01")}, "days_turned"),
    "no_homerooms": ({"classes": with_cell(BULK["classes"], 1, "classType", "scheduled")}, "no_homerooms"),
    "empty_file": ({"users": rows(" ")}, "empty"),
}  # fmt: skip


@pytest.mark.parametrize("kind", PACKAGES)
def test_package_with_a_defect_says_it(upload: Upload, kind: str) -> None:
    changes, code = PACKAGES[kind]
    finding = found(upload.read(package(changes), "school.zip"), code)
    assert "%(" not in sentence(finding)


def test_typo_names_the_column_it_must_be(upload: Upload) -> None:
    users = with_cell(BULK["users"], 0, "givenName", "givenNmae")
    assert found(upload.read(package({"users": users}), "x.zip"), "missing_column").values == {
        "column": "givenName",
        "nearest": "givenNmae",
    }


def test_days_with_the_day_first_are_read_in_a_package_too(upload: Upload) -> None:
    places = with_cell(BULK["enrollments"], 3, "beginDate", "15/09/2026")
    roster = upload.read(package({"enrollments": places}), "x.zip")
    assert roster.pupils[1].starts_on == date(2026, 9, 15)
