"""Every page of parents works without a script: no route is left out, every form can be sent, every link leads on."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging.gate import gate_link
from messaging.models import Delivery
from messaging.tokens import make_token
from reports.measuring.tablet import tablet_link
from schools.invitations import token_of
from schools.services import staffing
from tests.parents.conferences import invite
from tests.parents.gatherings import announced
from tests.reports.measured import link_of
from tests.surface.doors import BY_TOKEN, FOR_GUARDIANS, ON_THE_TABLET, PUBLIC, SIGN_IN_STEPS
from tests.surface.rows import Rows

pytestmark = pytest.mark.django_db

Opened = Callable[[Rows], Any]
#: Not pages of parents: providers' hooks, what only takes a POST, files and sounds, and what is for other readers.
NO_PAGES = {
    "sms_receipt", "sms_inbound", "token_answer", "token_read", "token_understood", "token_not_understood",
    "token_question", "token_listened", "token_file", "token_recording", "portal_file", "portal_recording",
    "guardian_sign_out", "token_booking_cancel", "portal_booking_cancel", "privacy_read", "live",
    "token_booking_file", "portal_booking_file", "portal_calendar_end", "calendar_feed",
    "portal_absence_back", "portal_gathering_cancel", "portal_gathering_file", "token_gathering_cancel",
    "token_gathering_file", "tablet_voice", "ready", "metrics", "playbook",
    "method_card", "playbook_booklet", "edition_package", "playbook_cards",
    "playbook_document", "playbook_in", "method_card_in", "edition_list", "edition_page",
    "edition_content", "edition_print", "card_file", "robots", "sitemap", "offline_page", "offline_worker",
}  # fmt: skip


def token(rows: Rows, guardian: str) -> list[str]:
    return [make_token(rows.delivery_to(guardian))]


def invited(rows: Rows) -> list[str]:
    """The link of a notice that invites to the round of 3B."""
    return [make_token(invite(rows.cast, rows.host.round, "separated_father"))]


def by_token(name: str, guardian: str = "separated_father") -> Opened:
    return lambda rows: Client().get(reverse(name, args=token(rows, guardian)), follow=True)


def signed_in(name: str, arguments: Callable[[Rows], list[object]] = lambda rows: []) -> Opened:
    return lambda rows: rows.cast.guardian_client("separated_father").get(reverse(name, args=arguments(rows)))


def on_the_tablet(name: str) -> Opened:
    def open_tablet(rows: Rows) -> Any:
        browser = Client()
        browser.get(tablet_link(rows.wave))
        return browser.get(reverse(name))

    return open_tablet


def public(name: str, *arguments: str) -> Opened:
    return lambda rows: Client().get(reverse(name, args=arguments))


def code_page(rows: Rows) -> Any:
    return Client().post(reverse("guardian_sign_in"), {"contact": "harpreet@thuis.example"}, follow=True)


PAGES: dict[str, Opened] = {
    "home": public("home"),
    "school_welcome": public("school_welcome", "999101"),
    "letter_code": public("letter_code"),
    "guardian_sign_in": public("guardian_sign_in"),
    "gate_scanned": lambda rows: Client().get(gate_link(rows.cast.schools["kersenboom"].pk), follow=True),
    "gate_sign_in": lambda rows: Client().get(gate_link(rows.cast.schools["kersenboom"].pk), follow=True),
    "guardian_code": code_page,
    "guardian_choose": lambda rows: Client().get(reverse("guardian_choose"), follow=True),
    "token_notice": by_token("token_notice"),
    "token_not_me": by_token("token_not_me"),
    "token_second_fact": by_token("token_notice", "mother"),
    "token_unsubscribe": by_token("token_unsubscribe"),
    "token_choices": by_token("token_choices"),
    "token_code": by_token("token_code"),
    "portal_home": signed_in("portal_home"),
    "portal_choices": signed_in("portal_choices"),
    "privacy_notice": public("privacy_notice"),
    "portal_data": signed_in("portal_data"),
    "portal_visits": signed_in("portal_visits"),
    "portal_career": signed_in("portal_career", lambda rows: [rows.cast.pupils["yusuf"].pk]),
    "portal_child": signed_in("portal_child", lambda rows: [rows.cast.pupils["yusuf"].pk]),
    "portal_notice": signed_in("portal_notice", lambda rows: [rows.delivery_to("separated_father").pk]),
    "token_booking": lambda rows: Client().get(reverse("token_booking", args=invited(rows))),
    "token_booking_time": lambda rows: Client().get(
        reverse("token_booking_time", args=[*invited(rows), rows.father_slot.pk])
    ),
    "token_booking_together": lambda rows: Client().get(
        reverse("token_booking_together", args=invited(rows)), follow=True
    ),
    "token_gathering": lambda rows: Client().get(
        reverse("token_gathering", args=[make_token(announced(rows.cast, rows.gathering, "separated_father"))])
    ),
    "staff_invitation": lambda rows: Client().get(
        reverse(
            "staff_invitation",
            args=[token_of(staffing.invite(user=rows.cast.staff["partner"], by=rows.cast.staff["head"]))],
        )
    ),
    "portal_gathering": signed_in("portal_gathering", lambda rows: [rows.gathering.pk]),
    "portal_bookings": signed_in("portal_bookings"),
    "portal_absence": signed_in("portal_absence", lambda rows: [rows.cast.pupils["yusuf"].pk]),
    "portal_calendar": signed_in("portal_calendar"),
    "portal_booking": signed_in("portal_booking", lambda rows: [rows.father_slot.pk]),
    "portal_booking_together": lambda rows: rows.cast.guardian_client("separated_father").get(
        reverse("portal_booking_together", args=[rows.host.round_id]), follow=True
    ),
    "portal_thread": signed_in("portal_thread", lambda rows: [rows.thread.pk]),
    "token_measurement": lambda rows: Client().get(
        reverse("token_measurement", args=[link_of(rows.cast, rows.asking, "separated_father")])
    ),
    "portal_measurement": signed_in(
        "portal_measurement",
        lambda rows: [Delivery.objects.get(notice=rows.asking, guardian=rows.cast.guardians["separated_father"]).pk],
    ),
    "tablet_scanned": lambda rows: Client().get(tablet_link(rows.wave), follow=True),
    "tablet_start": on_the_tablet("tablet_start"),
    "tablet_questions": on_the_tablet("tablet_questions"),
    "tablet_thanks": on_the_tablet("tablet_thanks"),
}


class Parts(HTMLParser):
    """Forms with what sends them, and what only a script would do something with."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.dead: list[str] = []
        self.scripts: list[str] = []
        # What stands in a template is not there until a script takes it out.
        self.feed(re.sub(r"<template.*?</template>", "", html, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append({"method": given.get("method", "get"), "sends": 0})
        if self.forms and (tag == "button" or given.get("type") == "submit") and given.get("type") != "button":
            self.forms[-1]["sends"] += 1
        hidden = "hidden" in given
        if tag == "button" and given.get("type") == "button" and not hidden:
            self.dead.append(str(given))
        if tag == "a" and re.match(r"(#?$|javascript:)", given.get("href") or ""):
            self.dead.append(str(given))
        if any(name.startswith(("hx-", "on")) for name in given):
            self.dead.append(f"{tag} {given}")
        if tag == "script":
            self.scripts.append(given.get("src") or "inline")


def test_no_route_of_parents_is_left_out() -> None:
    assert set(PAGES) | NO_PAGES == BY_TOKEN | FOR_GUARDIANS | ON_THE_TABLET | PUBLIC | SIGN_IN_STEPS
    assert not set(PAGES) & NO_PAGES


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.usefixtures("own_cache")
def test_a_page_of_parents_needs_no_script(rows: Rows, name: str) -> None:
    answer = PAGES[name](rows)
    assert answer.status_code in {200, 404, 405}, answer.status_code
    if answer.status_code == 405:
        assert name == "token_not_me"
        return
    html = answer.content.decode()
    parts = Parts(html)
    assert not parts.dead
    assert all(form["sends"] for form in parts.forms), parts.forms
    assert all("listen" in script for script in parts.scripts), "a script may count listening, nothing else"
    assert not re.search(r"<noscript", html)
