"""Who signed up is told once, in the own language: a day before, of another hour, that it is cancelled, of a place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from messaging.leases import LEASE
from messaging.models import Channel, OptOut, RecordedNotice
from messaging.services import tell_of_gatherings
from parents.models import ContactPoint, Gathering, GatheringSignUp, GatheringWord, Guardian
from parents.services import signups
from parents.services.gatherings import cancel_gathering, change_gathering
from parents.services.signups import sign_off
from schools import clock
from schools.models import AuditEntry, Enrolment
from tests.cast import Cast
from tests.messaging.sinks import mail_sink
from tests.messaging.test_meeting_reminders import parts_of
from tests.parents.frame import text_of
from tests.parents.gatherings import facts, gathering_of, held, signed

pytestmark = pytest.mark.django_db


def tomorrow(gathering: Gathering) -> Gathering:
    """In twenty hours; who signed up did so a while ago."""
    starts = clock.now() + timedelta(hours=20)
    Gathering.objects.filter(pk=gathering.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=1))
    GatheringSignUp.objects.update(changed_at=clock.now() - timedelta(hours=2))
    gathering.refresh_from_db()
    return gathering


def told() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def test_who_comes_is_reminded_once_a_day_before_in_the_own_language(cast: Cast) -> None:
    gathering = gathering_of(cast, places=2)
    for guardian in ("separated_father", "separated_mother", "dutch_mother"):
        signed(cast, gathering, guardian)
    assert tell_of_gatherings() == 0, "it is in nine days"
    tomorrow(gathering)
    assert (tell_of_gatherings(), tell_of_gatherings()) == (2, 0)
    assert told() == ["karim@elders.example", "nadia@thuis.example"], "who waits is not reminded"
    said = parts_of(next(letter for letter in mail.outbox if letter.to == ["karim@elders.example"]))
    assert "لقاء القهوة" in said
    assert "Ouderlokaal" in said
    assert 'dir="rtl"' in said
    assert reverse("portal_bookings") in said
    for secret in ("Yusuf", "Karim", "Haddad"):
        assert secret not in said


@pytest.mark.parametrize("why", ["no number or address is known", "the address is refused"])
def test_whom_no_message_tells_that_it_is_cancelled_is_to_be_called(cast: Cast, settings: Any, why: str) -> None:
    """Else that parent stands at a closed door."""
    gathering = gathering_of(cast)
    for guardian in ("dutch_mother", "separated_father"):
        signed(cast, gathering, guardian)
    if why == "no number or address is known":
        ContactPoint.objects.filter(uses__guardian=cast.guardians["dutch_mother"]).delete()
    cancel_gathering(gathering=gathering, because="De zaal is dicht", by=cast.staff["head"])
    if why == "the address is refused":
        wrong = "sara@thuis.example"
        with mail_sink(answer_rcpt=lambda address: "550 5.1.1 No such user" if address == wrong else "") as sink:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, False
            assert tell_of_gatherings() == 1
    else:
        assert tell_of_gatherings() == 1
    page = cast.client("head").get(reverse("gathering_detail", args=[gathering.pk]))
    assert {one.sign_up.guardian.first_name: one.to_call for one in page.context["comers"].coming} == {
        "Sara": True,
        "Karim": False,
    }
    assert page.content.decode().count("er komt geen bericht aan: bel") == 1
    assert page.content.decode().count("Geen nummer bekend") == 1


def test_who_does_not_read_is_to_be_called_though_a_text_left(cast: Cast) -> None:
    gathering = gathering_of(cast)
    for guardian in ("dutch_mother", "separated_father"):
        signed(cast, gathering, guardian)
    Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(reading_mode="ORAL_ONLY")
    url, head = reverse("gathering_detail", args=[gathering.pk]), cast.client("head")
    assert "leest niet: bel" not in text_of(head.get(url))
    cancel_gathering(gathering=gathering, because="De zaal is dicht", by=cast.staff["head"])
    assert tell_of_gatherings() == 2
    page = head.get(url)
    assert {one.sign_up.guardian.first_name: one.to_call for one in page.context["comers"].coming} == {
        "Sara": False,
        "Karim": True,
    }
    assert text_of(page).count("leest niet: bel") == 1


@pytest.mark.parametrize("what", ["school", "rights", "right to be told"])
def test_who_left_gives_the_place_to_who_waits_and_that_parent_is_told(cast: Cast, what: str) -> None:
    """Who left finds the gathering no more, and could not sign off."""
    gathering = gathering_of(cast, places=1)
    signed(cast, gathering, "dutch_mother")
    signed(cast, gathering, "separated_father")
    yesterday = clock.today() - timedelta(days=1)
    Enrolment.objects.filter(pupil=cast.pupils["emma"]).update(ends_on=clock.today())
    assert tell_of_gatherings() == 0, "the last day is today"
    if what == "school":
        Enrolment.objects.filter(pupil=cast.pupils["emma"]).update(ends_on=yesterday)
    else:
        change = {"ends_on": yesterday} if what == "rights" else {"information_right": False}
        cast.guardians["dutch_mother"].guardianships.update(**change)
    assert tell_of_gatherings() == 1
    assert told() == ["karim@elders.example"]
    assert list(gathering.sign_ups.values_list("guardian", "state")) == [
        (cast.guardians["separated_father"].pk, "COMING")
    ]


def test_who_left_is_logged_once_though_the_worker_was_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "dutch_mother")
    Enrolment.objects.filter(pupil=cast.pupils["emma"]).update(ends_on=clock.today() - timedelta(days=1))

    def stopped(_gathering: Gathering) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(signups, "fill_up", stopped)
        with pytest.raises(SystemExit):
            tell_of_gatherings()
    assert gathering.sign_ups.count() == 1
    for _time in range(2):
        tell_of_gatherings()
    assert AuditEntry.objects.filter(verb="signed off").count() == 1
    assert not gathering.sign_ups.exists()


def test_who_left_after_it_was_held_did_come(cast: Cast) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "dutch_mother")
    held(gathering)
    Enrolment.objects.filter(pupil=cast.pupils["emma"]).update(ends_on=clock.today() - timedelta(days=1))
    tell_of_gatherings()
    assert gathering.sign_ups.count() == 1


def test_who_wants_no_mails_about_it_is_not_reminded_but_told_that_it_is_cancelled(cast: Cast) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "dutch_mother")
    refusal = {"channel": "EMAIL", "category": "parenting_support", "since": clock.now()}
    OptOut.objects.create(guardian=cast.guardians["dutch_mother"], **refusal)
    tomorrow(gathering)
    assert (tell_of_gatherings(), mail.outbox) == (0, [])
    cancel_gathering(gathering=gathering, because="Ziek.", by=cast.staff["head"])
    assert tell_of_gatherings() == 1
    assert told() == ["sara@thuis.example"]


def test_who_signed_up_a_moment_ago_is_not_reminded_yet(cast: Cast) -> None:
    gathering = tomorrow(gathering_of(cast))
    signed(cast, gathering, "dutch_mother")
    assert tell_of_gatherings() == 0
    GatheringSignUp.objects.update(changed_at=clock.now() - timedelta(hours=2))
    assert tell_of_gatherings() == 1


def test_a_reminder_of_an_hour_that_is_another_one_does_not_leave(cast: Cast) -> None:
    gathering = gathering_of(cast)
    row = signed(cast, gathering, "dutch_mother")
    GatheringWord.objects.create(sign_up=row, kind="REMINDER", sequence=0, decided_at=clock.now())
    change_gathering(gathering=gathering, facts=facts(days=12), by=cast.staff["head"])
    assert tell_of_gatherings() == 1
    assert list(GatheringWord.objects.filter(told_at__isnull=False).values_list("kind", flat=True)) == ["MOVED"]


def test_whose_last_child_left_the_school_is_told_nothing(cast: Cast) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "dutch_mother")
    cancel_gathering(gathering=gathering, because="Ziek.", by=cast.staff["head"])
    Enrolment.objects.filter(pupil=cast.pupils["emma"]).update(ends_on=cast.year.starts_on)
    assert (tell_of_gatherings(), mail.outbox) == (0, [])


def test_a_cancelled_one_is_told_once_to_who_comes_and_who_waits(cast: Cast) -> None:
    gathering = gathering_of(cast, places=1)
    signed(cast, gathering, "separated_father")
    signed(cast, gathering, "dutch_mother")
    cancel_gathering(gathering=gathering, because="De juf is ziek.", by=cast.staff["head"])
    assert (tell_of_gatherings(), tell_of_gatherings()) == (2, 0)
    assert told() == ["karim@elders.example", "sara@thuis.example"]
    said = parts_of(next(letter for letter in mail.outbox if letter.to == ["sara@thuis.example"]))
    assert "Koffiemoment van" in said
    assert "gaat niet door" in said
    assert "ziek" not in said, "a colleague's reason stands behind the sign-in"
    tomorrow(gathering)
    assert tell_of_gatherings() == 0, "nobody is reminded of it"


def test_another_hour_is_told_and_reminded_of_anew(cast: Cast) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "dutch_mother")
    tomorrow(gathering)
    assert tell_of_gatherings() == 1
    for place in ("Turnzaal", "Refter"):
        change_gathering(gathering=gathering, facts=facts(place=place), by=cast.staff["head"])
    assert tell_of_gatherings() == 1, "of two changes the last"
    assert "Refter" in parts_of(mail.outbox[1])
    assert "Het uur of de plaats is veranderd" in parts_of(mail.outbox[1])
    tomorrow(gathering)
    assert tell_of_gatherings() == 1


def test_who_gets_a_place_that_came_free_hears_of_it(cast: Cast) -> None:
    gathering = gathering_of(cast, places=1)
    signed(cast, gathering, "separated_father")
    signed(cast, gathering, "dutch_mother")
    father = cast.guardians["separated_father"]
    sign_off(gathering=gathering, guardian=father, by=father)
    assert (tell_of_gatherings(), tell_of_gatherings()) == (1, 0)
    assert told() == ["sara@thuis.example"]
    assert "Er is een plaats voor u" in parts_of(mail.outbox[0])


def test_what_holds_no_more_is_not_told(cast: Cast) -> None:
    gathering = gathering_of(cast)
    for guardian in ("separated_father", "dutch_mother", "separated_mother"):
        signed(cast, gathering, guardian)
    change_gathering(gathering=gathering, facts=facts(place="Refter"), by=cast.staff["head"])
    father = cast.guardians["separated_father"]
    sign_off(gathering=gathering, guardian=father, by=father)
    mother = cast.guardians["separated_mother"]
    mother.restricted_on = clock.today()
    mother.save(update_fields=["restricted_on"])
    assert tell_of_gatherings() == 1
    assert told() == ["sara@thuis.example"]
    GatheringWord.objects.update(told_at=None, taken_at=None)
    Gathering.objects.update(starts_at=clock.now() - timedelta(minutes=1))
    assert tell_of_gatherings() == 0


def test_at_a_shared_phone_stands_only_that_the_school_has_a_message(cast: Cast, settings: Any) -> None:
    settings.SMS_DRIVER = "record"
    gathering = gathering_of(cast)
    signed(cast, gathering, "grandfather")
    cancel_gathering(gathering=gathering, because="Ziek.", by=cast.staff["head"])
    assert tell_of_gatherings() == 1
    row = RecordedNotice.objects.get(channel=Channel.SMS)
    assert "De Kersenboom" in row.text
    assert "ਰੱਦ" not in row.text


def test_what_a_sweep_took_and_could_not_tell_another_tells(cast: Cast) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "dutch_mother")
    cancel_gathering(gathering=gathering, because="Ziek.", by=cast.staff["head"])
    points = ContactPoint.objects.filter(uses__guardian=cast.guardians["dutch_mother"])
    points.update(valid_until=clock.today())
    assert tell_of_gatherings() == 0
    points.update(valid_until=None)
    assert tell_of_gatherings() == 0, "it is still the first sweep's"
    GatheringWord.objects.update(taken_at=clock.now() - 2 * LEASE)
    assert (tell_of_gatherings(), tell_of_gatherings()) == (1, 0)


def test_nothing_rings_at_night_but_for_the_next_morning(cast: Cast, settings: Any) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "dutch_mother")
    here = clock.now().astimezone(clock.BRUSSELS)
    settings.QUIET_HOURS = f"{here - timedelta(hours=1):%H:%M}-{here + timedelta(hours=1):%H:%M}"
    cancel_gathering(gathering=gathering, because="Ziek.", by=cast.staff["head"])
    assert tell_of_gatherings() == 0
    other = gathering_of(cast)
    reminded = signed(cast, other, "separated_father")
    GatheringWord.objects.create(sign_up=reminded, kind="REMINDER", sequence=0, decided_at=clock.now())
    Gathering.objects.update(starts_at=clock.now() + timedelta(hours=2))
    settings.OUTBOX_PAUSED = True
    assert tell_of_gatherings() == 0
    settings.OUTBOX_PAUSED = False
    assert tell_of_gatherings() == 1
    assert told() == ["sara@thuis.example"], "who comes anyway is not woken for it"
