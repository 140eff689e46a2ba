"""An answer of somebody who is informed of a child but does not decide about it says so where the school reads it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from messaging.exporting import answers_table
from messaging.models import Notice
from messaging.services import give_answer
from parents.models import Guardianship
from parents.models.guardianships import Authority
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
WORDS = "alleen recht op informatie"


@pytest.fixture
def notice(cast: Cast) -> Notice:
    """Both separated parents of Yusuf answered."""
    notice = sent(cast)
    for who in ("separated_mother", "separated_father"):
        give_answer(delivery=delivery_to(notice, cast, who), key="yes")
    return notice


def only_informed(cast: Cast, who: str, authority: Authority = Authority.INFORMATION_ONLY) -> None:
    tie = Guardianship.objects.get(guardian=cast.guardians[who], pupil=cast.pupils["yusuf"])
    tie.give(authority)
    tie.save(update_fields=["authority", "information_right", "may_receive", "may_decide"])


@pytest.mark.parametrize("name", ["notice_detail", "notice_answers"])
def test_the_pages_of_the_answers_say_it(cast: Cast, notice: Notice, name: str) -> None:
    teacher, address = cast.client("teacher_3b"), reverse(name, args=[notice.pk])
    assert WORDS not in text_of(teacher.get(address))
    only_informed(cast, "separated_father")
    assert text_of(teacher.get(address)).count(WORDS) == 1


def test_the_list_to_take_along_says_it(cast: Cast, notice: Notice) -> None:
    only_informed(cast, "separated_father")
    head, rows = answers_table(notice, cast.staff["teacher_3b"], "nl")
    given = [dict(zip(head, row, strict=True)) for row in rows if row[3]]
    father = cast.guardians["separated_father"].full_name
    assert {row["Ouder"]: row["Ouderlijk gezag"] for row in given} == {
        father: WORDS,
        cast.guardians["separated_mother"].full_name: "",
    }


def test_one_of_who_lost_the_right_is_shown_as_it_counts(cast: Cast) -> None:
    """Nobody else answered for Yusuf: it stands, and says whose it is on each page and in the list to take along."""
    notice = sent(cast)
    give_answer(delivery=delivery_to(notice, cast, "separated_father"), key="yes")
    only_informed(cast, "separated_father", Authority.NONE)
    teacher, address = cast.client("teacher_3b"), reverse("notice_answers", args=[notice.pk])
    for words in map(text_of, (teacher.get(reverse("notice_detail", args=[notice.pk])), teacher.get(address))):
        assert (words.count("geen gezag"), words.count(WORDS)) == (1, 0)
    (row,) = teacher.get(address, {"wat": "yes"}).context["rows"]
    assert [given["label"] for given in row["answers"]] == ["Ja, ik kom"]
    assert not row["row"].is_silent
    assert row["row"].guardians == [cast.guardians["separated_mother"].full_name], "who may be asked"
    head, rows = answers_table(notice, cast.staff["teacher_3b"], "nl")
    given = [dict(zip(head, line, strict=True)) for line in rows if line[3]]
    assert [(line["Antwoord"], line["Ouderlijk gezag"]) for line in given] == [("Ja, ik kom", "geen gezag")]
