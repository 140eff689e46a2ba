"""A teacher tells what goes well: phrases that each parent reads in the own language, and a sentence in Dutch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from messaging.persondata import data_of
from parents.childretention import RULES
from parents.models import ContactMoment, GrowthNote, Guardianship
from parents.services import file_request
from parents.services.forgetting import forget_pupils
from parents.services.growth import share_growth
from schools import clock
from schools.delicate import delicate_words, has_national_number
from schools.models import AuditEntry, Term
from schools.reference import load_vocabulary
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
CHOSEN = ["READS_BETTER", "HELPS_OTHERS"]


@pytest.fixture(autouse=True)
def phrases(db: None) -> None:
    load_vocabulary()


@pytest.fixture
def teacher(cast: Cast) -> Client:
    return cast.client("teacher_3b")


def page_of(cast: Cast, pupil: str) -> str:
    return f"{reverse('growth_new')}?pupil={cast.pupils[pupil].pk}"


def sent(**more: Any) -> dict[str, Any]:
    return {"client_id": str(uuid4()), "phrases": CHOSEN, "sentence": "", "step": "share"} | more


def told(cast: Cast, pupil: str = "yusuf", by: str = "teacher_3b", sentence: str = "") -> GrowthNote:
    return share_growth(
        client_id=uuid4(), pupil=cast.pupils[pupil], school=cast.schools["kersenboom"], by=cast.staff[by],
        phrases=CHOSEN, sentence=sentence,
    )  # fmt: skip


def childs_page(cast: Cast, guardian: str, pupil: str = "yusuf", language: str = "") -> str:
    address = reverse("portal_child", args=[cast.pupils[pupil].pk])
    return text_of(cast.guardian_client(guardian).get(address, {"taal": language} if language else {}))


def words(code: str, language: str) -> str:
    label: str = getattr(Term.objects.get(group="growth_phrases", code=code), f"label_{language}")
    return label.partition("{child}")[2].strip()


def test_from_the_class_to_the_child_to_the_parents(cast: Cast, teacher: Client) -> None:
    room = cast.classes["3b"]
    chooser = f"{reverse('growth_new')}?klas={room.pk}"
    assert chooser in text_of(teacher.get(reverse("class_detail", args=[room.pk])))
    assert page_of(cast, "yusuf") in text_of(teacher.get(chooser))
    form = sent(sentence="Hij las zijn eerste boek voor.")
    seen = teacher.post(page_of(cast, "yusuf"), form | {"step": "preview"})
    assert seen.status_code == 200
    assert not GrowthNote.objects.exists()
    assert teacher.post(page_of(cast, "yusuf"), form).status_code == 302
    page = childs_page(cast, "separated_father")
    assert words("READS_BETTER", "ar") in page
    # On a line of its own: within an Arabic one its words would change places.
    assert '<p lang="nl-BE" dir="ltr">Hij las zijn eerste boek voor.</p>' in page
    assert "Lotte Claes" in page


def test_before_it_is_shared_it_stands_there_in_each_parents_language(cast: Cast, teacher: Client) -> None:
    page = text_of(teacher.post(page_of(cast, "simran"), sent(step="preview")))
    for language in ("nl", "pa"):
        assert words("READS_BETTER", language) in page
    assert 'lang="pa-Guru"' in page
    assert words("READS_BETTER", "pl") not in page


@pytest.mark.parametrize("language", ["nl", "fr", "pa", "ar", "so", "uk"])
def test_every_parent_reads_it_in_the_language_of_the_page(cast: Cast, language: str) -> None:
    told(cast)
    page = childs_page(cast, "separated_mother", language=language)
    assert words("READS_BETTER", language) in page
    assert words("HELPS_OTHERS", language) in page


def test_the_newest_stands_first_and_not_all_of_them(cast: Cast) -> None:
    for number in range(14):
        with time_machine.travel(clock.now() + timedelta(minutes=number), tick=False):
            told(cast, sentence=f"Zin {number:02}.")
    page = childs_page(cast, "separated_father")
    assert page.index("Zin 13.") < page.index("Zin 12.")
    assert "Zin 02." in page
    assert "Zin 01." not in page


def test_none_or_four_phrases_are_refused(cast: Cast, teacher: Client) -> None:
    four = [*CHOSEN, "CREATIVE", "LIKES_SCHOOL"]
    for chosen in ([], four, ["UNKNOWN"]):
        assert teacher.post(page_of(cast, "yusuf"), sent(phrases=chosen)).status_code == 422
    assert not GrowthNote.objects.exists()


def test_a_second_tap_is_the_same_note(cast: Cast, teacher: Client) -> None:
    form = sent()
    for _tap in range(2):
        assert teacher.post(page_of(cast, "yusuf"), form).status_code == 302
    assert GrowthNote.objects.count() == 1
    assert AuditEntry.objects.filter(verb="shared growth").count() == 1


def test_a_form_that_a_colleague_sent_before_is_a_note_of_its_own(cast: Cast, teacher: Client) -> None:
    """Back on a shared computer brings the form of whoever sat there; what is typed now is not that one's."""
    before = sent()
    teacher.post(page_of(cast, "yusuf"), before)
    answer = cast.client("head").post(page_of(cast, "yusuf"), before | {"sentence": "Dat zagen we allemaal."})
    assert answer.status_code == 302
    assert sorted(GrowthNote.objects.values_list("written_by__email", "sentence")) == sorted(
        [(cast.staff["teacher_3b"].email, ""), (cast.staff["head"].email, "Dat zagen we allemaal.")]
    )


def test_it_is_no_contact(cast: Cast) -> None:
    before = ContactMoment.objects.count()
    told(cast)
    assert ContactMoment.objects.count() == before


class TestWhoMay:
    @pytest.mark.parametrize(
        ("key", "status"),
        [("head", 200), ("care", 200), ("teacher_1a", 404), ("teacher_go", 404), ("clb_vclb", 403), ("office", 403)],
    )
    def test_write(self, cast: Cast, key: str, status: int) -> None:
        assert cast.client(key).get(page_of(cast, "yusuf")).status_code == status

    @pytest.mark.parametrize(
        ("key", "status"), [("teacher_3b", 302), ("head", 302), ("care", 404), ("teacher_1a", 404)]
    )
    def test_take_it_back(self, cast: Cast, key: str, status: int) -> None:
        note = told(cast, sentence="Hij las voor.")
        client, page = cast.client(key), reverse("family_detail", args=[cast.families["haddad"].pk])
        address = reverse("growth_take_back", args=[note.pk])
        if status == 302:
            assert address in text_of(client.get(page))
        assert client.post(address).status_code == status
        assert GrowthNote.objects.exists() == (status != 302)
        assert ("Hij las voor." in childs_page(cast, "separated_father")) == (status != 302)

    def test_read_both_parents_but_only_while_they_are_informed(self, cast: Cast) -> None:
        told(cast, sentence="Hij las voor.")
        for key in ("separated_father", "separated_mother"):
            assert "Hij las voor." in childs_page(cast, key)
        Guardianship.objects.filter(guardian=cast.guardians["separated_father"]).update(information_right=False)
        client = cast.guardian_client("separated_father")
        assert client.get(reverse("portal_child", args=[cast.pupils["yusuf"].pk])).status_code == 404


class TestWhatDoesNotBelong:
    def test_a_national_number_is_refused(self, cast: Cast, teacher: Client) -> None:
        answer = teacher.post(page_of(cast, "yusuf"), sent(sentence="Yusuf 85.07.30-033 28 las voor."))
        assert answer.status_code == 422
        assert not GrowthNote.objects.exists()

    def test_words_about_health_or_origin_are_asked_about_and_may_stay(self, cast: Cast, teacher: Client) -> None:
        form = sent(sentence="Hij was lang ziek en las toch voor.")
        page = text_of(teacher.post(page_of(cast, "yusuf"), form | {"step": "preview"}))
        assert '<strong lang="nl">ziek</strong>' in page
        assert teacher.post(page_of(cast, "yusuf"), form).status_code == 302

    def test_ordinary_words_are_not(self) -> None:
        assert delicate_words("Hij rekent met plezier, rasechte puzzelaar, en helpt de armste knuffel.") == []
        assert delicate_words("ADHD, moslim en leefloon; adhd") == ["adhd", "moslim", "leefloon"]
        assert not has_national_number("Hij telde tot 12345678901.")


class TestHowLong:
    def test_until_the_end_of_september_after_the_year(self, cast: Cast) -> None:
        told(cast)
        rule = next(rule for rule in RULES if rule.key == "growth notes")
        year = cast.year.ends_on.year
        for day, due in ((f"{year}-09-30 12:00", 0), (f"{year}-10-01 12:00", 1)):
            with time_machine.travel(day, tick=False):
                assert rule.due().count() == due

    def test_it_goes_with_the_child(self, cast: Cast) -> None:
        told(cast)
        forget_pupils([cast.pupils["yusuf"].pk])
        assert not GrowthNote.objects.exists()

    def test_it_is_in_the_export_of_a_parent(self, cast: Cast) -> None:
        told(cast, sentence="Hij las voor.")
        request = file_request(
            guardian=cast.guardians["separated_father"],
            kind="ACCESS",
            place=cast.schools["kersenboom"],
            identity="CODE",
        )
        (row,) = data_of(request)["growth"]
        assert row["text"] == "Yusuf leest steeds beter. Yusuf helpt graag anderen. Hij las voor."
