"""A talk counts in the group of the family's language, also when that became known after it."""

from __future__ import annotations

import pytest

from parents.models import ContactMoment, Family
from parents.roster.outright import bring_in
from parents.services import join_families, log_contact_moment, undo_join
from schools import clock
from schools.models import Pupil
from schools.roster.keys import key_of
from schools.roster.rows import GuardianRow, LinkRow, Place, Roster
from tests import factories as make
from tests.cast import Cast
from tests.parents.homes import Homes, matched, pupil_of

pytestmark = pytest.mark.django_db
AT = Place("ouders.csv")


def groups(*families: Family) -> list[set[str]]:
    rows = ContactMoment.objects.all()
    return [set(rows.filter(family=family).values_list("language_group", flat=True)) for family in families]


def talk(pupil: Pupil) -> ContactMoment:
    room = pupil.enrolments.get().school_class
    return log_contact_moment(
        author=make.make_teacher(room), school=room.school, pupils=[pupil], kind="PHONE", outcome="REACHED_AGREED",
        held_on=clock.today(), purpose="PRAISE",
    )  # fmt: skip


def test_a_list_that_says_the_language_says_it_of_the_talks_before(db: None) -> None:
    room = make.make_class()
    made = make.make_family(room, languages=["ar"], children=["Amina"])
    other = make.make_family(room, languages=["nl"], children=["Bo"])
    pupil, (mother,) = made.pupils[0], made.guardians
    Family.objects.update(home_language="")
    for child in (pupil, other.pupils[0]):
        talk(child)
    assert groups(made.family, other.family) == [{"unknown"}, {"unknown"}]
    Pupil.objects.filter(pk=pupil.pk).update(source_system=key_of("wisa", room.school), source_id="p1")
    said = GuardianRow(AT, "G1", mother.first_name, mother.last_name, home_language="ar")
    rows = Roster("wisa", complete=False, guardians=[said], links=[LinkRow(AT, "p1", "G1")])
    bring_in(rows, [room.school], many_leave=True)
    made.family.refresh_from_db()
    assert made.family.home_language == "ar"
    assert groups(made.family, other.family) == [{"other"}, {"unknown"}]


def test_two_families_that_are_one_and_parted_again(cast: Cast) -> None:
    match = matched(Homes(cast))
    kept, joined = match.first, match.second
    Family.objects.filter(pk=kept.pk).update(home_language="")
    Family.objects.filter(pk=joined.pk).update(home_language="tr")
    for family in (kept, joined):
        talk(pupil_of(family))
    assert groups(kept, joined) == [{"unknown"}, {"other"}]
    merge = join_families(match=match, by=cast.staff["joint"])
    assert groups(kept) == [{"other"}]
    undo_join(merge=merge, by=cast.staff["joint"])
    assert groups(kept, joined) == [{"unknown"}, {"other"}]
