"""A number that a list marked as shared is no shared one once only one person uses it: else no name stood before a
second fact for ever, and nobody could undo the mark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from parents.models import ContactPoint, Guardian
from parents.roster.outright import bring_in
from parents.services.contactrequests import replace_contact
from parents.services.forgetting import forget_points
from parents.signin import Reachable
from schools.models import Pupil, School, User
from schools.roster.keys import key_of
from schools.roster.rows import GuardianRow, LinkRow, Place, Roster
from tests import factories as make

pytestmark = pytest.mark.django_db
AT, PHONE, OWN = Place("ouders.csv"), "+32470001111", "+32470002222"


class Couple:
    """A mother and a father whom a list gave one phone."""

    def __init__(self) -> None:
        self.room = make.make_class()
        self.school: School = self.room.school
        family = make.make_family(self.room, languages=["nl", "nl"], emails=[], children=["Bo"])
        self.mother, self.father = family.guardians
        Pupil.objects.filter(pk=family.pupils[0].pk).update(source_system=key_of("wisa", self.school), source_id="p1")
        self.listed(PHONE, PHONE)
        self.by: User = make.make_head(self.school)

    def listed(self, mother: str, father: str) -> None:
        people = [("G1", self.mother, mother), ("G2", self.father, father)]
        rows = [GuardianRow(AT, key, one.first_name, one.last_name, phones=(phone,)) for key, one, phone in people]
        links = [LinkRow(AT, "p1", key) for key, _one, _phone in people]
        bring_in(Roster("wisa", complete=False, guardians=rows, links=links), [self.school], many_leave=True)

    @property
    def users(self) -> tuple[bool, set[Guardian]]:
        point = ContactPoint.objects.get(value=PHONE)
        return point.is_shared, set(point.guardians.all())


@pytest.fixture
def couple(db: None, settings: Any, tmp_path: Path) -> Couple:
    settings.ERASED_FILE = tmp_path / "erased.txt"
    found = Couple()
    assert found.users == (True, {found.mother, found.father})
    return found


def test_when_a_later_list_gives_one_of_them_another(couple: Couple) -> None:
    couple.listed(OWN, PHONE)
    assert couple.users == (False, {couple.father})
    couple.listed(PHONE, PHONE)
    assert couple.users[0], "shared once more"


def test_when_one_of_them_told_another(couple: Couple) -> None:
    replace_contact(
        guardian=couple.mother,
        contact=Reachable("PHONE", OWN),
        replaces=ContactPoint.objects.get(value=PHONE),
        by=couple.by,
        school=couple.school,
    )
    assert couple.users == (False, {couple.father})


def test_when_one_of_them_is_forgotten_and_not_while_two_are_left(couple: Couple) -> None:
    point = ContactPoint.objects.get(value=PHONE)
    point.uses.create(guardian=make.make_guardian([]))
    forget_points([couple.mother.pk])
    assert couple.users[0]
    forget_points([couple.father.pk])
    assert not couple.users[0]
