"""The links in a text, made clickable: only addresses of this portal, everything else stays text.

A demo that starts again on another port still holds texts with the former one; every loopback address is its own.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_LINK = re.compile(r"(https?://[^\s<>\"'\u2066-\u2069]+)")

#: A demo listens on loopback only (rulings 7).
_OWN_HOSTS = ("localhost", "127.0.0.1")


def with_links(text: str) -> SafeString:
    """``text``, escaped, with links to the portal itself as paths of this site."""
    return format_html_join("", "{}", ((_part(part),) for part in _LINK.split(text)))


def _part(part: str) -> str:
    address = part.rstrip(".,;")
    try:
        site = urlsplit(address)
    except ValueError:  # somebody wrote what only begins as an address
        return part
    if site.hostname not in _OWN_HOSTS:
        return part
    path = site._replace(scheme="", netloc="").geturl()
    return format_html('<a href="{}">{}</a>{}', path, address, part[len(address) :])
