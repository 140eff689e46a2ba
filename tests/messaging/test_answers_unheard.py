"""A question stops waiting when there is nothing left to answer, and no answer is said to be sent that nobody hears."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from messaging.models import Thread, ThreadPost
from messaging.services import ask_question, erase_guardian, erase_pupil, opt_out, reply
from messaging.tokens import make_token
from parents.models import ContactMoment, ContactPoint, Guardian
from schools import clock
from schools.models import Enrolment, Pupil
from tests.cast import Cast
from tests.messaging.datarequests import ask, grant
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.parents.conferences import with_brother
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
NL = {"taal": "nl"}


@pytest.fixture(autouse=True)
def own_ledger(settings: Any, tmp_path: Any) -> None:
    settings.ERASED_FILE = tmp_path / "erased.txt"


@pytest.fixture
def thread(cast: Cast) -> Thread:
    """Yusuf's father asks when the bus comes."""
    father, pupil = cast.guardians["separated_father"], cast.pupils["yusuf"]
    return ask_question(guardian=father, pupil=pupil, notice=None, text="متى؟", language="ar")


def page_of(cast: Cast, thread: Thread, key: str = "head") -> str:
    return text_of(cast.client(key).get(reverse("thread_detail", args=[thread.pk])))


def answered(cast: Cast, thread: Thread) -> Any:
    return cast.client("head").post(reverse("thread_detail", args=[thread.pk]), {"text": "Om vier uur."})


@pytest.mark.parametrize("of_school", [True, False])
def test_the_question_of_who_was_erased_waits_no_more(cast: Cast, thread: Thread, of_school: bool) -> None:
    gone = clock.today() - timedelta(days=1)
    cast.pupils["yusuf"].enrolments.update(ends_on=gone)
    if of_school:  # another child of the father is at the other school: only words of this one go
        sister = cast.pupils["simran"]
        cast.guardians["separated_father"].guardianships.create(pupil=sister, starts_on=cast.year.starts_on)
        sister.enrolments.update(school=cast.schools["bloesem"], school_class=cast.classes["go2"])
    other = ask_question(
        guardian=cast.guardians["mother"], pupil=cast.pupils["simran"], notice=None, text="ਕਦੋਂ?", language="pa"
    )
    erase_guardian(guardian=thread.guardian, by=None, school=cast.schools["kersenboom"])
    assert not ThreadPost.objects.filter(thread=thread).exists()
    assert [row.pk for row in Thread.objects.waiting()] == [other.pk]
    assert "Wacht op een antwoord" in text_of(cast.client("head").get(reverse("thread_list")))


@pytest.mark.parametrize("kind", ["RESTRICT", "OBJECT"])
def test_who_gets_nothing_any_more_gets_no_answer_and_the_page_says_so(cast: Cast, thread: Thread, kind: str) -> None:
    assert "krijgt geen berichten meer" not in page_of(cast, thread)
    grant(cast, ask(cast, kind))
    talks = ContactMoment.objects.count()
    page = page_of(cast, thread)
    assert "Deze ouder krijgt geen berichten meer" in page
    assert "Antwoord verzenden" not in page
    assert answered(cast, thread).status_code == 422
    assert (ThreadPost.objects.filter(thread=thread).count(), ContactMoment.objects.count()) == (1, talks)


@pytest.mark.parametrize("kind", ["RESTRICT", "OBJECT"])
def test_nobody_is_told_by_when_an_answer_comes_that_may_not_be_given(cast: Cast, thread: Thread, kind: str) -> None:
    own, father = reverse("portal_thread", args=[thread.pk]), cast.guardian_client("separated_father")
    by, family_reads = "antwoordt u ten laatste", "Het gezin leest dat er ten laatste"
    assert (by in text_of(father.get(own, {"taal": "nl"})), family_reads in page_of(cast, thread)) == (True, True)
    grant(cast, ask(cast, kind))
    asked = text_of(father.post(own, {"text": "Nog iets?"}, follow=True))
    assert "Nog iets?" in asked
    assert (by in asked, family_reads in page_of(cast, thread)) == (False, False)


@pytest.mark.parametrize("kind", ["RESTRICT", "OBJECT"])
def test_who_gets_nothing_does_not_read_that_urgent_notices_still_come(cast: Cast, client: Client, kind: str) -> None:
    delivery = delivery_to(sent(cast), cast, "separated_father")
    opt_out(delivery, everything=False)
    stop, own = reverse("token_unsubscribe", args=[make_token(delivery)]), reverse("portal_choices")
    father, urgent = cast.guardian_client("separated_father"), "komen nog wel"
    assert [urgent in text_of(page) for page in (client.get(stop, NL), father.get(own, NL))] == [True, True]
    grant(cast, ask(cast, kind))
    pages = [text_of(page) for page in (client.get(stop, NL), father.get(own, NL))]
    assert ["De school stuurt u niets meer." in page for page in pages] == [True, True]
    assert [urgent in page for page in pages] == [False, False]


def test_who_may_not_be_informed_any_more_gets_no_answer(cast: Cast, thread: Thread) -> None:
    assert "Het gezin leest dat er ten laatste" in page_of(cast, thread)
    thread.guardian.guardianships.update(information_right=False)
    page = page_of(cast, thread)
    assert "mag niet meer over het kind ingelicht worden" in page
    assert "Het gezin leest dat er ten laatste" not in page
    with pytest.raises(ValidationError):
        reply(thread=thread, by=cast.staff["head"], text="Om vier uur.")


def test_where_no_way_works_an_answer_is_kept_and_it_is_said_that_nobody_hears_of_it(
    cast: Cast, thread: Thread
) -> None:
    ContactPoint.objects.filter(uses__guardian=thread.guardian).update(valid_until=clock.today() - timedelta(days=1))
    assert "niemand hoort hier van een antwoord" in page_of(cast, thread)
    assert answered(cast, thread).status_code == 302
    page = page_of(cast, thread)
    assert "niemand kreeg er bericht van" in page
    assert "weet het nog niet" not in page


def test_where_it_arrives_nothing_of_it_is_said(cast: Cast, thread: Thread) -> None:
    page = page_of(cast, thread)
    assert "niemand hoort" not in page
    assert answered(cast, thread).status_code == 302
    assert "het gezin weet het nog niet" in page_of(cast, thread)


@pytest.mark.parametrize("facts", [{"reading_mode": "ORAL_ONLY"}, {"contact_language": "rif"}])
def test_of_who_does_not_read_it_says_to_call_and_not_what_they_read(
    cast: Cast, thread: Thread, facts: dict[str, str]
) -> None:
    reads = "Zonder vertaling komen je woorden aan"
    assert reads in page_of(cast, thread)
    Guardian.objects.filter(pk=thread.guardian_id).update(**facts)
    page = page_of(cast, thread)
    assert "Deze ouder leest niet. Bel" in page
    assert reads not in page
    assert answered(cast, thread).status_code == 302, "somebody may read it aloud"


def test_of_who_was_erased_each_page_says_so_and_leaves_no_link_without_words(cast: Cast, thread: Thread) -> None:
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Om vier uur.")
    thread.guardian.guardianships.update(ends_on=clock.today() - timedelta(days=1))
    erase_guardian(guardian=thread.guardian, by=None, school=cast.schools["kersenboom"])
    pages = [
        (reverse("thread_list"), {"stand": "klaar"}),
        (reverse("thread_detail", args=[thread.pk]), {}),
        (reverse("family_notices", args=[thread.family_id]), {}),
        (reverse("contact_detail", args=[ContactMoment.objects.latest("pk").pk]), {}),
    ]
    for url, query in pages:
        main = text_of(cast.client("head").get(url, query)).split("<main")[1]
        assert "Een ouder die gewist is" in main, url
        assert "<bdi></bdi>" not in main, url


def test_of_a_child_that_was_erased_no_page_names_nobody(cast: Cast) -> None:
    with_brother(cast)
    emma, mother = cast.pupils["emma"], cast.guardians["dutch_mother"]
    thread = ask_question(guardian=mother, pupil=emma, notice=None, text="Wanneer?", language="nl")
    reply(thread=thread, by=cast.staff["head"], text="Om vier uur.")
    talk = ContactMoment.objects.latest("pk")
    Enrolment.objects.filter(pupil=emma).update(ends_on=clock.today() - timedelta(days=1))
    erase_pupil(pupil=emma, by=None)
    head, own = cast.client("head"), cast.guardian_client("dutch_mother")
    pages = [
        (head, reverse("thread_list"), {"stand": "klaar"}),
        (head, reverse("thread_detail", args=[thread.pk]), {}),
        (head, reverse("family_notices", args=[thread.family_id]), {}),
        (head, reverse("contact_detail", args=[talk.pk]), {}),
        (own, reverse("portal_thread", args=[thread.pk]), {}),
    ]
    for browser, url, query in pages:
        main = text_of(browser.get(url, query)).split("<main")[1]
        assert "Sara Peeters" in main or browser is own, url
        assert "<bdi></bdi>" not in main, url
    talk.pupils.add(*Pupil.objects.filter(first_name="Bram"))
    page = text_of(head.get(reverse("contact_detail", args=[talk.pk])))
    assert "<dd><bdi>Bram Peeters</bdi></dd>" in page
