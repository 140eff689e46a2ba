"""Who a notice goes to, by which way and in which language. Reads only.

``messaging.ways`` decides in SQL; this page counts what it decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from messaging.models import Notice, NoticePupil
from messaging.models.notices import AudienceKind, NoticeStatus
from messaging.segments import sms_segments
from messaging.ways import Sql, chosen, compiled
from parents.models import FamilyMembership, Guardian, Guardianship
from schools.languages import LANGUAGES, MASTER
from schools.models import Enrolment, Pupil

UNREACHABLE_REASONS = {
    "ORAL": _("does not read: speak or call"),
    "SPOKEN": _("the language is spoken only: speak or call"),
    "PREFERS": _("prefers to be called"),
    "NO_ADDRESS": _("no working e-mail address, phone number or postal address"),
}


@dataclass(frozen=True, slots=True)
class AudienceSummary:
    """What the check page shows before sending. ``unreachable`` are those whom only a person can reach, with why."""

    families: int
    guardians: int
    by_language: dict[str, int]
    by_channel: dict[str, int]
    unreachable: list[tuple[Guardian, str]]
    sms_segments: int
    stale_languages: list[str] = field(default_factory=list)


def pupils_of(notice: Notice) -> QuerySet[Pupil]:
    """The pupils a notice is about: as chosen or sent, else those enrolled today."""
    return Pupil.objects.filter(pk__in=_pupil_ids(notice))


def _pupil_ids(notice: Notice) -> QuerySet[Any, Any]:
    if notice.status != NoticeStatus.DRAFT or notice.audience == AudienceKind.PUPILS:
        return NoticePupil.objects.filter(notice=notice).values("pupil_id")
    return enrolments_of(notice).values("pupil_id")


def enrolments_of(notice: Notice) -> QuerySet[Enrolment]:
    """Enrolments of today that a draft to a class or school means."""
    rows = Enrolment.objects.current().filter(school_id=notice.school_id)
    return rows.filter(school_class_id=notice.school_class_id) if notice.audience == AudienceKind.CLASS else rows


def guardians_of(notice: Notice) -> QuerySet[Guardian]:
    """Everybody with a right to this information who may be contacted today."""
    informed = Guardianship.objects.informed().filter(pupil_id__in=_pupil_ids(notice))
    return Guardian.objects.filter(pk__in=informed.values("guardian_id"))


def stale_languages(notice: Notice) -> list[str]:
    """Translations made from another Dutch than the present one: they are not sent."""
    texts = {text.language: text for text in notice.texts.all()}
    master = texts.get(MASTER)
    if master is None:
        return []
    return sorted(code for code, text in texts.items() if text.source_hash != master.source_hash)


def sendable_languages(notice: Notice) -> list[str]:
    stale = stale_languages(notice)
    return sorted(text.language for text in notice.texts.all() if text.language not in stale)


def summary(notice: Notice) -> AudienceSummary:
    """Counts of a notice's audience, and the people no text will reach."""
    rows = _read(
        chosen(notice, compiled(guardians_of(notice).values("pk")), sendable_languages(notice)),
        "id, channel, language, contact_language, why",
    )
    people = Guardian.objects.in_bulk([row[0] for row in rows if row[1] == "CALL"])
    languages = _counted(row[2] for row in rows)
    segments = {text.language: sms_segments(text.sms).segments for text in notice.texts.all()}
    return AudienceSummary(
        families=_families(notice),
        guardians=len(rows),
        by_language=languages,
        by_channel=_counted(row[1] for row in rows),
        unreachable=[(people[row[0]], row[4]) for row in rows if row[1] == "CALL"],
        sms_segments=sum(segments.get(row[2], 1) for row in rows if row[1] == "SMS"),
        stale_languages=[code for code in stale_languages(notice) if _is_read(code, {row[3] for row in rows})],
    )


def stale_for_readers(notice: Notice) -> list[str]:
    """Stale translations that somebody in the audience would read."""
    stale = stale_languages(notice)
    if not stale:
        return []
    read = set(guardians_of(notice).values_list("contact_language", flat=True).distinct())
    return [code for code in stale if _is_read(code, read)]


def _is_read(code: str, contact_languages: set[str]) -> bool:
    return any(LANGUAGES[known].text == code for known in contact_languages if known in LANGUAGES)


def _families(notice: Notice) -> int:
    members = FamilyMembership.objects.current().filter(pupil_id__in=_pupil_ids(notice))
    return members.values("family_id").distinct().count()


def _counted(keys: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _read(query: Sql, columns: str) -> list[tuple[Any, ...]]:
    sql, params = query
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} SELECT {columns} FROM chosen WHERE copy = 1 ORDER BY id", params)  # noqa: S608
        return cursor.fetchall()
