"""Without a network a talk is logged all the same; it waits sealed on the device and arrives once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import Portal
from tests.browser.window import COMPLAINTS, PHONE, become, new_page

pytestmark = pytest.mark.browser

LOG = "/school/contactmomenten/nieuw/"
#: Everything that the page's database holds, keys that cannot leave it as such.
STORED = """() => new Promise((resolve) => {
  const request = indexedDB.open("ingroeibloei", 1);
  request.onsuccess = async () => {
    const all = (store) => new Promise((done) => {
      const rows = request.result.transaction(store).objectStore(store).getAll();
      rows.onsuccess = () => done(rows.result);
    });
    const text = (key, value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
      ? new TextDecoder("latin1").decode(value)
      : value instanceof CryptoKey ? `key that leaves: ${value.extractable}` : value;
    const found = JSON.stringify([await all("kept"), await all("queue")], text);
    request.result.close();
    resolve(found);
  };
})"""
DRAFT = """async () => {
  const form = document.querySelector("form[data-quick-log]");
  return Boolean(await self.offlineStore.draft(form.dataset.quickLog, form.elements.writer.value));
}"""
LATER = """(hours) => { const now = Date.now; Date.now = () => now() + hours * 3600 * 1000; }"""


@pytest.fixture
def phone(portal: Portal, chromium: Browser) -> Iterator[Page]:
    """The teacher's phone, with her children on it."""
    page = new_page(chromium, width=PHONE)
    become(page, portal, "leerkracht")
    page.goto(portal.url(LOG))
    expect(page.locator("html[data-offline-ready]")).to_have_count(1)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    yield page
    page.context.close()


@contextmanager
def cut(page: Page) -> Iterator[None]:
    """The network is gone; what the browser says of that is no complaint."""
    page.context.set_offline(True)
    try:
        yield
    finally:
        page.context.set_offline(False)
        COMPLAINTS.seen[:] = [line for line in COMPLAINTS.seen if "ERR_INTERNET_DISCONNECTED" not in line]


def logs_offline(page: Page, portal: Portal, note: str = "") -> str:
    """Child, kind, outcome: three taps after opening. Which child it was."""
    page.goto(portal.url(LOG))
    expect(page.locator("h1")).to_have_text("Een gesprek noteren zonder netwerk")
    child = page.locator("[data-children] button").first
    name = child.locator("bdi").inner_text()
    child.click()
    if note:
        page.locator("details", has_text="Feiten").locator("summary").last.click()
        page.locator("#id_note").fill(note)
    page.locator('label:has(input[value="PHONE"])').click()
    page.locator('button[value="REACHED_AGREED"]').click()
    expect(page.locator("[data-status]")).to_contain_text("1")
    return name


def waiting(page: Page) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(page.evaluate(STORED))[1]
    return rows


def empty_queue(page: Page) -> None:
    """Wait until nothing waits on the device; ``wait_for_function`` would take the promise itself for an answer."""
    for _time in range(100):
        if page.evaluate("async () => (await self.offlineStore.waiting()).length") == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(STORED))


def sent(page: Page, portal: Portal) -> None:
    page.goto(portal.url("/school/week/"))
    empty_queue(page)
    expect(page.locator("[data-offline]")).to_be_hidden()


def test_a_talk_without_a_network_waits_and_arrives_once(phone: Page, portal: Portal) -> None:
    note = "Wacht sinds de poort op een netwerk"
    with cut(phone):
        child = logs_offline(phone, portal, note)
        stored = phone.evaluate(STORED)
        for secret in (child, note, "PHONE"):
            assert secret not in stored
        assert "key that leaves: false" in stored
        [row] = waiting(phone)
    sent(phone, portal)
    again = phone.evaluate(
        """async (row) => {
          const place = document.querySelector("[data-offline]").dataset;
          const answer = await fetch(place.send, {
            method: "POST",
            headers: { "Content-Type": "application/json", "X-CSRFToken": place.token },
            body: JSON.stringify({ talks: [row, row] }),
          });
          return (await answer.json()).talks.map((talk) => talk.state);
        }""",
        row,
    )
    assert again == ["stored", "stored"]
    counted = f"ContactMoment.objects.filter(note={note!r}).count()"
    assert portal.ask(counted) == "1"


@pytest.mark.parametrize("where", ["put", "transaction"])
def test_a_full_device_says_so_and_what_was_typed_stays(phone: Page, portal: Portal, where: str) -> None:
    """Some browsers refuse the row, others take it and give up when they write it down."""
    note = "Geen plaats meer op dit toestel"
    with cut(phone):
        phone.goto(portal.url(LOG))
        phone.locator("[data-children] button").first.click()
        phone.locator("details", has_text="Feiten").locator("summary").last.click()
        phone.locator("#id_note").fill(note)
        phone.locator('label:has(input[value="PHONE"])').click()
        phone.evaluate(
            """(where) => {
              const store = IDBObjectStore.prototype;
              const put = store.put;
              store.put = function (...given) {
                if (where === "put") throw new DOMException("full", "QuotaExceededError");
                const request = put.apply(this, given);
                request.addEventListener("success", () => this.transaction.abort());
                return request;
              };
            }""",
            where,
        )
        phone.locator('button[value="REACHED_AGREED"]').click()
        expect(phone.locator("[data-status]")).to_contain_text("kan niets meer bewaren")
        expect(phone.locator("#id_note")).to_have_value(note)
        assert waiting(phone) == []


def test_two_taps_are_one_talk_that_lasted_since_its_child_was_chosen(phone: Page, portal: Portal) -> None:
    note = "Twee tikken aan de poort"
    with cut(phone):
        phone.goto(portal.url(LOG))
        child = phone.locator("[data-children] button").first
        expect(child).to_be_visible()
        phone.evaluate(LATER, 0.5)
        child.click()
        phone.locator("details", has_text="Feiten").locator("summary").last.click()
        phone.locator("#id_note").fill(note)
        phone.locator('button[value="REACHED_AGREED"]').evaluate("button => { button.click(); button.click(); }")
        expect(phone.locator("[data-status]")).to_contain_text("1")
        assert len(waiting(phone)) == 1
    sent(phone, portal)
    lasted = f"[row.seconds_to_log or 0 for row in ContactMoment.objects.filter(note={note!r})]"
    [seconds] = json.loads(portal.ask(lasted))
    assert seconds < 60


def test_files_of_an_earlier_version_leave_the_device(phone: Page, portal: Portal) -> None:
    phone.evaluate(
        """async () => {
          await (await caches.open("offline-1")).put("/static/van-vroeger.css", new Response("oud"));
          await (await navigator.serviceWorker.getRegistration()).unregister();
        }"""
    )
    phone.goto("about:blank")
    phone.goto(portal.url(LOG))
    expect(phone.locator("html[data-offline-ready]")).to_have_count(1)
    for _time in range(50):
        if not phone.evaluate("async () => Boolean(await caches.match('/static/van-vroeger.css'))"):
            return
        phone.wait_for_timeout(100)
    raise AssertionError("It is still there.")


def test_a_form_that_was_on_its_way_is_kept_too(phone: Page, portal: Portal) -> None:
    phone.locator(".tap-list a").first.click()
    expect(phone.locator("form[data-quick-log]")).to_be_visible()
    with cut(phone):
        phone.locator('form[data-quick-log] button[value="REACHED_AGREED"]').first.click()
        expect(phone.locator("[data-status]")).to_contain_text("bewaard op dit toestel")
        assert len(waiting(phone)) == 1
    sent(phone, portal)


def test_what_the_school_cannot_take_comes_back_with_the_reason(phone: Page, portal: Portal) -> None:
    with cut(phone):
        phone.goto(portal.url(LOG))
        phone.locator("[data-children] button").first.click()
        phone.locator('label:has(input[value="HOME_VISIT"])').click()
        phone.locator('button[value="REACHED_AGREED"]').click()
        expect(phone.locator("[data-status]")).to_contain_text("1")
    phone.goto(portal.url("/school/week/"))
    place = phone.locator("[data-offline]")
    expect(place).to_contain_text("huisbezoek")
    place.get_by_role("button", name="Verbeteren").click()
    expect(phone.locator("form[data-quick-log]")).to_be_visible()
    phone.locator('label:has(input[value="nobody"])').click()
    phone.locator('form[data-quick-log] button[value="REACHED_AGREED"]').first.click()
    phone.wait_for_url(re.compile(r"/school/contactmomenten/\d+/$"))
    sent(phone, portal)


def test_the_names_go_after_twelve_hours_and_with_the_signing_out(phone: Page, portal: Portal) -> None:
    with cut(phone):
        phone.add_init_script(f"({LATER})(12.1)")
        phone.goto(portal.url(LOG))
        expect(phone.locator("[data-gone]")).to_be_visible()
        assert "key that leaves" not in phone.evaluate(STORED)


def test_signing_out_waits_for_the_talks(phone: Page, portal: Portal) -> None:
    with cut(phone):
        logs_offline(phone, portal)
    phone.route("**/zonder-netwerk/versturen/", lambda route: route.fulfill(status=503))
    phone.goto(portal.url("/school/week/"))
    expect(phone.locator("[data-offline]")).to_be_visible()
    answers: list[Callable[..., None]] = []
    phone.on("dialog", lambda dialog: answers.pop(0)(dialog))
    answers.append(lambda dialog: dialog.dismiss())
    leave(phone)
    expect(phone.locator("[data-offline]")).to_be_visible()
    assert len(waiting(phone)) == 1
    assert "afmelden" not in phone.url
    answers.append(lambda dialog: dialog.accept())
    leave(phone)
    phone.wait_for_url(lambda url: "/school/week/" not in url)
    stored = json.loads(phone.evaluate(STORED))
    assert stored[1] == []
    assert "lock" not in json.dumps(stored)
    COMPLAINTS.seen.clear()  # the refusal of this test's own


def leave(page: Page) -> None:
    button = page.locator('.user-menu form[action$="/afmelden/"] button')
    if not button.is_visible():
        page.locator(".user-menu summary").click()
    button.click()


def quick_log(page: Page, portal: Portal) -> None:
    page.goto(portal.url(LOG))
    page.locator(".tap-list a").first.click()
    expect(page.locator("form[data-quick-log]")).to_be_visible()


def typed(page: Page) -> None:
    """Wait until what was typed is on the device."""
    for _time in range(30):
        if page.evaluate(DRAFT):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(STORED))


def test_what_was_typed_survives_a_closed_tab_sealed_and_goes_with_the_sending(phone: Page, portal: Portal) -> None:
    note = "Getypt aan de poort en niet verstuurd"
    quick_log(phone, portal)
    phone.locator("details", has_text="Feiten").locator("summary").last.click()
    phone.locator("#id_note").fill(note)
    typed(phone)
    assert note not in phone.evaluate(STORED)
    phone.goto(portal.url(LOG))
    child = phone.locator(".tap-list a").first
    expect(child.get_by_text("nog niet verzonden")).to_be_visible()
    expect(phone.locator("[data-drafts] a")).to_have_text(child.locator("bdi").inner_text())
    quick_log(phone, portal)
    phone.get_by_role("button", name="Ermee verdergaan").click()
    expect(phone.locator("#id_note")).to_have_value(note)
    expect(phone.locator("[data-draft]")).to_be_hidden()
    phone.locator('label:has(input[name="kind"][value="GATE_TALK"])').click()  # of the last log it was another
    phone.locator('form[data-quick-log] button[value="REACHED_AGREED"]').first.click()
    phone.wait_for_url(re.compile(r"/school/contactmomenten/\d+/$"))
    quick_log(phone, portal)
    assert not phone.evaluate(DRAFT)
    phone.goto(portal.url(LOG))
    expect(phone.locator("html[data-offline-ready]")).to_have_count(1)
    expect(phone.locator("[data-drafts]")).to_be_hidden()
    assert portal.ask(f"ContactMoment.objects.filter(note={note!r}).count()") == "1"


def test_a_talk_that_lay_open_until_its_writer_was_signed_out_stays_on_the_page(phone: Page, portal: Portal) -> None:
    """The page to sign in took its place, and the words with it: the draft went with the sending."""
    note = "Lang opengestaan en dan pas verstuurd"
    quick_log(phone, portal)
    phone.locator('label:has(input[name="kind"][value="CONFERENCE"])').click()  # of this kind none was just logged
    phone.locator("details", has_text="Feiten").locator("summary").last.click()
    phone.locator("#id_note").fill(note)
    typed(phone)
    session = next(cookie for cookie in phone.context.cookies() if cookie["name"] == "sessionid")
    phone.context.clear_cookies(name="sessionid")
    phone.evaluate(LATER, 1)
    save = phone.locator('form[data-quick-log] button[value="REACHED_AGREED"]').last
    save.click()
    expect(phone.get_by_role("alert").filter(has_text="Je bent afgemeld")).to_be_in_viewport()
    expect(phone.locator("#id_note")).to_have_value(note)
    assert phone.evaluate(DRAFT)
    phone.context.add_cookies([session])  # type: ignore[list-item]
    save.click()
    phone.wait_for_url(re.compile(r"/school/contactmomenten/\d+/$"))
    assert portal.ask(f"ContactMoment.objects.filter(note={note!r}).count()") == "1"


def test_a_talk_that_lay_open_until_the_network_was_gone_is_kept_on_the_device(phone: Page, portal: Portal) -> None:
    """Other long forms wait on their page then; a talk has a place of its own."""
    quick_log(phone, portal)
    phone.locator('label:has(input[name="kind"][value="CONFERENCE"])').click()
    phone.evaluate(LATER, 1)
    with cut(phone):
        phone.locator('form[data-quick-log] button[value="REACHED_AGREED"]').first.click()
        expect(phone.locator("[data-status]")).to_contain_text("bewaard op dit toestel")
        assert len(waiting(phone)) == 1
    sent(phone, portal)


def test_the_day_stands_beside_the_picker_and_follows_it(phone: Page, portal: Portal) -> None:
    quick_log(phone, portal)
    phone.locator("details", has_text="Feiten").locator("summary").last.click()
    day = phone.locator('[data-written-day="id_held_on"]')
    expect(day).to_be_visible()
    phone.locator("#id_held_on").fill("2027-02-12")
    expect(day).to_have_text(re.compile(r"^vr\s12\sfeb\.?\s2027$"))
    phone.locator("#id_held_on").fill("")
    expect(day).to_be_hidden()


def test_what_was_typed_outlives_names_that_were_there_before(phone: Page, portal: Portal) -> None:
    """A page that lay open since the morning; in the evening something is typed on it, and the browser lets it go."""
    quick_log(phone, portal)
    expect(phone.locator("html[data-offline-ready]")).to_have_count(1)
    phone.evaluate(f"({LATER})(11.9)")
    phone.locator("details", has_text="Feiten").locator("summary").last.click()
    phone.locator("#id_note").fill("Pas nu getypt")
    typed(phone)
    phone.add_init_script(f"({LATER})(12.1)")
    with cut(phone):
        phone.goto(portal.url(LOG))
        expect(phone.locator("[data-gone]")).to_be_visible()
    phone.goto(portal.url("/school/zonder-netwerk/"))
    expect(phone.locator("[data-children] button").first).to_be_visible()
    phone.goto(portal.url(LOG))
    expect(phone.locator("html[data-offline-ready]")).to_have_count(1)
    writer = phone.locator("[data-drafts]").get_attribute("data-drafts")
    assert phone.evaluate("async (who) => (await self.offlineStore.draftedPupils(who)).length", writer) == 1


def test_what_was_typed_goes_after_twelve_hours_and_with_the_signing_out(phone: Page, portal: Portal) -> None:
    quick_log(phone, portal)
    phone.locator("details", has_text="Feiten").locator("summary").last.click()
    phone.locator("#id_note").fill("Nog niet af")
    typed(phone)
    phone.evaluate(f"({LATER})(12.1)")
    assert not phone.evaluate(DRAFT)
    phone.locator("#id_note").fill("Nog altijd niet af")
    typed(phone)
    leave(phone)
    phone.wait_for_url(lambda url: "/contactmomenten/" not in url)
    assert json.loads(phone.evaluate(STORED))[0] == []
