"""A teacher says it in own words: the Dutch changes alone, nothing is lost, and other languages wait for a text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from messaging.models import Delivery, Notice, NoticeText, TextOrigin
from messaging.services import choose_languages, publish_notice, update_notice
from messaging.translationstate import Translations
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft
from tests.messaging.rendered import page_for

pytestmark = pytest.mark.django_db

OWN = {
    "title": "Kom koffie drinken",
    "body": "Beste ouder,\nWij drinken koffie. {child} toont u de klas.",
    "what": "Koffie in de klas",
}


def page(cast: Cast, notice: Notice) -> Any:
    return cast.client("teacher_3b").get(reverse("notice_words", args=[notice.pk]))


def save(cast: Cast, notice: Notice, **changes: str) -> Any:
    form = page(cast, notice).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    return cast.client("teacher_3b").post(reverse("notice_words", args=[notice.pk]), data | changes)


def dutch(notice: Notice) -> NoticeText:
    return NoticeText.objects.get(notice=notice, language="nl")


def test_the_words_are_those_of_the_template_until_they_are_changed(cast: Cast) -> None:
    notice = draft(cast)
    shown = page(cast, notice)
    assert shown.context["form"]["title"].value() == dutch(notice).title
    assert save(cast, notice).status_code == 302
    assert dutch(notice).origin == TextOrigin.TEMPLATE, "nothing was changed"
    assert not AuditEntry.objects.filter(verb="wrote the words").exists()


def test_what_is_written_is_what_parents_read(cast: Cast) -> None:
    notice = draft(cast)
    assert save(cast, notice, **OWN).status_code == 302
    text = dutch(notice)
    assert (text.title, text.slots["what"], text.origin) == (OWN["title"], OWN["what"], TextOrigin.PERSON)
    choose_languages(notice=notice, choices=dict.fromkeys(("pa", "fr", "ar"), "DUTCH"), by=notice.author)
    publish_notice(notice=notice, by=notice.author)
    to_father = Delivery.objects.get(notice=notice, guardian=cast.guardians["separated_father"])
    read = page_for(to_father)
    assert read.text.title == OWN["title"]
    assert "Yusuf" in read.text.body
    assert "{child}" not in read.text.body


def test_the_ready_translations_are_older_than_own_words(cast: Cast) -> None:
    notice = draft(cast)
    assert not Translations(Notice.objects.get(pk=notice.pk)).missing
    save(cast, notice, **OWN)
    hashes = set(notice.texts.exclude(language="nl").values_list("source_hash", flat=True))
    assert dutch(notice).source_hash not in hashes
    assert {row.code for row in Translations(Notice.objects.get(pk=notice.pk)).missing} == {"pa", "ar", "fr"}
    cast.client("teacher_3b").post(reverse("notice_check", args=[notice.pk]))
    assert Notice.objects.get(pk=notice.pk).is_draft, "nobody chose what other languages get"


def test_another_day_changes_what_is_not_own_and_keeps_what_is(cast: Cast) -> None:
    notice = draft(cast)
    save(cast, notice, **OWN)
    before = dutch(notice).slots["when"]
    later = (clock.today() + timedelta(days=20)).isoformat()
    update_notice(notice, values=notice.values | {"date": later})
    text = dutch(notice)
    assert (text.title, text.body.split("\n")[1][:12]) == (OWN["title"], "Wij drinken ")
    assert text.slots["what"] == OWN["what"]
    assert text.slots["when"] != before, "the day is the template's still, and follows"
    assert text.source_hash != "", "it is the newest Dutch"


def test_an_own_day_stays_as_it_was_written(cast: Cast) -> None:
    notice = draft(cast)
    save(cast, notice, when="Elke vrijdag")
    update_notice(notice, values=notice.values | {"date": (clock.today() + timedelta(days=20)).isoformat()})
    assert dutch(notice).slots["when"] == "Elke vrijdag"


def test_two_windows_lose_nothing(cast: Cast) -> None:
    notice = draft(cast)
    began = page(cast, notice).context["form"]["began_from"].value()
    save(cast, notice, title="In het eerste venster")
    refused = save(cast, notice, title="In het tweede", began_from=began)
    assert refused.status_code == 422
    content = refused.content.decode()
    assert "In het tweede" in content, "what was typed"
    assert "In het eerste venster" in content, "what was saved"
    assert dutch(notice).title == "In het eerste venster"
    again = refused.context["form"]["began_from"].value()
    assert save(cast, notice, title="In het tweede", began_from=again).status_code == 302
    assert dutch(notice).title == "In het tweede"


def test_words_given_at_once_are_own_words_and_outlive_a_save(cast: Cast) -> None:
    notice = update_notice(draft(cast), dutch={"title": OWN["title"]})
    update_notice(notice, values={"place": "lokaal 14"})
    assert (dutch(notice).title, dutch(notice).author) == (OWN["title"], notice.author)


def test_back_to_the_template(cast: Cast) -> None:
    notice = draft(cast)
    usual = dutch(notice).title
    save(cast, notice, **OWN)
    cast.client("teacher_3b").post(reverse("notice_words_reset", args=[notice.pk]))
    text = dutch(notice)
    assert (text.title, text.origin) == (usual, TextOrigin.TEMPLATE)
    pinned = set(notice.texts.values_list("source_hash", flat=True))
    assert text.source_hash in pinned
    assert len(pinned) == 1, "the ready translations hold again"


def test_an_empty_text_is_refused_in_a_sentence(cast: Cast) -> None:
    notice = draft(cast)
    refused = save(cast, notice, body="  ")
    assert refused.status_code == 422
    assert refused.context["form"].errors["body"]


@pytest.mark.parametrize("name", ["subject", "sms"])
def test_where_others_read_along_no_child_is_named(cast: Cast, name: str) -> None:
    """Nobody fills the mark in there: a parent would get it as it is typed."""
    notice = draft(cast)
    refused = save(cast, notice, **{name: "Kom mee met {child}"})
    assert "Niemand vult dit in: {child}." in refused.context["form"].errors[name]
    assert dutch(notice).origin == TextOrigin.TEMPLATE


def test_the_page_of_the_draft_shows_own_words_and_leads_to_them(cast: Cast) -> None:
    notice = draft(cast)
    save(cast, notice, **OWN)
    shown = cast.client("teacher_3b").get(reverse("notice_edit", args=[notice.pk]))
    assert shown.context["preview"]["title"] == OWN["title"]
    assert shown.context["preview"]["is_own"]
    gone = shown.context["form"]
    data = {name: gone[name].value() for name in gone.fields if gone[name].value() not in (None, "", [])}
    on = cast.client("teacher_3b").post(reverse("notice_edit", args=[notice.pk]), data | {"words": "1"})
    assert on["Location"] == reverse("notice_words", args=[notice.pk])
    assert dutch(notice).title == OWN["title"]


def test_the_page_of_the_draft_is_called_as_the_list_and_parents_call_it(cast: Cast) -> None:
    """Two drafts of one template bear two names."""
    notice = draft(cast)
    address, client = reverse("notice_edit", args=[notice.pk]), cast.client("teacher_3b")
    assert f"wijzigen: {dutch(notice).title}</h1>" in client.get(address).content.decode()
    save(cast, notice, title="Koffie & thee")
    named = client.get(address).content.decode()
    assert "wijzigen: Koffie &amp; thee</h1>" in named
    assert named.count("wijzigen: Koffie &amp; thee") == 2


@pytest.mark.parametrize("key", ["teacher_1a", "head", "clb_vclb"])
def test_somebody_elses_draft_is_not_there(cast: Cast, key: str) -> None:
    notice = draft(cast)
    assert cast.client(key).get(reverse("notice_words", args=[notice.pk])).status_code in (403, 404)


def test_what_is_pasted_too_long_stays_whole_and_is_answered(cast: Cast) -> None:
    """A field that knows its limit lets the browser cut the rest off, and says nothing."""
    notice, long = draft(cast), "Kom naar school. " * 20
    assert "maxlength" not in page(cast, notice).content.decode()
    answer = save(cast, notice, sms=long)
    assert answer.status_code == 422
    assert answer.context["form"]["sms"].value() == long
    assert "320" in " ".join(answer.context["form"].errors["sms"])


def test_a_text_message_is_one_line(cast: Cast) -> None:
    notice = draft(cast)
    assert save(cast, notice, sms="Kom koffie drinken.\r\n  Lees op school.").status_code == 302
    assert dutch(notice).sms == "Kom koffie drinken. Lees op school."
