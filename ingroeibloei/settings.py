"""Settings of the portal: the institution's rules first, then the machine.

Every value that differs between places comes from the environment through a strict reader. Outside the demo and the
tests there is no insecure default: a missing secret stops the start with a sentence.
"""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import django.conf.locale
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from ingroeibloei import connections, environment, mailsettings
from messaging.files.limits import MAX_BYTES
from schools import languages
from schools.partnerlanguages import PARTNERS

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("INGROEIBLOEI_VAR", BASE_DIR / "var"))

# --- The institution's rules -----------------------------------------------------------------------------------------
#: Day of the school year on which the first draft of the evaluation is made (month, day).
EVALUATION_DRAFT_DAY = (6, 15)
#: A cell of 1 to this number minus one is hidden from readers outside the school (rulings 11).
SMALL_CELL_FLOOR = 5
#: The joint worker may finish the report this long after her assignment ends (rulings 7).
REPORT_GRACE_DAYS = 14
#: A notice's link works this long; it can be opened again until then (rulings 5).
NOTICE_LINK_DAYS = 60
#: One-time codes: life in minutes and wrong tries before a code dies.
SIGN_IN_CODE_MINUTES = 10
SIGN_IN_CODE_ATTEMPTS = 5
#: A guardian's session on a page ends after this many hours without use.
GUARDIAN_SESSION_HOURS = 2
#: Up to this many guardians are planned in the request's own transaction; more in chunks behind it (rulings 3).
FAN_OUT_IN_REQUEST = 500
FAN_OUT_CHUNK = 5_000
#: Up to this many letters are laid out in the request itself; more in parts of whole classes behind it.
LETTERS_IN_REQUEST = 60
LETTERS_IN_PART = environment.integer("LETTERS_IN_PART", default=100)
#: The PDF of letters is removed this many days after they were given.
LETTER_FILE_DAYS = environment.integer("LETTER_FILE_DAYS", default=30)
#: Mails that came back are kept in their mailbox this long after they were read.
BOUNCE_KEEP_DAYS = 30
#: A family that gets more notices than this in a week reads none of them; urgent ones are not counted. The check page
#: says it, nothing is refused.
WEEKLY_NOTICE_BUDGET = environment.integer("WEEKLY_NOTICE_BUDGET", default=3)
#: What the gateway charges for each part of a text message, in cents of a euro.
SMS_EURO_CENTS = environment.amount("SMS_EURO_CENTS", default="4.5")
#: What happens to a notice of each kind until a person is reached (messaging.policies): the ways in their order, how
#: long each waits for a person before the next, and whose task the call is. Without a wait the next way is tried only
#: when this one failed. A school may have its own. An urgent notice is for today: paper would come too late.
LADDER = {
    "ACTIE": {
        "rungs": [("EMAIL", 3, "DAYS"), ("SMS", 3, "DAYS"), ("LETTER", 3, "DAYS"), ("CALL", None, "DAYS")],
        "caller": "TEACHER",
    },
    "INFO": {
        "rungs": [("EMAIL", None, "DAYS"), ("SMS", None, "DAYS"), ("LETTER", None, "DAYS"), ("CALL", None, "DAYS")],
        "caller": "TEACHER",
    },
    "DRINGEND": {
        "rungs": [("SMS", 30, "MINUTES"), ("EMAIL", 30, "MINUTES"), ("CALL", None, "DAYS")],
        "caller": "AUTHOR",
    },
}
#: Languages that somebody of the staff speaks: for the others a call's script names the interpreter line.
SPOKEN_BY_STAFF = tuple(os.environ.get("SPOKEN_BY_STAFF", "nl fr en").split())
#: The interpreter line of the institution: its number, and what to say there, in Dutch.
INTERPRETER_LINE = environment.interpreter_line()
#: What schools without rules of their own allow (messaging.translationrules): whether a translation needs its purpose,
#: which language law asks of schools (domain 4.4), and whether a machine's words are sent: NEVER, once the writer has
#: SEEN them translated back, or once a native speaker has REVIEWED them.
TRANSLATION_NEEDS_REASON = True
TRANSLATION_MACHINE_USE = "REVIEWED"
#: Addresses of deliveries are blanked this long after they ended; the history of states goes after a year.
DELIVERY_ADDRESS_DAYS = 90
DELIVERY_EVENT_DAYS = 365
#: Text messages that came in stay this long; what they asked stands in threads and follow-ups.
INBOUND_TEXT_DAYS = 90
#: What a demo recorded instead of sending goes after this many days.
RECORDED_NOTICE_DAYS = 30
#: The figures of a day are counted anew each night for so long: late bounces and answers still come in.
STATISTICS_OPEN_DAYS = 35
#: Families not spoken to for this long stand in the teacher's week.
SILENCE_WEEKS = 8
#: A parent who asked something may expect an answer by this many school days of the colleague whose question it is.
ANSWER_WITHIN_WORKING_DAYS = 2

# --- Where it runs ---------------------------------------------------------------------------------------------------
MODE = environment.mode()
DEMO = MODE == environment.DEMO
TESTING = MODE == environment.TEST
PRODUCTION = MODE == environment.PRODUCTION
DEBUG = environment.flag("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows secrets to visitors: it cannot be on in production. Remove DEBUG=1.")

SECRET_KEY = environment.secret("SECRET_KEY", MODE, VAR_DIR)
#: Signs the links of notices: a key of its own, so that it can be changed without ending sessions (rulings 6).
NOTICE_LINK_KEY = environment.secret("NOTICE_LINK_KEY", MODE, VAR_DIR)
if PRODUCTION and NOTICE_LINK_KEY == SECRET_KEY:
    raise ImproperlyConfigured("NOTICE_LINK_KEY is the same as SECRET_KEY; give it a value of its own.")
#: Folder with one key file per CLB centre; kept and backed up apart from the database (rulings 8).
CLB_KEY_DIR = Path(os.environ.get("CLB_KEY_DIR", VAR_DIR / "clb_keys"))
ALLOWED_HOSTS = environment.hosts(MODE)
SITE_URL = environment.site_url(MODE)
#: The fixed day on which a demo world lives; None everywhere else.
DEMO_TODAY: date | None = environment.demo_today() if DEMO else None

# --- Django ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "schools",
    "parents",
    "messaging",
    "reports",
    "ingroeibloei",
]

MIDDLEWARE = [
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
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "ingroeibloei.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ingroeibloei.context.page",
            ],
        },
    },
]

DATABASES = {"default": environment.database(VAR_DIR, testing=TESTING)}
REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {"default": environment.cache(REDIS_URL, VAR_DIR)}

# --- Languages (traps: domain 4.2) -----------------------------------------------------------------------------------
LANGUAGE_CODE = languages.MASTER
#: More languages in which notices go out (schools.partnerlanguages); and those of them in which templates and words of
#: the field stand too, for which ``manage.py text_columns`` makes the migrations (rulings 15).
PARTNER_LANGUAGES = environment.words("PARTNER_LANGUAGES", PARTNERS)
TEXT_LANGUAGES = environment.words("TEXT_LANGUAGES", PARTNER_LANGUAGES)
languages.add_partners(PARTNER_LANGUAGES, TEXT_LANGUAGES)
TIME_ZONE = "Europe/Brussels"
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
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
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
FFMPEG = os.environ.get("FFMPEG", shutil.which("ffmpeg") or "")

# --- Accounts of staff -----------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
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
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
#: Tries are counted by the visitor's address, which our own proxy tells us in production (parents.limits).
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "In groei en bloei"

# --- Safety in the browser -------------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ingroeibloei.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Sending ---------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
#: How notices leave: "record" keeps them on the demo's outbox page, the others send them; "anymail" by a provider.
MAIL_DRIVER = environment.choice("MAIL_DRIVER", ("record", "smtp", "anymail"), default="record" if DEMO else "smtp")
SMS_DRIVER = environment.choice("SMS_DRIVER", ("record", "gateway", "off"), default="record" if DEMO else "off")
if DEMO:
    EMAIL_BACKEND = "messaging.recorded.RecordingBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = environment.integer("EMAIL_PORT", default=25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=PRODUCTION)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "In groei en bloei <school@ingroeibloei.example>")
#: Where a mail that cannot be delivered comes back, if not to the sender; and the mailbox in which it is read.
BOUNCE_ADDRESS = os.environ.get("BOUNCE_ADDRESS", "")
BOUNCE_IMAP = mailsettings.bounce_mailbox(MODE)
MAIL_PROVIDER = mailsettings.provider() if MAIL_DRIVER == "anymail" else ""
if MAIL_PROVIDER:
    ANYMAIL = mailsettings.provider_settings(MAIL_PROVIDER, EMAIL_TIMEOUT)
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
SMS_GATEWAY_URL = os.environ.get("SMS_GATEWAY_URL", "")
SMS_GATEWAY_USER = os.environ.get("SMS_GATEWAY_USER", "")
SMS_GATEWAY_PASSWORD = os.environ.get("SMS_GATEWAY_PASSWORD", "")
#: A translation server of one's own that speaks LibreTranslate's HTTP API, or DeepL; without either it is off.
TRANSLATION_URL = environment.web_address("TRANSLATION_URL")
TRANSLATION_KEY = os.environ.get("TRANSLATION_KEY", "")
TRANSLATION_DRIVER = environment.translation_driver(TRANSLATION_URL, TRANSLATION_KEY)
if PRODUCTION:
    connections.require_encrypted_database(DATABASES["default"])
    connections.require_encrypted_redis(REDIS_URL)
    if not MAIL_PROVIDER:
        connections.require_encrypted_mail(EMAIL_HOST, use_tls=EMAIL_USE_TLS)
    for _name, _address in (("SMS_GATEWAY_URL", SMS_GATEWAY_URL), ("TRANSLATION_URL", TRANSLATION_URL)):
        connections.require_encrypted_web(_name, _address)
#: Stands in the address to which the gateway brings the text messages of parents (messaging.views.inbound); without it
#: that door stays shut.
SMS_INBOUND_KEY = environment.optional_secret("SMS_INBOUND_KEY", MODE, VAR_DIR)
#: Pauses all sending, for a look at the outbox after a restored backup.
OUTBOX_PAUSED = environment.flag("OUTBOX_PAUSED", default=False)
#: Nothing but urgent notices leaves in these hours, at the weekend, and (INFO) in school holidays; empty: at any hour.
#: Newcomers come to a demo at any hour, and so do tests.
QUIET_HOURS = environment.hours("QUIET_HOURS", default="" if DEMO or TESTING else "20:00-07:00")
#: Between Send and the first thing that leaves: time to take it back.
UNDO_SECONDS = environment.integer("UNDO_SECONDS", default=0 if TESTING else 20)
#: When the mail leaves that brings the INFO of a week to those who chose so: weekday (1 is Monday) and hour.
DIGEST_AT = environment.weekly("DIGEST_AT", default="5 16:00")
#: What is claimed cannot be taken back any more: large enough to cost little, small enough to leave within seconds.
OUTBOX_BATCH = 200
OUTBOX_LEASE_SECONDS = environment.integer("OUTBOX_LEASE_SECONDS", default=60)
#: Connections to a mail server that takes its time, for each worker process; a quick one gets one.
MAIL_CONNECTIONS = environment.integer("MAIL_CONNECTIONS", default=1 if TESTING else 4)
#: Most messages a second over all processes together; 0 is as many as can be.
MAIL_PER_SECOND = environment.integer("MAIL_PER_SECOND", default=0)
SMS_PER_SECOND = environment.integer("SMS_PER_SECOND", default=0)
#: A school with so many open deliveries waits with planning more: others have their share (GOV.UK, RapidPro).
SCHOOL_SHARE = 10_000

# --- Celery: a bell and a clock, never the truth (architecture, decision 5) ------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost/"
CELERY_BROKER_USE_SSL = connections.broker_tls(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = environment.broker_options(REDIS_URL, VAR_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
#: Seconds until the place of a process that was killed is free for the next bell; nobody waits for its result.
CELERY_WORKER_LOST_WAIT = 1.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "ring the outbox's bell": {"task": "messaging.tasks.deliver_due", "schedule": 15.0},
    "tell families of replies": {"task": "messaging.tasks.tell_replies", "schedule": 60.0},
    "go on with the translation machine": {"task": "messaging.tasks.translate_ordered", "schedule": 60.0},
    "invite and remind translators": {"task": "messaging.tasks.tell_translators", "schedule": 60.0},
    "read what came back": {"task": "messaging.tasks.read_bounces", "schedule": crontab(minute="*/5")},
    "climb the ladder": {"task": "messaging.tasks.climb_ladders", "schedule": crontab(minute=10)},
    "go on with the letters": {"task": "messaging.tasks.make_letters", "schedule": 15.0},
    "forget the files of letters": {"task": "messaging.tasks.forget_letters", "schedule": crontab(hour=3, minute=20)},
    "count the days and purge": {"task": "messaging.tasks.nightly", "schedule": crontab(hour=2, minute=40)},
    "climb the urgent ladders": {"task": "messaging.tasks.climb_urgent_ladders", "schedule": crontab()},
    "draft the evaluation": {"task": "reports.tasks.draft_evaluation", "schedule": crontab(hour=5, minute=30)},
}

# --- Logs: no names, no content, no tokens ---------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "ingroeibloei.logs.RedactTokens"}},
    "formatters": {
        "line": {"class": "ingroeibloei.logs.LineFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redact"]}},
    # Django's own handlers would write past the filter, and mail whole requests to ADMINS.
    "loggers": {name: {"handlers": [], "level": "NOTSET", "propagate": True} for name in ("django", "django.server")}
    | {name: {"level": "WARNING"} for name in ("pikepdf", "deepl", "urllib3")},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING" if TESTING else "INFO")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
APP_NAME = _("In groei en bloei")
