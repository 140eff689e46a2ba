"""One notice to a class in four languages, by mail, text message, letter and call: the board shows each step."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.four_languages import FAMILIES, PHONE
from tests.browser.letterbox import GONE
from tests.browser.looking import HTML_LANGUAGES
from tests.browser.stage import Portal, wait_until
from tests.browser.test_journeys import link_in
from tests.browser.window import PHONE as SMALL
from tests.browser.window import made_cookie, new_page
from tests.browser.writing import fill_invitation

pytestmark = [pytest.mark.browser, pytest.mark.worker]


ADDRESSES = {language: address for _child, language, address, _phone in FAMILIES}
#: Longer than any rung of the ladder waits, holidays in between; shorter than a notice is looked after.
PASSED = "__import__('datetime').timedelta(days=18)"


class Board:
    """The page of the notice, open on the teacher's desk all the time: it updates itself."""

    def __init__(self, portal: Portal, page: Page, notice: int, *, care: Page) -> None:
        self.portal, self.page, self.notice, self.care = portal, page, notice, care
        self.deliveries = f"Delivery.objects.filter(notice={notice}, guardian__contact_language='tr')"

    def shows(self, way: str, **steps: int) -> None:
        """The row of a way says how many wait, are sent, arrived, answered and failed."""
        name = self.page.locator("th", has_text=re.compile(rf"^\s*{way}\s*$"))
        row = self.page.locator("#stand-wegen tr", has=name)
        for label, number in steps.items():
            expect(row.locator(f'td[data-label="{label}"]')).to_have_text(str(number), timeout=45_000)

    def look_again(self) -> None:
        """For what nothing on the page announces; what moves is shown without it."""
        self.page.reload()

    def ways(self) -> str:
        return self.portal.ask(f"list({self.deliveries}.order_by('pk').values_list('channel', 'status'))")

    def wait_for(self, *ways: tuple[str, str]) -> None:
        wait_until(lambda: self.ways() == str(list(ways)), seconds=45)

    def time_passes(self) -> None:
        """What left, left long ago; then the worker does its hourly round."""
        sent = f"{self.deliveries}.exclude(sent_at=None).update(sent_at=models.F('sent_at') - {PASSED})"
        letters = "PrintedLetter.objects.exclude(given_on=None)"
        given = f"{letters}.filter(delivery__notice={self.notice}).update(given_on=models.F('given_on') - {PASSED})"
        for change in (sent, given, "__import__('messaging.tasks', fromlist=['all']).climb_ladders.delay()"):
            self.portal.ask(change)


@pytest.fixture
def board(portal: Portal, chromium: Browser) -> Iterator[Board]:
    """The teacher writes to the class, checks it, sends it, and looks at its page."""
    made = json.loads(portal.ask("__import__('tests.browser.four_languages', fromlist=['all']).build()"))
    page, care = new_page(chromium), new_page(chromium)
    for window, name in ((page, "teacher"), (care, "care")):
        window.context.add_cookies([made_cookie(portal, made[name])])
    page.goto(portal.url("/school/berichten/nieuw/parent-meeting-invitation/"))
    fill_invitation(page, portal)
    page.locator("#notice-form button.button-primary").click()
    page.wait_for_url("**/controle/")
    expect(page.locator("main")).to_contain_text("Türkçe")
    page.locator('form[action$="/verzenden/"] button').click()
    page.wait_for_url(re.compile(r"/school/berichten/\d+/$"))
    yield Board(portal, page, int(page.url.rstrip("/").rsplit("/", 1)[1]), care=care)
    page.context.close()
    care.context.close()


def test_a_notice_goes_on_until_every_family_is_reached(portal: Portal, chromium: Browser, board: Board) -> None:
    for language in ("ar", "pa", "nl"):
        _arrives_in_its_language(portal, language)
    assert _way_of_the_mail_that_came_back(board) == [("EMAIL", "FAILED"), ("SMS", "SENT")]
    assert GONE in portal.letterbox.refused
    board.shows("E-mail", Verzonden=3, Mislukt=1)
    board.shows("Sms", Verzonden=1)
    _the_work_list_says_why_and_what_is_next(portal, board.care)

    _a_parent_answers_from_the_mail(portal, chromium, "pa", "yes_interpreter")
    _a_parent_answers_from_the_mail(portal, chromium, "ar", "yes")
    _a_parent_answers_from_the_mail(portal, chromium, "nl", "yes")
    board.look_again()
    board.shows("E-mail", Beantwoord=3)
    expect(board.page.locator("#stand")).to_contain_text("Jasleen")

    _the_gateway_reports_that_nobody_has_the_number(portal)
    board.wait_for(("EMAIL", "FAILED"), ("SMS", "FAILED"), ("LETTER", "QUEUED"))
    board.look_again()
    board.shows("Sms", Mislukt=1)
    board.shows("Brief", Wacht=1)
    for words in ("Deniz", "e-mail", "sms", "brief"):
        expect(board.page.locator("#niet-bereikt")).to_contain_text(words)

    _the_letter_is_made_and_given(board)
    board.shows("Brief", Aangekomen=1)
    expect(board.page.locator("#niet-bereikt")).to_have_count(0)

    board.time_passes()
    board.wait_for(("EMAIL", "FAILED"), ("SMS", "FAILED"), ("LETTER", "DELIVERED"), ("CALL", "QUEUED"))
    board.look_again()
    board.shows("Telefoon", Wacht=1)
    expect(board.page.locator("#bellen")).to_contain_text("Tine Vlier")
    board.page.locator('#bellen button[value="REACHED_AGREED"]').click()
    expect(board.page.locator("#bellen")).to_have_count(0)
    board.shows("Telefoon", Aangekomen=1)
    spoken = "ContactMoment.objects.filter(pupils__first_name='Deniz', pupils__last_name='Vlierboom', is_two_way=True)"
    assert portal.ask(f"{spoken}.count()") == "1"
    _nobody_stands_in_the_log(portal)
    for level in board.page.locator(".level-number b").all()[:3]:
        expect(level).to_have_text("4")


def _nobody_stands_in_the_log(portal: Portal) -> None:
    """What web server, worker and beat said meanwhile names no link, address or number."""
    said = (portal.folder / "said.txt").read_text()
    links = [link_in(portal, ADDRESSES[language]) for language in ("ar", "pa", "nl")]
    for secret in (*(link.rstrip("/").rsplit("/", 1)[1] for link in links), *ADDRESSES.values(), PHONE[1:]):
        assert secret not in said


def _arrives_in_its_language(portal: Portal, language: str) -> None:
    wait_until(lambda: portal.letterbox.to(ADDRESSES[language]))
    html = portal.letterbox.to(ADDRESSES[language])[-1].get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert f'lang="{HTML_LANGUAGES[language]}"' in html
    assert ('dir="rtl"' in html) == (language == "ar")


def _way_of_the_mail_that_came_back(board: Board) -> list[tuple[str, str]]:
    """The portal takes the next way by itself; the text message at the phone is in Turkish."""
    phones = board.portal.phones
    wait_until(lambda: [query for query in phones.queries if query["to"] == PHONE])
    text = next(query["text"] for query in phones.queries if query["to"] == PHONE)
    assert "Deniz" not in text
    assert "/b/" in text
    board.wait_for(("EMAIL", "FAILED"), ("SMS", "SENT"))
    return [("EMAIL", "FAILED"), ("SMS", "SENT")]


def _the_work_list_says_why_and_what_is_next(portal: Portal, page: Page) -> None:
    page.goto(portal.url("/school/niet-bereikt/?reden=BOUNCED"))
    row = page.locator("#not-reached li", has_text="Deniz")
    expect(row.locator("strong")).not_to_be_empty()
    family = row.locator('a[href*="/school/gezinnen/"]').first.get_attribute("href")
    page.goto(portal.url(f"{family}berichten/"))
    expect(page.locator("main")).to_contain_text("Deniz")


def _a_parent_answers_from_the_mail(portal: Portal, chromium: Browser, language: str, key: str) -> None:
    page = new_page(chromium, width=SMALL, script=False)
    page.goto(link_in(portal, ADDRESSES[language]))
    expect(page.locator("html")).to_have_attribute("lang", HTML_LANGUAGES[language])
    page.locator(f'button[name="answer"][value="{key}"]').click()
    expect(page.locator('button[aria-pressed="true"]')).to_have_attribute("value", key)
    page.context.close()


def _the_gateway_reports_that_nobody_has_the_number(portal: Portal) -> None:
    """As Kannel does, at the address that came with the message."""
    query = next(query for query in portal.phones.queries if query["to"] == PHONE)
    address = query["dlr-url"].replace("%d", "2").replace("%A", quote("id:1 stat:UNDELIV err:001"))
    with urlopen(portal.url(address)) as answer:  # noqa: S310 - loopback
        assert answer.status == 200


def _the_letter_is_made_and_given(board: Board) -> None:
    page, notice = board.page, board.page.url
    page.locator('#brieven form[action$="/brieven/"] button').click()
    page.wait_for_url(re.compile(r"/school/brieven/\d+/"))
    expect(page.locator('main a[href$=".pdf"]')).to_be_visible(timeout=30_000)
    page.locator('main button[name="how"][value="child"]').click()
    expect(page.locator('main button[name="how"]')).to_have_count(0)
    page.goto(notice)
