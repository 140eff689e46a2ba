"""A child who stands twice at a school becomes one: everything goes along, and the next list knows both numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from messaging.models import NoticePupil, Thread
from messaging.services import erase_pupil, publish_notice
from parents.doublepupils import holders_of_pupils
from parents.models import (
    Absence,
    ConferenceSlot,
    ContactMoment,
    Family,
    FamilyMembership,
    FollowUp,
    Guardianship,
    PupilMerge,
)
from parents.services import file_request
from parents.services.doublepupils import join_pupils, part_pupils
from parents.whoread import visits_to
from schools import audit, clock
from schools.models import Assignment, AuditEntry, Enrolment, Pupil, Role
from schools.roster.rows import Roster
from tests import factories as make
from tests.cast import make_account, staff_browser
from tests.parents.frame import text_of
from tests.parents.twins import BORN, Twins, busy, sibling_in_both, two_times
from tests.roster.people import SYSTEM, a_class, a_link, a_pupil, an_adult, apply

pytestmark = [pytest.mark.django_db, pytest.mark.either_engine]


@pytest.fixture
def twins(db: None) -> Twins:
    return Twins()


def test_everything_goes_along(twins: Twins) -> None:
    busy(twins)
    twins.join()
    for model, column in holders_of_pupils():
        left = model._base_manager.filter(**{column: twins.joined})
        assert not left.exists(), (model, column)
    assert ContactMoment.objects.filter(pupils=twins.kept).count() == 2
    assert {row.pupil for row in (FollowUp.objects.get(), Absence.objects.get(), Thread.objects.get())} == {twins.kept}
    assert NoticePupil.objects.get().pupil == twins.kept, "once, not twice"
    assert ConferenceSlot.objects.get().pupil == twins.kept
    assert Pupil.objects.get(pk=twins.joined.pk).merged_into == twins.kept
    entry = AuditEntry.objects.get(verb="joined pupils")
    assert (entry.target_id, entry.detail) == (twins.kept.pk, {"joined": twins.joined.pk})
    names = set(Guardianship.objects.filter(pupil=twins.kept).values_list("guardian_id", flat=True))
    assert names == {home.guardians[0].pk for home in twins.homes}


def test_the_two_families_are_one_and_all_talks_are_seen(twins: Twins) -> None:
    busy(twins)
    twins.join()
    (family,) = Family.objects.filter(memberships__in=FamilyMembership.objects.current()).distinct()
    assert set(ContactMoment.objects.values_list("family_id", flat=True)) == {family.pk}
    page = staff_browser(twins.head).get(reverse("class_detail", args=[twins.room.pk]))
    assert [[row.pupil for row in one.shown] for one in page.context["families"]] == [[twins.kept]]


def test_the_family_with_brothers_and_sisters_stays(twins: Twins) -> None:
    brother = make.make_pupil(twins.room, "Bilal")
    FamilyMembership.objects.create(family=twins.homes[1].family, pupil=brother, starts_on=make.LONG_AGO)
    moment = twins.talk(twins.kept)
    twins.join()
    members = FamilyMembership.objects.current().filter(family=twins.homes[1].family)
    assert {row.pupil for row in members} == {twins.kept, brother}
    moment.refresh_from_db()
    assert moment.family == twins.homes[1].family


def test_days_of_the_second_row_that_the_first_does_not_know_are_kept(twins: Twins) -> None:
    today = clock.today()
    Enrolment.objects.filter(pupil=twins.joined).update(starts_on=today - timedelta(days=200))
    Enrolment.objects.filter(pupil=twins.kept).update(starts_on=today - timedelta(days=50))
    twins.join()
    days = Enrolment.objects.filter(pupil=twins.kept).order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(days) == [(today - timedelta(days=200), today - timedelta(days=51)), (today - timedelta(days=50), None)]


def test_days_that_both_rows_were_absent_are_reported_once(twins: Twins) -> None:
    """Each mother reported the same illness, one of them two days earlier; a report taken back stays beside them."""
    today = clock.today()
    facts: dict[str, Any] = {"school": twins.school, "ends_on": today, "reported_at": clock.now()}
    Absence.objects.create(pupil=twins.kept, starts_on=today, **facts)
    Absence.objects.create(pupil=twins.joined, starts_on=today - timedelta(days=2), **facts)
    Absence.objects.create(pupil=twins.joined, starts_on=today, taken_back_at=clock.now(), **facts)
    reported = Absence.objects.order_by("pk").values_list("pk", "pupil", "starts_on", "ends_on")
    before = list(reported)
    merge = twins.join()
    rows = Absence.objects.standing().filter(pupil=twins.kept).order_by("starts_on")
    spans = [(today - timedelta(days=2), today - timedelta(days=1)), (today, today)]
    assert list(rows.values_list("starts_on", "ends_on")) == spans
    assert Absence.objects.get(taken_back_at__isnull=False).pupil == twins.kept
    part_pupils(merge=merge, by=twins.head)
    assert list(reported.all()) == before


def test_what_is_written_for_the_second_row_in_that_moment_is_the_first_ones(twins: Twins) -> None:
    """Who had the page open names a row that is no child of its own any more."""
    twins.join()
    moment = twins.talk(twins.kept)
    moment.pupils.set([])
    moment.pupils.add(twins.joined)
    assert list(moment.pupils.all()) == [twins.kept]
    day = clock.today()
    for row in (
        Absence.objects.create(
            pupil=twins.joined, school=twins.school, starts_on=day, ends_on=day, reported_at=clock.now()
        ),
        file_request(guardian=twins.homes[0].guardians[0], kind="ACCESS", place=twins.school, identity="CODE"),
    ):
        if isinstance(row, Absence):
            row.refresh_from_db()
            assert row.pupil == twins.kept
        else:
            type(row).objects.filter(pk=row.pk).update(child=twins.joined)
            row.refresh_from_db()
            assert row.child == twins.kept


def test_who_is_joined_is_not_joined_again(twins: Twins) -> None:
    """A colleague had the page open too, perhaps with the other row to stay."""
    twins.join()
    for kept, joined in ((twins.kept, twins.joined), (twins.joined, twins.kept)):
        with pytest.raises(ValidationError, match="intussen"):
            join_pupils(kept=kept, joined=joined, school=twins.school, by=twins.head)
    assert PupilMerge.objects.count() == 1


class TestTheNextList:
    def both(self, **more: Any) -> Roster:
        mothers = [an_adult(f"g{number}", f"Moeder{number} Amari") for number in range(2)]
        return Roster(
            SYSTEM,
            classes=[a_class("3B")],
            pupils=[a_pupil("p0", "Amina"), a_pupil("p1", "Amina", **more)],
            guardians=mothers,
            links=[a_link("p0", "g0"), a_link("p1", "g1"), a_link("p1", "g0")],
        )

    def test_that_holds_both_numbers_finds_one_child(self, twins: Twins) -> None:
        twins.join()
        plan = apply(self.both(), twins.school)
        assert Pupil.objects.filter(first_name="Amina", merged_into=None).count() == 1
        assert Enrolment.objects.current().filter(school=twins.school).count() == 1
        codes = [finding.code for finding in plan.findings]
        assert "plan_pupils_joined" in codes
        assert "plan_pupil_double" not in codes
        twins.kept.refresh_from_db()
        assert twins.kept.source_id == "p0"
        mothers = Guardianship.objects.filter(pupil=twins.kept, guardian__first_name__startswith="Moeder")
        assert mothers.count() == 2

    def test_that_ends_the_second_number_ends_nothing(self, twins: Twins) -> None:
        twins.join()
        apply(self.both(ended=True), twins.school)
        assert Enrolment.objects.current().filter(pupil=twins.kept).exists()

    def test_that_holds_the_second_number_only_is_about_the_same_child(self, twins: Twins) -> None:
        twins.join()
        rows = self.both()
        rows.pupils, rows.links = rows.pupils[1:], rows.links[1:]
        apply(rows, twins.school)
        assert list(Enrolment.objects.current().filter(school=twins.school).values_list("pupil", flat=True)) == [
            twins.kept.pk
        ]
        assert Pupil.objects.filter(first_name="Amina", merged_into=None).count() == 1

    def test_a_number_is_not_lost_with_the_row_that_had_it(self, twins: Twins) -> None:
        Pupil.objects.filter(pk=twins.kept.pk).update(source_system="", source_id="")
        merge = twins.join()
        assert Pupil.objects.get(pk=twins.kept.pk).source_id == "p1"
        part_pupils(merge=merge, by=twins.head)
        assert [Pupil.objects.get(pk=row.pk).source_id for row in (twins.kept, twins.joined)] == ["", "p1"]

    def test_who_was_erased_comes_back_under_neither_number(self, twins: Twins, settings: Any, tmp_path: Any) -> None:
        settings.ERASED_FILE = tmp_path / "erased.txt"
        twins.join()
        Enrolment.objects.update(ends_on=clock.today() - timedelta(days=1))
        erase_pupil(pupil=Pupil.objects.get(pk=twins.kept.pk), by=twins.head)
        assert not Pupil.objects.exclude(first_name="").exists()
        apply(self.both(), twins.school)
        assert not Pupil.objects.exclude(first_name="").exists()


def other_rights(twins: Twins) -> None:
    mother = twins.homes[0].guardians[0]
    Guardianship.objects.create(
        pupil=twins.joined, guardian=mother, starts_on=make.LONG_AGO, authority="NONE", may_decide=False,
        information_right=False,
    )  # fmt: skip


def something_asked(twins: Twins) -> None:
    file_request(
        guardian=twins.homes[1].guardians[0], kind="ERASE", place=twins.school, identity="CODE", child=twins.joined
    )


def at_another_school(twins: Twins) -> None:
    Enrolment.objects.filter(pupil=twins.joined).update(ends_on=clock.today() - timedelta(days=1))
    room = make.make_class(name="9Z")
    Enrolment.objects.create(pupil=twins.joined, school=room.school, school_class=room, starts_on=clock.today())


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (sibling_in_both, "in twee gezinnen"),
        (other_rights, "verschillende rechten"),
        (something_asked, "vroeg iets over deze gegevens"),
        (at_another_school, "een school alleen niet"),
        (two_times, "in hetzelfde oudercontact"),
    ],
)
def test_what_would_be_wrong_is_refused_with_its_reason(twins: Twins, reason: Any, words: str) -> None:
    reason(twins)
    (why_not,) = twins.why_not()
    assert words in why_not
    with pytest.raises(ValidationError, match=words):
        twins.join()
    assert not Pupil.objects.filter(merged_into__isnull=False).exists()


class TestThePage:
    def test_from_the_check_to_one_child_and_back(self, twins: Twins) -> None:
        head, checks = staff_browser(twins.head), reverse("data_checks")
        assert twins.page() in text_of(head.get(checks))
        assert "blijft=" in text_of(head.get(twins.page()))
        answer = head.post(twins.page(), {"stays": twins.joined.pk}, follow=True)
        merge = PupilMerge.objects.get()
        assert (merge.kept, merge.joined) == (twins.joined, twins.kept), "which one stays was chosen"
        assert reverse("pupil_part", args=[merge.pk]) in text_of(answer)
        assert head.get(twins.page()).status_code == 302, "who comes second is told"
        head.post(reverse("pupil_part", args=[merge.pk]))
        assert Pupil.objects.filter(merged_into=None).count() == 2

    def test_nobody_else_joins_or_parts(self, twins: Twins) -> None:
        """Neither the head of another school, at her own school's address too, nor the teacher of the child."""
        other = Twins()
        through_own = reverse("pupil_join", args=[other.school.pk, *sorted((twins.kept.pk, twins.joined.pk))])
        account = make_account("juf@school.example", "An Peeters")
        Assignment.objects.create(
            user=account, role=Role.TEACHER, school=twins.school, school_class=twins.room, starts_on=make.LONG_AGO
        )
        stranger, teacher = staff_browser(other.head), staff_browser(account)
        for address in (twins.page(), through_own):
            assert stranger.get(address).status_code == 404
            assert stranger.post(address, {}).status_code == 404
        assert teacher.post(twins.page(), {}).status_code == 403
        assert not PupilMerge.objects.exists()
        part = reverse("pupil_part", args=[twins.join().pk])
        assert stranger.post(part).status_code == 404
        assert teacher.post(part).status_code == 403
        for address in (twins.page(), through_own):
            assert stranger.get(address).status_code == 404, "nor is she told that it was done"
        assert Pupil.objects.get(pk=twins.joined.pk).merged_into == twins.kept

    def test_two_children_with_another_name_or_birthday_are_not_joined(self, twins: Twins) -> None:
        Pupil.objects.filter(pk=twins.joined.pk).update(birth_date=BORN + timedelta(days=1))
        assert staff_browser(twins.head).get(twins.page()).status_code == 404

    def test_it_says_why_it_cannot_be(self, twins: Twins) -> None:
        sibling_in_both(twins)
        head = staff_browser(twins.head)
        assert "twee gezinnen" in text_of(head.get(twins.page()))
        assert "twee gezinnen" in text_of(head.post(twins.page(), {}, follow=True))


def test_who_read_of_the_second_row_is_told_to_the_parents_still(twins: Twins) -> None:
    audit.record_reading(
        actor=twins.head, verb="read", target=twins.joined, school_id=twins.school.pk, pupils=[twins.joined.pk]
    )
    twins.join()
    assert [row["pupil_id"] for row in visits_to(twins.homes[0].guardians[0])][-1:] == [twins.joined.pk]


def test_a_notice_to_the_class_goes_to_one_child_s_parents_once(twins: Twins) -> None:
    twins.join()
    notice = make.make_notice(twins.room)
    publish_notice(notice=notice, by=notice.author)
    assert notice.deliveries.count() == 2, "the two rows of the mother, until they are joined too"
