from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from ingroeibloei import catalogs
from tests.cast import Cast, build_cast


def pytest_configure(config: pytest.Config) -> None:
    """Once for a run: the product speaks Dutch, so its catalogs are compiled first."""
    if not hasattr(config, "workerinput"):
        catalogs.compile_all()


@pytest.fixture(autouse=True)
def in_no_language_yet() -> None:
    """A page speaks its reader's language for the rest of the thread: each test begins in the portal's own, Dutch."""
    translation.deactivate()


@pytest.fixture
def cast(db: None) -> Cast:
    """The named people in their small town."""
    return build_cast()


@pytest.fixture
def clb_keys(tmp_path: Path, settings: object) -> Path:
    """An empty folder for the key files of the CLB centres."""
    folder = tmp_path / "clb_keys"
    settings.CLB_KEY_DIR = folder  # type: ignore[attr-defined]
    return folder
