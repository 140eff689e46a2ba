"""Which tests are tried on the second engine too, or there alone, whenever `make test` runs; `make test-full` tries all
of them on both.

An engine shows in locks and transactions, in guards (triggers and constraints), in SQL of our own, in periods and dates
counted by the database, and in what the planner makes of a page's queries. Everything else is the same rows by the same
ORM, and tried once.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_TESTS = Path(__file__).resolve().parent
#: What a file says in which a test commits or meets a worker.
_COMMITS = re.compile(r"transactional|transaction=True|\bworker\b")
#: Folders and files of ``tests`` whose tests meet the engine itself.
MEETING = (
    # Locks, guards, raw statements and COPY.
    "faults/",
    "roster/",
    "running/test_connections.py",
    "running/test_doctor.py",
    "running/test_full_disk.py",
    "running/test_letters.py",
    "running/test_processes.py",
    "running/test_retention.py",
    "running/test_retention_of_colleagues.py",
    "running/test_retention_of_who_left.py",
    "reports/test_ladder_counts.py",
    "surface/test_guards.py",
    "messaging/test_outbox_machine.py",
    "messaging/test_outbox_states.py",
    "messaging/test_planning_reference.py",
    "messaging/test_publishing.py",
    "messaging/test_providers.py",
    "messaging/test_nightly.py",
    "messaging/test_ladder.py",
    "messaging/test_undo.py",
    "messaging/test_another_language.py",
    "messaging/test_weekly_mail.py",
    "messaging/test_quiet_hours.py",
    "messaging/test_board_size.py",
    "messaging/test_levels.py",
    "messaging/test_times_are_answers.py",
    "messaging/test_printing.py",
    "messaging/test_health.py",
    "messaging/test_reminders_and_answers.py",
    "messaging/test_what_waits_for_morning.py",
    "messaging/test_meeting_reminders.py",
    "parents/test_booking.py",
    "parents/test_families.py",
    "parents/test_guardian_tie.py",
    "parents/test_joining_families.py",
    "parents/test_double_guardians.py",
    "parents/test_same_families.py",
    "parents/test_same_family_machine.py",
    "parents/test_clb_notes.py",
    "parents/test_clb_notes_of_who_left.py",
    "parents/test_corrections.py",
    "parents/test_offline_talks.py",
    "parents/test_data_checks.py",
    "parents/test_unusual_reading.py",
    "schools/test_rollover.py",
    "schools/test_calendar.py",
    # Figures.
    "reports/test_adopting.py",
    "reports/test_card_states.py",
    "reports/test_figures.py",
    "reports/test_freeze.py",
    "reports/test_indicators.py",
    "reports/test_planner.py",
    "reports/test_planner_steps.py",
    "reports/test_reach.py",
    "reports/test_reach_indicators.py",
    "reports/test_effect_indicators.py",
    "reports/test_notice_indicators.py",
    "reports/test_talk_indicators.py",
    "reports/test_statistics.py",
    "reports/test_longest_silence.py",
    "reports/test_worklist.py",
    "reports/test_answered_in_other_ways.py",
    "reports/test_week.py",
    "reports/test_beat_draft.py",
    "reports/test_measurements.py",
    "reports/test_measurement_figures.py",
    "reports/test_measurement_rounds.py",
    # Every page and list once.
    "surface/test_pages.py",
    "surface/test_query_counts.py",
)
#: Of these, files that take long and have nothing in them that each engine does in words of its own: a server's
#: database refuses more than the embedded one, so it tries them for both.
ON_SERVERS_ALONE = (
    "messaging/test_board_size.py",
    "messaging/test_meeting_reminders.py",
    "messaging/test_nightly.py",
    "messaging/test_outbox_machine.py",
    "messaging/test_planning_reference.py",
    "messaging/test_printing.py",
    "messaging/test_quiet_hours.py",
    "messaging/test_reminders_and_answers.py",
    "messaging/test_times_are_answers.py",
    "messaging/test_undo.py",
    "messaging/test_weekly_mail.py",
    "messaging/test_what_waits_for_morning.py",
    "parents/test_clb_notes.py",
    "parents/test_clb_notes_of_who_left.py",
    "parents/test_corrections.py",
    "parents/test_data_checks.py",
    "parents/test_double_guardians.py",
    "parents/test_guardian_tie.py",
    "parents/test_same_family_machine.py",
    "reports/test_adopting.py",
    "reports/test_card_states.py",
    "reports/test_beat_draft.py",
    "reports/test_freeze.py",
    "reports/test_indicators.py",
    "reports/test_ladder_counts.py",
    "reports/test_notice_indicators.py",
    "reports/test_planner.py",
    "reports/test_planner_steps.py",
    "reports/test_week.py",
    "reports/test_worklist.py",
    "roster/test_by_hand.py",
    "roster/test_pages.py",
    "roster/test_second_file.py",
    "running/test_retention.py",
    "running/test_retention_of_colleagues.py",
    "running/test_retention_of_who_left.py",
    "running/test_run.py",
    "surface/test_pages.py",
    "surface/test_query_counts.py",
)


def may_meet_an_engine(path: Path) -> bool:
    """Whether a file can hold such a test: the others need not be read for the second engine."""
    return str(path.relative_to(_TESTS)).startswith(MEETING) or bool(_COMMITS.search(path.read_text(encoding="utf-8")))


def meets_an_engine(item: pytest.Item) -> bool:
    """Whether this test may end otherwise on another engine."""
    if item.get_closest_marker("either_engine"):
        return False
    if item.get_closest_marker("browser"):
        return True
    if item.get_closest_marker("worker") or "transactional_db" in getattr(item, "fixturenames", ()):
        return True
    database = item.get_closest_marker("django_db")
    if database is not None and database.kwargs.get("transaction"):
        return True
    return item.nodeid.removeprefix("tests/").startswith(MEETING)


def is_left_to_servers(item: pytest.Item) -> bool:
    """Whether `make test` tries this test on the second engine alone, or not at all."""
    if item.get_closest_marker("second"):
        return True
    return meets_an_engine(item) and item.nodeid.removeprefix("tests/").startswith(ON_SERVERS_ALONE)
