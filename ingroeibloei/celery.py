"""The Celery app. The broker only says "now": what must be done is in the tables (README › Decisions)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ingroeibloei.settings")

app = Celery("ingroeibloei")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
