"""A notice by its link: readable without account, in one's own language, and changed by buttons only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ingroeibloei.icons import FOLDER
from messaging.formats import ISOLATE, NO_BREAK
from messaging.inbox import expectation
from messaging.models import Answer, Channel, Delivery, Notice, OptOut, Thread, ThreadPost
from messaging.services import reply
from messaging.tokens import make_token, short_code
from parents.models import FamilyMembership, FollowUp, FollowUpKind, Guardian, Guardianship
from parents.services import complete_follow_up
from schools import clock
from schools.models import Session
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, page_url, sent
from tests.parents.frame import language_and_direction, text_of


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    """Limits are counted for each test apart; text messages can be sent."""
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return sent(cast)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but sessions, as the database has it."""
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - {Session._meta.db_table}):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            rows[table] = cursor.fetchall()
    return rows


@pytest.fixture
def mother(cast: Cast, notice: Notice) -> Delivery:
    """By e-mail, to her own address."""
    return delivery_to(notice, cast, "mother")


@pytest.fixture
def father(cast: Cast, notice: Notice) -> Delivery:
    return delivery_to(notice, cast, "separated_father")


def test_a_telephone_number_is_not_broken_in_the_whole_text(client: Client, cast: Cast) -> None:
    """Read from right to left, its halves would stand in the wrong order."""
    father = delivery_to(sent(cast, place="011 00 11 22"), cast, "separated_father")
    page = client.get(page_url(father)).content.decode()
    whole = page[page.index('class="side-by-side') :]
    assert f"<bdi>011{NO_BREAK}00{NO_BREAK}11{NO_BREAK}22</bdi>" in whole
    assert ISOLATE not in whole


def test_opening_a_link_changes_nothing(client: Client, mother: Delivery) -> None:
    before = everything()
    for _scan in range(3):
        assert client.get(page_url(mother)).status_code == 200
        assert client.head(page_url(mother)).status_code == 200
    assert client.get(page_url(mother, "token_unsubscribe")).status_code == 200
    assert everything() == before
    assert not Session.objects.exists()


@pytest.mark.parametrize("name", ["token_answer", "token_read", "token_not_understood", "token_question"])
def test_what_changes_something_is_no_link(client: Client, mother: Delivery, name: str) -> None:
    assert client.get(page_url(mother, name)).status_code == 405


def test_it_speaks_the_guardians_language_beside_the_dutch(client: Client, mother: Delivery) -> None:
    page = client.get(page_url(mother))
    assert language_and_direction(page) == ("pa-Guru", "ltr")
    assert "ਮੁਲਾਕਾਤ" in text_of(page)
    assert "Wij praten graag met u over" in text_of(page)
    assert "Simran" in text_of(page)


@pytest.mark.parametrize(
    ("code", "frame"),
    [
        ("pa", ("pa-Guru", "ltr")),
        ("ar", ("ar", "rtl")),
        ("ps", ("ps", "rtl")),
        ("prs", ("fa-AF", "rtl")),
        ("nl", ("nl-BE", "ltr")),
        ("fr", ("fr-BE", "ltr")),
    ],
)
def test_the_reader_may_turn_the_page_into_another_language(
    client: Client, mother: Delivery, code: str, frame: tuple[str, str]
) -> None:
    assert language_and_direction(client.get(page_url(mother), {"taal": code})) == frame
    again = client.get(page_url(mother), headers={"accept-language": "en"})
    assert language_and_direction(again) == frame


def test_the_text_turns_with_the_page(client: Client, mother: Delivery) -> None:
    page = text_of(client.get(page_url(mother), {"taal": "nl"}))
    assert "Uitnodiging voor het oudercontact" in page
    assert "ਮੁਲਾਕਾਤ" not in page


def test_a_spoken_language_reads_dutch(cast: Cast, client: Client, mother: Delivery) -> None:
    type(mother.guardian).objects.filter(pk=mother.guardian_id).update(contact_language="rom")
    assert language_and_direction(client.get(page_url(mother))) == ("nl-BE", "ltr")


def test_one_tap_answers_and_the_page_says_so(client: Client, mother: Delivery) -> None:
    answer = client.post(page_url(mother, "token_answer"), {"answer": "yes_interpreter"}, follow=True)
    assert answer.redirect_chain == [(page_url(mother), 303)]
    assert Answer.objects.get().key == "yes_interpreter"
    assert 'aria-pressed="true"' in text_of(answer)
    mother.refresh_from_db()
    assert mother.opened_at is not None


def test_an_answer_can_be_changed(client: Client, mother: Delivery) -> None:
    for key in ("yes", "other_day"):
        client.post(page_url(mother, "token_answer"), {"answer": key})
    row = Answer.objects.get()
    assert (row.key, row.changed) == ("other_day", 1)


def test_an_answer_that_does_not_exist_is_refused(client: Client, mother: Delivery) -> None:
    page = client.post(page_url(mother, "token_answer"), {"answer": "everything"}, follow=True)
    assert page.status_code == 200
    assert not Answer.objects.exists()


def test_buttons_work_only_with_their_proof(mother: Delivery) -> None:
    strict = Client(enforce_csrf_checks=True)
    for name in ("token_answer", "token_read", "token_not_understood", "token_question", "token_not_me"):
        assert strict.post(page_url(mother, name), {"answer": "yes", "text": "?"}).status_code == 403
    assert not Answer.objects.exists()


def test_i_have_read_this(client: Client, mother: Delivery) -> None:
    client.post(page_url(mother, "token_read"))
    mother.refresh_from_db()
    assert mother.opened_at is not None
    assert not Answer.objects.exists()


def test_i_do_not_understand_this_asks_the_sender_once(cast: Cast, client: Client, mother: Delivery) -> None:
    for _tap in range(2):
        client.post(page_url(mother, "token_not_understood"))
    follow_up = FollowUp.objects.get(kind=FollowUpKind.NOT_UNDERSTOOD)
    assert follow_up.owner == cast.staff["teacher_3b"]
    assert follow_up.guardian == cast.guardians["mother"]


def test_once_it_was_explained_nothing_is_promised_and_one_may_say_so_again(
    cast: Cast, client: Client, mother: Delivery
) -> None:
    promise = "Iemand van de school neemt contact met u op."
    address, says_so = page_url(mother, "token_notice"), page_url(mother, "token_not_understood")

    def page() -> str:
        return text_of(client.get(address, {"taal": "nl"}))

    assert says_so in page()
    client.post(says_so)
    page()  # the thanks
    assert promise in page()
    assert f'action="{says_so}"' not in page()
    complete_follow_up(follow_up=FollowUp.objects.get(kind=FollowUpKind.NOT_UNDERSTOOD), by=cast.staff["teacher_3b"])
    assert promise not in page()
    mother.refresh_from_db()
    first = mother.not_understood_at
    client.post(says_so)
    assert FollowUp.objects.filter(kind=FollowUpKind.NOT_UNDERSTOOD).open().count() == 1
    mother.refresh_from_db()
    assert mother.not_understood_at == first, "no figure of before changes"


def test_a_question_in_ones_own_language(cast: Cast, client: Client, mother: Delivery) -> None:
    words = "ਕੀ ਮੈਂ ਬਾਅਦ ਵਿੱਚ ਆ ਸਕਦੀ ਹਾਂ?"
    client.post(page_url(mother, "token_question"), {"text": words})
    client.post(page_url(mother, "token_question"), {"text": "Dank u"})
    thread = Thread.objects.get()
    assert (thread.guardian, thread.pupil) == (cast.guardians["mother"], cast.pupils["simran"])
    assert [post.text for post in thread.posts.all()] == [words, "Dank u"]
    assert thread.posts.first().language == "pa"  # type: ignore[union-attr]


def test_by_a_link_that_shows_no_conversation_it_is_said_at_once_by_when_an_answer_comes(
    client: Client, mother: Delivery
) -> None:
    asked = client.post(f"{page_url(mother, 'token_question')}?taal=nl", {"text": "Hoe laat?"})
    expected = expectation(Thread.objects.get())
    assert expected is not None
    page = " ".join(text_of(client.get(asked.headers["Location"], {"taal": "nl"})).split())
    with override("nl"):
        assert f"De school heeft uw vraag. {expected.sentence('nl')}" in page


def test_no_machine_fills_the_list_of_questions(client: Client, mother: Delivery) -> None:
    for number in range(12):
        client.post(page_url(mother, "token_question"), {"text": f"Vraag {number}"})
    assert Thread.objects.get().posts.count() == 10


@pytest.mark.parametrize("act", ["question", "not_understood"])
def test_while_the_child_belongs_to_no_family_one_is_told_to_call(client: Client, mother: Delivery, act: str) -> None:
    FamilyMembership.objects.all().delete()
    page = client.post(page_url(mother, f"token_{act}"), {"text": "ਕਦੋਂ?"}, follow=True)
    assert page.status_code == (422 if act == "question" else 200)
    assert "notice-banner-wrong" in text_of(page)
    mother.refresh_from_db()
    assert (mother.not_understood_at, Thread.objects.count()) == (None, 0)


def test_questions_about_two_notices_are_two_conversations(cast: Cast, client: Client, mother: Delivery) -> None:
    other = delivery_to(sent(cast), cast, "mother")
    for delivery in (mother, other):
        client.post(page_url(delivery, "token_question"), {"text": f"Vraag {delivery.notice_id}"})
    asked = Thread.objects.values_list("notice", "posts__text")
    assert set(asked) == {(row.notice_id, f"Vraag {row.notice_id}") for row in (mother, other)}


def test_an_empty_question_says_what_to_do(client: Client, mother: Delivery) -> None:
    page = client.post(page_url(mother, "token_question"), {"text": "  "}, follow=True)
    assert "notice-banner-wrong" in text_of(page)
    assert not ThreadPost.objects.exists()


def test_a_question_that_is_too_long_is_not_called_empty(client: Client, mother: Delivery) -> None:
    answer = client.post(page_url(mother, "token_question"), {"text": "Mag ik later komen? " * 150})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "2000" in page
    assert page.count("Mag ik later komen? ") > 100, "nobody types it again"
    assert f'href="{page_url(mother)}?taal=nl"' in page, "in another language it is asked for, not sent again"
    assert "Mag ik later" not in str(client.session.items())
    assert "Mag ik later komen?" not in text_of(client.get(page_url(mother)))
    assert not ThreadPost.objects.exists()


def test_a_question_that_was_not_taken_stands_at_nobody_elses_notice(
    client: Client, mother: Delivery, father: Delivery
) -> None:
    """Two parents may share the browser."""
    client.post(page_url(mother, "token_question"), {"text": "Mag ik later komen? " * 150})
    assert "Mag ik later komen?" not in text_of(client.get(page_url(father)))


def test_the_link_shows_no_conversation(cast: Cast, client: Client, mother: Delivery) -> None:
    client.post(page_url(mother, "token_question"), {"text": "Mag ik later komen?"})
    reply(thread=Thread.objects.get(), by=cast.staff["teacher_3b"], text="Om zes uur is ook goed.")
    page = text_of(Client().get(page_url(mother)))
    assert "Mag ik later komen?" not in page
    assert "Om zes uur is ook goed." not in page


def test_the_link_signs_nobody_in(client: Client, mother: Delivery) -> None:
    client.post(page_url(mother, "token_answer"), {"answer": "yes"})
    assert client.get(reverse("portal_home")).status_code == 302
    assert client.get(reverse("portal_choices")).status_code == 302


def test_separated_parents_see_each_their_own(cast: Cast, notice: Notice, father: Delivery) -> None:
    hers = delivery_to(notice, cast, "separated_mother")
    Client().post(page_url(hers, "token_answer"), {"answer": "yes"})
    Client().post(page_url(hers, "token_question"), {"text": "Komt hij ook?"})
    page = Client().get(page_url(father))
    assert language_and_direction(page) == ("ar", "rtl")
    assert "aria-pressed" not in text_of(page)
    for word in ("Nadia", "nadia@thuis.example", "Komt hij ook?", "Français</bdi>"):
        assert word not in text_of(page)


def dead_links(delivery: Delivery) -> Iterator[str]:
    token = make_token(delivery)
    yield "x" * len(token)
    yield ("A" if token[0] != "A" else "B") + token[1:]
    yield token[:-1]
    yield "…"


def test_forged_links_open_nothing_and_say_so_kindly(client: Client, mother: Delivery) -> None:
    for token in dead_links(mother):
        page = client.get(reverse("token_notice", args=[token]), headers={"accept-language": "tr"})
        assert page.status_code == 404
        assert language_and_direction(page) == ("tr", "ltr")
        assert "Kersenboom" not in text_of(page)
        assert client.post(reverse("token_answer", args=[token]), {"answer": "yes"}).status_code == 404


def test_a_link_that_was_taken_back(client: Client, mother: Delivery) -> None:
    url = page_url(mother)
    Delivery.objects.filter(pk=mother.pk).update(token_version=2)
    assert client.get(url).status_code == 404


def test_whoever_is_signed_in_is_not_asked_to_sign_in(cast: Cast, client: Client, mother: Delivery) -> None:
    dead = reverse("token_notice", args=[next(dead_links(mother))])
    assert f'href="{reverse("guardian_sign_in")}"' in client.get(dead).content.decode()
    page = cast.guardian_client("mother").get(dead).content.decode()
    assert f'href="{reverse("portal_home")}"' in page
    assert f'href="{reverse("guardian_sign_in")}"' not in page


def test_a_link_that_is_too_old(client: Client, mother: Delivery) -> None:
    old = clock.now() - timedelta(days=60, minutes=1)
    Delivery.objects.filter(pk=mother.pk).update(created_at=old)
    assert client.get(page_url(mother)).status_code == 404


def test_a_guardian_who_lost_the_right_to_information(cast: Cast, client: Client, mother: Delivery) -> None:
    Guardianship.objects.filter(guardian=cast.guardians["mother"]).update(information_right=False)
    assert client.get(page_url(mother)).status_code == 404


def test_after_the_last_day_no_answer_is_taken(client: Client, notice: Notice, mother: Delivery) -> None:
    Notice.objects.filter(pk=notice.pk).update(answer_by=clock.today() - timedelta(days=1))
    page = client.post(page_url(mother, "token_answer"), {"answer": "yes"}, follow=True)
    assert not Answer.objects.exists()
    assert "<fieldset disabled>" in text_of(page)


class TestUnsubscribe:
    def test_one_click_of_a_mail_program_is_enough(self, mother: Delivery) -> None:
        program = Client(enforce_csrf_checks=True)
        answer = program.post(page_url(mother, "token_unsubscribe"), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        row = OptOut.objects.get()
        assert (row.guardian_id, row.channel) == (mother.guardian_id, Channel.EMAIL)

    def test_looking_is_not_clicking(self, client: Client, mother: Delivery) -> None:
        client.get(page_url(mother, "token_unsubscribe"))
        assert not OptOut.objects.exists()

    def test_text_messages_are_not_stopped_by_it(self, client: Client, cast: Cast, notice: Notice) -> None:
        assert client.post(page_url(delivery_to(notice, cast, "grandfather"), "token_unsubscribe")).status_code == 404
        assert not OptOut.objects.exists()


class TestLetterCode:
    @pytest.fixture
    def letter(self, mother: Delivery) -> Delivery:
        Delivery.objects.filter(pk=mother.pk).update(channel=Channel.LETTER, contact_point=None)
        mother.refresh_from_db()
        return mother

    def test_the_code_leads_to_the_notice(self, client: Client, letter: Delivery) -> None:
        typed = short_code(letter).lower().replace("-", " ")
        assert client.post(reverse("letter_code"), {"code": typed}).headers["Location"] == page_url(letter)

    def test_a_wrong_code_says_what_to_do(self, client: Client, letter: Delivery) -> None:
        unseen = text_of(client.get(reverse("letter_code"), {"taal": "nl"}))
        page = client.post(reverse("letter_code"), {"code": "0000-0000-0000"})
        assert page.status_code == 200
        assert "field-wrong" in text_of(page)
        assert "te oud. Kijk nog eens op uw brief, of vraag het aan de school." in text_of(page), "as an old one reads"
        door = f'href="{reverse("guardian_sign_in")}"'
        assert (door in unseen, door in text_of(page)) == (False, True)

    def test_many_tries_are_stopped(self, client: Client, letter: Delivery) -> None:
        for number in range(30):
            client.post(reverse("letter_code"), {"code": f"0000-0000-{number:04}"})
        assert client.post(reverse("letter_code"), {"code": short_code(letter)}).status_code == 200


def test_a_notice_page_is_light(client: Client, mother: Delivery) -> None:
    asked_first = client.get(page_url(mother))
    assert "eerste-vraag" in text_of(asked_first)
    assert len(asked_first.content) < 28_000
    said = dict.fromkeys(("language_confirmed_on", "reading_confirmed_on"), clock.today())
    Guardian.objects.filter(pk=mother.guardian_id).update(**said)
    page = client.get(page_url(mother))
    assert len(page.content) < 23_500
    assert re.findall(r"<script[^>]*>", text_of(page)) == ['<script src="/static/ingroeibloei/js/listen.js" defer>']
    assert len((FOLDER / "js" / "listen.js").read_bytes()) < 20_000
    assert mail.outbox == []
