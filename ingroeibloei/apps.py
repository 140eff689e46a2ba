import gc
from typing import Any

from django import forms
from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy


class IngroeibloeiConfig(AppConfig):
    """Makes the root's commands, UI tags and static files known to Django."""

    name = "ingroeibloei"
    verbose_name = "In groei en bloei"

    def ready(self) -> None:
        gc.freeze()
        gc.enable()
        connection_created.connect(plan_for_memory)
        name_no_codes()
        ask_to_choose()


def name_no_codes() -> None:
    """A choice that is gone is refused without what was sent for it: a code or a number that no reader knows."""
    gone = forms.ModelChoiceField.default_error_messages["invalid_choice"]
    for field in (forms.ChoiceField, forms.MultipleChoiceField, forms.ModelMultipleChoiceField):
        field.default_error_messages = field.default_error_messages | {"invalid_choice": gone}
    forms.ModelMultipleChoiceField.default_error_messages["invalid_pk_value"] = gone


def ask_to_choose() -> None:
    """Where there is something to choose from, nothing is to be filled in."""
    for field in (forms.ChoiceField, forms.MultipleChoiceField, forms.ModelMultipleChoiceField, forms.ModelChoiceField):
        field.default_error_messages = field.default_error_messages | {"required": gettext_lazy("Make a choice.")}


def plan_for_memory(connection: Any, **_more: Any) -> None:
    """Let PostgreSQL plan for a database that fits into memory: unasked it expects a turning disk and sorts
    the families of a province in four megabytes (measured: figures twice as fast). Each connection says it: no pooler
    minds."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET random_page_cost = 1.1; SET jit = off; SET work_mem = '32MB'")
