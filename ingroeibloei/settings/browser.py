"""Safety in the browser: cookies, headers, and what a page may load."""

from __future__ import annotations

from csp.constants import NONE, SELF

from ingroeibloei import environment
from ingroeibloei.settings.place import PRODUCTION

#: Django's, whose rows say whose they are; a session ends this long after signing in (schools.sessionstore).
SESSION_ENGINE = "schools.sessionstore"
SESSION_COOKIE_AGE = 12 * 3600
#: A colleague who did nothing for so many minutes signs in again; parents after two hours (parents.access).
SESSION_IDLE_MINUTES = environment.integer("SESSION_IDLE_MINUTES", default=120, least=1)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ingroeibloei.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
#: Knows a device again on which somebody came in before (schools.devices).
DEVICE_COOKIE_NAME = "device"
if PRODUCTION:
    DEVICE_COOKIE_NAME = "__Host-device"
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    #: Monitors of this machine ask past the proxy.
    SECURE_REDIRECT_EXEMPT = [r"^gezondheid/"]
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
#: Who may say where a request came from (schools.limits.client_address).
WEB_PROXIES = environment.networks("WEB_PROXIES", default="127.0.0.1")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
