"""A code of the second factor, where one of several kinds cannot be read any more."""

from __future__ import annotations

from contextlib import suppress

from allauth.core import context, ratelimit
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator

from schools.secondfactors import LostKeyError


class _AnyThatOpens(forms.BaseAuthenticateForm):
    def clean_code(self) -> str:
        """One kind whose key is lost does not keep the others out: who made new recovery codes, or set up a new app,
        comes in with them."""
        try:
            return str(super().clean_code())
        except LostKeyError:
            code = str(self.cleaned_data["code"])
            for row in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
                with suppress(LostKeyError):
                    if row.wrap().validate_code(code):
                        row.user, self.authenticator = self.user, row
                        ratelimit.clear(context.request, action="login_failed", key=f"mfa-auth-user-{self.user.pk}")
                        return code
            raise


class CodeForm(_AnyThatOpens, forms.AuthenticateForm):
    pass


class CodeAgainForm(_AnyThatOpens, forms.ReauthenticateForm):
    pass
