"""The session engine (``SESSION_ENGINE``): Django's in the database, whose rows say whose they are.

What a session says of itself (``schools.sessions``) is copied into the columns each time it is written. A session ends
twelve hours after signing in, however often it is used: ``expire_date`` does not move past that. The table holds a hash
of each key: a copy of it makes nobody signed in.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import DatabaseError
from django.utils import timezone

#: What a session keeps of itself.
DEVICE, SIGNED_IN, LAST_USED = "device", "signed_in_at", "last_used_at"


def stored_key(session_key: str | None) -> str:
    """What stands in the table for the key that a browser holds."""
    return hashlib.sha256(f"session:{session_key or ''}".encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from schools.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        whose = data.get(SESSION_KEY)
        row.user_id = int(whose) if whose else None
        row.device = data.get(DEVICE, "")
        row.signed_in_at, row.last_used_at = _moment(data, SIGNED_IN), _moment(data, LAST_USED)
        if row.user_id and row.signed_in_at:
            latest = row.signed_in_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
            row.expire_date = min(row.expire_date, latest)
        return row

    def save(self, must_create: bool = False) -> None:
        """Django's own takes whatever the database refuses for a session that ended meanwhile, and then one that is
        full or read-only would send its people to sign in, and the page for signing in sends them back."""
        try:
            super().save(must_create)
        except UpdateError as error:
            refused = error.__context__
            if isinstance(refused, DatabaseError) and refused.__cause__ is not None:  # the server said so
                raise refused from refused.__cause__
            raise

    def exists(self, session_key: str | None) -> bool:
        return bool(super().exists(stored_key(session_key)))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(stored_key(key))

    def _get_session_from_db(self) -> Any:
        """Django's own, which looks for ``self.session_key`` and forgets it when there is no such row."""
        row = self.model.objects.filter(pk=stored_key(self.session_key), expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        return row


def _moment(data: dict[str, Any], name: str) -> datetime | None:
    written = data.get(name)
    return datetime.fromisoformat(written) if written else None
