from pathlib import Path

import pytest
from django.conf import settings

from tests.emptying import insert_only_tables_can_be_emptied

__all__ = ["insert_only_tables_can_be_emptied"]


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """WhiteNoise looks into it when a page is asked for."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
