"""Requests about data: a register with a clock, decided with a reason, and what each decision does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from messaging.content import load_templates
from messaging.models import Delivery, ThreadPost
from messaging.services import ask_question, decide_request, erase_guardian, publish_notice
from messaging.tokens import make_token
from parents.models import (
    ContactMoment,
    ContactPoint,
    DataRequest,
    Family,
    FamilyMembership,
    FollowUp,
    Guardian,
    Guardianship,
    OwnVersion,
    ReadingMode,
)
from parents.services import extend_request, hold_family, release_family
from parents.services.datarequests import months_later
from schools import clock
from schools.models import AuditEntry, Enrolment, Pupil
from tests import factories as make
from tests.cast import Cast
from tests.messaging.datarequests import ask, grant
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ledger(settings: Any, tmp_path: Any) -> None:
    settings.ERASED_FILE = tmp_path / "erased.txt"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }


class TestTheClock:
    @pytest.mark.parametrize(
        ("day", "months", "then"),
        [
            (date(2027, 1, 31), 1, date(2027, 2, 28)),
            (date(2026, 12, 15), 1, date(2027, 1, 15)),
            (date(2026, 11, 30), 3, date(2027, 2, 28)),
        ],
    )
    def test_a_month_ends_on_the_same_day_or_the_last(self, day: date, months: int, then: date) -> None:
        assert months_later(day, months) == then

    def test_runs_from_the_day_of_asking_and_is_lengthened_once(self, cast: Cast) -> None:
        row = ask(cast, "ACCESS")
        assert row.due_on == months_later(clock.today(), 1)
        extend_request(request=row, by=cast.staff["head"], because="Veel scholen.")
        row.refresh_from_db()
        assert row.due_on == months_later(months_later(clock.today(), 1), 2)
        with pytest.raises(ValidationError):
            extend_request(request=row, by=cast.staff["head"], because="Nog eens.")

    def test_cannot_be_lengthened_after_its_month(self, cast: Cast) -> None:
        row = ask(cast, "ACCESS")
        with time_machine.travel(clock.now() + timedelta(days=40)), pytest.raises(ValidationError):
            extend_request(request=row, by=cast.staff["head"], because="Te laat.")

    def test_is_lengthened_on_the_last_day_of_its_month(self, cast: Cast) -> None:
        row = ask(cast, "ACCESS")
        with time_machine.travel(clock.start_of(row.due_on) + timedelta(hours=12)):
            extend_request(request=row, by=cast.staff["head"], because="Veel scholen.")
        assert DataRequest.objects.get().extended_on == row.due_on

    def test_the_same_words_once_more_are_no_new_ones(self, cast: Cast) -> None:
        row = ask(cast, "RECTIFY", words="Ik ben nooit te laat.")
        assert ask(cast, "RECTIFY", words="Ik ben nooit te laat.") == row
        assert ask(cast, "RECTIFY") == row
        ask(cast, "RECTIFY", words="Nooit.")
        row.refresh_from_db()
        assert row.words == "Ik ben nooit te laat.\n\nNooit."

    def test_words_that_do_not_fit_any_more_are_a_request_of_their_own(self, cast: Cast) -> None:
        first = ask(cast, "RECTIFY", words="a" * 1500)
        second = ask(cast, "RECTIFY", words="b" * 1500)
        assert (len(first.words), len(second.words)) == (1500, 1500), "nothing is cut"
        assert ask(cast, "RECTIFY", words="a" * 1500) == first
        assert ask(cast, "RECTIFY", words="b" * 1500) == second

    def test_a_late_one_says_so_in_the_register(self, cast: Cast) -> None:
        row = ask(cast, "ACCESS")
        DataRequest.objects.filter(pk=row.pk).update(due_on=clock.today() - timedelta(days=1))
        register = text_of(cast.client("office").get(reverse("data_requests")))
        assert "te laat" in register
        assert "Antwoorden ten laatste op" in register, "a day, not by whom"

    def test_is_decided_once(self, cast: Cast) -> None:
        row = ask(cast, "ACCESS")
        grant(cast, row)
        with pytest.raises(ValidationError):
            grant(cast, row)
        assert AuditEntry.objects.filter(verb="decided request about data").count() == 1


class TestFromTheOwnPage:
    def test_a_parent_asks_and_reads_the_answer(self, cast: Cast) -> None:
        client, page = cast.guardian_client("separated_father"), reverse("portal_data")
        school = cast.schools["kersenboom"]
        words = {"form": "ask", "kind": "RECTIFY", "place": f"school-{school.pk}", "words": "Ik ben nooit te laat."}
        assert client.post(page, words).status_code == 302
        row = DataRequest.objects.get()
        assert (row.guardian, row.school, row.received_by) == (cast.guardians["separated_father"], school, None)
        shown = text_of(cast.client("head").get(reverse("data_request", args=[row.pk])))
        assert "العربية" in shown, "who writes the reason sees which language is read"
        decide_request(request=row, by=cast.staff["head"], decision="REFUSED", reason="De lijn klopt.")
        assert "De lijn klopt." in text_of(client.get(page))
        assert "De lijn klopt." not in text_of(cast.guardian_client("separated_mother").get(page))

    def test_no_machine_fills_the_register(self, cast: Cast) -> None:
        client, place = cast.guardian_client("separated_father"), f"school-{cast.schools['kersenboom'].pk}"
        words = {"form": "ask", "kind": "ERASE", "place": place}
        asked = [client.post(reverse("portal_data"), words | {"words": f"Alles {n}"}).status_code for n in range(6)]
        assert asked == [302] * 5 + [422]

    def test_only_places_of_the_own_children_can_be_asked(self, cast: Cast) -> None:
        foreign = f"school-{cast.schools['bloesem'].pk}"
        answer = cast.guardian_client("separated_father").post(
            reverse("portal_data"), {"form": "ask", "kind": "ACCESS", "place": foreign}
        )
        assert answer.status_code == 422
        assert not DataRequest.objects.exists()

    def test_the_school_that_a_child_left_can_still_be_asked(self, cast: Cast) -> None:
        client, page = cast.guardian_client("separated_father"), reverse("portal_data")
        Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=clock.today() - timedelta(days=1))
        place = f"school-{cast.schools['kersenboom'].pk}"
        assert client.post(page, {"form": "ask", "kind": "ERASE", "place": place}).status_code == 302
        assert DataRequest.objects.get().school == cast.schools["kersenboom"]

    def test_who_is_informed_of_no_child_gets_no_form_that_cannot_be_sent(self, cast: Cast) -> None:
        client, father = cast.guardian_client("separated_father"), cast.guardians["separated_father"]
        Guardianship.objects.filter(guardian=father).update(information_right=False)
        page = text_of(client.get(reverse("portal_data"), {"taal": "nl"}))
        assert "Wat wilt u?" not in page
        assert "Vraag het aan de school." in page

    def test_asked_twice_it_is_one_request(self, cast: Cast) -> None:
        assert ask(cast, "ERASE", words="Alles.").pk == ask(cast, "ERASE", words="Echt alles.").pk
        assert DataRequest.objects.get().words == "Alles.\n\nEcht alles."


class TestByVoice:
    def test_the_office_finds_the_guardian_and_notes_it(self, cast: Cast) -> None:
        client = cast.client("office")
        found = text_of(client.get(reverse("data_requests"), {"wie": "karim"}))
        assert "Karim Haddad" in found
        address = reverse("data_request_new", args=[cast.guardians["separated_father"].pk])
        place = f"school-{cast.schools['kersenboom'].pk}"
        client.post(address, {"place": place, "kind": "OBJECT", "identity": "CARD", "words": ""})
        row = DataRequest.objects.get()
        assert (row.received_by, row.identity) == (cast.staff["office"], "CARD")

    def test_a_request_to_the_clb_is_the_clbs_own(self, cast: Cast) -> None:
        row = ask(cast, "ACCESS", place=cast.centres["vclb"])
        address = reverse("data_request", args=[row.pk])
        assert cast.client("clb_vclb").get(address).status_code == 200
        for key in ("head", "office", "clb_go"):
            assert cast.client(key).get(address).status_code == 404


class TestWhatADecisionDoes:
    def test_an_own_version_stands_beside_the_note(self, cast: Cast) -> None:
        moment = cast.moments["gate"]
        moment.pupils.set([cast.pupils["yusuf"]])
        moment.guardians.set([cast.guardians["separated_father"]])
        row = ask(cast, "RECTIFY", words="Ik was er wel.")
        client = cast.client("head")
        client.post(
            reverse("data_request", args=[row.pk]),
            {"decision": "GRANTED", "reason": "Staat erbij.", "moment": moment.pk},
        )
        assert OwnVersion.objects.get().contact_moment == moment
        page = text_of(cast.client("teacher_3b").get(reverse("contact_detail", args=[moment.pk])))
        assert "Ik was er wel." in page
        assert "Line of the gate layer." in page
        answer = text_of(cast.guardian_client("separated_father").get(reverse("portal_data"), {"taal": "nl"}))
        assert "goedgekeurd" in answer, "a word that a parent knows"

    @pytest.mark.parametrize("is_one_family", [True, False])
    def test_an_own_version_of_the_file_of_one_school_is_not_shown_at_another(
        self, cast: Cast, *, is_one_family: bool
    ) -> None:
        family = cast.families["kaur"]
        if not is_one_family:
            family = Family.objects.create()
            FamilyMembership.objects.filter(pupil=cast.pupils["gurjot"]).update(family=family)
        row = ask(cast, "RECTIFY", "mother", place=cast.schools["bloesem"], words="Zo was het niet.")
        decide_request(request=row, by=cast.staff["head_go"], decision="GRANTED", reason="Staat erbij.")
        page = reverse("family_detail", args=[family.pk])
        assert "Zo was het niet." in text_of(cast.client("head_go").get(page))
        assert "Zo was het niet." in text_of(cast.client("joint").get(page))
        assert "Zo was het niet." not in text_of(
            cast.client("head").get(reverse("family_detail", args=[cast.families["kaur"].pk]))
        )

    @pytest.mark.parametrize("kind", ["RESTRICT", "OBJECT"])
    def test_nothing_is_sent_any_more_until_it_is_lifted(self, cast: Cast, kind: str) -> None:
        row = ask(cast, kind)
        father = cast.guardians["separated_father"]
        grant(cast, row)
        assert not Guardianship.objects.informed().filter(guardian=father).exists()
        load_templates()
        notice = make.make_notice(cast.classes["3b"], cast.staff["teacher_3b"])
        publish_notice(notice=notice, by=notice.author)
        assert not Delivery.objects.filter(guardian=father).exists()
        assert Delivery.objects.filter(guardian=cast.guardians["separated_mother"]).exists()
        cast.client("head").post(reverse("data_request_lift", args=[row.pk]))
        assert Guardianship.objects.informed().filter(guardian=father).exists()

    @pytest.mark.parametrize("kind", ["RESTRICT", "OBJECT"])
    def test_who_gets_nothing_any_more_reads_so_wherever_something_is_promised(self, cast: Cast, kind: str) -> None:
        delivery, signed_in = (
            delivery_to(sent(cast), cast, "separated_father"),
            cast.guardian_client("separated_father"),
        )
        pages = [(signed_in, reverse(name)) for name in ("portal_home", "portal_bookings", "portal_data")]
        pages.append((Client(), reverse("token_notice", args=[make_token(delivery)])))
        words, row = "De school stuurt u niets meer.", ask(cast, kind)
        assert not [url for client, url in pages if words in text_of(client.get(f"{url}?taal=nl"))]
        grant(cast, row)
        assert [url for client, url in pages if words not in text_of(client.get(f"{url}?taal=nl"))] == []
        cast.client("head").post(reverse("data_request_lift", args=[row.pk]))
        assert words not in text_of(signed_in.get(f"{reverse('portal_home')}?taal=nl"))

    def test_a_restricted_guardian_stands_so_on_the_familys_page(self, cast: Cast) -> None:
        grant(cast, ask(cast, "RESTRICT"))
        page = text_of(cast.client("teacher_3b").get(reverse("family_detail", args=[cast.families["haddad"].pk])))
        assert "alleen bewaard" in page

    def test_what_a_school_must_keep_is_not_erased(self, cast: Cast) -> None:
        row = ask(cast, "ERASE")
        with pytest.raises(ValidationError):
            grant(cast, row)
        row.refresh_from_db()
        assert row.decided_at is None
        assert Guardian.objects.get(pk=row.guardian_id).first_name == "Karim"


class TestErasure:
    @pytest.fixture
    def left(self, cast: Cast) -> Cast:
        """Yusuf and Simran left; Yusuf's father had asked something before."""
        load_templates()
        father = cast.guardians["separated_father"]
        ask_question(guardian=father, pupil=cast.pupils["yusuf"], notice=None, text="متى؟", language="ar")
        Enrolment.objects.filter(pupil__in=[cast.pupils["yusuf"], cast.pupils["simran"]]).update(
            ends_on=clock.today() - timedelta(days=1)
        )
        return cast

    def test_takes_name_and_ways_and_words_and_leaves_counts(self, left: Cast) -> None:
        father, counts = left.guardians["separated_father"], ContactMoment.objects.count()
        left.moments["gate"].guardians.set([father])
        grant(left, ask(left, "ERASE", words="Weg ermee."))
        father.refresh_from_db()
        assert (father.first_name, father.last_name, father.household, father.may_be_contacted) == ("", "", None, False)
        assert not ContactPoint.objects.filter(value="karim@elders.example").exists()
        assert not ThreadPost.objects.exists()
        assert ContactMoment.objects.count() == counts
        assert ContactMoment.objects.get(pk=left.moments["gate"].pk).note == ""
        assert DataRequest.objects.get().words == ""

    def test_ends_the_session_and_every_link_that_was_sent(self, cast: Cast) -> None:
        father, notice = cast.guardians["separated_father"], sent(cast)
        link = reverse("token_notice", args=[make_token(delivery_to(notice, cast, "separated_father"))])
        client, visitor = cast.guardian_client("separated_father"), Client()
        assert visitor.get(link).status_code == 200
        Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=clock.today() - timedelta(days=1))
        erase_guardian(guardian=father, by=None)
        assert visitor.get(link).status_code == 404
        assert client.get(reverse("portal_home")).headers["Location"].startswith(reverse("guardian_sign_in"))
        other = reverse("token_notice", args=[make_token(delivery_to(notice, cast, "separated_mother"))])
        assert visitor.get(other).status_code == 200

    def test_nobody_is_asked_to_call_who_is_not_there_any_more(self, cast: Cast) -> None:
        father = cast.guardians["separated_father"]
        father.reading_mode = ReadingMode.ORAL_ONLY
        father.save()
        sent(cast)
        call = FollowUp.objects.get(guardian=father, status="OPEN")
        late = FollowUp.objects.get(pk=call.pk)
        late.pk, late.due_on = None, clock.today() - timedelta(days=1)
        late.save()
        Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=clock.today() - timedelta(days=1))
        erase_guardian(guardian=father, by=None)
        assert FollowUp.objects.get(guardian=father, status="OPEN") == late, "no figure changes"

    def test_says_what_it_does_before_and_that_nothing_is_kept_after(self, left: Cast) -> None:
        row, office = ask(left, "ERASE"), left.client("office")
        page = reverse("data_request", args=[row.pk])
        assert "niemand kan het terughalen" in text_of(office.get(page))
        grant(left, row)
        after = text_of(office.get(page))
        assert "Een ouder die gewist is" in after
        assert "Alleen bewaard" not in after

    def test_leaves_the_other_parent_alone(self, left: Cast) -> None:
        grant(left, ask(left, "ERASE"))
        mother = Guardian.objects.get(pk=left.guardians["separated_mother"].pk)
        assert mother.first_name == "Nadia"
        assert mother.point_uses.count() == 2

    def test_of_who_answers_for_the_child_no_more_is_asked_and_granted_though_the_child_stays(self, cast: Cast) -> None:
        father, head = cast.guardians["separated_father"], cast.client("head")
        father.guardianships.update(ends_on=clock.today() - timedelta(days=1))
        assert "Karim" in text_of(head.get(reverse("data_requests"), {"wie": "Karim"}))
        assert head.get(reverse("data_request_new", args=[father.pk])).status_code == 200
        assert cast.client("head_go").get(reverse("data_request_new", args=[father.pk])).status_code == 404
        grant(cast, ask(cast, "ERASE"))
        assert Guardian.objects.get(pk=father.pk).first_name == ""
        assert Pupil.objects.get(pk=cast.pupils["yusuf"].pk).first_name == "Yusuf"

    def test_of_a_held_family_waits_until_the_hold_is_over(self, left: Cast) -> None:
        """What is kept for a complaint or a case need not be erased (GDPR art. 17.3 e)."""
        family, head, school = left.families["haddad"], left.staff["head"], left.schools["kersenboom"]
        until = clock.today() + timedelta(days=90)
        laid = hold_family(family=family, by=head, because="klacht", until=until, school_id=school.pk)
        row, child = ask(left, "ERASE"), ask(left, "ERASE", child=left.pupils["yusuf"])
        for request in (row, child):
            with pytest.raises(ValidationError, match="bewaard"):
                grant(left, request)
        assert Guardian.objects.get(pk=row.guardian_id).first_name == "Karim"
        release_family(hold=laid, by=head)
        grant(left, row)
        grant(left, child)
        assert Guardian.objects.get(pk=row.guardian_id).first_name == ""

    def test_where_another_school_holds_it_that_is_said_and_neither_where_nor_why(self, left: Cast) -> None:
        family, school = left.families["haddad"], left.schools["bloesem"]
        until = clock.today() + timedelta(days=90)
        hold_family(family=family, by=left.staff["head_go"], because="vechtscheiding", until=until, school_id=school.pk)
        father = left.guardians["separated_father"]
        with pytest.raises(ValidationError, match="bewaard") as refused:
            grant(left, ask(left, "ERASE"))
        assert not [part for part in ("vechtscheiding", school.name) if part in str(refused.value)]
        assert Guardian.objects.get(pk=father.pk).first_name == "Karim"
        assert ContactPoint.objects.filter(value="karim@elders.example").exists()
        erase_guardian(guardian=father, by=None)
        assert Guardian.objects.get(pk=father.pk).first_name == "", "who was erased before does not come back"

    def test_by_one_school_leaves_what_is_the_other_schools(self, left: Cast) -> None:
        """Simran left; her brother is at the other school, of which this one learns nothing."""
        left.moments["gate"].guardians.set([left.guardians["mother"]])
        grant(left, ask(left, "ERASE", "mother"))
        mother = Guardian.objects.get(pk=left.guardians["mother"].pk)
        assert mother.first_name == "Harpreet"
        assert mother.point_uses.count() == 2
        assert ContactMoment.objects.get(pk=left.moments["gate"].pk).note == ""

    def test_by_the_clb_leaves_what_schools_must_keep(self, cast: Cast) -> None:
        """Yusuf is at school: his father's name, number and the words of the school are not the CLB's to erase."""
        father, centre = cast.guardians["separated_father"], cast.centres["vclb"]
        ask_question(guardian=father, pupil=cast.pupils["yusuf"], notice=None, text="متى؟", language="ar")
        cast.moments["gate"].guardians.set([father])
        cast.moments["clb"].guardians.set([father])
        assert cast.moments["clb"].centre == centre
        row = ask(cast, "ERASE", place=centre)
        decide_request(request=row, by=cast.staff["clb_vclb"], decision="GRANTED", reason="In orde.")
        father.refresh_from_db()
        assert father.first_name == "Karim"
        assert ContactPoint.objects.filter(value="karim@elders.example").exists()
        assert ThreadPost.objects.exists()
        assert ContactMoment.objects.get(pk=cast.moments["gate"].pk).note != ""
        assert ContactMoment.objects.get(pk=cast.moments["clb"].pk).note == ""

    def test_of_a_child_waits_until_it_left(self, cast: Cast) -> None:
        row = ask(cast, "ERASE", child=cast.pupils["yusuf"])
        with pytest.raises(ValidationError):
            grant(cast, row)
        Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=clock.today() - timedelta(days=1))
        grant(cast, row)
        assert Pupil.objects.get(pk=cast.pupils["yusuf"].pk).first_name == ""


def test_the_erased_are_not_erased_twice_by_name(cast: Cast) -> None:
    erase_guardian(guardian=cast.guardians["dutch_mother"], by=None)
    erase_guardian(guardian=Guardian.objects.get(pk=cast.guardians["dutch_mother"].pk), by=None)
    assert Guardian.objects.get(pk=cast.guardians["dutch_mother"].pk).first_name == ""
