"""The outbox: the only writer of a delivery's status (architecture, decisions 5 and 6; rulings 2 and 3).

Rows: ``transitions`` what may follow what · ``planning`` makes them, ``calls`` their follow-ups · ``ladder`` the next
way out · ``unwanted``, ``entitled``, ``needless``, ``invain`` what is taken back · ``followed`` a new language,
``handedon`` a shared phone · ``endings`` reports and people's acts. Sending: ``claiming`` who sends what, ``digests``
together, ``holding`` back in quiet hours · ``delivering`` sends, by ``hands`` · ``providers`` how fast and whether ·
``results`` what an answer means. Around it: ``bell`` wakes a worker · ``once``, ``statistics``, ``purging`` the night ·
``health`` how it is.
"""

from messaging.outbox.bell import ring
from messaging.outbox.calls import close_calls, reopen_calls
from messaging.outbox.claiming import claim, oldest_due_seconds, sweep
from messaging.outbox.delivering import deliver_due
from messaging.outbox.endings import (
    call_after_all,
    cancel,
    mark_handed_over,
    mark_not_handed_over,
    mark_not_returned,
    mark_not_spoken,
    mark_printed,
    mark_returned,
    mark_spoken,
    record_receipt,
    settle_unreported,
    take_back_call,
)
from messaging.outbox.entitled import lying, may_go, stop_invitations, stop_unentitled, stop_what_is_over
from messaging.outbox.health import Health, health
from messaging.outbox.invain import let_answers_without_right_rest, stop_tasks_in_vain, tasks_in_vain
from messaging.outbox.ladder import climb, climb_failed, climb_urgent
from messaging.outbox.needless import stop_reminder_letters
from messaging.outbox.once import RETENTION, leapt, once
from messaging.outbox.planning import plan, plan_chunk, plan_unfinished
from messaging.outbox.purging import Purged, purge
from messaging.outbox.rounds import count_round, plan_round, withdraw_round
from messaging.outbox.statistics import STATISTICS, write_daily_deliveries
from messaging.outbox.transitions import TRANSITIONS
from messaging.outbox.unwanted import end_address, readdress, take_back_unwanted

__all__ = [
    "RETENTION",
    "STATISTICS",
    "TRANSITIONS",
    "Health",
    "Purged",
    "call_after_all",
    "cancel",
    "claim",
    "climb",
    "climb_failed",
    "climb_urgent",
    "close_calls",
    "count_round",
    "deliver_due",
    "end_address",
    "health",
    "leapt",
    "let_answers_without_right_rest",
    "lying",
    "mark_handed_over",
    "mark_not_handed_over",
    "mark_not_returned",
    "mark_not_spoken",
    "mark_printed",
    "mark_returned",
    "mark_spoken",
    "may_go",
    "oldest_due_seconds",
    "once",
    "plan",
    "plan_chunk",
    "plan_round",
    "plan_unfinished",
    "purge",
    "readdress",
    "record_receipt",
    "reopen_calls",
    "ring",
    "settle_unreported",
    "stop_invitations",
    "stop_reminder_letters",
    "stop_tasks_in_vain",
    "stop_unentitled",
    "stop_what_is_over",
    "sweep",
    "take_back_call",
    "take_back_unwanted",
    "tasks_in_vain",
    "withdraw_round",
    "write_daily_deliveries",
]
