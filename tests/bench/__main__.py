"""`python -m tests.bench [--quick]`: how fast the portal is beside what the machine allows.

Starts a PostgreSQL of its own, builds a city of invented families in it by set-wise SQL and measures planning, sending,
pages and figures, each beside a reference in the same run. Writes var/bench/latest.json. Exit status 1 names what fell
under its bar.

``--size province`` measures the figures and every page of them at 200 schools, a million contacts and five million
deliveries, and adds what it found to the file. ``--fill`` only makes the world of a size in the empty PostgreSQL
database of ``DATABASE_URL``, and leaves it there to be looked at.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests import services
from tests.bench.measure import SIZES, Result, Size, machine, table, write


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_const", dest="size", const="quick", help="a tenth, in some minutes")
    parser.add_argument("--size", choices=sorted(SIZES), help="tiny tests this program itself: no bar holds there")
    parser.add_argument("--output", type=Path, help="where the figures go; var/bench/latest.json if not given")
    parser.add_argument("--fill", action="store_true", help="make the world in the database of DATABASE_URL, no more")
    parser.set_defaults(size="full")
    wanted = parser.parse_args(arguments)
    size = SIZES[wanted.size]
    if wanted.fill:
        return _fill(size)
    with _portal():
        results = _measure_figures(size) if size.is_province else _measure(size)
        output = wanted.output or _default_output()
    write(results, output, beside_others=size.is_province)
    print(f"\n{table(results)}\n{machine()}\nwritten: {output}")
    under = [entry for entry in results if entry.is_under]
    for entry in under:
        print(f"UNDER THE BAR: {entry.measured.name}: {entry.measured.ratio:.2f}, must be {entry.bar}")
    return 1 if under and wanted.size != "tiny" else 0


@contextmanager
def _portal() -> Iterator[None]:
    """Django, set up on an empty, migrated PostgreSQL that ends with this block."""
    folder = Path(tempfile.mkdtemp(prefix="ingroeibloei-bench-"))
    server = services.Postgres(folder)
    try:
        server.start()
        server.make_database()
        os.environ.pop("REDIS_URL", None)
        os.environ |= {
            "INGROEIBLOEI_ENV": "test",
            "INGROEIBLOEI_VAR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "ingroeibloei.settings",
            "DATABASE_URL": server.url(),
            "OUTBOX_BATCH": "500",  # as in production
            "SMS_DRIVER": "record",  # "off" would leave a rung of the ladder out of the plan
        }
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        yield
        connections.close_all()
    finally:
        server.end()
        shutil.rmtree(folder, ignore_errors=True)


def _fill(size: Size) -> int:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("DATABASE_URL names no PostgreSQL database.", file=sys.stderr)
        return 2
    os.environ["DJANGO_SETTINGS_MODULE"] = "ingroeibloei.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.bench import world

    with _said(f"a {size.name}"):
        world.build(size)
    return 0


def _measure_figures(size: Size) -> list[Result]:
    """The figures and their pages alone, in a world of this size."""
    from tests.bench import home_row, province, world

    with _said("world"):
        city = world.build(size)
    with _said("home row"):
        results = home_row.measure(city)
    with _said("pages of figures"):
        results += province.measure(city)
    return results


def _measure(size: Size) -> list[Result]:
    from tests.bench import (
        claims,
        evaluation,
        home_row,
        letters,
        mail,
        pages,
        plain,
        planning,
        province,
        roster_in,
        rosters,
        world,
    )

    with _said("plain Dutch"):
        found = plain.measure()
    with _said("evaluation"):
        found += evaluation.measure()
    with _said("rosters"):
        found += rosters.measure(size)
    with _said("world"):
        city = world.build(size)
    with _said("home row"):
        results = found + home_row.measure(city)
    with _said("pages"):
        results += pages.measure(city)
    if size.notices_each:
        with _said("pages of figures"):
            results += province.measure(city)
    with _said("letters"):
        results += letters.measure(city)
    with _said("planning"):  # from here on the outbox is emptied again and again
        results += planning.measure(city)
    with _said("mail"):
        results += mail.measure(city)
    with _said("claims"):
        results += claims.measure(city)
    with _said("bringing a roster in"):  # it stays there
        results += roster_in.measure(city)
    return results


@contextmanager
def _said(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - start:.1f} s", flush=True)


def _default_output() -> Path:
    from django.conf import settings

    return Path(settings.BASE_DIR) / "var" / "bench" / "latest.json"


if __name__ == "__main__":
    sys.exit(main())
