"""How long things are kept: rules that each app declares, and the one way in which they are carried out.

A rule finds rows whose time has come and takes away what may not stay of them, in small transactions: safe to stop, to
run twice and to start again. ``manage.py retention`` (the composition root) brings the rules of all apps together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``due`` finds the rows whose time has come, ``take`` takes away what must go of a batch of them and says how
    many that were. After it they are not due any more. ``words`` say what goes, ``until`` how long it stays."""

    key: str
    words: str
    until: str
    due: Callable[[], QuerySet[Any]]
    take: Callable[[QuerySet[Any]], int]


def carry_out(rule: Rule, *, dry_run: bool, note: Callable[[int], object] = lambda number: None) -> int:
    """How many rows the rule took something of, or would take. ``note`` is told of each batch in its transaction, so
    that what was taken stands written also when the next one fails or the process is killed."""
    if dry_run:
        return rule.due().count()
    done, last = 0, 0
    while True:
        with transaction.atomic():
            ids = list(rule.due().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
            if ids:
                taken = rule.take(rule.due().model._default_manager.filter(pk__in=ids))
                if taken:
                    note(taken)
                done, last = done + taken, ids[-1]
        if len(ids) < BATCH:
            return done


def delete(rows: QuerySet[Any]) -> int:
    """Take whole rows away; what hangs on them goes with them and is not counted."""
    number = rows.count()
    rows.delete()
    return number
