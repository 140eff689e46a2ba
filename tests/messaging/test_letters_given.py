"""A letter at a time: given along, left for an absent child, taken back the same day, come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging import formats, printfiles, printing
from messaging.models import Channel, Delivery, DeliveryStatus, LetterBatch, Notice, PrintedLetter, Reason
from messaging.services import cancel_notice, give_letters, print_class, print_letters, return_letter, take_back
from messaging.tasks import climb_ladders
from messaging.tokens import short_code
from parents.models import ContactPointUse, Guardian, Guardianship
from schools import clock
from schools.models import AuditEntry
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import COMPOSE, delivery_to, filled_in, sent, template
from tests.messaging.rendered import letter_for, mail_for
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(cast: Cast) -> LetterBatch:
    """Letters to all four parents of 3B."""
    ContactPointUse.objects.all().delete()
    return print_letters(notice=sent(cast), by=cast.staff["teacher_3b"])


@pytest.fixture
def of_school(cast: Cast) -> LetterBatch:
    """Letters to all parents of the school, printed by the head."""
    template()
    ContactPointUse.objects.all().delete()
    head = cast.client("head")
    head.post(COMPOSE, filled_in(cast, audience=f"school:{cast.schools['kersenboom'].pk}"))
    head.post(reverse("notice_publish", args=[Notice.objects.get().pk]))
    return print_letters(notice=Notice.objects.get(), by=cast.staff["head"])


def letter_to(cast: Cast, guardian: str) -> PrintedLetter:
    return PrintedLetter.objects.get(delivery__guardian=cast.guardians[guardian])


def status_of(cast: Cast, guardian: str) -> str:
    return letter_to(cast, guardian).delivery.status


class TestGiven:
    @pytest.mark.parametrize("page", ["letter_batch", "letter_strips"])
    def test_the_day_is_written_beside_its_picker(self, cast: Cast, batch: LetterBatch, page: str) -> None:
        shown = cast.client("teacher_3b").get(reverse(page, args=[batch.pk])).content.decode()
        assert 'data-written-day="id_on"' in shown
        assert f'max="{clock.today().isoformat()}"' in shown

    def test_the_letter_of_an_absent_child_stays_here(self, cast: Cast, batch: LetterBatch) -> None:
        browser, room = cast.client("teacher_3b"), cast.classes["3b"].pk
        ticked = [letter_to(cast, key).pk for key in ("mother", "grandfather")]
        facts = {"on": clock.today().isoformat(), "how": "child", "is_choice": "on", "letter": ticked, "klas": room}
        page = browser.post(reverse("letter_batch_given", args=[batch.pk]), facts)
        assert page.headers["Location"].endswith(f"?klas={room}")
        assert status_of(cast, "mother") == DeliveryStatus.DELIVERED
        assert status_of(cast, "separated_father") == DeliveryStatus.SENT
        assert letter_to(cast, "separated_father").given_on is None
        facts |= {"letter": [letter_to(cast, "separated_father").pk], "how": "post"}
        browser.post(reverse("letter_batch_given", args=[batch.pk]), facts)
        assert letter_to(cast, "separated_father").by_post

    def test_nothing_ticked_gives_nothing(self, cast: Cast, batch: LetterBatch) -> None:
        facts = {"on": clock.today().isoformat(), "how": "child", "is_choice": "on"}
        cast.client("teacher_3b").post(reverse("letter_batch_given", args=[batch.pk]), facts)
        assert not PrintedLetter.objects.exclude(given_on=None).exists()

    def test_nobody_gave_it_before_it_was_printed(self, cast: Cast, batch: LetterBatch) -> None:
        """A slip of the year would send callers to every family at once."""
        facts = {"on": (clock.today() - timedelta(days=365)).isoformat(), "how": "child"}
        page = cast.client("teacher_3b").post(reverse("letter_batch_given", args=[batch.pk]), facts, follow=True)
        assert "nog niet afgedrukt" in page.content.decode()
        assert not PrintedLetter.objects.exclude(given_on=None).exists()

    def test_a_teacher_gives_her_own_class_of_the_schools_letters(self, cast: Cast, of_school: LetterBatch) -> None:
        browser = cast.client("teacher_1a")
        page = browser.get(reverse("letter_batch", args=[of_school.pk])).content.decode()
        assert "Emma Peeters" in page
        assert "Simran" not in page
        assert reverse("letter_batch_pdf", args=[of_school.pk]) not in page
        assert browser.get(reverse("letter_batch_pdf", args=[of_school.pk])).status_code == 404
        for turn in ("letter_batch_stop", "letter_batch_resume", "letter_batch_drop"):
            assert browser.post(reverse(turn, args=[of_school.pk])).status_code == 404
        every = list(PrintedLetter.objects.values_list("pk", flat=True))
        facts = {"on": clock.today().isoformat(), "how": "child"}
        address = reverse("letter_batch_given", args=[of_school.pk])
        browser.post(address, facts | {"is_choice": "on", "letter": every})
        assert not PrintedLetter.objects.exclude(given_on=None).exists(), "somebody else's letter was ticked"
        browser.post(address, facts)
        given = PrintedLetter.objects.exclude(given_on=None).values_list("school_class", flat=True)
        assert list(given) == [cast.classes["1a"].pk]

    def test_a_teacher_does_not_see_letters_of_a_notice_to_chosen_pupils(self, cast: Cast) -> None:
        """The care coordinator wrote to one family; the class's pile that she printed shows it to nobody else."""
        ContactPointUse.objects.all().delete()
        notice = sent(cast)
        Notice.objects.filter(pk=notice.pk).update(audience="PUPILS", school_class=None, author=cast.staff["care"])
        made = cast.client("care").post(reverse("letters_make"), {"school_class": cast.classes["3b"].pk})
        pile = LetterBatch.objects.get()
        assert made.headers["Location"] == reverse("letter_batch", args=[pile.pk])
        for name in ("letter_batch", "letter_strips", "letter_batch_pdf"):
            assert cast.client("teacher_3b").get(reverse(name, args=[pile.pk])).status_code == 404
            assert cast.client("care").get(reverse(name, args=[pile.pk])).status_code == 200


@pytest.mark.parametrize("why", ["no right any more", "only kept", "objected"])
def test_no_letter_is_printed_for_who_may_not_get_it_any_more(cast: Cast, why: str) -> None:
    """A mail and a text message are asked when they leave; so is paper."""
    ContactPointUse.objects.all().delete()
    notice = sent(cast)
    lose(cast.guardians["separated_father"], why)
    batch = print_letters(notice=notice, by=cast.staff["teacher_3b"])
    assert batch.letters_total == 3
    stopped = Delivery.objects.get(guardian=cast.guardians["separated_father"])
    assert not hasattr(stopped, "printed")
    climb_ladders()
    stopped.refresh_from_db()
    assert (stopped.status, stopped.reason) == (DeliveryStatus.CANCELLED, Reason.WITHDRAWN)


def test_after_the_last_day_neither_letter_nor_mail_asks_for_an_answer_by_then(cast: Cast) -> None:
    notice = sent(cast)
    row = delivery_to(notice, cast, "separated_mother")
    assert notice.answer_by is not None
    by_day = formats.long_day(notice.answer_by, "nl")
    before, mailed = letter_for(row), mail_for(row)
    assert by_day in before.last_day["nl"]
    assert before.answers
    assert by_day in mailed.text
    Notice.objects.filter(pk=notice.pk).update(answer_by=clock.today() - timedelta(days=1))
    row = delivery_to(notice, cast, "separated_mother")
    late = letter_for(row)
    assert late.answers == ()
    assert late.last_day == {}, "it does not say to answer by a day that is gone"
    assert "Antwoorden met uw telefoon?" in before.scan["nl"]
    assert "Lezen op uw telefoon?" in late.scan["nl"]
    assert "Lire sur votre téléphone" in late.scan["own"]
    assert "De dag om te antwoorden is voorbij." in late.dutch.body
    assert late.own is not None
    assert "La date pour répondre est passée." in late.own.body
    gone = formats.long_day(clock.today() - timedelta(days=1), "nl")
    assert gone not in mail_for(row).text


def test_a_letter_that_asks_nothing_does_not_offer_to_answer_by_phone(cast: Cast) -> None:
    notice = sent(cast)
    Notice.objects.filter(pk=notice.pk).update(answers=[], answer_by=None)
    assert "Lezen op uw telefoon?" in letter_for(delivery_to(notice, cast, "separated_mother")).scan["nl"]


def lose(guardian: Guardian, why: str) -> None:
    """The right to know, or that anything is sent."""
    if why == "no right any more":
        Guardianship.objects.filter(guardian=guardian).update(information_right=False)
        return
    changed: dict[str, Any] = {"only kept": {"restricted_on": clock.today()}, "objected": {"may_be_contacted": False}}
    Guardian.objects.filter(pk=guardian.pk).update(**changed[why])


class TestTakenBack:
    def test_a_slip_is_undone_on_the_same_day(self, cast: Cast, batch: LetterBatch) -> None:
        give_letters(batch=batch, by=cast.staff["teacher_3b"], on=clock.today())
        browser, mine = cast.client("teacher_3b"), letter_to(cast, "mother")
        assert (
            reverse("letter_batch_taken_back", args=[batch.pk])
            in browser.get(reverse("letter_batch", args=[batch.pk])).content.decode()
        )
        browser.post(reverse("letter_batch_taken_back", args=[batch.pk]), {"letter": [mine.pk]})
        assert (status_of(cast, "mother"), status_of(cast, "grandfather")) == ("SENT", "DELIVERED")
        assert letter_to(cast, "mother").given_by is None
        assert give_letters(batch=batch, by=cast.staff["teacher_3b"], on=clock.today()) == 1

    def test_a_day_later_it_stands(self, cast: Cast, batch: LetterBatch) -> None:
        teacher = cast.staff["teacher_3b"]
        give_letters(batch=batch, by=teacher, on=clock.today())
        PrintedLetter.objects.update(given_at=clock.now() - timedelta(days=1))
        every = list(PrintedLetter.objects.values_list("pk", flat=True))
        assert take_back(batch=batch, by=teacher, only=every) == 0
        assert status_of(cast, "mother") == DeliveryStatus.DELIVERED

    def test_nobody_takes_back_anothers(self, cast: Cast, of_school: LetterBatch) -> None:
        give_letters(batch=of_school, by=cast.staff["head"], on=clock.today())
        every = list(PrintedLetter.objects.values_list("pk", flat=True))
        assert take_back(batch=of_school, by=cast.staff["teacher_1a"], only=every) == 1
        assert status_of(cast, "dutch_mother") == DeliveryStatus.SENT


class TestReturned:
    def test_it_is_found_by_its_code_or_a_name_and_the_next_way_is_tried(self, cast: Cast, batch: LetterBatch) -> None:
        give_letters(batch=batch, by=cast.staff["teacher_3b"], on=clock.today(), by_post=True)
        letter, browser = letter_to(cast, "mother"), cast.client("teacher_3b")
        search = reverse("letters_returned")
        mark = reverse("letter_returned", args=[letter.pk])
        for words in (short_code(letter.delivery).lower(), "harpreet", "simran kaur", "SIMRAN"):
            page = browser.post(search, {"words": words})
            assert mark in page.content.decode(), words
        assert mark not in browser.post(search, {"words": "Yusuf"}).content.decode()
        assert browser.post(search, {"words": "Niemand"}).context["found"] == []
        lines = AuditEntry.objects.filter(verb="searched")
        assert [line.detail["found"] for line in lines.order_by("pk")] == [1, 1, 2, 2, 2, 0], "never what for"
        calls = Delivery.objects.filter(channel=Channel.CALL, guardian=cast.guardians["mother"])
        assert not calls.exists()
        assert "Het portaal probeert de volgende manier" in text_of(browser.post(mark, follow=True))
        assert (status_of(cast, "mother"), calls.count()) == (DeliveryStatus.FAILED, 1)
        assert letter_to(cast, "mother").returned_on == clock.today()
        assert AuditEntry.objects.filter(verb="returned", target_id=letter.delivery_id).count() == 1
        browser.post(mark)
        assert calls.count() == 1
        assert "Harpreet" in browser.get(search).content.decode(), "it stands among those that came back lately"

    @pytest.mark.parametrize("is_given", [True, False])
    def test_noted_of_the_wrong_letter_it_is_undone_the_same_day(
        self, cast: Cast, batch: LetterBatch, is_given: bool
    ) -> None:
        if is_given:
            give_letters(batch=batch, by=cast.staff["teacher_3b"], on=clock.today())
        before, letter = status_of(cast, "mother"), letter_to(cast, "mother")
        mark, undo = (reverse(name, args=[letter.pk]) for name in ("letter_returned", "letter_not_returned"))
        browser = cast.client("teacher_3b")
        browser.post(mark)
        assert undo in browser.get(reverse("letters_returned")).content.decode()
        assert cast.client("teacher_1a").post(undo).status_code == 404
        assert "Ongedaan gemaakt" in text_of(browser.post(undo, follow=True))
        assert (status_of(cast, "mother"), letter_to(cast, "mother").returned_on) == (before, None)
        assert "niet meer ongedaan" in text_of(browser.post(undo, follow=True))
        calls = Delivery.objects.filter(channel=Channel.CALL, guardian=cast.guardians["mother"])
        assert calls.count() == 1, "what was planned in its place stays"
        browser.post(mark)
        assert (status_of(cast, "mother"), calls.count()) == (DeliveryStatus.FAILED, 1), "then it does come back"
        PrintedLetter.objects.update(returned_on=clock.today() - timedelta(days=1))
        assert undo not in browser.get(reverse("letters_returned")).content.decode()
        browser.post(undo)
        assert status_of(cast, "mother") == DeliveryStatus.FAILED

    def test_where_no_other_way_is_tried_it_says_so(self, cast: Cast, batch: LetterBatch) -> None:
        letter = letter_to(cast, "mother")
        give_letters(batch=batch, by=cast.staff["teacher_3b"], on=clock.today())
        cancel_notice(notice=letter.delivery.notice, by=cast.staff["teacher_3b"])
        page = cast.client("teacher_3b").post(reverse("letter_returned", args=[letter.pk]), follow=True)
        assert not Delivery.objects.filter(channel=Channel.CALL).exists()
        assert "Het portaal probeert geen andere manier meer" in text_of(page)

    def test_of_which_notice_it_is_stands_there_once(self, cast: Cast) -> None:
        ContactPointUse.objects.all().delete()
        title = sent(cast).texts.get(language="nl").title
        print_class(school_class=cast.classes["3b"], by=cast.staff["teacher_3b"])
        page = cast.client("teacher_3b").post(reverse("letters_returned"), {"words": "Simran"}).content.decode()
        assert page.count(f'<span lang="nl">{title}</span>') == page.count("letter-words") >= 1
        assert page.count(title) == 2 * page.count("letter-words"), "and is heard of its button"

    def test_a_brother_at_another_school_is_unknown_here(self, cast: Cast, batch: LetterBatch) -> None:
        page = cast.client("teacher_3b").post(reverse("letters_returned"), {"words": "Gurjot"})
        assert reverse("letter_returned", args=[letter_to(cast, "mother").pk]) not in page.content.decode()

    @pytest.mark.parametrize("person", ["teacher_1a", "head_go"])
    def test_nobody_finds_letters_of_another_class(self, cast: Cast, batch: LetterBatch, person: str) -> None:
        letter, browser = letter_to(cast, "mother"), cast.client(person)
        for words in (short_code(letter.delivery), "Simran"):
            assert "Harpreet" not in browser.post(reverse("letters_returned"), {"words": words}).content.decode()
        assert browser.post(reverse("letter_returned", args=[letter.pk])).status_code == 404
        assert status_of(cast, "mother") == DeliveryStatus.SENT

    def test_a_letter_that_never_left_can_come_back_too(self, cast: Cast, batch: LetterBatch) -> None:
        assert return_letter(delivery=letter_to(cast, "mother").delivery, by=cast.staff["teacher_3b"])


class TestThePrintCentre:
    def test_a_file_that_a_backup_did_not_bring_is_made_again(self, cast: Cast, batch: LetterBatch) -> None:
        printfiles.remove([batch.file])
        browser, here = cast.client("teacher_3b"), reverse("letter_batch", args=[batch.pk])
        again, opened = (reverse(f"letter_batch_{name}", args=[batch.pk]) for name in ("resume", "pdf"))
        page = browser.get(here).content.decode()
        assert (again in page, opened in page) == (True, False)
        browser.post(again)
        printing.make_letters()
        page = browser.get(here).content.decode()
        assert (again in page, opened in page) == (False, True)
        assert browser.get(opened).content.startswith(b"%PDF-")

    def test_it_says_what_waits_by_class_and_what_became_of_it(self, cast: Cast, of_school: LetterBatch) -> None:
        head = cast.client("head")
        sent(cast)
        page = head.get(reverse("letter_centre"))
        (school,) = page.context["waiting"]
        assert [(row.name, row.letters, row.notices) for row in school.classes] == [("3B", 4, 1)]
        (row,) = page.context["rows"]
        assert (row["counts"].letters, row["counts"].lying, row["counts"].given) == (5, 5, 0)
        assert cast.client("teacher_1a").get(reverse("letter_centre")).context["rows"][0]["counts"].letters == 1
        assert cast.client("head_go").get(reverse("letter_centre")).context["rows"] == []

    def test_everything_for_a_class_is_made_by_its_teacher_only(self, cast: Cast) -> None:
        ContactPointUse.objects.all().delete()
        sent(cast)
        room = {"school_class": cast.classes["3b"].pk}
        for person in ("teacher_1a", "head_go"):
            cast.client(person).post(reverse("letters_make"), room)
        cast.client("teacher_3b").post(reverse("letters_make"), {"school": cast.schools["kersenboom"].pk})
        cast.client("teacher_3b").post(reverse("letters_make"), {})
        assert not LetterBatch.objects.exists()
        cast.client("teacher_3b").post(reverse("letters_make"), room)
        assert LetterBatch.objects.get().letters_total == 4


class TestProgress:
    def test_the_page_shows_how_far_it_is_and_survives_a_reload(self, cast: Cast, batch: LetterBatch) -> None:
        LetterBatch.objects.update(state="MAKING", letters_done=2, file="")
        browser = cast.client("teacher_3b")
        page = browser.get(reverse("letter_batch", args=[batch.pk])).content.decode()
        assert 'value="2"' in page
        assert "hx-trigger" in page
        status = reverse("letter_batch_status", args=[batch.pk])
        assert browser.get(status).headers["Location"] == reverse("letter_batch", args=[batch.pk])
        part = browser.get(status, headers={"HX-Request": "true"})
        assert "hx-trigger" in part.content.decode()
        assert "HX-Refresh" not in part.headers
        browser.post(reverse("letter_batch_stop", args=[batch.pk]))
        part = browser.get(status, headers={"HX-Request": "true"})
        assert part.headers["HX-Refresh"] == "true"
        assert reverse("letter_batch_resume", args=[batch.pk]) in part.content.decode()

    def test_without_its_file_the_pile_offers_to_make_it_again(self, cast: Cast, batch: LetterBatch) -> None:
        LetterBatch.objects.update(file="")
        browser = cast.client("teacher_3b")
        page = browser.get(reverse("letter_batch_pdf", args=[batch.pk]), follow=True).content.decode()
        assert reverse("letter_batch_resume", args=[batch.pk]) in page


def add_paper_family(cast: Cast, number: int) -> None:
    """Another family of 3B that only paper reaches."""
    make.make_family(cast.classes["3b"], emails=[None], children=[f"Kind{number}"], languages=["tr"])


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len([row for row in captured.captured_queries if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_long_piles_cost_no_more_queries_than_short_ones(cast: Cast, batch: LetterBatch) -> None:
    teacher, browser = cast.staff["teacher_3b"], cast.client("teacher_3b")

    def counts(pile: LetterBatch) -> list[int]:
        give_letters(batch=pile, by=teacher, on=clock.today())
        return_letter(delivery=pile.letters.all()[0].delivery, by=teacher)
        sent(cast)
        pages = [reverse(name, args=[pile.pk]) for name in ("letter_batch", "letter_strips")]
        pages += [reverse("letter_centre"), reverse("letters_returned")]
        return [queries(browser, page) for page in pages]

    few = counts(batch)
    for number in range(10):
        add_paper_family(cast, number)
    more = counts(print_letters(notice=sent(cast), by=teacher))
    assert more == few
