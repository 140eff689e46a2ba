from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.cast import build_cast
from tests.surface.rows import Rows, build_rows


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rows]:
    """The cast and one row of everything, built once for a file of tests and rolled back after it."""
    keys = tmp_path_factory.mktemp("clb_keys")
    with django_db_blocker.unblock(), override_settings(CLB_KEY_DIR=keys), transaction.atomic():
        yield build_rows(build_cast())
        transaction.set_rollback(True)


@pytest.fixture
def rows(town: Rows, db: None) -> Rows:
    """The same; what a test changes is undone after it."""
    return town
