"""OneRoster packages as they should be: pupils, homerooms, guardians and their links, bulk and delta."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from tests.schools.roster.makers import BULK, Upload, codes, found, package, with_cell, with_column

pytestmark = pytest.mark.either_engine


def test_bulk_package_gives_pupils_in_their_homeroom(upload: Upload) -> None:
    roster = upload.read(package(), "school.zip")
    assert not roster.has_errors
    assert (roster.source_system, roster.complete) == ("pakket", True)
    assert roster.year == (date(2026, 9, 1), date(2027, 6, 30))
    assert [(row.source_id, row.name, row.level, row.school) for row in roster.classes] == [
        ("c1", "1A", "L1", "999001")
    ]
    assert [(row.source_id, row.first_name, row.last_name, row.class_id) for row in roster.pupils] == [
        ("p1", "Amandeep", "Singh", "c1"),
        ("p2", "Noor", "El Amrani", "c1"),
    ]
    assert roster.pupils[0].starts_on == date(2026, 9, 1)
    assert roster.pupils[1].ends_on == date(2027, 6, 30)


def test_agents_count_in_either_direction_and_once(upload: Upload) -> None:
    roster = upload.read(package(), "school.zip")
    assert [(row.pupil_id, row.guardian_id) for row in roster.links] == [("p1", "g1"), ("p2", "g2")]
    kaur, samira = roster.guardians
    assert (kaur.first_name, kaur.last_name) == ("Kaur", "")
    assert kaur.emails == ("k@voorbeeld.be",)
    assert (kaur.phones, samira.phones) == (("+32471234567",), ("+3211681234",))


def test_password_is_dropped_unread_and_said(upload: Upload) -> None:
    roster = upload.read(package(), "school.zip")
    assert found(roster, "never_field").place.column == "password"
    assert "geheim" not in repr(roster)


def test_demographics_give_the_birth_date_and_nothing_else(upload: Upload) -> None:
    rows = (("sourcedId", "status", "dateLastModified", "birthDate", "sex", "asian", "cityOfBirth"),
            ("p1", "", "", "2020-03-04", "male", "true", "Amritsar"))  # fmt: skip
    manifest = with_cell(BULK["manifest"], 8, "value", "bulk")
    roster = upload.read(package({"demographics": rows, "manifest": manifest}), "school.zip")
    assert roster.pupils[0].birth_date == date(2020, 3, 4)
    dropped = {finding.place.column for finding in roster.findings if finding.code == "never_field"}
    assert {"sex", "asian", "cityOfBirth", "password"} <= dropped
    assert "Amritsar" not in repr(roster)


def test_metadata_say_languages_and_reading(upload: Upload) -> None:
    users = with_column(BULK["users"], "metadata.contactLanguage", ["", "", "pa", "Arabisch", ""])
    users = with_column(users, "metadata.homeLanguage", ["", "ar", "", "", ""])
    users = with_column(users, "metadata.readingMode", ["", "", "ORAL_ONLY", "", ""])
    roster = upload.read(package({"users": users}), "school.zip")
    kaur, samira = roster.guardians
    assert (kaur.contact_language, kaur.home_language, kaur.reading_mode) == ("pa", None, "ORAL_ONLY")
    assert (samira.contact_language, samira.home_language, samira.reading_mode) == ("ar", "ar", None)


def test_delta_says_who_leaves_and_needs_no_whole(upload: Upload) -> None:
    manifest = [(name, "delta" if value == "bulk" else value) for name, value in BULK["manifest"]]
    users = [BULK["users"][0], ("p9", "tobedeleted", *BULK["users"][1][2:15], "g77", "01", "")]
    gone = {"academicSessions": None, "orgs": None, "classes": None}
    kept = [(name, "absent" if name[5:] in gone else value) for name, value in manifest]
    places = [BULK["enrollments"][0], ("e9", "tobedeleted", "", "c7", "o1", "p9", "student", "", "", "")]
    roster = upload.read(package({"manifest": kept, "users": users, "enrollments": places, **gone}), "delta.zip")
    assert not roster.has_errors
    assert not roster.complete
    assert (roster.pupils[0].source_id, roster.pupils[0].class_id, roster.pupils[0].ended) == ("p9", "c7", True)


def test_version_1_2_has_its_roles_in_a_file_of_their_own(upload: Upload) -> None:
    manifest = [*with_cell(BULK["manifest"], 2, "value", "1.2"), ("file.roles", "bulk")]
    position = BULK["users"][0].index("role")
    users = [[*row[: position - 1], *row[position + 1 :]] for row in BULK["users"]]
    head = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,profile"
    roles = [head.split(",")]
    for number, row in enumerate(BULK["users"][1:]):
        roles.append([f"r{number}", "", "", row[0], "primary", row[position], "", "", "o1", ""])
    roster = upload.read(package({"manifest": manifest, "users": users, "roles": roles}), "school.zip")
    assert not roster.has_errors, roster.findings
    assert len(roster.pupils) == len(roster.guardians) == len(roster.links) == 2


@pytest.mark.parametrize(
    ("grade", "level"), [("PR", "K1"), ("PK", "K2"), ("KG", "K3"), ("IT", "K0"), ("06", "L6"), ("07", "")]
)
def test_grades_become_year_groups(upload: Upload, grade: str, level: str) -> None:
    classes = with_cell(with_cell(BULK["classes"], 1, "grades", grade), 1, "title", "Vlinders")
    roster = upload.read(package({"classes": classes}), "school.zip")
    assert roster.classes[0].level == level
    assert ("class_without_level" in codes(roster)) is not bool(level)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("day", "where"), [("2026-09-30", "c1"), ("2026-10-02", "c1"), ("2026-10-05", "c2"), ("2026-11-24", "c2")]
)
def test_who_went_to_another_class_is_where_it_is_today_and_has_not_left(
    upload: Upload, order: tuple[int, int], day: str, where: str
) -> None:
    """Both places stand in a whole package, neither with a status: only their days say which is which."""
    classes = with_cell(BULK["classes"], 2, "classType", "homeroom")
    head, first, *_rest = BULK["enrollments"]
    stays = with_cell([head, first], 1, "endDate", "2026-10-02")[1]
    goes = with_cell(with_cell([head, first], 1, "classSourcedId", "c2"), 1, "beginDate", "2026-10-05")[1]
    places = [head, *([stays, goes][number] for number in order), BULK["enrollments"][3]]
    with time_machine.travel(f"{day} 10:00+02:00", tick=False):
        roster = upload.read(package({"classes": classes, "enrollments": places}), "school.zip")
    pupil = roster.pupils[0]
    assert (pupil.source_id, pupil.class_id, pupil.ends_on, pupil.ended) == ("p1", where, None, False)
    assert "several_classes" not in codes(roster)


def test_who_is_in_no_class_any_more_left_on_the_last_day_of_the_last_one(upload: Upload) -> None:
    classes = with_cell(BULK["classes"], 2, "classType", "homeroom")
    places = with_cell(BULK["enrollments"], 1, "endDate", "2026-09-11")
    places = with_cell(with_cell(places, 2, "beginDate", "2026-09-14"), 2, "endDate", "2026-10-02")
    with time_machine.travel("2026-11-24 10:00+01:00", tick=False):
        pupil = upload.read(package({"classes": classes, "enrollments": places}), "school.zip").pupils[0]
    assert (pupil.class_id, pupil.ends_on) == ("c2", date(2026, 10, 2))


@pytest.mark.parametrize("day", ["2026-11-24", "2027-02-01"])
def test_a_place_for_each_half_of_the_year_is_one_from_september_to_june(upload: Upload, day: str) -> None:
    places = with_cell(BULK["enrollments"], 1, "endDate", "2027-01-31")
    places = with_cell(with_cell(places, 2, "classSourcedId", "c1"), 2, "beginDate", "2027-02-01")
    with time_machine.travel(f"{day} 10:00+01:00", tick=False):
        roster = upload.read(package({"enrollments": with_cell(places, 2, "endDate", "2027-06-30")}), "school.zip")
    pupil = roster.pupils[0]
    assert (pupil.class_id, pupil.starts_on, pupil.ends_on) == ("c1", date(2026, 9, 1), date(2027, 6, 30))
