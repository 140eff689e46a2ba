"""A disk that is full says how much is left of it: of a small one, parts of a hundred say nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ingroeibloei.operating import placed
from ingroeibloei.operating.findings import Level

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("total", "free", "said"), [(150, 149, "149 MB"), (10**5, 1000, "1000 MB")])
def test_it_says_how_much_is_left(total: int, free: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    room = SimpleNamespace(total=total * 10**6, free=free * 10**6)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: room)
    (disk,) = [finding for finding in placed.look() if finding.code.startswith("disk")]
    assert disk.level is Level.BAD
    assert said in disk.words
    assert "%" not in disk.words
