"""Whatever happens in whatever order: no final row moves, nothing is lost, and nothing is sent twice but the same mail.

``HYPOTHESIS_PROFILE=full`` tries five hundred orders of events; usually a few are tried.
"""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as budget
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from messaging import outbox
from messaging.channels.base import ChannelError
from messaging.models import Channel, Delivery, DeliveryStatus, Notice, OptOut, Reason
from messaging.outbox.claiming import Claim, begin, extend, give_back
from messaging.outbox.clocks import database_now
from messaging.outbox.results import Job, jobs_of, settle_error, settle_left
from messaging.outbox.transitions import AFTER_UNKNOWN, TRANSITIONS
from messaging.rendering import Renderer
from messaging.services import cancel_notice, publish_notice
from parents.models import Guardian
from schools import clock
from tests import factories as make
from tests.messaging.notices_for_pages import once_more

FULL = os.environ.get("HYPOTHESIS_PROFILE") == "full"
FINAL = {DeliveryStatus.DELIVERED, DeliveryStatus.CANCELLED, DeliveryStatus.FAILED}
BY_WORKER = (Channel.EMAIL, Channel.SMS)
MOST_NOTICES = 4
#: What the other side may answer, and what then arrived all the same.
ANSWERS: dict[str, ChannelError | None] = {
    "taken": None,
    "later": ChannelError("451"),
    "no such address": ChannelError("550", permanent=True, reason="BOUNCED", ends_address=True),
    "refused": ChannelError("554", permanent=True, reason="REFUSED"),
    "cut after the final dot": ChannelError("cut", ambiguous=True),
}
DEATHS = ("", "", "", "before", "after")
ARRIVES = {"taken", "cut after the final dot"}

State = tuple[str, str]


def may_follow(before: State, after: State) -> bool:
    """What one act may do to a row; a claim after a sweep is two moves at once, so is a retry."""
    (status, reason), (following, _) = before, after
    if before == after:
        return True
    if (status, reason) == (DeliveryStatus.FAILED, Reason.OUTCOME_UNKNOWN):
        return following in AFTER_UNKNOWN
    steps = TRANSITIONS[status]
    return following in steps or any(following in TRANSITIONS[step] for step in steps if step not in FINAL)


class Outbox(RuleBasedStateMachine):
    """A class of four families: by mail, by phone, one that wants a weekly mail, one with a second address. Several
    workers, a provider with all its moods, a sender who takes back and sends again, guardians who refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.school_class = make.make_class()
        make.make_family(self.school_class)
        make.make_family(self.school_class, emails=[None], phones=["+32470000001"])
        weekly = make.make_family(self.school_class)
        make.make_family(self.school_class, phones=["+32470000002"])
        Guardian.objects.filter(pk=weekly.guardians[0].pk).update(wants_digest=True)
        self.notices: list[Notice] = []
        self.claims: list[Claim] = []
        self.under_way: list[tuple[Job, str, str]] = []
        self.settled: dict[int, int] = defaultdict(int)
        self.arrived: dict[int, list[str]] = defaultdict(list)
        self.before: dict[int, State] = {}
        self.publish("ACTIE")

    # --- the school ---

    @precondition(lambda self: len(self.notices) < MOST_NOTICES)
    @rule(kind=st.sampled_from(["ACTIE", "INFO", "INFO", "DRINGEND"]))
    def publish(self, kind: str) -> None:
        notice = make.make_notice(self.school_class)
        notice.kind = kind
        notice.save(update_fields=["kind"])
        publish_notice(notice=notice, by=notice.author)
        self.notices.append(notice)
        outbox.plan(notice)  # twice is as good as once

    @rule(data=st.data())
    def the_sender_takes_it_back(self, data: st.DataObject) -> None:
        notice = data.draw(st.sampled_from(self.notices))
        notice.refresh_from_db()
        if notice.status == "PUBLISHED":
            cancel_notice(notice=notice, by=notice.author)

    @rule(data=st.data())
    def one_is_sent_again(self, data: st.DataObject) -> None:
        ended = Delivery.objects.filter(channel__in=BY_WORKER, notice__status="PUBLISHED", round__lt=3)
        ids = list(ended.exclude(status__in=["QUEUED", "SENDING"]).order_by("pk").values_list("pk", flat=True))
        if ids:
            once_more(Delivery.objects.get(pk=data.draw(st.sampled_from(ids))))

    @rule()
    def the_ladder_is_climbed(self) -> None:
        outbox.climb()

    # --- the families ---

    @rule(data=st.data(), channel=st.sampled_from(BY_WORKER))
    def a_guardian_refuses(self, data: st.DataObject, channel: str) -> None:
        guardian = data.draw(st.sampled_from(list(Guardian.objects.order_by("pk").values_list("pk", flat=True))))
        OptOut.objects.get_or_create(
            guardian_id=guardian, channel=channel, category="", defaults={"since": clock.now()}
        )
        outbox.take_back_unwanted([guardian], channel, "")

    # --- the workers ---

    @rule(most=st.sampled_from([1, 100]))
    def a_worker_claims(self, most: int) -> None:
        found = outbox.claim(most=most)
        if found:
            self.claims.append(found)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), answer=st.sampled_from(sorted(ANSWERS)), dies=st.sampled_from(DEATHS))
    def a_worker_sends(self, data: st.DataObject, answer: str, dies: str) -> None:
        claimed = data.draw(st.sampled_from(self.claims))
        jobs = jobs_of(claimed)
        if jobs:
            self.send(data.draw(st.sampled_from(jobs)), answer, dies)
        if dies:
            self.claims.remove(claimed)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), answer=st.sampled_from(sorted(ANSWERS)))
    def a_worker_hands_over_and_waits(self, data: st.DataObject, answer: str) -> None:
        """The other side takes its time: the lease may end meanwhile, and the row be somebody else's."""
        claimed = data.draw(st.sampled_from(self.claims))
        jobs = jobs_of(claimed)
        if jobs:
            job = data.draw(st.sampled_from(jobs))
            name = self.hand_over(job, answer)
            if name:
                self.under_way.append((job, name, answer))

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def an_answer_comes(self, data: st.DataObject) -> None:
        self.settle(*self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1))))

    def send(self, job: Job, answer: str, dies: str = "") -> None:
        """One message, as the worker sends it: hand it over, settle."""
        name = self.hand_over(job, answer, dies)
        if name and not dies:
            self.settle(job, name, answer)

    def hand_over(self, job: Job, answer: str, dies: str = "") -> str:
        """Ask whether it is still ours, and hand it over; its name, or "" when that did not come to pass."""
        job.claim.rows = [row for row in job.claim.rows if row.pk not in job.ids]
        extend(job.claim)
        if not job.claim.mine.issuperset(job.ids):
            return ""
        outgoing = job.written(Renderer(job.rows))
        assert outgoing is not None
        if job.rows[0].channel == Channel.SMS and not begin(job.claim, job.rows[0].pk):
            return ""
        if dies == "before":
            return ""
        states = Delivery.objects.filter(pk__in=job.ids).values_list("status", flat=True)
        assert set(states) == {DeliveryStatus.SENDING}, "what ended does not leave again"
        if answer in ARRIVES:
            for pk in job.ids:
                self.arrived[pk].append(outgoing.name)
        return outgoing.name

    def settle(self, job: Job, name: str, answer: str) -> None:
        before = {row.pk: row for row in Delivery.objects.filter(pk__in=job.ids)}
        error = ANSWERS[answer]
        if error is None:
            settle_left([(job, name)])
        else:
            settle_error(job, error)
        for row in Delivery.objects.filter(pk__in=job.ids):
            self.settled[row.pk] += row.attempts - before[row.pk].attempts
            # A report that was quicker than the answer stands: the answer then says nothing new.
            is_mine = before[row.pk].claim_token == job.claim.token and before[row.pk].status == DeliveryStatus.SENDING
            assert is_mine or row.attempts == before[row.pk].attempts, "somebody else's row was finished"
            if is_mine and ANSWERS[answer] is None:
                assert (row.status, row.provider_ref) == (DeliveryStatus.SENT, name)

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def a_worker_gives_back(self, data: st.DataObject) -> None:
        """What it did not touch: of what is under way it awaits the answer."""
        claimed = data.draw(st.sampled_from(self.claims))
        under_way = {pk for job, _name, _answer in self.under_way if job.claim is claimed for pk in job.ids}
        give_back(claimed, claimed.mine - under_way)
        self.claims.remove(claimed)

    @rule()
    def leases_end_and_friday_comes(self) -> None:
        rows = Delivery.objects.filter(status__in=["QUEUED", "SENDING"], channel__in=BY_WORKER)
        rows.update(due_at=database_now() - timedelta(minutes=1))

    @rule()
    def sweep(self) -> None:
        outbox.sweep()

    # --- the provider's reports ---

    @precondition(lambda self: self.arrived)
    @rule(data=st.data(), to=st.sampled_from(["DELIVERED", "FAILED", "SENT"]))
    def a_report_comes(self, data: st.DataObject, to: str) -> None:
        pk = data.draw(st.sampled_from(sorted(self.arrived)))
        outbox.record_receipt(pk, to, Reason.REFUSED if to == "FAILED" else "")

    # --- what always holds ---

    @invariant()
    def rows_moved_as_the_table_says_and_none_is_lost(self) -> None:
        now = {pk: (status, reason) for pk, status, reason in Delivery.objects.values_list("pk", "status", "reason")}
        for pk, state in self.before.items():
            assert pk in now, "a row is gone"
            assert may_follow(state, now[pk]), f"{state} became {now[pk]}"
        self.before = now

    @invariant()
    def what_is_open_is_due_some_day_and_what_failed_says_why(self) -> None:
        rows = Delivery.objects.all()
        assert not rows.filter(status__in=["QUEUED", "SENDING"], due_at__isnull=True).exists()
        assert not rows.filter(status="FAILED", reason="").exists()
        assert not rows.filter(status="SENDING", claim_token__isnull=True).exists()

    @invariant()
    def there_is_one_row_for_each_round(self) -> None:
        keys = list(Delivery.objects.values_list("notice_id", "guardian_id", "channel", "round"))
        assert len(keys) == len(set(keys))

    @invariant()
    def nothing_is_sent_twice_but_the_same_mail(self) -> None:
        channels = dict(Delivery.objects.values_list("pk", "channel"))
        for pk, names in self.arrived.items():
            assert channels[pk] == Channel.EMAIL or len(names) == 1, "a text message came twice"
            assert len(set(names)) == 1, f"one delivery came as {set(names)}"

    @invariant()
    def sent_is_what_arrived(self) -> None:
        rows = Delivery.objects.filter(channel__in=BY_WORKER, status__in=["SENT", "DELIVERED"])
        assert set(rows.values_list("pk", flat=True)) <= set(self.arrived)

    @invariant()
    def attempts_are_those_that_were_settled(self) -> None:
        rows = Delivery.objects.filter(channel__in=BY_WORKER).values_list("pk", "attempts")
        assert all(attempts == self.settled[pk] for pk, attempts in rows)

    def teardown(self) -> None:
        """In the end everybody comes back, and everything ends."""
        try:
            for _ in range(50):
                self.leases_end_and_friday_comes()
                claimed = outbox.claim()
                if claimed is None:
                    break
                for job in jobs_of(claimed):
                    self.send(job, "taken")
            waiting = Delivery.objects.filter(channel__in=BY_WORKER, status__in=["QUEUED", "SENDING"])
            assert not waiting.exists(), "something never left"
            self.nothing_is_sent_twice_but_the_same_mail()
            self.sent_is_what_arrived()
        finally:
            transaction.savepoint_rollback(self.savepoint)


@pytest.mark.django_db
@pytest.mark.slow
def test_no_order_of_events_loses_or_doubles_anything(settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    run_state_machine_as_test(
        Outbox,
        settings=budget(
            max_examples=500 if FULL else 12,
            stateful_step_count=30 if FULL else 20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
