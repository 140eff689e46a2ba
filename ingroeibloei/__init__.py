"""In groei en bloei: the composition root. It imports the four apps; none of them imports it.

The Celery app is loaded here so that every task of the apps finds the same broker, also when a web process asks for it.
"""

from ingroeibloei.celery import app as celery_app

#: As in pyproject.toml.
__version__ = "0.1.0"
__all__ = ["celery_app"]
