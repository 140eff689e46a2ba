"""The translations of a notice on the writer's pages, and the rules of a school."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from messaging import services
from messaging.models import (
    Delivery,
    DeliveryStatus,
    Notice,
    NoticeText,
    TextOrigin,
    TextState,
    TranslationPolicy,
)
from messaging.services import (
    cancel_notice,
    publish_notice,
    review_text,
    undo_notice,
    update_notice,
    write_translation,
)
from messaging.translationlog import LogRow
from messaging.translationrules import rules_for
from schools import clock
from schools.models import AuditEntry
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft, sent
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return draft(cast)


def page(cast: Cast, notice: Notice, *code: str) -> str:
    name = "notice_translation" if code else "notice_translations"
    answer = cast.client("teacher_3b").get(reverse(name, args=[notice.pk, *code]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def all_left() -> None:
    """Mails, letters and calls."""
    Delivery.objects.update(status=DeliveryStatus.DELIVERED, due_at=None)


def typed(notice: Notice, code: str, **other: str) -> dict[str, str]:
    """The words of a language as the form sends them."""
    text = NoticeText.objects.get(notice=notice, language=code)
    own = {"title": text.title, "subject": text.subject, "sms": text.sms, "body": text.body} | text.slots
    return {name: words for name, words in own.items() if words} | other


def test_the_page_lists_the_languages_of_these_families_alone(cast: Cast, notice: Notice) -> None:
    text = page(cast, notice)
    assert "ਪੰਜਾਬੀ" in text
    assert "العربية" in text
    assert "Polski" not in text


def test_the_dutch_stands_beside_each_field(cast: Cast, notice: Notice) -> None:
    text = page(cast, notice, "ar")
    master = NoticeText.objects.get(notice=notice, language="nl")
    assert master.title in text
    assert 'dir="rtl"' in text
    assert text.count('<div class="paper paper-dutch" lang="nl-BE" dir="ltr">') >= 5


def test_a_colleague_writes_a_translation_and_it_is_marked_as_theirs(cast: Cast, notice: Notice) -> None:
    words = typed(notice, "ar", title="تعالوا إلى المدرسة")
    answer = cast.client("teacher_3b").post(reverse("notice_translation", args=[notice.pk, "ar"]), words)
    assert answer.status_code == 302
    row = NoticeText.objects.get(notice=notice, language="ar")
    assert (row.title, row.origin, row.state) == ("تعالوا إلى المدرسة", TextOrigin.PERSON, TextState.DRAFT)
    assert AuditEntry.objects.filter(verb="translated", target_id=notice.pk).exists()


def test_saving_without_a_change_changes_no_letter(cast: Cast, notice: Notice) -> None:
    """Names and hours keep their direction though the form does not show the signs for it."""
    before = NoticeText.objects.get(notice=notice, language="ar")
    cast.client("teacher_3b").post(reverse("notice_translation", args=[notice.pk, "ar"]), typed(notice, "ar"))
    after = NoticeText.objects.get(notice=notice, language="ar")
    assert after.body == before.body
    assert after.slots == before.slots
    assert "\u2068" in after.body


def test_a_day_or_hour_that_was_forgotten_is_said(cast: Cast, notice: Notice) -> None:
    address, browser = reverse("notice_translation", args=[notice.pk, "pa"]), cast.client("teacher_3b")
    whole = browser.post(address, typed(notice, "pa"), follow=True)
    assert [message.level_tag for message in whole.context["messages"]] == ["success"]
    text = NoticeText.objects.get(notice=notice, language="pa")
    without = {"when": "ਛੇਤੀ", "body": text.body.replace("15:30", "ਸ਼ਾਮ"), "sms": "ਆਓ", "what": "ਗੱਲਬਾਤ"}
    answer = browser.post(address, typed(notice, "pa", **without), follow=True)
    said = [str(message) for message in answer.context["messages"] if message.level_tag == "warning"]
    assert len(said) == 1
    assert "15:30" in said[0]


def test_the_child_is_a_place_that_stays_open(cast: Cast, notice: Notice) -> None:
    words = typed(notice, "pa", body="{child} {date} {constructor}")
    cast.client("teacher_3b").post(reverse("notice_translation", args=[notice.pk, "pa"]), words)
    assert NoticeText.objects.get(notice=notice, language="pa").body == "{child} (date) (constructor)"


def test_a_native_speakers_reading_is_kept_with_name_and_day(cast: Cast, notice: Notice) -> None:
    address = reverse("notice_translation", args=[notice.pk, "pa"])
    cast.client("teacher_3b").post(address, {"act": "reviewed"})
    row = NoticeText.objects.get(notice=notice, language="pa")
    assert (row.state, row.reviewed_by) == (TextState.REVIEWED, cast.staff["teacher_3b"])
    assert "Lotte Claes" in page(cast, notice)


def test_a_stale_text_is_not_reviewed_and_says_so(cast: Cast, notice: Notice) -> None:
    update_notice(notice, dutch={"title": "Nieuw"})
    address = reverse("notice_translation", args=[notice.pk, "pa"])
    answer = cast.client("teacher_3b").post(address, {"act": "reviewed"}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
    assert NoticeText.objects.get(notice=notice, language="pa").state == TextState.DRAFT
    rows = answer.context["translations"].rows
    assert all(row.obstacle for row in rows)


def test_what_people_wrote_survives_another_day_of_the_meeting(cast: Cast, notice: Notice) -> None:
    """Another value writes the ready texts anew; a colleague's words stay, and are stale."""
    write_translation(notice=notice, language="pa", text={"title": "ਗੱਲਬਾਤ"}, author=notice.author)
    update_notice(notice, values={"time": "16:45"})
    texts = {text.language: text for text in notice.texts.all()}
    assert texts["pa"].title == "ਗੱਲਬਾਤ"
    assert texts["pa"].source_hash != texts["nl"].source_hash
    assert "16:45" in texts["fr"].body


def test_the_purpose_is_chosen_on_the_page(cast: Cast, notice: Notice) -> None:
    cast.client("teacher_3b").post(reverse("notice_reason", args=[notice.pk]), {"reason": "HEALTH_SAFETY"})
    assert Notice.objects.get(pk=notice.pk).translation_reason == "HEALTH_SAFETY"


def test_what_is_saved_in_the_very_moment_of_leaving_is_refused_and_not_lost(
    cast: Cast, notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, real = typed(notice, "ar", title="تعالوا إلى المدرسة"), services.write_translation

    def late(**facts: Any) -> Any:
        Notice.objects.filter(pk=notice.pk).update(status="PUBLISHED", published_at=clock.now())
        return real(**facts)

    monkeypatch.setattr(services, "write_translation", late)
    answer = cast.client("teacher_3b").post(reverse("notice_translation", args=[notice.pk, "ar"]), words)
    assert answer.status_code == 422
    assert "al verzonden" in text_of(answer)
    assert "تعالوا إلى المدرسة" in answer.content.decode()


def test_a_colleague_who_did_not_write_it_finds_nothing(cast: Cast, notice: Notice) -> None:
    for person in ("head", "teacher_1a", "joint"):
        assert cast.client(person).get(reverse("notice_translations", args=[notice.pk])).status_code == 404


def test_a_sent_notice_has_no_page_to_change_it(cast: Cast) -> None:
    notice = sent(cast)
    answer = cast.client("teacher_3b").get(reverse("notice_translations", args=[notice.pk]))
    assert answer.headers["Location"] == reverse("notice_detail", args=[notice.pk])


class TestTheRules:
    def test_the_head_sets_those_of_the_own_school(self, cast: Cast) -> None:
        browser, school = cast.client("head"), cast.schools["kersenboom"]
        assert rules_for(school).source == "portal"
        browser.post(reverse("translation_rules"), {"needs_reason": "no", "machine": "SEEN"})
        rules = rules_for(school)
        assert (rules.needs_reason, rules.machine, rules.source) == (False, "SEEN", "school")
        browser.post(reverse("translation_rules"), {"reset": "1"})
        assert not TranslationPolicy.objects.exists()

    def test_nobody_sets_those_of_another_school(self, cast: Cast) -> None:
        address = f"{reverse('translation_rules')}?voor={cast.schools['bloesem'].pk}"
        answer = cast.client("head").post(address, {"needs_reason": "no", "machine": "SEEN"})
        assert answer.status_code == 404
        assert not TranslationPolicy.objects.exists()

    def test_the_clb_sets_those_of_its_schools(self, cast: Cast) -> None:
        address = f"{reverse('translation_rules')}?voor={cast.schools['kersenboom'].pk}"
        cast.client("clb_vclb").post(address, {"needs_reason": "yes", "machine": "NEVER"})
        assert rules_for(cast.schools["kersenboom"]).machine == "NEVER"
        assert cast.client("clb_go").get(address).status_code == 404

    def test_a_network_has_rules_until_a_school_has_its_own(self, cast: Cast) -> None:
        school = cast.schools["kersenboom"]
        address = f"{reverse('translation_rules')}?voor=net-{school.network}"
        assert cast.client("head").get(address).status_code == 404
        cast.client("admin").post(address, {"needs_reason": "no", "machine": "NEVER"})
        assert rules_for(school).source == "network"
        assert rules_for(cast.schools["bloesem"]).source == "portal"
        cast.client("head").post(reverse("translation_rules"), {"needs_reason": "yes", "machine": "SEEN"})
        assert rules_for(school).machine == "SEEN"


class TestTheLog:
    def test_it_counts_notices_and_parents_of_the_year(self, cast: Cast) -> None:
        sent(cast)
        room = cast.classes["1a"]
        dutch_only = make.make_notice(room, cast.staff["teacher_1a"])
        publish_notice(notice=dutch_only, by=dutch_only.author)
        all_left()
        context = cast.client("head").get(reverse("translation_log")).context
        totals = context["totals"]
        assert (totals.notices, totals.translated) == (2, 1)
        assert (totals.parents, totals.in_translation) == (5, 4)
        assert [row.percent for row in context["rows"]] == [0, 100]

    def test_who_is_still_to_get_it_or_whose_mail_came_back_was_not_told(self, cast: Cast) -> None:
        """A mail in Arabic that nobody got is no evidence of anything."""
        notice = sent(cast)
        came_back, waits, *others = notice.deliveries.order_by("pk").values_list("pk", flat=True)
        failed = {"status": DeliveryStatus.FAILED, "reason": "UNKNOWN_ADDRESS", "due_at": None}
        Delivery.objects.filter(pk=came_back).update(**failed)
        Delivery.objects.filter(pk__in=others).update(status=DeliveryStatus.SENT, due_at=None)
        context = cast.client("head").get(reverse("translation_log")).context
        [row] = context["rows"]
        assert (row.parents, context["totals"].parents, sum(row.kinds.values())) == (2, 2, 2)
        Delivery.objects.filter(pk=waits).update(opened_at=clock.now())
        context = cast.client("head").get(reverse("translation_log")).context
        assert context["totals"].parents == 3, "who found it in the portal has it, though the mail waits"

    def test_of_a_notice_that_nobody_got_yet_no_share_is_told(self, cast: Cast) -> None:
        sent(cast)
        page = " ".join(cast.client("head").get(reverse("translation_log")).content.decode().split())
        assert "(0/0)" not in page
        assert "0 % (0/1)" in page, "no notice of which somebody got a translation"

    def test_what_was_stopped_half_way_counts_for_whom_it_reached_and_what_was_undone_not(self, cast: Cast) -> None:
        stopped, undone = sent(cast), sent(cast)
        father = Delivery.objects.filter(notice=stopped, guardian=cast.guardians["separated_father"])
        father.update(status=DeliveryStatus.SENT, due_at=None)
        cancel_notice(notice=stopped, by=stopped.author)
        undo_notice(notice=undone, by=undone.author)
        context = cast.client("head").get(reverse("translation_log")).context
        totals = context["totals"]
        assert (totals.notices, totals.translated, totals.parents, totals.in_translation) == (1, 1, 1, 1)
        assert [(row.notice, row.languages) for row in context["rows"]] == [(stopped, ["ar"])]

    def test_who_was_told_in_two_languages_is_one_parent_in_the_line_as_in_the_total(self, cast: Cast) -> None:
        again = sent(cast).deliveries.filter(language="ar").order_by("pk")[0]
        again.pk, again.round, again.language = None, again.round + 1, "nl"
        again.save(force_insert=True)
        all_left()
        context = cast.client("head").get(reverse("translation_log")).context
        [row], totals = context["rows"], context["totals"]
        assert (row.parents, row.in_translation) == (totals.parents, totals.in_translation)
        assert sum(row.kinds.values()) == totals.parents + 1, "in the kinds of text it is each text that was sent"

    def test_the_whole_year_is_a_file(self, cast: Cast) -> None:
        sent(cast)
        all_left()
        answer = cast.client("head").get(reverse("translation_log_csv"))
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 3
        assert "ਪੰਜਾਬੀ" in lines[1]
        assert AuditEntry.objects.filter(verb="exported").exists()

    def test_another_school_is_not_there(self, cast: Cast) -> None:
        for name in ("translation_log", "translation_log_csv"):
            address = f"{reverse(name)}?school={cast.schools['bloesem'].pk}"
            assert cast.client("head").get(address).status_code == 404


def test_a_reviewed_text_is_reviewed_only_while_the_dutch_stays(cast: Cast, notice: Notice) -> None:
    review_text(notice=notice, language="ar", by=notice.author)
    update_notice(notice, values={"place": "de turnzaal"})
    assert NoticeText.objects.get(notice=notice, language="ar").state == TextState.DRAFT


def test_kinds_of_text_with_a_comma_of_their_own_are_told_apart() -> None:
    with translation.override("nl"):
        words = LogRow(None, 33, 14, ["ar"], {"TEMPLATE": 14, "MASTER": 19}).kind_words
    assert words == "kant-en-klare tekst van het portaal: 14; Nederlands, de taal van deze ouder: 19"
