"""A parent who objected gets nothing; colleagues read it where they look up the parent, and nothing more than that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from parents.models import ContactPointUse, DataRequest, Guardian, Guardianship, RequestKind
from parents.services.datarequests import file_request
from schools import clock
from schools.models import Enrolment
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
NOTHING, ONLY_KEPT = "Op vraag van deze ouder wordt niets verzonden", "worden de gegevens alleen bewaard"
NOBODY_KNOWN = "Voor deze kinderen is geen ouder met recht op informatie bekend."


def granted(cast: Cast, kind: RequestKind, school: str = "kersenboom", head: str = "head") -> DataRequest:
    father, place, by = cast.guardians["separated_father"], cast.schools[school], cast.staff[head]
    row = file_request(guardian=father, place=place, kind=kind, identity="KNOWN", words="", by=by)
    url = reverse("data_request", args=[row.pk])
    assert cast.client(head).post(url, {"decision": "GRANTED", "reason": "Goed."}).status_code == 302
    return row


def goes_on_to_the_other_school(cast: Cast) -> None:
    place, room = Enrolment.objects.get(pupil=cast.pupils["yusuf"]), cast.classes["go2"]
    Enrolment.objects.filter(pk=place.pk).update(ends_on=clock.today() - timedelta(days=1))
    Enrolment.objects.create(pupil=place.pupil, school=room.school, school_class=room, starts_on=clock.today())


@pytest.mark.parametrize("kind", [RequestKind.OBJECT, RequestKind.RESTRICT])
def test_each_page_of_the_parent_says_what_was_granted(cast: Cast, kind: RequestKind) -> None:
    row = granted(cast, kind)
    family, pupil = cast.families["haddad"].pk, cast.pupils["yusuf"].pk
    pages = [
        cast.client("teacher_3b").get(reverse("family_detail", args=[family])),
        cast.client("head").get(reverse("family_rights", args=[family])),
        cast.client("office").get(reverse("pupil_detail", args=[pupil])),
    ]
    said, other = (NOTHING, ONLY_KEPT) if kind == RequestKind.OBJECT else (ONLY_KEPT, NOTHING)
    assert [text_of(page).count(said) for page in pages] == [1, 1, 1]
    assert [text_of(page).count(other) for page in pages] == [0, 0, 0]
    request = text_of(cast.client("head").get(reverse("data_request", args=[row.pk])))
    assert ("er gebeurt ook verder niets met de gegevens" in request) is (kind == RequestKind.RESTRICT)
    assert (NOTHING in request) is (kind == RequestKind.OBJECT)


@pytest.mark.parametrize("kind", [RequestKind.OBJECT, RequestKind.RESTRICT])
def test_nobody_is_told_to_ask_them_for_a_number(cast: Cast, kind: RequestKind) -> None:
    father, ask = cast.guardians["separated_father"], "De school kan deze persoon niet bereiken."
    ContactPointUse.objects.filter(guardian=father).delete()
    Guardian.objects.filter(pk=father.pk).update(household=None)
    family, pupil = cast.families["haddad"].pk, cast.pupils["yusuf"].pk
    addresses = [reverse("family_detail", args=[family]), reverse("pupil_detail", args=[pupil])]
    head = cast.client("head")
    assert [ask in text_of(head.get(url)) for url in addresses] == [True, True]
    granted(cast, kind)
    assert [ask in text_of(head.get(url)) for url in addresses] == [False, False]


def test_who_writes_to_them_reads_that_they_asked_for_nothing(cast: Cast) -> None:
    notice = draft(cast)
    page, teacher = reverse("notice_check", args=[notice.pk]), cast.client("teacher_3b")
    Guardian.objects.update(may_be_contacted=False)
    shown = text_of(teacher.get(page))
    assert "Op vraag van de ouders van deze kinderen wordt niets naar hen verzonden." in shown
    assert NOBODY_KNOWN not in shown
    Guardianship.objects.update(information_right=False)
    assert NOBODY_KNOWN in text_of(teacher.get(page))


@pytest.mark.parametrize("kind", [RequestKind.OBJECT, RequestKind.RESTRICT])
def test_the_school_to_which_the_child_went_on_ends_it_at_the_parent_s_word(cast: Cast, kind: RequestKind) -> None:
    """Who wants notices again is told to ask the school."""
    granted(cast, kind)
    father, family = cast.guardians["separated_father"], reverse("family_rights", args=[cast.families["haddad"].pk])
    sent = {"form": "lift", "guardian": father.pk}
    cast.client("head").post(family, sent)
    father.refresh_from_db()
    assert father.gets_nothing, "where it was decided its own page ends it"
    goes_on_to_the_other_school(cast)
    head = cast.client("head_go")
    assert 'value="lift"' in text_of(head.get(family))
    head.post(family, sent)
    father.refresh_from_db()
    assert not father.gets_nothing
    assert 'value="lift"' not in text_of(head.get(family))


def test_what_the_school_of_before_decided_is_not_ended_alone_while_the_one_of_now_only_keeps(cast: Cast) -> None:
    """The page would say that the portal works with the data again, and it does not."""
    granted(cast, RequestKind.OBJECT)
    goes_on_to_the_other_school(cast)
    now = granted(cast, RequestKind.RESTRICT, "bloesem", "head_go")
    father, family = cast.guardians["separated_father"], reverse("family_rights", args=[cast.families["haddad"].pk])
    head = cast.client("head_go")
    assert 'value="lift"' not in text_of(head.get(family))
    head.post(family, {"form": "lift", "guardian": father.pk})
    father.refresh_from_db()
    assert (father.may_be_contacted, father.restricted_on) == (False, clock.today())
    head.post(reverse("data_request_lift", args=[now.pk]))
    father.refresh_from_db()
    assert not father.gets_nothing, "the request of now ends both"
