"""What a finding says to who reads it: what is wrong and what to do. Where it is stands beside it (``where``)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schools.roster.fieldwords import field_label
from schools.roster.rows import Finding, Place

_FILE: dict[str, Any] = {
    "empty": _("There is nothing in this file. Export it again and look at it before you send it."),
    "too_large": _("This file is %(megabytes)s MB; a roster is at most %(limit)s MB. Export pupils and parents only."),
    "zip_broken": _("This file is damaged and cannot be unpacked. Export it again, or send it again."),
    "zip_encrypted": _("This file is locked with a password. Save it without one and send it again."),
    "zip_bomb": _("This file unpacks to far more than a roster can hold. It was not read."),
    "zip_path": _("This zip holds files with unsafe names. It was not read; make a new zip of the export."),
    "zip_too_many": _("This zip holds %(count)s files; at most %(limit)s are read. Zip only the files of the roster."),
    "zip_inside": _("This zip holds other zips or workbooks. Unpack it and send the file of the roster itself."),
    "zip_nothing": _("There is no table in this zip. Send the CSV files of the roster, or the workbook itself."),
    "not_a_table": _("This is no table. Export the roster as CSV, as a workbook (.xlsx, .ods) or as a OneRoster zip."),
    "is_pdf": _("This is a PDF. Export the roster as CSV or as a workbook (.xlsx, .ods)."),
    "is_old_excel": _("This is an old workbook (.xls) or one with a password. Save it as .xlsx without a password."),
    "is_picture": _("This is a picture. Export the roster as CSV or as a workbook (.xlsx, .ods)."),
    "is_packed": _("This kind of archive is not read. Unpack it and send the file, or make a zip."),
    "is_document": _("This is a text document. Export the roster as CSV or as a workbook (.xlsx, .ods)."),
    "is_web_page": _("This is a web page with another name, as some programs export. Open it and save it as .xlsx."),
    "is_xml": _("This is an answer of a web service, not a table. Export the roster as CSV or as a workbook."),
    "is_json": _("This is a file for programs, not a table. Export the roster as CSV or as a workbook."),
    "workbook_broken": _("This workbook is damaged. Open it, save it again as .xlsx or .ods, and send that."),
    "workbook_unsafe": _("This workbook holds instructions that no spreadsheet needs. It was not read."),
    "sheet_hidden": _("This sheet is hidden and was not read."),
    "too_many_sheets": _("This workbook has more than %(limit)s sheets. Keep those of the roster."),
    "too_many_rows": _("This table has more than %(limit)s rows. Send one school at a time."),
    "too_many_columns": _("This table has more than %(limit)s columns. Keep those of pupils and parents."),
    "line_too_long": _("A line of this file never ends. Export it again as CSV or as a workbook."),
    "quote_open": _(
        "A quotation mark opens here and is not closed, so that rows run together. Correct it in the file."
    ),
    "header_only": _("There is a header here and no row under it. Export it again with the pupils in it."),
    "no_pupils": _(
        "No pupils were found. Say which columns hold the pupil's name and class, or send the file with the pupils."
    ),
    "nothing_in_it": _("There is no change in this file."),
    "mixed_encodings": _(
        "Parts of this file are in another encoding. Look at the letters with accents in the preview."
    ),
    "nul_bytes": _("This file holds empty characters; they were left out. Look at the preview closely."),
    "member_left_out": _("This file of the zip was not read: it is no CSV."),
    "and_more": _("There are %(count)s more findings of this kind: “%(sentence)s”"),
}
_ONEROSTER: dict[str, Any] = {
    "microsoft_sds": _(
        "These are files of Microsoft School Data Sync, not OneRoster. Choose “OneRoster” in the export."
    ),
    "manifest_missing": _(
        "The package has no manifest.csv, so that nobody knows its version. Export the whole package."
    ),
    "manifest_version": _(
        "The manifest says OneRoster version “%(version)s”; 1.1 and 1.2 are read. Export one of those."
    ),
    "manifest_mode": _("The manifest says “%(mode)s” of %(file)s; it must be bulk, delta or absent."),
    "member_missing": _("The manifest promises %(file)s, and it is not in the package. Export the whole package."),
    "member_absent": _("The manifest calls this file absent, so it was not read."),
    "member_twice": _("This file is in the package twice. Keep one of them."),
    "in_folder": _("The files stand in a folder of the zip and were read all the same."),
    "wrong_contents": _(
        "This file holds something else than its name says; it looks like %(looks_like)s. Export it again."
    ),
    "missing_column": _("The column “%(column)s” is missing. Columns that look like it: “%(nearest)s”."),
    "header_spelling": _("This header should be written “%(expected)s”. It was read so."),
    "status_missing": _("A delta must say the status of each row. This one was taken for active."),
    "id_missing": _("This row has no sourcedId. Ask for a new export: people are known by it."),
    "no_homerooms": _("No class is marked as homeroom. Classes were taken from pupils who have one class only."),
    "several_classes": _("This pupil is in several classes. The one marked as primary was taken, or else the first."),
    "classes_left_out": _("%(count)s classes are no homerooms and were left out."),
    "users_left_out": _("%(count)s people are neither pupil nor guardian and were left out."),
    "odd_agent": _("This link does not go from a pupil to a guardian and was left out."),
}
_COLUMNS: dict[str, Any] = {
    "never_field": _("This column was dropped without being read: the portal never holds such data."),
    "national_number": _("A national number stood in this cell. It was dropped; leave it out of the export."),
    "unknown_column": _("This column is not known and was not read. If it matters, say what it holds."),
    "header_slip": _("This column was not read. Is it “%(expected)s”? Then say so, or correct the header."),
    "by_content": _("This column was taken for “%(field)s” by what stands in it. Say so if it is something else."),
    "preset_used": _("The columns were read as files of %(preset)s name them. Confirm that with your own file."),
    "column_twice": _("This column says the same as “%(other)s” and was not read. Say which of the two counts."),
    "no_header": _("Column %(number)s has no header and was not read. Give it one."),
    "no_such_field": _("“%(field)s” is nothing a column can hold. Choose again."),
    "title_rows": _("%(count)s rows above the header, in row %(row)s, were skipped."),
    "header_again": _("The header stands here once more and was skipped."),
    "row_left_out": _("Only one cell of this row is filled. It was left out."),
    "row_too_long": _(
        "This row has %(found)s cells instead of %(expected)s: a separator stands in a cell. Correct it in the file."
    ),
    "computed": _("%(count)s values in this column were computed by formulas. The last results were read."),
    "formula_text": _("A formula stood in this cell and was left out. Replace it by the value."),
    "failed_formula": _("A formula failed in this cell, so it was left out. Correct it in the file."),
    "cell_too_long": _("This cell is longer than %(limit)s characters. Correct it in the file."),
    "too_long": _("This text is longer than %(limit)s characters and was cut."),
    "lost_letters": _("Letters of this cell were lost before it came here. Correct the name in the file."),
    "mojibake": _("Letters with accents had been garbled here; they were put right. Look at the preview."),
    "dates_mixed": _(
        "Both day/month and month/day stand in this column. Dates that can be read in two ways were left out; "
        "write them all as 2018-09-01."
    ),
    "dates_month_first": _("The dates in this column have the month first and were read so. Look at the preview."),
    "dates_day_first": _("The dates in this column were read with the day first. Look at the preview."),
    "dates_serial": _("Some dates in this column are bare numbers of a spreadsheet; they were read as days."),
    "bad_date": _("This is no date that can be read. It was left out; write it as 2018-09-01."),
}
_PEOPLE: dict[str, Any] = {
    "name_missing": _("This row has no name. Fill it in, or take the row out."),
    "id_twice": _("The same number stands in row %(row)s with something else. Correct one of the two."),
    "row_again": _("This row says the same as row %(row)s and was skipped."),
    "no_numbers": _(
        "This file has no pupil numbers, so that pupils are known by name and day of birth: a corrected name would be "
        "somebody new. Add the column with the numbers if you can."
    ),
    "status_unknown": _("Nobody knows the status “%(status)s”. The person was taken for active."),
    "class_without_name": _("This class has no name. Fill it in."),
    "class_without_level": _("The year of class “%(name)s” is not clear. Add a column with K0 to K3 or L1 to L6."),
    "class_unknown": _("This pupil's class is not in the file. The pupil stays without a class until it is."),
    "pupil_without_class": _("This pupil has no class. Fill it in, or the pupil cannot be enrolled."),
    "odd_age": _("This day of birth does not fit a primary school. Look whether it is right."),
    "days_turned": _("The last day lies before the first. The last day was left out."),
    "no_guardians": _("There are no guardians in this file. Send their file too, or notices reach nobody."),
    "pupil_without_guardian": _("Nobody answers for this pupil in the file. Add a guardian, or notices reach nobody."),
    "guardian_without_pupil": _("This guardian belongs to no pupil of the file and was left out."),
    "guardian_without_name": _("Contact data stand here without a name. They were left out; add whose they are."),
    "guardian_unreachable": _("This guardian has no phone, mail address or home address. Add one, or ask the family."),
    "nobody_named": _("This row does not say about whom it is. Add the number of the pupil or the guardian."),
    "link_unknown_pupil": _("This link names a pupil who is not in the file. It was left out."),
    "link_unknown_guardian": _("This link names a guardian who is not in the file. It was left out."),
    "phone_power": _(
        "A spreadsheet shortened this number to a power of ten; its digits are gone. Format the column as text and "
        "export again."
    ),
    "bad_phone": _("This is no phone number that can be called. It was left out; correct it in the file."),
    "bad_email": _("This is no mail address. It was left out; correct it in the file."),
    "bad_language": _("Nobody knows the language “%(text)s”. It was left out; choose one of the portal's languages."),
    "bad_reading": _(
        "“%(text)s” does not say how somebody reads. It was left out; write TEXT, EASY_TEXT or ORAL_ONLY."
    ),
    "bad_authority": _(
        "“%(text)s” does not say who has authority. It was left out; write JOINT, SOLE, INFORMATION_ONLY or NONE."
    ),
    "home_address": _("The child's own address was taken for that of the first guardian named, not for the second."),
}
SENTENCES: dict[str, Any] = {**_FILE, **_ONEROSTER, **_COLUMNS, **_PEOPLE}


class _EachItsOwn(dict[str, str]):
    """What stands for the values of many findings in the one sentence that they share."""

    def __missing__(self, name: str) -> str:
        return "…"


def sentence(finding: Finding) -> str:
    """What is wrong and what to do, in the language of the reader."""
    values = dict(finding.values)
    for name in ("field", "expected"):
        if name in values:
            values[name] = field_label(values[name])
    if finding.code == "and_more":
        values["sentence"] = str(SENTENCES[values["code"]]) % _EachItsOwn()
    if finding.code == "missing_column" and not values.get("nearest"):
        return gettext("The column “%(column)s” is missing. Export the file with all its columns.") % values
    return str(SENTENCES[finding.code]) % values


def where(place: Place) -> str:
    """``"users.csv, row 5, column “GSM”"``; "" when it is about the whole upload."""
    parts = [place.file] if place.file else []
    if place.row:
        parts.append(gettext("row %(number)s") % {"number": place.row})
    if place.column:
        parts.append(gettext("column “%(name)s”") % {"name": place.column})
    return ", ".join(parts)
