"""Each side in its own language: translations by colleagues and by a machine of one's own, marked as what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import PostTranslation, Thread, ThreadPost
from messaging.services import ask_question, reply
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.translation_machine import Machine, translation_machine

pytestmark = pytest.mark.django_db

QUESTION = "ਸਿਮਰਨ? Simran Kaur ਕਦੋਂ ਆਵੇ? +32 470 00 00 01, harpreet@thuis.example"


@pytest.fixture
def machine(settings: Any) -> Iterator[Machine]:
    with translation_machine() as running:
        settings.TRANSLATION_DRIVER, settings.TRANSLATION_URL = "libretranslate", running.url
        yield running


@pytest.fixture
def thread(cast: Cast) -> Thread:
    """Simran's mother asked in Punjabi, her teacher replied in Dutch."""
    mother, simran = cast.guardians["mother"], cast.pupils["simran"]
    thread = ask_question(guardian=mother, pupil=simran, notice=None, text=QUESTION, language="pa")
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Simran mag om 8 uur komen. Groeten, Lotte Claes")
    return thread


def posts(thread: Thread) -> list[ThreadPost]:
    return list(thread.posts.order_by("pk"))


def translate(cast: Cast, post: ThreadPost, person: str = "teacher_3b", **words: str) -> Any:
    address = reverse("thread_translate", args=[post.thread_id, post.pk])
    return cast.client(person).post(address, words, follow=True)


def shown_to_mother(cast: Cast, thread: Thread, code: str = "pa") -> str:
    answer = cast.guardian_client("mother").get(reverse("portal_thread", args=[thread.pk]), {"taal": code})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_colleague_translates_the_reply_and_the_mother_reads_both(cast: Cast, thread: Thread) -> None:
    own = posts(thread)[1]
    translate(cast, own, person="care", text="ਸਿਮਰਨ 8 ਵਜੇ ਆ ਸਕਦੀ ਹੈ।")
    row = PostTranslation.objects.get()
    assert (row.post, row.language, row.state, row.by) == (own, "pa", "PERSON", cast.staff["care"])
    page = shown_to_mother(cast, thread)
    assert '<p lang="pa-Guru" dir="ltr">ਸਿਮਰਨ 8 ਵਜੇ ਆ ਸਕਦੀ ਹੈ।</p>' in page
    assert '<p lang="nl-BE" dir="ltr">Simran mag om 8 uur komen.' in page
    assert AuditEntry.objects.filter(verb="translated", target_id=thread.pk).count() == 1


def test_a_reply_that_nobody_translated_says_which_language_it_is_in(cast: Cast, thread: Thread) -> None:
    tag = '<bdi lang="nl-BE" dir="ltr">Nederlands</bdi>'
    explained = "ਸਕੂਲ ਤੁਹਾਨੂੰ ਇਹ ਸਮਝਾ ਸਕਦਾ ਹੈ।"

    def said(page: str) -> tuple[bool, bool]:
        main = page.split("<main")[1]
        return tag in main, explained in main

    assert said(shown_to_mother(cast, thread)) == (True, True)
    assert said(shown_to_mother(cast, thread, "nl"))[0] is False, "who reads Dutch needs no word about it"
    translate(cast, posts(thread)[1], text="ਸਿਮਰਨ 8 ਵਜੇ ਆ ਸਕਦੀ ਹੈ।")
    assert explained not in shown_to_mother(cast, thread)


def test_a_translation_for_a_reader_of_arabic_runs_from_right_to_left(cast: Cast) -> None:
    father, yusuf = cast.guardians["separated_father"], cast.pupils["yusuf"]
    thread = ask_question(guardian=father, pupil=yusuf, notice=None, text="متى؟", language="ar")
    reply(thread=thread, by=cast.staff["teacher_3b"], text="Om 8 uur.", translation="في الساعة 8.")
    page = cast.guardian_client("separated_father").get(reverse("portal_thread", args=[thread.pk]), {"taal": "ar"})
    assert '<p lang="ar" dir="rtl">في الساعة 8.</p>' in " ".join(page.content.decode().split())


def test_a_translation_is_not_shown_to_who_reads_another_language(cast: Cast, thread: Thread) -> None:
    translate(cast, posts(thread)[1], text="ਸਿਮਰਨ 8 ਵਜੇ ਆ ਸਕਦੀ ਹੈ।")
    assert "ਵਜੇ" not in shown_to_mother(cast, thread, "fr")


def test_the_other_parent_does_not_find_the_conversation(cast: Cast, thread: Thread) -> None:
    for other in ("grandfather", "separated_father"):
        answer = cast.guardian_client(other).get(reverse("portal_thread", args=[thread.pk]))
        assert answer.status_code == 404


def test_a_parents_words_are_translated_into_dutch_for_the_team(cast: Cast, thread: Thread) -> None:
    translate(cast, posts(thread)[0], text="Wanneer mag ze komen?")
    assert PostTranslation.objects.get().language == "nl"
    page = cast.client("head").get(reverse("thread_detail", args=[thread.pk])).content.decode()
    assert "Wanneer mag ze komen?" in page


def test_the_machine_translates_and_everybody_is_told_that_it_did(cast: Cast, thread: Thread, machine: Machine) -> None:
    translate(cast, posts(thread)[1], machine="1")
    row = PostTranslation.objects.get()
    assert (row.state, row.machine, row.language) == ("MACHINE", "127.0.0.1", "pa")
    assert row.text == "ਅਨੁਵਾਦ: Simran mag om 8 uur komen. Groeten, Lotte Claes"
    own = cast.client("teacher_3b").get(reverse("thread_detail", args=[thread.pk]))
    assert own.context["posts"][1].translation.get_state_display() in own.content.decode()
    assert next(shown for shown in _shown(cast, thread) if shown.translation).is_by_machine


def _shown(cast: Cast, thread: Thread) -> Any:
    answer = cast.guardian_client("mother").get(reverse("portal_thread", args=[thread.pk]), {"taal": "pa"})
    return answer.context["posts"]


def test_no_name_address_or_number_leaves_for_the_machine(cast: Cast, thread: Thread, machine: Machine) -> None:
    for post in posts(thread):
        translate(cast, post, machine="1")
    sent = " ".join(text for question in machine.heard for text in question["q"])
    assert len(machine.heard) == 2
    for secret in ("Simran", "Kaur", "Lotte", "Claes", "470", "harpreet", "example"):
        assert secret not in sent
    assert [question["source"] for question in machine.heard] == ["pa", "nl"]
    assert "Simran Kaur" in PostTranslation.objects.get(post=posts(thread)[0]).text


@pytest.mark.parametrize("trouble", [400, 403, 429, 500, 503, "rubbish", "loses", "moved"])
def test_trouble_with_the_machine_is_said_and_nothing_is_stored(
    cast: Cast, thread: Thread, machine: Machine, trouble: str | int
) -> None:
    machine.behave = trouble
    answer = translate(cast, posts(thread)[1], machine="1")
    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
    assert not PostTranslation.objects.exists()


def test_a_machine_that_is_away_is_said_in_plain_words(cast: Cast, thread: Thread, settings: Any) -> None:
    with translation_machine() as gone:
        settings.TRANSLATION_DRIVER, settings.TRANSLATION_URL = "libretranslate", gone.url
    answer = translate(cast, posts(thread)[1], machine="1")
    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]


def test_without_a_machine_nobody_is_offered_one(cast: Cast, thread: Thread) -> None:
    page = cast.client("teacher_3b").get(reverse("thread_detail", args=[thread.pk])).content.decode()
    assert 'name="machine"' not in page
    translate(cast, posts(thread)[1], machine="1")
    assert not PostTranslation.objects.exists()


def test_a_colleague_who_improves_the_machine_has_checked_it(cast: Cast, thread: Thread, machine: Machine) -> None:
    own = posts(thread)[1]
    translate(cast, own, machine="1")
    translate(cast, own, text="ਬਿਹਤਰ।")
    row = PostTranslation.objects.get()
    assert (row.state, row.text, row.machine) == ("CHECKED", "ਬਿਹਤਰ।", "127.0.0.1")
    translate(cast, own, machine="1")
    assert PostTranslation.objects.get().text == "ਬਿਹਤਰ।", "the machine does not replace what a person wrote"


def test_a_translation_as_long_as_the_page_lets_one_type_is_taken(cast: Cast, thread: Thread) -> None:
    """A browser counts the end of a line as one sign and sends two."""
    translate(cast, posts(thread)[1], text="ਹ\r\n" * 1999 + "ਹ")
    assert PostTranslation.objects.get().text == "ਹ\n" * 1999 + "ਹ"


def test_a_post_of_another_conversation_is_not_translated_here(cast: Cast, thread: Thread) -> None:
    emma = ask_question(
        guardian=cast.guardians["dutch_mother"], pupil=cast.pupils["emma"], notice=None, text="Hoe?", language="fr"
    )
    address = reverse("thread_translate", args=[thread.pk, emma.posts.get().pk])
    cast.client("teacher_3b").post(address, {"text": "Hoe?"})
    assert not PostTranslation.objects.exists()


def test_a_long_conversation_costs_no_more_queries_than_a_short_one(cast: Cast, thread: Thread) -> None:
    def queries(client: Any, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    doors = [
        (cast.client("teacher_3b"), reverse("thread_detail", args=[thread.pk])),
        (cast.guardian_client("mother"), reverse("portal_thread", args=[thread.pk])),
        (cast.guardian_client("mother"), reverse("portal_home")),
    ]
    translate(cast, posts(thread)[1], text="ਹਾਂ")
    few = [queries(*door) for door in doors]
    for number in range(18):
        post = reply(thread=thread, by=cast.staff["teacher_3b"], text=f"Nog iets {number}", translation="ਹੋਰ")
        assert post.translations.count() == 1
    assert [queries(*door) for door in doors] == few
