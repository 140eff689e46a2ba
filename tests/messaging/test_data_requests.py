"""Requests about data: a register with a clock, decided with a reason, and what each decision does."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from messaging.content import load_templates
from messaging.models import Delivery, OptOut, ThreadPost
from messaging.persondata import as_pdf, data_of
from messaging.services import ask_question, decide_request, erase_guardian, publish_notice
from parents.models import (
    ConferenceChange,
    ContactMoment,
    ContactPoint,
    ContactRequest,
    ContactRevision,
    DataRequest,
    Family,
    FamilyMembership,
    GatheringWord,
    Guardian,
    Guardianship,
    OwnVersion,
    SlotStatus,
    Visibility,
)
from parents.services import extend_request, file_request
from parents.services.attendance import Evening, write_attendance
from parents.services.booking import Wish, cancel_booking
from parents.services.datarequests import months_later
from parents.services.gatherings import cancel_gathering
from schools import clock
from schools.models import AuditEntry, Enrolment, Pupil
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.parents.conferences import book, hours_of, round_of, slot_of, ten_days_on
from tests.parents.frame import text_of
from tests.parents.gatherings import gathering_of, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ledger(settings: Any, tmp_path: Any) -> None:
    settings.ERASED_FILE = tmp_path / "erased.txt"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }


def ask(cast: Cast, kind: str, who: str = "separated_father", **more: Any) -> DataRequest:
    facts: dict[str, Any] = {"place": cast.schools["kersenboom"], "identity": "CODE"} | more
    return file_request(guardian=cast.guardians[who], kind=kind, **facts)


def grant(cast: Cast, request: DataRequest, **more: Any) -> None:
    decide_request(request=request, by=cast.staff["head"], decision="GRANTED", reason="In orde.", **more)


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
        assert "te laat" in text_of(cast.client("office").get(reverse("data_requests")))

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
        decide_request(request=row, by=cast.staff["head"], decision="REFUSED", reason="De lijn klopt.")
        assert "De lijn klopt." in text_of(client.get(page))
        assert "De lijn klopt." not in text_of(cast.guardian_client("separated_mother").get(page))

    def test_only_places_of_the_own_children_can_be_asked(self, cast: Cast) -> None:
        foreign = f"school-{cast.schools['bloesem'].pk}"
        answer = cast.guardian_client("separated_father").post(
            reverse("portal_data"), {"form": "ask", "kind": "ACCESS", "place": foreign}
        )
        assert answer.status_code == 422
        assert not DataRequest.objects.exists()

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


class TestTheExport:
    def test_holds_the_own_data_and_nothing_of_the_other_parent(self, cast: Cast) -> None:
        mine, hers = (cast.moments[key] for key in ("gate", "care"))
        for moment, who in ((mine, "separated_father"), (hers, "separated_mother")):
            moment.pupils.set([cast.pupils["yusuf"]])
            moment.guardians.set([cast.guardians[who]])
        cast.moments["clb"].pupils.set([cast.pupils["yusuf"]])
        cast.moments["clb"].guardians.clear()
        Guardian.objects.filter(pk=cast.guardians["separated_father"].pk).update(second_language="fr")
        row = ask(cast, "ACCESS")
        answer = cast.client("head").get(reverse("data_request_export", args=[row.pk, "json"]))
        text = text_of(answer)
        data = json.loads(text)
        assert data["person"][0]["first_name"] == "Karim"
        assert [data["person"][0][key] for key in ("language", "second_language")] == ["Arabisch", "Frans"]
        assert [talk["line"] for talk in data["talks"]] == ["Line of the gate layer."]
        assert [talk["tone"] for talk in data["talks"]] == ["neutraal"]
        assert data["contact_points"][0]["value"] == "karim@elders.example"
        for word in ("Nadia", "nadia@thuis.example", "+32470000002", "Haddadstraat 2", "care layer", "clb layer"):
            assert word not in text
        line = AuditEntry.objects.get(verb="exported")
        assert line.subjects.get().guardian_id == cast.guardians["separated_father"].pk

    def test_says_ways_languages_and_states_in_words(self, cast: Cast) -> None:
        father = cast.guardians["separated_father"]
        father.contact_language, father.second_language = "ar", "fr"
        father.save(update_fields=["contact_language", "second_language"])
        delivery_to(sent(cast), cast, "separated_father")
        OptOut.objects.create(guardian=father, channel="EMAIL", category="", since=clock.now())
        data = data_of(ask(cast, "ACCESS"))
        assert (data["person"][0]["language"], data["person"][0]["second_language"]) == ("Arabisch", "Frans")
        (notice,) = data["notices"]
        told = {notice["way"], notice["state"], notice["language"], data["refused"][0]["about"]}
        assert not told & {"EMAIL", "SMS", "QUEUED", "SENT", "ar", "nl", ""}

    def test_holds_places_wishes_and_earlier_words_but_not_the_other_parent_s(self, cast: Cast) -> None:
        made, father = round_of(cast), cast.guardians["separated_father"]
        slot, hour = slot_of(cast, made, "yusuf"), hours_of(made)[0]
        book(cast, slot, hour, "separated_mother", Wish("SCHOOL", "fr", "Over haar werk"))
        book(cast, slot, hour, "separated_father", Wish("SCHOOL", "ar", "Over lezen"))
        ContactRequest.objects.create(
            guardian=father, kind="PHONE", value="+32470009999", is_proven=True, asked_at=clock.now()
        )
        mine = cast.moments["gate"]
        mine.pupils.set([cast.pupils["yusuf"]])
        mine.guardians.set([father])
        for visibility, words in ((Visibility.SCHOOL_TEAM, "Vroegere regel"), (Visibility.CLB, "Alleen voor het CLB")):
            ContactRevision.objects.create(
                contact_moment=mine, at=clock.now(), by=mine.recorded_by, visibility=visibility, was={"note": words}
            )
        row = ask(cast, "ACCESS")
        data = data_of(row)
        (place,) = data["meetings"]
        assert (place["child"], place["wish"], place["chosen_by_you"]) == ("Yusuf", "Over lezen", True)
        assert place["at"] == f"{hour.starts_at.astimezone(clock.BRUSSELS):%Y-%m-%d %H:%M}"
        assert [asked["language"] for asked in data["interpreters"]] == ["Arabisch"]
        assert [wish["value"] for wish in data["wishes"]] == ["+32470009999"]
        assert ["Vroegere regel" in one["text"] for one in data["earlier"]] == [True]
        for secret in ("Over haar werk", "Frans", "Nadia", "Alleen voor het CLB"):
            assert secret not in str(data)
        hers = data_of(ask(cast, "ACCESS", "separated_mother"))
        assert [one["chosen_by_you"] for one in hers["meetings"]] == [False]
        assert (hers["wishes"], hers["earlier"]) == ([], [])
        pdf = cast.client("office").get(reverse("data_request_export", args=[row.pk, "pdf"]))
        assert pdf.content.startswith(b"%PDF-")

    def test_of_a_talk_with_the_other_parent_alone_it_does_not_say_that_it_was_held(self, cast: Cast) -> None:
        made = round_of(cast)
        slot = book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father")
        ten_days_on(made)
        write_attendance(host=made.hosts.get(), evening=Evening([slot.pk], [slot.pk]), by=cast.staff["head"])
        states = [
            data_of(ask(cast, "ACCESS", who))["meetings"][0]["state"]
            for who in ("separated_father", "separated_mother")
        ]
        assert states == [str(SlotStatus.HELD.label), ""]

    def test_says_what_was_told_of_a_meeting_but_not_who_cancelled_it(self, cast: Cast) -> None:
        slot = book(cast, slot_of(cast, made := round_of(cast), "yusuf"), hours_of(made)[0], "separated_father")
        cancel_booking(slot=slot, by=cast.guardians["separated_father"])
        ConferenceChange.objects.update(told_at=clock.now())
        (told,) = data_of(ask(cast, "ACCESS", "separated_mother"))["told"]
        assert (told["meeting"], told["about"]) == (made.name, str(SlotStatus.CANCELLED.label))
        assert data_of(ask(cast, "ACCESS"))["told"] == []

    def test_holds_the_own_gatherings_and_what_was_told_of_them(self, cast: Cast) -> None:
        gathering = gathering_of(cast)
        signed(cast, gathering, "separated_father", 2, 1, interpreter="ar")
        signed(cast, gathering, "separated_mother", 5)
        cancel_gathering(gathering=gathering, because="Ziek.", by=cast.staff["head"])
        GatheringWord.objects.update(told_at=clock.now())
        data = data_of(row := ask(cast, "ACCESS"))
        (line,) = data["gatherings"]
        assert (line["meeting"], line["adults"], line["children"], line["language"]) == (
            "Koffie: slapen",
            2,
            1,
            "Arabisch",
        )
        assert [told["meeting"] for told in data["told"]] == ["Koffie: slapen"]
        elsewhere = data_of(ask(cast, "ACCESS", place=cast.schools["bloesem"]))
        assert (elsewhere["gatherings"], elsewhere["told"]) == ([], [])
        assert as_pdf(row).startswith(b"%PDF-")

    def test_its_pdf_says_in_which_language_its_words_are(self, cast: Cast) -> None:
        with override("fr"):
            made = as_pdf(ask(cast, "ACCESS"))
        with pikepdf.open(io.BytesIO(made)) as document:
            assert str(document.Root.Lang).lower().startswith("fr")

    def test_of_one_school_says_nothing_of_a_child_at_another(self, cast: Cast) -> None:
        row = ask(cast, "ACCESS", "mother")
        text = text_of(cast.client("head").get(reverse("data_request_export", args=[row.pk, "json"])))
        assert "Simran" in text
        assert "Gurjot" not in text
        assert "Bloesem" not in text

    def test_is_a_pdf_too(self, cast: Cast) -> None:
        row = ask(cast, "ACCESS")
        answer = cast.client("office").get(reverse("data_request_export", args=[row.pk, "pdf"]))
        assert answer.content.startswith(b"%PDF-")

    def test_exists_only_for_who_asked_to_see(self, cast: Cast) -> None:
        row = ask(cast, "OBJECT")
        assert cast.client("head").get(reverse("data_request_export", args=[row.pk, "json"])).status_code == 404


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

    def test_leaves_the_other_parent_alone(self, left: Cast) -> None:
        grant(left, ask(left, "ERASE"))
        mother = Guardian.objects.get(pk=left.guardians["separated_mother"].pk)
        assert mother.first_name == "Nadia"
        assert mother.point_uses.count() == 2

    def test_by_one_school_leaves_what_is_the_other_schools(self, left: Cast) -> None:
        """Simran left; her brother is at the other school, of which this one learns nothing."""
        left.moments["gate"].guardians.set([left.guardians["mother"]])
        grant(left, ask(left, "ERASE", "mother"))
        mother = Guardian.objects.get(pk=left.guardians["mother"].pk)
        assert mother.first_name == "Harpreet"
        assert mother.point_uses.count() == 2
        assert ContactMoment.objects.get(pk=left.moments["gate"].pk).note == ""

    def test_of_a_child_waits_until_it_left(self, cast: Cast) -> None:
        row = ask(cast, "ERASE", child=cast.pupils["yusuf"])
        with pytest.raises(ValidationError):
            grant(cast, row)
        Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=clock.today() - timedelta(days=1))
        grant(cast, row)
        assert Pupil.objects.get(pk=cast.pupils["yusuf"].pk).first_name == ""


def test_a_clb_line_is_never_in_an_export(cast: Cast) -> None:
    ContactMoment.objects.update(visibility=Visibility.CLB, centre=cast.centres["vclb"])
    row = ask(cast, "ACCESS", "mother", place=cast.centres["vclb"])
    text = text_of(cast.client("clb_vclb").get(reverse("data_request_export", args=[row.pk, "json"])))
    assert "layer" not in text


def test_the_erased_are_not_erased_twice_by_name(cast: Cast) -> None:
    erase_guardian(guardian=cast.guardians["dutch_mother"], by=None)
    erase_guardian(guardian=Guardian.objects.get(pk=cast.guardians["dutch_mother"].pk), by=None)
    assert Guardian.objects.get(pk=cast.guardians["dutch_mother"].pk).first_name == ""
