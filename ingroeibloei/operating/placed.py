"""Where the portal stands: disk, keys, programs, backups, and settings that do not go together."""

from __future__ import annotations

import errno
import importlib
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ingroeibloei.backups import agefile
from ingroeibloei.backups.making import BACKUP, BACKUP_OF_KEYS
from ingroeibloei.operating.findings import Finding, bad, warning, well
from ingroeibloei.operating.metrics import last_done
from ingroeibloei.retention import RETENTION, failed_rules
from messaging import outbox
from parents.sealing import has_key
from parents.services.notes import closed_centres
from schools import clock, secondfactors, typeset
from schools.models import CLBCentre, FirstStep

#: Parts of a disk that must be free, and bytes under which it is full whatever its size.
_SOON_FULL, _FULL, _FULL_BYTES = 0.1, 0.02, 200_000_000
#: A backup a day, with room for one that failed; the night keeps to retention.
_BACKUP_WITHIN, _RETENTION_WITHIN = timedelta(days=2), timedelta(days=2)


def look() -> Iterator[Finding]:
    """What can be seen from this machine without asking another one."""
    yield from _disks()
    yield from _files()
    yield from _keys()
    yield from _second_factors()
    yield from _programs()
    yield from _database_log()
    yield from _backups()
    yield from _settings()


def _disks() -> Iterator[Finding]:
    seen = set()
    for folder in (settings.VAR_DIR, Path(settings.MEDIA_ROOT), settings.BACKUP_DIR):
        try:
            if not folder.exists() or folder.stat().st_dev in seen:
                continue
            seen.add(folder.stat().st_dev)
            room = shutil.disk_usage(folder)
        except OSError as error:
            yield _barred(f"disk {folder}", error)
            continue
        values = {"folder": folder, "percent": 100 * room.free // room.total, "megabytes": room.free // 10**6}
        code, part = f"disk {folder}", room.free / room.total
        if part < _FULL or room.free < _FULL_BYTES:
            words = _("The disk of %(folder)s is full, or too small: %(megabytes)d MB are free. Make room now.")
            yield bad(code, words % values)
        elif part < _SOON_FULL:
            yield warning(code, _("The disk of %(folder)s is nearly full: %(percent)d%% is free.") % values)
        else:
            yield well(code, _("The disk of %(folder)s has room: %(percent)d%% is free.") % values)


def _files() -> Iterator[Finding]:
    """Files of notices and letters that another account brought here, with a copy or as root: else the first to notice
    is a parent whose page fails."""
    media = Path(settings.MEDIA_ROOT)
    try:
        folders = [media, *(path for path in media.iterdir() if path.is_dir())] if media.exists() else []
        for folder in folders:
            if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
            for path in folder.iterdir():
                if not os.access(path, os.R_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    except OSError as error:
        yield _barred("files", error)


def _keys() -> Iterator[Finding]:
    folder = Path(settings.CLB_KEY_DIR)
    ledger = Path(settings.ERASED_FILE)
    places = (folder, *folder.glob("*.key"), *([ledger] if not ledger.is_dir() else []))
    try:
        open_to_others = [path for path in places if path.exists() and _is_open(path)] + _open_database()
        if folder.exists():
            os.listdir(folder)  # glob finds nothing where it may not look
        for path in folder.glob("*.key"):
            path.open("rb").close()
    except OSError as error:
        yield _barred("rights", error)
        return
    if ledger.is_dir():
        words = _("ERASED_FILE is a folder, and names a file: set it to one in it, such as %(path)s.")
        yield bad("ERASED_FILE", words % {"path": ledger / "erased.txt"})
    for path in open_to_others:
        words = _("Others on this machine can read %(path)s. Run: chmod go= %(path)s")
        yield bad(f"rights {path.name}", words % {"path": path})
    missing = [centre.name for centre in CLBCentre.objects.order_by("name") if not has_key(centre)]
    if missing:
        words = _(
            "There is no key for %(centres)s, so its notes open for nobody. Restore it from the backup of the keys. "
            "With a new one, manage.py clb_keys, new notes can be written meanwhile."
        )
        yield bad("keys", words % {"centres": ", ".join(missing)})
    elif closed := [centre.name for centre in closed_centres()]:
        words = _("What is here as the key of %(centres)s does not open its notes. Restore the key that wrote them.")
        yield bad("keys", words % {"centres": ", ".join(closed)})
    elif not open_to_others:
        yield well("keys", _("Every CLB centre has its key, readable by the portal alone."))


def _second_factors() -> Iterator[Finding]:
    if number := secondfactors.lost():
        words = ngettext(
            "No key that is here opens %(number)d second factor: whoever uses it cannot come in. Put the SECRET_KEY of "
            "before into SECRET_KEY_FALLBACKS, then run: manage.py keys --reseal",
            "No key that is here opens %(number)d second factors: whoever uses them cannot come in. Put the SECRET_KEY "
            "of before into SECRET_KEY_FALLBACKS, then run: manage.py keys --reseal",
            number,
        )
        yield bad("second factors", words % {"number": number})


def _barred(code: str, error: OSError) -> Finding:
    words = _("The portal may not look at %(path)s (%(why)s). Let it belong to the account that runs the portal.")
    return bad(code, words % {"path": error.filename, "why": error.strerror})


def _open_database() -> list[Path]:
    """The embedded one, where others come into its folder: the units and `run` see to it for what they make anew."""
    path = Path(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not settings.PRODUCTION or not path.exists():
        return []
    return [path] if _is_open(path) and path.parent.stat().st_mode & 0o011 else []


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077) and not (path.is_dir() and not path.stat().st_mode & 0o007)


def _programs() -> Iterator[Finding]:
    missing = []
    try:
        importlib.import_module("typst")
    except ImportError:
        missing.append("typst")
    if not any(Path(typeset.FONTS).glob("*.ttf")):
        missing.append(str(typeset.FONTS))
    if connection.vendor == "postgresql" and not shutil.which("pg_dump"):
        missing.append("pg_dump")
    if not any(path.with_suffix(".mo").exists() for path in Path(settings.LOCALE_PATHS[0]).glob("nl/*/django.po")):
        missing.append("locale/nl/LC_MESSAGES/django.mo")
    if missing:
        words = _(
            "This is missing: %(names)s. Install the portal again from its lock file, and the packages of the guide."
        )
        yield bad("programs", words % {"names": ", ".join(missing)})
    else:
        yield well("programs", _("All programs, fonts and catalogs are there."))
    manifest = getattr(staticfiles_storage, "manifest_name", "")
    if manifest and not Path(settings.STATIC_ROOT, manifest).exists():
        words = _(
            "Every page fails: its styles are not in %(folder)s. Run manage.py prepare and reload the web server."
        )
        yield bad("styles", words % {"folder": settings.STATIC_ROOT})
    if not settings.FFMPEG or not shutil.which(settings.FFMPEG):
        yield warning(
            "ffmpeg", _("ffmpeg is missing: recordings are kept as they come, and old phones may not play them.")
        )


def _database_log() -> Iterator[Finding]:
    """As it comes PostgreSQL writes down each statement that it refuses, whole: names, numbers, words of parents."""
    if connection.vendor != "postgresql" or not settings.PRODUCTION:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('log_min_error_statement'), current_setting('log_error_verbosity')"
        )
        role, *written = cursor.fetchone()
    if written == ["panic", "terse"]:
        yield well("database log", _("PostgreSQL keeps names and numbers out of its own log."))
        return
    words = _(
        "PostgreSQL writes into its own log what it refuses, with names and numbers. Let its superuser run: "
        "ALTER ROLE %(role)s SET log_min_error_statement = panic; "
        "ALTER ROLE %(role)s SET log_error_verbosity = terse; and start the portal again."
    )
    yield warning("database log", words % {"role": role})


def _backups() -> Iterator[Finding]:
    made, keys, begun = last_done(BACKUP), last_done(BACKUP_OF_KEYS), _begun()
    if not settings.BACKUP_KEY:
        yield warning("backup", _("No backups are made: set BACKUP_KEY. A new key: manage.py backup --new-key FILE"))
    elif clock.now() - (made or begun) > _BACKUP_WITHIN:
        late = _("The last backup is older than two days. Run manage.py backup, and look at its timer.")
        none = _("No backup was made yet. Run manage.py backup, and look at its timer.")
        yield bad("backup", late if made else none)
    elif made:
        yield well("backup", _("A backup was made within two days."))
    newest = max((path.stat().st_mtime for path in Path(settings.CLB_KEY_DIR).glob("*.key")), default=None)
    if settings.BACKUP_KEY and newest is not None and (keys is None or keys.timestamp() < newest):
        yield bad("backup of the keys", _("There are keys that are in no backup. Run: manage.py backup --keys"))
    yield from _retention(begun)


def _retention(begun: datetime) -> Iterator[Finding]:
    kept, failed = last_done(RETENTION), failed_rules()
    if failed:
        words = _(
            "Not everything was removed that may not be kept: %(names)s failed. The log says why; the rest went on."
        )
        yield bad("retention failed", words % {"names": ", ".join(failed)})
    if outbox.leapt():
        words = _(
            "The clock shows a day long after the last one on which something was removed, so that nothing is removed "
            "by itself. See whether the day is right, then run: manage.py retention --apply"
        )
        yield bad("retention", words)
    elif clock.now() - (kept or begun) > _RETENTION_WITHIN:
        yield warning(
            "retention", _("Nothing was removed that may not be kept for two days. Run: manage.py retention --apply")
        )
    elif kept:
        yield well("retention", _("What may not be kept was removed within two days."))


def _begun() -> datetime:
    """When the portal began: until its first night is over, nothing is late. Before anybody administers it, when its
    tables were laid."""
    first = FirstStep.objects.filter(name=FirstStep.Name.BEGUN).values_list("done_at", flat=True).first()
    laid = MigrationRecorder(connection).migration_qs.order_by("applied").values_list("applied", flat=True).first()
    # By the portal's clock, which in a demo shows another day.
    return first or (clock.now() - (timezone.now() - laid) if laid else datetime.min.replace(tzinfo=UTC))


def _settings() -> Iterator[Finding]:
    found = list(_contradictions())
    yield from found or [well("settings", _("The settings go together."))]


def _ways_out() -> Iterator[Finding]:
    if settings.SMS_DRIVER == "gateway" and not settings.SMS_GATEWAY_URL:
        yield bad("SMS_GATEWAY_URL", _("SMS_DRIVER is gateway, and SMS_GATEWAY_URL does not say where it is."))
    if settings.MAIL_PROVIDER_UNUSED:
        words = _(
            "ANYMAIL_BACKEND names a mail provider, and MAIL_DRIVER is not anymail: mails leave another way. "
            "Set MAIL_DRIVER=anymail, or take ANYMAIL_BACKEND away."
        )
        yield bad("ANYMAIL_BACKEND", words)


def _contradictions() -> Iterator[Finding]:
    yield from _ways_out()
    if settings.BACKUP_KEY:
        try:
            agefile.read_public(settings.BACKUP_KEY)
        except ValueError:
            yield bad("BACKUP_KEY", _("BACKUP_KEY is not right: it begins with age1 and is copied whole."))
        if settings.BACKUP_KEYS_DIR == settings.BACKUP_DIR:
            yield bad("BACKUP_KEYS_DIR", _("BACKUP_KEYS_DIR is BACKUP_DIR: keys are kept apart from what they open."))
    if not settings.OPERATOR_EMAIL:
        yield warning("OPERATOR_EMAIL", _("Nobody is told when something is wrong: set OPERATOR_EMAIL."))
    if not settings.PRODUCTION:
        return
    recording = [name for name in ("MAIL_DRIVER", "SMS_DRIVER") if getattr(settings, name) == "record"]
    for name in recording:
        words = _("%(name)s is record: what should leave is only written down, and reaches nobody. Set it otherwise.")
        yield bad(name, words % {"name": name})
    if settings.ERASURE_KEY == settings.SECRET_KEY:
        yield warning("ERASURE_KEY", _("Set ERASURE_KEY to the present SECRET_KEY, before that one is ever changed."))
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith(".example"):
        yield bad("DEFAULT_FROM_EMAIL", _("Mails leave with the sender of an example: set DEFAULT_FROM_EMAIL."))
    if settings.BOUNCE_IMAP and not settings.BOUNCE_ADDRESS:
        yield warning(
            "BOUNCE_ADDRESS", _("Returned mails are read, and none comes to that mailbox: set BOUNCE_ADDRESS.")
        )
