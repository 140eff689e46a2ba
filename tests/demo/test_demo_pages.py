"""The demo's pages: become somebody, read what was sent. Outside a demo there are none."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ingroeibloei.demo.cast import CAST, guardian_source, staff_address
from ingroeibloei.demo.links import with_links
from messaging.models import Channel, RecordedNotice
from parents.access import SESSION_GUARDIAN
from parents.models import Guardian
from schools.middleware import DEMO_SESSION_KEY
from schools.models import User

pytestmark = pytest.mark.django_db
HTML = "<!DOCTYPE html><html><head><title>x</title></head><body><p>Welkom</p></body></html>"


@pytest.fixture
def demo(settings: Any) -> Any:
    settings.DEMO = True
    return settings


@pytest.fixture
def teacher() -> User:
    return User.objects.create_user(staff_address("leerkracht"), full_name="Lotte Claes")


@pytest.fixture
def mother() -> Guardian:
    return Guardian.objects.create(
        first_name="Harpreet", last_name="Kaur", source_system="demo", source_id=guardian_source("moeder")
    )


@pytest.fixture
def mail() -> RecordedNotice:
    return RecordedNotice.objects.create(
        channel=Channel.EMAIL,
        sender="VBS De Kersenboom",
        recipient="moeder@brievenbus.example",
        subject="ACTIE: oudercontact",
        text="Lees <hier>: http://localhost:8000/b/abc/.",
        html=HTML,
        at=timezone.now(),
    )


def test_everybody_of_the_cast_has_a_button(demo: Any, client: Client) -> None:
    page = client.get(reverse("demo"))
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("<h1") == 1
    assert all(reverse("demo_become", args=[entry.key]) in text for entry in CAST)


def test_one_click_signs_in_a_teacher_without_second_factor(demo: Any, client: Client, teacher: User) -> None:
    answer = client.post(reverse("demo_become", args=["leerkracht"]))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("home")
    assert client.session["_auth_user_id"] == str(teacher.pk)
    assert client.session[DEMO_SESSION_KEY] is True


def test_one_click_signs_in_a_mother_and_nobody_else_stays(
    demo: Any, client: Client, teacher: User, mother: Guardian
) -> None:
    client.post(reverse("demo_become", args=["leerkracht"]))
    answer = client.post(reverse("demo_become", args=["moeder"]))
    assert answer["Location"] == reverse("portal_home")
    assert client.session[SESSION_GUARDIAN] == mother.pk
    assert "_auth_user_id" not in client.session
    assert DEMO_SESSION_KEY not in client.session


def test_without_its_token_nobody_becomes_anybody(demo: Any, teacher: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("demo_become", args=["leerkracht"]))
    assert answer.status_code == 403
    assert "_auth_user_id" not in strict.session


def test_a_link_signs_nobody_in_and_leads_to_the_button(demo: Any, client: Client, teacher: User) -> None:
    answer = client.get(reverse("demo_become", args=["leerkracht"]))
    assert answer["Location"] == reverse("demo") + "#leerkracht"
    assert 'id="leerkracht"' in client.get(answer["Location"]).content.decode()
    assert "_auth_user_id" not in client.session


def test_a_name_outside_the_cast_is_nobody(demo: Any, client: Client) -> None:
    assert client.post(reverse("demo_become", args=["iemand"])).status_code == 404


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("demo", []), ("demo_outbox", []), ("demo_outbox_detail", [1]), ("demo_outbox_html", [1])],
)
def test_outside_a_demo_the_pages_do_not_exist(client: Client, name: str, arguments: list[int]) -> None:
    RecordedNotice.objects.create(pk=1, channel=Channel.SMS, recipient="+32470000001", text="x", at=timezone.now())
    assert client.get(reverse(name, args=arguments)).status_code == 404


def test_outside_a_demo_nobody_becomes_anybody(client: Client, teacher: User) -> None:
    assert client.post(reverse("demo_become", args=["leerkracht"])).status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_outbox_lists_what_was_sent_newest_first(demo: Any, client: Client, mail: RecordedNotice) -> None:
    RecordedNotice.objects.create(channel=Channel.SMS, recipient="+32470000001", text="Kom", at=timezone.now())
    text = client.get(reverse("demo_outbox")).content.decode()
    assert text.index("Kom") < text.index("ACTIE: oudercontact")


def test_the_outbox_shows_twenty_five_on_a_page(demo: Any, client: Client, django_assert_num_queries: Any) -> None:
    RecordedNotice.objects.bulk_create(
        RecordedNotice(channel=Channel.SMS, recipient="+32470000001", text=f"nr {number}", at=timezone.now())
        for number in range(60)
    )
    with django_assert_num_queries(2):
        text = client.get(reverse("demo_outbox")).content.decode()
    assert len(re.findall(r'href="/demo/uitgaand/\d+/"', text)) == 25
    assert "nr 34" not in text


def test_links_to_the_portal_can_be_followed_and_nothing_else() -> None:
    text = with_links("Zie http://localhost:8000/b/abc/. Of http://elders.example/ <b>")
    assert text == ('Zie <a href="/b/abc/">http://localhost:8000/b/abc/</a>. Of http://elders.example/ &lt;b&gt;')
    assert with_links("Zie http://[geen adres") == "Zie http://[geen adres"


def test_a_mail_is_shown_in_a_sandbox(demo: Any, client: Client, mail: RecordedNotice) -> None:
    page = client.get(reverse("demo_outbox_detail", args=[mail.pk])).content.decode()
    assert f'src="{reverse("demo_outbox_html", args=[mail.pk])}"' in page
    assert 'sandbox="allow-popups' in page
    inside = client.get(reverse("demo_outbox_html", args=[mail.pk]))
    policy = inside["Content-Security-Policy"]
    assert "Welkom" in inside.content.decode()
    assert "sandbox allow-popups" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert inside["X-Frame-Options"] == "SAMEORIGIN"
