"""Settings of the portal: the institution's rules, where it runs, and the machine, each in a file of its own.

Every value that differs between places comes from the environment through a strict reader. Outside the demo and the
tests there is no insecure default: a missing secret stops the start with a sentence.
"""

from __future__ import annotations

import gc
import os
import shutil
from datetime import date

import django.conf.locale
from django.core.exceptions import ImproperlyConfigured

from ingroeibloei import connections, environment, stores
from ingroeibloei.settings.accounts import *
from ingroeibloei.settings.browser import *
from ingroeibloei.settings.clockwork import *
from ingroeibloei.settings.institution import *
from ingroeibloei.settings.place import *
from ingroeibloei.settings.place import BASE_DIR, DEBUG, DEMO, MODE, PRODUCTION, REDIS_URL, TESTING, VAR_DIR
from ingroeibloei.settings.privacy import *
from ingroeibloei.settings.safekeeping import *
from ingroeibloei.settings.sending import *
from ingroeibloei.settings.watching import *
from messaging.files.limits import MAX_BYTES
from schools import languages
from schools.partnerlanguages import PARTNERS

#: Settings are read by whoever loads the apps next. What is loaded stays, and looking through it for rubbish again and
#: again takes a third of the start: Python looks again once all is there (``ingroeibloei.apps``). Not sooner: the web
#: server's leader, which loads no apps, would never look.
gc.disable()

# --- Where it runs ---------------------------------------------------------------------------------------------------
SECRET_KEY = environment.secret("SECRET_KEY", MODE, VAR_DIR)
SECRET_KEY_FALLBACKS = environment.earlier_secrets("SECRET_KEY_FALLBACKS", MODE)
#: Signs the links of notices: a key of its own, so that it can be changed without ending sessions (rulings 6).
NOTICE_LINK_KEY = environment.secret("NOTICE_LINK_KEY", MODE, VAR_DIR)
#: Earlier ones: links that they signed open until they are too old, or until the key is dropped here.
NOTICE_LINK_KEY_FALLBACKS = environment.earlier_secrets("NOTICE_LINK_KEY_FALLBACKS", MODE)
if PRODUCTION and NOTICE_LINK_KEY == SECRET_KEY:
    raise ImproperlyConfigured("NOTICE_LINK_KEY is the same as SECRET_KEY; give it a value of its own.")
#: With it the ledger of erased people is written (parents.ledger): it may never change, or they come back unknown.
ERASURE_KEY = environment.secret("ERASURE_KEY", MODE, VAR_DIR) if os.environ.get("ERASURE_KEY") else SECRET_KEY
#: The ledger beside the database; back it up apart, for a restored database does not know it.
ERASED_FILE = environment.place("ERASED_FILE", VAR_DIR / "erased.txt")
#: Folder with one key file per CLB centre; kept and backed up apart from the database (rulings 8).
CLB_KEY_DIR = environment.place("CLB_KEY_DIR", VAR_DIR / "clb_keys")
ALLOWED_HOSTS = environment.hosts(MODE)
SITE_URL = environment.site_url(MODE)
if PRODUCTION:
    environment.require_own_site(SITE_URL, ALLOWED_HOSTS)
#: The fixed day on which a demo world lives; None everywhere else.
DEMO_TODAY: date | None = environment.demo_today() if DEMO else None

# --- Django ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_htmx",
    "schools",
    "parents",
    "messaging",
    "reports",
    "ingroeibloei",
]

MIDDLEWARE = [
    "ingroeibloei.middleware.ActivityMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A notice page weighs little on a phone; Django masks the CSRF token and pads, so that lengths tell nothing.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ingroeibloei.middleware.PageLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "schools.middleware.SecondFactorMiddleware",
    "schools.middleware.SessionUseMiddleware",
    "ingroeibloei.middleware.ResponseHeadersMiddleware",
    "ingroeibloei.middleware.ReadableRequestMiddleware",
]

ROOT_URLCONF = "ingroeibloei.urls"
WSGI_APPLICATION = "ingroeibloei.wsgi.application"
AUTH_USER_MODEL = "schools.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "ingroeibloei.templatetags.ui",
                "ingroeibloei.templatetags.written",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ingroeibloei.context.page",
            ],
        },
    },
]

DATABASES = {"default": stores.database(VAR_DIR, testing=TESTING)}
CACHES = {"default": stores.cache(REDIS_URL, VAR_DIR)}
if PRODUCTION:
    connections.require_encrypted_database(DATABASES["default"])
    connections.require_encrypted_redis(REDIS_URL)

# --- Languages (traps: domain 4.2) -----------------------------------------------------------------------------------
LANGUAGE_CODE = languages.MASTER
#: More languages in which notices go out (schools.partnerlanguages); and those of them in which templates and words of
#: the field stand too, for which ``manage.py text_columns`` makes the migrations (rulings 15).
PARTNER_LANGUAGES = environment.words("PARTNER_LANGUAGES", PARTNERS)
TEXT_LANGUAGES = environment.words("TEXT_LANGUAGES", PARTNER_LANGUAGES)
languages.add_partners(PARTNER_LANGUAGES, TEXT_LANGUAGES)
USE_TZ = True
LANGUAGES = [(code, languages.LANGUAGES[code].own_name) for code in languages.INTERFACE_CODES]
LANGUAGES_BIDI = [code for code, entry in languages.LANGUAGES.items() if entry.direction == "rtl"]
LOCALE_PATHS = [BASE_DIR / "locale"]
for _code, _entry in languages.LANGUAGES.items():
    django.conf.locale.LANG_INFO[_code] = {
        "bidi": _entry.direction == "rtl",
        "code": _code,
        "name": _entry.name,
        "name_local": _entry.own_name,
    }
MODELTRANSLATION_DEFAULT_LANGUAGE = languages.MASTER
MODELTRANSLATION_LANGUAGES = languages.text_codes()
MODELTRANSLATION_FALLBACK_LANGUAGES = (languages.MASTER,)

# --- Static files and uploads ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
environment.folder(STATIC_ROOT)
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
#: Found when asked for: every client of a test would else list them all again.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING or DEBUG
#: Bytes of one file and of a whole request with files; what is larger is not kept (ingroeibloei.uploads).
UPLOAD_FILE_BYTES = MAX_BYTES
UPLOAD_REQUEST_BYTES = 4 * MAX_BYTES
FILE_UPLOAD_HANDLERS = [
    "ingroeibloei.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024 * 5 // 2
DATA_UPLOAD_MAX_NUMBER_FILES = 3
#: The program that makes recordings small; without it they are kept as they come (messaging.files.listening).
#: By its whole path: it is started where nobody looks for programs.
FFMPEG = shutil.which(os.environ.get("FFMPEG", "ffmpeg")) or ""

SILENCED_SYSTEM_CHECKS: list[str] = []
