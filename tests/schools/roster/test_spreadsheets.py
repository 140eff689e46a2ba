"""Lists as schools lay them out: one row per pupil, several guardians, sheets apart, programs' own headers."""

from __future__ import annotations

from datetime import date

import pytest

from schools.roster.guessing import Reason
from schools.roster.presets import Preset, shipped
from schools.roster.reading import look_at
from tests.schools.roster.makers import PUPILS, Upload, as_csv, as_zip, codes, found, rows, with_cell
from tests.schools.roster.workbooks import xlsx, xlsx_rows

pytestmark = pytest.mark.either_engine


def test_second_guardian_never_gets_the_address_of_the_first(upload: Upload) -> None:
    roster = upload.read(
        "Stamnr;Naam;Voornaam;Klas;Straat;Nr;Bus;Postcode;Gemeente;Voornaam LPV1;Naam LPV1;Voornaam LPV2;Naam LPV2\n"
        "1;Claes;Bo;L1A;Kerkstraat;12;3;3800;Sint-Truiden;An;Peeters;Tom;Claes\n"
    )
    an, tom = roster.guardians
    assert (an.street, an.postcode, an.city) == ("Kerkstraat 12 bus 3", "3800", "Sint-Truiden")
    assert (tom.street, tom.postcode, tom.city) == ("", "", "")
    assert found(roster, "home_address").place.file == "lijst.csv"


def test_siblings_share_their_guardian_and_namesakes_do_not(upload: Upload) -> None:
    roster = upload.read(
        "Leerlingnummer;Voornaam;Naam;Klas;Voornaam LPV1;Naam LPV1;GSM LPV1;E-mail LPV1\n"
        "7;Aman;Singh;L1A;Kaur;;0471234567;\n"
        "5;Jas;Singh;L3A;Kaur;;0471 23 45 67;kaur@voorbeeld.be\n"
        "9;Simran;Kaur;L2A;Kaur;;0472345678;\n"
        "11;Gur;Singh;L2A;Kaur;;;\n"
    )
    assert [(row.source_id, row.phones, row.emails) for row in roster.guardians] == [
        ("5/1", ("+32471234567",), ("kaur@voorbeeld.be",)),
        ("9/1", ("+32472345678",), ()),
        ("11/1", (), ()),
    ]
    assert [(link.pupil_id, link.guardian_id) for link in roster.links][:2] == [("7", "5/1"), ("5", "5/1")]


def test_mother_and_father_in_the_headers_are_their_relation(upload: Upload) -> None:
    roster = upload.read(
        "Leerlingnummer;Voornaam;Naam;Klas;Voornaam moeder;Naam moeder;GSM vader;Voornaam vader;Naam vader\n"
        "1;Noor;El Amrani;K2;Samira;El Amrani;0471234567;Karim;El Amrani\n"
    )
    assert [(row.first_name, row.phones) for row in roster.guardians] == [("Samira", ()), ("Karim", ("+32471234567",))]
    assert [row.relation for row in roster.links] == ["moeder", "vader"]


def test_place_of_a_guardian_is_read_though_its_header_ends_or_begins_like_a_small_word(upload: Upload) -> None:
    roster = upload.read(
        "Stamnr;Naam;Voornaam;Klas;Naam van de moeder;Straat ouder 1;Nr ouder 1;Postcode ouder 1;Deelgemeente ouder 1;"
        "Naam vader;Straat vader;Postcode van de vader;Gemeente vader\n"
        "1;Claes;Bo;L1A;An Peeters;Kerkstraat;12;3800;Brustem;Tom Claes;Dorp 4;3803;Duras\n"
    )
    assert [(row.street, row.postcode, row.city) for row in roster.guardians] == [
        ("Kerkstraat 12", "3800", "Brustem"),
        ("Dorp 4", "3803", "Duras"),
    ]


def test_row_for_each_guardian_is_one_pupil(upload: Upload) -> None:
    roster = upload.read(
        "Leerlingnummer;Voornaam;Naam;Klas;Voornaam ouder;Naam ouder;Relatie ouder;Gezag ouder\n"
        "1;Noor;El Amrani;K2;Samira;Haddad;moeder;gezamenlijk\n"
        "1;Noor;El Amrani;K2;Karim;El Amrani;vader;enkel informatie\n"
    )
    assert len(roster.pupils) == 1
    assert [(row.guardian_id, row.relation, row.authority) for row in roster.links] == [
        ("1/1", "moeder", "JOINT"),
        ("1/2", "vader", "INFORMATION_ONLY"),
    ]


def test_guardians_may_stand_on_a_sheet_of_their_own(upload: Upload) -> None:
    sheets = {
        "Leerlingen": xlsx_rows(rows("Leerlingnummer,Naam,Voornaam,Klas\n1,Claes,Bo,L1A\n2,Claes,An,L3A")),
        "Ouders": xlsx_rows(
            rows("Leerlingnummer,Id,Naam,Voornaam,Relatie,GSM\n1,g1,Claes,Tom,vader,0471234567\n2,g1,Claes,Tom,vader,")
        ),
    }
    roster = upload.read(xlsx(sheets=sheets), "school.xlsx")
    assert not roster.has_errors, roster.findings
    assert [(row.source_id, row.first_name, row.phones) for row in roster.guardians] == [
        ("g1", "Tom", ("+32471234567",))
    ]
    assert [(row.pupil_id, row.guardian_id) for row in roster.links] == [("1", "g1"), ("2", "g1")]


def test_one_line_on_a_cover_sheet_holds_no_list_back(upload: Upload) -> None:
    roster = upload.read(xlsx(sheets={"Info": xlsx_rows([["VBS De Kersenboom"]]), "Leerlingen": xlsx_rows(PUPILS)}))
    assert len(roster.pupils) == len(PUPILS) - 1
    assert not roster.has_errors, roster.findings
    empty = upload.read(xlsx(sheets={"Leerlingen": xlsx_rows(PUPILS), "Nieuw": xlsx_rows(PUPILS[:1])}))
    assert "header_only" in codes(empty), "under the header of a list its pupils are missing"


def test_name_of_a_file_does_not_make_pupils_guardians(upload: Upload) -> None:
    content = "Leerlingnummer;Naam;Voornaam;Klas\n1;Claes;Bo;L1A\n"
    assert [row.first_name for row in upload.read(content, "leerlingen en ouders.csv").pupils] == ["Bo"]
    content = "Leerlingnummer;Naam;Voornaam;Contacttaal;GSM\n1;Claes;Tom;Turks;0471234567\n"
    roster = upload.read(content, "contactpersonen.csv")
    assert (roster.pupils, roster.complete) == ([], False)
    assert [(row.first_name, row.contact_language) for row in roster.guardians] == [("Tom", "tr")]
    assert [(row.pupil_id, row.guardian_id) for row in roster.links] == [("1", "1/1")]


def test_second_file_says_languages_and_reading(upload: Upload) -> None:
    said = "1;Punjabi;ਪੰਜਾਬੀ;mondeling\n2;Turks;wenst niet te zeggen;\n3;;onbekend;\n"
    roster = upload.read(f"Leerlingnummer;Contacttaal;Thuistaal;Leesmodus\n{said}")
    assert not roster.has_errors, roster.findings
    assert not roster.complete
    assert [(row.pupil_id, row.contact_language, row.home_language, row.reading_mode) for row in roster.languages] == [
        ("1", "pa", "pa", "ORAL_ONLY"),
        ("2", "tr", "-", None),
        ("3", None, "", None),
    ]


def test_languages_beside_a_child_go_to_its_guardians(upload: Upload) -> None:
    content = as_zip({
        "leerlingen.csv": as_csv(PUPILS, ";"),
        "talen.csv": "Leerlingnummer;Contacttaal;Leesmodus\n102;Punjabi;mondeling\n",
    })  # fmt: skip
    roster = upload.read(content, "school.zip")
    assert [(row.first_name, row.contact_language, row.reading_mode) for row in roster.guardians] == [
        ("Tom", None, None),
        ("Kaur", "pa", "ORAL_ONLY"),
    ]
    assert roster.languages == []


def test_a_home_is_not_written_in_the_language_of_a_child(upload: Upload) -> None:
    header = "Leerlingnummer;Naam;Voornaam;Klas;Contacttaal;Naam voogd;Relatie voogd"
    said = "1;Kaur;Simran;L3B;Punjabi;Huis De Linde;{}"
    for relation, language, beside in (("instelling", None, ["1"]), ("oom", "pa", [])):
        roster = upload.read(f"{header}\n{said.format(relation)}\n")
        assert [(row.relation, roster.guardians[0].contact_language) for row in roster.links] == [(relation, language)]
        assert [row.pupil_id for row in roster.languages] == beside


def test_wisa_lists_of_pupils_and_classes(upload: Upload) -> None:
    pupils = (
        "KLAS,KLASGROEP,NAAM,VOORNAAM,ROEPNAAM,GEBOORTEDATUM,WISAID,STAMBOEKNUMMER,GESLACHT,RIJKSREGISTERNR,GEBOORTEPLAATS,"
        "NATIONALITEIT,STRAAT,STRAATNR,BUSNR,POSTCODE,WOONPLAATS,KLASWIJZIGING\r\n"
        "1A,00,Péters,Zoë,Zo,3/4/2020,W1,99,V,18020100157,Luik,BE,Kerkstraat,1,,3800,Sint-Truiden,1/9/2026\r\n"
        "1A,00,Claes,Bo,,13/4/2020,W2,98,M,,Luik,BE,Kerkstraat, hoek Dorp,1,,3800,Sint-Truiden,1/9/2026\r\n"
    )
    classes = "KLAS,KLASGROEP,OMSCHRIJVING,ADMINGROEP,INSTELLINGSNUMMER\r\n1A,00,Eerste,123,999001\r\n"
    roster = upload.read(as_zip({"ll.csv": pupils.encode("cp1252"), "klassen.csv": classes}), "wisa.zip")
    zoe = roster.pupils[0]
    assert (roster.source_system, zoe.source_id, zoe.first_name, zoe.birth_date) == (
        "wisa",
        "W1",
        "Zoë",
        date(2020, 4, 3),
    )
    assert zoe.starts_on == date(2026, 9, 1)
    assert found(roster, "row_too_long").place.row == 3
    assert found(roster, "preset_used").values == {"preset": "WISA"}
    dropped = {finding.place.column for finding in roster.findings if finding.code == "never_field"}
    assert dropped == {"GESLACHT", "RIJKSREGISTERNR", "GEBOORTEPLAATS", "NATIONALITEIT"}


def test_smartschool_and_informat_are_recognised_and_to_be_confirmed(upload: Upload) -> None:
    head = "Voornaam;Naam;Internnummer;Geboortedatum;Stamboeknummer;Klas;Naam ouder/voogd;Voornaam ouder/voogd"
    smartschool = f"{head}\nBo;Claes;S1;1/2/2019;9;L1A;Claes;An\n"
    head = "p_persoon;Voornaam;Naam;rijksregnr;Klascode;geboortedatum;instelnr"
    informat = f"{head}\n77;Bo;Claes;;L1A;2019-02-01;999001\n"
    for content, code, key in ((smartschool, "smartschool", "S1"), (informat, "informat", "77")):
        sight = look_at(upload.file(content), name="lijst.csv")
        assert sight.preset is not None
        assert (sight.preset.code, sight.preset.confirm) == (code, True)
        roster = upload.read(content)
        assert (roster.source_system, roster.pupils[0].source_id) == (code, key)
        assert not roster.has_errors


def test_school_says_itself_what_its_columns_hold(upload: Upload) -> None:
    content = "A;B;C;D\n1;Bo;Claes;L1A\n"
    mapping = {"A": "pupil.id", "B": "pupil.first_name", "C": "pupil.last_name", "D": "class.name"}
    roster = upload.read(content, mapping=mapping)
    assert (roster.pupils[0].source_id, roster.pupils[0].last_name, roster.pupils[0].class_id) == ("1", "Claes", "L1A")
    kept = Preset.from_json(Preset("eigen", "Ons pakket", "pakket", mapping).to_json())
    again = upload.read(content, preset=kept)
    assert (again.source_system, again.pupils) == ("pakket", roster.pupils)
    assert "no_such_field" in codes(upload.read(content, mapping={"A": "pupil.shoe_size"}))


def test_preset_with_unknown_fields_is_refused() -> None:
    with pytest.raises(ValueError, match=r"pupil\.income"):
        Preset.from_json({"code": "x", "title": "x", "system": "x", "columns": {"A": "pupil.income"}})
    with pytest.raises(ValueError, match="A preset has"):
        Preset.from_json({"title": "x"})
    assert all(Preset.from_json(preset.to_json()) == preset for preset in shipped().values())


def test_look_guesses_by_name_by_content_and_by_likeness(upload: Upload) -> None:
    head = "Leerlingnummer;Vornaam;Naam;Klas;Bereikbaar op;Nota"
    content = f"{head}\n1;Bo;Claes;L1A;an@voorbeeld.be;x\n2;An;Claes;L2A;bo@voorbeeld.be;y\n"
    sheet = look_at(upload.file(content), name="lijst.csv").sheets[0]
    guesses = {column.header: (column.field, column.reason) for column in sheet.columns}
    assert guesses == {
        "Leerlingnummer": ("pupil.id", Reason.NAME),
        "Vornaam": ("pupil.first_name", Reason.NEAR),
        "Naam": ("pupil.last_name", Reason.NAME),
        "Klas": ("class.name", Reason.NAME),
        "Bereikbaar op": ("guardian1.email", Reason.CONTENT),
        "Nota": ("", Reason.UNKNOWN),
    }
    assert sheet.columns[1].examples == ("Bo", "An")


def test_list_without_numbers_knows_pupils_by_name_and_day(upload: Upload) -> None:
    content = "Naam;Voornaam;Geboortedatum;Klas\nSingh;Aman;1/2/2018;L1A\nSingh;Aman;3/2/2018;L1A\n"
    once, again = upload.read(content), upload.read(content)
    assert [row.source_id for row in once.pupils] == [row.source_id for row in again.pupils]
    assert len({row.source_id for row in once.pupils}) == 2
    assert "no_numbers" in codes(once)


def test_whole_names_are_not_torn_apart(upload: Upload) -> None:
    roster = upload.read("Nummer;Naam en voornaam;Klas\n1;Claes, Bo;L1A\n2;Gurpreet Kaur;L1A\n3;Singh;L1A\n")
    assert [(row.first_name, row.last_name) for row in roster.pupils] == [
        ("Bo", "Claes"),
        ("Gurpreet Kaur", ""),
        ("Singh", ""),
    ]


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("1A", "L1"),
        ("L6b", "L6"),
        ("K2", "K2"),
        ("2KA", "K2"),
        ("3e leerjaar", "L3"),
        ("Instap", "K0"),
        ("Vlinders", ""),
    ],
)
def test_class_tells_its_year(upload: Upload, name: str, level: str) -> None:
    roster = upload.read(as_csv(with_cell(PUPILS, 1, "Klas", name), ";"))
    assert roster.classes[0].level == level
