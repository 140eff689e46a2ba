"""The links in a text, made clickable: only addresses of this portal, everything else stays text."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_LINK = re.compile(r"(https?://[^\s<>\"'\u2066-\u2069]+)")


def with_links(text: str) -> SafeString:
    """``text``, escaped, with links to the portal itself as paths of the page."""
    return format_html_join("", "{}", ((_part(part),) for part in _LINK.split(text)))


def _part(part: str) -> str:
    address = part.rstrip(".,;")
    if not address.startswith(f"{settings.SITE_URL}/"):
        return part
    return format_html('<a href="{}">{}</a>{}', address.removeprefix(settings.SITE_URL), address, part[len(address) :])
