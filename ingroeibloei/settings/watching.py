"""Watching over the portal: logs, figures for Prometheus, and who is told when something is wrong."""

from __future__ import annotations

import os

from ingroeibloei import environment, mailsettings
from ingroeibloei.settings.place import MODE, TESTING, VAR_DIR

#: Who gets a mail when something is wrong (ingroeibloei.operating.alerts); nobody without.
OPERATOR_EMAIL = mailsettings.mail_address("OPERATOR_EMAIL", "")
#: Opens /gezondheid/cijfers/ to whoever shows it; without one, to programs of this machine only.
METRICS_TOKEN = environment.secret("METRICS_TOKEN", MODE, VAR_DIR) if os.environ.get("METRICS_TOKEN") else ""
#: Each process counts in a file of its own there; emptied when the portal starts.
METRICS_DIR = environment.folder(VAR_DIR / "metrics")
#: Where prometheus_client looks; said anew by each process, for one that another portal started has its own place.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)
#: A line for each request: its route, never its address.
LOG_REQUESTS = environment.flag("LOG_REQUESTS", default=False)
LOG_FORMAT = environment.choice("LOG_FORMAT", ("line", "json"), default="line")
_FORMATTERS = {
    "line": {
        "class": "ingroeibloei.logs.LineFormatter",
        "format": "%(asctime)s %(levelname)s %(name)s %(activity)s%(message)s",
    },
    "json": {"class": "ingroeibloei.logs.JsonFormatter"},
}
LOG_LEVEL = environment.choice(
    "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), default="WARNING" if TESTING else "INFO"
)
#: No names, no content, no tokens.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "redact": {"()": "ingroeibloei.logs.RedactTokens"},
        "away": {"()": "ingroeibloei.logs.WhatIsAway"},
        "visitors": {"()": "ingroeibloei.logs.VisitorsFaults"},
        "activity": {"()": "ingroeibloei.activity.Activity"},
    },
    "formatters": _FORMATTERS,
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["away", "redact", "visitors", "activity"],
        }
    },
    # Django's own handlers would write past the filter, and mail whole requests to ADMINS.
    "loggers": {name: {"handlers": [], "level": "NOTSET", "propagate": True} for name in ("django", "django.server")}
    | {name: {"level": "WARNING"} for name in ("pikepdf", "deepl", "urllib3")},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
