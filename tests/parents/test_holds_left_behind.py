"""What holds or restricts a family's data can be ended though its child is at another school, or at none, by now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from parents.models import DataRequest, Guardian, LegalHold, RequestKind
from parents.restrictions import liftable
from parents.services import file_request, hold_family
from parents.services.datarequests import settle_request
from schools import clock
from schools.models import Assignment, Enrolment
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
REGISTER = reverse("processing_register")


@pytest.fixture
def hold(cast: Cast) -> LegalHold:
    """Laid by the head of De Kersenboom on the family of Yusuf."""
    return hold_family(
        family=cast.families["haddad"], by=cast.staff["head"], because="klacht van maart",
        until=clock.today() + timedelta(days=90), school_id=cast.schools["kersenboom"].pk,
    )  # fmt: skip


def leaves(cast: Cast, *, to: str = "") -> None:
    place = Enrolment.objects.filter(pupil=cast.pupils["yusuf"])
    place.update(ends_on=clock.today() - timedelta(days=1))
    if to:
        room = cast.classes[to]
        Enrolment.objects.create(
            pupil=cast.pupils["yusuf"], school=room.school, school_class=room, starts_on=clock.today()
        )


def rights(cast: Cast) -> str:
    return reverse("family_rights", args=[cast.families["haddad"].pk])


def test_the_head_of_the_present_school_ends_a_hold_and_does_not_read_why(cast: Cast, hold: LegalHold) -> None:
    leaves(cast, to="go2")
    head = cast.client("head_go")
    page = text_of(head.get(rights(cast)))
    assert "Gevraagd waar geen kind van dit gezin meer is." in page
    assert "klacht van maart" not in page
    assert cast.staff["head"].full_name not in page
    assert cast.client("head").get(rights(cast)).status_code == 404
    head.post(rights(cast), {"form": "release", "hold": hold.pk})
    assert not LegalHold.objects.running().exists()


def test_one_that_names_no_school_is_ended_by_the_head(cast: Cast, hold: LegalHold) -> None:
    LegalHold.objects.update(school=None)
    cast.client("head").post(rights(cast), {"form": "release", "hold": hold.pk})
    assert not LegalHold.objects.running().exists()


def test_a_teacher_neither_sees_nor_ends_one_that_was_left_behind(cast: Cast, hold: LegalHold) -> None:
    leaves(cast, to="go2")
    teacher = cast.client("teacher_go")
    assert "Gevraagd waar" not in text_of(teacher.get(rights(cast)))
    assert teacher.post(rights(cast), {"form": "release", "hold": hold.pk}).status_code == 403


def test_another_school_of_the_family_does_not_learn_of_one(cast: Cast, hold: LegalHold) -> None:
    LegalHold.objects.update(family=cast.families["kaur"])
    page = reverse("family_rights", args=[cast.families["kaur"].pk])
    head = cast.client("head_go")
    assert list(head.get(page).context["holds"]) == []
    head.post(page, {"form": "release", "hold": hold.pk})
    assert LegalHold.objects.running().exists()


def test_the_administrator_ends_one_of_a_family_that_is_nowhere(cast: Cast, hold: LegalHold) -> None:
    admin, button = cast.client("admin"), f'name="hold" value="{hold.pk}"'
    assert button not in admin.get(REGISTER).content.decode(), "its school ends it"
    admin.post(REGISTER, {"hold": hold.pk})
    assert LegalHold.objects.running().exists()
    leaves(cast)
    page = admin.get(REGISTER).content.decode()
    assert button in page
    assert "klacht van maart" not in page
    director = cast.client("director_vclb")
    assert button not in director.get(REGISTER).content.decode()
    assert director.post(REGISTER, {"hold": hold.pk}).status_code == 403
    admin.post(REGISTER, {"hold": "x"})
    admin.post(REGISTER, {"hold": hold.pk})
    assert not LegalHold.objects.running().exists()


class TestRestriction:
    @pytest.fixture
    def father(self, cast: Cast) -> Guardian:
        """At his request De Kersenboom only keeps his data."""
        guardian = cast.guardians["separated_father"]
        row = file_request(
            guardian=guardian,
            kind="RESTRICT",
            place=cast.schools["kersenboom"],
            identity="KNOWN",
            by=cast.staff["head"],
        )
        settle_request(request=row, by=cast.staff["head"], decision="GRANTED", reason="Goed.")
        assert Guardian.objects.get(pk=guardian.pk).restricted_on
        return guardian

    def lift(self, cast: Cast, key: str, guardian: Guardian) -> bool:
        cast.client(key).post(rights(cast), {"form": "lift", "guardian": guardian.pk})
        return Guardian.objects.get(pk=guardian.pk).restricted_on is None

    def test_where_it_was_decided_it_is_ended_in_the_register(self, cast: Cast, father: Guardian) -> None:
        assert not self.lift(cast, "head", father)
        assert 'value="lift"' not in cast.client("head").get(rights(cast)).content.decode()

    def test_the_head_of_the_present_school_ends_it(self, cast: Cast, father: Guardian) -> None:
        leaves(cast, to="go2")
        assert 'value="lift"' in cast.client("head_go").get(rights(cast)).content.decode()
        assert not self.lift(cast, "teacher_go", father)
        assert self.lift(cast, "head_go", father)

    def test_what_a_centre_decided_the_centre_ends(self, cast: Cast, father: Guardian) -> None:
        DataRequest.objects.update(school=None, centre=cast.schools["kersenboom"].clb)
        leaves(cast, to="go2")
        assert not self.lift(cast, "head_go", father)

    @pytest.mark.parametrize("kind", ["ACCESS", "RESTRICT"])
    def test_nor_does_the_school_on_the_page_of_another_request(self, cast: Cast, father: Guardian, kind: str) -> None:
        DataRequest.objects.update(school=None, centre=cast.schools["kersenboom"].clb)
        row = file_request(
            guardian=father, kind=kind, place=cast.schools["kersenboom"], identity="KNOWN", by=cast.staff["head"]
        )
        settle_request(request=row, by=cast.staff["head"], decision="REFUSED", reason="Neen.")
        head, button = cast.client("head"), reverse("data_request_lift", args=[row.pk])
        assert "alleen bewaard" in text_of(head.get(reverse("data_request", args=[row.pk]))).lower()
        assert button not in head.get(reverse("data_request", args=[row.pk])).content.decode()
        head.post(button)
        assert Guardian.objects.get(pk=father.pk).restricted_on is not None

    def test_nor_does_it_by_what_it_decided_once_and_ended(self, cast: Cast, father: Guardian) -> None:
        """Asked anew, of the centre: what the school may end is over."""
        row, centre = DataRequest.objects.get(), cast.schools["kersenboom"].clb
        head, button = cast.client("head"), reverse("data_request_lift", args=[row.pk])
        DataRequest.objects.update(decided_at=clock.now() - timedelta(days=40))
        Guardian.objects.filter(pk=father.pk).update(restricted_on=clock.today() - timedelta(days=40))
        head.post(button)
        assert Guardian.objects.get(pk=father.pk).restricted_on is None
        there = file_request(
            guardian=father, kind="RESTRICT", place=centre, identity="KNOWN", by=cast.staff["clb_vclb"]
        )
        settle_request(request=there, by=cast.staff["clb_vclb"], decision="GRANTED", reason="Goed.")
        head.post(button)
        assert Guardian.objects.get(pk=father.pk).restricted_on == clock.today()
        assert button not in head.get(reverse("data_request", args=[row.pk])).content.decode()
        cast.client("clb_vclb").post(reverse("data_request_lift", args=[there.pk]))
        assert Guardian.objects.get(pk=father.pk).restricted_on is None

    def test_granted_once_more_elsewhere_it_stands_since_the_first_day(self, cast: Cast, father: Guardian) -> None:
        since = clock.today() - timedelta(days=40)
        DataRequest.objects.update(decided_at=clock.now() - timedelta(days=40))
        Guardian.objects.filter(pk=father.pk).update(restricted_on=since)
        first, centre = DataRequest.objects.get(), cast.schools["kersenboom"].clb
        there = file_request(
            guardian=Guardian.objects.get(pk=father.pk), kind="RESTRICT", place=centre, identity="KNOWN",
            by=cast.staff["clb_vclb"],
        )  # fmt: skip
        settle_request(request=there, by=cast.staff["clb_vclb"], decision="GRANTED", reason="Goed.")
        assert Guardian.objects.get(pk=father.pk).restricted_on == since
        assert liftable(first) == {RequestKind.RESTRICT}

    def test_an_objection_elsewhere_stands_when_it_is_ended(self, cast: Cast, father: Guardian) -> None:
        row = DataRequest.objects.get()
        there = file_request(
            guardian=father, kind="OBJECT", place=cast.schools["kersenboom"].clb, identity="KNOWN",
            by=cast.staff["clb_vclb"],
        )  # fmt: skip
        settle_request(request=there, by=cast.staff["clb_vclb"], decision="GRANTED", reason="Goed.")
        cast.client("head").post(reverse("data_request_lift", args=[row.pk]))
        now = Guardian.objects.get(pk=father.pk)
        assert (now.restricted_on, now.may_be_contacted) == (None, False)
        cast.client("clb_vclb").post(reverse("data_request_lift", args=[there.pk]))
        assert Guardian.objects.get(pk=father.pk).may_be_contacted


def test_who_administers_one_school_ends_no_hold_of_no_school(cast: Cast, hold: LegalHold) -> None:
    leaves(cast)
    name = f'name="hold" value="{hold.pk}"'
    assert name in cast.client("admin").get(REGISTER).content.decode()
    Assignment.objects.filter(user=cast.staff["admin"]).update(school=cast.schools["bloesem"])
    client = cast.client("admin")
    assert name not in client.get(REGISTER).content.decode()
    assert client.post(REGISTER, {"hold": hold.pk}).status_code == 403
    assert LegalHold.objects.running().exists()
