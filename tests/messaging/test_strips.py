"""What a parent ticked on paper becomes the family's answer; what the parent says later wins."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from messaging.models import Answer, Delivery, LetterBatch, Notice, PrintedLetter, StripMark
from messaging.services import clear_strip, enter_strip, give_answer, mark_strip, print_letters, print_school
from messaging.tokens import make_token, short_code
from parents.models import ContactPointUse, FollowUp, FollowUpKind, Guardian
from parents.services import drop_follow_up
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(cast: Cast) -> LetterBatch:
    """Letters to the parents of 3B, printed three days ago."""
    ContactPointUse.objects.all().delete()
    made = print_letters(notice=sent(cast), by=cast.staff["teacher_3b"])
    made.created_at -= timedelta(days=3)
    made.save(update_fields=["created_at"])
    return made


@pytest.fixture
def letter(cast: Cast, batch: LetterBatch) -> PrintedLetter:
    return batch.letters.get(delivery__guardian=cast.guardians["mother"])


def save(cast: Cast, batch: LetterBatch, fields: dict[str, str], person: str = "teacher_3b") -> Any:
    """Post rows of the screen; with ``letter`` as the script does it for one row."""
    headers = {"HX-Request": "true"} if "letter" in fields else {}
    data = {"on": clock.today().isoformat()} | fields
    return cast.client(person).post(reverse("letter_strips", args=[batch.pk]), data, headers=headers)


def days_ago(days: int) -> Any:
    return clock.today() - timedelta(days=days)


class TestTheScreen:
    def test_each_child_stands_there_with_the_notices_answers(self, cast: Cast, batch: LetterBatch) -> None:
        page = cast.client("teacher_3b").get(reverse("letter_strips", args=[batch.pk])).content.decode()
        for words in ("Simran Kaur", "Yusuf Haddad", "Ja, ik kom", "Ja, met een tolk", "Ik wil een andere dag"):
            assert words in page
        assert page.index("Simran Kaur") < page.index("Yusuf Haddad")

    def test_of_several_classes_one_is_chosen(self, cast: Cast) -> None:
        ContactPointUse.objects.all().delete()
        head, room = cast.staff["head"], cast.classes["3b"].pk
        for name in ("1a", "3b"):
            sent(cast, author="head", room=name)
        batch = print_school(school=cast.schools["kersenboom"], by=head)
        where, browser = reverse("letter_strips", args=[batch.pk]), cast.client("head")
        assert "Kies een klas." in browser.get(where).content.decode()
        page = browser.get(where, {"klas": room}).content.decode()
        assert "Simran Kaur" in page
        assert f'href="?klas={room}" aria-current="page"' in page
        assert page.count('href="?klas=') == 2

    def test_a_tap_saves_that_row_and_answers_with_it(
        self, cast: Cast, batch: LetterBatch, letter: PrintedLetter
    ) -> None:
        fields = {"letter": str(letter.pk), f"strip-{letter.pk}": "yes_interpreter"}
        row = save(cast, batch, fields).content.decode()
        assert f'id="strip-{letter.pk}"' in row
        assert "<html" not in row
        assert "Lotte Claes" in row
        answer = Answer.objects.get()
        assert (answer.key, answer.guardian, answer.by_channel) == (
            "yes_interpreter",
            cast.guardians["mother"],
            "LETTER",
        )
        assert answer.entered_by == cast.staff["teacher_3b"]
        line = AuditEntry.objects.get(verb="entered answer")
        assert (line.actor, line.detail["delivery"]) == (cast.staff["teacher_3b"], letter.delivery_id)
        assert Delivery.objects.get(pk=letter.delivery_id).opened_at is None, "nobody opened a page"

    def test_without_script_one_button_saves_what_changed(self, cast: Cast, batch: LetterBatch) -> None:
        first, second, *rest = batch.letters.all()
        fields = {f"strip-{first.pk}": "yes", f"strip-{second.pk}": "_illegible"}
        fields |= {f"strip-{other.pk}": "" for other in rest}
        assert save(cast, batch, fields).status_code == 302
        assert list(batch.letters.values_list("strip", flat=True)) == ["ANSWERED", "ILLEGIBLE", "", ""]
        before = AuditEntry.objects.count()
        save(cast, batch, fields)
        assert AuditEntry.objects.count() == before, "nothing changed, nothing is written"

    def test_without_a_day_what_was_chosen_stands_there_still(self, cast: Cast, batch: LetterBatch) -> None:
        first, second, *_rest = batch.letters.all()
        fields = {f"strip-{first.pk}": "yes", f"strip-{second.pk}": "_call", "on": ""}
        refused = save(cast, batch, fields)
        assert refused.status_code == 422
        page = " ".join(refused.content.decode().split())
        assert re.search(f'id="strip-{first.pk}-1" value="yes" checked', page)
        assert re.search(f'id="strip-{second.pk}-call" value="_call" checked', page)
        assert 'href="#id_on"' in page or 'aria-invalid="true"' in page
        assert not batch.letters.exclude(strip="").exists()

    def test_looking_writes_nothing(self, cast: Cast, batch: LetterBatch, letter: PrintedLetter) -> None:
        client = cast.client("teacher_3b")
        before = list(PrintedLetter.objects.values()), AuditEntry.objects.count()
        for name, pk in (("letter_strips", batch.pk), ("letter_strip", letter.pk), ("letter_batch", batch.pk)):
            assert client.get(reverse(name, args=[pk])).status_code == 200
        assert client.get(reverse("letter_centre")).status_code == 200
        assert (list(PrintedLetter.objects.values()), AuditEntry.objects.count()) == before
        assert not Answer.objects.exists()

    @pytest.mark.parametrize("person", ["teacher_1a", "teacher_go", "head_go"])
    def test_other_teachers_may_not(self, cast: Cast, batch: LetterBatch, letter: PrintedLetter, person: str) -> None:
        assert save(cast, batch, {f"strip-{letter.pk}": "yes"}, person).status_code == 404
        assert cast.client(person).post(reverse("letter_strip", args=[letter.pk])).status_code == 404
        assert not Answer.objects.exists()

    def test_a_letter_of_another_pile_is_not_touched(
        self, cast: Cast, batch: LetterBatch, letter: PrintedLetter
    ) -> None:
        other = print_letters(notice=sent(cast), by=cast.staff["teacher_3b"])
        save(cast, other, {"letter": str(letter.pk), f"strip-{letter.pk}": "yes"})
        assert not Answer.objects.exists()

    @pytest.mark.parametrize("day", ["", "2019-01-01", "3000-01-01", "gisteren"])
    def test_a_day_that_cannot_be_is_refused_in_words(
        self, cast: Cast, batch: LetterBatch, letter: PrintedLetter, day: str
    ) -> None:
        fields = {"letter": str(letter.pk), f"strip-{letter.pk}": "yes", "on": day}
        assert "dag" in save(cast, batch, fields).content.decode()
        assert not Answer.objects.exists()

    def test_an_answer_the_notice_does_not_have_is_refused(
        self, cast: Cast, batch: LetterBatch, letter: PrintedLetter
    ) -> None:
        fields = {"letter": str(letter.pk), f"strip-{letter.pk}": "maybe"}
        assert "een van de antwoorden" in save(cast, batch, fields).content.decode()
        assert not Answer.objects.exists()

    def test_a_strip_after_the_last_day_is_marked_late(
        self, cast: Cast, batch: LetterBatch, letter: PrintedLetter
    ) -> None:
        Notice.objects.update(answer_by=days_ago(1))
        teacher = cast.staff["teacher_3b"]
        enter_strip(letter=letter, key="yes", by=teacher, on=days_ago(1))
        rows = cast.client("teacher_3b").get(reverse("letter_strips", args=[batch.pk])).context["rows"]
        assert [row.is_late for row in rows if row.letter == letter] == [False]
        enter_strip(letter=letter, key="yes", by=teacher, on=clock.today())
        rows = cast.client("teacher_3b").get(reverse("letter_strips", args=[batch.pk])).context["rows"]
        assert [row.is_late for row in rows if row.letter == letter] == [True]


class TestWhoseAnswerCounts:
    def test_what_the_parent_says_later_wins_and_is_shown(
        self, cast: Cast, batch: LetterBatch, letter: PrintedLetter
    ) -> None:
        enter_strip(letter=letter, key="yes", by=cast.staff["teacher_3b"], on=days_ago(1))
        give_answer(delivery=letter.delivery, key="other_day")
        answer = Answer.objects.get()
        assert (answer.key, answer.entered_by) == ("other_day", None)
        page = cast.client("teacher_3b").get(reverse("letter_strips", args=[batch.pk]))
        (row,) = [row for row in page.context["rows"] if row.letter == letter]
        assert row.is_overtaken
        assert "nieuwer dan het strookje" in page.content.decode()

    def test_a_strip_entered_late_does_not_overrule_a_newer_answer(self, cast: Cast, letter: PrintedLetter) -> None:
        give_answer(delivery=letter.delivery, key="other_day")
        teacher = cast.staff["teacher_3b"]
        assert not enter_strip(letter=letter, key="yes", by=teacher, on=days_ago(1))
        assert not enter_strip(letter=letter, key="yes", by=teacher, on=clock.today()), "written before it came"
        assert Answer.objects.get().key == "other_day"
        with pytest.raises(ValidationError):
            enter_strip(letter=letter, key="maybe", by=teacher, on=days_ago(1))

    def test_nor_does_one_whose_day_is_put_right(self, cast: Cast, letter: PrintedLetter) -> None:
        give_answer(delivery=letter.delivery, key="other_day")
        Answer.objects.update(answered_at=clock.now() - timedelta(days=2))
        teacher = cast.staff["teacher_3b"]
        assert enter_strip(letter=letter, key="yes", by=teacher, on=clock.today())
        assert not enter_strip(letter=letter, key="yes_interpreter", by=teacher, on=days_ago(3)), "it came back earlier"
        assert (Answer.objects.get().key, Answer.objects.get().entered_by) == ("other_day", None)

    def test_a_strip_that_came_after_the_parents_answer_replaces_it(self, cast: Cast, letter: PrintedLetter) -> None:
        give_answer(delivery=letter.delivery, key="other_day")
        at = datetime.combine(days_ago(2), time(20), tzinfo=clock.BRUSSELS)
        Answer.objects.update(answered_at=at)
        assert enter_strip(letter=letter, key="yes", by=cast.staff["teacher_3b"], on=clock.today())
        assert (Answer.objects.get().key, Answer.objects.get().changed) == ("yes", 1)

    def test_the_same_said_by_the_parent_is_the_parents(self, cast: Cast, letter: PrintedLetter) -> None:
        enter_strip(letter=letter, key="yes", by=cast.staff["teacher_3b"], on=days_ago(1))
        give_answer(delivery=letter.delivery, key="yes")
        assert Answer.objects.get().entered_by is None


class TestOneAnswerOfAFamily:
    @pytest.fixture(autouse=True)
    def asks_families(self, batch: LetterBatch) -> None:
        Notice.objects.update(answer_scope="FAMILY")

    def of(self, cast: Cast, batch: LetterBatch, guardian: str) -> PrintedLetter:
        return batch.letters.get(delivery__guardian=cast.guardians[guardian])

    def test_a_strip_answers_for_the_family(self, cast: Cast, batch: LetterBatch) -> None:
        enter_strip(letter=self.of(cast, batch, "mother"), key="yes", by=cast.staff["teacher_3b"], on=clock.today())
        answer = Answer.objects.get()
        assert (answer.family, answer.guardian) == (cast.families["kaur"], cast.guardians["mother"])

    def test_who_sent_a_strip_back_was_reached_in_the_list_as_on_the_page(self, cast: Cast, batch: LetterBatch) -> None:
        """Nobody noted that the letter was given along."""
        enter_strip(letter=self.of(cast, batch, "mother"), key="yes", by=cast.staff["teacher_3b"], on=clock.today())
        browser = cast.client("teacher_3b")
        (row,) = browser.get(reverse("notice_list")).context["rows"]
        page = browser.get(reverse("notice_detail", args=[row["notice"].pk])).context["standing"]
        assert (row["progress"].reached, page.totals.reached) == (1, 1)

    def test_what_the_other_one_said_later_stands(self, cast: Cast, batch: LetterBatch) -> None:
        mother, grandfather = (self.of(cast, batch, key) for key in ("mother", "grandfather"))
        give_answer(delivery=grandfather.delivery, key="other_day")
        Guardian.objects.filter(pk=grandfather.delivery.guardian_id).update(
            household=mother.delivery.guardian.household
        )
        assert not enter_strip(letter=mother, key="yes", by=cast.staff["teacher_3b"], on=days_ago(1))
        assert Answer.objects.get().key == "other_day"
        page = cast.client("teacher_3b").get(reverse("letter_strips", args=[batch.pk]))
        assert [row.is_overtaken for row in page.context["rows"] if row.letter == mother] == [True]
        clear_strip(letter=mother, by=cast.staff["teacher_3b"])
        assert Answer.objects.get().key == "other_day"

    def test_the_strip_of_who_lives_apart_is_kept_beside_a_later_answer(self, cast: Cast, batch: LetterBatch) -> None:
        mother, grandfather = (self.of(cast, batch, key) for key in ("mother", "grandfather"))
        give_answer(delivery=grandfather.delivery, key="other_day")
        assert not enter_strip(letter=mother, key="yes", by=cast.staff["teacher_3b"], on=days_ago(1))
        said = Answer.objects.values_list("guardian_id", "key", "stands")
        later = (grandfather.delivery.guardian_id, "other_day", True)
        assert set(said.all()) == {(mother.delivery.guardian_id, "yes", False), later}
        clear_strip(letter=mother, by=cast.staff["teacher_3b"])
        assert list(said.all()) == [later]


class TestMarks:
    def test_what_cannot_be_read_becomes_a_call_once(self, cast: Cast, letter: PrintedLetter) -> None:
        teacher = cast.staff["teacher_3b"]
        mark_strip(letter=letter, mark=StripMark.ILLEGIBLE, by=teacher, on=clock.today())
        mark_strip(letter=letter, mark=StripMark.CALL, by=teacher, on=clock.today())
        call = FollowUp.objects.get(kind=FollowUpKind.CALL)
        assert (call.owner, call.pupil, call.guardian) == (teacher, cast.pupils["simran"], cast.guardians["mother"])
        enter_strip(letter=letter, key="yes", by=teacher, on=clock.today())
        call.refresh_from_db()
        assert call.status == "DONE"

    def test_who_asks_for_a_call_is_called_though_another_mark_needed_none(
        self, cast: Cast, letter: PrintedLetter
    ) -> None:
        """Illegible, and a colleague knew what it said; looked at once more it asks for a call."""
        teacher = cast.staff["teacher_3b"]
        mark_strip(letter=letter, mark=StripMark.ILLEGIBLE, by=teacher, on=clock.today())
        drop_follow_up(follow_up=FollowUp.objects.get(kind=FollowUpKind.CALL), by=teacher)
        mark_strip(letter=letter, mark=StripMark.ILLEGIBLE, by=teacher, on=clock.today())
        assert not FollowUp.objects.filter(kind=FollowUpKind.CALL, status="OPEN").exists(), "pressed twice"
        mark_strip(letter=letter, mark=StripMark.CALL, by=teacher, on=clock.today())
        letter.refresh_from_db()
        assert letter.follow_up == FollowUp.objects.get(kind=FollowUpKind.CALL, status="OPEN")

    def test_another_childs_strip_is_taken_back(self, cast: Cast, letter: PrintedLetter) -> None:
        teacher = cast.staff["teacher_3b"]
        enter_strip(letter=letter, key="yes", by=teacher, on=clock.today())
        clear_strip(letter=letter, by=teacher)
        assert not Answer.objects.exists()
        letter.refresh_from_db()
        assert (letter.strip, letter.strip_key, letter.strip_on) == ("", "", None)

    def test_taking_back_leaves_the_parents_own_answer(self, cast: Cast, letter: PrintedLetter) -> None:
        teacher = cast.staff["teacher_3b"]
        enter_strip(letter=letter, key="yes", by=teacher, on=days_ago(1))
        give_answer(delivery=letter.delivery, key="other_day")
        clear_strip(letter=letter, by=teacher)
        assert Answer.objects.get().key == "other_day"

    def test_the_strip_of_who_lives_with_them_stays(self, cast: Cast, batch: LetterBatch) -> None:
        Notice.objects.update(answer_scope="FAMILY")
        mother = batch.letters.get(delivery__guardian=cast.guardians["mother"])
        other = batch.letters.get(delivery__guardian=cast.guardians["grandfather"])
        Guardian.objects.filter(pk=other.delivery.guardian_id).update(household=mother.delivery.guardian.household)
        for letter, key in ((mother, "yes"), (other, "other_day")):
            enter_strip(letter=letter, key=key, by=cast.staff["teacher_3b"], on=clock.today())
        clear_strip(letter=mother, by=cast.staff["teacher_3b"])
        answer = Answer.objects.get()
        assert (answer.guardian, answer.key, answer.stands) == (cast.guardians["grandfather"], "other_day", True)

    def test_what_who_lives_apart_had_answered_stands_again(self, cast: Cast, batch: LetterBatch) -> None:
        """Else nothing would count of a family that answered."""
        Notice.objects.update(answer_scope="FAMILY")
        teacher, mother = cast.staff["teacher_3b"], batch.letters.get(delivery__guardian=cast.guardians["mother"])
        other = batch.letters.get(delivery__guardian=cast.guardians["grandfather"])
        give_answer(delivery=other.delivery, key="other_day")
        Answer.objects.update(answered_at=clock.now() - timedelta(days=2))
        assert enter_strip(letter=mother, key="yes", by=teacher, on=clock.today())
        assert Answer.objects.standing().get().guardian == cast.guardians["mother"]
        clear_strip(letter=mother, by=teacher)
        answer = Answer.objects.get()
        assert (answer.guardian, answer.key, answer.stands) == (cast.guardians["grandfather"], "other_day", True)

    @pytest.mark.parametrize("scope", ["GUARDIAN", "FAMILY"])
    def test_what_the_parent_had_answered_before_stands_again(
        self, cast: Cast, letter: PrintedLetter, scope: str
    ) -> None:
        """The wrong row of the pile, twice, and then taken back."""
        Notice.objects.update(answer_scope=scope)
        teacher, mother = cast.staff["teacher_3b"], cast.guardians["mother"]
        give_answer(delivery=letter.delivery, key="other_day")
        at = datetime.combine(days_ago(2), time(20), tzinfo=clock.BRUSSELS)
        Answer.objects.update(answered_at=at)
        enter_strip(letter=letter, key="yes", by=teacher, on=clock.today())
        enter_strip(letter=letter, key="yes_interpreter", by=teacher, on=clock.today())
        clear_strip(letter=letter, by=teacher)
        answer = Answer.objects.get()
        assert (answer.key, answer.answered_at, answer.guardian) == ("other_day", at, mother)
        assert (answer.entered_by, answer.before, answer.changed) == (None, None, 0)

    def test_of_a_parent_who_was_erased_meanwhile_nothing_stands_again(self, cast: Cast, letter: PrintedLetter) -> None:
        teacher = cast.staff["teacher_3b"]
        enter_strip(letter=letter, key="yes", by=teacher, on=clock.today())
        said = {"key": "other_day", "answered_at": clock.now().isoformat(), "by_channel": "", "guardian_id": 0}
        Answer.objects.update(before=said)
        clear_strip(letter=letter, by=teacher)
        assert not Answer.objects.exists()

    def test_an_unknown_mark_is_refused(self, cast: Cast, letter: PrintedLetter) -> None:
        with pytest.raises(ValidationError):
            mark_strip(letter=letter, mark="ANSWERED", by=cast.staff["teacher_3b"], on=clock.today())


class TestScanned:
    def link(self, letter: PrintedLetter) -> str:
        return reverse("token_notice", args=[make_token(letter.delivery)])

    def test_who_is_signed_in_and_scans_the_code_enters_that_familys_answer(
        self, cast: Cast, letter: PrintedLetter
    ) -> None:
        browser = cast.client("teacher_3b")
        door = reverse("letter_strip", args=[letter.pk])
        page = browser.get(self.link(letter)).content.decode()
        assert door in page
        assert "Lotte Claes" in page
        typed = browser.post(reverse("letter_code"), {"code": short_code(letter.delivery)}, follow=True)
        assert door in typed.content.decode()
        assert "Simran Kaur" in browser.get(door).content.decode()
        browser.post(door, {"on": clock.today().isoformat(), f"strip-{letter.pk}": "yes"})
        assert Answer.objects.get().entered_by == cast.staff["teacher_3b"]
        assert Delivery.objects.get(pk=letter.delivery_id).opened_at is None

    def test_the_parents_page_stays_the_parents(self, cast: Cast, letter: PrintedLetter) -> None:
        door = reverse("letter_strip", args=[letter.pk])
        strangers = [Client(), cast.guardian_client("mother")]
        colleagues = [cast.client(person) for person in ("teacher_1a", "head_go", "office", "coordinator")]
        for browser in strangers + colleagues:
            page = browser.get(self.link(letter)).content.decode()
            assert door not in page
            assert "staff-bar" not in page
            assert "Simran" in page
