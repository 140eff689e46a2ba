"""Parents who no longer live together, a grandmother who is only informed, and a parent without any right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.test import Client

from messaging.models import Delivery, Notice, Thread
from messaging.services import ask_question, give_answer, reply
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
from tests.parents.gatherings import gathering_of

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


def apart(cast: Cast) -> Parents:
    """The four of them around Yusuf, each with one of everything that a parent may leave here."""
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
