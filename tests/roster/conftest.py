from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingroeibloei import stores
from schools.models import Assignment, Role, School, User
from tests import factories as make


@pytest.fixture
def own_places(settings: Any, tmp_path: Path) -> None:
    """Uploads and their progress of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CACHES = {"default": stores.cache("", tmp_path)}


@pytest.fixture
def school(db: None) -> School:
    """A school without a list yet, in the running year."""
    make.make_school_year()
    return make.make_school()


@pytest.fixture
def office(school: School) -> User:
    return office_of(school)


def office_of(school: School) -> User:
    user = make.make_user("Greet Pauls")
    Assignment.objects.create(user=user, role=Role.OFFICE, school=school, starts_on=make.LONG_AGO)
    return user
