"""An operator makes the keys of the centres, and gives one a new key; older notes still open."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from parents.sealing import has_key, open_sealed, seal
from schools.models import CLBCentre

pytestmark = pytest.mark.django_db


@pytest.fixture
def centres() -> list[CLBCentre]:
    rows = [("CLB De Brug", "de-brug"), ("CLB De Brug 2", "de-brug-2")]
    return [CLBCentre.objects.create(name=name, network="VGO", key_name=key) for name, key in rows]


def said(**options: str) -> str:
    out = io.StringIO()
    call_command("clb_keys", stdout=out, **options)
    return out.getvalue()


def test_each_centre_without_a_key_gets_one_and_no_other_does(clb_keys: Path, centres: list[CLBCentre]) -> None:
    assert "key 1 of de-brug\n" in said()
    assert all(has_key(centre) for centre in centres)
    files = sorted(path.name for path in clb_keys.iterdir())
    assert files == ["de-brug-2.1.key", "de-brug.1.key"]
    assert {path.stat().st_mode & 0o777 for path in clb_keys.iterdir()} == {0o600}
    assert "Every centre has its key." in said()
    assert sorted(path.name for path in clb_keys.iterdir()) == files


@pytest.mark.django_db
@pytest.mark.usefixtures("clb_keys")
def test_before_there_is_a_centre_it_says_so() -> None:
    assert "There is no centre yet" in said()


def test_a_next_key_seals_and_the_older_one_opens(clb_keys: Path, centres: list[CLBCentre]) -> None:
    said()
    uid = uuid4()
    number, old = seal("Vertrouwelijk", centres[0], uid)
    assert "key 2 of de-brug\n" in said(renew="de-brug")
    assert seal("Later", centres[0], uid)[0] == 2
    assert open_sealed(old, centres[0], uid, number) == "Vertrouwelijk"


@pytest.mark.usefixtures("clb_keys", "centres")
def test_a_name_that_no_centre_has_is_said() -> None:
    with pytest.raises(CommandError, match="Known are: de-brug, de-brug-2"):
        said(renew="de-burg")
