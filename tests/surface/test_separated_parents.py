"""Parents who no longer live together, a grandmother who is only informed, and a parent without any right: on every
page of parents, in the export, the mail, the text message and the letter nobody meets what is another's, and who has no
right meets nothing of the child."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import get_resolver, reverse

from messaging.channels.letter import print_content
from messaging.letters import letters_for, print_run
from messaging.persondata import as_json, as_pdf
from messaging.rendering import Renderer
from messaging.tokens import make_token
from parents.models import ContactPointUse, Guardian
from parents.services import file_request
from tests.parents.frame import text_of
from tests.surface.apart import CHILD, KEYS, PEOPLE, Parents, apart
from tests.surface.rows import Rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def parents(town: Rows, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parents]:
    """All of them in the town of this file; what a test changes is undone after it."""
    folder = tmp_path_factory.mktemp("cache")
    caches = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": folder}}
    with override_settings(SMS_DRIVER="record", CACHES=caches):
        yield apart(town.cast)


#: Name, status and words of a page.
Seen = tuple[str, int, str]


def pages(parents: Parents, key: str) -> Iterator[Seen]:
    """Every page that this person may ask for, with the ids of everybody's rows."""
    client, child = parents.client(key), parents.child.pk
    asked: list[tuple[str, list[Any]]] = [
        ("portal_home", []),
        ("portal_choices", []),
        ("portal_data", []),
        ("portal_visits", []),
        ("portal_bookings", []),
        ("portal_calendar", []),
        ("privacy_notice", []),
        ("portal_child", [child]),
        ("portal_career", [child]),
        ("portal_absence", [child]),
        *(("portal_thread", [thread.pk]) for thread in parents.threads.values()),
        *(("portal_booking", [slot.pk]) for slot in parents.slots.values()),
        *(("portal_booking_file", [slot.pk]) for slot in parents.slots.values()),
        ("portal_gathering", [parents.gathering.pk if parents.gathering else 0]),
        *(("portal_booking_together", [slot.round_id]) for slot in parents.slots.values()),
    ]
    for other in KEYS:
        delivery = parents.delivery(other)
        if delivery is not None:
            asked += [("portal_notice", [delivery.pk]), ("portal_measurement", [delivery.pk])]
    own = parents.delivery(key)
    if own is not None:
        asked += [(name, [make_token(own)]) for name in ("token_notice", "token_choices", "token_unsubscribe")]
    for name, arguments in asked:
        answer = client.get(reverse(name, args=arguments))
        yield f"{name} {arguments}", answer.status_code, text_of(answer)
    answer = client.get(reverse("portal_home"), {"kind": child})
    yield "portal_home of the child", answer.status_code, text_of(answer)


@pytest.fixture(scope="module")
def seen(parents: Parents) -> dict[str, list[Seen]]:
    """What each of them meets there."""
    with transaction.atomic():
        found = {key: list(pages(parents, key)) for key in KEYS}
        transaction.set_rollback(True)
    return found


def export_of(parents: Parents, key: str) -> str:
    """The export as JSON and, as its words, as PDF."""
    school = parents.cast.schools["kersenboom"]
    request = file_request(guardian=parents.guardians[key], kind="ACCESS", place=school, identity="CODE")
    document = pypdfium2.PdfDocument(as_pdf(request))
    printed = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert f"straat-van-{key}" in "".join(printed.split()), "the PDF can be read here"
    return as_json(request) + "".join(printed.split())


def letters_of(parents: Parents, key: str) -> str:
    delivery = parents.delivery(key)
    if delivery is None:
        return ""
    renderer = Renderer([delivery])
    mail = renderer.mail(delivery)
    letters = letters_for([delivery])
    run = print_run(delivery.notice.school, [delivery.language], "Brief")
    return "".join([mail.subject, mail.text, mail.html, renderer.sms(delivery), str(print_content(run, letters))])


def others(key: str) -> list[str]:
    return [other for other in KEYS if other != key]


def test_no_page_of_parents_is_forgotten_here(seen: dict[str, list[Seen]]) -> None:
    asked = {name.split()[0] for name, _status, _words in seen["mother"]}
    doors = set(_doors_of_guardians())
    files = {"portal_file", "portal_recording", "portal_gathering_file"}  # what the notice itself holds
    buttons = {"privacy_read", "portal_booking_cancel", "portal_calendar_end", "portal_absence_back"}
    buttons |= {"portal_gathering_cancel"}
    assert doors - files - buttons <= asked


def _doors_of_guardians() -> Iterator[str]:
    """Names of the routes that a signed-in guardian may open."""
    for pattern in get_resolver().url_patterns:
        for entry in getattr(pattern, "url_patterns", [pattern]):
            view = getattr(entry, "callback", None)
            while view is not None:
                if getattr(view, "for_guardians", False):
                    yield str(entry.name)
                    break
                view = getattr(view, "__wrapped__", None)


@pytest.mark.parametrize("key", KEYS)
def test_no_page_shows_what_is_anothers(parents: Parents, seen: dict[str, list[Seen]], key: str) -> None:
    for name, _status, words in seen[key]:
        for other in others(key):
            assert [mark for mark in parents.marks(other) if mark in words] == [], (name, other)


@pytest.mark.parametrize("key", KEYS)
def test_the_gathering_shows_the_own_sign_up_only(parents: Parents, key: str) -> None:
    assert parents.gathering is not None
    answer = parents.client(key).get(reverse("portal_gathering", args=[parents.gathering.pk]), {"taal": "nl"})
    if key == "stranger":
        assert answer.status_code == 404
        return
    chosen = [code for _key, _authority, _informed, code, _name in PEOPLE if f'<bdi lang="{code}">' in text_of(answer)]
    assert chosen == [parents.guardians[key].contact_language]


@pytest.mark.parametrize("key", KEYS)
def test_no_export_holds_what_is_anothers(parents: Parents, key: str) -> None:
    export = export_of(parents, key)
    names = {one: name for one, _authority, _informed, _code, name in PEOPLE}
    for other in others(key):
        marks = [*parents.marks(other), names[other]]
        assert [mark for mark in marks if mark in export] == [], other
    assert f"straat-van-{key}" in export
    assert export_answers(parents, key) == (["Ja, ik kom"] if key in ("mother", "stranger") else [])


def export_answers(parents: Parents, key: str) -> list[str]:
    school = parents.cast.schools["kersenboom"]
    request = file_request(guardian=parents.guardians[key], kind="ACCESS", place=school, identity="CODE")
    return [row["answer"] for row in json.loads(as_json(request))["answers"]]


@pytest.mark.parametrize("key", KEYS)
def test_no_mail_text_message_or_letter_says_what_is_anothers(parents: Parents, key: str) -> None:
    words = letters_of(parents, key)
    for other in others(key):
        assert [mark for mark in parents.marks(other) if mark in words] == [], other


@pytest.mark.parametrize("key", ["mother", "father", "grandmother"])
def test_who_is_informed_meets_the_own_rows_and_the_child(
    parents: Parents, seen: dict[str, list[Seen]], key: str
) -> None:
    """The same marks are found where they belong: the search above would find them."""
    found = "".join(words for _name, status, words in seen[key] if status == 200)
    for mark in (
        f"straat-van-{key}",
        f"adres-{key}@",
        f"vraag-van-{key}",
        f"antwoord-van-{key}",
        f"wens-van-{key}",
        CHILD,
    ):
        assert mark in found, mark
    assert f"afspraak-van-{key}" in found
    assert CHILD in letters_of(parents, key)


def test_an_answer_of_the_mother_is_not_the_fathers(parents: Parents) -> None:
    father, mother = parents.delivery("father"), parents.delivery("mother")
    assert father is not None
    assert mother is not None
    says = 'aria-pressed="true"'
    own = text_of(parents.client("mother").get(reverse("portal_notice", args=[mother.pk]), {"taal": "nl"}))
    other = text_of(parents.client("father").get(reverse("portal_notice", args=[father.pk]), {"taal": "nl"}))
    assert "De school heeft uw antwoord" in own
    assert "De school heeft uw antwoord" not in other
    assert says not in other


def test_who_has_no_right_meets_nothing_of_the_child(parents: Parents, seen: dict[str, list[Seen]]) -> None:
    for name, status, words in seen["stranger"]:
        assert CHILD not in words, name
        assert "lokaal 12" not in words, name
        assert "vraag-van" not in words, name
        if name.split()[0] in (
            "portal_child",
            "portal_career",
            "portal_notice",
            "portal_thread",
            "portal_booking",
            "portal_booking_file",
            "portal_absence",
            "token_notice",
        ):
            assert status == 404, name
    assert CHILD not in export_of(parents, "stranger")
    assert CHILD not in letters_of(parents, "stranger")


def test_a_second_parent_whom_the_school_cannot_reach_is_named_to_the_school(parents: Parents) -> None:
    father = parents.guardians["father"]
    ContactPointUse.objects.filter(guardian=father).delete()
    Guardian.objects.filter(pk=father.pk).update(household=None)
    head = parents.cast.client("head")
    family = text_of(head.get(reverse("family_detail", args=[parents.cast.families["haddad"].pk])))
    assert "De school kan deze persoon niet bereiken." in family
    checks = text_of(head.get(reverse("data_checks")))
    assert "Voornaam2" in checks
    for page in (family, checks):
        assert "Wie recht heeft op informatie, krijgt alles" in page
        assert "eide ouders" not in page, "it may be a grandparent"
