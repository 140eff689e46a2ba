"""A draaiboek is taken over: what is new comes in, what is different is asked, and a second time changes nothing."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.utils.translation import override

from messaging.content import load_templates
from messaging.models import NoticeTemplate
from reports.edition import freeze_edition
from reports.models import CardVersion, PlannerStep, PlaybookEdition, PlaybookPackage, Target
from reports.packaging import (
    ComparisonChangedError,
    State,
    bring_package,
    compare,
    fingerprint,
    install,
    read,
)
from reports.packaging.reading import Entry
from reports.planner.loading import BROUGHT, load_planner
from schools.models import AuditEntry, Method, Term, Wording
from schools.reference import load_methods, load_vocabulary
from schools.services import save_wording
from schools.texts import standings
from schools.texts.own import MethodKind
from tests.cast import Cast
from tests.reports.packages import Change, compared, entry_of, installed, package_of

pytestmark = pytest.mark.django_db

VISIT = "home-visit"


@pytest.fixture
def cast(town_with_texts: Cast, db: None) -> Cast:
    """The town of a file's tests: there is one."""
    return town_with_texts


def add_template(packed: dict[str, list[Entry]]) -> None:
    entry = deepcopy(entry_of(packed, "templates", "coffee-morning"))
    packed["templates"].append(entry | {"key": "book-market"})


def add_card(packed: dict[str, list[Entry]]) -> None:
    entry = deepcopy(entry_of(packed, "cards", VISIT))
    entry |= {"key": "book-market", "templates": ["book-market"], "related": [VISIT, "no-such-card"]}
    packed["cards"].append(entry)
    entry_of(packed, "cards", VISIT)["related"].append("book-market")


def add_phrase(packed: dict[str, list[Entry]]) -> None:
    texts = {"nl": {"label": "{child} vertelt moppen."}, "fr": {"label": "{child} raconte des blagues."}}
    packed["vocabulary"].append({"key": "growth_phrases/TELLS_JOKES", "icon": "hand", "texts": texts})


def other_pitfall(packed: dict[str, list[Entry]]) -> None:
    texts = entry_of(packed, "cards", VISIT)["texts"]
    texts["nl"]["pitfalls"][0] = "Te lang blijven."
    texts["fr"]["pitfalls"][0] = "Rester trop longtemps."


def everything() -> list[Any]:
    models: tuple[type[Model], ...] = (Method, NoticeTemplate, Term, Target, Wording, AuditEntry)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_our_own_package_is_all_the_same(cast: Cast) -> None:
    _package, items = compared(cast)
    assert {item.state for item in items.values()} == {State.SAME}
    assert len(items) > 150


def test_what_is_new_comes_in_with_all_its_languages_and_links(cast: Cast) -> None:
    installed(cast, add_template, add_card, add_phrase)
    template = NoticeTemplate.objects.get(slug="book-market")
    model = NoticeTemplate.objects.get(slug="coffee-morning")
    for language in ("nl", "pa", "ar", "so"):
        assert getattr(template, f"body_{language}") == getattr(model, f"body_{language}")
    assert [answer.key for answer in template.answers.all()] == ["yes", "maybe", "no"]
    assert template.answers.first().label_pa == model.answers.first().label_pa  # type: ignore[union-attr]
    card = Method.objects.get(slug="book-market")
    assert card.card_fr == Method.objects.get(slug=VISIT).card_fr  # type: ignore[attr-defined]
    assert [one.slug for one in card.related.all()] == [VISIT]
    assert card.template_slugs == ["book-market"]
    phrase = Term.objects.get(code="TELLS_JOKES")
    assert (phrase.label_nl, phrase.label_fr, phrase.icon) == (  # type: ignore[attr-defined]
        "{child} vertelt moppen.", "{child} raconte des blagues.", "hand",
    )  # fmt: skip


def test_a_card_goes_on_with_its_own_state_and_that_of_its_author(cast: Cast) -> None:
    def proven(packed: dict[str, list[Entry]]) -> None:
        entry_of(packed, "cards", "book-market")["status"] = "PROVEN"

    installed(cast, add_template, add_card, proven)
    assert Method.objects.get(slug="book-market").author_status == "PROVEN"
    assert Method.objects.get(slug=VISIT).author_status == ""
    again = entry_of(read(package_of()).contents, "cards", "book-market")
    assert (again["status"], again["author_status"]) == ("TRIED", "PROVEN")
    _package, items = compared(cast)
    assert items["card:book-market"].state == State.SAME


def test_a_second_installation_finds_the_same_and_changes_nothing(cast: Cast) -> None:
    row = installed(cast, add_template, add_card, add_phrase, other_pitfall, take={f"card:{VISIT}"})
    before = everything()
    package = read(bytes(row.content))
    items = compare(package, cast.staff["joint"])
    assert {item.state for item in items} == {State.SAME}
    outcome = install(row=row, chosen={item.code for item in items}, by=cast.staff["joint"])
    assert (outcome.added, outcome.replaced, outcome.kept) == (0, 0, 0)
    assert everything() == before


def test_a_difference_shows_both_texts_and_stays_ours_unless_taken(cast: Cast) -> None:
    _package, items = compared(cast, other_pitfall)
    found = items[f"card:{VISIT}"]
    assert found.state == State.DIFFERENT
    theirs = [(one.language, one.theirs.split("\n")[0]) for one in found.differences]
    assert theirs == [("nl", "Te lang blijven."), ("fr", "Rester trop longtemps.")]
    assert "Te lang blijven." not in found.differences[0].own
    before = Method.objects.get(slug=VISIT).card_nl  # type: ignore[attr-defined]
    installed(cast, other_pitfall)
    assert Method.objects.get(slug=VISIT).card_nl == before  # type: ignore[attr-defined]
    row = installed(cast, other_pitfall, take={f"card:{VISIT}"})
    card = Method.objects.get(slug=VISIT)
    assert card.card_nl["pitfalls"][0] == "Te lang blijven."  # type: ignore[attr-defined]
    assert card.card_fr["pitfalls"][0] == "Rester trop longtemps."  # type: ignore[attr-defined]
    row.refresh_from_db()
    assert (row.added, row.replaced, row.installed_by) == (0, 1, cast.staff["joint"])


def test_what_was_written_here_since_the_night_is_kept_as_a_version(cast: Cast) -> None:
    """Theirs was taken: the own words of that morning are in the list of versions, and so are theirs, at once."""
    card = Method.objects.get(slug=VISIT)
    card.card_nl["pitfalls"][0] = "Zonder afspraak komen."  # type: ignore[attr-defined]
    card.save()
    installed(cast, other_pitfall, take={f"card:{VISIT}"})
    versions = CardVersion.objects.filter(method=card).order_by("number")
    said = [json.dumps(one.content, ensure_ascii=False) for one in versions]
    assert "Zonder afspraak komen." in said[-2]
    assert "Te lang blijven." in said[-1]


def test_installed_words_are_drafts_that_an_update_of_the_portal_leaves(cast: Cast) -> None:
    installed(cast, other_pitfall, take={f"card:{VISIT}"})
    load_methods()
    card = Method.objects.get(slug=VISIT)
    assert card.card_nl["pitfalls"][0] == "Te lang blijven."  # type: ignore[attr-defined]
    standing = standings(MethodKind(), [card])[0]
    assert {entry.is_stale for entry in standing.languages.values()} == {False}
    assert not standing.languages["fr"].record.reviewer  # type: ignore[union-attr]


def other_facts(packed: dict[str, list[Entry]]) -> None:
    entry_of(packed, "cards", VISIT).update(duration_min=77, related=[], conference={"minutes": 20})
    template = entry_of(packed, "templates", "coffee-morning")
    template.update(kind="ACTIE", answers=["yes", "no"], variables=[*template["variables"], "room"])
    for words in template["texts"].values():
        words["bring"] = "{room}"
        del words["answer-maybe"]
    entry_of(packed, "vocabulary", "growth_phrases/KEEPS_WORKING")["icon"] = "hand"


def test_what_stands_beside_the_words_lasts_as_they_do(cast: Cast) -> None:
    """Else the slots of a text would go with the next update, and the text that names them would stay."""
    codes = {f"card:{VISIT}", "template:coffee-morning", "word:growth_phrases/KEEPS_WORKING"}
    row = installed(cast, other_facts, take=codes)
    before = everything()
    load_vocabulary()
    load_methods()
    load_templates()
    assert everything() == before
    card, template = Method.objects.get(slug=VISIT), NoticeTemplate.objects.get(slug="coffee-morning")
    assert (card.duration_min, list(card.related.all())) == (77, [])
    assert [answer.key for answer in template.answers.all()] == ["yes", "no"]
    assert "room" in template.variables
    assert {item.state for item in compare(read(bytes(row.content)), cast.staff["joint"])} == {State.SAME}


def test_what_changed_here_since_it_was_looked_at_is_looked_at_again(cast: Cast) -> None:
    joint = cast.staff["joint"]
    row = bring_package(content=package_of(other_pitfall), by=joint)
    seen = fingerprint(compare(read(bytes(row.content)), joint))
    kind, card = MethodKind(), Method.objects.get(slug=VISIT)
    dutch = standings(kind, [card])[0].master
    save_wording(
        kind=kind, pk=card.pk, language="nl", words=dutch.words | {"aim": "Iets anders."}, seen=dutch.version, by=joint
    )
    before = everything()
    with pytest.raises(ComparisonChangedError):
        install(row=row, chosen={f"card:{VISIT}"}, by=joint, seen=seen)
    assert everything() == before


def test_stale_and_faulty_translations_do_not_leave_the_house(cast: Cast) -> None:
    kind, card, joint = MethodKind(), Method.objects.get(slug=VISIT), cast.staff["joint"]
    dutch = standings(kind, [card])[0].master
    save_wording(
        kind=kind, pk=card.pk, language="nl", words=dutch.words | {"aim": "Iets anders."}, seen=dutch.version, by=joint
    )
    assert set(entry_of(read(package_of()).contents, "cards", VISIT)["texts"]) == {"nl"}


def unknown_kind(packed: dict[str, list[Entry]]) -> None:
    entry_of(packed, "cards", VISIT)["kind"] = "TELEPATHY"


def nobody_fills_in(packed: dict[str, list[Entry]]) -> None:
    entry_of(packed, "templates", "coffee-morning")["texts"]["nl"]["sms"] = "{school}: {password}"


def child_in_a_text_message(packed: dict[str, list[Entry]]) -> None:
    entry = entry_of(packed, "templates", "home-visit")
    entry["texts"]["nl"]["sms"] = "{school}: {child}"


def unknown_word(packed: dict[str, list[Entry]]) -> None:
    packed["vocabulary"].append({"key": "contact_kind/TELEPATHY", "icon": "", "texts": {"nl": {"label": "x"}}})


def other_step(packed: dict[str, list[Entry]]) -> None:
    entry_of(packed, "planner", "baseline")["texts"]["nl"]["text"] = "Iets anders."


def add_step(packed: dict[str, list[Entry]]) -> None:
    entry = deepcopy(entry_of(packed, "planner", "baseline"))
    entry |= {"key": "book-market", "month": 3, "cards": ["book-market"], "page": "no_such_page"}
    entry["texts"] = {"nl": {"text": "Haal de boeken op."}, "de": {"text": "Hol die Bücher."}}
    packed["planner"].append(entry)


@pytest.mark.parametrize(
    ("change", "code", "why"),
    [
        (unknown_kind, f"card:{VISIT}", "no contact of the kind TELEPATHY"),
        (nobody_fills_in, "template:coffee-morning", "{password}"),
        (child_in_a_text_message, "template:home-visit", "{child}"),
        (unknown_word, "word:contact_kind/TELEPATHY", "no place for this word"),
        (other_step, "step:baseline", "comes with the portal itself"),
    ],
)
def test_what_this_portal_cannot_use_is_named_and_left(cast: Cast, change: Change, code: str, why: str) -> None:
    with override("en"):
        _package, items = compared(cast, change)
    assert items[code].state == State.UNUSABLE
    assert why in items[code].why
    before = everything()[:3]
    installed(cast, change, take={code})
    assert everything()[:3] == before


def test_languages_that_nobody_has_here_or_that_read_wrong_are_left_out_and_said(cast: Cast) -> None:
    def change(packed: dict[str, list[Entry]]) -> None:
        add_phrase(packed)
        texts = packed["vocabulary"][-1]["texts"]
        texts |= {"tlh": {"label": "{child} QaH"}, "en": {"label": "helps others"}, "tr": {"label": "<b>{child}</b>"}}

    with override("en"):
        _package, items = compared(cast, change)
    notes = " ".join(items["word:growth_phrases/TELLS_JOKES"].notes)
    assert "tlh is left out: this portal keeps no texts in it." in notes
    assert "English is left out: Missing: {child}." in notes
    installed(cast, change)
    phrase = Term.objects.get(code="TELLS_JOKES")
    assert phrase.label_en in ("", None)  # type: ignore[attr-defined]
    assert phrase.label_tr == "<b>{child}</b>", "markup is words like others"  # type: ignore[attr-defined]


class TestSteps:
    def test_that_are_new_come_in_and_go_along_with_the_next_package(self, cast: Cast) -> None:
        installed(cast, add_step)
        step = PlannerStep.objects.get(key="book-market")
        assert (step.words, step.month, step.cards, step.origin) == (
            {"nl": "Haal de boeken op."},
            3,
            ["book-market"],
            BROUGHT,
        )
        assert PlannerStep.objects.order_by("-position").first() == step
        load_planner()
        step.refresh_from_db()
        assert step.is_current
        texts = entry_of(read(package_of()).contents, "planner", "book-market")["texts"]
        assert texts == {"nl": {"text": "Haal de boeken op."}}

    def test_that_came_in_before_are_replaced_when_asked(self, cast: Cast) -> None:
        def later(packed: dict[str, list[Entry]]) -> None:
            entry_of(packed, "planner", "book-market")["day"] = 28

        installed(cast, add_step)
        installed(cast, later)
        assert PlannerStep.objects.get(key="book-market").day != 28
        installed(cast, later, take={"step:book-market"})
        assert PlannerStep.objects.get(key="book-market").day == 28


def test_only_the_administrator_and_the_joint_worker_install(cast: Cast) -> None:
    row = bring_package(content=package_of(add_phrase), by=cast.staff["admin"])
    with pytest.raises(ValidationError):
        install(row=row, chosen={"word:growth_phrases/TELLS_JOKES"}, by=cast.staff["head"])
    assert not Term.objects.filter(code="TELLS_JOKES").exists()


def test_queries_do_not_grow_with_what_is_compared(cast: Cast, django_assert_max_num_queries: Any) -> None:
    package = read(package_of(add_card))
    joint = cast.staff["joint"]
    with django_assert_max_num_queries(25):
        compare(package, joint)


class TestTheCommand:
    def test_exports_the_newest_edition_and_refuses_without_one(self, cast: Cast, tmp_path: Path) -> None:
        file = tmp_path / "draaiboek.zip"
        with pytest.raises(CommandError, match="freeze_playbook"):
            call_command("playbook", "export", str(file))
        freeze_edition()
        call_command("playbook", "export", str(file))
        call_command("playbook", "export", str(file))
        assert file.read_bytes() == bytes(PlaybookEdition.objects.get().package)
        file.write_bytes(b"something else")
        with pytest.raises(CommandError, match="something else"):
            call_command("playbook", "export", str(file))

    def test_shows_first_asks_about_differences_and_installs(self, cast: Cast, tmp_path: Path, capsys: Any) -> None:
        file = tmp_path / "theirs.zip"

        def change(packed: dict[str, list[Entry]]) -> None:
            add_phrase(packed)
            other_pitfall(packed)

        file.write_bytes(package_of(change))
        before = everything()
        call_command("playbook", "install", str(file), dry_run=True)
        told = capsys.readouterr().out
        assert "word:growth_phrases/TELLS_JOKES" in told
        assert "Te lang blijven." in told
        assert everything() == before
        assert not PlaybookPackage.objects.exists()
        with pytest.raises(CommandError, match="1 differences are not decided"):
            call_command("playbook", "install", str(file))
        assert everything() == before
        call_command("playbook", "install", str(file), keep=[f"card:{VISIT}"])
        assert Term.objects.filter(code="TELLS_JOKES").exists()
        assert Method.objects.get(slug=VISIT).card_nl["pitfalls"][0] != "Te lang blijven."  # type: ignore[attr-defined]
        call_command("playbook", "install", str(file), take_all=True)
        assert Method.objects.get(slug=VISIT).card_nl["pitfalls"][0] != "Te lang blijven."  # type: ignore[attr-defined]
        call_command("playbook", "install", str(file), take=[f"card:{VISIT}"])
        assert Method.objects.get(slug=VISIT).card_nl["pitfalls"][0] == "Te lang blijven."  # type: ignore[attr-defined]

    @pytest.mark.parametrize("content", [b"", b"PK", json.dumps({}).encode()])
    def test_says_why_a_file_is_no_package(self, cast: Cast, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "x.zip"
        file.write_bytes(content)
        with pytest.raises(CommandError):
            call_command("playbook", "install", str(file))
        with pytest.raises(CommandError, match="no file"):
            call_command("playbook", "install", str(tmp_path / "nowhere.zip"))


def test_evidence_of_which_half_is_not_told_tells_no_number(cast: Cast) -> None:
    """The format lets each of both be unsaid; a card that says one of them is compared all the same."""

    def half_said(packed: dict[str, list[Entry]]) -> None:
        add_card(packed)
        entry_of(packed, "cards", "book-market")["evidence"] = {"schools": 2, "times": 30, "families": None}

    _package, items = compared(cast, half_said)
    told = " ".join(items["card:book-market"].notes)
    assert "Gebruikt in 2 scholen, tot nu toe met minder dan vijf gezinnen" in told
    assert "30" not in told
