"""The link of an invitation: its number, what only its row knows, and a signature by the portal's key."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from schools.arriving import row_number
from schools.models import StaffInvitation

_SALT = "schools.invitations"


def new_nonce() -> str:
    return secrets.token_urlsafe(18)


def token_of(invitation: StaffInvitation) -> str:
    return f"{invitation.pk}-{_signature(invitation)}"


def link_of(invitation: StaffInvitation) -> str:
    return f"{settings.SITE_URL}{reverse('staff_invitation', args=[token_of(invitation)])}"


def invitation_of(token: str) -> StaffInvitation | None:
    """The open invitation that a link is; None when it was used, revoked, has expired or is not ours."""
    text, _, signature = token.partition("-")
    number = row_number(text)
    if number is None:
        return None
    found = StaffInvitation.objects.open().select_related("user").filter(pk=number).first()
    if found is None:
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    right = (_signature(found, key) for key in keys)
    return found if any(constant_time_compare(signature, one) for one in right) else None


def _signature(invitation: StaffInvitation, key: str | None = None) -> str:
    words = f"{invitation.pk}:{invitation.user_id}:{invitation.nonce}"
    return salted_hmac(_SALT, words, secret=key, algorithm="sha256").hexdigest()[:40]
