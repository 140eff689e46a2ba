"""Who is no part of a family's work finds nothing of it: a city, a partner, another school, one whose time is over."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import addresses
from tests.browser.stage import Portal
from tests.browser.window import Persons

pytestmark = [pytest.mark.browser, pytest.mark.worker]

ROWS = ("family", "class", "contact", "notice", "thread")


@pytest.mark.parametrize(
    ("key", "statuses"),
    [
        ("leerkracht-1a", {404}),
        ("directie-go", {404}),
        ("coordinator", {403}),
        ("partner", {403}),
        ("oud-collega", {403, 404}),
    ],
)
def test_the_rows_of_3b_are_not_there_for(key: str, statuses: set[int], portal: Portal, persons: Persons) -> None:
    page, paths = persons.page(key), addresses(portal)
    for name in ROWS:
        answer = page.request.get(portal.url(paths[name]), max_redirects=0)
        assert answer.status in statuses, (name, answer.status)
        assert "Kaur" not in answer.text()
    page.context.close()


def test_a_stranger_and_a_parent_come_no_further_than_the_door(portal: Portal, persons: Persons) -> None:
    paths = addresses(portal)
    for key in ("", "moeder"):
        page = persons.page(key)
        for name in (*ROWS, "week", "figures", "reports"):
            answer = page.request.get(portal.url(paths[name]), max_redirects=0)
            assert answer.status in (302, 403, 404), (key, name)
            assert "Kaur" not in answer.text()
        page.context.close()


def test_the_coordinator_sees_figures_and_no_name(portal: Portal, persons: Persons) -> None:
    page = persons.page("coordinator")
    names = set(portal.ask("'|'.join(Pupil.objects.values_list('last_name', flat=True).distinct())").split("|"))
    for path in ("/school/cijfers/", "/school/cijfers/I01/?per=school", "/school/cijfers/I06/", "/school/evaluatie/"):
        page.goto(portal.url(path))
        expect(page.locator("h1")).to_have_count(1)
        words = set(re.findall(r"\w+", page.locator("main").inner_text()))
        assert not {name for name in names if name in words}, path
    page.context.close()


def test_the_joint_worker_sees_both_networks(portal: Portal, persons: Persons) -> None:
    page = persons.page("gezamenlijke")
    page.goto(portal.url("/school/cijfers/"))
    for code in ("I01", "I02", "I06", "I13", "I17", "I23"):
        expect(page.locator(f'main a[href*="/school/cijfers/{code}/"]').first).to_be_visible()
    networks = set(
        portal.ask(
            "'|'.join(School.objects.filter(participations__role='PILOT').values_list('network', flat=True))"
        ).split("|")
    )
    assert len(networks) >= 2
    page.goto(portal.url("/school/niet-bereikt/"))
    family = page.locator('main a[href*="/school/gezinnen/"]').first
    family.click()
    page.wait_for_url(re.compile(r"/school/gezinnen/\d+/"))
    expect(page.locator("main .ladder").first).to_be_visible()
    page.context.close()
