"""Promises that the database keeps, on the engine the tests run on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from messaging.models import DeliveryEvent
from parents.models import FamilyMembership, Guardianship
from reports.models import FigureRun
from schools import audit, clock
from schools.guards import Guard
from schools.models import AuditEntry, Enrolment
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent


def refused(action: object) -> bool:
    """Whether the database refuses the action; what was done before it stays."""
    try:
        with transaction.atomic():
            action()  # type: ignore[operator]
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError:
        return True
    return False


def test_a_child_is_in_one_class_at_a_time(cast: Cast) -> None:
    simran, start = cast.pupils["simran"], cast.year.starts_on
    place = {"pupil": simran, "school": cast.schools["kersenboom"], "school_class": cast.classes["1a"]}
    assert refused(lambda: Enrolment.objects.create(starts_on=start + timedelta(days=30), **place))
    Enrolment.objects.filter(pupil=simran).update(ends_on=start + timedelta(days=29))
    assert not refused(lambda: Enrolment.objects.create(starts_on=start + timedelta(days=30), **place))


def test_moving_a_period_over_another_is_refused(cast: Cast) -> None:
    simran, start = cast.pupils["simran"], cast.year.starts_on
    Enrolment.objects.filter(pupil=simran).update(ends_on=start + timedelta(days=9))
    later = Enrolment.objects.create(
        pupil=simran,
        school=cast.schools["kersenboom"],
        school_class=cast.classes["1a"],
        starts_on=start + timedelta(days=10),
    )
    assert refused(lambda: Enrolment.objects.filter(pk=later.pk).update(starts_on=start))


def test_a_child_belongs_to_one_family_at_a_time(cast: Cast) -> None:
    assert refused(
        lambda: FamilyMembership.objects.create(
            family=cast.families["haddad"], pupil=cast.pupils["simran"], starts_on=clock.today()
        )
    )


def test_one_guardianship_of_a_child_at_a_time(cast: Cast) -> None:
    again = {"pupil": cast.pupils["simran"], "guardian": cast.guardians["mother"], "starts_on": clock.today()}
    assert refused(lambda: Guardianship.objects.create(**again))


def test_the_access_log_only_grows(cast: Cast) -> None:
    entry = audit.record(actor=cast.staff["joint"], verb="read", target=cast.families["kaur"])
    assert refused(lambda: AuditEntry.objects.filter(pk=entry.pk).update(verb="nothing"))
    assert refused(lambda: AuditEntry.objects.filter(pk=entry.pk).delete())
    assert AuditEntry.objects.get(pk=entry.pk).verb == "read"


def test_old_lines_of_the_access_log_may_go(cast: Cast) -> None:
    old = AuditEntry.objects.create(
        at=clock.now() - timedelta(days=800), verb="read", target_kind="parents.family", target_id=1
    )
    assert not refused(lambda: AuditEntry.objects.filter(pk=old.pk).delete())


def test_the_history_of_a_message_is_not_rewritten(cast: Cast) -> None:
    line = DeliveryEvent.objects.create(
        delivery=delivery_to(sent(cast), cast, "mother"), at=clock.now(), status="FAILED", reason="REFUSED"
    )
    assert refused(lambda: DeliveryEvent.objects.filter(pk=line.pk).update(status="DELIVERED"))


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_figure_run_never_changes(cast: Cast, change: str) -> None:
    assert cast.project is not None
    run = FigureRun.objects.create(
        project=cast.project,
        indicator="I01",
        version=1,
        period_from=cast.year.starts_on,
        period_to=clock.today(),
        as_of=clock.now(),
        result={"total": {"n": 26, "N": 40}},
        checksum="0" * 64,
    )
    rows = FigureRun.objects.filter(pk=run.pk)
    assert refused((lambda: rows.update(version=2)) if change == "update" else rows.delete)
    assert rows.get().version == 1


class Listening:
    """Hears what guards say, as the editor of a migration does, and does nothing."""

    def __init__(self) -> None:
        self.connection = connection
        self.heard: list[str] = []

    def execute(self, statement: str, params: object = None) -> None:
        self.heard.append(statement)


@pytest.mark.django_db
def test_no_promise_was_lost_on_the_way() -> None:
    """SQLite drops a table's triggers when a later migration makes it anew: that one says them again."""
    listening = Listening()
    for migration in MigrationLoader(connection).disk_migrations.values():
        for operation in migration.operations:
            if isinstance(operation, Guard):
                operation.say(listening)  # type: ignore[arg-type]
    promised = set(re.findall(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)", "\n".join(listening.heard)))
    catalog = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}
    with connection.cursor() as cursor:
        cursor.execute(catalog.get(connection.vendor, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
        kept = {name for (name,) in cursor.fetchall()}
    assert len(promised) > 40
    assert promised - kept == set()
