"""The pages of allauth that staff need; none of its sign-up pages exist."""

from __future__ import annotations

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from django.urls import URLPattern, URLResolver, include, path, re_path

from schools.factors import AddPasskey, NewRecoveryCodes, OwnRecoveryCodes, RecoveryCodesFile, SetUpCodeApp
from schools.views import schoolaccounts
from schools.views.forgotten import ForgottenPassword
from schools.views.schoolaccounts import leads_to_issuers

urlpatterns: list[URLPattern | URLResolver] = [
    path("aanmelden/", leads_to_issuers(account.login), name="account_login"),
    path("schoolaccount/<slug:provider>/", schoolaccounts.school_account_login, name="school_account_login"),
    path(
        "schoolaccount/<slug:provider>/terug/", schoolaccounts.school_account_callback, name="school_account_callback"
    ),
    path("afmelden/", account.logout, name="account_logout"),
    path("opnieuw-bevestigen/", account.reauthenticate, name="account_reauthenticate"),
    path("uitgeschakeld/", account.account_inactive, name="account_inactive"),
    path("wachtwoord/vergeten/", ForgottenPassword.as_view(), name="account_reset_password"),
    path("wachtwoord/vergeten/verstuurd/", account.password_reset_done, name="account_reset_password_done"),
    # A key has a dash of its own: who it is for ends at the first one.
    re_path(
        r"^wachtwoord/nieuw/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "wachtwoord/nieuw/klaar/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("wachtwoord/wijzigen/", account.password_change, name="account_change_password"),
    # Changing a password asks for the present one; who has none yet shows a passkey.
    path(
        "wachtwoord/instellen/",
        reauthentication_required(account.password_set, app="allauth.mfa"),
        name="account_set_password",
    ),
    path("2fa/totp/activate/", SetUpCodeApp.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("2fa/recovery-codes/", OwnRecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", RecoveryCodesFile.as_view(), name="mfa_download_recovery_codes"),
    path("2fa/", include("allauth.mfa.urls")),
]
