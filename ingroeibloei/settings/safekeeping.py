"""Backups: where they go, for whose key they are sealed, and how long they stay (ingroeibloei.backups)."""

from __future__ import annotations

import os

from ingroeibloei import environment
from ingroeibloei.settings.place import VAR_DIR

#: On another disk, or a folder that another machine fetches from.
BACKUP_DIR = environment.place("BACKUP_DIR", VAR_DIR / "backups")
#: Another place than that of the backups: who has both, and the secret key, has everything.
BACKUP_KEYS_DIR = environment.place("BACKUP_KEYS_DIR", VAR_DIR / "backups_of_keys")
#: The public half (``age1…``) of the key that ``manage.py backup --new-key`` made; the secret half is kept elsewhere.
BACKUP_KEY = os.environ.get("BACKUP_KEY", "")
#: Older backups go: whoever was erased is in them still.
BACKUP_DAYS = environment.integer("BACKUP_DAYS", default=35, least=1)
