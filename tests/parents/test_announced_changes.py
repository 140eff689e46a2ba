"""A lasting change is told to the places where the guardian was known before it, and no link can make one."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from messaging import outbox
from messaging.models import CallTask, OptOut, RecordedNotice
from messaging.tokens import make_token
from messaging.views import token
from parents.models import ContactPoint, FollowUp, Guardian
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.parents.frame import text_of

ALL_NAMES = ("Harpreet", "Baldev", "Simran", "Gurjot", "Yusuf", "Nadia", "Karim", "Haddad", "Kaur", "Singh")
LASTING = ("contact_language", "reading_mode", "preferred_channel", "may_be_contacted", "household_id")


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    """Limits are counted for each test apart; text messages are recorded."""
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


def choose_language(client: Client, code: str) -> Any:
    return client.post(reverse("portal_choices"), {"form": "language", "language-language": code})


def choose_reading(client: Client, mode: str = "TEXT", channel: str = "any") -> Any:
    fields = {"reading-reading_mode": mode, "reading-preferred_channel": channel}
    return client.post(reverse("portal_choices"), {"form": "reading"} | fields)


def texts() -> list[tuple[str, str]]:
    return list(RecordedNotice.objects.filter(channel="SMS").order_by("pk").values_list("recipient", "text"))


def test_a_new_language_is_told_in_the_old_one_everywhere(cast: Cast) -> None:
    assert choose_language(cast.guardian_client("separated_mother"), "nl").status_code == 302
    (message,) = mail.outbox
    assert message.to == ["nadia@thuis.example"]
    assert message.extra_headers["Content-Language"] == "fr-BE"
    ((number, words),) = texts()
    assert number == "+32470000002"
    with translation.override("fr"):
        start = translation.gettext("Something was changed for you at %(school)s.") % {"school": "VBS De Kersenboom"}
    assert start.startswith("Quelque chose")
    assert message.subject == start
    for text in (words, str(message.body), str(message.alternatives[0][0])):  # type: ignore[attr-defined]
        assert start in text
        assert "011 00 11 22" in text


def test_of_a_change_that_nobody_could_be_told_of_the_school_is_asked_to_tell(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else somebody with a forwarded code silences the other parent on the evening when the mail server is away."""

    def away(*_args: Any, **_more: Any) -> int:
        raise ConnectionRefusedError

    settings.SMS_DRIVER = "off"
    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", away)
    mother = cast.guardians["separated_mother"]
    for code in ("nl", "ar"):
        choose_language(cast.guardian_client("separated_mother"), code)
    task = FollowUp.objects.get(guardian=mother, kind="CALL")
    assert (task.school, task.pupil, task.owner) == (
        cast.schools["kersenboom"], cast.pupils["yusuf"], cast.staff["teacher_3b"],
    )  # fmt: skip
    assert "Bel op een nummer van vroeger" in task.what
    settings.SMS_DRIVER = "record"
    FollowUp.objects.all().delete()
    choose_language(cast.guardian_client("separated_mother"), "fr")
    assert len(texts()) == 1
    assert not FollowUp.objects.filter(kind="CALL").exists(), "one place heard"


def test_who_speaks_a_language_without_texts_is_told_in_the_one_they_read(cast: Cast) -> None:
    father = cast.guardians["separated_father"]
    Guardian.objects.filter(pk=father.pk).update(contact_language="rif", second_language="fr")
    choose_reading(cast.guardian_client("separated_father"), "EASY_TEXT")
    (message,) = mail.outbox
    assert message.extra_headers["Content-Language"] == "fr-BE"


@pytest.mark.parametrize(("mode", "channel"), [("EASY_TEXT", "any"), ("TEXT", "SMS"), ("ORAL_ONLY", "LETTER")])
def test_another_way_of_reading_or_being_reached_is_told_too(cast: Cast, mode: str, channel: str) -> None:
    choose_reading(cast.guardian_client("separated_mother"), mode, channel)
    assert [message.to for message in mail.outbox] == [["nadia@thuis.example"]]
    assert len(texts()) == 1


def test_another_language_to_read_is_told_in_the_one_of_before(cast: Cast) -> None:
    """Whose own language is only spoken gets each text in the other one."""
    mother = Guardian.objects.filter(pk=cast.guardians["separated_mother"].pk)
    mother.update(contact_language="rif", second_language="fr")
    fields = {"form": "language", "language-language": "rif"}
    client = cast.guardian_client("separated_mother")
    assert client.post(reverse("portal_choices"), fields | {"language-second": "fr"}).status_code == 302
    assert mail.outbox == []
    assert client.post(reverse("portal_choices"), fields | {"language-second": "nl"}).status_code == 302
    assert mother.get().second_language == "nl"
    (message,) = mail.outbox
    assert message.subject.startswith("Quelque chose")


def test_what_stays_as_it_was_is_told_to_nobody(cast: Cast) -> None:
    mother = cast.guardian_client("separated_mother")
    choose_language(mother, "fr")
    choose_reading(mother)
    mother.post(reverse("portal_choices"), {"form": "contact", "contact-contact": "0470 99 88 77"})
    choose_language(mother, "xx")
    mother.get(reverse("portal_choices"))
    assert mail.outbox == []
    assert texts() == []


def test_no_name_is_told_at_a_shared_point(cast: Cast) -> None:
    choose_language(cast.guardian_client("mother"), "nl")
    (message,) = mail.outbox
    ((number, words),) = texts()
    assert number == "+32470000001"
    for name in ALL_NAMES:
        assert name not in f"{words}{message.subject}{message.body}"


def test_an_address_that_ended_hears_nothing(cast: Cast) -> None:
    ContactPoint.objects.filter(value="nadia@thuis.example").update(valid_until=clock.today())
    choose_language(cast.guardian_client("separated_mother"), "nl")
    assert mail.outbox == []
    assert len(texts()) == 1


def test_the_other_parent_hears_nothing(cast: Cast) -> None:
    choose_language(cast.guardian_client("separated_mother"), "nl")
    assert "karim@elders.example" not in str([message.recipients() for message in mail.outbox])


def test_changing_to_and_fro_does_not_fill_a_phone(cast: Cast) -> None:
    mother = cast.guardian_client("separated_mother")
    for number in range(14):
        choose_language(mother, ("nl", "fr")[number % 2])
    assert len(mail.outbox) == 10


def test_a_mail_server_that_is_down_stops_no_choice(cast: Cast, monkeypatch: Any, caplog: Any) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({"nadia@thuis.example": (550, b"no such person")})

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", refuse)
    assert choose_language(cast.guardian_client("separated_mother"), "nl").status_code == 302
    assert Guardian.objects.get(pk=cast.guardians["separated_mother"].pk).contact_language == "nl"
    assert len(texts()) == 1
    assert "nadia" not in caplog.text


class TestToldInATalk:
    """A new address that was told to a colleague: the places of before hear of it, the new one is asked for a code."""

    def heard(self) -> list[str]:
        return [*(letter.to[0] for letter in mail.outbox), *(number for number, _words in texts())]

    def test_in_a_call_about_a_notice(self, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
        Guardian.objects.filter(pk=cast.guardians["separated_mother"].pk).update(reading_mode="ORAL_ONLY")
        sent(cast)
        mail.outbox.clear()
        data = {"outcome": "REACHED_AGREED", "contact": "nadia@post.example"}
        with django_capture_on_commit_callbacks(execute=True):
            cast.client("teacher_3b").post(reverse("call_done", args=[CallTask.objects.get().pk]), data)
        assert self.heard() == ["nadia@thuis.example", "nadia@post.example", "+32470000002"]

    def test_in_a_talk_and_in_a_call_about_a_dead_address(
        self, cast: Cast, django_capture_on_commit_callbacks: Any
    ) -> None:
        mother, teacher = cast.guardians["separated_mother"], cast.client("teacher_3b")
        outbox.end_address(ContactPoint.objects.get(value="nadia@thuis.example").pk, "BOUNCED")
        address = f"{reverse('contact_new')}?pupil={cast.pupils['yusuf'].pk}"
        data = {
            "client_id": str(teacher.get(address).context["form"]["client_id"].value()),
            "kind": "GATE_TALK",
            "outcome": "REACHED_AGREED",
            "held_on": clock.today().isoformat(),
            f"new_contact_{mother.pk}": "nadia@post.example",
        }
        with django_capture_on_commit_callbacks(execute=True):
            assert teacher.post(address, data).status_code == 302
        assert self.heard() == ["nadia@post.example", "+32470000002"]
        with django_capture_on_commit_callbacks(execute=True):
            task = FollowUp.objects.get(kind="CONTACT_DATA", guardian=mother)
            FollowUp.objects.filter(pk=task.pk).update(status="OPEN")
            teacher.post(reverse("contact_told", args=[task.pk]), {"contact": "nadia@werk.example"})
        assert set(self.heard()[1:-1]) == {"nadia@post.example", "nadia@werk.example", "+32470000002"}

    def test_what_was_known_already_is_no_change(self, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
        Guardian.objects.filter(pk=cast.guardians["separated_mother"].pk).update(reading_mode="ORAL_ONLY")
        sent(cast)
        mail.outbox.clear()
        data = {"outcome": "REACHED_AGREED", "contact": "nadia@thuis.example"}
        with django_capture_on_commit_callbacks(execute=True):
            cast.client("teacher_3b").post(reverse("call_done", args=[CallTask.objects.get().pk]), data)
        assert self.heard() == []


class TestByLink:
    """Whoever holds a forwarded link."""

    POSTS = ("token_answer", "token_read", "token_not_understood", "token_question", "token_not_me")

    @pytest.mark.parametrize("name", [*POSTS, "token_unsubscribe", "token_notice", "token_second_fact"])
    def test_nothing_lasting_changes(self, cast: Cast, name: str) -> None:
        token = make_token(delivery_to(sent(cast), cast, "separated_mother"))
        before = Guardian.objects.filter(pk=cast.guardians["separated_mother"].pk).values(*LASTING).get()
        points = list(ContactPoint.objects.order_by("pk").values())
        fields = {
            "answer": "yes",
            "text": "?",
            "form": "language",
            "language": "nl",
            "language-language": "nl",
            "taal": "nl",
            "contact_language": "nl",
            "reading_mode": "ORAL_ONLY",
            "preferred_channel": "LETTER",
            "contact-contact": "0499 00 00 00",
        }
        Client().post(f"{reverse(name, args=[token])}?taal=nl", fields)
        assert Guardian.objects.filter(pk=cast.guardians["separated_mother"].pk).values(*LASTING).get() == before
        assert list(ContactPoint.objects.order_by("pk").values()) == points

    def test_the_choices_stay_closed(self, cast: Cast) -> None:
        client = Client()
        client.get(reverse("token_notice", args=[make_token(delivery_to(sent(cast), cast, "separated_mother"))]))
        assert choose_language(client, "nl").headers["Location"].startswith(reverse("guardian_sign_in"))
        assert Guardian.objects.get(pk=cast.guardians["separated_mother"].pk).contact_language == "fr"

    def test_stopping_mails_is_told_once_to_every_point(self, cast: Cast) -> None:
        """RFC 8058 asks that one click is enough, so the guardian hears of it."""
        token = make_token(delivery_to(sent(cast), cast, "separated_mother"))
        mail.outbox.clear()
        for _click in range(3):
            page = Client().post(reverse("token_unsubscribe", args=[token]))
            assert page.status_code == 200
        assert OptOut.objects.count() == 1
        assert [message.to for message in mail.outbox] == [["nadia@thuis.example"]]
        assert [number for number, _words in texts()] == ["+32470000002"]
        assert "Nadia" not in text_of(page)

    def test_two_clicks_at_the_same_moment_are_told_once(self, cast: Cast, monkeypatch: Any) -> None:
        """A mail program and a scanner: each finds no refusal when it looks."""
        url = reverse("token_unsubscribe", args=[make_token(delivery_to(sent(cast), cast, "separated_mother"))])
        mail.outbox.clear()
        real, clicks = token.announcement_for, []

        def other_click(guardian: Guardian) -> Any:
            clicks.append(guardian)
            if len(clicks) == 1:
                Client().post(url)
            return real(guardian)

        monkeypatch.setattr(token, "announcement_for", other_click)
        Client().post(url)
        assert len(clicks) == 2
        assert [message.to for message in mail.outbox] == [["nadia@thuis.example"]]
