"""It is still you: names that leave, signatures and a CLB's own notes ask for a second factor of the last minutes.

A page that is opened leads to the page of the proof and back. A form that was filled in comes back with the proof's
field below it and everything in it still there: its words go to the browser and to no session, for sessions lie in the
database in the clear.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as passkeys
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from schools.access import View
from schools.accounts import address_of_proof, second_factor_shown
from schools.arriving import page_before
from schools.middleware import DEMO_SESSION_KEY

#: Before the names of the proof's own fields, so that none meets a field of the form it comes with.
_PREFIX = "proof"


def is_confirmed(request: HttpRequest) -> bool:
    """Whether this session showed the second factor in the last ``CONFIRM_MINUTES``; in a demo nobody has one."""
    if settings.DEMO and request.session.get(DEMO_SESSION_KEY):
        return True
    return second_factor_shown(request, within=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def confirmed_lately(view: View) -> View:
    """Opens a page, or takes a form, from who showed the second factor a short while ago. Stands below the staff's
    door: whoever may not come in is asked nothing. ``view.asks_proof`` stays readable for the tests."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        if request.method != "POST":
            messages.info(request, _("Confirm first that it is you, then go on."))
            return redirect(address_of_proof(request, request.get_full_path()))
        forms = _forms(request)
        given = next((form for form in forms.values() if form is not None and form.is_bound), None)
        if given is not None and given.is_valid():
            given.save()
            return view(request, *args, **kwargs)
        return _ask(request, forms)

    guarded.asks_proof = True  # type: ignore[attr-defined]
    return guarded


def confirmed_file(view: View) -> View:
    """The same for a file: the proof leads back to the page with its link, for a file is no page to stand on."""
    asking = confirmed_lately(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = page_before(request)
        if is_confirmed(request) or not page:
            return asking(request, *args, **kwargs)
        messages.info(request, _("Confirm first that it is you, then take the file along."))
        return redirect(address_of_proof(request, page))

    guarded.asks_proof = True  # type: ignore[attr-defined]
    return guarded


def _forms(request: HttpRequest) -> dict[str, Any]:
    """The proofs that this account can give: a code (of the app, or a recovery code), a passkey."""
    kinds = set(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    data = request.POST
    code, passkey = (f"{_PREFIX}-{name}" in data for name in ("code", "credential"))
    has_passkey = Authenticator.Type.WEBAUTHN in kinds
    has_code = bool(kinds - {Authenticator.Type.WEBAUTHN})
    more = {"user": request.user, "prefix": _PREFIX}
    return {
        "code": ReauthenticateForm(data=data if code else None, **more) if has_code else None,
        "passkey": ReauthenticateWebAuthnForm(data=data if passkey and not code else None, **more)
        if has_passkey
        else None,
    }


def _ask(request: HttpRequest, forms: dict[str, Any]) -> HttpResponseBase:
    """The filled-in form as hidden fields, and the proof. Nothing of it is kept here."""
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{_PREFIX}-")
    ]
    context = {"kept": kept, "code": forms["code"], "passkey": forms["passkey"]}
    if forms["passkey"] is not None:
        context["js_data"] = {"request_options": passkeys.begin_authentication(request.user)}
    return render(request, "schools/confirm.html", context, status=422)
