"""What lasts, by a notice's link: a code to the guardian's own contact point, then the change, then word of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from messaging.models import Delivery, RecordedNotice
from messaging.tokens import make_token
from parents.masking import masked
from parents.models import ContactPoint, ContactRequest, FollowUp, Guardian
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.parents.frame import language_and_direction, text_of
from tests.parents.test_announced_changes import texts


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    """Limits are counted for each test apart; text messages are recorded."""
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


class Visitor:
    """Whoever holds the link of the notice to one guardian."""

    def __init__(self, cast: Cast, key: str) -> None:
        self.guardian = cast.guardians[key]
        self.delivery = delivery_to(sent(cast), cast, key)
        self.client = Client()
        mail.outbox.clear()
        RecordedNotice.objects.all().delete()

    def url(self, name: str) -> str:
        return reverse(name, args=[make_token(self.delivery)])

    def choices(self, **fields: str) -> Any:
        return self.client.post(self.url("token_choices"), fields)

    def ask(self, value: str) -> Any:
        return self.choices(point=str(ContactPoint.objects.get(value=value).pk))

    def enter(self, code: str) -> Any:
        return self.client.post(self.url("token_code"), {"code": code})

    def prove(self, value: str) -> Any:
        self.ask(value)
        return self.enter(newest_code())

    def stored(self) -> Guardian:
        return Guardian.objects.get(pk=self.guardian.pk)


def newest_code() -> str:
    said = mail.outbox[-1].body if mail.outbox else RecordedNotice.objects.latest("pk").text
    found = re.search(r"\b[0-9]{6}\b", str(said))
    assert found
    return found[0]


@pytest.fixture
def nadia(cast: Cast) -> Visitor:
    """Reads French; an address and a number of her own."""
    return Visitor(cast, "separated_mother")


def test_another_language_is_read_at_once_and_nothing_lasts(nadia: Visitor) -> None:
    page = nadia.client.get(nadia.url("token_notice"), {"taal": "tr"})
    assert language_and_direction(page) == ("tr", "ltr")
    assert nadia.stored().contact_language == "fr"
    assert mail.outbox == []


def test_points_to_choose_from_are_masked(nadia: Visitor) -> None:
    page = text_of(nadia.client.get(nadia.url("token_choices")))
    assert "••• 02" in page
    assert "n•••@t•••.example" in page
    for whole in ("nadia", "thuis", "470000002", "0470", "karim"):
        assert whole not in page.lower()


def test_a_code_opens_the_choices_and_the_change_is_told_in_the_old_language(nadia: Visitor) -> None:
    assert nadia.ask("nadia@thuis.example").headers["Location"] == nadia.url("token_code")
    (message,) = mail.outbox
    assert message.to == ["nadia@thuis.example"]
    asked = text_of(nadia.client.get(nadia.url("token_code")))
    assert f'href="tel:{nadia.delivery.notice.school.phone}"' in asked, "no code came: which school is called?"
    assert nadia.enter(newest_code()).headers["Location"] == nadia.url("token_choices")
    mail.outbox.clear()
    page = nadia.client.get(nadia.url("token_choices"))
    assert 'name="language-language"' in text_of(page)
    assert "nadia@" not in text_of(page)
    nadia.choices(form="language", **{"language-language": "ar"})
    assert nadia.stored().contact_language == "ar"
    assert language_and_direction(nadia.client.get(nadia.url("token_choices"))) == ("ar", "rtl")
    assert [message.to for message in mail.outbox] == [["nadia@thuis.example"]]
    assert "Quelque chose" in mail.outbox[0].subject
    assert [number for number, _words in texts()] == ["+32470000002"]
    answer = nadia.choices(form="reading", **{"reading-reading_mode": "TEXT", "reading-preferred_channel": "SMS"})
    assert answer.status_code == 302
    assert nadia.stored().preferred_channel == "SMS"
    verbs = AuditEntry.objects.filter(guardian_id=nadia.guardian.pk).values_list("verb", flat=True)
    assert {"opened a code", "chose language", "chose how to be reached"} <= set(verbs)


def test_a_code_in_the_figures_of_another_script(nadia: Visitor) -> None:
    nadia.ask("nadia@thuis.example")
    arabic = newest_code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert nadia.enter(f" {arabic[:3]} {arabic[3:]}").status_code == 303


def test_the_link_alone_changes_nothing(nadia: Visitor) -> None:
    nadia.choices(form="language", **{"language-language": "ar"})
    nadia.choices(form="contact", **{"contact-contact": "0499 00 00 00"})
    nadia.choices(form="again", refusal="1")
    assert nadia.stored().contact_language == "fr"
    assert not ContactRequest.objects.exists()


def test_a_wrong_code_says_what_to_do_and_five_of_them_kill_it(nadia: Visitor) -> None:
    nadia.ask("nadia@thuis.example")
    right = newest_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _try in range(5):
        assert "field-wrong" in text_of(nadia.enter(wrong))
    assert nadia.enter(right).status_code == 200
    assert nadia.choices(form="language", **{"language-language": "ar"}).status_code == 200
    assert nadia.stored().contact_language == "fr"


def test_nobody_elses_point_and_nobody_elses_code(cast: Cast, nadia: Visitor) -> None:
    assert "field-wrong" in text_of(nadia.ask("karim@elders.example"))
    assert mail.outbox == []
    assert nadia.client.get(nadia.url("token_code")).headers["Location"] == nadia.url("token_choices")
    father = Visitor(cast, "separated_father")
    father.ask("karim@elders.example")
    code = newest_code()
    nadia.ask("nadia@thuis.example")
    assert nadia.enter(code).status_code == 200, "a code of another guardian"


def test_a_proof_is_of_one_notice_one_browser_and_ends(cast: Cast, nadia: Visitor, settings: Any) -> None:
    nadia.prove("nadia@thuis.example")
    assert 'name="language-language"' in text_of(nadia.client.get(nadia.url("token_choices")))
    assert 'name="language-language"' not in text_of(Client().get(nadia.url("token_choices")))
    other = Visitor(cast, "separated_mother")
    assert 'name="language-language"' not in text_of(nadia.client.get(other.url("token_choices")))
    session = nadia.client.session
    number, _until = session["choices_proven"]
    session["choices_proven"] = [number, (clock.now() - timedelta(seconds=1)).isoformat()]
    session.save()
    assert 'name="language-language"' not in text_of(nadia.client.get(nadia.url("token_choices")))


def test_a_proof_signs_nobody_in(nadia: Visitor) -> None:
    nadia.prove("nadia@thuis.example")
    assert nadia.client.get(reverse("portal_home")).status_code == 302


def test_a_link_that_was_taken_back_closes_the_choices_too(nadia: Visitor) -> None:
    nadia.prove("nadia@thuis.example")
    urls = [nadia.url("token_choices"), nadia.url("token_code")]
    Delivery.objects.filter(pk=nadia.delivery.pk).update(token_version=2)
    for url in urls:
        assert nadia.client.get(url).status_code == 404
        assert nadia.client.post(url, {"form": "language", "language-language": "ar"}).status_code == 404
    assert nadia.stored().contact_language == "fr"


def test_codes_are_limited_as_at_the_sign_in(nadia: Visitor) -> None:
    for _request in range(5):
        assert nadia.ask("nadia@thuis.example").status_code == 302
    assert "notice-banner-wrong" in text_of(nadia.ask("nadia@thuis.example"))
    assert len(mail.outbox) == 5
    asked = Client().post(reverse("guardian_sign_in"), {"contact": "nadia@thuis.example"})
    assert asked.status_code == 200, "the same limit"


def test_buttons_need_their_proof(nadia: Visitor) -> None:
    strict = Client(enforce_csrf_checks=True)
    for name in ("token_choices", "token_code"):
        assert strict.post(nadia.url(name), {"code": "123456"}).status_code == 403


def test_looking_leaves_no_session(nadia: Visitor, settings: Any) -> None:
    nadia.client.get(nadia.url("token_choices"))
    assert settings.SESSION_COOKIE_NAME not in nadia.client.cookies


def test_who_is_signed_in_has_own_pages(cast: Cast, nadia: Visitor) -> None:
    signed_in = cast.guardian_client("separated_mother")
    assert signed_in.get(nadia.url("token_choices")).headers["Location"] == reverse("portal_choices")
    other = cast.guardian_client("separated_father")
    assert "n•••@t•••.example" in text_of(other.get(nadia.url("token_choices")))


class TestSharedPhone:
    """A notice by mail to the mother, whose phone is the grandfather's too."""

    @pytest.fixture
    def mother(self, cast: Cast) -> Visitor:
        return Visitor(cast, "mother")

    def birthday(self, visitor: Visitor, day: int) -> Any:
        return visitor.client.post(visitor.url("token_code"), {"day": day, "month": 3})

    def test_a_code_from_it_asks_for_the_birthday_too(self, mother: Visitor) -> None:
        assert mother.prove("+32470000001").headers["Location"] == mother.url("token_code")
        page = text_of(mother.client.get(mother.url("token_code")))
        assert 'name="day"' in page
        assert "Harpreet" not in page
        assert 'name="language-language"' not in text_of(mother.client.get(mother.url("token_choices")))
        assert "notice-banner-wrong" in text_of(self.birthday(mother, 15))
        assert self.birthday(mother, 14).headers["Location"] == mother.url("token_choices")
        assert 'name="language-language"' in text_of(mother.client.get(mother.url("token_choices")))

    def test_five_wrong_birthdays_close_it_for_an_hour(self, mother: Visitor) -> None:
        mother.prove("+32470000001")
        for _attempt in range(5):
            self.birthday(mother, 15)
        assert self.birthday(mother, 14).status_code == 200

    def test_at_the_shared_phone_itself_who_are_you_comes_first(self, cast: Cast) -> None:
        grandfather = Visitor(cast, "grandfather")
        for name in ("token_choices", "token_code"):
            answer = grandfather.client.get(grandfather.url(name))
            assert answer.headers["Location"] == grandfather.url("token_second_fact")
        grandfather.client.post(grandfather.url("token_second_fact"), {"day": 14, "month": 3})
        assert grandfather.prove("+32470000001").headers["Location"] == grandfather.url("token_choices")


class TestAskingForAnotherNumber:
    def wish(self, visitor: Visitor, value: str, **more: str) -> Any:
        return visitor.choices(form="contact", **{"contact-contact": value, **more})

    def test_it_becomes_a_request_of_the_school_and_changes_nothing(self, cast: Cast, nadia: Visitor) -> None:
        nadia.prove("nadia@thuis.example")
        before = list(ContactPoint.objects.order_by("pk").values())
        old = ContactPoint.objects.get(value="+32470000002")
        for _again in range(2):
            assert self.wish(nadia, "0499 11 22 33", **{"contact-replaces": str(old.pk)}).status_code == 302
        request = ContactRequest.objects.get()
        assert (request.value, request.replaces, request.is_proven) == ("+32499112233", old, True)
        assert list(ContactPoint.objects.order_by("pk").values()) == before
        task = FollowUp.objects.get(contact_request=request)
        assert task.owner == cast.staff["teacher_3b"]
        page = text_of(cast.client("teacher_3b").get(reverse("call_list")))
        assert reverse("contact_decided", args=[task.pk]) in page
        assert "+32470000002" in page

    @pytest.mark.parametrize("value", ["", "oma", "12", "a@b", "nadia@thuis.example", "0470 00 00 02"])
    def test_what_is_wrong_is_said(self, nadia: Visitor, value: str) -> None:
        nadia.prove("nadia@thuis.example")
        assert "field-wrong" in text_of(self.wish(nadia, value))
        assert not ContactRequest.objects.exists()

    def test_another_parents_point_is_not_replaced(self, nadia: Visitor) -> None:
        nadia.prove("nadia@thuis.example")
        his = ContactPoint.objects.get(value="karim@elders.example")
        assert self.wish(nadia, "0499 11 22 33", **{"contact-replaces": str(his.pk)}).status_code == 200
        assert not ContactRequest.objects.exists()

    def test_nobody_fills_the_schools_list(self, nadia: Visitor) -> None:
        nadia.prove("nadia@thuis.example")
        for number in range(8):
            self.wish(nadia, f"0499 11 22 {number:02}")
        assert ContactRequest.objects.count() == 5

    def test_who_can_be_reached_nowhere_may_ask_without_a_code(self, cast: Cast, nadia: Visitor) -> None:
        ContactPoint.objects.filter(guardians=nadia.guardian).update(valid_until=clock.today())
        page = text_of(nadia.client.get(nadia.url("token_choices")))
        assert 'name="language-language"' not in page
        assert 'name="contact-replaces"' not in page
        nadia.choices(form="language", **{"language-language": "ar"})
        assert nadia.stored().contact_language == "fr"
        assert self.wish(nadia, "0499 11 22 33").status_code == 302
        assert ContactRequest.objects.get().is_proven is False


def test_masks_tell_little() -> None:
    shown = {value: masked(ContactPoint(kind=kind, value=value)) for kind, value in (
        ("PHONE", "+32470123456"), ("EMAIL", "a@b.be"), ("EMAIL", "fatima.el.amrani@post.example.org"),
    )}  # fmt: skip
    assert list(shown.values()) == ["••• 56", "a•••@b•••.be", "f•••@p•••.org"]
