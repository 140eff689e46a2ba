"""The file with school accounts is read strictly: what is wrong stops the start with a sentence that says where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from ingroeibloei.schoolaccounts import school_accounts

ENTRY: dict[str, Any] = {
    "id": "go-kersenboom",
    "name": "De Kersenboom",
    "issuer": "https://login.kersenboom.example/tenant/",
    "client_id": "portaal",
    "client_secret": "geheim",
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "accounts.json"
    monkeypatch.setenv("SCHOOL_ACCOUNTS", str(path))
    return path


def write(path: Path, content: Any, mode: int = 0o600) -> None:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(mode)


def test_without_the_file_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHOOL_ACCOUNTS", raising=False)
    assert school_accounts(production=True) == []


def test_an_entry_becomes_what_allauth_reads(file: Path) -> None:
    write(file, [{**ENTRY, "trusted_amr": ["mfa"], "form_origins": ["https://elders.example"]}])
    (app,) = school_accounts(production=True)
    assert (app["provider_id"], app["client_id"], app["secret"]) == ("go-kersenboom", "portaal", "geheim")
    known = app["settings"]
    assert (known["issuer"], known["server_url"]) == (ENTRY["issuer"], ENTRY["issuer"].rstrip("/"))
    assert known["form_origins"] == ["https://login.kersenboom.example", "https://elders.example"]
    assert known["oauth_pkce_enabled"]
    assert (known["trusted_amr"], known["trusted_acr"], known["domains"]) == (["mfa"], [], [])


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("{", "SCHOOL_ACCOUNTS"),
        ({}, "list"),
        (["x"], "entry 1"),
        ([{**ENTRY, "client_secret": " "}], "client_secret is missing"),
        ([{**ENTRY, "trust": True}], "trust is not known"),
        ([{**ENTRY, "id": "De Kersenboom"}], "id stands in addresses"),
        ([{**ENTRY, "issuer": "http://login.example"}], "https"),
        ([{**ENTRY, "issuer": "login.example"}], "https"),
        ([{**ENTRY, "domains": "kersenboom.example"}], "lists of words"),
        ([ENTRY, ENTRY], "twice"),
    ],
)
def test_what_is_wrong_stops_the_start(file: Path, content: Any, named: str) -> None:
    write(file, content)
    with pytest.raises(ImproperlyConfigured, match=named) as refused:
        school_accounts(production=True)
    assert "geheim" not in str(refused.value)


def test_a_file_that_others_may_read_and_one_that_is_gone_stop_it_too(file: Path) -> None:
    write(file, [ENTRY], 0o640)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        school_accounts(production=True)
    file.unlink()
    with pytest.raises(ImproperlyConfigured, match="SCHOOL_ACCOUNTS"):
        school_accounts(production=True)
