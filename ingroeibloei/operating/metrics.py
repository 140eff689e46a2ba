"""Figures for Prometheus: how long pages and tasks take, and how the outbox is. No person, no path, no school.

Each process counts in a file of its own (prometheus_client's multiprocess mode) in PROMETHEUS_MULTIPROC_DIR, which
settings name before anything is counted; whoever is asked adds them up. What the database knows is asked when somebody
asks us.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from celery import signals
from django.db.models import Count
from prometheus_client import CollectorRegistry, Histogram, generate_latest, values
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from ingroeibloei.backups.making import BACKUP, BACKUP_OF_KEYS
from ingroeibloei.operating import broker, pulses
from ingroeibloei.retention import RETENTION
from messaging import outbox
from messaging.models import Delivery, DeliveryStatus, JobRun
from schools import clock

OPEN = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
#: By so much the clocks of two machines may differ.
_A_LITTLE = timedelta(minutes=1)
_METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class _RoomFirst(MmapedDict):
    """The file of a process, with its room on the disk before it is written. prometheus_client's own has holes: on a
    full disk the kernel ends who writes into one (SIGBUS), and no page would answer any more."""

    FIRST, LONGEST = 1 << 16, 1 << 10

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        if not read_mode:
            with open(filename, "ab") as file:
                os.posix_fallocate(file.fileno(), 0, max(self.FIRST, file.tell()))
        super().__init__(filename, read_mode)

    def _init_value(self, key: str) -> None:
        if self._used + len(key.encode()) + self.LONGEST > self._capacity:
            os.posix_fallocate(self._f.fileno(), 0, self._capacity * 2)
        super()._init_value(key)


values.MmapedDict = _RoomFirst  # type: ignore[misc]
_requests = Histogram(
    "ingroeibloei_request_seconds", "How long a page took.", ("route", "method", "status"), buckets=_BUCKETS
)
_tasks = Histogram("ingroeibloei_task_seconds", "How long a task took.", ("task", "outcome"), buckets=_BUCKETS)
_began: dict[str, float] = {}


def asked(route: str, method: str, status: int, seconds: float) -> None:
    """A page was answered. ``route`` is its name, of which there is a bounded number. A full disk counts none."""
    word = method if method in _METHODS else "other"
    with suppress(OSError):
        _requests.labels(route, word, f"{status // 100}xx").observe(seconds)


def _task_began(task_id: str = "", **_more: Any) -> None:
    _began[task_id] = time.perf_counter()


def _task_ended(task_id: str = "", sender: Any = None, state: str = "", **_more: Any) -> None:
    began = _began.pop(task_id, None)
    if began is None:
        return
    with suppress(OSError):
        _tasks.labels(getattr(sender, "name", ""), state or "UNKNOWN").observe(time.perf_counter() - began)


def listen() -> None:
    """In each worker."""
    signals.task_prerun.connect(_task_began)
    signals.task_postrun.connect(_task_ended)


class _Portal:
    """What is true now."""

    def collect(self) -> Iterator[Metric]:
        health = outbox.health()
        yield _gauge("oldest_due_seconds", "How long the oldest due delivery waits.", health.oldest_due_seconds)
        yield _gauge("failed_last_hour", "Deliveries that failed in the last hour.", health.failed_last_hour)
        yield _gauge("outcome_unknown", "Deliveries that wait for a person's judgment.", health.outcome_unknown)
        yield _gauge("paused", "Whether sending is paused.", health.paused)
        yield _open_deliveries()
        yield _gauge("broker_up", "Whether the broker answers.", broker.answers())
        for who in (pulses.BEAT, pulses.WORKER):
            silent = pulses.silent_seconds(who)
            yield _gauge(
                f"{who}_silent_seconds", f"Since {who} was heard; -1 for never.", -1 if silent is None else silent
            )
        yield _job_ages()


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"ingroeibloei_{name}", words, value=float(value))


def _open_deliveries() -> Metric:
    found = GaugeMetricFamily(
        "ingroeibloei_open_deliveries", "Deliveries that did not come to an end.", labels=("channel", "state")
    )
    rows = Delivery.objects.filter(status__in=OPEN).order_by().values_list("channel", "status")
    for channel, status, number in rows.annotate(number=Count("pk")):
        found.add_metric([channel, status], number)
    return found


def _job_ages() -> Metric:
    found = GaugeMetricFamily("ingroeibloei_job_age_seconds", "Since a job was last done.", labels=("job",))
    for job in (BACKUP, BACKUP_OF_KEYS, RETENTION):
        if at := last_done(job):
            found.add_metric([job], (clock.now() - at).total_seconds())
    return found


def last_done(job: str) -> Any:
    """When a job was last done, or None. What was done by a clock that was ahead says nothing of today."""
    done = JobRun.objects.filter(job=job, at__lte=clock.now() + _A_LITTLE)
    return done.order_by("-at").values_list("at", flat=True).first()


def as_text() -> bytes:
    """In the words of Prometheus."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(_Portal())
    return generate_latest(registry)
