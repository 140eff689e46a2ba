"""Year groups as people say them."""

from __future__ import annotations

from django.utils.translation import gettext as _


def level_name(level: str) -> str:
    """``L3`` → "Primary year 3"."""
    if level == "K0":
        return _("Reception class")
    number = {"number": level[1:]}
    return _("Nursery year %(number)s") % number if level.startswith("K") else _("Primary year %(number)s") % number
