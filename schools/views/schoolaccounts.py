"""Signing in with a school account, linking it, and letting it go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from schools import schoolaccounts, sessions
from schools.access import member_of_staff, staff_required
from schools.confirming import confirmed_lately
from schools.provider import CallbackView, StrictAdapter


def leads_to_issuers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lets the forms of a page lead on to the issuers: browsers hold the policy against where a form ends up too."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        apps = get_adapter().list_apps(request)
        if origins := sorted({origin for app in apps for origin in app.settings["form_origins"]}):
            response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]
        return response

    return guarded


@never_cache
@require_POST
def school_account_login(request: HttpRequest, provider: str) -> HttpResponse:
    """To the issuer, to come back signed in."""
    return _set_out(request, provider, AuthProcess.LOGIN, get_next_redirect_url(request))


@staff_required()
@require_POST
@confirmed_lately
def school_account_link(request: HttpRequest, provider: str) -> HttpResponse:
    """To the issuer, to come back with an account that opens this one."""
    return _set_out(request, provider, AuthProcess.CONNECT, None)


@never_cache
@require_safe
def school_account_callback(request: HttpRequest, provider: str) -> HttpResponse:
    """What the issuer answers."""
    _provider(request, provider)
    response: HttpResponse = CallbackView.adapter_view(StrictAdapter(request, provider))(request)
    return response


@staff_required()
@require_POST
@confirmed_lately
def school_account_unlink(request: HttpRequest, provider: str) -> HttpResponse:
    """It opens nothing here any more."""
    colleague = member_of_staff(request)
    try:
        if schoolaccounts.unbind(user=colleague, provider=provider):
            sessions.end_others(request, colleague)
            messages.success(request, _("Unlinked. That account opens nothing here any more."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("own_account")


def _provider(request: HttpRequest, name: str) -> Any:
    if all(app.provider_id != name for app in get_adapter(request).list_apps(request)):
        raise Http404
    return get_adapter(request).get_provider(request, name)


def _set_out(request: HttpRequest, name: str, process: str, then: str | None) -> HttpResponse:
    provider = _provider(request, name)
    try:
        response: HttpResponse = provider.redirect(request, process, next_url=then)
    except (RequestException, OAuth2Error) as error:
        response = render_authentication_error(request, provider, exception=error)
    return response
