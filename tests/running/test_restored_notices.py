"""After a restore: what would leave, perhaps a second time, is named with who alone may stop it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from messaging.models import Notice
from messaging.services import cancel_notice, publish_notice
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def said(*words: str) -> str:
    told = StringIO()
    call_command(*words, stdout=told, stderr=told)
    return told.getvalue()


def test_notices_that_wait_are_named_with_their_authors(places: Path, empty_place: Callable[[], None]) -> None:
    school_class = make.make_class()
    make.make_family(school_class, languages=["nl", "nl"], emails=["een@post.example", "twee@post.example"])
    sent, stopped, later, written = (make.make_notice(school_class) for _number in range(4))
    for notice in (sent, stopped):
        publish_notice(notice=notice, by=notice.author)
    cancel_notice(notice=stopped, by=stopped.author)
    Notice.objects.filter(pk=later.pk).update(status="SCHEDULED", send_at=timezone.now() + timedelta(days=1))
    folder = said("backup").split(" (", 1)[0]
    empty_place()
    lines = said("restore", folder, "--key", str(places / "key.txt")).splitlines()
    assert [line for line in lines if line.startswith("Notice ")] == [
        f"Notice {sent.pk} of {sent.school}, by {sent.author.email}: 2 mails and text messages.",
        f"Notice {later.pk} of {later.school}, by {later.author.email}: leaves at its hour.",
    ]
    assert Notice.objects.get(pk=written.pk).status == "DRAFT"
