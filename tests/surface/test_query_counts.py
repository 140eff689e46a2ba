"""Every list costs the same number of queries for a few rows and for many."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.surface.many import add_few, add_many
from tests.surface.rows import Rows

pytestmark = pytest.mark.django_db

#: Each list, and as whom.
LISTS = {
    "operations": "admin",
    "family_list": "teacher_3b",
    "search": "teacher_3b",
    "class_detail": "teacher_3b",
    "absence_list": "teacher_3b",
    "class_evening": "teacher_3b",
    "evening_choose": "head",
    "conference_list": "teacher_3b",
    "conference_detail": "teacher_3b",
    "conference_host": "teacher_3b",
    "gathering_list": "teacher_3b",
    "gathering_detail": "teacher_3b",
    "gathering_attendance": "teacher_3b",
    "partner_gatherings": "partner",
    "partner_gathering": "partner",
    "interpreter_list": "teacher_3b",
    "interpreter_sheet": "teacher_3b",
    "class_list": "teacher_3b",
    "contact_new": "teacher_3b",
    "my_week": "teacher_3b",
    "notice_list": "teacher_3b",
    "notice_detail": "teacher_3b",
    "notice_answers": "teacher_3b",
    "notice_check": "teacher_3b",
    "notice_files": "teacher_3b",
    "notice_recordings": "teacher_3b",
    "notice_translations": "teacher_3b",
    "translation_queue": "translator",
    "translation_log": "head",
    "translator_list": "head",
    "staff_list": "head",
    "post_review": "head",
    "clb_file": "clb_vclb",
    "left_tasks": "head",
    "place_list": "admin",
    "factor_resets": "care",
    "call_list": "teacher_3b",
    "thread_list": "teacher_3b",
    "family_detail": "teacher_3b",
    "family_notices": "teacher_3b",
    "not_reached": "joint",
    "same_families": "joint",
    "reading_alerts": "head",
    "data_requests": "head",
    "data_checks": "head",
    "family_rights": "teacher_3b",
    "family_viewers": "teacher_3b",
    "school_calendar": "head",
    "school_rollover": "head",
    "dashboard": "joint",
    "figures_work": "joint",
    "figure_list": "joint",
    "target_list": "joint",
    "target_detail": "joint",
    "hours": "joint",
    "budget": "joint",
    "budget_line": "joint",
    "scan_list": "joint",
    "plan_list": "joint",
    "card_list": "joint",
    "card_at_school": "joint",
    "card_questions": "joint",
    "card_files": "joint",
    "plan_school": "head",
    "plan_print": "head",
    "plan_step": "head",
    "equity_list": "joint",
    "scan_school": "joint",
    "scan_new": "head",
    "report_list": "joint",
    "diary_list": "joint",
    "breach_list": "head",
    "breach_print": "head",
    "breach_csv": "head",
    "playbook_share": "joint",
    "measurement_list": "joint",
    "measurement_detail": "head",
    "measurement_review": "joint",
    "pupil_list": "office",
    "pupil_detail": "office",
    "guardian_data": "office",
    "guardian_tie": "office",
    "roster_list": "office",
    "roster_detail": "office",
    "roster_columns": "office",
}


def address(rows: Rows, name: str) -> str:
    if name.startswith("measurement"):
        measured = [rows.measured.pk]
        return reverse(name, args=[] if name == "measurement_list" else measured)
    arguments: Any = {
        "class_detail": [rows.cast.classes["3b"].pk],
        "conference_detail": [rows.host.round_id],
        "conference_host": [rows.host.pk],
        "gathering_detail": [rows.gathering.pk],
        "gathering_attendance": [rows.reading.pk],
        "partner_gathering": [rows.reading.pk],
        "class_list": [rows.cast.classes["3b"].pk],
        "class_evening": [rows.cast.classes["3b"].pk],
        "pupil_detail": [rows.cast.pupils["yusuf"].pk],
        "guardian_data": [rows.cast.pupils["yusuf"].pk, rows.cast.guardians["separated_mother"].pk],
        "guardian_tie": [rows.cast.pupils["yusuf"].pk, rows.cast.guardians["separated_mother"].pk],
        "roster_detail": [rows.roster.pk],
        "roster_columns": [rows.roster.pk],
        "family_detail": [rows.cast.families["haddad"].pk],
        "family_rights": [rows.cast.families["haddad"].pk],
        "place_list": ["scholen"],
        "clb_file": [rows.cast.families["haddad"].pk],
        "family_viewers": [rows.cast.families["haddad"].pk],
        "family_notices": [rows.cast.families["haddad"].pk],
        "target_detail": ["I01"],
        "card_at_school": ["good-news-call"],
        "card_files": ["good-news-call"],
        "plan_school": [rows.planned.plan.school_id],
        "plan_print": [rows.planned.plan.school_id],
        "plan_step": [rows.planned.pk],
        "figure_list": ["I01"],
        "scan_school": [rows.scan.school_id],
        "scan_new": [rows.scan.school_id],
        "budget_line": [rows.booking.line_id],
        "notice_detail": [rows.notice.pk],
        "notice_answers": [rows.notice.pk],
        "notice_check": [rows.draft.pk],
        "notice_files": [rows.draft.pk],
        "notice_recordings": [rows.draft.pk],
        "notice_translations": [rows.draft.pk],
    }
    return reverse(name, args=arguments.get(name, []))


def queries(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(page)
    assert answer.status_code == 200
    return len([row for row in captured.captured_queries if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))])


@pytest.fixture(scope="module")
def counted(town: Rows) -> dict[str, tuple[int, int]]:
    """The queries of each list, with few rows of everything and with many."""
    with transaction.atomic():
        add_few(town)
        few = {name: queries(town.cast.client(key), address(town, name)) for name, key in LISTS.items()}
        add_many(town)
        many = {name: queries(town.cast.client(key), address(town, name)) for name, key in LISTS.items()}
        transaction.set_rollback(True)
    return {name: (few[name], many[name]) for name in LISTS}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_many_rows_cost_no_more_queries_than_few(counted: dict[str, tuple[int, int]], name: str) -> None:
    few, many = counted[name]
    assert many == few
