"""Codes of an app: one is taken until a step after its own, and once (``MFA_FORMS``; RFC 6238, 5.2).

allauth takes a code within its half minute alone: one typed in its last second is refused. Its ``MFA_TOTP_TOLERANCE``
takes codes that no app shows yet too, and it remembers a used code for half a minute, in a cache that may be emptied:
with that each would count twice. So here the steps that were used stand in the app's row, which is locked meanwhile.
"""

from __future__ import annotations

import time

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

#: In an app's data, beside its secret.
_USED = "used_steps"
#: More than two of them count only where a clock was set back.
_KEPT = 20


class _UsedError(Exception):
    """The app may show this code still."""


class _CodeForm(BaseAuthenticateForm):
    """A code of the app or a recovery code. What was refused is told of the app, where there is one."""

    def clean_code(self) -> str:
        give_back = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        rows = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
        factors = sorted(rows, key=lambda row: row.type != Authenticator.Type.TOTP)
        try:
            for factor in factors:
                if _opens(factor, code):
                    factor.user = self.user
                    self.authenticator = factor
                    give_back()
                    return code
            why = get_adapter().validation_error("incorrect_code")
        except _UsedError:
            why = ValidationError(_("This code was used already. Wait until the app shows the next one."))
        if factors:
            self._emit_authentication_failed(factors[0])
        raise why


class SignInCodeForm(_CodeForm, AuthenticateForm):
    """After the password."""


class ProofCodeForm(_CodeForm, ReauthenticateForm):
    """It is still you."""


class SetUpCodeForm(ActivateTOTPForm):
    """The first code of a new app, which counts as used once the app is kept (``use_up``)."""

    steps: list[int]

    def clean_code(self) -> str:
        validate_can_add_authenticator(self.user)
        give_back = check_rate_limit(self.user, error_key="rate_limited")
        code: str = self.cleaned_data["code"]
        self.steps = _steps_of(self.secret, code)
        if not self.steps:
            raise get_adapter().validation_error("incorrect_code")
        give_back()
        return code


def use_up(app: Authenticator, steps: list[int]) -> None:
    app.data[_USED] = [*app.data.get(_USED, []), *steps][-_KEPT:]
    app.save(update_fields=["data"])


def _opens(factor: Authenticator, code: str) -> bool:
    """Raises _UsedError for a code of the app that opened something before."""
    if factor.type != Authenticator.Type.TOTP:
        return bool(factor.wrap().validate_code(code))
    with transaction.atomic():
        app = Authenticator.objects.select_for_update().filter(pk=factor.pk).first()
        if app is None:
            return False
        steps = _steps_of(get_adapter().decrypt(app.data["secret"]), code)
        if not steps:
            return False
        if not set(steps).isdisjoint(app.data.get(_USED, [])):
            raise _UsedError
        use_up(app, steps)
    return True


def _steps_of(secret: str, code: str) -> list[int]:
    """Which of this step and the one before it is the code of; by chance of both."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    return [
        step
        for step in (now, now - 1)
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    ]
