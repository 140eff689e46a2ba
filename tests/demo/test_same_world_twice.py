"""Two installations on the same day have the same world, but for keys and passwords."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import Q

from ingroeibloei.demo.world import build_world
from messaging.models import Answer, Attachment, Delivery, Notice, Recording, Thread
from parents.models import ContactMoment, ContactPoint, FollowUp, Guardian
from reports.models import MeasurementWave
from schools.models import Pupil, User

pytestmark = pytest.mark.either_engine
#: What is compared of each table; keys of rows differ between engines.
COLUMNS = {
    User: ("email", "full_name"),
    Pupil: ("first_name", "last_name", "birth_date"),
    Guardian: ("first_name", "last_name", "contact_language", "reading_mode", "household__street"),
    ContactPoint: ("kind", "value", "valid_until", "verified_on"),
    ContactMoment: ("client_id", "kind", "status", "held_on", "note", "school__name", "interpreter_mode"),
    Thread: ("asked_at", "first_reply_at"),
    Notice: ("school__name", "school_class__name", "values", "published_at"),
    Delivery: ("channel", "status", "reason", "language", "address", "sent_at", "opened_at"),
    Answer: ("key", "answered_at"),
    Attachment: ("title", "kind", "sha256"),
    Recording: ("language", "seconds", "sha256"),
    FollowUp: ("what", "due_on", "status", "done_on"),
}


def fingerprint(today: date) -> str:
    """A digest of the world of a day, which is then taken back."""
    digest = hashlib.sha256()
    with transaction.atomic():
        build_world(today)
        for model, columns in COLUMNS.items():
            for row in model._default_manager.order_by("pk").values_list(*columns):
                digest.update(repr(row).encode())
        transaction.set_rollback(True)
    return digest.hexdigest()


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.django_db
def test_two_builds_are_equal(settings: object, tmp_path: Path) -> None:
    settings.CLB_KEY_DIR = settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    assert fingerprint(date(2027, 5, 14)) == fingerprint(date(2027, 5, 14))


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    "today", [date(2026, 9, 1), date(2026, 9, 7), date(2026, 11, 24), date(2027, 8, 3), date(2027, 8, 31)]
)
def test_a_world_can_begin_on_any_day(today: date, settings: object, tmp_path: Path) -> None:
    settings.CLB_KEY_DIR = settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    settings.DEMO_TODAY = today  # type: ignore[attr-defined]
    with transaction.atomic():
        build_world(today)
        assert not ContactMoment.objects.filter(held_on__gt=today).exists()
        assert Pupil.objects.count() > 1_000
        closed = MeasurementWave.objects.filter(box__isnull=True)
        assert not closed.filter(Q(opens_on__gt=today) | Q(closes_on__gte=today)).exists()
        assert closed.exists() == (today > date(2026, 10, 9))
        transaction.set_rollback(True)
