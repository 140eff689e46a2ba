"""Erased people do not come back: not with a restored backup, not with the next import."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from ingroeibloei import retention
from messaging.services import erase_again, erase_guardian, erase_pupil
from parents import ledger
from parents.models import ContactPoint, Erased, Guardian
from schools.models import Pupil
from tests import factories as make
from tests.emptying import empty_tables


@pytest.fixture(autouse=True)
def own_ledger(settings: Any, tmp_path: Path) -> None:
    settings.ERASED_FILE = tmp_path / "erased.txt"


@pytest.fixture
def family(db: None) -> make.MadeFamily:
    """A mother and a father with a child, as an import brought them."""
    made = make.make_family(make.make_class(), languages=["ar", "ar"], emails=["een@post.example", "twee@post.example"])
    mother, father = made.guardians
    Guardian.objects.filter(pk=father.pk).update(source_system="informat", source_id="g-7")
    Pupil.objects.filter(pk=made.pupils[0].pk).update(source_system="informat", source_id="p-7")
    for row in (mother, father, made.pupils[0]):
        row.refresh_from_db()
    return made


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_before_is_restored_and_they_are_erased_again(family: make.MadeFamily, tmp_path: Path) -> None:
    mother, father = family.guardians
    backup = tmp_path / "backup.json"
    call_command("dumpdata", "schools", "parents", "messaging", output=str(backup), verbosity=0)
    erase_guardian(guardian=father, by=None)
    erase_pupil(pupil=family.pupils[0], by=None)

    empty_tables(connection)
    call_command("loaddata", str(backup), verbosity=0)
    father.refresh_from_db()
    assert father.first_name
    assert not Erased.objects.exists(), "the database of before knows nothing of it"

    words = StringIO()
    call_command("reerase", stdout=words)
    assert words.getvalue() == "1 guardians and 1 pupils erased again.\n"
    father.refresh_from_db()
    mother.refresh_from_db()
    assert (father.first_name, father.last_name, father.source_id) == ("", "", "")
    assert not ContactPoint.objects.filter(value="twee@post.example").exists()
    assert Pupil.objects.get(pk=family.pupils[0].pk).first_name == ""
    assert mother.first_name
    assert ContactPoint.objects.filter(value="een@post.example").exists()
    assert erase_again() == (0, 0)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[..., Any]:
    return django_capture_on_commit_callbacks


def test_the_next_import_brings_them_under_their_source_and_the_night_takes_them(
    family: make.MadeFamily, committed: Callable[..., Any]
) -> None:
    father = family.guardians[1]
    with committed(execute=True):
        erase_guardian(guardian=father, by=None)
    assert ledger.erased_guardians().holds("informat", "g-7")
    assert not ledger.erased_guardians().holds("informat", "g-8")
    assert not ledger.erased_guardians().holds("", "")
    again = make.make_guardian(family.pupils, "ar", source_system="informat", source_id="g-7", first_name="Omar")
    make.make_point("nieuw@post.example", again)
    retention.run(dry_run=False)
    again.refresh_from_db()
    assert again.first_name == ""
    assert not ContactPoint.objects.filter(value="nieuw@post.example").exists()


def test_without_a_source_they_are_known_by_name_and_number_together(
    family: make.MadeFamily, committed: Callable[..., Any]
) -> None:
    father = family.guardians[1]
    name: dict[str, Any] = {"first_name": father.first_name, "last_name": father.last_name}
    with committed(execute=True):
        erase_guardian(guardian=father, by=None)
    namesake = make.make_guardian(family.pupils, "ar", **name)
    make.make_point("iemand.anders@post.example", namesake)
    same = make.make_guardian(family.pupils, "ar", **name)
    make.make_point("twee@post.example", same)
    assert erase_again() == (1, 0)
    namesake.refresh_from_db()
    same.refresh_from_db()
    assert (namesake.first_name, same.first_name) == (name["first_name"], "")


def test_the_ledger_names_nobody(family: make.MadeFamily, committed: Callable[..., Any], settings: Any) -> None:
    father = family.guardians[1]
    with committed(execute=True):
        erase_guardian(guardian=father, by=None)
    text = settings.ERASED_FILE.read_text()
    assert len(text.splitlines()) == Erased.objects.count() == 3
    for word in (father.first_name, father.last_name, "twee@post.example", "g-7"):
        assert word not in text
    assert settings.ERASED_FILE.stat().st_mode & 0o077 == 0


def test_another_key_opens_nothing(family: make.MadeFamily, committed: Callable[..., Any], settings: Any) -> None:
    with committed(execute=True):
        erase_guardian(guardian=family.guardians[1], by=None)
    settings.ERASURE_KEY = "another key of thirty-two characters and more"
    assert not ledger.erased_guardians().holds("informat", "g-7")
