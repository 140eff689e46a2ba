"""What the schools of an invented city sent in a year: notices to whole schools, one delivery for each guardian. What
comes back comes back from the same addresses each time."""

from __future__ import annotations

from messaging.models import Answer, Delivery, Notice, NoticePupil
from schools.models import SchoolYear, User
from tests.bench.measure import Size
from tests.bench.rows import a_day, chance, insert

CHANNELS = (*("EMAIL",) * 7, *("SMS",) * 2, "LETTER")


def fill(size: Size, year: SchoolYear, writer: User) -> None:
    """Notices of every school of the project, with their children, deliveries and answers."""
    each, guardians = size.notices_each, 2 * size.families_each
    notices = each * size.project_schools
    if not notices:
        return
    moment = f"({a_day(year, 21)} + INTERVAL '14 hours')"
    insert(
        Notice,
        notices,
        id="n",
        school_id=f"(n - 1) / {each} + 1",
        author_id=str(writer.pk),
        kind="(ARRAY['INFO','ACTIE'])[n %% 2 + 1]",
        status="'PUBLISHED'",
        audience="'SCHOOL'",
        answers="""CASE n %% 2 WHEN 1 THEN '[{"key": "yes", "labels": {"nl": "Ja"}}]' ELSE '[]' END::jsonb""",
        created_at=moment,
        published_at=moment,
    )
    insert(
        NoticePupil,
        "FROM messaging_notice t JOIN schools_enrolment e ON e.school_id = t.school_id",
        notice_id="t.id",
        pupil_id="e.pupil_id",
        school_class_id="e.school_class_id",
    )
    row, guardian = f"((t.id - 1) * {guardians} + g)", f"((t.school_id - 1) * {guardians} + g)"
    sent = f"""FROM (
      SELECT {row} AS n, t.id AS notice, {guardian} AS guardian, t.published_at AS moment,
        {chance(22, 100, guardian)} AS fate, {chance(23, 100, row)} AS reading, t.kind AS kind
      FROM messaging_notice t CROSS JOIN generate_series(1, {guardians}) AS g
      ORDER BY 1
    ) AS delivery"""
    reached = "fate < 92"
    insert(
        Delivery,
        sent,
        id="n",
        notice_id="notice",
        guardian_id="guardian",
        channel=f"(ARRAY{list(CHANNELS)})[guardian %% 10 + 1]",
        language="'nl'",
        status=f"CASE WHEN {reached} THEN 'DELIVERED' ELSE 'FAILED' END",
        reason=f"CASE WHEN {reached} THEN '' ELSE 'BOUNCED' END",
        created_at="moment",
        sent_at=f"CASE WHEN {reached} THEN moment + INTERVAL '1 minute' END",
        opened_at=f"CASE WHEN {reached} AND reading < 55 THEN moment + INTERVAL '3 hours' END",
        understood_at=f"CASE WHEN {reached} AND reading < 12 THEN moment + INTERVAL '4 hours' END",
    )
    insert(
        Answer,
        f"{sent} WHERE {reached} AND reading < 40 AND kind = 'ACTIE'",
        notice_id="notice",
        guardian_id="guardian",
        key="'yes'",
        answered_at="moment + (reading %% 9) * INTERVAL '1 day'",
    )
