"""The Celery app. The broker only says "now": what must be done is in the tables (README › Decisions)."""

import os
from typing import Any

from celery import Celery, signals

from ingroeibloei import bellfiles

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ingroeibloei.settings")


def _worker_begins(**_more: Any) -> None:
    """Django is there by then, and the worker's own processes are not yet."""
    from ingroeibloei.operating import metrics, pulses

    pulses.listen_to_worker()
    metrics.listen()


def _beat_begins(**_more: Any) -> None:
    from ingroeibloei.operating import pulses

    pulses.listen_to_beat()


bellfiles.take_the_place_of_kombus()
app = Celery("ingroeibloei")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
signals.worker_init.connect(_worker_begins)
signals.beat_init.connect(_beat_begins)
