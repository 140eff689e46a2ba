"""``seed_demo`` fills an empty demo once, and tells the accounts to its owner only."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command

from ingroeibloei.demo.accounts import Passwords, accounts_file, write_accounts
from ingroeibloei.demo.cast import CAST, GUARDIAN
from ingroeibloei.demo.world import World
from messaging.tokens import delivery_of
from reports.models import EvaluationReport, ReportKind
from schools.models import School, User
from tests.reports.conftest import travel_to


@pytest.fixture(scope="module")
def written(world: World) -> dict[str, Any]:
    passwords = Passwords()
    passwords.give(world)
    content: dict[str, Any] = json.loads(write_accounts(world, passwords.plain).read_text())
    return content


def test_the_file_is_for_its_owner_only(written: dict[str, Any]) -> None:
    assert stat.S_IMODE(accounts_file().stat().st_mode) == 0o600


def test_the_file_names_everybody_of_the_cast(written: dict[str, Any]) -> None:
    assert set(written) == {"accounts", "notices"}
    assert [row["key"] for row in written["accounts"]] == [entry.key for entry in CAST]
    for row in written["accounts"]:
        assert set(row) == {"key", "role", "name", "email", "password", "sign_in_url"}
        assert row["sign_in_url"].endswith(f"/demo/word/{row['key']}/")
        assert row["email"].endswith(".example")
        assert bool(row["password"]) == (row["role"] != GUARDIAN)


def test_its_passwords_open_the_accounts_and_no_other_account_has_one(written: dict[str, Any]) -> None:
    passwords = {row["email"]: row["password"] for row in written["accounts"] if row["password"]}
    for user in User.objects.all():
        assert user.check_password(passwords[user.email]) if user.email in passwords else not user.has_usable_password()
    assert set(EmailAddress.objects.filter(verified=True).values_list("email", flat=True)) == set(passwords)


def test_a_password_that_cannot_be_guessed_is_hashed_quickly_and_again_at_the_first_sign_in(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    passwords = Passwords()
    assert all(len(word) >= 16 for word in passwords.plain.values())
    key, word = next(iter(passwords.plain.items()))
    kept: list[str] = []
    assert check_password(word, passwords.hashed(key), setter=kept.append)
    assert kept == [word], "it is hashed anew, as slowly as all others"


def test_its_links_open_the_notices(written: dict[str, Any]) -> None:
    assert {(row["guardian"], row["language"]) for row in written["notices"]} == {
        ("moeder", "pa"),
        ("vader", "ar"),
        ("ouder-nl", "nl"),
    }
    for row in written["notices"]:
        delivery = delivery_of(row["url"].rstrip("/").rpartition("/")[2])
        assert delivery is not None
        assert delivery.language == row["language"]


@pytest.mark.django_db
def test_outside_a_demo_it_refuses(settings: object) -> None:
    settings.DEMO = settings.TESTING = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="INGROEIBLOEI_ENV=demo"):
        call_command("seed_demo")


@pytest.mark.django_db
def test_only_a_demo_is_forgotten(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="forgets"):
        call_command("seed_demo", fresh=True)


def test_a_second_run_leaves_the_world_as_it_is(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed_demo")
    assert "stays as it is" in capsys.readouterr().out
    assert School.objects.count() == 8


def test_on_another_port_the_file_of_accounts_leads_there(world: World, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.SITE_URL = tmp_path, "http://localhost:8000"
    path = write_accounts(world, {"leerkracht": "geheim-woord"})
    before = json.loads(path.read_text(encoding="utf-8"))
    settings.SITE_URL = "http://localhost:8123"
    call_command("seed_demo")
    after = json.loads(path.read_text(encoding="utf-8"))
    links = [row["sign_in_url"] for row in after["accounts"]] + [row["url"] for row in after["notices"]]
    assert len(links) > 20
    assert all(link.startswith("http://localhost:8123/") for link in links)
    assert [row["password"] for row in after["accounts"]] == [row["password"] for row in before["accounts"]]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.django_db
def test_an_empty_demo_of_june_is_filled(
    settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR, settings.CLB_KEY_DIR = tmp_path, tmp_path / "keys"  # type: ignore[attr-defined]
    School.objects.all().delete()
    travel_to(monkeypatch, date(2027, 6, 22))
    call_command("seed_demo")
    assert list(EvaluationReport.objects.values_list("kind", flat=True)) == [ReportKind.FINAL]
    assert "The demo world is ready" in capsys.readouterr().out
    assert (tmp_path / "demo_accounts.json").exists()
