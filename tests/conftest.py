from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast, build_cast


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
