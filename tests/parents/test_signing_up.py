"""Parents sign up for a gathering by the link of a notice and in their own pages, change it and sign off; a place that
comes free is not lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from ingroeibloei.templatetags.written import daytime
from messaging.tokens import make_token
from parents.models import Gathering, GatheringSignUp, GatheringWord
from parents.services.forgetting import forget_guardians
from parents.services.gatherings import cancel_gathering, change_gathering, reopen_gathering
from parents.services.signups import Coming, sign_off, sign_up
from schools import clock
from schools.models import AuditEntry, Enrolment
from tests.cast import Cast
from tests.parents.calendar_reader import read
from tests.parents.frame import language_and_direction, text_of
from tests.parents.gatherings import announced, facts, gathering_of, held, library, signed

DUTCH = {"taal": "nl"}
ONE = {"adults": "1", "children": "0", "interpreter": ""}


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Path) -> None:
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


@pytest.fixture
def father(cast: Cast) -> Client:
    return cast.guardian_client("separated_father")


def states(gathering: Gathering) -> dict[str, str]:
    return {row.guardian.first_name: row.state for row in gathering.sign_ups.select_related("guardian")}


class TestByLink:
    def test_the_notice_leads_to_the_sign_up_instead_of_answers(self, cast: Cast, client: Client) -> None:
        delivery = announced(cast, gathering_of(cast), "separated_father")
        page = client.get(reverse("token_notice", args=[make_token(delivery)]))
        assert language_and_direction(page) == ("ar", "rtl")
        assert "لقاء القهوة" in text_of(page), "the kind in the parent's language beside the Dutch title"
        assert '<bdi lang="nl" dir="ltr">Koffie: slapen</bdi>' in text_of(page)
        assert reverse("token_gathering", args=[make_token(delivery)]) in text_of(page)
        assert 'name="answer"' not in text_of(page)

    def test_somebody_signs_up_changes_it_and_signs_off_without_an_account(self, cast: Cast, client: Client) -> None:
        gathering = gathering_of(cast)
        delivery = announced(cast, gathering, "separated_father")
        url = reverse("token_gathering", args=[make_token(delivery)])
        sent = {"adults": "2", "children": "1", "interpreter": "ar"}
        assert client.post(url, sent).status_code == 302
        row = gathering.sign_ups.get()
        assert (row.guardian, row.adults, row.children, row.interpreter) == (
            cast.guardians["separated_father"],
            2,
            1,
            "ar",
        )
        delivery.refresh_from_db()
        assert delivery.opened_at is not None, "who sends a form has opened the notice"
        assert "U bent ingeschreven." in text_of(client.get(url, DUTCH))
        client.post(url, ONE)
        row.refresh_from_db()
        assert (row.people, row.interpreter) == (1, "")
        assert client.post(reverse("token_gathering_cancel", args=[make_token(delivery)])).status_code == 302
        assert not gathering.sign_ups.exists()
        verbs = AuditEntry.objects.filter(guardian_id=row.guardian_id, target_kind="parents.gathering")
        assert list(verbs.order_by("pk").values_list("verb", flat=True)) == ["signed up", "signed up", "signed off"]

    def test_another_hour_than_the_notice_says_stands_beside_it(self, cast: Cast, client: Client) -> None:
        gathering = gathering_of(cast)
        url = reverse("token_notice", args=[make_token(announced(cast, gathering, "separated_father"))])
        assert "Het uur of de plaats is veranderd" not in text_of(client.get(url, DUTCH))
        change_gathering(gathering=gathering, facts=facts(place="Turnzaal"), by=cast.staff["head"])
        page = text_of(client.get(url, DUTCH))
        assert "Het uur of de plaats is veranderd" in page
        assert '<bdi lang="nl" dir="ltr">Turnzaal</bdi>' in page

    def test_a_notice_about_something_else_opens_no_gathering(self, cast: Cast, client: Client) -> None:
        delivery = announced(cast, gathering_of(cast), "separated_father")
        notice = delivery.notice
        type(notice).objects.filter(pk=notice.pk).update(gathering=None)
        for name in ("token_gathering", "token_gathering_file"):
            assert client.get(reverse(name, args=[make_token(delivery)])).status_code == 404


class TestOwnPages:
    def test_what_is_to_come_stands_at_home_and_among_the_meetings(self, cast: Cast, father: Client) -> None:
        gathering = gathering_of(cast)
        url = reverse("portal_gathering", args=[gathering.pk])
        for name in ("portal_home", "portal_bookings"):
            assert url in text_of(father.get(reverse(name)))
        assert father.post(url, ONE).status_code == 302
        assert "Koffiemoment" in text_of(father.get(reverse("portal_home"), DUTCH))
        cancel_gathering(gathering=gathering, because="De juf is ziek.", by=cast.staff["head"])
        page = text_of(father.get(url, DUTCH))
        assert "<span>Bijeenkomsten voor ouders</span>" in page, "and not the talks with the teacher"
        assert "Deze bijeenkomst gaat niet door" in page
        assert '<p lang="nl" dir="ltr">De juf is ziek.</p>' in page
        assert url in text_of(father.get(reverse("portal_home")))
        assert url not in text_of(cast.guardian_client("separated_mother").get(reverse("portal_home")))

    def test_its_door_says_at_which_school_and_when_also_when_it_is_cancelled(self, cast: Cast, father: Client) -> None:
        gathering = gathering_of(cast)
        Gathering.objects.update(starts_at=clock.now() + timedelta(days=3))
        gathering.refresh_from_db()

        def door() -> str:
            url = reverse("portal_gathering", args=[gathering.pk])
            return text_of(father.get(reverse("portal_home"), DUTCH)).split(f'href="{url}"')[1].split("</a>")[0]

        said = [daytime(localtime(gathering.starts_at)), gathering.school.name]
        assert [words in door() for words in said] == [True, True]
        signed(cast, gathering, "separated_father")
        cancel_gathering(gathering=gathering, because="De juf is ziek.", by=cast.staff["head"])
        assert [words in door() for words in [*said, "gaat niet door"]] == [True, True, True]

    def test_what_goes_on_still_stands_there_and_what_is_over_does_not(self, cast: Cast, father: Client) -> None:
        gathering = gathering_of(cast)
        url = reverse("portal_gathering", args=[gathering.pk])
        Gathering.objects.update(starts_at=clock.now() - timedelta(minutes=80), ends_at=None)
        assert url in text_of(father.get(reverse("portal_home"))), "nobody said when it ends"
        Gathering.objects.update(ends_at=clock.now() - timedelta(minutes=1))
        for name in ("portal_home", "portal_bookings"):
            assert url not in text_of(father.get(reverse(name)))

    def test_another_school_s_gathering_is_not_there(self, cast: Cast, father: Client) -> None:
        other = gathering_of(cast, school="bloesem", by="head_go")
        url = reverse("portal_gathering", args=[other.pk])
        assert url not in text_of(father.get(reverse("portal_home")))
        assert father.get(url).status_code == 404
        assert father.post(url, ONE).status_code == 404
        assert cast.guardian_client("mother").get(url).status_code == 200, "she has a child at both"
        Enrolment.objects.filter(pupil=cast.pupils["gurjot"]).update(ends_on=cast.year.starts_on)
        assert cast.guardian_client("mother").get(url).status_code == 404

    def test_of_separated_parents_neither_sees_whether_the_other_comes(self, cast: Cast, father: Client) -> None:
        gathering = gathering_of(cast)
        signed(cast, gathering, "separated_mother", 3, interpreter="fr")
        page = text_of(father.get(reverse("portal_gathering", args=[gathering.pk]), DUTCH))
        assert "Nadia" not in page
        assert "Inschrijven" in page

    def test_once_it_has_begun_nobody_changes_anything(self, cast: Cast, father: Client) -> None:
        gathering = gathering_of(cast)
        signed(cast, gathering, "separated_father")
        held(gathering)
        url = reverse("portal_gathering", args=[gathering.pk])
        page = text_of(father.get(url, DUTCH))
        assert "Deze bijeenkomst is voorbij." in page
        assert "te laat om dit" not in page
        Gathering.objects.update(starts_at=clock.now() - timedelta(minutes=10), ends_at=None)
        assert "te laat om dit" in text_of(father.get(url, DUTCH))
        father.post(url, {"adults": "5", "children": "0"})
        father.post(reverse("portal_gathering_cancel", args=[gathering.pk]))
        assert gathering.sign_ups.get().people == 1

    @pytest.mark.parametrize(("adults", "children"), [("0", "0"), ("10", "0"), ("", "0"), ("1", "-1"), ("²", "0")])
    def test_a_number_that_cannot_be_is_said_so(self, cast: Cast, father: Client, adults: str, children: str) -> None:
        gathering = gathering_of(cast)
        url = reverse("portal_gathering", args=[gathering.pk])
        page = father.post(f"{url}?taal=nl", {"adults": adults, "children": children})
        assert page.status_code == 200
        assert page.context["form"].errors
        assert not gathering.sign_ups.exists()

    def test_who_reads_dutch_letters_knows_what_a_partner_sees(self, cast: Cast, father: Client) -> None:
        page = text_of(father.get(reverse("portal_gathering", args=[library(cast).pk]), DUTCH))
        assert '<bdi lang="nl" dir="ltr">Bibliotheek De Leidraad</bdi> ziet uw voornaam' in page

    def test_many_gatherings_cost_no_more_queries_than_few(self, cast: Cast, father: Client) -> None:
        counts = []
        for number in (1, 6):
            for _one in range(number):
                signed(cast, gathering_of(cast), "separated_father")
            with CaptureQueriesContext(connection) as captured:
                father.get(reverse("portal_home"))
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestPlaces:
    def test_when_all_are_taken_one_waits_and_the_first_gets_what_comes_free(self, cast: Cast, father: Client) -> None:
        gathering = gathering_of(cast, places=2)
        signed(cast, gathering, "mother", 2)
        url = reverse("portal_gathering", args=[gathering.pk])
        assert "Alle plaatsen zijn bezet" in text_of(father.get(url, DUTCH))
        father.post(url, ONE)
        assert "U staat op de wachtlijst" in text_of(father.get(url, DUTCH))
        signed(cast, gathering, "separated_mother")
        assert states(gathering) == {"Harpreet": "COMING", "Karim": "WAITING", "Nadia": "WAITING"}
        signed(cast, gathering, "mother", 1)
        assert states(gathering) == {"Harpreet": "COMING", "Karim": "COMING", "Nadia": "WAITING"}
        word = GatheringWord.objects.get()
        assert (word.kind, word.sign_up.guardian) == ("PLACE", cast.guardians["separated_father"])
        sign_off(gathering=gathering, guardian=cast.guardians["mother"], by=cast.guardians["mother"])
        assert states(gathering) == {"Karim": "COMING", "Nadia": "COMING"}

    def test_who_wants_room_for_more_than_is_free_reads_how_many_may_come(self, cast: Cast, father: Client) -> None:
        gathering = gathering_of(cast, places=3)
        signed(cast, gathering, "mother", 2)
        url = f"{reverse('portal_gathering', args=[gathering.pk])}?taal=nl"
        page = text_of(father.post(url, {"adults": "2", "children": "0"}, follow=True))
        assert "U staat op de wachtlijst" in page
        assert "Vrije plaatsen: 1" in page
        assert "Alle plaatsen zijn bezet" not in page
        assert "Vrije plaatsen" not in text_of(father.post(url, ONE, follow=True))
        assert states(gathering) == {"Harpreet": "COMING", "Karim": "COMING"}

    def test_who_needs_more_room_than_came_free_does_not_keep_others_out(self, cast: Cast) -> None:
        gathering = gathering_of(cast, places=3)
        signed(cast, gathering, "mother", 3)
        signed(cast, gathering, "separated_father", 2, 1)
        signed(cast, gathering, "separated_mother", 1)
        signed(cast, gathering, "mother", 2)
        assert states(gathering) == {"Harpreet": "COMING", "Karim": "WAITING", "Nadia": "COMING"}

    def test_who_waits_and_comes_with_another_number_keeps_the_turn(self, cast: Cast) -> None:
        gathering = gathering_of(cast, places=2)
        signed(cast, gathering, "mother", 2)
        signed(cast, gathering, "separated_father", 2)
        signed(cast, gathering, "separated_mother")
        signed(cast, gathering, "separated_father", interpreter="ar")
        signed(cast, gathering, "mother")
        assert states(gathering) == {"Harpreet": "COMING", "Karim": "COMING", "Nadia": "WAITING"}

    def test_who_comes_already_keeps_the_place_when_there_is_no_room_for_more(self, cast: Cast, father: Client) -> None:
        gathering = gathering_of(cast, places=3)
        signed(cast, gathering, "separated_father")
        signed(cast, gathering, "mother", 2)
        url = reverse("portal_gathering", args=[gathering.pk])
        page = father.post(f"{url}?taal=nl", {"adults": "2", "children": "0"})
        assert "niet genoeg plaatsen voor zoveel mensen" in text_of(page)
        assert 'value="2" selected' in text_of(page), "what was filled in is still there"
        assert states(gathering) == {"Karim": "COMING", "Harpreet": "COMING"}
        assert gathering.sign_ups.get(guardian=cast.guardians["separated_father"]).people == 1

    def test_nobody_waits_for_more_places_than_there_are(self, cast: Cast, father: Client) -> None:
        gathering = gathering_of(cast, places=3)
        url = reverse("portal_gathering", args=[gathering.pk])
        page = text_of(father.post(f"{url}?taal=nl", {"adults": "2", "children": "2"}))
        assert "niet genoeg plaatsen voor zoveel mensen" in page
        assert not gathering.sign_ups.exists()
        assert father.post(url, {"adults": "2", "children": "1"}).status_code == 302
        assert states(gathering) == {"Karim": "COMING"}

    def test_more_places_go_to_who_waits_and_fewer_than_taken_are_refused(self, cast: Cast) -> None:
        gathering = gathering_of(cast, places=1)
        signed(cast, gathering, "mother")
        signed(cast, gathering, "separated_father")
        change_gathering(gathering=gathering, facts=facts(places=2), by=cast.staff["head"])
        assert states(gathering) == {"Harpreet": "COMING", "Karim": "COMING"}
        with pytest.raises(ValidationError, match="al 2 mensen ingeschreven"):
            change_gathering(gathering=gathering, facts=facts(places=1), by=cast.staff["head"])

    def test_who_is_forgotten_gives_the_place_to_who_waits(self, cast: Cast) -> None:
        gathering = gathering_of(cast, places=1)
        signed(cast, gathering, "mother")
        signed(cast, gathering, "separated_father")
        forget_guardians([cast.guardians["mother"].pk])
        assert list(GatheringSignUp.objects.values_list("guardian", "state")) == [
            (cast.guardians["separated_father"].pk, "COMING")
        ]

    def test_who_is_forgotten_afterwards_leaves_no_place_to_somebody_who_did_not_come(self, cast: Cast) -> None:
        gathering = gathering_of(cast, places=1)
        signed(cast, gathering, "mother")
        signed(cast, gathering, "separated_father")
        held(gathering)
        forget_guardians([cast.guardians["mother"].pk])
        assert states(gathering) == {"Karim": "WAITING"}
        assert not GatheringWord.objects.exists()

    def test_a_cancelled_one_takes_nobody(self, cast: Cast) -> None:
        gathering = gathering_of(cast)
        cancel_gathering(gathering=gathering, because="Ziek.", by=cast.staff["head"])
        with pytest.raises(ValidationError, match="gaat niet door"):
            sign_up(gathering=gathering, guardian=cast.guardians["mother"], coming=Coming(1))

    def test_who_still_waits_when_it_is_over_is_promised_nothing_more(self, cast: Cast, client: Client) -> None:
        gathering = gathering_of(cast, places=1)
        signed(cast, gathering, "mother")
        delivery = announced(cast, gathering, "separated_father")
        signed(cast, gathering, "separated_father")
        promise, over = "Komt er een plaats vrij?", "Deze bijeenkomst is voorbij."
        staff, told = reverse("gathering_detail", args=[gathering.pk]), "De ouder krijgt een bericht."
        links = [reverse(name, args=[make_token(delivery)]) for name in ("token_notice", "token_gathering")]
        head = cast.client("head")

        def said(words: str) -> list[int]:
            return [text_of(client.get(url, DUTCH)).count(words) for url in links]

        assert (said(promise), said(over), told in text_of(head.get(staff))) == ([1, 1], [0, 0], True)
        assert "1 van 1 plaatsen bezet" in text_of(head.get(staff))
        starts = clock.now() - timedelta(minutes=10)
        Gathering.objects.filter(pk=gathering.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=1))
        assert (said(promise), said(over), said("U staat op de wachtlijst.")) == ([0, 0], [0, 0], [1, 1])
        Gathering.objects.filter(pk=gathering.pk).update(starts_at=gathering.starts_at, ends_at=gathering.ends_at)
        held(gathering)
        assert (said(promise), said(over), told in text_of(head.get(staff))) == ([0, 0], [1, 1], False)
        assert "1 persoon was ingeschreven" in text_of(head.get(staff))
        assert "Op de wachtlijst" in text_of(head.get(staff)), "who waited then"

    def test_the_announcement_says_that_hour_or_place_changed_only_where_they_did(
        self, cast: Cast, client: Client
    ) -> None:
        gathering, by = gathering_of(cast), cast.staff["head"]
        page = reverse("token_notice", args=[make_token(announced(cast, gathering, "mother"))])

        def says_so() -> bool:
            return "Het uur of de plaats is veranderd." in text_of(client.get(page, DUTCH))

        cancel_gathering(gathering=gathering, because="De verkeerde.", by=by)
        assert not says_so(), "it is cancelled"
        reopen_gathering(gathering=gathering, by=by)
        assert not says_so(), "it was a mistake"
        change_gathering(gathering=gathering, facts=facts(places=30), by=by)
        assert not says_so(), "there is more room"
        change_gathering(gathering=gathering, facts=facts(place="De refter", places=30), by=by)
        assert says_so()
        change_gathering(gathering=gathering, facts=facts(place="De refter", places=40), by=by)
        assert says_so()
        cancel_gathering(gathering=gathering, because="Ziek.", by=by)
        assert not says_so()


class TestCalendar:
    def test_the_file_and_the_feed_hold_what_the_parent_comes_to(self, cast: Cast, father: Client) -> None:
        gathering = gathering_of(cast)
        file = reverse("portal_gathering_file", args=[gathering.pk])
        assert father.get(file).status_code == 404
        signed(cast, gathering, "separated_father", 2, 3, interpreter="ar")
        answer = father.get(file)
        assert 'filename="bijeenkomst.ics"' in answer["Content-Disposition"]
        found = read(answer.content)
        (event,) = found.events
        assert event.text("SUMMARY").endswith(": Koffie: slapen")
        assert event.text("LOCATION") == "Ouderlokaal, VBS De Kersenboom"
        assert found.moment(event, "DTSTART") == gathering.starts_at
        page = text_of(father.post(reverse("portal_calendar")))
        link = page.split("/kalender/")[1].split(".ics")[0]
        feed = reverse("calendar_feed", args=[link])
        assert [one.value("UID") for one in read(Client().get(feed).content).events] == [event.value("UID")]
        change_gathering(gathering=gathering, facts=facts(days=10), by=cast.staff["head"])
        (moved,) = read(Client().get(feed).content).events
        assert (moved.value("UID"), moved.value("SEQUENCE")) == (event.value("UID"), "1")
        cancel_gathering(gathering=gathering, because="Ziek.", by=cast.staff["head"])
        assert read(Client().get(feed).content).events == []
        assert father.get(file).status_code == 404
