"""Asked beside a portal that is no demo: who has no page to become somebody of the cast gets a session of hers."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client

from ingroeibloei.demo.cast import GUARDIAN, guardian_source, member, staff_address
from parents.models import Guardian
from schools import clock
from schools.models import User
from tests.cast import staff_browser


def session_of(key: str) -> str:
    """The key of a session in which this person of the story has signed in, colleagues with a second factor."""
    entry = member(key)
    assert entry is not None
    if entry.role == GUARDIAN:
        return _of_guardian(Guardian.objects.get(source_system="demo", source_id=guardian_source(key)))
    user = User.objects.get(email=staff_address(key))
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())
    return str(staff_browser(user).cookies[settings.SESSION_COOKIE_NAME].value)


def _of_guardian(guardian: Guardian) -> str:
    session = Client().session
    session["guardian"] = guardian.pk
    session["guardian_seen"] = session["guardian_began"] = clock.now().isoformat()
    session.save()
    return str(session.session_key)
