"""To whom a notice goes: every sort of group, narrowed to what its author may address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from messaging import audience
from messaging.models import Delivery, DeliveryStatus, Notice, NoticePupil
from messaging.models.notices import AudienceKind
from messaging.selections import Selection
from messaging.services import create_notice, give_answer, mark_opened, publish_notice
from parents.models import Attendance, ConferenceRound, ConferenceSlot, Gathering, SlotStatus
from schools import clock
from schools.models import Assignment, Enrolment, Level, Role, School, User
from tests import factories as make

pytestmark = pytest.mark.django_db


def head_of(school: School) -> User:
    user = make.make_user("Rita Moons")
    Assignment.objects.create(user=user, role=Role.HEAD, school=school, starts_on=make.LONG_AGO)
    return user


def written(author: User, to: Selection) -> Notice:
    return create_notice(author=author, template=make.template("coffee-morning"), to=to, values=make.VALUES)


def reached(notice: Notice) -> set[str]:
    """Publish, and read the first names of the children it was about."""
    publish_notice(notice=notice, by=notice.author)
    return set(NoticePupil.objects.filter(notice=notice).values_list("pupil__first_name", flat=True))


class TestGroups:
    def test_a_year_group_is_its_classes_of_this_school(self) -> None:
        room = make.make_class(name="3A")
        beside = make.make_class(room.school, "3B")
        other = make.make_class(room.school, "1A", Level.L1)
        elsewhere = make.make_class(name="3A")
        for place, name in ((room, "Ali"), (beside, "Bo"), (other, "Cem"), (elsewhere, "Dan")):
            make.make_family(place, children=[name])
        notice = written(head_of(room.school), Selection(AudienceKind.LEVEL, room.school, level=Level.L3))
        assert reached(notice) == {"Ali", "Bo"}

    def test_one_family_is_all_its_children_here_and_one_notice_for_each_parent(self) -> None:
        room = make.make_class()
        family = make.make_family(room, languages=["tr", "nl"], children=["Ali", "Sara"])
        make.make_family(room, children=["Bo"])
        notice = written(
            make.make_teacher(room), Selection(AudienceKind.FAMILY, room.school, room, family=family.family)
        )
        assert reached(notice) == {"Ali", "Sara"}
        assert set(Delivery.objects.values_list("guardian_id", flat=True)) == {row.pk for row in family.guardians}
        assert Delivery.objects.count() == 2

    def test_who_came_to_a_gathering(self) -> None:
        room = make.make_class()
        came, stayed = make.make_family(room, children=["Ali"]), make.make_family(room, children=["Bo"])
        coffee = Gathering.objects.create(
            school=room.school, kind="COFFEE_MOMENT", title="Koffie", place="refter", starts_at=clock.now()
        )
        Attendance.objects.create(gathering=coffee, family=came.family)
        other = Gathering.objects.create(
            school=room.school, kind="COFFEE_MOMENT", title="Soep", place="refter", starts_at=clock.now()
        )
        Attendance.objects.create(gathering=other, family=stayed.family)
        notice = written(make.make_teacher(room), Selection(AudienceKind.GATHERING, room.school, gathering=coffee))
        assert reached(notice) == {"Ali"}
        assert stayed.guardians[0].pk not in set(Delivery.objects.values_list("guardian_id", flat=True))

    def test_who_has_a_place_in_a_round_of_meetings(self) -> None:
        room = make.make_class()
        round_ = ConferenceRound.objects.create(
            school=room.school, name="Herfst", held_on=clock.today(), catch_up_until=clock.today() + timedelta(days=14)
        )
        for name, status in (("Ali", SlotStatus.BOOKED), ("Bo", SlotStatus.CANCELLED), ("Cem", SlotStatus.OFFERED)):
            family = make.make_family(room, children=[name])
            ConferenceSlot.objects.create(round=round_, pupil=family.pupils[0], school_class=room, status=status)
        other = ConferenceRound.objects.create(
            school=room.school, name="Lente", held_on=clock.today(), catch_up_until=clock.today() + timedelta(days=14)
        )
        dan = make.make_family(room, children=["Dan"]).pupils[0]
        ConferenceSlot.objects.create(round=other, pupil=dan, school_class=room, status=SlotStatus.OFFERED)
        notice = written(make.make_teacher(room), Selection(AudienceKind.ROUND, room.school, conference_round=round_))
        assert reached(notice) == {"Ali", "Cem"}

    def test_only_families_with_a_parent_contacted_in_a_language_and_then_both_parents(self) -> None:
        room = make.make_class()
        mixed = make.make_family(room, languages=["pa", "nl"], children=["Ali"])
        make.make_family(room, languages=["nl"], children=["Bo"])
        make.make_family(room, languages=["tr"], children=["Cem"])
        to = Selection(AudienceKind.CLASS, room.school, room, contact_languages=("pa", "ar"))
        assert reached(written(make.make_teacher(room), to)) == {"Ali"}
        assert set(Delivery.objects.values_list("guardian_id", flat=True)) == {row.pk for row in mixed.guardians}

    def test_the_language_narrows_picked_children_too(self) -> None:
        room = make.make_class()
        ali, bo = (make.make_family(room, languages=[code]).pupils[0] for code in ("pa", "nl"))
        to = Selection(AudienceKind.PUPILS, room.school, room, pupils=(ali, bo), contact_languages=("pa",))
        assert reached(written(make.make_teacher(room), to)) == {ali.first_name}

    def test_a_picked_child_that_changed_class_before_it_left_is_of_the_class_of_now(self) -> None:
        """Its letter goes along with that class."""
        room = make.make_class(name="3A")
        beside, pupil = make.make_class(room.school, "3B"), make.make_family(room).pupils[0]
        notice = written(head_of(room.school), Selection(AudienceKind.PUPILS, room.school, room, pupils=(pupil,)))
        Enrolment.objects.filter(pupil=pupil).update(school_class=beside)
        publish_notice(notice=notice, by=notice.author)
        assert NoticePupil.objects.get(notice=notice).school_class == beside


class TestWhomAnEarlierNoticeDidNotReach:
    def _earlier(self) -> tuple[Notice, dict[str, make.MadeFamily]]:
        """A class of five families: silent, opened by one of two parents, answered, spoken to, and a failed mail."""
        room = make.make_class()
        names = ("silent", "opened", "answered", "spoken", "bounced")
        families = {name: make.make_family(room, languages=["nl", "tr"], children=[name]) for name in names}
        families["spoken"].guardians[0].preferred_channel = "CALL"
        families["spoken"].guardians[0].save()
        notice = make.make_notice(room, slug="coffee-morning")
        publish_notice(notice=notice, by=notice.author)

        def delivery(name: str) -> Delivery:
            return Delivery.objects.get(notice=notice, guardian=families[name].guardians[0])

        mark_opened(delivery("opened"))
        give_answer(delivery=delivery("answered"), key="yes")
        Delivery.objects.filter(pk=delivery("spoken").pk).update(status=DeliveryStatus.DELIVERED, due_at=None)
        Delivery.objects.filter(pk=delivery("bounced").pk).update(status="FAILED", reason="BOUNCED", due_at=None)
        notice.refresh_from_db()
        return notice, families

    def test_nobody_of_the_family_opened_answered_or_was_spoken_to(self) -> None:
        notice, _families = self._earlier()
        again = written(notice.author, Selection(AudienceKind.UNREACHED, notice.school, earlier=notice))
        assert reached(again) == {"silent", "bounced"}

    def test_not_answered_is_more(self) -> None:
        notice, _families = self._earlier()
        again = written(notice.author, Selection(AudienceKind.UNANSWERED, notice.school, earlier=notice))
        assert reached(again) == {"silent", "bounced", "opened", "spoken"}

    def test_it_counts_who_is_silent_when_it_leaves_not_when_it_was_written(self) -> None:
        notice, families = self._earlier()
        again = written(notice.author, Selection(AudienceKind.UNREACHED, notice.school, earlier=notice))
        mark_opened(Delivery.objects.get(notice=notice, guardian=families["silent"].guardians[1]))
        assert reached(again) == {"bounced"}

    def test_a_sibling_who_was_not_in_the_sign_is_of_the_same_family(self) -> None:
        room = make.make_class()
        family = make.make_family(room, children=["Ali", "Sara"])
        notice = make.make_notice(room, slug="coffee-morning")
        publish_notice(notice=notice, by=notice.author)
        mark_opened(Delivery.objects.get(notice=notice))
        notice.refresh_from_db()
        again = written(notice.author, Selection(AudienceKind.UNREACHED, room.school, earlier=notice))
        assert list(audience.pupils_of(again)) == []
        assert family.pupils


class TestTheAuthorsReach:
    def test_a_teacher_addresses_only_the_own_class_of_a_gathering(self) -> None:
        own = make.make_class(name="3A")
        other = make.make_class(own.school, "3B")
        coffee = Gathering.objects.create(
            school=own.school, kind="COFFEE_MOMENT", title="Koffie", place="refter", starts_at=clock.now()
        )
        for room, name in ((own, "Ali"), (other, "Bo")):
            Attendance.objects.create(gathering=coffee, family=make.make_family(room, children=[name]).family)
        to = Selection(AudienceKind.GATHERING, own.school, gathering=coffee)
        assert reached(written(make.make_teacher(own), to)) == {"Ali"}
        assert reached(written(head_of(own.school), to)) == {"Ali", "Bo"}

    def test_a_child_at_another_school_stays_unknown(self) -> None:
        here, there = make.make_class(), make.make_class()
        family = make.make_family(here, children=["Ali"])
        there_too = make.make_pupil(there, "Gurjot")
        family.family.memberships.create(pupil=there_too, starts_on=make.LONG_AGO)
        to = Selection(AudienceKind.FAMILY, here.school, here, family=family.family)
        assert reached(written(make.make_teacher(here), to)) == {"Ali"}

    def test_a_draft_to_a_class_that_the_author_lost_is_not_sent(self) -> None:
        room = make.make_class()
        make.make_family(room)
        notice = make.make_notice(room)
        Assignment.objects.filter(user=notice.author).update(ends_on=clock.today() - timedelta(days=1))
        by = User.objects.get(pk=notice.author_id)
        with pytest.raises(ValidationError) as refusal:
            publish_notice(notice=notice, by=by)
        assert refusal.value.code == "not_addressed"
        assert not Delivery.objects.exists()
