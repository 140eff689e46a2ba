"""Where a colleague is signed in: listed, ended from elsewhere, and ended when what guards the account changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from schools import audit, clock
from schools.models import Assignment, Session, User
from schools.sessionstore import DEVICE, LAST_USED, SIGNED_IN, stored_key

#: The last use is written this seldom: a row of the database is not written at each click.
SEEN_EVERY = timedelta(minutes=10)
_BROWSERS = (
    ("Edge", r"\bEdgA?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|CriOS)/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("Chromebook", r"\bCrOS\b"),
    ("Mac", r"\bMacintosh\b"),
    ("Linux", r"\bLinux\b"),
)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One line of the list. ``mark`` names the session in a form without being its key."""

    mark: str
    device: str
    signed_in_at: datetime | None
    last_used_at: datetime | None
    is_this: bool


def device_of(agent: str) -> str:
    """``Firefox · Windows`` of what a browser says of itself; empty for what is not known."""
    found = (
        next((name for name, pattern in known if re.search(pattern, agent)), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(name for name in found if name)


def begin(request: HttpRequest) -> None:
    """Write down what the list shows; at signing in."""
    now = timezone.now().isoformat()
    request.session[SIGNED_IN] = request.session[LAST_USED] = now
    request.session[DEVICE] = device_of(request.headers.get("User-Agent", "")[:400])


def note_use(request: HttpRequest) -> None:
    """The session was used; it ends when nobody used it for ``SESSION_IDLE_MINUTES``. Nothing is written when it was
    used a moment ago, nor for visitors and parents."""
    session = request.session
    if SESSION_KEY not in session:
        return
    seen = session.get(LAST_USED)
    if seen is None:
        begin(request)
        return
    unused = timezone.now() - datetime.fromisoformat(seen)
    if abs(unused) > timedelta(minutes=settings.SESSION_IDLE_MINUTES):  # or used by a clock that was ahead
        logout(request)
    elif unused >= SEEN_EVERY:
        session[LAST_USED] = timezone.now().isoformat()


def own_sessions(request: HttpRequest, user: User) -> list[OwnSession]:
    """Running ones, the last used first. Their moments are the school's: a demo reads its own day."""
    rows = Session.objects.filter(user=user, expire_date__gt=timezone.now()).defer("session_data")
    this = stored_key(request.session.session_key)
    return [
        OwnSession(_mark(row), row.device, _shown(row.signed_in_at), _shown(row.last_used_at), row.pk == this)
        for row in rows.order_by("-last_used_at")[:50]
    ]


def _shown(moment: datetime | None) -> datetime | None:
    return moment and moment + clock.shift()


def end_one(request: HttpRequest, user: User, mark: str) -> bool:
    """End the own session with this mark; False when there is none, or it is the one that asks."""
    for row in Session.objects.filter(user=user).exclude(pk=stored_key(request.session.session_key)).only("pk"):
        if _mark(row) == mark:
            return bool(row.delete()[0])
    return False


def end_others(request: HttpRequest, user: User) -> int:
    """End all but the one that asks; how many they were."""
    return Session.objects.filter(user=user).exclude(pk=stored_key(request.session.session_key)).delete()[0]


def end_all(user: User) -> int:
    return Session.objects.filter(user=user).delete()[0]


def end_of_those_who_left() -> int:
    """End the sessions of accounts whose last post is over; how many they were."""
    here = Assignment.objects.current().values("user")
    return Session.objects.exclude(user=None).exclude(user__in=here).delete()[0]


def _mark(row: Session) -> str:
    return salted_hmac("schools.sessions", row.pk, algorithm="sha256").hexdigest()[:20]


def _began(request: HttpRequest, **_more: Any) -> None:
    begin(request)


def _guard_changed(request: HttpRequest, user: User, **_more: Any) -> None:
    audit.record(actor=user, verb="changed what guards an account", target=user, sessions=end_others(request, user))


user_logged_in.connect(_began, dispatch_uid="schools.sessions")
for _signal in (
    password_changed, password_set, password_reset, authenticator_added, authenticator_removed, authenticator_reset,
):  # fmt: skip
    _signal.connect(_guard_changed, dispatch_uid="schools.sessions")
