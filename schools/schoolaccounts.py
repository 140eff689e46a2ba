"""Signing in with a school account: for colleagues who have an account here, after they once proved to be its owner.

An issuer vouches for a person of its own, not for ours: mail addresses are given anew to whoever comes next. So the
first time a school account is met, nobody comes in by it. It waits in the browser until its holder signed in here in
the usual way, second factor included, under the address that the issuer verified; then it is bound to that account by
issuer and subject. A stranger is told exactly the same and gets no further.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    record_authentication,
)
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from requests import RequestException

from schools import audit, sessions
from schools.accounts import second_factor_shown
from schools.models import User

logger = logging.getLogger(__name__)

#: Under which a school account waits in the session, and for how many seconds.
_WAITING = "school_account_waiting"
_WAITS = 15 * 60
#: What ``request`` carries between the issuer's answer and the stages of signing in.
_TRUSTED_AT = "school_account_second_factor_at"
_OWN_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class SchoolAccountAdapter(DefaultSocialAccountAdapter):
    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """From the settings alone: who may write in the database adds no issuer."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def get_requests_session(self) -> Any:
        """For what is asked of an issuer; one that sends us on to another address is not followed."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The issuer's word was found good. Goes on only for an account that is bound already."""
        app = sociallogin.provider.app
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(_bind_on_demand(request, sociallogin))
        if sociallogin.is_existing:
            setattr(request, _TRUSTED_AT, _second_factor_at(sociallogin.claims, app.settings))
            return
        email = _verified_email(sociallogin.claims, app.settings)
        if not email:
            words = _("%(name)s does not say that your e-mail address is verified, so it opens nothing here. Tell who "
                      "looks after the accounts there; meanwhile sign in with your password.")  # fmt: skip
            messages.error(request, words % {"name": app.name})
            raise ImmediateHttpResponse(redirect("account_login"))
        account = sociallogin.account
        request.session[_WAITING] = {
            "provider": account.provider,
            "uid": account.uid,
            "email": email,
            "at": time.time(),
        }
        words = _("Sign in once with your own password and second factor. From then on your account of %(name)s opens "
                  "the portal.")  # fmt: skip
        messages.info(request, words % {"name": app.name})
        raise ImmediateHttpResponse(redirect("account_login"))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Back to where one can begin again, with what happened in words; the reason is for the operator's log."""
        if error == AuthError.CANCELLED:
            words = _("You stopped signing in at %(name)s. You can begin again, or use your password.")
        elif isinstance(exception, RequestException):
            words = _("%(name)s does not answer at the moment. Sign in with your password, or try again later.")
        elif exception is None:
            words = _("That sign-in at %(name)s was too old or was used already. Begin again.")
        else:
            words = _("What %(name)s answered cannot be trusted, so nobody was signed in. Begin again; if it stays so, "
                      "tell who looks after the accounts there.")  # fmt: skip
        logger.warning("school account %s: %s", provider.app.provider_id, exception or error)
        messages.error(request, words % {"name": provider.app.name})
        raise ImmediateHttpResponse(redirect("own_account" if request.user.is_authenticated else "account_login"))


class SecondFactorStage(AuthenticateStage):
    """Asks for our second factor, unless the issuer just asked for one that the institution trusts."""

    def is_resumable(self, request: HttpRequest) -> bool:
        """Not once the factor was taken away meanwhile: allauth's page of the factor leads back to that of signing in,
        which would lead here again, until the browser gives up."""
        return self.login.user is not None and bool(is_mfa_enabled(self.login.user, _OWN_FACTORS))

    def _should_handle(self, request: HttpRequest) -> bool:
        at = getattr(request, _TRUSTED_AT, None)
        if at is None or not super()._should_handle(request):
            return bool(super()._should_handle(request))
        record_authentication(request, self.login.user, "mfa", type="school_account")
        records = request.session[AUTHENTICATION_METHODS_SESSION_KEY]
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [*records[:-1], {**records[-1], "at": at}]
        return False


def bind_waiting(request: HttpRequest, **_more: Any) -> None:
    """Bind the school account that waits in this browser, when its holder has shown the second factor here."""
    if _WAITING not in request.session or not isinstance(request.user, User) or not second_factor_shown(request):
        return
    waiting = request.session.pop(_WAITING)
    if time.time() - waiting["at"] > _WAITS:
        return
    name = _name_of(waiting["provider"])
    if waiting["email"] != request.user.email.lower():
        words = _("The account of %(name)s has another e-mail address than this one, so it was not linked. You can "
                  "link it under “Your account”.")  # fmt: skip
        messages.error(request, words % {"name": name})
        return
    try:
        bind(user=request.user, provider=waiting["provider"], uid=waiting["uid"])
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Your account of %(name)s opens the portal from now on.") % {"name": name})


def bind(*, user: User, provider: str, uid: str) -> SocialAccount:
    """Let this school account open this account. Raises ValidationError when either has another already."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        own = SocialAccount.objects.filter(user=user, provider=provider).first()
        holder = SocialAccount.objects.filter(provider=provider, uid=uid).first()
        if holder is not None and holder.user_id != user.pk:
            raise ValidationError(_("That school account opens somebody else's account here."))
        if own is not None and own.uid != uid:
            raise ValidationError(
                _("Another account of %(name)s opens the portal for you already. Unlink that one first.")
                % {"name": _name_of(provider)}
            )
        row, is_new = SocialAccount.objects.get_or_create(provider=provider, uid=uid, defaults={"user": user})
        if is_new:
            audit.record(actor=user, verb="linked a school account", target=user, provider=provider)
    return row


def unbind(*, user: User, provider: str) -> bool:
    """It opens nothing any more. False when none was bound; ValidationError when it is the only way in."""
    with transaction.atomic():
        rows = SocialAccount.objects.filter(user=user, provider=provider)
        if not rows.exists():
            return False
        if not user.has_usable_password() and not Authenticator.objects.filter(user=user, type="webauthn").exists():
            raise ValidationError(_("It is your only way in. Choose a password or add a passkey first."))
        rows.delete()
        audit.record(actor=user, verb="unlinked a school account", target=user, provider=provider)
    return True


def _bind_on_demand(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """From the page of the own account, by who showed the second factor a moment ago."""
    if not isinstance(request.user, User):
        return redirect("account_login")
    account = sociallogin.account
    try:
        bind(user=request.user, provider=account.provider, uid=account.uid)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        sessions.end_others(request, request.user)
        name = sociallogin.provider.app.name
        messages.success(request, _("Your account of %(name)s opens the portal from now on.") % {"name": name})
    return redirect("own_account")


def _verified_email(claims: dict[str, Any], settings: dict[str, Any]) -> str:
    """The address that the issuer verified, or rules over; empty for none."""
    email = str(claims.get("email", "")).strip().lower()
    said = claims.get("email_verified")
    rules_over = email.rpartition("@")[2] in {domain.lower() for domain in settings["domains"]}
    return email if said is True or (said is None and rules_over) else ""


def _second_factor_at(claims: dict[str, Any], settings: dict[str, Any]) -> float | None:
    """When the issuer asked for a second factor that counts here; None when it did not, or does not count. An issuer
    that does not say when may have asked long ago: then it opens the pages, and what needs a fresh proof asks ours."""
    ways = claims.get("amr", [])
    counts = bool({*(ways if isinstance(ways, list) else [])} & {*settings["trusted_amr"]})
    if not counts and claims.get("acr") not in settings["trusted_acr"]:
        return None
    at = claims.get("auth_time")
    return min(float(at), time.time()) if isinstance(at, int | float) and at > 0 else 1.0


def _name_of(provider: str) -> str:
    apps = SchoolAccountAdapter().list_apps(None, provider=provider)  # type: ignore[arg-type]
    return str(apps[0].name) if apps else provider


user_logged_in.connect(bind_waiting, dispatch_uid="schools.schoolaccounts")
