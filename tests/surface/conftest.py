from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import override_settings

from ingroeibloei import stores
from schools.models import User
from tests.cast import Cast, build_cast
from tests.surface.accounts import PASSWORD
from tests.surface.rows import Rows, build_rows


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rows]:
    """The cast and one row of everything, built once for a file of tests and rolled back after it."""
    keys = tmp_path_factory.mktemp("clb_keys")
    folders = {"CLB_KEY_DIR": keys, "MEDIA_ROOT": tmp_path_factory.mktemp("media")}
    with django_db_blocker.unblock(), override_settings(**folders), transaction.atomic():
        yield build_rows(build_cast())
        transaction.set_rollback(True)


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
