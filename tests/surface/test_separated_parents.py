"""Parents who no longer live together, a grandmother who is only informed, and a parent without any right: on every
page of parents, in the export, the mail, the text message and the letter nobody meets what is another's, and who has no
right meets nothing of the child."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from messaging.channels.letter import print_content
from messaging.letters import letters_for, print_run
from messaging.models import Delivery, Notice, Thread
from messaging.persondata import as_json, as_pdf
from messaging.rendering import Renderer
from messaging.services import ask_question, give_answer, reply
from messaging.tokens import make_token
from parents.models import (
    Absence,
    Authority,
    ConferenceHost,
    ConferenceRound,
    ConferenceSlot,
    ContactMoment,
    ContactPoint,
    ContactPointUse,
    Gathering,
    Guardian,
    Guardianship,
    Household,
    OwnVersion,
    Visibility,
)
from parents.models.kinds import ContactKind, Initiative, Outcome, Purpose
from parents.services import ask_to_change_contact, file_request, give_consent
from parents.services.signups import Coming, sign_up
from parents.signin import Reachable
from schools import clock
from schools.models import Pupil
from tests.cast import Cast
from tests.messaging.notices_for_pages import sent
from tests.parents.frame import text_of
from tests.parents.gatherings import gathering_of

pytestmark = pytest.mark.django_db

#: Key, authority, information right, language that only they speak (its name in exports).
PEOPLE = (
    ("mother", Authority.JOINT, True, "rif", "Tarifit"),
    ("father", Authority.JOINT, True, "rom", "Romani"),
    ("grandmother", Authority.INFORMATION_ONLY, True, "shi", "Tashelhit"),
    ("stranger", Authority.NONE, False, "so", "Somali"),
)
KEYS = [key for key, *_rest in PEOPLE]
CHILD = "Yusufmerk"


@dataclass
class Parents:
    cast: Cast
    child: Pupil
    notice: Notice
    guardians: dict[str, Guardian] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    slots: dict[str, ConferenceSlot] = field(default_factory=dict)
    #: At which each of them wants an interpreter of the own language.
    gathering: Gathering | None = None

    def client(self, key: str) -> Client:
        client = Client()
        session = client.session
        session["guardian"] = self.guardians[key].pk
        session["guardian_seen"] = session["guardian_began"] = clock.now().isoformat()
        session.save()
        return client

    def delivery(self, key: str) -> Delivery | None:
        return Delivery.objects.filter(notice=self.notice, guardian=self.guardians[key]).first()

    def marks(self, key: str) -> list[str]:
        """What is this person's alone, in every writing in which it may stand somewhere."""
        number = KEYS.index(key) + 1
        words = ("straat", "vraag", "antwoord", "afspraak", "nota", "verzoek", "versie", "nieuw", "wens")
        return [
            *(f"{word}-van-{key}" for word in words),
            f"adres-{key}@",
            f"a•••@{key[0]}•••",
            f"4799990{number}",
            f"99 90 {number}",
            f"••• 0{number}",
        ]


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Path) -> None:
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


@pytest.fixture
def parents(cast: Cast) -> Parents:
    child = cast.pupils["yusuf"]
    child.first_name = CHILD
    child.save(update_fields=["first_name"])
    Guardianship.objects.filter(pupil=child).delete()
    people = {key: _person(child, *facts) for facts in PEOPLE for key in facts[:1]}
    # The notice left while the stranger still had a right.
    Guardianship.objects.filter(guardian=people["stranger"]).update(information_right=True, may_receive=True)
    notice = sent(cast)
    found = Parents(cast, child, notice, people)
    for key in KEYS:
        _lived(found, key)
    Guardianship.objects.filter(guardian=people["stranger"]).update(information_right=False, may_receive=False)
    return found


def _person(child: Pupil, key: str, authority: str, is_informed: bool, language: str, _name: str) -> Guardian:
    number, first = KEYS.index(key) + 1, clock.today() - timedelta(days=60)
    home = Household.objects.create(street=f"straat-van-{key} 1", postcode="3800", city="Sint-Truiden")
    guardian = Guardian.objects.create(
        first_name=f"Voornaam{number}", last_name="Merk", contact_language=language, household=home
    )
    decides = authority == Authority.JOINT
    Guardianship.objects.create(
        pupil=child,
        guardian=guardian,
        authority=authority,
        information_right=is_informed,
        may_receive=is_informed,
        may_decide=decides,
        starts_on=first,
    )
    for kind, value in (("EMAIL", f"adres-{key}@{key}.example"), ("PHONE", f"+324799990{number}")):
        point = ContactPoint.objects.create(kind=kind, value=value, valid_from=first, verified_on=first)
        ContactPointUse.objects.create(contact_point=point, guardian=guardian)
    return guardian


def _lived(parents: Parents, key: str) -> None:
    """What this person answered, asked, was told, agreed and asked for."""
    cast, child, guardian = parents.cast, parents.child, parents.guardians[key]
    school, teacher = cast.schools["kersenboom"], cast.staff["teacher_3b"]
    delivery = parents.delivery(key)
    assert delivery is not None
    if key in ("mother", "stranger"):
        give_answer(delivery=delivery, key="yes")
    thread = ask_question(guardian=guardian, pupil=child, notice=parents.notice, text=f"vraag-van-{key}", language="nl")
    reply(thread=thread, by=teacher, text=f"antwoord-van-{key}")
    parents.threads[key] = thread
    moment = ContactMoment.objects.create(
        school=school,
        family=cast.families["haddad"],
        kind=ContactKind.GATE_TALK,
        held_on=clock.today(),
        initiative=Initiative.TEACHER,
        purpose=Purpose.PROGRESS,
        outcome=Outcome.REACHED_AGREED,
        visibility=Visibility.PARENT,
        agreement=f"afspraak-van-{key}",
        note=f"nota-van-{key}",
        recorded_by=teacher,
        recorded_at=clock.now(),
    )
    moment.pupils.add(child)
    moment.guardians.add(guardian)
    round_ = ConferenceRound.objects.create(
        school=school,
        name=f"afspraak-van-{key}",
        held_on=clock.today() + timedelta(days=9),
        catch_up_until=clock.today() + timedelta(days=20),
        books_until=clock.now() + timedelta(days=8),
    )
    room = cast.classes["3b"]
    host = ConferenceHost.objects.create(round=round_, school_class=room, teacher=teacher)
    # In the morning: the town's own round is in the afternoon of that day.
    start = datetime.combine(round_.held_on, time(8 + KEYS.index(key)), tzinfo=clock.BRUSSELS)
    host.hours.create(teacher=teacher, starts_at=start, ends_at=start + timedelta(minutes=10))
    slot = ConferenceSlot.objects.create(round=round_, pupil=child, school_class=room, guardian=guardian)
    slot.notes.create(guardian=guardian, text=f"wens-van-{key}")
    parents.slots[key] = slot
    if parents.gathering is None:
        parents.gathering = gathering_of(cast)
    wish = Coming(1, interpreter=guardian.contact_language)
    sign_up(gathering=parents.gathering, guardian=guardian, coming=wish)
    give_consent(guardian=guardian, purpose="PHOTO", child=child, how="")
    away = clock.today() + timedelta(days=10 + KEYS.index(key))
    Absence.objects.create(
        pupil=child, school=school, starts_on=away, ends_on=away, reported_by=guardian, reported_at=clock.now()
    )
    request = file_request(guardian=guardian, kind="RECTIFY", place=school, identity="CODE", words=f"verzoek-van-{key}")
    OwnVersion.objects.create(
        request=request,
        guardian=guardian,
        family=cast.families["haddad"],
        contact_moment=moment,
        text=f"versie-van-{key}",
        written_on=clock.today(),
    )
    ask_to_change_contact(
        guardian=guardian,
        children=Pupil.objects.filter(pk=child.pk),
        contact=Reachable("EMAIL", f"nieuw-van-{key}@elders.example"),
        replaces=None,
        is_proven=True,
    )


def pages(parents: Parents, key: str) -> Iterator[tuple[str, int, str]]:
    """Every page that this person may ask for, with the ids of everybody's rows: name, status, words."""
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


def test_no_page_of_parents_is_forgotten_here(parents: Parents) -> None:
    seen = {name.split()[0] for name, _status, _words in pages(parents, "mother")}
    doors = set(_doors_of_guardians())
    files = {"portal_file", "portal_recording", "portal_gathering_file"}  # what the notice itself holds
    buttons = {"privacy_read", "portal_booking_cancel", "portal_calendar_end", "portal_absence_back"}
    buttons |= {"portal_gathering_cancel"}
    assert doors - files - buttons <= seen


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
def test_no_page_shows_what_is_anothers(parents: Parents, key: str) -> None:
    for name, _status, words in pages(parents, key):
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
def test_who_is_informed_meets_the_own_rows_and_the_child(parents: Parents, key: str) -> None:
    """The same marks are found where they belong: the search above would find them."""
    found = "".join(words for _name, status, words in pages(parents, key) if status == 200)
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


def test_who_has_no_right_meets_nothing_of_the_child(parents: Parents) -> None:
    for name, status, words in pages(parents, "stranger"):
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
