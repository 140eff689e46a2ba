from django.apps import AppConfig


class IngroeibloeiConfig(AppConfig):
    """Makes the root's commands, UI tags and static files known to Django."""

    name = "ingroeibloei"
    verbose_name = "In groei en bloei"
