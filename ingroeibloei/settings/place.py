"""Where this portal runs: its folders, and what kind of place it is."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from ingroeibloei import connections, environment

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("INGROEIBLOEI_VAR", BASE_DIR / "var"))
REDIS_URL = connections.redis_url()
TIME_ZONE = "Europe/Brussels"
MODE = environment.mode()
DEMO = MODE == environment.DEMO
TESTING = MODE == environment.TEST
PRODUCTION = MODE == environment.PRODUCTION
DEBUG = environment.flag("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows secrets to visitors: it cannot be on in production. Remove DEBUG=1.")


def folder(path: Path) -> Path:
    """A folder that is there from now on. Raises ImproperlyConfigured with the reason when it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"INGROEIBLOEI_VAR: the folder {path} cannot be made: {error.strerror}. It must belong to who runs this."
        ) from error
    return path
