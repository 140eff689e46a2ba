"""Whatever happens in whatever order, a delivery only moves as the table says, and a final row never moves."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as budget
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from messaging import outbox
from messaging.models import Delivery, DeliveryEvent, DeliveryStatus, Reason
from messaging.outbox.claiming import Claim, begin, extend, give_back, settle
from messaging.outbox.clocks import in_seconds
from messaging.outbox.transitions import AFTER_UNKNOWN, TRANSITIONS, move
from messaging.services import publish_notice
from schools import clock
from tests import factories as make

FINAL = {DeliveryStatus.DELIVERED, DeliveryStatus.CANCELLED, DeliveryStatus.FAILED}


def may_follow(before: tuple[str, str], after: tuple[str, str]) -> bool:
    """What one act may do to a row; a claim after a sweep is two moves at once, so is a retry."""
    (status, reason), (following, _) = before, after
    if before == after:
        return True
    if (status, reason) == (DeliveryStatus.FAILED, Reason.OUTCOME_UNKNOWN):
        return following in AFTER_UNKNOWN
    steps = TRANSITIONS[status]
    return following in steps or any(following in TRANSITIONS[step] for step in steps if step not in FINAL)


class Outbox(RuleBasedStateMachine):
    """One mail and one text message between two workers, reports, a sender who takes back, and leases that end."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        school_class = make.make_class()
        make.make_family(school_class)
        make.make_family(school_class, emails=[None], phones=["+32470000001"], with_address=False)
        self.notice = make.make_notice(school_class)
        publish_notice(notice=self.notice, by=self.notice.author)
        self.claims: list[Claim] = []
        self.before = self.states()

    def states(self) -> dict[int, tuple[str, str]]:
        rows = Delivery.objects.filter(notice=self.notice).values_list("pk", "status", "reason")
        return {pk: (status, reason) for pk, status, reason in rows}

    @rule()
    def claim(self) -> None:
        found = outbox.claim()
        if found:
            self.claims.append(found)

    @rule()
    def leases_end(self) -> None:
        rows = Delivery.objects.filter(
            notice=self.notice, status__in=["QUEUED", "SENDING"], channel__in=["EMAIL", "SMS"]
        )
        rows.update(due_at=clock.now() - timedelta(days=1))

    @rule()
    def sweep(self) -> None:
        outbox.sweep()

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), to=st.sampled_from(["SENT", "FAILED", "QUEUED", "extend", "give back", "begin"]))
    def a_worker_acts(self, data: st.DataObject, to: str) -> None:
        claimed = data.draw(st.sampled_from(self.claims))
        row = data.draw(st.sampled_from(claimed.rows)) if claimed.rows else None
        if to == "extend":
            extend(claimed)
        elif to == "give back":
            give_back(claimed, claimed.mine)
        elif row and to == "begin":
            begin(claimed, row.pk)
        elif row:
            due = {"due_at": in_seconds(30)} if to == "QUEUED" else {}
            settle(claimed, row.pk, to, reason=Reason.REFUSED if to == "FAILED" else "", **due)

    @rule(place=st.integers(0, 1), to=st.sampled_from(["DELIVERED", "FAILED", "SENT"]))
    def a_report_comes(self, place: int, to: str) -> None:
        outbox.record_receipt(list(self.before)[place], to, Reason.BOUNCED if to == "FAILED" else "")

    @rule()
    def the_sender_takes_it_back(self) -> None:
        outbox.cancel(self.notice)

    @invariant()
    def rows_moved_as_the_table_says(self) -> None:
        now = self.states()
        for pk, (status, reason) in self.before.items():
            assert may_follow((status, reason), now[pk]), f"{status} {reason} became {now[pk]}"
        self.before = now

    @invariant()
    def what_is_open_is_due_some_day_and_nothing_is_there_twice(self) -> None:
        rows = Delivery.objects.filter(notice=self.notice)
        assert not rows.filter(status__in=["QUEUED", "SENDING"], due_at__isnull=True).exists()
        assert not rows.filter(status="FAILED", reason="").exists()
        keys = list(rows.values_list("guardian_id", "channel", "round"))
        assert len(keys) == len(set(keys))

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)


@pytest.mark.django_db
@pytest.mark.slow
def test_no_order_of_events_moves_a_final_row(settings: object) -> None:
    settings.SMS_DRIVER = "record"  # type: ignore[attr-defined]
    run_state_machine_as_test(
        Outbox,
        settings=budget(
            max_examples=40,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), list(product(DeliveryStatus.values, DeliveryStatus.values)))
def test_a_row_moves_only_as_the_table_says(before: str, after: str) -> None:
    school_class = make.make_class()
    make.make_family(school_class)
    notice = make.make_notice(school_class)
    publish_notice(notice=notice, by=notice.author)
    reason = Reason.REFUSED if before == "FAILED" else ""
    Delivery.objects.update(status=before, reason=reason)
    moved = move(Delivery.objects.all(), after, reason=Reason.BOUNCED if after == "FAILED" else "")
    assert bool(moved) == (after in TRANSITIONS[before])
    assert Delivery.objects.get().status == (after if moved else before)
    assert DeliveryEvent.objects.count() == len(moved)
