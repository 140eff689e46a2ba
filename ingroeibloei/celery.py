"""The Celery app. The broker only says "now": what must be done is in the tables (README › Decisions)."""

import os
from pathlib import Path

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ingroeibloei.settings")

app = Celery("ingroeibloei")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

BROKER_FOLDERS = ("data_folder_in", "data_folder_out", "processed_folder", "control_folder")


@app.on_after_configure.connect
def make_broker_folders(sender: Celery, **_signal: object) -> None:
    """Make the embedded broker's folders: the filesystem transport writes into them and never makes them."""
    options = sender.conf.broker_transport_options or {}
    for name in BROKER_FOLDERS:
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)
