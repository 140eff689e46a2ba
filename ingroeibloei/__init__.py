"""In groei en bloei: the composition root. It imports the four apps; none of them imports it.

The Celery app is loaded here so that every task of the apps finds the same broker, also when a web process asks for it.
Every process begins here, so here Python stops looking for rubbish until the apps are loaded (``ingroeibloei.apps``):
what is loaded stays, and looking through it again and again takes a third of the start.
"""

import gc

gc.disable()

from ingroeibloei.celery import app as celery_app  # noqa: E402

#: As in pyproject.toml.
__version__ = "0.1.0"
__all__ = ["celery_app"]
