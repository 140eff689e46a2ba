"""How a teacher fills in the invitation to the oudercontact."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import Page

from tests.browser.stage import Portal


def today(portal: Portal) -> date:
    """The day on which the portal lives."""
    return date.fromisoformat(portal.ask("__import__('schools.clock', fromlist=['x']).today()"))


def school_day_ahead(portal: Portal, days: int) -> date:
    day = today(portal) + timedelta(days=days)
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def fill_invitation(page: Page, portal: Portal) -> None:
    """Everything but the choice of children; the form is in the page."""
    page.locator('input[name="date"]').fill(school_day_ahead(portal, 14).isoformat())
    page.locator('input[name="time"]').fill("16:00")
    page.locator('input[name="place"]').fill("Lokaal 3B")
    audience = page.locator('input[name="audience"]')
    if audience.count():
        audience.first.check(force=True)
