"""Everybody follows every link they are shown, and then tries every address that somebody else was shown."""

from __future__ import annotations

import http.client
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from tests.browser.stage import Portal
from tests.browser.window import Persons

pytestmark = pytest.mark.browser

#: Where each person begins. A stranger has no key.
STARTS = {
    "": "/",
    "leerkracht": "/school/week/",
    "leerkracht-1a": "/school/week/",
    "directie": "/school/week/",
    "directie-go": "/school/week/",
    "zorg": "/school/week/",
    "gezamenlijke": "/school/week/",
    "clb-vclb": "/school/week/",
    "clb-go": "/school/week/",
    "directeur-vclb": "/school/week/",
    "coordinator": "/school/cijfers/",
    "partner": "/school/partner/bijeenkomsten/",
    "vertaler": "/",
    "beheerder": "/school/beheer/",
    "oud-collega": "/",
    "moeder": "/ouders/",
    "vader": "/ouders/",
}
#: Who works for the same place on a wider scale, and so may open what was shown to whom.
_OF_A_CLASS = frozenset({"leerkracht", "leerkracht-1a"})
_OF_THE_SCHOOL = _OF_A_CLASS | {"directie", "zorg"}
MEETS = {
    "directie": _OF_THE_SCHOOL,
    "zorg": _OF_THE_SCHOOL,
    "clb-vclb": _OF_THE_SCHOOL | {"directeur-vclb"},
    "directeur-vclb": _OF_THE_SCHOOL | {"clb-vclb"},
    "clb-go": frozenset({"directie-go"}),
    "gezamenlijke": _OF_THE_SCHOOL | {"directie-go", "clb-vclb", "clb-go", "directeur-vclb"},
}
#: Somebody who works for more places may have been shown a family that is theirs too.
OF_A_PLACE = ("directie", "zorg", "directie-go", "clb-vclb", "clb-go", "directeur-vclb")
#: Addresses that say nothing of whose they are: each reader gets the own schools' figures and register behind them, and
#: the same help (their scopes are tried in tests/reports and tests/surface).
OF_WHOEVER_ASKS = re.compile(
    r"/school/cijfers/.*|/school/toegankelijkheid/|/school/datalekken/(afdrukken/|register\.csv)|/school/clb-dossiers/"
    r"|/school/hulp/.*"
)
PAGES_EACH = 25
#: Of pages that differ only in the number of their row.
OF_ONE_KIND = 4
REFUSED = {403, 404}


class Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


@dataclass
class Visitor:
    """One person who only reads. ``shown`` holds each address with a page on which it stood."""

    portal: Portal
    key: str
    cookies: str
    shown: dict[str, str] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, where it sends to, and the text of a page."""
        site = urlsplit(self.portal.address)
        kind = http.client.HTTPSConnection if site.scheme == "https" else http.client.HTTPConnection
        connection = kind(site.hostname or "", site.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": self.cookies, "Accept-Language": "nl-BE"})
        answer = connection.getresponse()
        text = answer.read() if "text/html" in (answer.headers["Content-Type"] or "") else b""
        connection.close()
        return answer.status, answer.headers["Location"] or "", text.decode()

    def links_on(self, path: str, text: str) -> Iterator[str]:
        for link in Links(text).found:
            there = urlsplit(urljoin(self.portal.address + path, link))
            site = urlsplit(self.portal.address)
            own = (there.netloc, there.scheme) == (site.netloc, site.scheme)
            if own and "taal=" not in there.query and not there.path.startswith(("/demo/", "/static/")):
                yield there.path + (f"?{there.query}" if there.query else "")

    def crawl(self, start: str) -> None:
        """Everywhere: first the pages and then the filters that were seen least; among equals what was found first.
        So fewer pages show more kinds than the order of the links would."""
        waiting, found, seen = [start], Counter[str](), Counter[str]()
        while waiting and len(self.answers) < PAGES_EACH:
            path = min(waiting, key=lambda path: (seen[kind_of(path)], "?" in path))
            waiting.remove(path)
            seen[kind_of(path)] += 1
            status, to, text = self.get(path)
            self.answers[path] = status
            for link in [*self.links_on(path, text), *([urljoin(path, to)] if to else [])]:
                if link in self.shown:
                    continue
                self.shown[link] = path
                found[kind_of(link)] += 1
                if found[kind_of(link)] <= OF_ONE_KIND and link not in self.answers:
                    waiting.append(link)

    def may_have(self, path: str, stood_on: str) -> bool:
        """Whether this person is shown the address too: somewhere on the way, or where the other one found it."""
        if path in self.shown:
            return True
        status, _to, text = self.get(stood_on)
        return status == 200 and path in self.links_on(stood_on, text)


def kind_of(path: str) -> str:
    """The address without the numbers of rows and without the words of a search."""
    site = urlsplit(path)
    names = sorted(part.split("=")[0] for part in site.query.split("&"))
    return re.sub(r"/\d+", "/#", site.path) + "?" + "&".join(names)


def families_of(portal: Portal, key: str) -> set[str]:
    """The pages of the families with a child in a school or centre of this person, straight from the enrolments."""
    posts = f"Assignment.objects.filter(user__email={portal.accounts[key]['email']!r})"
    schools = f"School.objects.filter(Q(clb__in={posts}.values('clb_centre')) | Q(pk__in={posts}.values('school')))"
    pupils = f"Enrolment.objects.filter(school__in={schools.replace('Q(', 'models.Q(')}).values('pupil')"
    rows = f"Family.objects.filter(memberships__pupil__in={pupils}).values_list('pk', flat=True)"
    return {f"/school/gezinnen/{number}/" for number in portal.ask(f"' '.join(map(str, {rows}))").split()}


def steps_of(portal: Portal, key: str) -> set[str]:
    """The pages of the year planner's steps of this person's school, which everybody who works there reads."""
    schools = f"Assignment.objects.filter(user__email={portal.accounts[key]['email']!r}).values('school')"
    rows = f"PlannedStep.objects.filter(plan__school__in={schools}).values_list('pk', flat=True)"
    return {f"/school/jaarplanner/stap/{number}/" for number in portal.ask(f"' '.join(map(str, {rows}))").split()}


def questions_of(portal: Portal, key: str) -> set[str]:
    """The questionnaires for the team of this person's school, which each of the team is asked to fill in."""
    schools = f"Assignment.objects.filter(user__email={portal.accounts[key]['email']!r}).values('school')"
    rows = f"MeasurementWave.objects.filter(school__in={schools}, audience='TEAM').values_list('pk', flat=True)"
    return {f"/school/metingen/{number}/antwoorden/" for number in portal.ask(f"' '.join(map(str, {rows}))").split()}


def run_by_the_administrator(visitors: dict[str, Visitor]) -> set[str]:
    """The pages of colleagues and of classes' names that anybody was shown: an administrator may open each of them."""
    shown = {path for visitor in visitors.values() for path in visitor.shown}
    return {path for path in shown if re.fullmatch(r"/school/(medewerkers/\d+|klassen/\d+/bewerken)/", path)}


@pytest.fixture(scope="module")
def visitors(portal: Portal, persons: Persons) -> dict[str, Visitor]:
    """All of them, after their walk."""
    everybody = {}
    for key in STARTS:
        state = persons.state(key) or {"cookies": []}
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in state["cookies"])
        everybody[key] = Visitor(portal, key, cookies)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda visitor: visitor.crawl(STARTS[visitor.key]), everybody.values()))
    return everybody


def test_every_link_shown_leads_somewhere(visitors: dict[str, Visitor]) -> None:
    broken = [
        f"{visitor.key or 'stranger'}: {status} {path}, shown on {visitor.shown.get(path)}"
        for visitor in visitors.values()
        for path, status in visitor.answers.items()
        if status not in (200, 302, 301)
    ]
    assert not broken, "\n".join(broken)


def test_everybody_finds_pages(visitors: dict[str, Visitor]) -> None:
    for key in ("leerkracht", "directie", "gezamenlijke", "clb-go", "moeder"):
        assert len(visitors[key].answers) > 10, key
    assert len(visitors["gezamenlijke"].answers) == PAGES_EACH


def test_nobody_opens_what_was_shown_to_others_alone(portal: Portal, visitors: dict[str, Visitor]) -> None:
    """Every page of every person's walk, tried by everybody else."""
    own = {key: families_of(portal, key) for key in OF_A_PLACE}
    own |= {key: steps_of(portal, key) | questions_of(portal, key) for key in _OF_A_CLASS}
    own["beheerder"] = run_by_the_administrator(visitors)
    tries = {
        (other.key, path): (visitor, other)
        for visitor in visitors.values()
        for path in visitor.answers
        if path in visitor.shown and path.startswith(("/school/", "/ouders/"))
        if ("?" not in path or "?pupil=" in path) and visitors[""].get(path)[0] != 200
        for other in visitors.values()
        if path not in other.answers and visitor.key not in MEETS.get(other.key, ())
    }

    def attempt(entry: tuple[tuple[str, str], tuple[Visitor, Visitor]]) -> str:
        (key, path), (finder, other) = entry
        if OF_WHOEVER_ASKS.fullmatch(path):
            return ""
        stood_on = finder.shown[path]
        status, to, _text = other.get(path)
        if status in REFUSED or (status == 302 and "aanmelden" in to) or to == "/":
            return ""
        if status == 200 and (path in own.get(key, ()) or other.may_have(path, stood_on)):
            return ""
        return f"{key or 'stranger'}: {status} {to} {path}, shown to {finder.key} on {stood_on}"

    with ThreadPoolExecutor(4) as pool:
        wrong = [line for line in pool.map(attempt, tries.items()) if line]
    assert len(tries) > 300
    assert not wrong, f"{len(wrong)} of {len(tries)}:\n" + "\n".join(wrong[:40])


def test_a_filter_shows_no_other_school(visitors: dict[str, Visitor]) -> None:
    """A choice in the address that belongs to somebody else's list is no key to it."""
    others = [path for path in visitors["directie"].shown if path.startswith("/school/") and "?" in path]
    chosen = [path for path in others if "school=" in path or "klas=" in path]
    assert chosen
    for path in chosen[:20]:
        status, _to, text = visitors["directie-go"].get(path)
        assert status in REFUSED or "Kersenboom" not in text, path
