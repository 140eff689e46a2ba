"""A teacher reads a notice aloud into the microphone; a father hears it on his phone, with or without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.front import Certificate
from tests.browser.looking import faults
from tests.browser.stage import Portal, wait_until
from tests.browser.test_files import link_for
from tests.browser.window import CHROMIUM, CHROMIUM_FLAGS, DESK, PHONE, become, new_page, pinned
from tests.browser.writing import fill_invitation

pytestmark = [pytest.mark.browser, pytest.mark.worker]

CHILDREN = ("Yasmina", "Jef")
COMPOSE = "/school/berichten/nieuw/parent-meeting-invitation/"
#: Counts how often the page asks for a microphone.
MICROPHONES = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.opened = 0;
  navigator.mediaDevices.getUserMedia = (wanted) => { window.opened += 1; return ask(wanted); };
}"""
#: A microphone that beeps, and nobody who must be asked for it.
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
LENGTH = """async (player) => {
  const known = new Promise((done) => player.addEventListener("loadedmetadata", done));
  [player.preload, player.src] = ["metadata", player.src];
  await known;
  return player.duration;
}"""
#: One voice for Arabic on the device itself, one for Dutch that would send the text to somebody else.
VOICES = """
const said = [];
window.said = said;
window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
  speaking: false,
  getVoices: () => [{ lang: "ar-SA", localService: true }, { lang: "nl-NL", localService: false }],
  speak: (utterance) => said.push([utterance.lang, utterance.text]),
  cancel: () => undefined,
}) });
"""


@pytest.fixture(scope="module")
def studio(chromium: Browser, certificate: Certificate) -> Iterator[Browser]:
    """A browser with a microphone."""
    flags = [*CHROMIUM_FLAGS, *MICROPHONE, *pinned(certificate.pin)]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=flags)
    yield browser
    browser.close()


def write(page: Page, portal: Portal) -> int:
    """A draft to two families; the notice's number."""
    become(page, portal, "leerkracht")
    page.goto(portal.url(COMPOSE))
    fill_invitation(page, portal)
    page.locator("#pupils-field summary").click()
    for child in CHILDREN:
        page.locator("#pupils-field label", has_text=re.compile(rf"^\s*{child}\b")).click()
    page.locator("#notice-form button.button-primary").first.click()
    page.wait_for_url("**/controle/")
    return int(page.url.rstrip("/").split("/")[-2])


def record(page: Page, seconds: str) -> None:
    """Speak until the page counts so many seconds; a finger that is quick opens one microphone all the same."""
    page.evaluate(MICROPHONES)
    page.locator("[data-start]").evaluate("button => { button.click(); button.click(); }")
    assert page.evaluate("window.opened") == 1
    expect(page.locator("[data-elapsed]")).to_have_text(seconds)
    page.locator("[data-stop]").click()
    expect(page.locator(".recorder audio")).to_be_visible()
    page.locator('form[enctype] button[type="submit"]').click()
    expect(page.locator(".voice-row audio")).to_be_visible()


def send(page: Page, portal: Portal, number: int) -> None:
    page.goto(portal.url(f"/school/berichten/{number}/controle/"))
    assert faults(page, "nl") == []
    page.locator('form[action$="/verzenden/"] button').click()
    page.wait_for_url(re.compile(r"/school/berichten/\d+/$"))


def play(page: Page) -> None:
    """Press play, as a thumb does; until it sounds."""
    page.locator(".voices audio").first.evaluate("player => player.play()")


def test_a_voice_goes_from_a_microphone_to_a_phone(portal: Portal, studio: Browser, chromium: Browser) -> None:
    page = new_page(studio, width=DESK)
    number = write(page, portal)
    page.goto(portal.url(f"/school/berichten/{number}/opnames/?stem=ar"))
    assert faults(page, "nl") == []
    record(page, "0:02")
    assert faults(page, "nl") == []
    length = page.locator(".voice-row audio").evaluate(LENGTH)
    assert 1 <= length <= 10
    send(page, portal, number)
    expect(page.locator("#opnames audio")).to_be_visible()
    assert faults(page, "nl") == []
    page.context.close()
    heard = f"Delivery.objects.filter(notice={number}, listened_at__isnull=False).count()"

    phone = new_page(studio, width=PHONE)
    phone.goto(link_for(portal, number, "ar"))
    expect(phone.locator(".voices audio")).to_have_count(1)
    assert faults(phone, "ar") == []
    assert portal.ask(heard) == "0"
    play(phone)
    expect(phone.locator("[data-heard]")).to_be_visible()
    expect(phone.locator('[value="listened"]')).to_be_hidden()
    wait_until(lambda: portal.ask(heard) == "1")
    phone.context.close()

    plain = new_page(chromium, width=PHONE, script=False)
    plain.goto(link_for(portal, number, "nl"))
    plain.locator(".voices summary").click()
    expect(plain.locator(".voices audio")).to_be_visible()
    plain.locator('[value="listened"]').click()
    expect(plain.locator("[data-heard]")).to_be_visible()
    assert portal.ask(heard) == "2"
    plain.context.close()


def test_the_devices_own_voice_only_where_it_speaks_the_language_itself(
    portal: Portal, chromium: Browser, sent: int
) -> None:
    page = new_page(chromium, width=PHONE)
    page.add_init_script(VOICES)
    link = link_for(portal, sent, "ar")
    page.goto(link)
    button = page.locator("[data-read]")
    expect(button).to_have_count(1)
    assert faults(page, "ar") == []
    button.click()
    said = page.evaluate("window.said")
    assert {language for language, _words in said} == {"ar-SA"}
    assert len(said) >= 3
    page.goto(f"{link}?taal=nl")
    expect(page.locator(".notice h1")).to_be_visible()
    expect(page.locator("[data-read]")).to_have_count(0)
    page.context.close()


def test_a_device_without_a_voice_has_no_button(portal: Portal, chromium: Browser, sent: int) -> None:
    page = new_page(chromium, width=PHONE)
    page.goto(link_for(portal, sent, "ar"))
    expect(page.locator(".notice h1")).to_be_visible()
    expect(page.locator("[data-read]")).to_have_count(0)
    page.context.close()
