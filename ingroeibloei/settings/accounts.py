"""Accounts of staff: how they sign in, and what a password must be."""

from __future__ import annotations

from ingroeibloei import connections, environment, schoolaccounts
from ingroeibloei.settings.place import PRODUCTION, TESTING

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "schools.passwords.SafeValidator"},
]
#: The list of stolen passwords (schools.passwords): its file on this machine, or the address of a service such as
#: https://api.pwnedpasswords.com/range. Without it the portal asks nobody.
BREACHED_PASSWORDS = environment.file_or_address("BREACHED_PASSWORDS")
if PRODUCTION and BREACHED_PASSWORDS.startswith("http"):
    connections.require_encrypted_web("BREACHED_PASSWORDS", BREACHED_PASSWORDS)
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "schools.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
#: Nobody signs up, so nobody is invited to by a mail to an address that we do not know.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
#: For how many minutes a shown second factor counts where names or notes leave, and for signing (schools.confirming).
CONFIRM_MINUTES = environment.integer("CONFIRM_MINUTES", default=15, least=1)
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * CONFIRM_MINUTES
#: A code by mail shows no second factor: whoever holds the mailbox could also have set the password anew.
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
#: Passwords are counted by schools.tries; one count for an address would shut a whole school out.
ACCOUNT_RATE_LIMITS = {"login": None}
MFA_ADAPTER = "schools.secondfactors.SealingAdapter"
MFA_FORMS = {"authenticate": "schools.forms_factors.CodeForm", "reauthenticate": "schools.forms_factors.CodeAgainForm"}
#: A code that is typed in its last second arrives half a minute after it was shown, and a phone's clock may be ahead as
#: much (RFC 6238, 5.2). Used codes are remembered as long as they would open anything (allauth from 65.22 on).
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "In groei en bloei"
#: School accounts by which colleagues may sign in, from the file SCHOOL_ACCOUNTS (ingroeibloei.schoolaccounts).
SOCIALACCOUNT_ADAPTER = "schools.schoolaccounts.SchoolAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {"school_account": {"APPS": schoolaccounts.school_accounts(production=PRODUCTION)}}
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
