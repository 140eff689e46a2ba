"""School accounts as a provider of allauth, which looks for this module: OpenID Connect, and stricter.

Each sign-in carries a nonce; the token is always verified by the issuer's keys and must name that very issuer; an
account is known by a hash of issuer and subject, so that another issuer under the same name opens nothing; and nothing
of what the issuer tells of a person is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

#: Signatures by a key of the issuer's alone; none, and those by the shared secret, are not taken.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_CLOCKS_APART = 30


class StrictAdapter(OpenIDConnectOAuth2Adapter):
    """Of one sign-in; ``nonce`` is the one that this browser set out with."""

    nonce = ""

    @property
    def openid_config(self) -> Any:
        """What the issuer says of itself, which must be the one we were told to trust."""
        config = super().openid_config
        if not isinstance(config, dict) or config.get("issuer") != self.get_provider().app.settings["issuer"]:
            raise OAuth2Error("the issuer calls itself otherwise")
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return str(build_absolute_uri(request, reverse("school_account_callback", args=[self.provider_id])))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        claims = self._claims(app, str(kwargs["response"].get("id_token", "")))
        if "email" not in claims:
            told = self._fetch_user_info(token.token)
            if told.get("sub") != claims["sub"]:
                raise OAuth2Error("the issuer answered about somebody else")
            claims = {**told, **claims}
        return self.get_provider().sociallogin_from_response(request, claims)

    def _claims(self, app: Any, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key=self._key_of(token),
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=_CLOCKS_APART,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise OAuth2Error(f"the token is not to be trusted: {type(error).__name__}") from error
        if not self.nonce or not constant_time_compare(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("the token is not of this sign-in")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the token was made for another portal")
        return claims

    def _key_of(self, token: str) -> Any:
        wanted = jwt.get_unverified_header(token).get("kid")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        found = [key for key in keys if key.key_id == wanted] if wanted else keys[:1]
        if not found:
            raise OAuth2Error("the token is signed with an unknown key")
        return found[0].key


class SchoolAccountProvider(OpenIDConnectProvider):
    id = "school_account"
    name = "School account"
    oauth2_adapter_class = StrictAdapter

    def redirect(self, request: HttpRequest, process: str, next_url: Any = None, data: Any = None, **more: Any) -> Any:
        """To the issuer, with a nonce that the state of this browser keeps."""
        nonce = secrets.token_urlsafe(24)
        more |= {"scope": self.get_default_scope(), "auth_params": {"nonce": nonce}, "nonce": nonce}
        return super().redirect(request, process, next_url=next_url, data=data, **more)

    def extract_uid(self, data: dict[str, Any]) -> str:
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> SocialLogin:
        login = super().sociallogin_from_response(request, response)
        login.claims = response
        return login


class CallbackView(OAuth2CallbackView):
    """Where the issuer sends the browser back to; the state opens once."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, HttpResponse | None]:
        state, instead = super()._get_state(request, provider)
        if state:
            self.adapter.nonce = state.get("nonce", "")
        return state, instead


provider_classes = [SchoolAccountProvider]
