"""The joint worker joins two families or keeps them apart; for thirty days she parts them as they were."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from parents import tasks
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
from parents.samefamily.moving import holders
from parents.services import hold_family, join_families, keep_apart, undo_join
from schools import clock
from schools.models import AuditEntry, AuditSubject, Pupil
from tests import factories as make
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.parents.homes import Homes, found, matched, pupil_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return Homes(cast)


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


@pytest.mark.parametrize("signs", ["fewer", "none"])
def test_a_pair_that_was_refused_joined_and_parted_may_lose_what_it_shared(homes: Homes, signs: str) -> None:
    """Else no pair of any project would be offered from that night on."""
    match, worker = matched(homes), homes.cast.staff["joint"]
    keep_apart(match=match, by=worker)
    theirs = Guardian.objects.filter(guardianships__pupil__in=[pupil_of(match.first), pupil_of(match.second)])
    theirs.update(first_name="Ayse", last_name="Aydin")
    assert found(), "with a name beside the number the question comes back"
    match.refresh_from_db()
    undo_join(merge=join_families(match=match, by=worker), by=worker)
    assert found(), "parted, the pair waits again"
    theirs.filter(guardianships__pupil=pupil_of(match.second)).update(first_name="Elif", last_name="Kaya")
    if signs == "none":
        ContactPoint.objects.filter(value="+32470001111").update(valid_until=clock.today())
    assert found() == {}
    match.refresh_from_db()
    assert (match.state, match.decided_by) == (MatchState.DIFFERENT, worker)


def test_a_slip_is_taken_back_and_the_pair_waits_again(homes: Homes) -> None:
    match, worker = matched(homes), homes.cast.client("joint")
    page, decide = reverse("same_families"), reverse("same_family_decide", args=[match.pk])
    worker.post(decide, {"answer": "different"})
    shown = text_of(worker.get(page))
    assert "Genoteerd: twee gezinnen" in shown
    assert 'value="open"' in shown
    worker.post(decide, {"answer": "open"})
    match.refresh_from_db()
    assert (match.state, match.refused, match.decided_by) == (MatchState.OPEN, [], None)
    assert found(), "the next night does not put it away again"
    assert AuditEntry.objects.filter(verb="asked again").count() == 1
    worker.post(decide, {"answer": "different"})
    FamilyMatch.objects.update(decided_by=homes.cast.staff["coordinator"])
    assert 'value="open"' not in text_of(worker.get(page)), "what a colleague said, a moment ago too"
    FamilyMatch.objects.update(decided_by=homes.cast.staff["joint"], decided_at=clock.now() - timedelta(hours=1))
    assert 'value="open"' not in text_of(worker.get(page))
    assert "kan niet meer ongedaan" in text_of(worker.post(decide, {"answer": "open"}, follow=True))
    match.refresh_from_db()
    assert match.state == MatchState.DIFFERENT


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
    client, page = homes.cast.client("head_go"), reverse("family_rights", args=[other.pk])
    (hold,) = client.get(page).context["holds"]
    client.post(page, {"form": "release", "hold": hold.pk})
    assert not LegalHold.objects.running().exists(), "who laid it ends it on both: of the other family nobody could"
    assert AuditEntry.objects.filter(verb="released").count() == 2


def test_a_child_that_came_since_goes_with_its_mother_though_a_stepfather_is_of_both(homes: Homes) -> None:
    match = matched(homes)
    merge = join_families(match=match, by=homes.cast.staff["joint"])
    mother = Guardianship.objects.get(pupil=pupil_of_last("Demir")).guardian
    baby = make.make_pupil(homes.cast.classes["go2"])
    FamilyMembership.objects.create(family=merge.kept, pupil=baby, starts_on=homes.cast.year.starts_on)
    Guardianship.objects.create(pupil=baby, guardian=mother, starts_on=homes.cast.year.starts_on)
    make.make_guardian([baby, pupil_of_last("Yilmaz"), pupil_of_last("Demir")])
    undo_join(merge=merge, by=homes.cast.staff["joint"])
    assert FamilyMembership.objects.current().get(pupil=baby).family_id == match.second_id


def pupil_of_last(name: str) -> Pupil:
    return Pupil.objects.get(last_name=name)


def test_it_can_be_undone_for_thirty_days(homes: Homes) -> None:
    merge = join_families(match=matched(homes), by=homes.cast.staff["joint"])
    FamilyMerge.objects.update(at=clock.now() - timedelta(days=UNDO_DAYS + 1))
    with pytest.raises(ValidationError):
        undo_join(merge=merge, by=homes.cast.staff["joint"])
    client = homes.cast.client("joint")
    refused = client.post(reverse("same_family_undo", args=[merge.pk]), follow=True)
    assert [message.level_tag for message in refused.context["messages"]] == ["error"]
    assert FamilyMerge.objects.standing().count() == 1
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


def test_a_row_with_a_lower_number_that_was_written_later_came_since(homes: Homes) -> None:
    match = matched(homes)
    facts = {"due_on": clock.today(), "created_at": clock.now(), "school": homes.cast.schools["bloesem"]}
    early = FollowUp.objects.create(family=match.second, what="a", **facts).pk
    FollowUp.objects.filter(pk=early).delete()
    FollowUp.objects.create(family=match.first, what="b", **facts)
    merge = join_families(match=match, by=homes.cast.staff["joint"])
    FollowUp.objects.create(pk=early, family=merge.kept, pupil=pupil_of_last("Demir"), what="c", **facts)
    undo_join(merge=merge, by=homes.cast.staff["joint"])
    assert FollowUp.objects.get(pk=early).family_id == match.second_id


def test_what_is_written_for_a_joined_family_is_written_for_the_one_that_took_it_in(homes: Homes) -> None:
    match = matched(homes)
    merge = join_families(match=match, by=homes.cast.staff["joint"])
    facts = {"due_on": clock.today(), "created_at": clock.now(), "school": homes.cast.schools["bloesem"]}
    late = FollowUp.objects.create(family=match.second, pupil=pupil_of_last("Demir"), what="a", **facts)
    assert FollowUp.objects.get(pk=late.pk).family_id == match.first_id
    FollowUp.objects.filter(pk=late.pk).update(family=match.second)
    assert FollowUp.objects.get(pk=late.pk).family_id == match.first_id
    undo_join(merge=merge, by=homes.cast.staff["joint"])
    assert FollowUp.objects.get(pk=late.pk).family_id == match.second_id


def test_what_was_written_while_two_were_parted_is_put_right_at_night(homes: Homes) -> None:
    match = matched(homes)
    merge = join_families(match=match, by=homes.cast.staff["joint"])
    undo_join(merge=merge, by=homes.cast.staff["joint"])
    facts = {"due_on": clock.today(), "created_at": clock.now(), "school": homes.cast.schools["bloesem"]}
    late = FollowUp.objects.create(family=match.first, pupil=pupil_of_last("Demir"), what="a", **facts)
    own = FollowUp.objects.create(family=match.first, pupil=pupil_of_last("Yilmaz"), what="b", **facts)
    tasks.offer_same_families()
    assert [FollowUp.objects.get(pk=row.pk).family_id for row in (late, own)] == [match.second_id, match.first_id]
