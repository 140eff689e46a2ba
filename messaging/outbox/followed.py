"""What waits follows a guardian who reads another language from now on."""

from __future__ import annotations

from django.db import connection

from messaging.audience import sendable_languages
from messaging.models import Delivery, DeliveryStatus, Notice
from messaging.readin import language_sql, text_kind_sql
from parents.models import Guardian


def follow_language(sender: type[Guardian], *, guardian: Guardian, **_facts: object) -> None:
    """Every notice that did not leave yet, a letter of a pile and a call too, comes in the guardian's language where it
    has a text in it; else as the sender chose for that language. What a worker sends or a printer prints by now stays
    as it was taken."""
    waiting = Delivery.objects.filter(
        guardian=guardian, status=DeliveryStatus.QUEUED, claim_token=None, printed__isnull=True
    )
    notices = Notice.objects.filter(pk__in=waiting.values("notice_id"))
    for notice in notices.select_related("school", "template").prefetch_related("texts"):
        language, text_kind = read_in(notice, guardian)
        rows = waiting.filter(notice=notice).exclude(language=language, text_kind=text_kind)
        rows.update(language=language, text_kind=text_kind)


def read_in(notice: Notice, guardian: Guardian) -> tuple[str, str]:
    """The language and kind of text in which a guardian gets a notice by now."""
    sql = f"""
WITH reader AS (
  SELECT g.contact_language, {language_sql(notice, sendable_languages(notice))} AS language
  FROM parents_guardian g WHERE g.id = %s
)
SELECT language, {text_kind_sql(notice)} FROM reader"""  # noqa: S608 - built from constants
    with connection.cursor() as cursor:
        cursor.execute(sql, [guardian.pk])
        language, text_kind = cursor.fetchone()
    return language, text_kind
