"""Who signed in and how, in the access log; what was refused, there too when it is known whose it was (ASVS 16.3.1).

A wrong password says nothing of who typed it, and a lookup would take longer for an address that exists: it is a line
in the server's log, without the address.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in
from allauth.mfa.signals import authentication_failed
from django.http import HttpRequest

from schools import audit, clock
from schools.models import AuditEntry, User

logger = logging.getLogger(__name__)


def password_refused(*, because: str) -> None:
    logger.warning("a password of a colleague was refused: %s", because)


def _signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    ways = [str(record.get("type") or record["method"]) for record in get_authentication_records(request, user)]
    audit.record(actor=user, verb="signed in", target=user, ways=ways)


def _factor_refused(user: User, authenticator: Any, **_more: Any) -> None:
    """Nobody did it whom we know: the line has no actor."""
    AuditEntry.objects.create(
        at=clock.now(),
        verb="refused a second factor",
        target_kind=User._meta.label_lower,
        target_id=user.pk,
        detail={"way": authenticator.type},
    )


user_logged_in.connect(_signed_in, dispatch_uid="schools.signinlog")
authentication_failed.connect(_factor_refused, dispatch_uid="schools.signinlog")
