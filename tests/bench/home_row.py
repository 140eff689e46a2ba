"""The home row of a project (40 schools) beside DuckDB, a column store, over the same rows in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection

from reports import kept
from reports.figures import Figure, FigureScope, Period, compute
from reports.indicators import HOME
from schools.models import Holiday
from tests.bench.measure import Bar, Result, interleaved, result, same, seconds
from tests.bench.world import City

Series = dict[date, tuple[int, int]]
Numbers = dict[str, Any]
REACH = ("I01", "I02", "I23")
#: Wished for: 3. Measured in November 2026: 8.2 and 5.7, here with a fifth on top (before: 54 and 29).
_REACH_BAR, _HOME_BAR, _READ_BAR = Bar("at most", 10), Bar("at most", 7), Bar("at most", 3)

#: What the figures read, as tables of DuckDB.
_TABLES = {
    "participation": "SELECT project_id, school_id, role FROM schools_participation",
    "enrolment": "SELECT pupil_id, school_id, starts_on, ends_on FROM schools_enrolment",
    "membership": "SELECT family_id, pupil_id, starts_on, ends_on FROM parents_familymembership",
    "family": "SELECT id, home_language FROM parents_family",
    "moment": "SELECT id, school_id, family_id, held_on, held_month, is_reach, is_two_way, interpreter_need, "
    "interpreter_mode, withdrawn_at FROM parents_contactmoment",
    "round": "SELECT id, school_id, held_on, catch_up_until FROM parents_conferenceround",
    "slot": "SELECT s.round_id, s.pupil_id, s.status, m.held_on AS moment_on FROM parents_conferenceslot s "
    "LEFT JOIN parents_contactmoment m ON m.id = s.contact_moment_id",
    "thread": "SELECT school_id, asked_by_family, asked_on, first_reply_on FROM messaging_thread",
}
#: Said, because a column without any value would be taken for text.
_DAYS = ("starts_on", "ends_on", "held_on", "held_month", "catch_up_until", "moment_on", "asked_on", "first_reply_on")
_TYPES = dict.fromkeys(_DAYS, "DATE") | {"withdrawn_at": "TIMESTAMPTZ"}
_PROJECT = "(SELECT school_id FROM participation WHERE project_id = $project AND role <> 'COMPARISON')"
_POPULATION = f"""SELECT DISTINCT m.family_id FROM membership m JOIN enrolment e USING (pupil_id)
  WHERE e.school_id IN {_PROJECT} AND m.starts_on <= $last AND coalesce(m.ends_on, $last) >= $first
    AND e.starts_on <= $last AND coalesce(e.ends_on, $last) >= $first
    AND (e.ends_on IS NULL OR e.ends_on >= m.starts_on) AND (m.ends_on IS NULL OR m.ends_on >= e.starts_on)"""
_REACHED = f"""SELECT {{group}} AS label, found.month, count(*) FROM ({_POPULATION}) AS who
  LEFT JOIN (SELECT family_id, min(held_month) AS month FROM moment
    WHERE {{hit}} AND held_on BETWEEN $first AND $last AND school_id IN {_PROJECT} GROUP BY family_id) AS found
    USING (family_id)
  JOIN family ON family.id = who.family_id GROUP BY 1, 2"""
_GROUP = """CASE WHEN coalesce(home_language, '') IN ('', '-') THEN 'unknown' WHEN home_language = 'nl' THEN 'nl'
  ELSE 'other' END"""
_QUERIES = {
    "I01": _REACHED.format(group="''", hit="is_reach"),
    "I02": _REACHED.format(group="''", hit="is_reach AND is_two_way"),
    "I23": _REACHED.format(group=_GROUP, hit="is_reach"),
    "I06": f"""SELECT date_trunc('month', r.held_on)::DATE, count(DISTINCT (s.round_id, s.pupil_id)) FILTER (
        s.status = 'HELD' OR s.status = 'CAUGHT_UP' AND (moment_on IS NULL OR moment_on <= r.catch_up_until)),
      count(DISTINCT (s.round_id, s.pupil_id)),
      count(DISTINCT (s.round_id, s.pupil_id)) FILTER (s.status = 'HELD')
      FROM slot s JOIN round r ON r.id = s.round_id
      WHERE r.school_id IN {_PROJECT} AND r.held_on BETWEEN $first AND $last AND EXISTS (
        SELECT 1 FROM enrolment e WHERE e.pupil_id = s.pupil_id AND e.school_id = r.school_id
          AND e.starts_on <= r.held_on AND (e.ends_on IS NULL OR e.ends_on >= r.held_on))
      GROUP BY 1""",
    "I13": f"""SELECT date_trunc('month', asked_on)::DATE,
        count(*) FILTER (r.number - a.number <= 3), count(*), count(*) FILTER (r.number - a.number <= 5)
      FROM thread JOIN schoolday a ON a.day = asked_on LEFT JOIN schoolday r ON r.day = first_reply_on
      WHERE asked_by_family AND school_id IN {_PROJECT} AND asked_on BETWEEN $first AND $last GROUP BY 1""",
    "I17": f"""SELECT held_month, count(*) FILTER (interpreter_mode IN ('ON_SITE', 'PHONE', 'VIDEO', 'MEDIATOR')),
        count(*) FROM moment
      WHERE is_reach AND interpreter_need = 'YES' AND withdrawn_at IS NULL AND school_id IN {_PROJECT}
        AND held_on BETWEEN $first AND $last GROUP BY 1""",
}


def measure(city: City) -> list[Result]:
    """Counted when asked, and as the pages of so many schools read it: counted ahead (reports.kept)."""
    period = Period(city.year.starts_on, city.year.ends_on)
    scope, ahead = FigureScope(project=city.project), kept.of_many(FigureScope(project=city.project))
    store = _column_store(period)
    params = {"project": city.project.pk, "first": period.first, "last": period.last}

    def ours(code: str) -> Numbers:
        return _numbers(compute(code, scope, period))

    def read(code: str) -> Numbers:
        return _numbers(compute(code, ahead, period))

    def theirs(code: str) -> Numbers:
        wanted = {name: value for name, value in params.items() if f"${name}" in _QUERIES[code]}
        return _shaped(code, store.execute(_QUERIES[code], wanted).fetchall(), period)

    for code in HOME:
        same(code, ours(code), theirs(code))
        same(code, read(code), theirs(code))
    ways = (ours, read, theirs)
    runs = [partial(seconds, partial(way, code)) for code in HOME for way in ways]
    medians = [1000 * duration for duration in interleaved(*runs)]
    mine, as_read, reference = (dict(zip(HOME, medians[place :: len(ways)], strict=True)) for place in range(len(ways)))

    def beside(name: str, codes: Sequence[str], bar: Bar | None = None, *, times: dict[str, float] = mine) -> Result:
        ours_ms, theirs_ms = (sum(found[code] for code in codes) for found in (times, reference))
        whose = "a province" if city.size.is_province else "a project"
        return result(f"{name} of {whose} beside DuckDB", ours_ms, theirs_ms, "ms", city.size.contacts, bar)

    return [
        beside("reach (I01, I02, I23)", REACH, _REACH_BAR),
        beside("home row", HOME, _HOME_BAR),
        *([beside("home row as pages read it", HOME, _READ_BAR, times=as_read)] if ahead.kept else []),
        *(beside(code, [code]) for code in HOME),
    ]


def _column_store(period: Period) -> duckdb.DuckDBPyConnection:
    """The rows that the figures read, copied into DuckDB's memory."""
    store = duckdb.connect(":memory:")
    with tempfile.TemporaryDirectory() as folder, connection.cursor() as cursor:
        for name, query in _TABLES.items():
            path = Path(folder) / f"{name}.csv"
            with path.open("wb") as file:
                cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)", file)
            types = {column: kind for column, kind in _TYPES.items() if column in _header(path)}
            store.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}', types={types})")
    calendar = Holiday.objects.all().calendar()
    store.execute("CREATE TABLE schoolday (day DATE, number INTEGER)")
    days = [period.first + timedelta(days=step) for step in range((period.last - period.first).days + 60)]
    number, rows = 0, []
    for day in days:
        number += calendar.is_school_day(day)
        rows.append((day, number))
    store.executemany("INSERT INTO schoolday VALUES (?, ?)", rows)
    return store


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return file.readline().strip().split(",")


def _numbers(figure: Figure) -> Numbers:
    return {
        "total": (figure.total.n, figure.total.N),
        "months": {month: (cell.n, cell.N) for month, cell in figure.months},
        "rows": {label: (cell.n, cell.N) for label, cell in figure.rows.items()},
        "also": {name: cell.n for name, cell in figure.also.items()},
    }


def _shaped(code: str, rows: Sequence[tuple[Any, ...]], period: Period) -> Numbers:
    """DuckDB's rows in the form of ``_numbers``."""
    if code in REACH:
        return _reached(rows, period, with_rows=code == "I23")
    names = {"I06": "evening", "I13": "within_five"}
    months: Series = {month: (0, 0) for month in period.months()} | {row[0]: (row[1], row[2]) for row in rows}
    also = {names[code]: sum(row[3] for row in rows)} if code in names else {}
    return {"total": _summed(months), "months": months, "rows": {}, "also": also}


def _reached(rows: Sequence[tuple[Any, ...]], period: Period, *, with_rows: bool) -> Numbers:
    """(group, month of the first contact, families): cumulated over the months, like the figures."""
    size, reached, months = sum(row[2] for row in rows), 0, {}
    for month in period.months():
        reached += sum(row[2] for row in rows if row[1] == month)
        months[month] = (reached, size)
    groups = {}
    for label in ("nl", "other", "unknown"):
        own = [row for row in rows if row[0] == label]
        groups[label] = (sum(row[2] for row in own if row[1]), sum(row[2] for row in own))
    return {"total": (reached, size), "months": months, "rows": groups if with_rows else {}, "also": {}}


def _summed(months: Series) -> tuple[int, int]:
    return sum(n for n, _ in months.values()), sum(size for _, size in months.values())
