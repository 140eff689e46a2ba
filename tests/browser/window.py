"""Chromium as the people of the story use it; whatever a page complains about in its console is kept."""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    StorageState,
)

from tests.browser import front
from tests.browser.stage import Portal

#: Without the windows around a page, which nobody sees here, a new page costs a sixth of the processor's time.
CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--no-pings",
    # Proves that no page fetches anything from outside: nothing else can be looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PHONE, DESK = 360, 1280
HEIGHTS = {PHONE: 740, DESK: 900}


@dataclass
class Complaints:
    """What went wrong in any page since it was last cleared. A refusal (403, 404) that a test asks for is none."""

    seen: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.seen.append(f"{message.location}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page left before its picture came
            self.seen.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        is_part = response.request.resource_type not in ("document", "fetch", "xhr")
        if response.status >= 500 or (is_part and response.status >= 400):
            self.seen.append(f"{response.url}: {response.status}")


COMPLAINTS = Complaints()


def launch(playwright: Any, pin: str = "") -> Browser:
    """With ``pin`` it accepts the one certificate that no authority it knows has signed."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, *pinned(pin)])


def pinned(pin: str) -> list[str]:
    return [f"--ignore-certificate-errors-spki-list={pin}"] if pin else []


def new_page(
    browser: Browser,
    *,
    width: int = DESK,
    language: str = "nl-BE",
    script: bool = True,
    scheme: Literal["light", "dark"] = "light",
    state: StorageState | None = None,
) -> Page:
    """A page in a fresh context, on the screen of a desk or of a phone; ``state`` makes it somebody's."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        locale=language,
        java_script_enabled=script,
        color_scheme=scheme,
        storage_state=state,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    COMPLAINTS.listen(page)
    return page


def become(page: Page, portal: Portal, key: str) -> None:
    """Become one of the cast with the one click of the demo's page; outside a demo with a session made beside it."""
    if front.chosen:
        name = f"__import__('tests.browser.entering', fromlist=['x']).session_of({key!r})"
        page.context.clear_cookies()
        page.context.add_cookies([made_cookie(portal, portal.ask(name))])
        page.goto(portal.url("/"))
        return
    page.goto(portal.url("/demo/"))
    page.locator(f'form[action$="/demo/word/{key}/"] button').click()
    page.wait_for_url(lambda url: "/demo/" not in url)


def made_cookie(portal: Portal, key: str) -> Any:
    """The cookie of a session."""
    name = "__Host-session" if front.chosen else "sessionid"
    return {"name": name, "value": key, "url": portal.address, "secure": bool(front.chosen), "httpOnly": True}


@dataclass
class Persons:
    """The cast's sessions: each of them signs in once."""

    browser: Browser
    portal: Portal

    @functools.cache  # noqa: B019 - lives as long as the session of the tests
    def state(self, key: str) -> StorageState | None:
        if not key:
            return None
        page = new_page(self.browser)
        become(page, self.portal, key)
        state = page.context.storage_state()
        page.context.close()
        return state

    def page(self, key: str, **more: Any) -> Page:
        """A page of this person, or of a stranger for an empty key."""
        return new_page(self.browser, state=self.state(key), **more)

    def __hash__(self) -> int:
        return id(self)
