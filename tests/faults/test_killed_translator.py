"""What a machine was asked for on the page is translated by a real worker, also when that is killed in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from messaging import translatingjobs
from messaging.models import MachineJob, MachineState, Notice, NoticeText, TextOrigin
from schools.models import Assignment, AuditEntry, Role
from tests import factories as make
from tests.cast import make_account, staff_browser
from tests.faults.conftest import StartWorker
from tests.faults.processes import wait_until
from tests.messaging.deepl_server import KEY, deepl_server
from tests.messaging.translation_machine import translation_machine

pytestmark = [pytest.mark.fault, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("ar", "fr", "tr")


@pytest.fixture(params=["libretranslate", pytest.param("deepl", marks=pytest.mark.full)])
def machine(request: pytest.FixtureRequest, settings: Any) -> Iterator[Any]:
    running = translation_machine() if request.param == "libretranslate" else deepl_server()
    with running as server:
        settings.TRANSLATION_DRIVER, settings.TRANSLATION_URL = request.param, server.url
        settings.TRANSLATION_KEY = KEY
        yield server


def asked(settings: Any) -> dict[str, str]:
    """The environment in which a worker finds the machine of this test."""
    return {name: str(getattr(settings, name)) for name in ("TRANSLATION_DRIVER", "TRANSLATION_URL", "TRANSLATION_KEY")}


def order_on_the_page() -> Notice:
    """A teacher asks for three languages in which nobody wrote."""
    room = make.make_class()
    make.make_family(room, languages=["nl", *LANGUAGES])
    author = make_account("juf@cast.example", "Lotte Claes")
    Assignment.objects.create(
        user=author, role=Role.TEACHER, school=room.school, school_class=room, starts_on=make.LONG_AGO
    )
    notice = make.make_notice(room, author)
    notice.texts.exclude(language="nl").delete()
    browser = staff_browser(notice.author)
    there = browser.post(reverse("notice_machine", args=[notice.pk]), {"machine-languages": LANGUAGES})
    assert there["Location"] == reverse("notice_translations", args=[notice.pk])
    return notice


def done(notice: Notice) -> bool:
    return notice.machine_jobs.filter(state=MachineState.DONE).count() == len(LANGUAGES)


def judge(notice: Notice) -> None:
    made = NoticeText.objects.filter(notice=notice, origin=TextOrigin.MACHINE)
    assert {text.language for text in made} == set(LANGUAGES)
    assert all(text.back for text in made), "each was translated back"
    lines = AuditEntry.objects.filter(verb="translated by machine", target_id=notice.pk)
    assert sorted(line.detail["language"] for line in lines) == sorted(LANGUAGES), "each is written down once"


def test_a_worker_translates_what_was_ordered(machine: Any, settings: Any, start_worker: StartWorker) -> None:
    notice = order_on_the_page()
    start_worker(**asked(settings))
    wait_until(lambda: done(notice), "The translation", ring=translatingjobs.ring)
    judge(notice)


def test_it_goes_on_after_the_worker_was_killed(machine: Any, settings: Any, start_worker: StartWorker) -> None:
    power_is_gone = threading.Event()
    machine.meets = power_is_gone.wait
    notice = order_on_the_page()
    worker = start_worker(**asked(settings))
    wait_until(lambda: bool(machine.heard), "The first question", ring=translatingjobs.ring)
    worker.kill()
    taken = MachineJob.objects.filter(notice=notice, state=MachineState.RUNNING)
    interrupted = list(taken.values_list("language", flat=True))
    assert interrupted, "it is killed in the middle"
    assert not NoticeText.objects.filter(notice=notice, origin=TextOrigin.MACHINE).exists()

    power_is_gone.set()
    taken.update(claimed_until=Now())  # its lease ends
    start_worker(**asked(settings))
    wait_until(lambda: done(notice), "The translation", ring=translatingjobs.ring)
    judge(notice)
    attempts = dict(notice.machine_jobs.values_list("language", "attempts"))
    assert all(attempts[code] == 2 for code in interrupted)
