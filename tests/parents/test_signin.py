"""Parents sign in with a code: once, in time, without telling who is known, and at a shared phone not as another."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from messaging.models import RecordedNotice
from parents.access import SESSION_GUARDIAN
from parents.models import ContactPointUse, Guardian, Guardianship, SignInCode
from parents.signin import Reachable, check_code, guardians_at, issue_code, needs_second_fact, read_contact
from schools import clock
from schools.models import AuditEntry, Enrolment, Pupil
from tests.cast import Cast
from tests.parents.frame import language_and_direction

NADIA = "nadia@thuis.example"
SHARED_PHONE = "0470 00 00 01"
#: Of the child of mother and grandfather.
BIRTHDAY = {"day": 14, "month": 3}


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    """Limits are counted for each test apart; text messages are recorded."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }
    settings.SMS_DRIVER = "record"


def ask(client: Client, contact: str, language: str = "nl") -> Any:
    return client.post(reverse("guardian_sign_in"), {"contact": contact}, headers={"accept-language": language})


def type_code(client: Client, code: str) -> Any:
    return client.post(reverse("guardian_code"), {"code": code})


def mailed_code() -> str:
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found
    return found[0]


def texted_code() -> str:
    found = re.search(r"\b\d{6}\b", RecordedNotice.objects.filter(channel="SMS").latest("pk").text)
    assert found
    return found[0]


def signed_in(client: Client) -> int | None:
    key: int | None = client.session.get(SESSION_GUARDIAN)
    return key


def test_a_mother_signs_in_with_the_code_from_her_mail(cast: Cast) -> None:
    client = Client()
    assert ask(client, " Nadia@Thuis.example ").headers["Location"] == reverse("guardian_code")
    before = client.session.session_key
    answer = type_code(client, f" {mailed_code()[:3]} {mailed_code()[3:]} ")
    assert answer.headers["Location"] == reverse("portal_home")
    assert signed_in(client) == cast.guardians["separated_mother"].pk
    assert client.session.session_key != before
    assert AuditEntry.objects.filter(verb="signed in", guardian_id=signed_in(client)).exists()


def test_her_pages_then_speak_her_language(cast: Cast) -> None:
    client = Client()
    ask(client, "karim@elders.example", language="nl")
    type_code(client, mailed_code())
    page = client.get(reverse("portal_choices"), headers={"accept-language": "nl"})
    assert language_and_direction(page) == ("ar", "rtl")


def test_the_code_may_be_typed_in_other_figures(cast: Cast) -> None:
    client = Client()
    ask(client, NADIA)
    arabic = mailed_code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    type_code(client, arabic)
    assert signed_in(client) == cast.guardians["separated_mother"].pk


def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast: Cast) -> None:
    known, unknown = Client(), Client()
    answers = [ask(known, NADIA), ask(unknown, "niemand@thuis.example")]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert [message.to for message in mail.outbox] == [[NADIA]]
    pages = [client.get(reverse("guardian_code")).content.decode() for client in (known, unknown)]
    assert pages[0].replace(NADIA, "").count("<") == pages[1].replace("niemand@thuis.example", "").count("<")
    refused = [type_code(client, "000000" if mailed_code() != "000000" else "000001") for client in (known, unknown)]
    assert refused[0].status_code == refused[1].status_code == 200
    assert signed_in(known) is None
    assert signed_in(unknown) is None


def test_the_work_is_done_after_the_answer(cast: Cast) -> None:
    """What takes time, and so tells who is known, happens when the browser has its answer."""
    client = Client()
    request = client.request().wsgi_request
    from schools.answerfirst import AnswerFirst

    done: list[str] = []
    answer = AnswerFirst("/ouders/", lambda: done.append(request.path))
    assert done == []
    answer.close()
    answer.close()
    assert done == ["/"]


def test_a_code_works_once(cast: Cast) -> None:
    contact = Reachable("EMAIL", NADIA)
    issued = issue_code(contact)
    assert issued is not None
    assert [guardian.first_name for guardian in check_code(contact, issued.digits)] == ["Nadia"]
    assert check_code(contact, issued.digits) == []


def test_a_new_code_ends_the_old_one(cast: Cast) -> None:
    contact = Reachable("EMAIL", NADIA)
    first, second = issue_code(contact), issue_code(contact)
    assert first is not None
    assert second is not None
    if first.digits != second.digits:
        assert check_code(contact, first.digits) == []
    assert check_code(contact, second.digits) != []
    assert check_code(contact, first.digits) == [], "nor does it open once the new one is used up"


def test_the_sixth_try_is_refused_though_it_is_right(cast: Cast) -> None:
    contact = Reachable("EMAIL", NADIA)
    issued = issue_code(contact)
    assert issued is not None
    wrong = f"{(int(issued.digits) + 1) % 1_000_000:06}"
    for _attempt in range(5):
        assert check_code(contact, wrong) == []
    assert check_code(contact, issued.digits) == []


def test_a_code_is_too_old_after_ten_minutes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = Reachable("EMAIL", NADIA)
    issued = issue_code(contact)
    assert issued is not None
    later = clock.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert check_code(contact, issued.digits) == []


def test_only_a_keyed_hash_is_stored(cast: Cast) -> None:
    issued = issue_code(Reachable("EMAIL", NADIA))
    assert issued is not None
    row = SignInCode.objects.get()
    assert len(row.digest) == 64
    assert issued.digits not in row.digest


def test_asking_too_often_is_refused_alike_for_known_and_unknown(cast: Cast) -> None:
    for contact in (NADIA, "niemand@thuis.example"):
        statuses = [ask(Client(REMOTE_ADDR=f"192.0.2.{number}"), contact).status_code for number in range(7)]
        assert statuses == [302] * 5 + [200] * 2
    assert len(mail.outbox) == 5


def test_one_machine_cannot_ask_for_everybody(cast: Cast) -> None:
    client = Client(REMOTE_ADDR="192.0.2.9")
    statuses = {ask(client, f"iemand{number}@thuis.example").status_code for number in range(20)}
    assert statuses == {302}
    assert ask(client, NADIA).status_code == 200
    assert mail.outbox == []


def test_one_machine_does_not_spend_the_tries_of_all_parents(cast: Cast) -> None:
    stranger = Client(REMOTE_ADDR="192.0.2.7")
    for number in range(20):
        ask(stranger, f"nobody-{number}@thuis.example")
    assert [ask(stranger, NADIA).status_code for _time in range(6)] == [200] * 6
    assert ask(Client(), NADIA).status_code == 302, "hers are untouched"
    assert len(mail.outbox) == 1


def test_a_guardian_without_right_to_information_gets_no_code(cast: Cast) -> None:
    Guardianship.objects.filter(guardian=cast.guardians["separated_mother"]).update(information_right=False)
    ask(Client(), NADIA)
    assert mail.outbox == []


def test_a_text_message_names_nobody(cast: Cast) -> None:
    ask(Client(), SHARED_PHONE, language="pa")
    row = RecordedNotice.objects.get(channel="SMS")
    assert row.recipient == "+32470000001"
    for name in ("Harpreet", "Baldev", "Simran", "Gurjot", "Kaur", "Singh"):
        assert name not in row.text


def test_a_mail_names_nobody(cast: Cast) -> None:
    ask(Client(), NADIA, language="fr")
    message = mail.outbox[0]
    assert isinstance(message, mail.EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    for name in ("Nadia", "Haddad", "Yusuf"):
        assert name not in f"{message.subject}{message.body}{html}"
    assert '<html lang="fr-BE" dir="ltr">' in html


class TestSharedPhone:
    """Mother and grandfather use one phone."""

    @pytest.fixture
    def client(self, cast: Cast) -> Client:
        client = Client()
        ask(client, SHARED_PHONE)
        return client

    def test_first_names_come_only_after_the_second_fact(self, client: Client) -> None:
        assert client.get(reverse("guardian_choose")).headers["Location"] == reverse("guardian_sign_in")
        assert type_code(client, texted_code()).headers["Location"] == reverse("guardian_choose")
        page = client.get(reverse("guardian_choose")).content.decode()
        assert not re.search("Harpreet|Baldev|Kaur", page)
        page = client.post(reverse("guardian_choose"), BIRTHDAY, follow=True).content.decode()
        assert "Harpreet" in page
        assert "Baldev" in page
        assert "Kaur" not in page

    def test_two_of_one_name_are_told_apart(self, cast: Cast, client: Client) -> None:
        """Another school has a row of its own for the mother; a school that the child left says nothing."""
        child = Pupil.objects.create(first_name="Simran", birth_date=cast.pupils["simran"].birth_date)
        twin = Guardian.objects.create(first_name="Harpreet", last_name="Kaur")
        Guardianship.objects.create(guardian=twin, pupil=child, starts_on=clock.today(), information_right=True)
        point = cast.guardians["mother"].contact_points.get(kind="PHONE")
        ContactPointUse.objects.create(contact_point=point, guardian=twin)
        today = clock.today()
        places = {"go2": (today, None), "1a": (today - timedelta(days=9), today - timedelta(days=2))}
        for room, (starts_on, ends_on) in places.items():
            there = {"school": cast.classes[room].school, "school_class": cast.classes[room]}
            Enrolment.objects.create(pupil=child, starts_on=starts_on, ends_on=ends_on, **there)
        type_code(client, texted_code())
        client.post(reverse("guardian_choose"), BIRTHDAY)
        choices = dict(client.get(reverse("guardian_choose")).context["form"].fields["guardian"].choices)
        mother = cast.guardians["mother"]
        assert choices[str(twin.pk)] == f"Harpreet Kaur · {cast.schools['bloesem'].name}"
        assert choices[str(mother.pk)].endswith(f"· {cast.schools['kersenboom'].name}")
        assert "Baldev" in choices.values()

    def test_the_second_fact_opens_the_door(self, cast: Cast, client: Client) -> None:
        type_code(client, texted_code())
        mother = cast.guardians["mother"]
        client.post(reverse("guardian_choose"), BIRTHDAY)
        answer = client.post(reverse("guardian_choose"), {"guardian": mother.pk})
        assert answer.headers["Location"] == reverse("portal_home")
        assert signed_in(client) == mother.pk

    def test_the_only_one_with_that_child_need_not_say_who_they_are(self, cast: Cast, client: Client) -> None:
        Guardianship.objects.filter(guardian__first_name="Baldev").update(information_right=False)
        cast.guardians["mother"].contact_points.update(is_shared=True)
        type_code(client, texted_code())
        answer = client.post(reverse("guardian_choose"), BIRTHDAY)
        assert answer.headers["Location"] == reverse("portal_home")
        assert signed_in(client) == cast.guardians["mother"].pk

    def test_what_was_shown_at_this_phone_opens_no_door_of_another(self, cast: Cast, client: Client) -> None:
        type_code(client, texted_code())
        client.post(reverse("guardian_choose"), BIRTHDAY)
        ask(client, NADIA)
        answer = client.post(reverse("guardian_choose"), {"guardian": cast.guardians["mother"].pk})
        assert answer.headers["Location"] == reverse("guardian_sign_in")
        assert signed_in(client) is None

    def test_who_left_the_phone_there_named_nobody_for_long(self, cast: Cast, client: Client) -> None:
        type_code(client, texted_code())
        client.post(reverse("guardian_choose"), BIRTHDAY)
        with time_machine.travel(clock.now() + timedelta(minutes=11)):
            assert "Harpreet" not in client.get(reverse("guardian_choose")).content.decode()
            client.post(reverse("guardian_choose"), {"guardian": cast.guardians["mother"].pk})
            assert signed_in(client) is None

    def test_without_it_nobody_comes_in(self, cast: Cast, client: Client) -> None:
        type_code(client, texted_code())
        for _attempt in range(5):
            client.post(reverse("guardian_choose"), {"day": 15, "month": 3})
            assert signed_in(client) is None
        last = client.post(reverse("guardian_choose"), BIRTHDAY)
        assert last.status_code == 200
        assert signed_in(client) is None

    def test_a_phone_known_to_be_shared_asks_for_it_of_the_only_one_who_uses_it_too(self, cast: Cast) -> None:
        contact = read_contact(NADIA)
        assert contact is not None
        only = guardians_at(contact)
        assert not needs_second_fact(contact, only)
        cast.guardians["separated_mother"].contact_points.filter(kind="EMAIL").update(is_shared=True)
        assert needs_second_fact(contact, only)

    def test_somebody_elses_guardian_cannot_be_chosen(self, cast: Cast, client: Client) -> None:
        type_code(client, texted_code())
        stranger = cast.guardians["separated_father"]
        client.post(reverse("guardian_choose"), BIRTHDAY)
        answer = client.post(reverse("guardian_choose"), {"guardian": stranger.pk})
        assert answer.status_code == 200
        assert signed_in(client) is None

    def test_the_next_person_at_the_phone_starts_afresh(self, cast: Cast, client: Client) -> None:
        type_code(client, texted_code())
        client.post(reverse("guardian_choose"), BIRTHDAY)
        client.post(reverse("guardian_choose"), {"guardian": cast.guardians["mother"].pk})
        client.post(reverse("guardian_sign_out"))
        assert signed_in(client) is None
        assert client.get(reverse("portal_home")).headers["Location"].startswith(reverse("guardian_sign_in"))


def test_after_signing_in_one_goes_where_one_wanted(cast: Cast) -> None:
    client = Client()
    wanted = client.get(reverse("portal_choices")).headers["Location"]
    client.post(wanted, {"contact": NADIA})
    assert type_code(client, mailed_code()).headers["Location"] == reverse("portal_choices")


def test_who_sent_something_too_late_reads_that_nobody_got_it(cast: Cast) -> None:
    client, url = Client(), reverse("portal_absence", args=[cast.pupils["yusuf"].pk])
    lost = "De school kreeg niet wat u net verstuurde."
    today = {"starts_on": clock.today().isoformat()}
    answer = client.post(f"{url}?taal=nl", today, follow=True, headers={"referer": f"http://testserver{url}"})
    assert answer.redirect_chain == [(f"{reverse('guardian_sign_in')}?volgende={url}", 302)]
    assert lost in answer.content.decode()
    assert lost not in client.get(url, {"taal": "nl"}, follow=True).content.decode(), "who only looks sent nothing"


@pytest.mark.parametrize("goal", ["https://elders.example/", "//elders.example/ouders/", "/school/gezinnen/"])
def test_but_never_to_another_site(cast: Cast, goal: str) -> None:
    client = Client()
    client.post(f"{reverse('guardian_sign_in')}?volgende={goal}", {"contact": NADIA})
    assert type_code(client, mailed_code()).headers["Location"] == reverse("portal_home")


def test_forms_come_back_only_with_their_proof(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert ask(client, NADIA).status_code == 403
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("0470 12 34 56", "PHONE", "+32470123456"),
        ("+32 470/12.34.56", "PHONE", "+32470123456"),
        ("0049 30 901820", "PHONE", "+4930901820"),
        ("Jan@School.Example", "EMAIL", "jan@school.example"),
    ],
)
def test_contacts_are_read_as_people_type_them(typed: str, kind: str, value: str) -> None:
    assert read_contact(typed) == Reachable(kind, value)


@pytest.mark.parametrize("typed", ["", "hallo", "12", "jan@", "jan@x\r\nBcc: y@z.example"])
def test_what_is_no_contact_is_said_so(typed: str) -> None:
    assert read_contact(typed) is None
