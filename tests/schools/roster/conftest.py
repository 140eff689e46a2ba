from __future__ import annotations

from pathlib import Path

import pytest

from tests.schools.roster.makers import Upload


@pytest.fixture
def upload(tmp_path: Path) -> Upload:
    return Upload(tmp_path)
