from __future__ import annotations

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from ingroeibloei.templatetags.written import daydate
from messaging.models import Channel, Delivery, DeliveryStatus, LetterBatch, Notice, Reason
from messaging.outbox import climb
from messaging.printing import make_letters
from messaging.services import print_class, print_school
from parents.models import ContactPointUse, Guardian
from parents.services.ties import change_tie
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import COMPOSE, filled_in, sent, template

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_letter(cast: Cast) -> Notice:
    """A notice that the mother of Simran can only get on paper."""
    ContactPointUse.objects.filter(guardian=cast.guardians["mother"]).delete()
    notice = sent(cast)
    assert Delivery.objects.get(notice=notice, guardian=cast.guardians["mother"]).channel == Channel.LETTER
    return notice


def test_letters_are_made_opened_and_given(cast: Cast, by_letter: Notice) -> None:
    browser = cast.client("teacher_3b")
    made = browser.post(reverse("letter_batch_new", args=[by_letter.pk]), follow=True)
    batch = LetterBatch.objects.get()
    page = made.content.decode()
    assert reverse("letter_batch_pdf", args=[batch.pk]) in page
    assert page.count("button-primary") == 1, "first they are printed"

    answer = browser.get(reverse("letter_batch_pdf", args=[batch.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    document = pypdfium2.PdfDocument(answer.content)
    words = " ".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    assert "Uitnodiging voor het oudercontact" in words
    assert AuditEntry.objects.filter(verb="read", target_kind="messaging.letterbatch", target_id=batch.pk).exists()

    given = reverse("letter_batch_given", args=[batch.pk])
    browser.post(given, {"on": (clock.today() + timedelta(days=1)).isoformat()})
    assert not batch.letters.exclude(given_on=None).exists()
    browser.post(given, {"on": clock.today().isoformat()})
    teacher = cast.staff["teacher_3b"].pk
    assert set(batch.letters.values_list("given_on", "given_by", "delivery__status")) == {
        (clock.today(), teacher, DeliveryStatus.DELIVERED)
    }
    assert browser.post(given, {"on": clock.today().isoformat()}).status_code == 302


@pytest.mark.parametrize("what", ["a court decided", "the tie is over", "only kept", "objected"])
def test_to_whom_nothing_may_be_sent_any_more_no_letter_is_printed(cast: Cast, by_letter: Notice, what: str) -> None:
    """As for mails, it is asked again when it would leave."""
    mother = cast.guardians["mother"]
    if what == "a court decided":
        change_tie(
            pupil=cast.pupils["simran"], guardian=mother, relation="", authority="NONE", seen_on=clock.today(),
            school=cast.schools["kersenboom"], by=cast.staff["head"],
        )  # fmt: skip
    elif what == "the tie is over":
        mother.guardianships.update(ends_on=clock.today() - timedelta(days=1))
    elif what == "only kept":
        Guardian.objects.filter(pk=mother.pk).update(restricted_on=clock.today())
    else:
        Guardian.objects.filter(pk=mother.pk).update(may_be_contacted=False)
    browser = cast.client("teacher_3b")
    assert browser.get(reverse("notice_detail", args=[by_letter.pk])).context["standing"].letters_waiting == 1
    browser.post(reverse("letter_batch_new", args=[by_letter.pk]))
    letter = LetterBatch.objects.get().letters.get()
    assert letter.delivery.guardian == cast.guardians["grandfather"], "for whom nothing changed"
    climb()
    row = Delivery.objects.get(notice=by_letter, guardian=mother)
    assert (row.status, row.reason) == (DeliveryStatus.CANCELLED, Reason.WITHDRAWN)


def test_nor_does_it_lie_in_a_pile_that_was_being_made(cast: Cast, by_letter: Notice, settings: Any) -> None:
    settings.LETTERS_IN_REQUEST = 0
    browser = cast.client("teacher_3b")
    browser.post(reverse("letter_batch_new", args=[by_letter.pk]))
    cast.guardians["mother"].guardianships.update(ends_on=clock.today() - timedelta(days=1))
    make_letters()
    assert Delivery.objects.get(notice=by_letter, guardian=cast.guardians["mother"]).status == DeliveryStatus.CANCELLED


def test_a_printed_letter_has_not_reached_anybody(cast: Cast, by_letter: Notice) -> None:
    browser = cast.client("teacher_3b")
    Delivery.objects.filter(notice=by_letter, channel=Channel.SMS).update(status="FAILED", reason="UNKNOWN_NUMBER")
    browser.post(reverse("letter_batch_new", args=[by_letter.pk]))
    standing = browser.get(reverse("notice_detail", args=[by_letter.pk])).context["standing"]
    assert standing.letters_waiting == 0
    assert standing.totals.reached == 0


def test_the_notice_says_how_far_its_letters_came(cast: Cast, by_letter: Notice) -> None:
    browser, page = cast.client("teacher_3b"), reverse("notice_detail", args=[by_letter.pk])
    browser.post(reverse("letter_batch_new", args=[by_letter.pk]))
    number = LetterBatch.objects.get().letters.count()
    assert f"{number} mee te geven" in browser.get(page).content.decode()
    browser.post(reverse("letter_batch_given", args=[LetterBatch.objects.get().pk]), {"on": clock.today().isoformat()})
    given = browser.get(page).content.decode()
    assert f"meegegeven op {daydate(clock.today())}" in given
    assert "klaar om af te drukken" not in given


def test_of_a_pile_of_several_notices_each_counts_its_own_letters(cast: Cast) -> None:
    ContactPointUse.objects.all().delete()
    notice, _other = sent(cast), sent(cast)
    pile = print_class(school_class=cast.classes["3b"], by=cast.staff["teacher_3b"])
    page = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk]))
    (row,) = page.context["standing"].batches
    assert 2 * row["counts"].letters == 2 * row["batch"].ours == pile.letters.count() > 0


def test_nothing_to_print_says_so(cast: Cast, by_letter: Notice) -> None:
    browser = cast.client("teacher_3b")
    address = reverse("letter_batch_new", args=[by_letter.pk])
    browser.post(address)
    assert browser.post(address, follow=True).status_code == 200
    assert LetterBatch.objects.count() == 1


@pytest.mark.parametrize("person", ["teacher_1a", "head_go", "teacher_go"])
def test_somebody_elses_letters_are_not_found(cast: Cast, by_letter: Notice, person: str) -> None:
    cast.client("teacher_3b").post(reverse("letter_batch_new", args=[by_letter.pk]))
    batch = LetterBatch.objects.get()
    browser = cast.client(person)
    assert browser.get(reverse("letter_batch_pdf", args=[batch.pk])).status_code == 404
    assert browser.post(reverse("letter_batch_given", args=[batch.pk])).status_code == 404
    assert browser.post(reverse("letter_batch_new", args=[by_letter.pk])).status_code == 404


def test_a_class_teacher_does_not_hold_the_letters_of_the_whole_school(cast: Cast) -> None:
    template()
    ContactPointUse.objects.all().delete()
    head = cast.client("head")
    head.post(COMPOSE, filled_in(cast, audience=f"school:{cast.schools['kersenboom'].pk}"))
    notice = Notice.objects.get()
    head.post(reverse("notice_publish", args=[notice.pk]))
    assert cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk])).status_code == 200
    assert cast.client("teacher_3b").post(reverse("letter_batch_new", args=[notice.pk])).status_code == 404
    of_own_class = print_school(school=cast.schools["kersenboom"], by=cast.staff["teacher_3b"])
    assert set(of_own_class.letters.values_list("school_class", flat=True)) == {cast.classes["3b"].pk}
    with pytest.raises(ValidationError):
        print_class(school_class=cast.classes["1a"], by=cast.staff["teacher_3b"])
    assert head.post(reverse("letter_batch_new", args=[notice.pk])).status_code == 302
