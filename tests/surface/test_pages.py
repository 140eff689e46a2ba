"""What every page owes its reader: one heading, a title that begins with it, a language, a policy, no writing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from messaging.tokens import make_token
from tests.browser.questions import ROOT
from tests.surface.doors import PUBLIC
from tests.surface.routes import STAFF
from tests.surface.rows import Rows

pytestmark = pytest.mark.django_db

#: Fragments and files: not whole pages.
NOT_PAGES = {
    "notice_status",
    "machine_status",
    "translation_log_csv",
    "letter_batch_status",
    "roster_status",
    "class_list_file",
    "interpreter_sheet_csv",
    "letter_batch_pdf",
    "notice_export",
    "data_request_export",
    "clb_file_csv",
    "clb_pupil_csv",
    "clb_pupil_pdf",
    "conference_hour_file",
    "conference_host_file",
    "processing_register_csv",
    "breach_csv",
    "hours_csv",
    "hours_workbook",
    "budget_csv",
    "budget_workbook",
    "report_summary_pdf",
    "report_word",
    "report_workbook",
    "report_tables",
    "notice_file",
    "notice_recording",
    "template_recording",
    "notice_preview",
    "live",
    "ready",
    "metrics",
    "offline_worker",
    "offline_children",
    "playbook_booklet",
    "edition_package",
    "playbook_cards",
    "playbook_document",
    "edition_content",
    "edition_print",
    "card_file",
    "robots",
    "sitemap",
}
#: What public pages are about.
OF_PUBLIC: dict[str, list[Any]] = {
    "method_card": ["home-visit"],
    "school_welcome": ["999101"],
    "playbook_in": ["fr"],
    "method_card_in": ["fr", "home-visit"],
    "edition_page": ["nl", 1],
}
#: The draaiboek may be kept by everybody.
FOR_EVERYBODY = {"playbook", "method_card", "playbook_in", "method_card_in", "edition_list", "edition_page"}
#: Reading may leave a line in the access log and a session.
MAY_GROW = {"schools.AuditEntry", "schools.AuditSubject", "schools.Session"}


#: What points to another element of the page by its id.
NAMING = ("for", "list", "aria-labelledby", "aria-describedby", "aria-controls")


class Outline(HTMLParser):
    """The few things of a page that these tests look at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: dict[str, list[str]] = {"h1": [], "title": []}
        self.html: dict[str, str | None] = {}
        self.inline: list[str] = []
        self.mains = 0
        self.ids: list[str] = []
        #: Names of elements of this page by what names them.
        self.named: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.levels: list[int] = []
        self._open: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.html = given
        if tag in self.words:
            self._open = tag
            self.words[tag].append("")
        self.mains += tag == "main"
        self.ids += [one] if (one := given.get("id")) else []
        self.named += [(name, one) for name in NAMING if name in given for one in (given[name] or "").split()]
        if tag == "a" and "href" in given:
            self.links.append(given["href"] or "")
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        is_script = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if is_script or tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(tag)

    def handle_data(self, data: str) -> None:
        if self._open:
            self.words[self._open][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = None


def pages(rows: Rows) -> Iterator[tuple[str, Any]]:
    """Every whole page, each opened by somebody who may."""
    for name, route in STAFF.items():
        if route.method == "get" and route.rows and name not in NOT_PAGES:
            client = rows.cast.client("joint" if "joint" in route.rows else min(route.rows))
            yield name, client.get(reverse(name, args=route.arguments(rows)) + route.query(rows))
    for name in sorted(PUBLIC - NOT_PAGES):
        yield name, Client().get(reverse(name, args=OF_PUBLIC.get(name, [])))
    for key in ("separated_father", "separated_mother"):
        yield f"token_notice of {key}", Client().get(reverse("token_notice", args=[make_token(rows.delivery_to(key))]))
        yield (
            f"token_choices of {key}",
            Client().get(reverse("token_choices", args=[make_token(rows.delivery_to(key))])),
        )
    parent = rows.cast.guardian_client("separated_father")
    for name, arguments in (
        ("portal_home", []),
        ("portal_choices", []),
        ("portal_data", []),
        ("portal_visits", []),
        ("portal_bookings", []),
        ("portal_calendar", []),
        ("portal_absence", [rows.cast.pupils["yusuf"].pk]),
        ("portal_booking", [rows.father_slot.pk]),
        ("portal_gathering", [rows.gathering.pk]),
        ("portal_career", [rows.cast.pupils["yusuf"].pk]),
        ("portal_child", [rows.cast.pupils["yusuf"].pk]),
        ("portal_notice", [rows.delivery_to("separated_father").pk]),
    ):
        yield name, parent.get(reverse(name, args=arguments))
    for name in ("account_login", "account_reset_password"):
        yield name, Client().get(reverse(name))
    for name in ("mfa_index", "account_change_password"):
        yield name, rows.cast.client("teacher_3b").get(reverse(name), follow=True)


def standing(rows: Rows) -> tuple[Any, ...]:
    """How many rows each table has, and how the deliveries stand."""
    counted = {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in MAY_GROW
    }
    return counted, list(rows.notice.deliveries.order_by("pk").values())


@dataclass
class Reading:
    """Every page once, and what stood in the tables before and after."""

    pages: list[tuple[str, Any]]
    before: tuple[Any, ...]
    after: tuple[Any, ...]


@pytest.fixture(scope="module")
def reading(town: Rows, django_db_blocker: Any) -> Reading:
    with django_db_blocker.unblock():
        for route in STAFF.values():
            route.arguments(town)  # some rows are laid when an address first asks for them
        before = standing(town)
        return Reading(list(pages(town)), before, standing(town))


def test_every_page_is_a_whole_page(reading: Reading) -> None:
    wrong = []
    for name, answer in reading.pages:
        if answer.status_code != 200:
            wrong.append(f"{name}: status {answer.status_code}")
            continue
        outline = Outline(answer.content.decode())
        headings = [" ".join(words.split()) for words in outline.words["h1"]]
        title = " ".join(outline.words["title"][0].split()) if outline.words["title"] else ""
        if len(headings) != 1 or not headings[0]:
            wrong.append(f"{name}: headings {headings}")
        elif not title.startswith(headings[0]):
            wrong.append(f"{name}: the title {title!r} does not begin with {headings[0]!r}")
        if not outline.html.get("lang") or outline.html.get("dir") not in {"ltr", "rtl"}:
            wrong.append(f"{name}: html {outline.html}")
        if outline.mains != 1:
            wrong.append(f"{name}: {outline.mains} main")
        if outline.inline:
            wrong.append(f"{name}: inline {outline.inline[:3]}")
    assert wrong == []


def test_every_link_and_every_label_leads_somewhere(reading: Reading) -> None:
    """An empty address is the page itself; a name that is not there, or there twice, is heard by nobody."""
    wrong = []
    for name, answer in reading.pages:
        outline = Outline(answer.content.decode())
        wrong += [f"{name}: id {one!r} stands twice" for one in {*outline.ids} if outline.ids.count(one) > 1]
        wrong += [f"{name}: {what} {one!r}" for what, one in outline.named if one not in outline.ids]
        wrong += [f"{name}: a link to {one!r}" for one in outline.links if not one]
        here = [one[1:] for one in outline.links if one.startswith("#")]
        wrong += [f"{name}: a link to #{one}" for one in here if one not in outline.ids]
        if any(below - above > 1 for above, below in pairwise(outline.levels)):
            wrong.append(f"{name}: headings {outline.levels}")
    assert wrong == []


def test_every_page_carries_the_headers(reading: Reading) -> None:
    wrong = []
    for name, answer in reading.pages:
        policy = answer.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy:
            wrong.append(f"{name}: {policy[:60]}")
        if re.search(r"unsafe-(inline|eval)|\*", policy):
            wrong.append(f"{name}: weak policy")
        for header in ("X-Frame-Options", "X-Content-Type-Options", "Permissions-Policy", "Cross-Origin-Opener-Policy"):
            if header not in answer.headers:
                wrong.append(f"{name}: no {header}")
        if "Access-Control-Allow-Origin" in answer.headers:
            wrong.append(f"{name}: other origins may read it")
        if name not in FOR_EVERYBODY and "no-store" not in answer.headers.get("Cache-Control", ""):
            wrong.append(f"{name}: may be kept by a browser")
    assert wrong == []


def test_one_can_sign_out_on_every_page_behind_a_door(reading: Reading) -> None:
    staff = [(name, answer, reverse("account_logout")) for name, answer in reading.pages if name in STAFF]
    own = [(name, answer, reverse("guardian_sign_out")) for name, answer in reading.pages if name.startswith("portal_")]
    assert len(own) == 12
    assert [name for name, answer, way in staff + own if f'"{way}"' not in answer.content.decode()] == []


def test_scripts_put_text_into_a_page_and_markup_of_our_own_server_only() -> None:
    """``plain.js`` shows the hints as the server wrote them."""
    markup = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|eval\(")
    folder = ROOT / "ingroeibloei" / "static" / "ingroeibloei" / "js"
    found = {(file.name, word) for file in folder.glob("*.js") for word in markup.findall(file.read_text())}
    assert found == {("plain.js", "innerHTML")}


def test_reading_writes_nothing(reading: Reading) -> None:
    assert len(reading.pages) > 150
    assert reading.after == reading.before


def test_no_page_of_the_coordinator_names_anybody(rows: Rows) -> None:
    names = {pupil.last_name for pupil in rows.cast.pupils.values()}
    names |= {guardian.first_name for guardian in rows.cast.guardians.values()}
    client = rows.cast.client("coordinator")
    for name in ("dashboard", "how_we_count", "report_list", "playbook"):
        text = client.get(reverse(name)).content.decode()
        assert not [word for word in names if re.search(rf"\b{word}\b", text)], name
    text = client.get(reverse("indicator_detail", args=["I01"])).content.decode()
    assert not [word for word in names if re.search(rf"\b{word}\b", text)]
