"""A process that dies between taking a word and sending it loses none: after its lease another tells it, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import Model

from messaging.leases import LEASE
from messaging.models import ThreadPost, TranslationRequest, VoiceRequest
from messaging.services import ask_voice, reply, tell_replies, tell_translators
from reports import measuring
from reports.models import MeasurementWave
from schools import clock
from tests.cast import Cast, build_cast
from tests.faults.dying import dies_at
from tests.messaging.asked_translations import asked_for, notice_with_names
from tests.messaging.test_expected_answer import asked
from tests.reports.measured import opened

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def a_reply(cast: Cast) -> None:
    reply(thread=asked(cast), by=cast.staff["teacher_3b"], text="Morgen.")


def a_translation(cast: Cast) -> None:
    asked_for(notice_with_names(cast))


def a_voice(cast: Cast) -> None:
    notice = notice_with_names(cast)
    ask_voice(school=notice.school, notice=notice, language="pa", by=notice.author)


def a_team(cast: Cast) -> None:
    opened(cast, audience="TEAM")


WORDS: dict[str, tuple[Callable[[Cast], None], str, Callable[[], int], type[Model], int]] = {
    "a reply": (a_reply, "messaging.services:tell_replies", tell_replies, ThreadPost, 1),
    "a translation": (a_translation, "messaging.services:tell_translators", tell_translators, TranslationRequest, 1),
    "a voice": (a_voice, "messaging.services:tell_translators", tell_translators, VoiceRequest, 1),
    "a team": (a_team, "reports.measuring:send_due_rounds", measuring.send_due_rounds, MeasurementWave, 4),
}


@pytest.mark.parametrize("what", WORDS)
def test_killed_before_the_word_left_another_process_tells_it_once(what: str, tmp_path: Path) -> None:
    prepare, work, tell, model, number = WORDS[what]
    with transaction.atomic():
        prepare(build_cast())
    assert dies_at(work, tmp_path, "before", clock.today()) == []
    assert tell() == 0, "another process may still be sending"
    taken = model._default_manager.filter(taken_at__isnull=False)
    assert taken.update(taken_at=clock.now() - LEASE - timedelta(minutes=1)) == 1
    mail.outbox.clear()
    assert (tell(), tell()) == (number, 0)
    assert len({letter.to[0] for letter in mail.outbox}) == len(mail.outbox) == number
