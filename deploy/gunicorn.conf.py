"""The web server behind nginx. systemd hands it its socket, which stays open while it is started anew."""

import os


def _number(name: str, default: int) -> int:
    """Refused in a sentence, as the portal's own settings are. Nothing of the portal is imported here: what this
    program holds stays what it was when it loads a new version."""
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdecimal() and 1 <= int(value) <= 256):
        raise SystemExit(f"{name} is {value!r}; it must be a number from 1 to 256.")
    return int(value)


bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = _number("WEB_PROCESSES", 2)
threads = _number("WEB_THREADS", 4)
#: Requests that began when it is asked to end or to load itself anew have so long.
graceful_timeout = 30
timeout = 60
#: One request for each connection: the next one on it would wait for what is done after an answer, such as a mail to an
#: address that somebody uses, and so tell which ones are.
keepalive = 0
loglevel = "warning"
logger_class = "ingroeibloei.weblogs.WebLogger"
#: Only the proxy says who asks and how; it is on this machine, or in this network of containers.
forwarded_allow_ips = os.environ.get("WEB_PROXIES", "127.0.0.1")
control_socket_disable = True
