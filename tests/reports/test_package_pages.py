"""Sharing a draaiboek on pages: an edition is published and downloaded, a package looked at and installed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from messaging.files.limits import MAX_BYTES
from reports.models import PlaybookPackage
from reports.packaging import read
from reports.packaging.archive import PACKAGE
from reports.packaging.reading import Entry
from reports.retention import RULES
from schools import clock
from schools.keeping import carry_out
from schools.models import Method
from tests.cast import Cast
from tests.reports.packages import Change, different_and_new, entry_of, package_of

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def cast(town_with_texts: Cast, db: None) -> Cast:
    """The town of a file's tests: there is one."""
    return town_with_texts


def bring(browser: Client, content: bytes) -> Any:
    return browser.post(reverse("package_bring"), {"file": SimpleUploadedFile("x.zip", content)})


def looked_at(cast: Cast, change: Change = different_and_new, who: str = "joint") -> tuple[Client, str, Any]:
    """A browser, the address of the package, and its page."""
    browser = cast.client(who)
    answer = bring(browser, package_of(change))
    assert answer.status_code == 302
    return browser, answer.headers["Location"], browser.get(answer.headers["Location"])


def typed(page: Any, **more: str) -> dict[str, str]:
    """The form as it stands, with answers: ``new``, ``different`` by the fields' own names."""
    form = page.context["form"]
    found = {name: form[name].value() for name in form.fields}
    return {name: "on" if value is True else value for name, value in found.items() if value} | more


def field_of(page: Any, key: str) -> str:
    for group in page.context["groups"]:
        for entry in (*group["different"], *group["new"]):
            if entry["item"].key == key:
                return str(entry["field"].name)
    raise AssertionError(key)


def test_an_edition_is_published_and_everybody_downloads_its_package(cast: Cast) -> None:
    browser = cast.client("coordinator")
    assert "nog geen uitgave" in browser.get(reverse("playbook_share")).content.decode()
    publish = reverse("edition_new")
    assert publish in browser.get(reverse("playbook_share")).content.decode()
    assert browser.post(publish).status_code == 302
    page = browser.get(reverse("playbook_share")).content.decode()
    address = reverse("edition_package", args=[1])
    assert address in page
    for name in ("playbook", "edition_list"):
        assert address in Client().get(reverse(name)).content.decode()
    answer = Client().get(address)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="draaiboek-1.zip"'
    assert not answer.cookies
    assert read(answer.content).edition == 1
    assert Client().get(reverse("edition_package", args=[2])).status_code == 404


def test_a_package_is_shown_before_anything_changes(cast: Cast) -> None:
    before = list(Method.objects.values())
    _browser, _address, page = looked_at(cast)
    html = page.content.decode()
    assert "Te lang blijven." in html
    assert Method.objects.get(slug="home-visit").card_nl["pitfalls"][0] in html  # type: ignore[attr-defined]
    assert "Uilenpost" in html
    assert list(Method.objects.values()) == before


def test_a_phrase_that_leaves_a_name_open_is_no_title_with_a_mark_in_it(cast: Cast) -> None:
    def tells_jokes(packed: Any) -> None:
        texts = {"nl": {"label": "{child} vertelt graag moppen."}}
        packed["vocabulary"].append({"key": "growth_phrases/TELLS_JOKES", "icon": "hand", "texts": texts})

    _browser, _address, page = looked_at(cast, tells_jokes)
    html = " ".join(page.content.decode().split())
    assert '<span class="choice-text" dir="auto">… vertelt graag moppen.</span>' in html
    assert "Waar <code>{child}</code> staat" in html, "and what the mark in its words is"
    plain = looked_at(cast, lambda packed: None)[2].content.decode()
    assert "<code>{child}</code>" not in plain


def test_what_stands_beside_ours_is_said_in_words_and_not_in_codes(cast: Cast) -> None:
    def change(packed: dict[str, list[Entry]]) -> None:
        template = entry_of(packed, "templates", "coffee-morning")
        template.update(confidential=True, kind="DRINGEND", answer_scope="FAMILY")
        entry_of(packed, "cards", "coffee-moment").update(kind="VIDEO")
        step = {**packed["planner"][0], "key": "new-step", "moves": "PREVIOUS", "role": "CARE_COORDINATOR"}
        packed["planner"].append({**step, "page": "not_reached"})

    _browser, _url, page = looked_at(cast, change)
    said = {
        (one.label, one.own, one.theirs)
        for group in page.context["groups"]
        for entry in (*group["different"], *group["new"])
        for one in entry["item"].differences
    }
    assert {
        ("vertrouwelijk", "nee", "ja"),
        ("soort bericht", "INFO", "DRINGEND"),
        ("wie antwoordt", "één antwoord per ouder", "één antwoord per gezin"),
        ("soort contact", "koffiemoment", "videogesprek"),
        ("als er die dag geen les is", "", "naar de schooldag ervoor"),
        ("rol", "", "zorgcoördinator"),
        ("pagina waarop het gebeurt", "", "Niet bereikt"),
    } <= said, said


def test_differences_are_decided_one_by_one_and_none_is_forgotten(cast: Cast) -> None:
    browser, address, page = looked_at(cast)
    answer = browser.post(address, typed(page))
    assert answer.status_code == 422
    assert "Kies welke van beide blijft." in answer.content.decode()
    assert not Method.objects.filter(slug="book-market").exists()
    assert browser.post(address, typed(page, **{field_of(page, "home-visit"): "take"})).status_code == 302
    visit = Method.objects.get(slug="home-visit")
    assert (visit.card_nl["pitfalls"][0], visit.cost_eur) == ("Te lang blijven.", 3)  # type: ignore[attr-defined]
    assert Method.objects.filter(slug="book-market").exists()
    row = PlaybookPackage.objects.get()
    assert (row.added, row.replaced) == (1, 1)
    assert "is al hier" in browser.get(address).content.decode()


@pytest.mark.parametrize(("others", "first"), [("keep", False), ("take", True)])
def test_or_all_at_once(cast: Cast, others: str, first: bool) -> None:
    browser, address, page = looked_at(cast, who="admin")
    assert browser.post(address, typed(page, others=others)).status_code == 302
    visit = Method.objects.get(slug="home-visit")
    assert (visit.card_nl["pitfalls"][0] == "Te lang blijven.") is first  # type: ignore[attr-defined]


def another_pitfall(packed: Any) -> None:
    entry_of(packed, "cards", "home-visit")["texts"]["nl"]["pitfalls"][0] = "Te lang blijven."


def test_taking_all_others_takes_none_of_which_a_colleague_kept_ours_meanwhile_unsaid(cast: Cast) -> None:
    """Two look at one package. What the first keeps, the second does not decide without seeing it."""
    browser, address, page = looked_at(cast, another_pitfall)
    assert cast.client("admin").post(address, typed(page, others="keep")).status_code == 302
    answer = browser.post(address, typed(page, others="take"))
    assert answer.status_code == 409
    assert "Er veranderde hier iets sinds je keek" in answer.content.decode()
    assert PlaybookPackage.objects.get().replaced == 0
    [kept] = [entry["field"].name for group in answer.context["groups"] for entry in group["kept"]]
    assert browser.post(address, typed(answer, **{kept: "take"})).status_code == 302
    assert PlaybookPackage.objects.get().replaced == 1


def test_what_is_new_may_be_left_out(cast: Cast) -> None:
    browser, address, page = looked_at(cast)
    fields = typed(page, others="keep")
    del fields[field_of(page, "book-market")]
    assert browser.post(address, fields).status_code == 302
    assert not Method.objects.filter(slug="book-market").exists()
    assert PlaybookPackage.objects.get().installed_at is None


def test_what_changed_meanwhile_is_looked_at_again(cast: Cast) -> None:
    browser, address, page = looked_at(cast)
    Method.objects.filter(slug="home-visit").update(cost_eur=9)
    answer = browser.post(address, typed(page, others="take"))
    assert answer.status_code == 409
    assert "veranderde hier iets" in answer.content.decode()
    assert Method.objects.get(slug="home-visit").cost_eur == 9


@pytest.mark.parametrize(("days", "is_installed", "stays"), [(29, False, True), (31, False, False), (31, True, True)])
def test_a_package_that_nobody_installed_goes_after_a_month(
    cast: Cast, days: int, is_installed: bool, stays: bool
) -> None:
    looked_at(cast)
    then = clock.now() - timedelta(days=days)
    PlaybookPackage.objects.update(brought_at=then, installed_at=then if is_installed else None)
    rule = next(rule for rule in RULES if rule.key == "packages of draaiboeken")
    carry_out(rule, dry_run=False)
    assert PlaybookPackage.objects.exists() is stays


def test_the_same_file_comes_in_once(cast: Cast) -> None:
    _browser, first, _page = looked_at(cast)
    _browser, second, _page = looked_at(cast, who="admin")
    assert first == second
    assert PlaybookPackage.objects.count() == 1


def test_markup_in_a_package_stays_words_everywhere(cast: Cast) -> None:
    def change(packed: dict[str, Any]) -> None:
        entry = entry_of(packed, "cards", "home-visit")
        entry["key"] = "evil"
        for texts in entry["texts"].values():
            texts["title"] = MARKUP
            texts["pitfalls"] = [MARKUP]
        entry_of(packed, "templates", "coffee-morning")["texts"]["nl"]["body"] = MARKUP

    browser, address, page = looked_at(cast, change)
    assert MARKUP not in page.content.decode()
    assert "&lt;script&gt;" in page.content.decode()
    browser.post(address, typed(page, others="take"))
    card = Client().get(reverse("method_card", args=["evil"])).content.decode()
    assert MARKUP not in card
    assert "&lt;script&gt;" in card


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "beschadigd"),
        (b"%PDF-1.7", "beschadigd"),
        (b"PK\x03\x04", "beschadigd"),
        (bytes(MAX_BYTES + 1), "beschadigd"),  # larger than a file of a notice: a package carries files
        (bytes(PACKAGE + 1), "te groot"),
    ],
)
def test_a_file_that_is_no_package_is_refused_with_a_sentence(cast: Cast, content: bytes, words: str) -> None:
    answer = bring(cast.client("joint"), content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not PlaybookPackage.objects.exists()


def test_without_a_file_the_page_asks_for_one(cast: Cast) -> None:
    answer = cast.client("joint").post(reverse("package_bring"))
    assert answer.status_code == 422
    assert "Kies een bestand." in answer.content.decode()
