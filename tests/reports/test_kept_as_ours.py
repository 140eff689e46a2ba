"""What stayed ours beside the words of a package is not asked again with each edition that says the same."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from reports.models import PlaybookPackage
from reports.retention import RULES
from schools import clock
from schools.keeping import carry_out
from schools.models import Method
from tests.cast import Cast
from tests.reports.packages import entry_of, package_of

pytestmark = pytest.mark.django_db

COST = 3


@pytest.fixture
def cast(town_with_texts: Cast, db: None) -> Cast:
    """The town of a file's tests: there is one."""
    return town_with_texts


def another_cost(packed: Any) -> None:
    """A card that costs something else there; more schools use it with each edition."""
    card = entry_of(packed, "cards", "home-visit")
    card["cost_eur"] = COST
    card["evidence"] = {"schools": 9, "times": None, "families": None}


def another_aim(packed: Any) -> None:
    another_cost(packed)
    entry_of(packed, "cards", "home-visit")["texts"]["nl"]["aim"] = "Elkaar leren kennen."


def bring(browser: Client, content: bytes) -> tuple[str, Any]:
    """A package comes in: its address and its page."""
    answer = browser.post(reverse("package_bring"), {"file": SimpleUploadedFile("x.zip", content)})
    address = answer.headers["Location"]
    return address, browser.get(address)


def decided(browser: Client, address: str, page: Any, others: str = "") -> Any:
    """The form as it stands, and what is said of the differences that are still open."""
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    return browser.post(address, {name: value for name, value in fields.items() if value} | {"others": others})


def visits(page: Any, state: str) -> list[str]:
    return [entry["item"].key for group in page.context["groups"] for entry in group[state]]


def cost() -> int:
    return int(Method.objects.get(slug="home-visit").cost_eur or 0)


@pytest.fixture
def browser(cast: Cast) -> Client:
    """Whose draaiboek stayed as it was beside the third edition of another one."""
    found = cast.client("joint")
    address, page = bring(found, package_of(another_cost, edition=3))
    assert visits(page, "different") == ["home-visit"]
    assert decided(found, address, page, "keep").status_code == 302
    return found


def test_the_next_edition_that_says_the_same_asks_nothing(browser: Client) -> None:
    before = cost()
    address, page = bring(browser, package_of(another_cost, edition=4))
    assert (visits(page, "different"), visits(page, "kept")) == ([], ["home-visit"])
    assert "Er is niets nieuws te beslissen" in page.content.decode()
    assert decided(browser, address, page).status_code == 302, "and it is no error to say nothing more"
    assert cost() == before != COST


def test_new_words_are_asked_about(browser: Client) -> None:
    _address, page = bring(browser, package_of(another_aim, edition=4))
    assert (visits(page, "different"), visits(page, "kept")) == (["home-visit"], [])


def test_theirs_may_still_be_taken(browser: Client) -> None:
    address, page = bring(browser, package_of(another_cost, edition=4))
    (entry,) = [entry for group in page.context["groups"] for entry in group["kept"]]
    form = page.context["form"]
    answer = browser.post(address, {"seen": form["seen"].value(), entry["field"].name: "take"})
    assert answer.status_code == 302
    assert cost() == COST
    Method.objects.filter(slug="home-visit").update(cost_eur=7)
    _address, page = bring(browser, package_of(another_cost, edition=5))
    assert (visits(page, "different"), visits(page, "kept")) == (["home-visit"], []), "what was taken did not stay ours"


def test_taking_all_that_is_open_takes_nothing_that_stayed_before(browser: Client, cast: Cast, tmp_path: Path) -> None:
    file, said = tmp_path / "draaiboek.zip", StringIO()
    file.write_bytes(package_of(another_cost, edition=4))
    email = cast.staff["joint"].email
    call_command("playbook", "install", str(file), "--take-all", "--as", email, stdout=said)
    assert "Ours stayed before" in said.getvalue()
    assert cost() != COST
    call_command("playbook", "install", str(file), "--take", "card:home-visit", "--as", email, stdout=said)
    assert cost() == COST


@pytest.mark.parametrize(("others", "stays"), [("keep", True), ("", False)])
def test_a_package_about_which_somebody_decided_stays(cast: Cast, others: str, stays: bool) -> None:
    browser = cast.client("joint")
    address, page = bring(browser, package_of(another_cost))
    decided(browser, address, page, others)
    PlaybookPackage.objects.update(brought_at=clock.now() - timedelta(days=31))
    rule = next(rule for rule in RULES if rule.key == "packages of draaiboeken")
    carry_out(rule, dry_run=False)
    assert PlaybookPackage.objects.exists() is stays
