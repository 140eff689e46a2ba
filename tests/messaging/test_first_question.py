"""At first contact a parent is asked once in which language and how; it lasts, so by a link a code comes first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from parents.models import ContactPoint, Guardian
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.test_token_choices import Visitor, newest_code
from tests.parents.frame import text_of

CARD = 'id="eerste-vraag"'
LONG_KNOWN = date(2025, 9, 1)
ANSWER = {"form": "first", "first-language": "pa", "first-reading_mode": "EASY_TEXT"}


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


@pytest.fixture
def nadia(cast: Cast) -> Visitor:
    Guardian.objects.filter(pk=cast.guardians["separated_mother"].pk).update(language_confirmed_on=None)
    return Visitor(cast, "separated_mother")


@pytest.fixture
def signed_in(cast: Cast, nadia: Visitor) -> Client:
    return cast.guardian_client("separated_mother")


def home(client: Client) -> str:
    return text_of(client.get(reverse("portal_home")))


def test_at_first_sign_in_the_question_is_answered_once(nadia: Visitor, signed_in: Client) -> None:
    page = home(signed_in)
    assert CARD in page
    assert "ਪੰਜਾਬੀ" in page, "each language in its own name and script"
    answer = signed_in.post(reverse("portal_choices"), ANSWER)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("portal_home"))
    stored = nadia.stored()
    assert (stored.contact_language, stored.reading_mode) == ("pa", "EASY_TEXT")
    assert stored.language_confirmed_on == stored.first_question_on == clock.today()
    assert CARD not in home(signed_in)


def test_the_change_is_told_at_the_places_known_before(nadia: Visitor, signed_in: Client) -> None:
    signed_in.post(reverse("portal_choices"), ANSWER)
    assert [message.to for message in mail.outbox] == [["nadia@thuis.example"]]
    assert "Quelque chose" in mail.outbox[0].subject


def test_who_prefers_not_to_say_is_not_asked_again(nadia: Visitor, signed_in: Client) -> None:
    signed_in.post(reverse("portal_choices"), {"form": "first_aside"})
    assert CARD not in home(signed_in)
    assert CARD not in text_of(nadia.client.get(nadia.url("token_notice")))
    stored = nadia.stored()
    assert (stored.contact_language, stored.language_confirmed_on) == ("fr", None)


def test_half_an_answer_says_what_is_missing(nadia: Visitor, signed_in: Client) -> None:
    page = text_of(signed_in.post(reverse("portal_choices"), {"form": "first", "first-language": "pa"}))
    assert CARD in page
    assert 'role="alert"' in page
    assert nadia.stored().contact_language == "fr"


def both_known(nadia: Visitor) -> None:
    today = clock.today()
    Guardian.objects.filter(pk=nadia.guardian.pk).update(language_confirmed_on=today, reading_confirmed_on=today)


def test_who_chose_language_and_reading_before_is_not_asked(nadia: Visitor, signed_in: Client) -> None:
    both_known(nadia)
    assert CARD not in home(signed_in)


@pytest.mark.parametrize("asked", [{"restricted_on": date(2026, 11, 2)}, {"may_be_contacted": False}])
def test_whom_the_school_sends_nothing_is_not_asked_how(
    nadia: Visitor, signed_in: Client, asked: dict[str, Any]
) -> None:
    assert CARD in home(signed_in)
    Guardian.objects.filter(first_name="Nadia").update(**asked)
    assert CARD not in home(signed_in)


def test_by_the_link_of_a_notice_the_answer_waits_for_the_code(nadia: Visitor) -> None:
    assert CARD in text_of(nadia.client.get(nadia.url("token_notice")))
    assert nadia.choices(**ANSWER).headers["Location"] == nadia.url("token_choices")
    assert nadia.stored().contact_language == "fr", "a link alone changes nothing that lasts"
    nadia.ask("nadia@thuis.example")
    code = newest_code()
    mail.outbox.clear()
    assert nadia.enter(code).headers["Location"] == nadia.url("token_notice")
    stored = nadia.stored()
    assert (stored.contact_language, stored.reading_mode) == ("pa", "EASY_TEXT")
    assert [message.to for message in mail.outbox] == [["nadia@thuis.example"]], "the old place hears of it"
    assert CARD not in text_of(nadia.client.get(nadia.url("token_notice")))


def test_an_answer_that_waits_is_nobody_elses(nadia: Visitor, cast: Cast) -> None:
    """The father's link, opened in the same browser afterwards, does not take the mother's answer."""
    nadia.choices(**ANSWER)
    father = Visitor(cast, "separated_father")
    father.client = nadia.client
    before = father.stored().contact_language
    father.prove(ContactPoint.objects.usable().filter(guardians=father.guardian)[0].value)
    assert father.stored().contact_language == before
    assert nadia.stored().contact_language == "fr"


def test_by_the_link_the_question_can_be_set_aside_and_nothing_else_changes(nadia: Visitor) -> None:
    assert nadia.choices(form="first_aside").headers["Location"] == nadia.url("token_notice")
    assert CARD not in text_of(nadia.client.get(nadia.url("token_notice")))
    stored = nadia.stored()
    assert (stored.contact_language, stored.language_confirmed_on) == ("fr", None)


def test_who_can_open_no_code_is_not_asked(nadia: Visitor) -> None:
    ContactPoint.objects.update(valid_until=clock.today())
    assert CARD not in text_of(nadia.client.get(nadia.url("token_notice")))


def test_who_is_signed_in_answers_on_the_notice_without_a_code(nadia: Visitor, signed_in: Client) -> None:
    nadia.client = signed_in
    page = text_of(signed_in.get(nadia.url("token_notice")))
    assert CARD in page
    assert "code" not in page.partition(CARD)[2].partition("</form>")[0]
    assert nadia.choices(**ANSWER).headers["Location"] == nadia.url("token_notice")
    stored = nadia.stored()
    assert (stored.contact_language, stored.reading_mode) == ("pa", "EASY_TEXT")


def test_an_answer_does_not_wait_for_whoever_opens_a_code_later(nadia: Visitor) -> None:
    nadia.choices(**ANSWER)
    session = nadia.client.session
    number, _until, *answer = session["choices_waiting"]
    session["choices_waiting"] = [number, (clock.now() - timedelta(seconds=1)).isoformat(), *answer]
    session.save()
    nadia.prove("nadia@thuis.example")
    assert nadia.stored().contact_language == "fr"


def test_a_question_that_is_not_asked_is_not_set_aside(nadia: Visitor) -> None:
    both_known(nadia)
    for _twice in range(2):
        nadia.choices(form="first_aside")
    assert nadia.stored().first_question_on is None
    assert not AuditEntry.objects.filter(verb="set the first question aside").exists()


class TestReadingAlone:
    """The language is known, how the parent reads is not."""

    ONLY = {"form": "first", "first-reading_mode": "ORAL_ONLY"}

    @pytest.fixture(autouse=True)
    def knows_the_language(self, nadia: Visitor) -> None:
        Guardian.objects.filter(pk=nadia.guardian.pk).update(language_confirmed_on=LONG_KNOWN)

    def test_is_asked_once_and_leaves_the_language(self, nadia: Visitor, signed_in: Client) -> None:
        card = home(signed_in).partition(CARD)[2].partition("</form>")[0]
        assert 'name="first-reading_mode"' in card
        assert "first-language" not in card
        signed_in.post(reverse("portal_choices"), ANSWER | self.ONLY)
        stored = nadia.stored()
        assert (stored.contact_language, stored.language_confirmed_on) == ("fr", LONG_KNOWN)
        assert (stored.reading_mode, stored.reading_confirmed_on) == ("ORAL_ONLY", clock.today())
        assert CARD not in home(signed_in)

    def test_half_an_answer_says_what_is_missing(self, signed_in: Client) -> None:
        page = text_of(signed_in.post(reverse("portal_choices"), {"form": "first"}))
        assert CARD in page
        assert 'role="alert"' in page

    def test_by_the_link_of_a_notice_the_answer_waits_for_the_code(self, nadia: Visitor) -> None:
        nadia.choices(**self.ONLY)
        assert nadia.stored().reading_mode == "TEXT"
        nadia.prove("nadia@thuis.example")
        stored = nadia.stored()
        assert (stored.contact_language, stored.reading_mode) == ("fr", "ORAL_ONLY")

    def test_can_be_set_aside(self, nadia: Visitor, signed_in: Client) -> None:
        signed_in.post(reverse("portal_choices"), {"form": "first_aside"})
        assert CARD not in home(signed_in)
        assert nadia.stored().reading_confirmed_on is None

    @pytest.mark.parametrize("known", [{"reading_mode": "EASY_TEXT"}, {"reading_confirmed_on": clock.today()}])
    def test_is_not_asked_of_whom_it_is_known(self, nadia: Visitor, signed_in: Client, known: dict[str, Any]) -> None:
        Guardian.objects.filter(pk=nadia.guardian.pk).update(**known)
        assert CARD not in home(signed_in)

    def test_who_chose_among_the_own_choices_is_not_asked(self, nadia: Visitor, signed_in: Client) -> None:
        chosen = {"form": "reading", "reading-reading_mode": "TEXT", "reading-preferred_channel": "any"}
        signed_in.post(reverse("portal_choices"), chosen)
        assert nadia.stored().reading_confirmed_on == clock.today()
        assert CARD not in home(signed_in)
