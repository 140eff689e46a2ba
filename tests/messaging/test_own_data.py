"""What a person gets who asks to see the own data: all of it in words, and nothing of anybody else."""

from __future__ import annotations

import io
import json
from functools import partial
from typing import Any

import pikepdf
import polib
import pypdfium2
import pytest
from django.urls import reverse
from django.utils.translation import override

from ingroeibloei.catalogs import path_of
from messaging.exportwords import COLUMNS, INTRO, SECTIONS, TITLE, WRITERS, YES_OR_NO
from messaging.formats import long_day, way_of
from messaging.models import Delivery, OptOut
from messaging.persondata import as_pdf, data_of
from parents.models import (
    ChangeKind,
    ConferenceChange,
    ConferenceSlot,
    Consent,
    ContactMoment,
    ContactPoint,
    ContactRequest,
    ContactRevision,
    DataRequest,
    FollowUp,
    GatheringSignUp,
    GatheringWord,
    Guardian,
    Guardianship,
    InterpreterRequest,
    SlotStatus,
    Visibility,
)
from parents.models.kinds import OF_SCHOOL
from parents.models.revisions import CORRECTED
from parents.services import NewFollowUp, log_contact_moment
from parents.services.attendance import Evening, write_attendance
from parents.services.booking import Wish, cancel_booking
from parents.services.gatherings import cancel_gathering
from schools import clock, languages
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.datarequests import ask
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.parents.conferences import book, hours_of, round_of, slot_of, ten_days_on
from tests.parents.frame import text_of
from tests.parents.gatherings import gathering_of, signed

pytestmark = pytest.mark.django_db
#: Fields of which the export says the choice in words.
CHOICES_IN_IT: list[tuple[Any, str]] = [
    (ConferenceSlot, "status"),
    (ConferenceSlot, "way"),
    (Consent, "given_how"),
    (Consent, "purpose"),
    (ContactMoment, "arrived"),
    (ContactMoment, "interpreter_mode"),
    (ContactMoment, "interpreter_need"),
    (ContactMoment, "kind"),
    (ContactMoment, "outcome"),
    (ContactMoment, "purpose"),
    (ContactMoment, "tone"),
    (ContactPoint, "kind"),
    (ContactRequest, "kind"),
    (DataRequest, "decision"),
    (DataRequest, "kind"),
    (Delivery, "channel"),
    (Delivery, "status"),
    (FollowUp, "status"),
    (GatheringSignUp, "state"),
    (GatheringWord, "kind"),
    (Guardian, "preferred_channel"),
    (Guardian, "reading_mode"),
    (Guardianship, "authority"),
    (InterpreterRequest, "mode"),
    (InterpreterRequest, "state"),
    (OptOut, "channel"),
]


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)).split())


def asked_by_one_who_reads(cast: Cast, code: str, second: str = "") -> DataRequest:
    row = ask(cast, "ACCESS")
    row.guardian.contact_language, row.guardian.second_language = code, second
    row.guardian.save(update_fields=["contact_language", "second_language"])
    return row


def kept_in(made: list[dict[str, Any]], _template: str, content: dict[str, Any]) -> bytes:
    made.append(content)
    return b""


def contents_of(monkeypatch: pytest.MonkeyPatch, row: DataRequest, code: str = "") -> dict[str, Any]:
    """What the PDF is made of."""
    made: list[dict[str, Any]] = []
    monkeypatch.setattr("messaging.persondata.typeset", partial(kept_in, made))
    as_pdf(row, code)
    return made[0]


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

    def test_says_what_was_sent_and_answered_and_not_by_its_key(self, cast: Cast) -> None:
        delivery = delivery_to(sent(cast), cast, "separated_father")
        opened = reverse("portal_notice", args=[delivery.pk])
        cast.guardian_client("separated_father").post(opened, {"answer": "yes_interpreter"})
        with override("nl"):
            data = data_of(ask(cast, "ACCESS"))
        (notice,), today = data["notices"], clock.today().isoformat()
        assert (notice["about"], notice["opened_on"]) == ("Uitnodiging voor het oudercontact", today)
        assert "listened_on" not in notice
        (answer,) = data["answers"]
        assert (answer["about"], answer["answer"]) == ("Uitnodiging voor het oudercontact", "Ja, met een tolk")

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

    def test_holds_a_talk_with_nobody_named(self, cast: Cast) -> None:
        cast.moments["gate"].pupils.set([cast.pupils["yusuf"]])
        cast.moments["gate"].guardians.clear()
        for who in ("separated_father", "separated_mother"):
            assert [talk["line"] for talk in data_of(ask(cast, "ACCESS", who))["talks"]] == ["Line of the gate layer."]

    def test_holds_what_is_to_do_for_the_own_person_and_was_promised_in_the_own_talks(self, cast: Cast) -> None:
        for who, what in (("separated_father", "Vraag zijn nummer"), ("separated_mother", "Vraag haar nummer")):
            FollowUp.objects.create(
                school=cast.schools["kersenboom"], family=cast.families["haddad"], pupil=cast.pupils["yusuf"],
                guardian=cast.guardians[who], what=what, due_on=clock.today(), created_at=clock.now(),
            )  # fmt: skip
            log_contact_moment(
                author=cast.staff["teacher_3b"], school=cast.schools["kersenboom"], pupils=[cast.pupils["yusuf"]],
                kind="PHONE", outcome="REACHED_AGREED", held_on=clock.today(), guardians=[cast.guardians[who]],
                follow_up=NewFollowUp(f"Beloofd: {what}", clock.today()),
            )  # fmt: skip
        data = data_of(ask(cast, "ACCESS"))
        assert {row["what"] for row in data["follow_ups"]} == {"Vraag zijn nummer", "Beloofd: Vraag zijn nummer"}
        assert {row["child"] for row in data["follow_ups"]} == {"Yusuf"}

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

    def test_its_pdf_writes_the_number_as_people_dial_it(self, cast: Cast) -> None:
        words = words_of(as_pdf(ask(cast, "ACCESS", "mother")))
        assert "0470 00 00 01" in words
        assert "+32470000001" not in words

    def test_its_pdf_writes_the_day_in_words(self, cast: Cast) -> None:
        words = words_of(as_pdf(asked_by_one_who_reads(cast, "pl")))
        assert long_day(clock.today(), "pl") in words
        born = cast.pupils["yusuf"].birth_date
        assert born is not None
        assert long_day(born, "pl") in words
        assert born.isoformat() not in words

    def test_its_pdf_says_in_which_language_its_words_are(self, cast: Cast) -> None:
        made = as_pdf(asked_by_one_who_reads(cast, "fr"))
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


def test_a_clb_line_is_never_in_an_export(cast: Cast) -> None:
    ContactMoment.objects.update(visibility=Visibility.CLB, centre=cast.centres["vclb"])
    row = ask(cast, "ACCESS", "mother", place=cast.centres["vclb"])
    text = text_of(cast.client("clb_vclb").get(reverse("data_request_export", args=[row.pk, "json"])))
    assert "Harpreet" in text
    assert "layer" not in text


def much_kept(cast: Cast) -> DataRequest:
    """Somebody of whom much is kept."""
    row, father = asked_by_one_who_reads(cast, "ar"), cast.guardians["separated_father"]
    mine = cast.moments["gate"]
    mine.pupils.set([cast.pupils["yusuf"]])
    mine.guardians.set([father])
    was = {"note": "Vroegere regel", "held_on": "2026-11-02", "language_used": "ar", "purpose": "CARE"}
    ContactRevision.objects.create(
        contact_moment=mine, at=clock.now(), by=mine.recorded_by, visibility=Visibility.SCHOOL_TEAM, was=was
    )
    made = round_of(cast)
    book(
        cast,
        slot_of(cast, made, "yusuf"),
        hours_of(made)[0],
        "separated_father",
        Wish("SCHOOL", "ar", "Over lezen"),
    )
    delivery_to(sent(cast), cast, "separated_father")
    OptOut.objects.create(guardian=father, channel="EMAIL", category="", since=clock.now())
    signed(cast, gathering_of(cast), "separated_father", 2, 1, interpreter="ar")
    return row


class TestTheLanguageOfThePdf:
    def test_is_the_guardian_s_whoever_makes_it(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        row = much_kept(cast)
        with override("nl"):
            content = contents_of(monkeypatch, row)
        assert (content["lang"], content["title"]) == ("ar", "معلوماتكم في هذا الموقع")
        lines = [line for section in content["sections"] for part in section["rows"] for line in part]
        own = [section["title"] for section in content["sections"]] + [line["label"] for line in lines]
        assert {way_of(words) for words in own} == {"rtl"}
        said = {line["label"]: line["value"] for line in lines}
        with override("ar"):
            assert said[str(COLUMNS["reading"])] == str(row.guardian.get_reading_mode_display())
            assert said[str(COLUMNS["once_a_week"])] == "لا"
        assert "العربية" in said.values()
        assert "02/11/2026" in str(content)

    def test_leaves_what_people_wrote_in_its_own(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        content = contents_of(monkeypatch, much_kept(cast))
        lines = [line for section in content["sections"] for part in section["rows"] for line in part]
        (noted,) = [line for line in lines if line["value"] == "Line of the gate layer."]
        assert (noted["lang"], noted["dir"]) == ("nl-BE", "ltr")
        (wished,) = [line for line in lines if line["value"] == "Over lezen"]
        assert wished["dir"] == "ltr"

    @pytest.mark.parametrize(
        ("code", "second", "lang"), [("prs", "", "fa-AF"), ("rif", "fr", "fr-BE"), ("rif", "", "nl-BE")]
    )
    def test_is_one_that_is_written(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, code: str, second: str, lang: str
    ) -> None:
        assert contents_of(monkeypatch, asked_by_one_who_reads(cast, code, second))["lang"] == lang

    def test_runs_from_the_left_in_punjabi_and_from_the_right_in_arabic(self, cast: Cast) -> None:
        for code, way in (("pa", "/L2R"), ("ar", "/R2L")):
            with pikepdf.open(io.BytesIO(as_pdf(asked_by_one_who_reads(cast, code)))) as document:
                assert str(document.Root.ViewerPreferences.Direction) == way

    def test_is_told_on_the_page_which_has_the_dutch_one_too(self, cast: Cast) -> None:
        row, head = asked_by_one_who_reads(cast, "ar"), cast.client("head")
        address = reverse("data_request_export", args=[row.pk, "pdf"])
        page = text_of(head.get(reverse("data_request", args=[row.pk])))
        assert "Arabisch" in page
        assert f"{address}?in=nl" in page
        assert "Uw gegevens in dit portaal" in words_of(head.get(f"{address}?in=nl").content)
        assert "Uw gegevens in dit portaal" not in words_of(head.get(address).content)
        dutch = text_of(head.get(reverse("data_request", args=[ask(cast, "ACCESS", "dutch_mother").pk])))
        assert "?in=nl" not in dutch

    def test_has_each_of_its_words_in_each_language_of_parents(self) -> None:
        fields: Any = ContactMoment._meta
        words: list[Any] = [TITLE, INTRO, *YES_OR_NO.values(), *WRITERS.values(), *SECTIONS.values(), *COLUMNS.values()]
        words += [label for model, name in CHOICES_IN_IT for _key, label in model._meta.get_field(name).flatchoices]
        words += [fields.get_field(name).verbose_name for name in CORRECTED if name != "visibility"]
        words += [ChangeKind.MOVED.label, *(Visibility(key).label for key in OF_SCHOOL)]
        for code in languages.INTERFACE_CODES:
            known: dict[str, set[str]] = {}
            for entry in polib.pofile(str(path_of(code))):
                known.setdefault(entry.msgid, set()).add(entry.msgstr)
            for word in words:
                with override("en"):
                    english = str(word)
                with override(code):
                    assert str(word) in known[english] - {""}, (code, english)

    def test_knows_a_label_for_each_line(self, cast: Cast) -> None:
        rows = [row for rows in data_of(much_kept(cast)).values() if isinstance(rows, list) for row in rows]
        assert {name for row in rows for name in row} <= COLUMNS.keys()
