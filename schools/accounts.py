"""Rules for staff accounts: nobody signs up, people are invited; what guards an account changes after a fresh proof."""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, update_session_auth_hash
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from schools.colleaguemail import FAILURES
from schools.limits import client_address
from schools.models import User
from schools.signinlog import password_refused
from schools.tries import Try

log = logging.getLogger(__name__)
#: How allauth names a second factor among the proofs that a session gave.
_SECOND_FACTOR = "mfa"
_PASSWORD_PROOF = "reauthenticate"  # noqa: S105 - the name of a way, not a password


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_client_ip(self, request: HttpRequest) -> str:
        """As our own limits know it; allauth would believe whoever sends the header of a proxy."""
        return client_address(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """To an address that has an account; one that has none gets no mail and the same answer. So a mail server that
        is away is told to the log alone: an error page would say who has an account here."""
        try:
            super().send_mail(template_prefix, email, context)
        except FAILURES as error:
            log.error("The mail %s did not leave: %s", template_prefix, type(error).__name__)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Before a password is looked at (``schools.tries``): allauth's own count would shut an owner out."""
        self._try = Try(request, str(credentials.get("email", "")))
        if not self._try.is_taken():
            password_refused(because="too many tries")
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is None:
            password_refused(because="wrong, or no such account")
        else:
            self._try.give_back()
        return user

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """A right password of an older Django gets a new hash on the way; whoever typed it stays signed in."""
        before = user.password
        is_right = bool(super().reauthenticate(user, password))
        user.refresh_from_db(fields=["password"])
        if is_right and isinstance(user, User) and user.password != before:
            update_session_auth_hash(self.request, user)
        return is_right

    def get_login_stages(self) -> list[str]:
        """Ours in the place of allauth's second factor: an issuer may have asked for one that counts."""
        theirs = f"{AuthenticateStage.__module__}.{AuthenticateStage.__qualname__}"
        ours = "schools.schoolaccounts.SecondFactorStage"
        return [ours if name == theirs else name for name in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **more: object) -> bool:
        """Whether a proof of the last minutes is asked before a factor, a recovery code or the password changes.

        Signing in is no such proof: the computer may have been left since. Only for a colleague without a second
        factor it is, so that setting up the first one is a single visit.
        """
        is_required = not self._is_enrolling() and bool(super().is_reauthentication_required(app=app, **more))
        if is_required and not self.get_reauthentication_methods(self.request.user):
            words = _("You have nothing here to show that it is you: no password and no second factor. Sign out, and "
                      "in again with your school account; then %(minutes)s minutes are yours for this.")  # fmt: skip
            messages.info(self.request, words % {"minutes": settings.CONFIRM_MINUTES})
            raise ImmediateHttpResponse(redirect("account_logout"))
        return is_required

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Who has a second factor proves it with that: a password that leaked must not take the factor away."""
        methods = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] != _PASSWORD_PROOF] or methods

    def _is_enrolling(self) -> bool:
        user = self.request.user
        if not user.is_authenticated or is_mfa_enabled(user):
            return False
        signed_in = [record["at"] for record in get_authentication_records(self.request, user)]
        return bool(signed_in) and time.time() - max(signed_in) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def remember_new_factor(request: HttpRequest, authenticator: Authenticator) -> None:
    """Whoever set up a factor has shown it, and just proved to be the owner: the recovery codes ask no more."""
    facts = {"id": authenticator.pk, "type": authenticator.type, "reauthenticated": True}
    record_authentication(request, request.user, _SECOND_FACTOR, **facts)


def second_factor_shown(request: HttpRequest, *, within: float | None = None) -> bool:
    """Whether this session showed a second factor, in the last ``within`` seconds if that is given."""
    now = time.time()
    return any(
        record.get("method") == _SECOND_FACTOR and (within is None or abs(now - record.get("at", 0)) < within)
        for record in get_authentication_records(request, request.user)
    )


def address_of_proof(request: HttpRequest, then: str) -> str:
    """The page that asks for the account's second factor and leads on to ``then``: code app or passkey."""
    methods = AccountAdapter(request).get_reauthentication_methods(request.user)
    return f"{methods[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: then})}"
