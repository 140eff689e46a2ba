"""Parents who live apart answer a notice that asks one answer of each family: neither meets what the other said, both
are kept, and the school sees where they say otherwise."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from messaging.mailbox import notice_lines
from messaging.models import Answer, Delivery, Notice
from messaging.services import give_answer, publish_notice
from messaging.tasks import climb_ladders
from messaging.tokens import make_token
from parents.models import Authority, Guardian, Guardianship
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to
from tests.messaging.rendered import page_for
from tests.messaging.test_urgent_and_answers import composed
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
FATHER, MOTHER = "separated_father", "separated_mother"


@pytest.fixture
def notice(cast: Cast) -> Notice:
    notice = composed(cast, answer_scope="FAMILY")
    publish_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    return notice


def says(cast: Cast, notice: Notice, who: str, key: str) -> Answer:
    return give_answer(delivery=delivery_to(notice, cast, who), key=key)


def given(cast: Cast, notice: Notice) -> dict[str, tuple[str, bool]]:
    """By parent what was said, and whether it counts."""
    names = {guardian.pk: key for key, guardian in cast.guardians.items()}
    rows = Answer.objects.filter(notice=notice)
    return {names[row.guardian_id]: (row.key, row.stands) for row in rows}


def gives(cast: Cast, who: str, authority: Authority) -> None:
    tie = Guardianship.objects.get(guardian=cast.guardians[who], pupil=cast.pupils["yusuf"])
    tie.give(authority)
    tie.save()


def test_neither_meets_what_the_other_said(cast: Cast, notice: Notice) -> None:
    says(cast, notice, FATHER, "yes")
    hers = delivery_to(notice, cast, MOTHER)
    signed_in = cast.guardian_client(MOTHER).get(reverse("portal_notice", args=[hers.pk]), {"taal": "nl"})
    by_link = Client().get(reverse("token_notice", args=[make_token(hers)]), {"taal": "nl"})
    for answer in (signed_in, by_link):
        page = text_of(answer)
        assert 'aria-pressed="true"' not in page
        assert "antwoord van uw gezin" not in page
        assert 'name="answer"' in page
    assert [line.needs_answer for line in notice_lines(guardian=cast.guardians[MOTHER], code="nl")] == [True]
    says(cast, notice, MOTHER, "other_day")
    assert page_for(delivery_to(notice, cast, FATHER)).given_answer == "yes"
    assert page_for(hers).given_answer == "other_day"


def test_both_are_kept_and_the_later_one_counts(cast: Cast, notice: Notice) -> None:
    says(cast, notice, FATHER, "yes")
    says(cast, notice, MOTHER, "other_day")
    assert given(cast, notice) == {FATHER: ("yes", False), MOTHER: ("other_day", True)}
    says(cast, notice, FATHER, "yes")
    assert given(cast, notice) == {FATHER: ("yes", True), MOTHER: ("other_day", False)}


def test_somebody_whose_home_nobody_knows_lives_alone(cast: Cast, notice: Notice) -> None:
    Guardian.objects.update(household=None)
    says(cast, notice, FATHER, "yes")
    says(cast, notice, MOTHER, "other_day")
    assert given(cast, notice) == {FATHER: ("yes", False), MOTHER: ("other_day", True)}
    assert page_for(Delivery.objects.get(pk=delivery_to(notice, cast, FATHER).pk)).given_answer == "yes"


def test_the_school_reads_that_they_say_otherwise(cast: Cast, notice: Notice) -> None:
    says(cast, notice, FATHER, "yes")
    says(cast, notice, MOTHER, "other_day")
    teacher, words = cast.client("teacher_3b"), "antwoordde anders: Ja, ik kom"
    page = text_of(teacher.get(reverse("notice_detail", args=[notice.pk])))
    assert page.count(words) == 1
    assert "Karim Haddad" in page.split(words)[0][-60:]
    listed = text_of(teacher.get(reverse("notice_answers", args=[notice.pk])))
    assert listed.count("een ander antwoord van dit gezin telt") == 1
    family = text_of(teacher.get(reverse("family_notices", args=[cast.families["haddad"].pk])))
    assert family.count("een ander antwoord van dit gezin telt") == 1
    says(cast, notice, MOTHER, "yes")
    assert words not in text_of(teacher.get(reverse("notice_detail", args=[notice.pk]))), "they agree"


def test_who_is_only_informed_does_not_undo_what_who_decides_said(cast: Cast, notice: Notice) -> None:
    gives(cast, FATHER, Authority.INFORMATION_ONLY)
    says(cast, notice, MOTHER, "other_day")
    says(cast, notice, FATHER, "yes")
    assert given(cast, notice) == {FATHER: ("yes", False), MOTHER: ("other_day", True)}


def test_the_answer_of_who_lost_the_right_counts_no_more(cast: Cast, notice: Notice) -> None:
    says(cast, notice, MOTHER, "other_day")
    says(cast, notice, FATHER, "yes")
    gives(cast, FATHER, Authority.NONE)
    climb_ladders()
    assert given(cast, notice) == {FATHER: ("yes", False), MOTHER: ("other_day", True)}
    page = text_of(cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk])))
    assert "antwoordde anders" not in page
    gives(cast, MOTHER, Authority.NONE)
    climb_ladders()
    assert given(cast, notice)[MOTHER] == ("other_day", True), "nobody is left whose answer counts before hers"


def test_of_two_who_decide_nothing_who_is_informed_comes_first(cast: Cast, notice: Notice) -> None:
    gives(cast, MOTHER, Authority.INFORMATION_ONLY)
    says(cast, notice, MOTHER, "other_day")
    says(cast, notice, FATHER, "yes")
    gives(cast, FATHER, Authority.NONE)
    climb_ladders()
    assert given(cast, notice) == {FATHER: ("yes", False), MOTHER: ("other_day", True)}
