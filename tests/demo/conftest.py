"""The demo world, there for each file that asks for it and rolled back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from ingroeibloei.demo.world import World
from tests.demo.ready_world import TODAY, ready_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    places = {
        "DEMO_TODAY": TODAY,
        "VAR_DIR": folder,
        "CLB_KEY_DIR": folder / "clb_keys",
        "MEDIA_ROOT": folder / "media",
    }
    with django_db_blocker.unblock(), override_settings(**places), transaction.atomic():
        yield ready_world(folder)
        transaction.set_rollback(True)
