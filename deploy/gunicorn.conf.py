"""The web server behind nginx. systemd hands it its socket, which stays open while it is started anew."""

import os

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
#: Requests that began when it is asked to end or to load itself anew have so long.
graceful_timeout = 30
timeout = 60
loglevel = "warning"
logger_class = "ingroeibloei.weblogs.WebLogger"
#: Only the proxy says who asks and how; it is on this machine, or in this network of containers.
forwarded_allow_ips = os.environ.get("WEB_PROXIES", "127.0.0.1")
control_socket_disable = True
