"""What a running post opens, role by role, at the school where it is and at no other."""

from __future__ import annotations

import pytest

from schools import clock
from schools.models import Assignment
from schools.scope import scope_of
from tests.cast import Cast, make_account

pytestmark = pytest.mark.django_db

WHAT = ("schools", "care_schools", "kept_schools", "led_schools", "run_schools")


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("HEAD", {"schools", "care_schools", "kept_schools", "led_schools", "run_schools"}),
        ("CARE_COORDINATOR", {"schools", "care_schools"}),
        ("LIAISON", {"schools", "care_schools"}),
        ("OFFICE", {"schools", "kept_schools", "run_schools"}),
        ("ADMIN", {"run_schools"}),
        ("TRANSLATOR", set()),
    ],
)
def test_a_post_at_a_school_opens_what_its_role_needs(cast: Cast, role: str, opens: set[str]) -> None:
    user, school = make_account("nieuw@cast.example", "Nieuwe Collega"), cast.schools["kersenboom"]
    languages = ["pa"] if role == "TRANSLATOR" else []
    Assignment.objects.create(
        user=user, role=role, school=school, starts_on=cast.year.starts_on, ends_on=clock.today(), languages=languages
    )
    scope = scope_of(user)
    assert {name: getattr(scope, name) for name in WHAT} == {
        name: frozenset({school.pk} if name in opens else ()) for name in WHAT
    }
    assert not scope.is_administrator, "of the whole portal is only who administers no single school"
    assert not scope.note_centres
