"""Where this portal runs: its folders, and what kind of place it is."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from ingroeibloei import connections, environment

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = environment.place("INGROEIBLOEI_VAR", BASE_DIR / "var")
REDIS_URL = connections.redis_url()
TIME_ZONE = "Europe/Brussels"
MODE = environment.mode()
DEMO = MODE == environment.DEMO
TESTING = MODE == environment.TEST
PRODUCTION = MODE == environment.PRODUCTION
DEBUG = environment.flag("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows secrets to visitors: it cannot be on in production. Remove DEBUG=1.")
