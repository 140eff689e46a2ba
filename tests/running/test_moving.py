"""From the embedded database to PostgreSQL: everything arrives, or nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.utils import DatabaseError
from django.test import override_settings

from ingroeibloei import stores
from ingroeibloei.backups import database
from ingroeibloei.demo.world import build_world
from messaging.models import Delivery
from parents.models import ContactMoment
from schools.models import AuditEntry, Pupil, User
from tests import factories as make
from tests.demo.ready_world import TODAY
from tests.faults.servers import folder
from tests.services import Postgres

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with folder() as home:
        running = Postgres(home)
        running.start()
        try:
            yield running
        finally:
            running.end()


@pytest.fixture
def target(server: Postgres, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """A connection to an empty PostgreSQL, which the command is told of too."""
    name = f"moved_{abs(hash(request.node.name))}"
    server.make_database(name)
    monkeypatch.setenv("MOVE_TO_URL", server.url(name))
    with database.beside("default", **stores.postgres(server.url(name), "MOVE_TO_URL")) as alias:
        yield alias


def moved(*arguments: str) -> str:
    words = StringIO()
    call_command("move_to_postgres", *arguments, stdout=words, stderr=words)
    return words.getvalue()


@pytest.mark.full
def test_the_demo_world_arrives_with_every_row_and_goes_on_there(places: Path, target: str) -> None:
    with override_settings(DEMO_TODAY=TODAY):
        build_world(TODAY)
        contacts = ContactMoment.objects.count()
        words = moved("--files-to", str(places / "moved"))
        assert f"{contacts:>9}  parents_contactmoment\n" in words
        assert ContactMoment.objects.using(target).count() == contacts > 1000
        assert sorted(path.name for path in (places / "moved" / "clb_keys").iterdir()) == sorted(
            path.name for path in (places / "clb_keys").iterdir()
        )
        last = User.objects.order_by("-pk")[0].pk
        new = User(email="nieuw@school.example", full_name="Nieuw")
        new.save(using=target)
        assert new.pk == last + 1
        with pytest.raises(DatabaseError, match="do not change"):
            AuditEntry.objects.using(target).update(verb="other")  # triggers are on again
        assert connection.introspection.table_names(), "the embedded one stays as it was"


def test_a_number_that_was_given_once_is_not_given_again(places: Path, target: str) -> None:
    make.make_user()
    gone = make.make_user()
    number = gone.pk
    gone.delete()
    moved()
    new = User(email="nieuw@school.example", full_name="Nieuw")
    new.save(using=target)
    assert new.pk == number + 1


def test_a_place_with_tables_is_refused_and_left_alone(places: Path, target: str) -> None:
    with connections[target].cursor() as cursor:
        cursor.execute("CREATE TABLE somebodys (own text)")
    with pytest.raises(CommandError, match="There are tables"):
        moved()
    assert connections[target].introspection.table_names() == ["somebodys"]


def test_a_row_that_postgres_does_not_take_leaves_nothing_behind(places: Path, target: str) -> None:
    pupil = make.make_pupil(make.make_class())
    with connection.cursor() as cursor:  # SQLite counts no letters
        cursor.execute("UPDATE schools_pupil SET first_name = %s WHERE id = %s", ["x" * 5000, pupil.pk])
    with pytest.raises(CommandError, match=r"Nothing was moved\. schools_pupil: .*too long"):
        moved()
    assert connections[target].introspection.table_names() == []
    Pupil.objects.filter(pk=pupil.pk).update(first_name="Ayla")
    assert "arrived as they were" in moved(), "and a second try does it"


def test_a_row_that_leans_on_nothing_leaves_nothing_behind(places: Path, target: str) -> None:
    make.make_pupil(make.make_class())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("UPDATE schools_enrolment SET school_class_id = 987654")
    try:
        with pytest.raises(CommandError, match="Nothing was moved"):
            moved()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM schools_enrolment")
            cursor.execute("PRAGMA foreign_keys=ON")
    assert connections[target].introspection.table_names() == []


def test_rows_that_arrive_otherwise_are_noticed(
    places: Path, target: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    make.make_pupil(make.make_class())
    monkeypatch.setattr("ingroeibloei.backups.moving._prepared", lambda rows, *rest: iter(()))
    with pytest.raises(CommandError, match="schools_pupil: 0 rows instead of 1"):
        moved()
    assert not Delivery.objects.exists()
    assert connections[target].introspection.table_names() == []


def test_without_an_address_it_asks_for_one(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="Set MOVE_TO_URL"):
        moved()
    monkeypatch.setenv("MOVE_TO_URL", "mysql://u@/x")
    with pytest.raises(CommandError, match="MOVE_TO_URL must begin with postgres://"):
        moved()
