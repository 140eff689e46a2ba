"""A backup is sealed and comes back whole, into an empty place only; erasures and retention hold afterwards."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from ingroeibloei import stores
from ingroeibloei.backups import agefile, database, making
from ingroeibloei.operating import placed
from messaging.models import JobRun
from messaging.services import erase_guardian
from parents.models import CLBNote, Guardian
from parents.sealing import make_key
from schools.models import CLBCentre, Pupil, School
from tests import factories as make
from tests.running.conftest import on_server

pytestmark = pytest.mark.django_db(transaction=True)

Begin = Callable[[], None]


def said(command: str, *arguments: str) -> str:
    words = StringIO()
    call_command(command, *arguments, stdout=words, stderr=words)
    return words.getvalue()


def backup() -> Path:
    """The folder of a new one."""
    words = said("backup")
    return Path(words.split(" (", 1)[0])


@pytest.fixture
def family(places: Path) -> make.MadeFamily:
    """With a file, as parents and schools bring them."""
    made = make.make_family(make.make_class(), languages=["ar", "ar"], emails=["een@post.example", "twee@post.example"])
    for name in ("attachments/0a1b.pdf", "letters/2c3d.pdf"):
        path = places / "media" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(name.encode() * 40_000)
    return made


@pytest.fixture
def key(places: Path) -> tuple[str, str]:
    return "--key", str(places / "key.txt")


def test_everything_comes_back_in_an_empty_place(
    family: make.MadeFamily, key: tuple[str, str], empty_place: Begin, settings: Any
) -> None:
    folder = backup()
    names = set(Guardian.objects.values_list("pk", "first_name"))
    empty_place()
    words = said("restore", str(folder), *key)
    assert "every row and file as it was" in words
    assert "OUTBOX_PAUSED=1" in words
    assert set(Guardian.objects.values_list("pk", "first_name")) == names
    letter = Path(settings.MEDIA_ROOT) / "letters" / "2c3d.pdf"
    assert letter.read_bytes() == b"letters/2c3d.pdf" * 40_000
    assert letter.stat().st_mode & 0o077 == 0
    new = make.make_school()
    assert new.pk == School.objects.order_by("-pk")[0].pk, "numbers go on where they were"
    with pytest.raises(Exception, match="do not change"):
        JobRun.objects.update(job="another")  # what the database promises, it promises here too


def test_nothing_of_it_is_in_the_clear(family: make.MadeFamily, places: Path) -> None:
    folder = backup()
    everything = b"".join(path.read_bytes() for path in folder.iterdir())
    for word in (b"een@post.example", b"letters/2c3d", family.guardians[0].first_name.encode() + b"\x00", b"parents_"):
        assert word not in everything
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())} == {0}
    assert sorted(path.name for path in places.iterdir() if path.name.startswith("backup")) == ["backups"]


def test_who_was_erased_since_and_what_may_not_be_kept_are_gone_again(
    family: make.MadeFamily, key: tuple[str, str], empty_place: Begin
) -> None:
    JobRun.objects.create(job="night", period="2020", at=datetime(2020, 1, 1, tzinfo=UTC))
    folder = backup()
    father = family.guardians[1]
    erase_guardian(guardian=father, by=None)
    empty_place()
    words = said("restore", str(folder), *key)
    assert "1 guardians and 0 pupils who were erased since are erased again." in words
    assert not Guardian.objects.get(pk=father.pk).first_name
    assert Guardian.objects.get(pk=family.guardians[0].pk).first_name
    assert not JobRun.objects.filter(period="2020").exists()


@pytest.mark.parametrize("is_kept", [False, True])
def test_it_says_when_links_of_before_open_no_more(
    family: make.MadeFamily, key: tuple[str, str], empty_place: Begin, settings: Any, is_kept: bool
) -> None:
    folder, earlier = backup(), settings.NOTICE_LINK_KEY
    settings.NOTICE_LINK_KEY = "another-key-for-the-links-of-notices"
    settings.NOTICE_LINK_KEY_FALLBACKS = (earlier,) if is_kept else ()
    empty_place()
    for only in (("--check",), ()):
        assert ("NOTICE_LINK_KEY is another one" in said("restore", str(folder), *key, *only)) is not is_kept


def test_one_of_an_earlier_version_comes_back(
    family: make.MadeFamily, key: tuple[str, str], empty_place: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(making, "marks_of_keys", dict)
        folder = backup()
    empty_place()
    assert "every row and file as it was" in said("restore", str(folder), *key)


def test_without_the_ledger_it_says_so(family: make.MadeFamily, key: tuple[str, str], empty_place: Begin) -> None:
    folder = backup()
    empty_place()
    assert "then run `manage.py reerase`" in said("restore", str(folder), *key)


def test_a_look_restores_beside_and_leaves_nothing(family: make.MadeFamily, key: tuple[str, str], places: Path) -> None:
    folder = backup()
    before = sorted(places.rglob("*"))
    assert "It can be restored" in said("restore", "--check", str(folder), *key)
    assert sorted(places.rglob("*")) == before
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'restore_check%'")
            assert cursor.fetchone() == (0,)


def test_programs_of_postgres_find_the_server_that_django_finds() -> None:
    """Of two hosts the one that writes, by a port of its own."""
    words = "host=a.example,b.example&port=5433,5434&target_session_attrs=read-write&sslmode=verify-full"
    config = stores.postgres(f"postgres://portal:geheim@/families?{words}", "DATABASE_URL")
    assert database.libpq(config) == {
        "PGUSER": "portal",
        "PGPASSWORD": "geheim",
        "PGDATABASE": "families",
        "PGHOST": "a.example,b.example",
        "PGPORT": "5433,5434",
        "PGTARGETSESSIONATTRS": "read-write",
        "PGSSLMODE": "verify-full",
        "PGCONNECT_TIMEOUT": "10",
    }


def test_a_role_that_may_make_no_database_is_told_what_it_needs(
    family: make.MadeFamily, key: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the embedded database makes a file")
    folder = backup()
    on_server("CREATE ROLE of_little_right")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "options", "-c role=of_little_right")
    try:
        with pytest.raises(CommandError, match=r"permission denied to create database.*ALTER ROLE … CREATEDB"):
            said("restore", "--check", str(folder), *key)
    finally:
        on_server("DROP ROLE of_little_right")


class TestRefusals:
    """Nothing is restored, and the place stays as it was."""

    @pytest.fixture
    def folder(self, family: make.MadeFamily) -> Path:
        return backup()

    def refused(self, folder: Path, *key: str) -> str:
        with pytest.raises(CommandError) as refusal:
            said("restore", str(folder), *key)
        return str(refusal.value)

    def test_a_place_with_tables(self, folder: Path, key: tuple[str, str]) -> None:
        assert "There are tables in the database" in self.refused(folder, *key)
        assert Pupil.objects.exists()

    def test_a_place_with_files(self, folder: Path, key: tuple[str, str], empty_place: Begin, settings: Any) -> None:
        empty_place()
        Path(settings.MEDIA_ROOT).mkdir(parents=True)
        (Path(settings.MEDIA_ROOT) / "own.pdf").write_bytes(b"1")
        assert "There are files in" in self.refused(folder, *key)
        self.is_empty()

    def test_the_key_of_somebody_else(self, folder: Path, places: Path, empty_place: Begin) -> None:
        other = places / "other.txt"
        other.write_text(agefile.new_key()[0])
        empty_place()
        assert "sealed for another key" in self.refused(folder, "--key", str(other))
        self.is_empty()

    @pytest.mark.parametrize("part", ["database.age", "files.age", "manifest.age"])
    def test_a_damaged_part(self, part: str, folder: Path, key: tuple[str, str], empty_place: Begin) -> None:
        raw = bytearray((folder / part).read_bytes())
        raw[len(raw) // 2] ^= 1
        (folder / part).write_bytes(raw)
        empty_place()
        assert "damaged" in self.refused(folder, *key)
        self.is_empty()

    @pytest.mark.parametrize("part", ["database.age", "files.age", "manifest.age"])
    def test_a_cut_part(self, part: str, folder: Path, key: tuple[str, str], empty_place: Begin) -> None:
        raw = (folder / part).read_bytes()
        (folder / part).write_bytes(raw[: len(raw) // 2])
        empty_place()
        assert "damaged" in self.refused(folder, *key)
        self.is_empty()

    def test_a_backup_that_was_not_finished(self, folder: Path, key: tuple[str, str], empty_place: Begin) -> None:
        (folder / "manifest.age").unlink()
        empty_place()
        assert "no finished backup" in self.refused(folder, *key)

    def test_a_backup_that_another_portal_made(
        self, folder: Path, key: tuple[str, str], empty_place: Begin, settings: Any
    ) -> None:
        empty_place()
        settings.SECRET_KEY = "another-secret-key-of-another-portal"
        assert "not signed with the SECRET_KEY" in self.refused(folder, *key)

    def test_one_after_which_nobody_knew_who_was_erased(
        self, folder: Path, key: tuple[str, str], empty_place: Begin, settings: Any
    ) -> None:
        empty_place()
        settings.ERASURE_KEY = "another-key-for-the-ledger-of-erased-people"
        assert "ERASURE_KEY is another one" in self.refused(folder, *key)
        assert "ERASURE_KEY is another one" in self.refused(folder, *key, "--check")
        self.is_empty()

    def test_rows_that_are_not_what_was_backed_up(
        self, folder: Path, key: tuple[str, str], empty_place: Begin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As when the engine itself reads a part wrongly: the checksums of the files fit, those of the rows do not."""
        monkeypatch.setattr("ingroeibloei.backups.tally._word", lambda value: "other words")
        empty_place()
        assert "schools_pupil: 1 rows that do not all say what they said" in self.refused(folder, *key)
        self.is_empty()

    def is_empty(self) -> None:
        assert connection.introspection.table_names() == []


def test_each_backup_is_noted_and_old_ones_go(family: make.MadeFamily, settings: Any) -> None:
    settings.BACKUP_DAYS = 2
    for days in (5, 3, 1):
        moment = datetime.now(UTC) - timedelta(days=days)
        (settings.BACKUP_DIR / moment.strftime(making.STAMP)).mkdir(parents=True)
    (settings.BACKUP_DIR / "2020-01-01T000000Z.part").mkdir()
    (settings.BACKUP_DIR / "somebody's own").mkdir()
    assert "3 older ones removed" in said("backup")
    assert len(making.finished(settings.BACKUP_DIR)) == 2
    assert (settings.BACKUP_DIR / "somebody's own").is_dir()
    assert JobRun.objects.filter(job="backup").count() == 1


@pytest.mark.parametrize("what", [(), ("--keys",)])
def test_what_does_not_fit_on_the_disk_is_not_left_there(
    what: tuple[str, ...], family: make.MadeFamily, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a backup takes the room of the next one, and half a file of keys would be taken for one."""
    settings.BACKUP_DAYS = 2
    old, newest = [(datetime.now(UTC) - timedelta(days=days)).strftime(making.STAMP) for days in (5, 3)]
    for name in (old, newest):
        (settings.BACKUP_DIR / name).mkdir(parents=True)

    def is_full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", is_full)
    place = settings.BACKUP_KEYS_DIR if what else settings.BACKUP_DIR
    with pytest.raises(CommandError, match=f"{place} cannot be written: No space left"):
        said("backup", *what)
    left = sorted(path.name for path in place.iterdir())
    assert left == ([] if what else [newest]), "what is too old makes room before"


def test_a_backup_of_keys_that_was_killed_is_taken_for_none(places: Path, settings: Any) -> None:
    settings.BACKUP_KEYS_DIR.mkdir(parents=True)
    half = settings.BACKUP_KEYS_DIR / f"keys-2026-11-23T030000Z.age{making.UNFINISHED}"
    half.touch()
    path = Path(said("backup", "--keys").split(". Keep")[0])
    assert list(settings.BACKUP_KEYS_DIR.iterdir()) == [path]
    assert path.suffix == ".age"


def test_without_a_key_no_backup_is_written(places: Path, settings: Any) -> None:
    settings.BACKUP_KEY = ""
    with pytest.raises(CommandError, match="BACKUP_KEY is not set"):
        said("backup")
    settings.BACKUP_KEY = "age1nokey"
    with pytest.raises(CommandError, match="BACKUP_KEY is not right"):
        said("backup")
    assert not settings.BACKUP_DIR.exists()


def test_a_new_key_is_readable_by_its_owner_alone_and_is_not_overwritten(places: Path) -> None:
    place = places / "new.txt"
    words = said("backup", "--new-key", str(place))
    assert agefile.public_of(agefile.read_secret(place.read_text())) in words
    assert place.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="not overwritten"):
        said("backup", "--new-key", str(place))


class TestKeys:
    """They go to a place of their own, and come back without overwriting any."""

    @pytest.fixture
    def centre(self, places: Path) -> CLBCentre:
        centre = make.make_centre()
        make_key(centre)
        return centre

    def test_they_come_back_with_ledger_and_secrets(
        self, centre: CLBCentre, key: tuple[str, str], places: Path, settings: Any
    ) -> None:
        settings.ERASED_FILE.write_text("guardian 00ff\n")
        path = Path(said("backup", "--keys").split(". Keep")[0])
        assert path.parent == settings.BACKUP_KEYS_DIR
        (before,) = settings.CLB_KEY_DIR.iterdir()
        settings.CLB_KEY_DIR, settings.ERASED_FILE = places / "new_keys", places / "new_erased.txt"
        settings.ERASED_FILE.write_text("pupil aa\n")
        settings.SECRET_KEY = "the-one-of-the-new-machine-0123456789"
        words = said("restore", "--keys", str(path), *key)
        (after,) = settings.CLB_KEY_DIR.iterdir()
        assert after.read_bytes() == before.read_bytes()
        assert after.stat().st_mode & 0o077 == 0
        assert settings.ERASED_FILE.read_text() == "pupil aa\nguardian 00ff\n"
        assert "restored-secrets.env" in words
        assert "SECRET_KEY=only-for-tests" in (places / "restored-secrets.env").read_text()

    def test_on_another_machine_they_are_in_a_backup_still(
        self, centre: CLBCentre, key: tuple[str, str], places: Path, settings: Any
    ) -> None:
        (made,) = settings.CLB_KEY_DIR.iterdir()
        yesterday = (timezone.now() - timedelta(days=1)).timestamp()
        os.utime(made, (yesterday, yesterday))
        path = said("backup", "--keys").split(". Keep")[0]
        settings.CLB_KEY_DIR = places / "new_keys"
        said("restore", "--keys", path, *key)
        assert "backup of the keys" not in {finding.code for finding in placed.look()}

    def test_earlier_keys_come_along_and_a_ledger_of_nobody_is_one(
        self, centre: CLBCentre, key: tuple[str, str], places: Path, settings: Any
    ) -> None:
        settings.NOTICE_LINK_KEY_FALLBACKS = ["one-of-last-year-0123456789abcdef"]
        path = said("backup", "--keys").split(". Keep")[0]
        settings.NOTICE_LINK_KEY_FALLBACKS, settings.ERASED_FILE = [], places / "new_erased.txt"
        said("restore", "--keys", path, *key)
        assert settings.ERASED_FILE.read_text() == ""
        words = (places / "restored-secrets.env").read_text()
        assert "NOTICE_LINK_KEY_FALLBACKS=one-of-last-year" in words

    def test_a_key_that_is_another_one_is_not_overwritten(
        self, centre: CLBCentre, key: tuple[str, str], settings: Any
    ) -> None:
        path = said("backup", "--keys").split(". Keep")[0]
        (place,) = settings.CLB_KEY_DIR.iterdir()
        place.write_bytes(b"another")
        with pytest.raises(CommandError, match="is another key"):
            said("restore", "--keys", path, *key)
        assert place.read_bytes() == b"another"

    def test_they_are_not_kept_beside_what_they_open(self, places: Path, settings: Any) -> None:
        settings.BACKUP_KEYS_DIR = settings.BACKUP_DIR
        with pytest.raises(CommandError, match="kept apart"):
            said("backup", "--keys")

    def test_a_backup_holds_no_key(self, centre: CLBCentre, key: tuple[str, str], empty_place: Begin) -> None:
        folder = backup()
        empty_place()
        said("restore", str(folder), *key)
        assert not CLBNote.objects.exists()
        assert sorted(path.name for path in folder.iterdir()) == ["database.age", "files.age", "manifest.age"]
