"""At the gate a QR code opens the school's sign-in page for some minutes. It is no key, and names nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
import zxingcpp
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw

from messaging.barcodes import qr_drawing
from messaging.gate import gate_link
from parents.access import SESSION_GUARDIAN
from parents.models import Guardianship, SignInCode
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
NADIA = "nadia@thuis.example"


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    """Limits are counted for each test apart."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


def link(cast: Cast, school: str = "kersenboom") -> str:
    return gate_link(cast.schools[school].pk)


def scan(cast: Cast, school: str = "kersenboom", language: str = "ar") -> Client:
    """A phone that reads this language, on the page that the code opened."""
    phone = Client(headers={"accept-language": language})
    answer = phone.get(link(cast, school))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("gate_sign_in"))
    return phone


def ask(phone: Client, contact: str, **more: Any) -> Any:
    return phone.post(reverse("gate_sign_in"), {"contact": contact}, **more)


def mailed_code() -> str:
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found
    return found[0]


def enter(phone: Client, contact: str = NADIA) -> Any:
    ask(phone, contact)
    return phone.post(reverse("guardian_code"), {"code": mailed_code()})


@pytest.fixture
def later() -> Iterator[Any]:
    """Time goes on by so many minutes."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield lambda minutes: traveller.shift(timedelta(minutes=minutes))


def test_the_code_on_the_screen_leads_to_the_school_in_the_phones_language(cast: Cast) -> None:
    answer = cast.client("teacher_3b").get(reverse("gate_code"))
    drawing = answer.context["drawing"]
    picture = Image.new("L", (drawing["size"], drawing["size"]), 255)
    for across, down in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawing["path"]):
        ImageDraw.Draw(picture).point((int(across), int(down)), 0)
    size = drawing["size"] * 6
    read = zxingcpp.read_barcodes(picture.resize((size, size), Image.Resampling.NEAREST))
    page = Client(headers={"accept-language": "ar"}).get(read[0].text, follow=True)
    assert 'lang="ar"' in text_of(page)
    assert "VBS De Kersenboom" in text_of(page)
    assert page.request["PATH_INFO"] == reverse("gate_sign_in"), "the token does not stay in the address"
    assert not any(child in text_of(page) for child in ("Yusuf", "Simran", "Haddad"))


def test_the_page_draws_a_new_code_by_itself_and_without_script_on_request(cast: Cast) -> None:
    teacher, address = cast.client("teacher_3b"), reverse("gate_code")
    page = text_of(teacher.get(address))
    assert f'hx-get="{address}?school={cast.schools["kersenboom"].pk}"' in page
    assert f'href="{address}"' in page
    part = teacher.get(address, headers={"hx-request": "true"})
    assert "<svg" in text_of(part)
    assert "<h1" not in text_of(part)
    assert teacher.get(f"{address}?school={cast.schools['bloesem'].pk}").status_code == 404


def test_a_parent_comes_in_with_a_code_to_the_own_address(cast: Cast) -> None:
    phone = scan(cast)
    assert phone.get(reverse("portal_home")).status_code == 302, "having scanned opens nothing"
    assert enter(phone).headers["Location"] == reverse("portal_home")
    assert phone.session[SESSION_GUARDIAN] == cast.guardians["separated_mother"].pk
    assert AuditEntry.objects.get(verb="signed in").detail == {"kind": "EMAIL", "door": "gate"}


def test_a_photograph_of_the_screen_is_worth_nothing_after_some_minutes(cast: Cast, later: Any) -> None:
    address = link(cast)
    later(4)
    assert Client().get(address).status_code == 302
    later(2)
    answer = Client().get(address)
    assert answer.status_code == 404
    assert reverse("guardian_sign_in") in text_of(answer)


def test_the_page_that_was_opened_closes_too(cast: Cast, later: Any) -> None:
    phone = scan(cast)
    later(django_settings.GATE_DOOR_MINUTES - 1)
    assert phone.get(reverse("gate_sign_in")).status_code == 200
    later(2)
    answer = ask(phone, NADIA)
    assert answer.headers["Location"] == reverse("guardian_sign_in")
    assert not mail.outbox


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: "9" + token, lambda token: "x"])
def test_a_code_that_the_school_did_not_make_opens_nothing(cast: Cast, spoil: Any) -> None:
    token = link(cast).rstrip("/").rsplit("/", 1)[1]
    phone = Client()
    assert phone.get(reverse("gate_scanned", args=[spoil(token)])).status_code == 404
    assert phone.get(reverse("gate_sign_in")).headers["Location"] == reverse("guardian_sign_in")


def test_nobody_learns_who_is_known_or_at_which_school(cast: Cast) -> None:
    answers = [ask(scan(cast), contact) for contact in (NADIA, "niemand@nergens.example")]
    answers.append(ask(scan(cast, "bloesem"), NADIA))
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, reverse("guardian_code"))}
    assert [message.to for message in mail.outbox] == [[NADIA]], "a code goes to who is known at this school"


def test_without_the_right_to_information_no_code_comes(cast: Cast) -> None:
    Guardianship.objects.filter(guardian=cast.guardians["separated_mother"]).update(information_right=False)
    ask(scan(cast), NADIA)
    assert not mail.outbox


def test_a_wrong_code_does_not_open(cast: Cast) -> None:
    phone = scan(cast)
    ask(phone, NADIA)
    wrong = "000000" if mailed_code() != "000000" else "111111"
    answer = phone.post(reverse("guardian_code"), {"code": wrong})
    assert answer.status_code == 200
    assert SESSION_GUARDIAN not in phone.session
    assert reverse("gate_sign_in") in text_of(answer), "another code is asked for where one stands"


def test_who_spends_the_tries_of_one_number_locks_nobody_else_out(cast: Cast) -> None:
    stranger = scan(cast)
    for _time in range(6):
        refused = ask(stranger, NADIA)
    assert refused.status_code == 200
    assert len(mail.outbox) == 5
    assert ask(scan(cast), "karim@elders.example").status_code == 302
    other = scan(cast, "bloesem")
    assert ask(other, NADIA).status_code == 302, "the gate of another school counts by itself"
    usual = Client().post(reverse("guardian_sign_in"), {"contact": NADIA})
    assert (usual.status_code, len(mail.outbox)) == (302, 7), "nor her own usual door"


def test_a_network_that_spent_its_tries_goes_on_with_the_next_code(cast: Cast, later: Any) -> None:
    """A class of parents behind one network of the school is no attack, and an attack ends with the next code."""
    phone = scan(cast)
    for number in range(30):
        assert ask(phone, f"iemand{number}@nergens.example").status_code == 302
    assert ask(phone, NADIA).status_code == 200
    assert ask(phone, NADIA, REMOTE_ADDR="10.9.8.7").status_code == 302, "another network"
    later(1)
    assert ask(scan(cast), NADIA).status_code == 302


def test_the_session_is_a_short_one(cast: Cast, later: Any) -> None:
    phone = scan(cast)
    enter(phone)
    later(19)
    assert phone.get(reverse("portal_home")).status_code == 200
    later(21)
    assert phone.get(reverse("portal_home")).status_code == 302
    phone.post(reverse("guardian_sign_in"), {"contact": NADIA})
    phone.post(reverse("guardian_code"), {"code": mailed_code()})
    later(21)
    assert phone.get(reverse("portal_home")).status_code == 200, "the usual door has the usual time"


def test_scanning_writes_nothing(cast: Cast) -> None:
    before = (AuditEntry.objects.count(), SignInCode.objects.count())
    scan(cast)
    assert (AuditEntry.objects.count(), SignInCode.objects.count()) == before


def test_a_drawing_has_room_around_it() -> None:
    drawing = qr_drawing("https://school.example/")
    assert min(int(edge) for pair in re.findall(r"M(\d+) (\d+)", str(drawing["path"])) for edge in pair) == 4
