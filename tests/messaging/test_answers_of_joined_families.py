"""Two families that both answered are joined: the later answer counts, both are kept; parted, each has its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from messaging.exporting import answers_table
from messaging.mailbox import notice_lines
from messaging.models import Answer, Delivery, Notice
from messaging.services import give_answer, publish_notice
from messaging.standing import Standing
from parents.models import Family, FamilyMatch, FamilyMerge, Guardian
from parents.models.samefamily import UNDO_DAYS
from parents.services import join_families, undo_join
from schools import clock
from tests import factories as make
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
FIRST, SECOND = "yes", "other_day"


@dataclass
class Scene:
    """A notice to 3B that asks one answer of each family. The mother of one said yes, later the father of the other
    another day."""

    cast: Cast
    notice: Notice
    homes: list[make.MadeFamily]
    match: FamilyMatch

    def delivery(self, place: int) -> Delivery:
        return Delivery.objects.filter(notice=self.notice, guardian=self.homes[place].guardians[0]).latest("pk")

    def join(self) -> FamilyMerge:
        return join_families(match=self.match, by=self.cast.staff["joint"])

    def undo(self, merge: FamilyMerge) -> None:
        undo_join(merge=merge, by=self.cast.staff["joint"])

    def said(self) -> list[tuple[int, str, bool]]:
        """Whose each answer is, what it says and whether it stands, in the order of the parents."""
        rows = Answer.objects.filter(notice=self.notice).order_by("guardian_id")
        return [(row.family_id or 0, row.key, row.stands) for row in rows]

    @property
    def families(self) -> list[Family]:
        return [home.family for home in self.homes]


@pytest.fixture
def scene(cast: Cast) -> Scene:
    room = cast.classes["3b"]
    homes = [make.make_family(room, children=[name]) for name in ("Ada", "Bo")]
    notice = make.make_notice(room, cast.staff["teacher_3b"])
    Notice.objects.filter(pk=notice.pk).update(answer_scope="FAMILY")
    notice.refresh_from_db()
    publish_notice(notice=notice, by=notice.author)
    match = FamilyMatch.objects.create(
        first=homes[0].family, second=homes[1].family, score=60, facts=["PHONE:0"], found_at=clock.now()
    )
    scene = Scene(cast, notice, homes, match)
    for place, key in enumerate((FIRST, SECOND)):
        at = clock.now() - timedelta(hours=2 - place)
        give_answer(delivery=scene.delivery(place), key=key, at=at)
    return scene


def test_the_later_one_counts_and_both_are_kept(scene: Scene) -> None:
    one, other = scene.families
    merge = scene.join()
    assert scene.said() == [(one.pk, FIRST, False), (one.pk, SECOND, True)]
    counts = {row.key: row.count for row in Standing(scene.notice, scene.cast.staff["teacher_3b"], "nl").options}
    assert (counts[FIRST], counts[SECOND]) == (0, 1)
    scene.undo(merge)
    assert scene.said() == [(one.pk, FIRST, True), (other.pk, SECOND, True)]


def test_of_which_family_the_later_one_is_makes_no_difference(scene: Scene) -> None:
    one, other = scene.families
    Answer.objects.filter(family=one).update(answered_at=clock.now())
    merge = scene.join()
    assert scene.said() == [(one.pk, FIRST, True), (one.pk, SECOND, False)]
    scene.undo(merge)
    assert scene.said() == [(one.pk, FIRST, True), (other.pk, SECOND, True)]


def test_both_stand_on_the_school_s_page_and_list_with_who_and_when(scene: Scene) -> None:
    merge = scene.join()
    FamilyMerge.objects.filter(pk=merge.pk).update(at=clock.now() - timedelta(days=UNDO_DAYS + 5))
    page = text_of(scene.cast.client("teacher_3b").get(reverse("notice_answers", args=[scene.notice.pk])))
    assert page.count("een ander antwoord van dit gezin telt") == 1
    for home in scene.homes:
        assert home.guardians[0].full_name in page
    _head, rows = answers_table(scene.notice, scene.cast.staff["teacher_3b"], "nl")
    told = {row[0].split()[0]: row[-1] for row in rows if row[3]}
    assert told == {"Ada": "nee: een ander antwoord van dit gezin telt", "Bo": "ja"}


def test_a_list_of_one_answer_leaves_out_what_no_longer_counts(scene: Scene) -> None:
    scene.join()
    url = reverse("notice_answers", args=[scene.notice.pk])
    client = scene.cast.client("teacher_3b")
    names: dict[str, Any] = {key: text_of(client.get(url, {"wat": key})) for key in (FIRST, SECOND, "geen")}
    assert "Ada" not in names[FIRST]
    assert "Bo" in names[SECOND]
    assert "Ada" not in names["geen"], "an answer was given for this child too"


def test_who_answers_anew_while_they_are_one_changes_the_own_answer(scene: Scene) -> None:
    one, other = scene.families
    merge = scene.join()
    give_answer(delivery=scene.delivery(0), key=SECOND)
    assert scene.said() == [(one.pk, SECOND, True), (one.pk, SECOND, False)]
    give_answer(delivery=scene.delivery(1), key=FIRST)
    assert scene.said() == [(one.pk, SECOND, False), (one.pk, FIRST, True)]
    scene.undo(merge)
    assert scene.said() == [(one.pk, SECOND, True), (other.pk, FIRST, True)]


def test_the_first_answer_of_a_joined_family_goes_with_who_gave_it(scene: Scene) -> None:
    one, other = scene.families
    Answer.objects.filter(family=other).delete()
    merge = scene.join()
    give_answer(delivery=scene.delivery(1), key=FIRST)
    assert scene.said() == [(one.pk, FIRST, False), (one.pk, FIRST, True)]
    scene.undo(merge)
    assert scene.said() == [(one.pk, FIRST, True), (other.pk, FIRST, True)]


@pytest.mark.parametrize(("lives_there", "key"), [(True, SECOND), (False, FIRST)])
def test_a_parent_reads_the_last_answer_of_the_home_and_none_of_another(
    scene: Scene, lives_there: bool, key: str
) -> None:
    scene.join()
    mother, father = (home.guardians[0] for home in scene.homes)
    if lives_there:
        Guardian.objects.filter(pk=mother.pk).update(household=father.household)
        mother.refresh_from_db()
    (line,) = notice_lines(guardian=mother, code="nl")
    assert line.answer == scene.notice.answer_label(key, "nl")
