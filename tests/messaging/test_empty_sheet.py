"""A notice that no template foresees: begun on an empty sheet, written by its author, sent as any other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from messaging.formats import long_day
from messaging.models import Delivery, Notice, NoticeTemplate, NoticeText, TextOrigin
from messaging.models.templates import BLANK_SHEET
from messaging.services import choose_languages, publish_notice, update_notice, write_translation
from messaging.translationstate import Translations
from schools import clock
from schools.languages import INTERFACE_CODES
from tests.cast import Cast
from tests.messaging.notices_for_pages import template
from tests.messaging.rendered import mail_for, page_for

pytestmark = pytest.mark.django_db

OWN = {
    "title": "Wij zoeken schelpen",
    "body": "Beste ouder,\nWij knutselen met schelpen. Hebt u schelpen thuis?\n{child} kan ze meebrengen.",
    "what": "Knutselen met schelpen",
    "bring": "Schelpen",
    "answer": "Zeg of u schelpen hebt.",
}


@pytest.fixture(autouse=True)
def _library(cast: Cast) -> None:
    template()


def begin(cast: Cast, **changes: Any) -> Any:
    """Fills the first page in, for class 3B."""
    data = {
        "audience": f"class:{cast.classes['3b'].pk}",
        "kind": "ACTIE",
        "date": (clock.today() + timedelta(days=14)).isoformat(),
        "time": "15:30",
        "place": "de knutselklas",
        "answers": ["yes", "no"],
        "translation_reason": "INTEGRATION",
        "answer_by": (clock.today() + timedelta(days=7)).isoformat(),
    }
    return cast.client("teacher_3b").post(reverse("notice_compose", args=[BLANK_SHEET]), data | changes)


def sheet(cast: Cast, **changes: Any) -> Notice:
    assert begin(cast, **changes).status_code == 302
    return Notice.objects.get(template__slug=BLANK_SHEET)


def write(cast: Cast, notice: Notice, **changes: str) -> Any:
    there = reverse("notice_words", args=[notice.pk])
    form = cast.client("teacher_3b").get(there).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    return cast.client("teacher_3b").post(there, data | OWN | changes)


def dutch(notice: Notice) -> NoticeText:
    return NoticeText.objects.get(notice=notice, language="nl")


def ready(cast: Cast) -> Notice:
    notice = sheet(cast)
    assert write(cast, notice).status_code == 302
    return notice


def test_it_is_the_last_card_of_the_choice(cast: Cast) -> None:
    groups = cast.client("teacher_3b").get(reverse("notice_new")).context["groups"]
    assert [card.template.slug for card in groups[-1].cards] == [BLANK_SHEET]
    assert all(card.template.slug != BLANK_SHEET for group in groups[:-1] for card in group.cards)


def test_after_the_first_page_comes_the_text(cast: Cast) -> None:
    there = begin(cast)
    notice = Notice.objects.get(template__slug=BLANK_SHEET)
    words = cast.client("teacher_3b").get(there["Location"], follow=True)
    assert words.redirect_chain[-1][0] == reverse("notice_words", args=[notice.pk])
    form = words.context["form"]
    assert (form["title"].value(), form["body"].value()) == ("", "")
    assert form["subject"].value() == "Een bericht van de school"
    assert form["where"].value() == "de knutselklas"
    assert "15.30" in form["when"].value()


def test_day_hour_and_place_may_stay_open(cast: Cast) -> None:
    notice = sheet(cast, date="", time="", place="", kind="INFO", answer_by="")
    assert dutch(notice).slots == dict.fromkeys(("what", "when", "where", "bring", "answer"), "")
    assert write(cast, notice, when="Elke vrijdag").status_code == 302
    assert dutch(notice).slots["when"] == "Elke vrijdag"


def test_without_a_title_and_a_text_it_stays(cast: Cast) -> None:
    notice = sheet(cast)
    choose_languages(notice=notice, choices=dict.fromkeys(("pa", "fr", "ar"), "DUTCH"), by=notice.author)
    with pytest.raises(ValidationError) as refused:
        publish_notice(notice=notice, by=notice.author)
    assert refused.value.code == "words"
    assert write(cast, notice, title=" ").status_code == 422
    assert write(cast, notice, body=" ").status_code == 422


def test_other_languages_wait_for_a_choice(cast: Cast) -> None:
    notice = ready(cast)
    assert {row.code for row in Translations(Notice.objects.get(pk=notice.pk)).missing} == {"pa", "ar", "fr"}
    with pytest.raises(ValidationError) as refused:
        publish_notice(notice=notice, by=notice.author)
    assert refused.value.code == "missing_language"


def test_the_slots_stand_in_the_readers_language_all_the_same(cast: Cast) -> None:
    notice = ready(cast)
    choose_languages(notice=notice, choices=dict.fromkeys(("pa", "fr", "ar"), "DUTCH"), by=notice.author)
    publish_notice(notice=notice, by=notice.author)
    delivery = Delivery.objects.get(notice=notice, guardian=cast.guardians["separated_father"])
    page = page_for(delivery)
    assert page.text.title == OWN["title"]
    assert "Yusuf" in page.text.body
    when = next(slot.text for slot in page.slots if slot.key == "when")
    assert long_day(clock.today() + timedelta(days=14), "ar") in when
    assert [row.label for row in page.answers] == ["نعم", "لا"]
    mail = mail_for(delivery)
    assert mail.subject.startswith("ACTIE: ")
    assert OWN["title"] not in mail.subject


def test_a_translation_goes_as_with_any_notice(cast: Cast) -> None:
    notice = ready(cast)
    arabic = {"title": "نبحث عن أصداف", "body": "نصنع أشغالاً بالأصداف.", "what": "أصداف", "answer": "أجب"}
    write_translation(
        notice=notice, language="ar", text=dict(dutch_words(notice), **arabic), author=notice.author, is_native=True
    )
    assert "ar" not in {row.code for row in Translations(Notice.objects.get(pk=notice.pk)).missing}


def test_what_is_ready_of_the_sheet_stands_there_when_a_colleague_begins(cast: Cast) -> None:
    notice = ready(cast)
    there = cast.client("teacher_3b").get(reverse("notice_translation", args=[notice.pk, "ar"]))
    form = there.context["form"]
    assert form["subject"].value() == "رسالة من المدرسة"
    assert long_day(clock.today() + timedelta(days=14), "ar") in form["when"].value()
    assert form["title"].value() == ""
    assert form["bring"].value() == "", "that the author wrote in Dutch only"


def dutch_words(notice: Notice) -> dict[str, Any]:
    text = dutch(notice)
    return {"title": text.title, "body": text.body, "subject": text.subject, "sms": text.sms, "slots": text.slots}


def test_another_day_moves_the_slot_and_keeps_the_words(cast: Cast) -> None:
    notice = ready(cast)
    later = clock.today() + timedelta(days=20)
    update_notice(notice, values=notice.values | {"date": later.isoformat()})
    text = dutch(notice)
    assert (text.title, text.origin) == (OWN["title"], TextOrigin.PERSON)
    assert long_day(later, "nl") in text.slots["when"]


def test_what_it_asks_of_the_translation_law_is_left_to_the_author(cast: Cast) -> None:
    notice = sheet(cast, translation_reason="")
    assert notice.translation_reason == ""


def test_its_frame_is_ready_in_every_language(cast: Cast) -> None:
    row = NoticeTemplate.objects.get(slug=BLANK_SHEET)
    for code in INTERFACE_CODES:
        assert getattr(row, f"subject_{code}")
        assert getattr(row, f"sms_{code}")
        assert all(getattr(answer, f"label_{code}") for answer in row.answers.all())
        assert not getattr(row, f"body_{code}")


def test_nobody_reads_an_empty_sheet_aloud(cast: Cast) -> None:
    browser = cast.client("teacher_3b")
    assert BLANK_SHEET not in browser.get(reverse("template_voices")).content.decode()
    assert browser.get(reverse("template_voice_desk", args=[BLANK_SHEET])).status_code == 404


def test_who_stops_before_a_word_stands_there_is_not_led_back_to_the_same_page(cast: Cast) -> None:
    """The page before sending has nothing to check yet, and leads to the words."""
    notice, teacher = sheet(cast), cast.client("teacher_3b")
    words, edit, check = (reverse(name, args=[notice.pk]) for name in ("notice_words", "notice_edit", "notice_check"))
    assert teacher.get(check)["Location"] == words
    for page in (words, edit):
        assert f'href="{check}"' not in teacher.get(page).content.decode().split("<main")[1], page
    assert f'href="{edit}"' in teacher.get(words).content.decode()
    assert f'href="{reverse("notice_list")}"' in teacher.get(edit).content.decode().split("<main")[1]
    write(cast, notice)
    for page in (words, edit):
        assert f'href="{check}"' in teacher.get(page).content.decode().split("<main")[1], page
