"""The page that says who may see a family says the same as the doors themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parents.models import Family
from parents.whosees import viewers_of
from schools import clock
from schools.models import AuditEntry, Pupil, Role, User
from schools.scope import scope_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def named(cast: Cast, asking: str, family: str) -> set[str]:
    """The keys of the cast whom the page names to somebody."""
    found = {viewer.post.user_id for viewer in viewers_of(pupils(cast, asking, family))}
    return {key for key, user in cast.staff.items() if user.pk in found}


def pupils(cast: Cast, asking: str, family: str) -> list[Pupil]:
    row = Family.objects.with_children_for(cast.staff[asking]).get(pk=cast.families[family].pk)
    return [membership.pupil for membership in row.shown]  # type: ignore[attr-defined]


def let_in(cast: Cast, family: str) -> set[str]:
    """The keys of those whom the doors let in."""
    keys = set()
    for key, user in cast.staff.items():
        fresh = User.objects.get(pk=user.pk)
        if Family.objects.visible_to(fresh).filter(pk=cast.families[family].pk).exists():
            keys.add(key)
    return keys


@pytest.mark.parametrize("family", ["kaur", "haddad", "peeters"])
def test_it_names_everybody_whom_the_doors_let_in_and_nobody_else(cast: Cast, family: str) -> None:
    assert named(cast, "joint", family) == let_in(cast, family)
    assert "joint" in let_in(cast, family)


def test_who_is_no_colleague_any_more_is_not_named(cast: Cast) -> None:
    cast.staff["teacher_3b"].assignments.update(ends_on=clock.today() - timedelta(days=1))
    User.objects.filter(pk=cast.staff["care"].pk).update(is_active=False)
    assert named(cast, "joint", "haddad") == let_in(cast, "haddad")
    assert not {"teacher_3b", "care"} & named(cast, "joint", "haddad")


def test_a_school_does_not_learn_of_a_sibling_at_another(cast: Cast) -> None:
    told = named(cast, "teacher_3b", "kaur")
    assert not {"teacher_go", "head_go", "clb_go"} & told
    assert {"teacher_go", "head_go", "clb_go"} <= let_in(cast, "kaur")
    page = cast.client("teacher_3b").get(reverse("family_viewers", args=[cast.families["kaur"].pk])).content.decode()
    assert "Simran" in page
    assert "Gurjot" not in page


def test_each_reads_why_and_the_reading_is_logged(cast: Cast) -> None:
    before = AuditEntry.objects.count()
    page = cast.client("head").get(reverse("family_viewers", args=[cast.families["haddad"].pk])).content.decode()
    for words in ("geeft les aan de klas", "werkt voor de hele school", "het centrum begeleidt de school"):
        assert words in page
    assert AuditEntry.objects.count() == before + 1
    assert Role.OFFICE in scope_of(cast.staff["office"]).roles
    assert "leest geen gesprekken" in page


def test_two_queries_however_many_colleagues(cast: Cast) -> None:
    children = pupils(cast, "joint", "kaur")
    with CaptureQueriesContext(connection) as captured:
        viewers_of(children)
    assert len(captured) == 2
