import gc
from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class IngroeibloeiConfig(AppConfig):
    """Makes the root's commands, UI tags and static files known to Django."""

    name = "ingroeibloei"
    verbose_name = "In groei en bloei"

    def ready(self) -> None:
        gc.freeze()
        gc.enable()
        connection_created.connect(plan_for_memory)


def plan_for_memory(connection: Any, **_more: Any) -> None:
    """Let PostgreSQL plan for a database that fits into memory: unasked it expects a turning disk and sorts
    the families of a province in four megabytes (measured: figures twice as fast). Each connection says it: no pooler
    minds."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET random_page_cost = 1.1; SET jit = off; SET work_mem = '32MB'")
