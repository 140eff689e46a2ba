from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import override_settings

from ingroeibloei import stores
from schools.models import User
from tests.cast import Cast, build_cast
from tests.mould import poured_by_all
from tests.surface.accounts import PASSWORD
from tests.surface.rows import Rows, build_rows


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the town lies ready for the next file of tests."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture(scope="module")
def town(
    django_db_setup: None, django_db_blocker: Any, shelf: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rows]:
    """The cast and one row of everything, there for a file of tests and rolled back after it."""
    folder = tmp_path_factory.mktemp("town")
    places = {"CLB_KEY_DIR": folder / "clb_keys", "MEDIA_ROOT": folder / "media"}
    with django_db_blocker.unblock(), override_settings(**places), transaction.atomic():
        yield poured_by_all(shelf, folder, whole_town)
        transaction.set_rollback(True)


def whole_town() -> Rows:
    return build_rows(build_cast())


@pytest.fixture
def rows(town: Rows, db: None) -> Rows:
    """The same; what a test changes is undone after it."""
    return town


@pytest.fixture
def cast(rows: Rows) -> Cast:
    """The town of a file's tests: there is one."""
    return rows.cast


@pytest.fixture
def own_cache(settings: Any, tmp_path: Any) -> None:
    """Limits are counted for each test apart."""
    settings.CACHES = {"default": stores.cache("", tmp_path)}


@pytest.fixture
def teacher(cast: Cast) -> User:
    """A teacher with a password and, so that one step is enough here, no second factor yet."""
    user: User = User.objects.get(pk=cast.staff["teacher_3b"].pk)
    user.set_password(PASSWORD)
    user.save()
    Authenticator.objects.filter(user=user).delete()
    return user
