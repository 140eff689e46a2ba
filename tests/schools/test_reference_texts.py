"""Reference texts: saved by one language, never over what somebody else wrote, read by a native speaker, stale as soon
as the Dutch changes."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from messaging.content import load_templates
from messaging.models import NoticeTemplate, TextState
from messaging.reference_texts import TemplateKind
from messaging.services import create_notice
from schools import languages
from schools.models import AuditEntry, Method, Term, User, Wording
from schools.reference import load_methods, load_vocabulary
from schools.services import WordingChangedError, review_wording, save_wording
from schools.texts import Standing, TextKind, kind_of, standings
from schools.texts.coverage import coverage_of, findings
from schools.texts.standing import Shown, standing_of
from tests.cast import Cast, build_cast, make_account

SLUG = "parent-meeting-invitation"


def template() -> NoticeTemplate:
    load_templates([SLUG])
    return NoticeTemplate.objects.get(slug=SLUG)


def as_it_stands(kind: TextKind, pk: int) -> Standing:
    return standing_of(kind, kind.rows().get(pk=pk))


def change(text: Standing, code: str, by: User, **words: str) -> None:
    """Save one language with other words in some of its parts."""
    entry = text.languages[code]
    save_wording(
        kind=text.kind, pk=text.row.pk, language=code, words={**entry.words, **words}, seen=entry.version, by=by
    )


def read_by(text: Standing, code: str, by: User, reviewer: str = "Manjit Kaur") -> None:
    review_wording(
        kind=text.kind,
        pk=text.row.pk,
        language=code,
        seen=text.languages[code].version,
        reviewer=reviewer,
        by=by,
    )


@pytest.mark.django_db
class TestOneText:
    @pytest.fixture(autouse=True)
    def _text(self) -> None:
        self.kind = TemplateKind()
        self.pk = template().pk
        self.by = make_account("clb@cast.example", "Sofie Hex")

    def now(self) -> Standing:
        return as_it_stands(self.kind, self.pk)

    def test_what_comes_with_the_portal_is_a_draft_in_every_language(self) -> None:
        text = self.now()
        assert {entry.state for code, entry in text.languages.items() if code != "nl"} == {Shown.DRAFT}
        assert text.master.state == Shown.MASTER
        assert not any(entry.faults for entry in text.languages.values())

    def test_another_dutch_makes_every_translation_stale_and_saving_one_mends_it(self) -> None:
        change(self.now(), "nl", self.by, title="Kom praten over uw kind")
        text = self.now()
        assert {entry.state for code, entry in text.languages.items() if code != "nl"} == {Shown.STALE}
        change(text, "pa", self.by)
        text = self.now()
        assert text.languages["pa"].state == Shown.DRAFT
        assert text.languages["ar"].state == Shown.STALE
        assert NoticeTemplate.objects.get(pk=self.pk).stale_languages == sorted(
            set(languages.INTERFACE_CODES) - {"nl", "pa"}
        )

    def test_the_old_dutch_again_and_nothing_is_stale(self) -> None:
        old = self.now().master.words["title"]
        change(self.now(), "nl", self.by, title="Anders")
        change(self.now(), "nl", self.by, title=old)
        assert self.now().stale == []

    def test_a_review_is_kept_with_who_and_when_and_goes_with_another_word(self) -> None:
        read_by(self.now(), "pa", self.by)
        entry = self.now().languages["pa"]
        assert entry.state == Shown.REVIEWED
        assert entry.record is not None
        assert (entry.record.reviewer, entry.record.reviewed_by) == ("Manjit Kaur", self.by)
        assert entry.record.reviewed_at is not None
        assert NoticeTemplate.objects.get(pk=self.pk).reviewed_languages == ["pa"]
        change(self.now(), "pa", self.by, title="ਇੱਕ ਹੋਰ ਸ਼ਬਦ")
        assert self.now().languages["pa"].state == Shown.DRAFT
        assert NoticeTemplate.objects.get(pk=self.pk).reviewed_languages == []
        assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["changed text", "reviewed text"]

    def test_words_that_change_behind_a_review_are_a_draft_again(self) -> None:
        read_by(self.now(), "pa", self.by)
        NoticeTemplate.objects.filter(pk=self.pk).update(title_pa="ਹੋਰ")
        assert self.now().languages["pa"].state == Shown.DRAFT

    def test_nobody_reviews_a_stale_one_an_incomplete_one_or_the_dutch(self) -> None:
        with pytest.raises(ValidationError):
            read_by(self.now(), "nl", self.by)
        with pytest.raises(ValidationError):
            read_by(self.now(), "pa", self.by, reviewer="  ")
        NoticeTemplate.objects.filter(pk=self.pk).update(title_tr="")
        assert self.now().languages["tr"].state == Shown.MISSING
        with pytest.raises(ValidationError):
            read_by(self.now(), "tr", self.by)
        change(self.now(), "nl", self.by, title="Anders")
        with pytest.raises(ValidationError):
            read_by(self.now(), "pa", self.by)
        assert not Wording.objects.filter(state="REVIEWED").exists()

    def test_a_machine_is_named_until_a_person_read_it(self) -> None:
        entry = self.now().languages["ar"]
        save_wording(
            kind=self.kind,
            pk=self.pk,
            language="ar",
            words=entry.words | {"title": "دعوة"},
            seen=entry.version,
            by=self.by,
            machine=True,
        )
        assert self.now().languages["ar"].state == Shown.MACHINE
        read_by(self.now(), "ar", self.by)
        assert self.now().languages["ar"].state == Shown.REVIEWED

    def test_who_did_not_see_the_newest_words_changes_nothing(self) -> None:
        old = self.now()
        change(old, "pa", self.by, title="ਪਹਿਲਾ")
        with pytest.raises(WordingChangedError) as conflict:
            change(old, "pa", self.by, title="ਦੂਜਾ")
        assert conflict.value.theirs.words["title"] == "ਪਹਿਲਾ"
        assert self.now().languages["pa"].words["title"] == "ਪਹਿਲਾ"
        with pytest.raises(WordingChangedError):
            read_by(old, "pa", self.by)
        change(old, "tr", self.by, title="Görüşme")  # another language of the same text is nobody's conflict

    @pytest.mark.parametrize(
        ("code", "part", "words", "says"),
        [
            ("pa", "when", "{date}", "{time}"),
            ("pa", "when", "{date} {time} {child}", "{child}"),
            ("pa", "title", "{datum}", "{datum}"),
            ("nl", "title", "Voor {kind}", "{kind}"),
            ("nl", "subject", "Over {child}", "{child}"),
            ("nl", "sms", "{child} komt", "{child}"),
            ("pa", "body", "", ""),
        ],
    )
    def test_lost_or_invented_placeholders_are_refused_at_their_part(
        self, code: str, part: str, words: str, says: str
    ) -> None:
        before = self.now().languages[code].words
        with pytest.raises(ValidationError) as wrong:
            change(self.now(), code, self.by, **{part: words})
        assert list(wrong.value.message_dict) == [part]
        assert says in wrong.value.message_dict[part][0]
        assert self.now().languages[code].words == before

    def test_a_fault_that_is_there_is_shown_with_its_placeholder(self) -> None:
        NoticeTemplate.objects.filter(pk=self.pk).update(when_pa="{date}")
        found = self.now().languages["pa"].faults
        assert [(fault.part, "{time}" in fault.words) for fault in found] == [("when", True)]
        assert len([line for line in findings() if "pa, when" in line]) == 1

    def test_typed_words_are_kept_tidy(self) -> None:
        change(self.now(), "pa", self.by, title="  ਸੱ\u202eਦਾ\u200f ")
        assert self.now().languages["pa"].words["title"] == "ਸੱਦਾ"
        change(self.now(), "fr", self.by, title="Invitation a\u0300 venir")
        assert self.now().languages["fr"].words["title"] == "Invitation à venir"

    def test_one_tap_answers_are_parts_of_the_text(self) -> None:
        change(self.now(), "pa", self.by, **{"answer-yes": "ਹਾਂ ਜੀ"})
        answer = NoticeTemplate.objects.get(pk=self.pk).answers.get(key="yes")
        assert answer.label_pa == "ਹਾਂ ਜੀ"  # type: ignore[attr-defined]

    def test_an_update_of_the_portal_leaves_what_was_changed_here(self) -> None:
        change(self.now(), "pa", self.by, title="ਸਾਡਾ ਸੱਦਾ", **{"answer-yes": "ਹਾਂ ਜੀ"})
        NoticeTemplate.objects.filter(pk=self.pk).update(title_tr="Eski", title_pa="ਸਾਡਾ ਸੱਦਾ")
        load_templates()
        text = self.now()
        assert text.languages["pa"].words["title"] == "ਸਾਡਾ ਸੱਦਾ"
        assert text.languages["pa"].words["answer-yes"] == "ਹਾਂ ਜੀ"
        assert text.languages["tr"].words["title"] != "Eski"
        assert text.stale == []

    def test_an_update_beside_a_dutch_changed_here_stays_stale(self) -> None:
        change(self.now(), "nl", self.by, title="Anders")
        load_templates()
        assert self.now().master.words["title"] == "Anders"
        assert "tr" in self.now().stale

    def test_a_reviewed_translation_follows_a_shipped_dutch(self) -> None:
        read_by(self.now(), "pa", self.by)
        NoticeTemplate.objects.filter(pk=self.pk).update(title_nl="Wat vroeger meekwam")
        assert self.now().stale == ["pa"]
        load_templates()
        assert self.now().languages["pa"].state == Shown.REVIEWED

    def test_the_log_names_no_words(self) -> None:
        change(self.now(), "pa", self.by, title="ਗੁਪਤ")
        assert "ਗੁਪਤ" not in str(AuditEntry.objects.get().detail)


@pytest.mark.django_db
class TestNotices:
    @pytest.fixture(autouse=True)
    def _town(self) -> None:
        self.cast: Cast = build_cast()
        self.template = template()
        self.by = self.cast.staff["joint"]

    def write(self) -> Any:
        return create_notice(
            author=self.cast.staff["teacher_3b"],
            template=NoticeTemplate.objects.get(pk=self.template.pk),
            school=self.cast.schools["kersenboom"],
            school_class=self.cast.classes["3b"],
            values={"date": "2027-02-11", "time": "16:00", "place": "Lokaal 3B"},
        )

    def test_a_notice_that_was_written_keeps_its_words(self) -> None:
        notice = self.write()
        before = list(notice.texts.order_by("language").values())
        text = as_it_stands(TemplateKind(), self.template.pk)
        change(text, "nl", self.by, title="Anders", **{"answer-yes": "Zeker"})
        change(as_it_stands(TemplateKind(), self.template.pk), "pa", self.by, title="ਹੋਰ")
        notice.refresh_from_db()
        assert list(notice.texts.order_by("language").values()) == before
        assert notice.answer_label("yes", "nl") == "Ja, ik kom"

    def test_a_new_notice_takes_the_state_of_its_template(self) -> None:
        text = as_it_stands(TemplateKind(), self.template.pk)
        read_by(text, "pa", self.by)
        texts = {row.language: row for row in self.write().texts.all()}
        assert texts["pa"].state == TextState.REVIEWED
        assert texts["ar"].state == TextState.DRAFT

    def test_a_stale_translation_of_the_template_is_stale_in_the_notice(self) -> None:
        change(as_it_stands(TemplateKind(), self.template.pk), "nl", self.by, title="Anders")
        change(as_it_stands(TemplateKind(), self.template.pk), "pa", self.by)
        texts = {row.language: row for row in self.write().texts.all()}
        assert texts["pa"].source_hash == texts["nl"].source_hash
        assert texts["ar"].source_hash != texts["nl"].source_hash


@pytest.mark.django_db
def test_a_method_card_keeps_its_lists_and_its_dutch_sentences() -> None:
    load_methods()
    kind, by = kind_of("methodiek"), make_account("clb@cast.example", "Sofie Hex")
    assert kind is not None
    text = as_it_stands(kind, Method.objects.get(slug="home-visit").pk)
    before = Method.objects.get(pk=text.row.pk)
    change(text, "fr", by, aim="Un autre but", steps_before=text.languages["fr"].words["steps_before"])
    after = Method.objects.get(pk=text.row.pk)
    assert after.aim_fr == "Un autre but"  # type: ignore[attr-defined]
    assert after.card_fr == before.card_fr  # type: ignore[attr-defined]
    assert after.card_nl == before.card_nl  # type: ignore[attr-defined]
    with pytest.raises(ValidationError) as wrong:
        change(as_it_stands(kind, text.row.pk), "fr", by, steps_before="une seule ligne")
    assert list(wrong.value.message_dict) == ["steps_before"]


@pytest.mark.django_db
def test_coverage_counts_each_text_once_in_each_language() -> None:
    load_vocabulary()
    load_methods()
    load_templates()
    for code, total in (("woord", Term.objects.count()), ("sjabloon", 19), ("methodiek", 12)):
        kind = kind_of(code)
        assert kind is not None
        lines = {line.language: line for line in coverage_of(kind)}
        assert set(lines) == set(kind.languages) - {"nl"}
        assert all(line.whole == line.total == total and not line.faulty for line in lines.values())
    assert list(findings()) == []
    Term.objects.filter(group="tone").update(label_so="")
    kind = kind_of("woord")
    assert kind is not None
    assert {line.language: line.missing for line in coverage_of(kind)}["so"] == 3


@pytest.mark.django_db
def test_many_texts_cost_as_many_queries_as_one(django_assert_num_queries: Any) -> None:
    load_templates()
    kind = TemplateKind()
    with django_assert_num_queries(3):
        standings(kind, kind.rows()[:1])
    with django_assert_num_queries(3):
        standings(kind, kind.rows())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_keeps_and_one_hears() -> None:
    pk, by, barrier = template().pk, make_account("clb@cast.example", "Sofie Hex"), Barrier(2)
    heard: list[str] = []

    def save(title: str) -> None:
        try:
            text = as_it_stands(TemplateKind(), pk)
            barrier.wait()
            change(text, "pa", by, title=title)
            heard.append("kept")
        except WordingChangedError:
            heard.append("changed meanwhile")
        finally:
            connections.close_all()

    writers = [Thread(target=save, args=[title]) for title in ("ਇੱਕ", "ਦੋ")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(heard) == ["changed meanwhile", "kept"]
    assert connection.vendor in {"sqlite", "postgresql"}
