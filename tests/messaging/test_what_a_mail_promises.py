"""A mail's link says what waits behind it: a voice or a question is promised only where there is one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext, override

from messaging.models import Delivery, Notice
from messaging.rendering import Renderer, preview_mail
from messaging.services import publish_notice
from parents.models import ContactPoint, Guardian
from schools import clock
from schools.models import SchoolClass
from tests import factories as make
from tests.messaging.rendered import mail_for
from tests.messaging.voices import a_voice

pytestmark = pytest.mark.django_db

ALL = {"Read, listen and answer", "Read and listen", "Read and answer", "Read the notice"}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def school_class() -> SchoolClass:
    school_class = make.make_class()
    make.make_family(school_class, languages=["ar"], emails=["moeder@post.example"], children=["Noor"])
    return school_class


def to_mother(school_class: SchoolClass, voice: str = "", *, asks: bool = True) -> Delivery:
    notice = make.make_notice(school_class)
    if voice:
        a_voice(notice, voice)
    if not asks:
        Notice.objects.filter(pk=notice.pk).update(answers=[])
        notice.refresh_from_db()
    publish_notice(notice=notice, by=notice.author)
    return Delivery.objects.get(notice=notice)


def promised(delivery: Delivery) -> set[str]:
    """Of the four, what stands in both parts of the mail."""
    mail = mail_for(delivery)
    with override("ar"):
        return {words for words in ALL if f"{gettext(words)}." in mail.text and f">{gettext(words)}<" in mail.html}


@pytest.mark.parametrize(
    ("voice", "asks", "words"),
    [
        ("ar", True, "Read, listen and answer"),
        ("ar", False, "Read and listen"),
        ("", True, "Read and answer"),
        ("", False, "Read the notice"),
        ("so", False, "Read the notice"),
    ],
)
@pytest.mark.parametrize("is_shared", [False, True])
def test_it_promises_what_there_is(
    school_class: SchoolClass, voice: str, asks: bool, words: str, is_shared: bool
) -> None:
    delivery = to_mother(school_class, voice, asks=asks)
    ContactPoint.objects.update(is_shared=is_shared)
    assert promised(delivery) == {words}


def test_after_the_last_day_a_late_mail_asks_nothing(school_class: SchoolClass) -> None:
    delivery = to_mother(school_class)
    delivery.notice.answer_by = clock.today() - timedelta(days=1)
    assert promised(delivery) == {"Read the notice"}


def test_who_hears_it_and_who_does_not_get_a_mail_each_of_their_own(school_class: SchoolClass) -> None:
    """Romani is only spoken: its readers get the Dutch text, and so does a mother whose language is Dutch."""
    Guardian.objects.update(contact_language="rom")
    make.make_family(school_class, languages=["nl"], emails=["vader@post.example"], children=["Mats"])
    notice = make.make_notice(school_class)
    a_voice(notice, "rom")
    publish_notice(notice=notice, by=notice.author)
    rows = list(Delivery.objects.filter(notice=notice).select_related("guardian"))
    renderer = Renderer(rows)
    mails = {row.guardian.contact_language: renderer.mail(row).html for row in rows}
    with override("nl"):
        assert gettext("Read, listen and answer") in mails["rom"]
        assert gettext("Read and answer") in mails["nl"]


def test_the_writer_sees_the_same_beforehand(school_class: SchoolClass) -> None:
    notice = make.make_notice(school_class)
    a_voice(notice, "nl")
    with override("nl"):
        assert gettext("Read, listen and answer") in preview_mail(notice, "nl").html
    with override("ar"):
        assert gettext("Read and answer") in preview_mail(notice, "ar").html
