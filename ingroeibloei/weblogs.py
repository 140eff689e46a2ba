"""The web server's own lines, as careful as ours. It has no access log unless an operator asks for one."""

from __future__ import annotations

import logging
import os
from typing import Any

from gunicorn.glogging import Logger

from ingroeibloei.activity import Activity
from ingroeibloei.logs import JsonFormatter, LineFormatter, RedactTokens


class WebLogger(Logger):
    """gunicorn's logger whose handlers cut out what names a person."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for name in ("gunicorn.error", "gunicorn.access"):
            for handler in logging.getLogger(name).handlers:
                handler.addFilter(RedactTokens())
                handler.addFilter(Activity())
                if os.environ.get("LOG_FORMAT") == "json":
                    handler.setFormatter(JsonFormatter())
                elif name == "gunicorn.error":
                    handler.setFormatter(LineFormatter(self.error_fmt, self.datefmt))
