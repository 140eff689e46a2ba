"""The pages of those who maintain texts, and the welcome page that parents read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging.content import load_templates
from messaging.models import NoticeTemplate
from schools import languages
from schools.languages import INTERFACE_CODES
from schools.models import Assignment, AuditEntry, School, Term, User, WelcomePage, Wording
from schools.partnerlanguages import PARTNERS
from schools.reference import load_methods, load_vocabulary
from tests.cast import Cast, build_cast
from tests.surface.test_query_counts import queries

pytestmark = pytest.mark.django_db
SLUG = "parent-meeting-invitation"


@pytest.fixture
def cast() -> Cast:
    load_templates()
    return build_cast()


def number() -> int:
    return NoticeTemplate.objects.get(slug=SLUG).pk


def page(cast: Cast, who: str, name: str, *arguments: object, **query: str) -> Any:
    return cast.client(who).get(reverse(name, args=arguments), query)


def fields_of(html: str) -> dict[str, str]:
    """The names and values of the form's inputs, as a browser would send them back."""
    found = dict(re.findall(r'<input[^>]*name="([\w-]+)"[^>]*value="([^"]*)"', html))
    found |= {
        name: value.lstrip("\n") for name, value in re.findall(r'<textarea[^>]*name="([\w-]+)"[^>]*>([^<]*)<', html)
    }
    return {name: _unescaped(value) for name, value in found.items()}


def _unescaped(value: str) -> str:
    for sign, letter in (("&#x27;", "'"), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        value = value.replace(sign, letter)
    return value


def edit_address(code: str) -> str:
    return reverse("text_edit", args=["sjabloon", number(), code])


class TestDetail:
    def test_all_languages_stand_side_by_side_each_in_its_own_direction(self, cast: Cast) -> None:
        html = page(cast, "joint", "text_detail", "sjabloon", number()).content.decode()
        html = re.sub(r"[ \n]+", " ", html).replace("&#x27;", "'")
        for code in INTERFACE_CODES:
            entry = languages.LANGUAGES[code]
            assert f'<bdi lang="{entry.html_lang}" dir="{entry.direction}">{entry.own_name}</bdi>' in html
            title = getattr(NoticeTemplate.objects.get(slug=SLUG), f"title_{code}")
            assert f'<dd lang="{entry.html_lang}" dir="{entry.direction}">{title}</dd>' in html

    def test_state_and_faults_are_said_in_words(self, cast: Cast) -> None:
        NoticeTemplate.objects.filter(pk=number()).update(when_pa="{date}", title_so="")
        html = page(cast, "joint", "text_detail", "sjabloon", number()).content.decode()
        punjabi = html[html.index('id="pa"') : html.index('id="pl"')]
        assert "{time}" in punjabi
        somali = html[html.index('id="so"') :]
        assert "badge-brick" in somali

    def test_a_translator_changes_the_own_language_only(self, cast: Cast) -> None:
        html = page(cast, "translator", "text_detail", "sjabloon", number()).content.decode()
        assert re.findall(r"/school/teksten/sjabloon/\d+/(\w+)/", html) == ["pa"]
        assert page(cast, "translator", "text_edit", "sjabloon", number(), "pa").status_code == 200
        for code in ("ar", "nl"):
            assert page(cast, "translator", "text_edit", "sjabloon", number(), code).status_code == 403
            answer = cast.client("translator").post(reverse("text_reviewed", args=["sjabloon", number(), code]))
            assert answer.status_code == 403

    def test_texts_that_do_not_exist_are_not_there(self, cast: Cast) -> None:
        for arguments in (["sjabloon", 10**9], ["raadsel", 1]):
            assert page(cast, "joint", "text_detail", *arguments).status_code == 404
        assert page(cast, "joint", "text_edit", "sjabloon", number(), "xx").status_code == 404

    def test_the_head_of_a_school_writes_its_welcome_page_and_no_template(self, cast: Cast) -> None:
        own, other = cast.schools["kersenboom"].pk, cast.schools["bloesem"].pk
        assert page(cast, "head", "text_detail", "sjabloon", number()).status_code == 404
        assert page(cast, "head", "text_edit", "welkom", own, "nl").status_code == 200
        assert page(cast, "head", "text_detail", "welkom", other).status_code == 404
        assert page(cast, "clb_vclb", "text_detail", "welkom", other).status_code == 404
        assert page(cast, "translator", "text_edit", "welkom", own, "nl").status_code == 403
        assert page(cast, "translator", "text_edit", "welkom", own, "pa").status_code == 200

    def test_who_administers_one_school_writes_no_text_of_all_schools(self, cast: Cast) -> None:
        assert page(cast, "admin", "text_edit", "sjabloon", number(), "nl").status_code == 200
        Assignment.objects.filter(user=cast.staff["admin"]).update(school=cast.schools["kersenboom"])
        assert list(page(cast, "admin", "text_list").context["page"].object_list) == []
        assert page(cast, "admin", "text_edit", "sjabloon", number(), "nl").status_code == 404


class TestSaving:
    def test_one_language_is_saved_beside_the_dutch(self, cast: Cast) -> None:
        client = cast.client("translator")
        html = client.get(edit_address("pa")).content.decode()
        assert NoticeTemplate.objects.get(pk=number()).title_nl in html  # type: ignore[attr-defined]
        assert re.search(r'name="title"[^>]*lang="pa-Guru"[^>]*dir="ltr"', html)
        answer = client.post(edit_address("pa"), fields_of(html) | {"title": "ਨਵਾਂ ਸੱਦਾ"})
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith("#pa")
        assert NoticeTemplate.objects.get(pk=number()).title_pa == "ਨਵਾਂ ਸੱਦਾ"  # type: ignore[attr-defined]

    def test_fields_of_arabic_run_from_the_right(self, cast: Cast) -> None:
        html = cast.client("joint").get(edit_address("ar")).content.decode()
        assert re.search(r'<textarea name="body"[^>]*lang="ar"[^>]*dir="rtl"', html)

    def test_a_lost_placeholder_is_said_at_its_field_and_nothing_is_lost(self, cast: Cast) -> None:
        client = cast.client("translator")
        typed = fields_of(client.get(edit_address("pa")).content.decode()) | {"when": "ਸੋਮਵਾਰ {date}"}
        answer = client.post(edit_address("pa"), typed)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'role="alert"' in html
        assert re.search(r'<textarea name="when"[^>]*aria-invalid="true"[^>]*>\s*ਸੋਮਵਾਰ {date}<', html)
        assert "{time}" in html[html.index("id_when_error") :]

    def test_a_second_press_shows_nobody_their_own_words_as_those_of_another(self, cast: Cast) -> None:
        translator = cast.client("translator")
        typed = fields_of(translator.get(edit_address("pa")).content.decode()) | {"title": "ਪਹਿਲਾ "}
        assert [translator.post(edit_address("pa"), typed).status_code for _press in range(2)] == [302, 302]
        assert AuditEntry.objects.filter(verb="changed text").count() == 1

    def test_of_two_who_save_at_once_nothing_is_lost(self, cast: Cast) -> None:
        translator, worker = cast.client("translator"), cast.client("joint")
        first = fields_of(translator.get(edit_address("pa")).content.decode())
        second = fields_of(worker.get(edit_address("pa")).content.decode())
        assert translator.post(edit_address("pa"), first | {"title": "ਪਹਿਲਾ"}).status_code == 302
        answer = worker.post(edit_address("pa"), second | {"title": "ਦੂਜਾ"})
        html = answer.content.decode()
        assert answer.status_code == 409
        assert 'value="ਦੂਜਾ"' in html
        assert "ਪਹਿਲਾ</dd>" in html
        assert NoticeTemplate.objects.get(pk=number()).title_pa == "ਪਹਿਲਾ"  # type: ignore[attr-defined]
        assert worker.post(edit_address("pa"), fields_of(html)).status_code == 302
        assert NoticeTemplate.objects.get(pk=number()).title_pa == "ਦੂਜਾ"  # type: ignore[attr-defined]

    def test_a_native_speaker_is_kept_by_name_and_day(self, cast: Cast) -> None:
        client = cast.client("translator")
        html = client.get(edit_address("pa")).content.decode()
        assert 'value="Amrit Gill"' in html
        seen = fields_of(html)["seen"]
        address = reverse("text_reviewed", args=["sjabloon", number(), "pa"])
        assert client.post(address, {"seen": seen, "reviewer": ""}).status_code == 422
        assert client.post(address, {"seen": "x", "reviewer": "Amrit Gill"}).status_code == 302
        assert not Wording.objects.exists()
        assert client.post(address, {"seen": seen, "reviewer": "Amrit Gill"}).status_code == 302
        row = Wording.objects.get()
        assert (row.language, row.reviewer, row.reviewed_by) == ("pa", "Amrit Gill", cast.staff["translator"])
        detail = client.get(reverse("text_detail", args=["sjabloon", number()])).content.decode()
        assert "Amrit Gill</bdi>" in detail

    def test_a_stale_translation_says_so_and_cannot_be_called_read(self, cast: Cast) -> None:
        client = cast.client("joint")
        dutch = fields_of(client.get(edit_address("nl")).content.decode())
        assert client.post(edit_address("nl"), dutch | {"title": "Kom praten"}).status_code == 302
        html = client.get(edit_address("pa")).content.decode()
        assert "notice-banner-attention" in html
        assert "nagelezen" not in html


class TestList:
    def test_the_list_is_bounded_and_narrowed_by_kind_language_and_state(self, cast: Cast) -> None:
        load_vocabulary()
        load_methods()
        html = page(cast, "joint", "text_list").content.decode()
        assert len(re.findall(r'class="text-row-title"', html)) == 40
        assert (
            len(re.findall("text-row-title", page(cast, "joint", "text_list", soort="methodiek").content.decode()))
            == 12
        )
        NoticeTemplate.objects.filter(pk=number()).update(title_so="")
        missing = page(cast, "joint", "text_list", tekst="so", staat="MISSING").content.decode()
        assert len(re.findall("text-row-title", missing)) == 1
        assert len(re.findall("text-row-title", page(cast, "joint", "text_list", staat="STALE").content.decode())) == 0

    def test_coverage_stands_there_for_each_language(self, cast: Cast) -> None:
        NoticeTemplate.objects.filter(pk=number()).update(title_so="")
        html = page(cast, "joint", "text_list", soort="sjabloon").content.decode()
        assert html.count('<bdi dir="ltr">19 / 19</bdi>') == 12
        assert html.count('<bdi dir="ltr">18 / 19</bdi>') == 1

    def test_a_school_sees_its_own_welcome_page_only(self, cast: Cast) -> None:
        html = page(cast, "office", "text_list").content.decode()
        assert re.findall(r"/school/teksten/(\w+)/(\d+)/", html) == [("welkom", str(cast.schools["kersenboom"].pk))]

    def test_more_texts_cost_no_more_queries(self, cast: Cast) -> None:
        client = cast.client("joint")
        Term.objects.create(group="tone", code="CALM", label_nl="rustig")
        few = queries(client, reverse("text_list"))
        load_vocabulary()
        Wording.objects.bulk_create(
            Wording(kind="sjabloon", row_id=row.pk, language="pa", source_hash="", words_hash="")
            for row in NoticeTemplate.objects.all()
        )
        assert queries(client, reverse("text_list")) == few


class TestWelcomePage:
    def address(self, cast: Cast) -> str:
        return reverse("school_welcome", args=[cast.schools["kersenboom"].institution_number])

    @pytest.mark.parametrize("code", [*INTERFACE_CODES, "prs"])
    def test_every_parent_reads_it_without_an_account_in_the_own_language(self, cast: Cast, code: str) -> None:
        html = Client().get(self.address(cast), {"taal": code}).content.decode()
        entry = languages.LANGUAGES[code]
        assert f'lang="{entry.html_lang}"' in html
        assert f'dir="{entry.direction}"' in html
        assert "VBS De Kersenboom" in html
        assert "{school}" not in html
        assert ("Welkom op VBS De Kersenboom" in html) == (code == "nl")
        assert ("Elk kind is welkom." in html) is True, "the Dutch stands beside it"
        assert "011 00 11 22" in html

    def test_in_a_language_of_notices_alone_it_is_dutch(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that a city added by PARTNER_LANGUAGES: the page offers it as all others."""
        added = languages.Language("ti", *PARTNERS["ti"], languages.MASTER, "ti", "ti")
        monkeypatch.setitem(languages.LANGUAGES, "ti", added)
        answer = Client().get(self.address(cast), {"taal": "ti"})
        assert answer.status_code == 200
        assert "Welkom op VBS De Kersenboom" in answer.content.decode()

    def test_what_the_school_wrote_is_what_parents_read(self, cast: Cast) -> None:
        client, school = cast.client("head"), cast.schools["kersenboom"]
        address = reverse("text_edit", args=["welkom", school.pk, "nl"])
        typed = fields_of(client.get(address).content.decode()) | {"call": "Bel juf Rita."}
        assert client.post(address, typed).status_code == 302
        assert WelcomePage.objects.get().school == school
        assert "Bel juf Rita." in Client().get(self.address(cast)).content.decode()
        other = reverse("school_welcome", args=[cast.schools["bloesem"].institution_number])
        assert "Bel juf Rita." not in Client().get(other).content.decode()

    def test_a_translation_older_than_the_dutch_is_not_shown(self, cast: Cast) -> None:
        self.test_what_the_school_wrote_is_what_parents_read(cast)
        html = Client().get(self.address(cast), {"taal": "pa"}).content.decode()
        assert "Bel juf Rita." in html
        assert "{school}" not in html
        assert '<h1 lang="nl-BE" dir="ltr">' in html

    def test_an_unread_translation_says_so_until_a_native_speaker_read_it(self, cast: Cast) -> None:
        client, school = cast.client("translator"), cast.schools["kersenboom"]
        query = {"taal": "en"}
        assert "Not yet checked by a native speaker." in Client().get(self.address(cast), query).content.decode()
        cast.staff["translator"].assignments.update(languages=["en"])
        html = client.get(reverse("text_edit", args=["welkom", school.pk, "en"])).content.decode()
        read = reverse("text_reviewed", args=["welkom", school.pk, "en"])
        assert client.post(read, {"seen": fields_of(html)["seen"], "reviewer": "Joe Doe"}).status_code == 302
        after = Client().get(self.address(cast), query).content.decode()
        assert "Translated from Dutch." in after
        assert "Not yet checked by a native speaker." not in after

    def test_it_names_nobody_and_a_school_without_number_is_not_there(self, cast: Cast) -> None:
        html = Client().get(self.address(cast)).content.decode()
        assert not [user.full_name for user in User.objects.all() if user.full_name in html]
        assert Client().get(reverse("school_welcome", args=["000000"])).status_code == 404
        assert School.objects.count() == 2
