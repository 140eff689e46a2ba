"""At night the days are counted without names, and then what retention says goes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from messaging import outbox, services, tasks
from messaging.models import (
    Answer,
    DailyDeliveries,
    Delivery,
    DeliveryEvent,
    InboundText,
    JobRun,
    Notice,
    RecordedNotice,
)
from messaging.outbox.statistics import counted_before
from messaging.services import publish_notice
from parents.models import Guardian
from parents.services import hold_family
from schools import clock
from schools.models import AuditEntry
from tests import factories as make
from tests.messaging.sinks import mail_sink


@pytest.fixture
def sent(db: None, settings: Any) -> Iterator[Notice]:
    """A notice of a hundred days ago: one mother answered, one mail bounced and became a letter, one is unopened."""
    with mail_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        sink.answer_rcpt = lambda address: "550 5.1.1 no such user" if address.startswith("weg") else ""
        with time_machine.travel(clock.now() - timedelta(days=100)):
            school_class = make.make_class()
            for address in ("moeder@post.example", "weg@post.example", "stil@post.example"):
                make.make_family(school_class, languages=["pa"], emails=[address])
            notice = make.make_notice(school_class)
            publish_notice(notice=notice, by=notice.author)
            outbox.deliver_due()
            mother = Delivery.objects.get(address="moeder@post.example")
            Delivery.objects.filter(pk=mother.pk).update(opened_at=clock.now())
            Answer.objects.create(
                notice=notice, guardian_id=mother.guardian_id, key="yes", answered_at=clock.now(), by_channel="EMAIL"
            )
        yield notice


def days() -> list[tuple[Any, ...]]:
    return list(
        DailyDeliveries.objects.order_by("channel", "status", "level").values_list(
            "day", "school_id", "channel", "language", "kind", "status", "reason", "level", "count"
        )
    )


class TestTheDays:
    def test_are_counted_by_what_became_of_each_delivery(self, sent: Notice) -> None:
        assert services.nightly()
        day = clock.local_date(Delivery.objects.all()[0].created_at)
        head = (day, sent.school_id)
        assert days() == [
            (*head, "EMAIL", "pa", "ACTIE", "FAILED", "BOUNCED", 1, 1),
            (*head, "EMAIL", "pa", "ACTIE", "SENT", "", 2, 1),
            (*head, "EMAIL", "pa", "ACTIE", "SENT", "", 4, 1),
            (*head, "LETTER", "pa", "ACTIE", "QUEUED", "", 1, 1),
        ]

    def test_stay_the_same_when_done_twice_and_when_addresses_go(self, sent: Notice) -> None:
        outbox.write_daily_deliveries()
        before = days()
        outbox.write_daily_deliveries()
        assert days() == before
        services.nightly()
        assert not Delivery.objects.exclude(status="QUEUED").exclude(address="").exists()
        assert days() == before
        assert [(row.level, row.count) for row in counted_before(clock.today())] == [
            (row[7], row[8]) for row in sorted(before, key=lambda row: row[:8])
        ]

    def test_once_settled_outlive_the_people(self, sent: Notice) -> None:
        services.nightly()
        before = days()
        Guardian.objects.all().delete()
        assert not Delivery.objects.exists()
        with time_machine.travel(clock.now() + timedelta(days=1)):
            assert services.nightly()
        assert days() == before

    def test_are_counted_anew_while_late_answers_come_in(self, sent: Notice) -> None:
        with time_machine.travel(clock.now() - timedelta(days=95)):
            services.nightly()
            Delivery.objects.filter(address="stil@post.example").update(opened_at=clock.now())
        with time_machine.travel(clock.now() - timedelta(days=94)):
            services.nightly()
        assert [row[7] for row in days()] == [1, 3, 4, 1]

    def test_after_a_month_without_nights_are_counted_once_more(self, sent: Notice) -> None:
        with time_machine.travel(clock.now() - timedelta(days=95)):
            services.nightly()
            Delivery.objects.filter(address="stil@post.example").update(opened_at=clock.now())
        services.nightly()
        assert [row[7] for row in days()] == [1, 3, 4, 1]

    def test_begin_and_end_at_midnight_in_brussels(self, sent: Notice) -> None:
        late, early = Delivery.objects.order_by("pk")[:2]
        Delivery.objects.filter(pk=late.pk).update(created_at=datetime(2026, 7, 1, 23, 59, tzinfo=clock.BRUSSELS))
        Delivery.objects.filter(pk=early.pk).update(created_at=datetime(2026, 7, 2, 0, 1, tzinfo=clock.BRUSSELS))
        found = {row.day.isoformat() for row in counted_before(clock.today())}
        assert {"2026-07-01", "2026-07-02"} <= found

    def test_do_not_change(self, sent: Notice) -> None:
        services.nightly()
        with pytest.raises(DatabaseError), transaction.atomic():
            DailyDeliveries.objects.update(count=7)


class TestOnce:
    def test_two_clocks_do_it_once(self, sent: Notice) -> None:
        assert [services.nightly() for _ in range(2)] == [True, False]
        assert JobRun.objects.count() == 1

    def test_killed_half_way_it_was_never_done(self, sent: Notice) -> None:
        def dies() -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            outbox.once("job", "2027-01-01", dies)
        assert outbox.once("job", "2027-01-01", lambda: None)

    @pytest.mark.django_db(transaction=True)
    def test_two_processes_at_the_same_moment(self, settings: Any) -> None:
        done: list[int] = []
        ready = threading.Barrier(2)

        def ring() -> None:
            ready.wait()
            outbox.once("job", "2027-01-02", lambda: done.append(1))
            connection.close()

        rings = [threading.Thread(target=ring) for _ in range(2)]
        for thread in rings:
            thread.start()
        for thread in rings:
            thread.join()
        assert done == [1]


class TestThePurge:
    def test_blanks_what_ended_long_ago_and_nothing_else(self, sent: Notice) -> None:
        school_class = make.make_class()
        make.make_family(school_class, emails=["nieuw@post.example"])
        young = make.make_notice(school_class)
        publish_notice(notice=young, by=young.author)
        outbox.deliver_due()
        waiting = Delivery.objects.get(status="QUEUED")
        purged = outbox.purge()
        assert purged.addresses == 3
        gone = Delivery.objects.filter(notice=sent).exclude(pk=waiting.pk)
        assert set(gone.values_list("address", "contact_point", "provider_ref")) == {("", None, "")}
        kept = Delivery.objects.get(notice=young)
        assert kept.address == "nieuw@post.example"
        assert kept.contact_point_id is not None
        assert kept.provider_ref
        assert outbox.purge().addresses == 0

    def test_blanks_the_number_of_a_call_that_nobody_made(self, db: None) -> None:
        with time_machine.travel(clock.now() - timedelta(days=400)):
            school_class = make.make_class()
            make.make_family(school_class, languages=["rif"], emails=[None], phones=["+32470000001"])
            notice = make.make_notice(school_class)
            publish_notice(notice=notice, by=notice.author)
        assert Delivery.objects.get().address == "+32470000001"
        assert outbox.purge().addresses == 1
        call = Delivery.objects.get()
        assert (call.status, call.address, call.contact_point) == ("QUEUED", "", None)

    def test_takes_old_histories_recordings_and_incoming_texts(self, sent: Notice, settings: Any) -> None:
        settings.DELIVERY_EVENT_DAYS = 99
        old = clock.now() - timedelta(days=100)
        for moment in (old, clock.now()):
            RecordedNotice.objects.create(channel="EMAIL", recipient="x@post.example", text="t", at=moment)
            InboundText.objects.create(gateway_id=moment.isoformat(), number="+32470000001", received_at=moment)
        assert DeliveryEvent.objects.exists()
        purged = outbox.purge()
        assert (purged.events, purged.recorded, purged.incoming) == (3, 1, 1)
        assert not DeliveryEvent.objects.exists()
        assert (RecordedNotice.objects.count(), InboundText.objects.count()) == (1, 1)

    def test_leaves_a_notice_that_is_held(self, sent: Notice, settings: Any) -> None:
        settings.DELIVERY_EVENT_DAYS = 99
        services.hold_notice(notice=sent, held=True)
        purged = outbox.purge()
        assert (purged.addresses, purged.events) == (0, 0)
        services.hold_notice(notice=sent, held=False)
        assert outbox.purge().addresses == 3
        assert AuditEntry.objects.filter(verb__in=["held", "released"]).count() == 2

    def test_leaves_what_was_sent_to_a_held_family(self, sent: Notice) -> None:
        mother = Delivery.objects.get(address="moeder@post.example").guardian
        family = mother.guardianships.get().pupil.family_memberships.get().family
        hold_family(family=family, by=sent.author, because="klacht", until=clock.today())
        assert outbox.purge().addresses == 2
        assert Delivery.objects.filter(address="moeder@post.example").exists()

    def test_says_so_in_the_log_without_names(self, sent: Notice) -> None:
        services.nightly()
        lines = AuditEntry.objects.filter(verb="purged").values_list("detail", flat=True)
        assert [line["addresses"] for line in lines if "addresses" in line] == [3]
        assert "@" not in str(list(lines))

    def test_of_a_night_that_was_killed_it_says_what_went(self, sent: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("messaging.outbox.purging._BATCH", 2)
        taken: list[int] = []

        def dies_second(rows: Any) -> int:
            if taken:
                raise KeyboardInterrupt
            taken.append(rows.update(address="", contact_point=None, provider_ref=""))
            return taken[0]

        monkeypatch.setattr("messaging.outbox.purging._blank", dies_second)
        with pytest.raises(KeyboardInterrupt):
            services.nightly()
        assert AuditEntry.objects.get(verb="purged").detail == {"addresses": 2}


class TestTheCommand:
    def test_a_dry_run_changes_nothing(self, sent: Notice) -> None:
        words = StringIO()
        call_command("purge_deliveries", "--dry-run", stdout=words)
        assert "        3 deliveries that keep no address" in words.getvalue()
        assert Delivery.objects.filter(address="moeder@post.example").exists()
        assert not DailyDeliveries.objects.exists()

    def test_it_counts_first_and_then_purges(self, sent: Notice) -> None:
        call_command("purge_deliveries", stdout=StringIO())
        assert DailyDeliveries.objects.exists()
        assert not Delivery.objects.filter(address="moeder@post.example").exists()

    def test_a_notice_is_held_and_released(self, sent: Notice) -> None:
        call_command("purge_deliveries", "--hold", str(sent.pk), stdout=StringIO())
        sent.refresh_from_db()
        assert sent.is_held
        call_command("purge_deliveries", "--release", str(sent.pk), stdout=StringIO())
        sent.refresh_from_db()
        assert not sent.is_held
        with pytest.raises(CommandError):
            call_command("purge_deliveries", "--hold", "999999", stdout=StringIO())


def test_beat_rings_for_it_each_night(settings: Any) -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["count the days and purge"]
    assert entry["task"] == tasks.nightly.name
