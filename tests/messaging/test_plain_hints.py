"""A writer sees what could be plainer: while typing, after a button without script, and before sending."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from messaging.models import Notice, ThreadPost
from messaging.plain_dutch import LONGEST_TEXT
from messaging.services import ask_question, create_notice, publish_notice
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft, filled_in, template

pytestmark = pytest.mark.django_db
COFFEE = "/school/berichten/nieuw/coffee-morning/"
HINTS = {"X-Plain": "1"}
LETTERS = "Praten m.b.t. het MDO"


@pytest.fixture(autouse=True)
def _templates(cast: Cast) -> None:
    template()


def typed(cast: Cast, activity: str = LETTERS, **more: Any) -> dict[str, Any]:
    return filled_in(cast, activity=activity, kind="INFO") | more


def offers(page: str) -> list[dict[str, Any]]:
    """What the buttons with words put in."""
    found = re.findall(r'<button[^>]*?name="put_in"[^>]*?value="([^"]*)"', page, re.DOTALL)
    return [json.loads(html.unescape(value)) for value in found]


def value_of(page: str, name: str) -> str:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field
    found = re.search(r'value="([^"]*)"', field[0])
    return html.unescape(found[1]) if found else ""


def test_hints_come_while_one_types_and_nothing_is_kept(cast: Cast) -> None:
    browser, entries = cast.client("teacher_3b"), AuditEntry.objects.count()
    answer = browser.post(COFFEE, typed(cast), headers=HINTS)
    part = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in part
    assert [(row["field"], row["words"], row["to"]) for row in offers(part)] == [
        ("activity", "m.b.t.", "over"),
        ("activity", "MDO", "gesprek over uw kind"),
    ]
    assert not Notice.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_without_script_a_button_looks_at_the_words_and_complains_of_nothing_else(cast: Cast) -> None:
    page = cast.client("teacher_3b").post(COFFEE, typed(cast, place="", plain="1"))
    words = page.content.decode()
    assert page.status_code == 200
    assert "error-summary" not in words
    assert "field-wrong" not in words
    assert value_of(words, "activity") == LETTERS
    assert "m.b.t." in words
    assert not Notice.objects.exists()


def test_without_script_words_are_put_in_and_taken_out_again(cast: Cast) -> None:
    browser = cast.client("teacher_3b")
    first = browser.post(COFFEE, typed(cast, plain="1")).content.decode()
    choice = next(row for row in offers(first) if row["words"] == "m.b.t.")
    second = browser.post(COFFEE, typed(cast, put_in=json.dumps(choice))).content.decode()
    assert value_of(second, "activity") == "Praten over het MDO"
    back = next(row for row in offers(second) if row["to"] == "m.b.t.")
    third = browser.post(COFFEE, typed(cast, "Praten over het MDO", put_in=json.dumps(back))).content.decode()
    assert value_of(third, "activity") == LETTERS


@pytest.mark.parametrize(
    "choice",
    [
        "",
        "no json",
        "[]",
        json.dumps({"field": "activity", "start": 0, "words": "Elders", "to": "x"}),
        json.dumps({"field": "kind", "start": 0, "words": "", "to": "x"}),
        json.dumps({"field": "activity", "start": -1, "words": "O", "to": "x"}),
        json.dumps({"field": "activity", "start": "7", "words": "m.b.t.", "to": "x"}),
        json.dumps({"field": "activity", "start": 7, "words": "m.b.t.", "to": 1}),
    ],
)
def test_a_choice_that_no_button_offers_changes_nothing(cast: Cast, choice: str) -> None:
    words = cast.client("teacher_3b").post(COFFEE, typed(cast, put_in=choice)).content.decode()
    assert value_of(words, "activity") == LETTERS


def test_on_a_draft_too_and_it_stays_as_it_was_saved(cast: Cast) -> None:
    notice = draft(cast)
    address = reverse("notice_edit", args=[notice.pk])
    answer = cast.client("teacher_3b").post(address, filled_in(cast, place="in de refter"), headers=HINTS)
    assert [row["to"] for row in offers(answer.content.decode())] == ["eetzaal"]
    notice.refresh_from_db()
    assert (notice.values["place"], notice.revision) == ("lokaal 12", 0)


def test_a_last_day_that_is_missing_is_said_until_it_is_there(cast: Cast) -> None:
    browser, address = cast.client("teacher_3b"), "/school/berichten/nieuw/home-visit/"
    last_day = filled_in(cast)["answer_by"]
    typed_so_far = filled_in(cast, answers=["yes", "no"])
    options = [option.key for option in template("home-visit").answers.all()]
    typed_so_far["answers"] = options
    without = browser.post(address, typed_so_far | {"answer_by": ""}, headers=HINTS).content.decode()
    with_day = browser.post(address, typed_so_far | {"answer_by": last_day}, headers=HINTS).content.decode()
    assert 'href="#id_answer_by"' in without
    assert 'href="#id_answer_by"' not in with_day


def test_the_check_page_shows_them_and_sends_all_the_same(cast: Cast) -> None:
    room = cast.classes["3b"]
    values = {"activity": "gesprek m.b.t. huiswerk", "date": "2099-01-04", "time": "9:00", "place": "refter"}
    teacher = cast.staff["teacher_3b"]
    notice = create_notice(
        author=teacher, template=template("coffee-morning"), school=room.school, school_class=room, values=values
    )
    page = cast.client("teacher_3b").get(reverse("notice_check", args=[notice.pk])).content.decode()
    part = page.split('id="klare-taal"')[1].split("</section>")[0]
    assert "m.b.t." in part
    assert reverse("notice_edit", args=[notice.pk]) in part
    assert reverse("notice_words", args=[notice.pk]) in part
    assert publish_notice(notice=notice, by=teacher)
    notice.refresh_from_db()
    assert notice.plain_findings
    assert notice.plain_findings >= part.count("m.b.t.")


def test_what_was_found_is_kept_when_it_leaves_behind_the_request(cast: Cast, settings: Any) -> None:
    settings.FAN_OUT_IN_REQUEST = 0
    room = cast.classes["3b"]
    values = {"activity": "praten", "date": "2099-01-04", "time": "9:00", "place": "eetzaal"}
    teacher = cast.staff["teacher_3b"]
    notice = create_notice(
        author=teacher, template=template("coffee-morning"), school=room.school, school_class=room, values=values,
        answer_by=date(2099, 1, 3),
    )  # fmt: skip
    assert notice.plain_findings is None
    publish_notice(notice=notice, by=teacher)
    notice.refresh_from_db()
    assert notice.plain_findings == 0


def test_the_words_of_the_template_are_not_its_authors_to_mend(cast: Cast) -> None:
    room = cast.classes["3b"]
    notice = create_notice(
        author=cast.staff["teacher_3b"],
        template=template("school-closed"),
        school=room.school,
        school_class=room,
        values={"date": "2099-01-05"},
    )
    page = cast.client("teacher_3b").get(reverse("notice_check", args=[notice.pk])).content.decode()
    part = page.split('id="klare-taal"')[1].split("</section>")[0]
    assert "studiedag" not in part


class TestAnyText:
    address = "/school/klare-taal/"

    def test_hints_for_the_named_fields_only(self, cast: Cast) -> None:
        text = {"plain_field": "text", "text": "Kom a.u.b.\r\nd.w.z. nu", "other": "m.b.t.", "plain_form": "antwoord"}
        part = cast.client("teacher_3b").post(self.address, text, headers=HINTS).content.decode()
        found = offers(part)
        assert [(row["words"], row["start"]) for row in found] == [("a.u.b.", 4), ("d.w.z.", 11)]
        assert 'form="antwoord"' in part

    def test_places_count_as_a_browser_does(self, cast: Cast) -> None:
        part = cast.client("teacher_3b").post(
            self.address, {"plain_field": "text", "text": "🌸 o.a. hier"}, headers=HINTS
        )
        assert 'data-first="3"' in part.content.decode()

    def test_without_script_they_come_in_a_page_of_their_own(self, cast: Cast) -> None:
        page = cast.client("teacher_3b").post(self.address, {"plain_field": "text", "text": "Kom a.u.b."})
        words = page.content.decode()
        assert "<h1" in words
        assert "alstublieft" in words
        assert not offers(words)

    def test_a_text_without_bounds_is_refused(self, cast: Cast) -> None:
        browser = cast.client("teacher_3b")
        long = {"plain_field": "text", "text": "a" * (LONGEST_TEXT + 1)}
        many = {"plain_field": [f"f{number}" for number in range(41)]}
        assert [browser.post(self.address, data).status_code for data in (long, many)] == [413, 413]

    def test_not_by_a_link_and_not_without_the_token_of_the_form(self, cast: Cast) -> None:
        assert cast.client("teacher_3b").get(self.address).status_code == 405
        strict = cast.client("teacher_3b")
        strict.handler.enforce_csrf_checks = True
        assert strict.post(self.address, {"plain_field": "text", "text": "Kom!"}).status_code == 403

    def test_what_was_typed_is_escaped(self, cast: Cast) -> None:
        typed_text = {"plain_field": "text", "text": "<script>alert(1)</script> m.b.t. x"}
        assert "<script" not in cast.client("teacher_3b").post(self.address, typed_text, headers=HINTS).content.decode()


class TestAReferenceText:
    def address(self, code: str) -> str:
        return reverse("text_edit", args=["sjabloon", template().pk, code])

    def test_beside_the_dutch_original_with_all_its_lines(self, cast: Cast) -> None:
        page = cast.client("joint").get(self.address("nl")).content.decode()
        names = re.findall(r'name="plain_field" value="([^"]+)"', page)
        assert {"title", "body", "sms"} <= {name.removesuffix("_nl") for name in names}
        assert all(re.search(rf'<(?:input|textarea)[^>]*id="id_{name}"', page, re.DOTALL) for name in names)
        assert 'data-plain="/school/klare-taal/"' in page

    def test_a_translation_is_left_alone(self, cast: Cast) -> None:
        assert "data-plain" not in cast.client("joint").get(self.address("tr")).content.decode()


class TestAnAnswerToAFamily:
    @pytest.fixture
    def address(self, cast: Cast) -> str:
        mother, yusuf = cast.guardians["separated_mother"], cast.pupils["yusuf"]
        thread = ask_question(guardian=mother, pupil=yusuf, notice=None, text="متى؟", language="ar")
        return reverse("thread_detail", args=[thread.pk])

    def test_looking_sends_nothing(self, cast: Cast, address: str) -> None:
        browser = cast.client("teacher_3b")
        looked = browser.post(address, {"text": "Kom a.u.b. langs.", "plain": "1"})
        assert [row["to"] for row in offers(looked.content.decode())] == ["alstublieft"]
        assert looked.status_code == 200
        assert ThreadPost.objects.count() == 1

    def test_putting_words_in_sends_nothing(self, cast: Cast, address: str) -> None:
        choice = json.dumps({"field": "text", "start": 4, "words": "a.u.b.", "to": "alstublieft"})
        page = cast.client("teacher_3b").post(address, {"text": "Kom a.u.b. langs.", "put_in": choice})
        assert "Kom alstublieft langs.</textarea>" in page.content.decode()
        assert ThreadPost.objects.count() == 1

    def test_who_writes_another_language_is_left_alone(self, cast: Cast, address: str) -> None:
        teacher = cast.staff["teacher_3b"]
        teacher.language = "fr"
        teacher.save(update_fields=["language"])
        assert "data-plain" not in cast.client("teacher_3b").get(address).content.decode()
