"""The file with the school accounts by which colleagues may sign in (``SCHOOL_ACCOUNTS``), read strictly.

A list in JSON, one entry for each organisation; its file holds secrets and belongs to the portal's user alone (0600):

    [{"id": "kersenboom", "name": "De Kersenboom", "issuer": "https://login.kersenboom.example",
      "client_id": "…", "client_secret": "…", "domains": ["kersenboom.example"], "trusted_amr": ["mfa"]}]

``domains``: mail addresses there count as verified when the issuer does not say whether they are. ``trusted_amr`` and
``trusted_acr``: ways of signing in at the issuer that count as the second factor; without them ours is asked.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_NEEDED = ("id", "name", "issuer", "client_id", "client_secret")
_LISTS = ("domains", "trusted_amr", "trusted_acr", "form_origins")


def school_accounts(*, production: bool) -> list[dict[str, Any]]:
    """The entries as allauth names them; none when ``SCHOOL_ACCOUNTS`` is not set."""
    path = os.environ.get("SCHOOL_ACCOUNTS", "")
    if not path:
        return []
    try:
        entries = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"SCHOOL_ACCOUNTS is {path!r}; it must be a file with a list in JSON.") from error
    if production and Path(path).stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"Others on this machine may read {path}, which holds secrets: chmod 600 {path}")
    if not isinstance(entries, list):
        raise ImproperlyConfigured("SCHOOL_ACCOUNTS must hold a list: [{…}, {…}].")
    read = [_entry(entry, place, production=production) for place, entry in enumerate(entries, 1)]
    if len({one["provider_id"] for one in read}) < len(read):
        raise ImproperlyConfigured("SCHOOL_ACCOUNTS names an id twice.")
    return read


def _entry(entry: Any, place: int, *, production: bool) -> dict[str, Any]:
    where = f"SCHOOL_ACCOUNTS, entry {place}"
    if not isinstance(entry, dict):
        raise ImproperlyConfigured(f"{where}: it must be an object with {', '.join(_NEEDED)}.")
    missing = [name for name in _NEEDED if not isinstance(entry.get(name), str) or not entry[name].strip()]
    unknown = sorted(set(entry) - {*_NEEDED, *_LISTS})
    if missing or unknown:
        wrong = f"{', '.join(missing)} is missing" if missing else f"{', '.join(unknown)} is not known"
        raise ImproperlyConfigured(f"{where}: {wrong}.")
    if not re.fullmatch(r"[a-z0-9-]{1,40}", entry["id"]):
        raise ImproperlyConfigured(f"{where}: id stands in addresses; use small letters, figures and hyphens.")
    lists = {name: entry.get(name, []) for name in _LISTS}
    if any(not isinstance(value, list) or not all(isinstance(one, str) for one in value) for value in lists.values()):
        raise ImproperlyConfigured(f"{where}: {', '.join(_LISTS)} must be lists of words.")
    issuer = entry["issuer"].rstrip("/")
    address = urlsplit(issuer)
    if address.scheme not in (("https",) if production else ("http", "https")) or not address.hostname:
        raise ImproperlyConfigured(f"{where}: issuer must be an https address.")
    return {
        "provider_id": entry["id"],
        "name": entry["name"].strip()[:40],
        "client_id": entry["client_id"],
        "secret": entry["client_secret"],
        "settings": {
            "server_url": issuer,
            "issuer": entry["issuer"],
            "oauth_pkce_enabled": True,
            **lists,
            "form_origins": [f"{address.scheme}://{address.netloc}", *lists["form_origins"]],
        },
    }
