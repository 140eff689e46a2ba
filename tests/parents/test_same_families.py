"""Families at two schools that may be one: found by what they share, decided by the joint worker and nobody else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parents.models import (
    ContactMoment,
    ContactPoint,
    Family,
    FamilyMatch,
    FamilyMembership,
    FamilyMerge,
    FollowUp,
    Guardian,
    Guardianship,
    LegalHold,
    MatchState,
)
from parents.models.samefamily import UNDO_DAYS
from parents.samefamily.facts import kind_of
from parents.samefamily.moving import holders
from parents.services import hold_family, join_families, keep_apart, offer_same_families, undo_join
from schools import clock
from schools.models import AuditEntry, AuditSubject, Enrolment, Participation, Pupil
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
PAGE = reverse("same_families")


class Homes:
    """Makes families at the two schools of the cast, with nothing in common but what is said."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.number = 0

    def add(
        self,
        room: str,
        last: str = "",
        *,
        parent: tuple[str, str] | None = None,
        phone: str = "",
        street: str = "",
        child: str = "",
        born: date | None = None,
    ) -> Family:
        self.number += 1
        n, start = self.number, self.cast.year.starts_on
        place = self.cast.classes[room]
        family = Family.objects.create(home_language="")
        pupil = Pupil.objects.create(first_name=child or f"Kind{n}", last_name=last, birth_date=born)
        Enrolment.objects.create(pupil=pupil, school=place.school, school_class=place, starts_on=start)
        FamilyMembership.objects.create(family=family, pupil=pupil, starts_on=start)
        first, name = parent or (f"Ouder{chr(96 + n)}", last)
        guardian = Guardian.objects.create(first_name=first, last_name=name)
        Guardianship.objects.create(pupil=pupil, guardian=guardian, starts_on=start)
        if phone:
            point = ContactPoint.objects.create(kind="PHONE", value=phone, valid_from=start)
            point.uses.create(guardian=guardian)
        if street:
            guardian.household = self.cast.guardians["mother"].household.__class__.objects.create(  # type: ignore[union-attr]
                street=street, postcode="3800", city="Sint-Truiden"
            )
            guardian.save(update_fields=["household"])
        return family


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return Homes(cast)


def found() -> dict[tuple[int, int], set[str]]:
    offer_same_families()
    rows = FamilyMatch.objects.filter(state=MatchState.OPEN)
    return {(row.first_id, row.second_id): {kind_of(fact) for fact in row.facts} for row in rows}


def pupil_of(family: Family) -> Pupil:
    return Pupil.objects.get(family_memberships__family=family)


def matched(homes: Homes) -> FamilyMatch:
    """Two families with one phone number, one at each school."""
    homes.add("3b", "Yilmaz", phone="+32470001111")
    homes.add("go2", "Demir", phone="+32470001111")
    offer_same_families()
    return FamilyMatch.objects.get()


# --- what is found ---


def test_one_phone_number_at_two_schools_is_a_sign(homes: Homes) -> None:
    one, other = homes.add("3b", "Yilmaz", phone="+32470001111"), homes.add("go2", "Demir", phone="+32470001111")
    assert found() == {(one.pk, other.pk): {"PHONE"}}


def test_an_address_is_one_with_a_surname_only(homes: Homes) -> None:
    one = homes.add("3b", "Yilmaz", street="Appelhof 3")
    homes.add("go2", "Demir", street="Appelhof 3")
    homes.add("go2", "Yilmaz", street="Appelhof 4")
    assert found() == {}
    same = homes.add("go2", "YILMAZ", street="APPELHOF 3")
    assert found() == {(one.pk, same.pk): {"ADDRESS", "SURNAME"}}


def test_another_spelling_of_a_name_is_the_same_name(homes: Homes) -> None:
    homes.add("3b", "Yılmaz", street="Appelhof 3")
    homes.add("go2", "Yilmaz", street="Appelhof, 3")
    assert len(found()) == 1


@pytest.mark.parametrize(("one", "other"), [("Singh", "Singh"), ("Kaur", "Kaur"), ("Begum", "Begum")])
def test_singh_and_kaur_are_no_families(homes: Homes, one: str, other: str) -> None:
    homes.add("3b", one, parent=("Harpreet", one), street="Appelhof 3")
    homes.add("go2", other, parent=("Harpreet", other), street="Appelhof 3")
    assert found() == {}


def test_one_name_is_a_whole_name(homes: Homes) -> None:
    one = homes.add("3b", parent=("Zarmina", ""), street="Appelhof 3")
    same = homes.add("go2", parent=("Zarmina", "."), street="Appelhof 3")
    homes.add("go2", parent=("Zarmina", "Ahmadi"), street="Appelhof 3")
    assert found() == {(one.pk, same.pk): {"ADDRESS", "NAME"}}


def test_a_name_in_its_own_script_is_compared_in_it(homes: Homes) -> None:
    one = homes.add("3b", parent=("ਹਰਪ੍ਰੀਤ", ""), street="Appelhof 3")
    same = homes.add("go2", parent=("ਹਰਪ੍ਰੀਤ", ""), street="Appelhof 3")
    homes.add("go2", parent=("ਹਰਪਰਤ", ""), street="Appelhof 3")
    assert set(found()) == {(one.pk, same.pk)}


def test_ivanova_is_the_daughter_of_ivanov(homes: Homes) -> None:
    homes.add("3b", "Ivanova", street="Appelhof 3")
    homes.add("go2", "Ivanov", street="Appelhof 3")
    assert len(found()) == 1


def test_twins_in_two_schools_with_a_parent_of_one_name(homes: Homes) -> None:
    born = date(2018, 3, 4)
    homes.add("3b", "Peeters", parent=("Sofie", "Maes"), child="Lena", born=born)
    homes.add("go2", "Peeters", parent=("Sofie", "Maes"), child="Milan", born=born)
    homes.add("go2", "Peeters", parent=("Sofie", "Maes"), born=date(2016, 1, 1))
    assert list(found().values()) == [{"NAME", "BIRTHDAY", "SURNAME"}], "without the day a name is a name"


def test_the_phone_of_a_shelter_is_no_sign(homes: Homes) -> None:
    for number in range(13):
        homes.add("3b" if number % 2 else "go2", f"Naam{'abcdefghijklm'[number]}", phone="+32470001111")
    assert found() == {}


def test_a_comparison_school_is_not_looked_at(homes: Homes) -> None:
    Participation.objects.filter(school=homes.cast.schools["bloesem"]).update(role="COMPARISON")
    homes.add("3b", "Yilmaz", phone="+32470001111")
    homes.add("go2", "Demir", phone="+32470001111")
    assert found() == {}


def test_looking_costs_the_same_for_few_and_for_many(homes: Homes) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            offer_same_families()
        return len(captured)

    matched(homes)
    few = queries()
    for number in range(20):
        homes.add("3b", "Demir", phone=f"+3247000{number:04}")
        homes.add("go2", "Demir", phone=f"+3247000{number:04}")
    queries()
    assert queries() == few


def test_what_is_kept_of_a_pair_says_no_name_and_no_number(homes: Homes) -> None:
    assert "Yilmaz" not in str(matched(homes).facts)
    assert "32470001111" not in str(matched.__doc__) + str(FamilyMatch.objects.get().facts)


# --- what is decided ---


def test_not_the_same_is_remembered_until_they_share_more(homes: Homes) -> None:
    match = matched(homes)
    keep_apart(match=match, by=homes.cast.staff["joint"])
    assert found() == {}
    Guardian.objects.filter(guardianships__pupil__in=[pupil_of(match.first), pupil_of(match.second)]).update(
        first_name="Ayse", last_name="Aydin"
    )
    assert list(found().values()) == [{"PHONE", "NAME", "SURNAME"}]
    Guardian.objects.filter(guardianships__pupil=pupil_of(match.second)).update(first_name="Elif", last_name="Kaya")
    assert found() == {}, "what was new is gone, and no was said to the rest"
    assert FamilyMatch.objects.get().state == MatchState.DIFFERENT


def test_a_refusal_goes_along_into_a_joined_family(homes: Homes) -> None:
    one, other, third = (homes.add(room, name, phone=f"+3247000{n}111") for room, name, n in [
        ("3b", "Yilmaz", 1), ("go2", "Demir", 2), ("1a", "Kaya", 3)])  # fmt: skip
    for value, pair in (("+32470005555", (one, other)), ("+32470006666", (other, third))):
        point = ContactPoint.objects.create(kind="PHONE", value=value, valid_from=homes.cast.year.starts_on)
        for family in pair:
            point.uses.create(guardian=Guardian.objects.get(guardianships__pupil=pupil_of(family)))
    assert len(found()) == 2
    keep_apart(match=FamilyMatch.objects.get(first=other, second=third), by=homes.cast.staff["joint"])
    join_families(match=FamilyMatch.objects.get(first=one, second=other), by=homes.cast.staff["joint"])
    assert found() == {}


def test_one_family_takes_in_the_other_with_all_that_is_its_own(homes: Homes) -> None:
    match = matched(homes)
    one, other = match.first, match.second
    Family.objects.filter(pk=other.pk).update(home_language="tr")
    talk = ContactMoment.objects.create(
        school=homes.cast.schools["bloesem"], family=other, kind="PHONE", outcome="REACHED_AGREED",
        held_on=clock.today(), initiative="TEACHER", purpose="PRAISE", recorded_by=homes.cast.staff["teacher_go"],
        recorded_at=clock.now(),
    )  # fmt: skip
    talk.pupils.add(pupil_of(other))
    before = snapshot()
    merge = join_families(match=match, by=homes.cast.staff["joint"])
    assert set(FamilyMembership.objects.filter(family=one).values_list("pupil__last_name", flat=True)) == {
        "Yilmaz",
        "Demir",
    }
    talk.refresh_from_db()
    assert talk.family_id == one.pk
    assert Family.objects.get(pk=one.pk).home_language == "tr"
    entry = AuditEntry.objects.get(verb="joined families")
    assert AuditSubject.objects.filter(entry=entry).count() == 2
    undo_join(merge=merge, by=homes.cast.staff["joint"])
    assert snapshot() == before
    assert FamilyMatch.objects.get().state == MatchState.OPEN


def snapshot() -> dict[str, Any]:
    """Whose every row is that belongs to a family."""
    rows = {model._meta.label: sorted(model._base_manager.values_list("pk", column)) for model, column in holders()}
    return rows | {"languages": sorted(Family.objects.values_list("pk", "home_language"))}


def test_what_came_since_goes_to_whose_people_it_is_about(homes: Homes) -> None:
    match = matched(homes)
    one, other = match.first, match.second
    merge = join_families(match=match, by=homes.cast.staff["joint"])
    facts = {"family": one, "due_on": clock.today(), "created_at": clock.now()}
    schools, pupils = homes.cast.schools, [pupil_of_last("Yilmaz"), pupil_of_last("Demir")]
    first = FollowUp.objects.create(school=schools["kersenboom"], pupil=pupils[0], what="a", **facts)
    second = FollowUp.objects.create(school=schools["bloesem"], pupil=pupils[1], what="b", **facts)
    by_school = FollowUp.objects.create(school=schools["bloesem"], what="c", **facts)
    hold_family(
        family=one, by=homes.cast.staff["head"], because="klacht", until=clock.today(), school_id=schools["bloesem"].pk
    )
    undo_join(merge=merge, by=homes.cast.staff["joint"])
    assert [FollowUp.objects.get(pk=row.pk).family_id for row in (first, second, by_school)] == [
        one.pk,
        other.pk,
        other.pk,
    ]
    assert set(LegalHold.objects.families()) == {one.pk, other.pk}, "held is held, on both"


def pupil_of_last(name: str) -> Pupil:
    return Pupil.objects.get(last_name=name)


def test_it_can_be_undone_for_thirty_days(homes: Homes) -> None:
    merge = join_families(match=matched(homes), by=homes.cast.staff["joint"])
    FamilyMerge.objects.update(at=clock.now() - timedelta(days=UNDO_DAYS + 1))
    with pytest.raises(ValidationError):
        undo_join(merge=merge, by=homes.cast.staff["joint"])
    client = homes.cast.client("joint")
    assert client.post(reverse("same_family_undo", args=[merge.pk])).status_code == 404
    FamilyMerge.objects.update(at=clock.now() - timedelta(days=UNDO_DAYS))
    assert client.post(reverse("same_family_undo", args=[merge.pk])).status_code == 302
    assert FamilyMerge.objects.standing().count() == 0


def test_a_pair_is_decided_once(homes: Homes) -> None:
    match = matched(homes)
    join_families(match=match, by=homes.cast.staff["joint"])
    with pytest.raises(ValidationError):
        join_families(match=match, by=homes.cast.staff["joint"])
    with pytest.raises(ValidationError):
        keep_apart(match=match, by=homes.cast.staff["joint"])


# --- who sees what ---


def test_the_joint_worker_compares_and_decides_on_one_page(homes: Homes) -> None:
    match = matched(homes)
    client = homes.cast.client("joint")
    page = text_of(client.get(PAGE))
    assert "Ze gebruiken hetzelfde telefoonnummer." in page
    assert "3B, VBS De Kersenboom" in page
    assert "2A, GO! basisschool De Bloesem" in page
    entry = AuditEntry.objects.get(verb="compared families")
    assert AuditSubject.objects.filter(entry=entry).count() == 2
    client.post(reverse("same_family_decide", args=[match.pk]), {"answer": "same"})
    assert FamilyMerge.objects.get().kept_id == match.first_id
    assert FamilyMerge.objects.get().by == homes.cast.staff["joint"]
    assert "Kan ongedaan gemaakt worden tot" in text_of(client.get(PAGE))


def test_her_week_and_the_rail_count_them(homes: Homes) -> None:
    matched(homes)
    assert "paar gezinnen is misschien één gezin" in text_of(homes.cast.client("joint").get(reverse("my_week")))
    assert PAGE not in homes.cast.client("head").get(reverse("my_week")).content.decode()


@pytest.mark.parametrize("key", ["head", "head_go", "office", "clb_vclb", "director_vclb", "coordinator", "admin"])
def test_nobody_else_comes_to_it(homes: Homes, key: str) -> None:
    match = matched(homes)
    client = homes.cast.client(key)
    assert client.get(PAGE).status_code == 403
    assert client.post(reverse("same_family_decide", args=[match.pk]), {"answer": "same"}).status_code == 403


def test_the_joint_worker_of_another_project_does_not_see_the_pair(homes: Homes) -> None:
    match = matched(homes)
    Participation.objects.filter(school=homes.cast.schools["bloesem"]).delete()
    client = homes.cast.client("joint")
    assert match.pk not in FamilyMatch.objects.visible_to(homes.cast.staff["joint"]).values_list("pk", flat=True)
    assert client.post(reverse("same_family_decide", args=[match.pk]), {"answer": "same"}).status_code == 404


def test_a_school_sees_of_a_joined_family_what_it_saw_before(homes: Homes) -> None:
    match = matched(homes)
    schools = homes.cast.schools
    hold_family(
        family=match.second,
        by=homes.cast.staff["head_go"],
        because="klacht bij De Bloesem",
        until=clock.today(),
        school_id=schools["bloesem"].pk,
    )
    join_families(match=match, by=homes.cast.staff["joint"])
    for key, own, others in (("head", "Yilmaz", "Demir"), ("head_go", "Demir", "Yilmaz")):
        client = homes.cast.client(key)
        for name in ("family_detail", "family_rights", "family_notices", "family_ladder"):
            page = client.get(reverse(name, args=[match.first_id])).content.decode()
            assert others not in page
            assert ("klacht bij De Bloesem" in page) == (key == "head_go" and name == "family_rights")
        assert own in client.get(reverse("family_detail", args=[match.first_id])).content.decode()
        assert others not in client.get(reverse("family_list")).content.decode().replace("1A", "")
    assert set(LegalHold.objects.families()) == {match.first_id}


def test_every_table_with_a_family_is_known(db: None) -> None:
    assert {model._meta.label for model, _column in holders()} == {
        "parents.Attendance", "parents.ConferenceSlot", "parents.ContactMoment", "parents.FamilyMembership",
        "parents.FollowUp", "parents.InterpreterRequest", "parents.LegalHold", "parents.OwnVersion",
        "messaging.Answer", "messaging.Notice", "messaging.Thread",
    }  # fmt: skip
