"""Who a notice goes to, by which way and in which language. Reads only.

Every audience is a set of pupils, as a query: their guardians with a right to the information get the notice, each
once. ``messaging.ways`` decides in SQL by which way; this page counts what it decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from messaging import levels
from messaging.levels import Level
from messaging.models import Answer, Notice, NoticePupil
from messaging.models.notices import AudienceKind
from messaging.sendable import Obstacle, obstacles, sendable_texts, text_codes
from messaging.ways import Sql, chosen
from parents.models import (
    Attendance,
    ConferenceSlot,
    ContactPoint,
    FamilyMembership,
    Guardian,
    Guardianship,
    SlotStatus,
)
from schools.languages import LANGUAGES
from schools.models import Enrolment, Pupil
from schools.models.pupils import EnrolmentQuerySet as Enrolments

UNREACHABLE_REASONS = {
    "ORAL": _("does not read: speak or call"),
    "SPOKEN": _("the language is spoken only: speak or call"),
    "PREFERS": _("prefers to be called"),
    "REFUSES": _("the guardian does not want this"),
    "NO_ADDRESS": _("no working e-mail address, phone number or postal address"),
}
Ids = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class AudienceSummary:
    """What the check page shows before sending. ``unreachable`` are those whom only a person can reach, with why;
    ``text_messages`` counts them by language and whether several people read that phone."""

    families: int
    guardians: int
    by_language: dict[str, int]
    by_channel: dict[str, int]
    unreachable: list[tuple[Guardian, str]]
    text_messages: dict[tuple[str, bool], int]
    #: By language that somebody reads: why it has no text that may be sent.
    missing: dict[str, Obstacle] = field(default_factory=dict)
    #: How many read in each language, whatever they get.
    read: dict[str, int] = field(default_factory=dict)


def pupils_of(notice: Notice) -> QuerySet[Pupil]:
    """The pupils a notice is about: as sent, else those it would go to today."""
    return Pupil.objects.filter(pk__in=pupil_ids(notice))


def pupil_ids(notice: Notice) -> Ids:
    if notice.was_sent:
        return NoticePupil.objects.filter(notice=notice).values("pupil_id")
    return enrolments_of(notice).values("pupil_id")


def enrolments_of(notice: Notice) -> Enrolments:
    """Today's enrolments that a notice not sent yet means.

    A class, a year group and a school are whole; of any other group the author addresses only the pupils of own
    classes and schools.
    """
    rows = Enrolment.objects.current().filter(school_id=notice.school_id)
    rows = _NARROWED[AudienceKind(notice.audience)](rows, notice)
    if notice.contact_languages:
        spoken = Guardianship.objects.informed().filter(guardian__contact_language__in=notice.contact_languages)
        rows = rows.filter(pupil_id__in=spoken.values("pupil_id"))
    return rows


def _of_families(rows: Enrolments, notice: Notice, families: Ids) -> Enrolments:
    members = FamilyMembership.objects.current().filter(family_id__in=families)
    return _own(rows, notice).filter(pupil_id__in=members.values("pupil_id"))


def _own(rows: Enrolments, notice: Notice) -> Enrolments:
    return rows.visible_to(notice.author)


def _in_family(rows: Enrolments, notice: Notice) -> Enrolments:
    members = FamilyMembership.objects.current().filter(family_id=notice.family_id or 0)
    return _own(rows, notice).filter(pupil_id__in=members.values("pupil_id"))


def _at_gathering(rows: Enrolments, notice: Notice) -> Enrolments:
    came = Attendance.objects.standing().filter(gathering_id=notice.gathering_id or 0)
    return _of_families(rows, notice, came.values("family_id"))


def _in_round(rows: Enrolments, notice: Notice) -> Enrolments:
    slots = ConferenceSlot.objects.filter(round_id=notice.conference_round_id or 0).exclude(status=SlotStatus.CANCELLED)
    return _own(rows, notice).filter(pupil_id__in=slots.values("pupil_id"))


def _without_sign(rows: Enrolments, notice: Notice) -> Enrolments:
    """Pupils of the earlier notice of whose family nobody opened it, answered or was spoken to (or, for UNANSWERED,
    nobody answered, and where one chooses a time, who have none)."""
    earlier = notice.earlier_id or 0
    about = NoticePupil.objects.filter(notice_id=earlier).values("pupil_id")
    if notice.audience == AudienceKind.UNANSWERED:
        gave_sign = answered(earlier)
        if notice.earlier is not None and notice.earlier.leads_to_times:
            places = ConferenceSlot.objects.filter(round=notice.earlier.conference_round, status=SlotStatus.OFFERED)
            about = about.filter(pupil_id__in=places.order_by().values("pupil_id"))
    else:
        gave_sign = reached(earlier)
    children = Guardianship.objects.current().filter(guardian_id__in=gave_sign, pupil_id__in=about).values("pupil_id")
    families = FamilyMembership.objects.current().filter(pupil_id__in=children).values("family_id")
    siblings = FamilyMembership.objects.current().filter(family_id__in=families).values("pupil_id")
    return _own(rows, notice).filter(pupil_id__in=about).exclude(Q(pupil_id__in=children) | Q(pupil_id__in=siblings))


def answered(notice_id: int) -> Ids:
    """Ids of guardians who answered a notice."""
    return Guardian.objects.filter(pk__in=Answer.objects.filter(notice_id=notice_id).values("guardian_id")).values("pk")


def reached(notice_id: int) -> Ids:
    """Ids of guardians who opened a notice, answered it or were spoken to since."""
    earlier = Notice.objects.filter(pk=notice_id).first()
    people = levels.guardians_from(earlier, Level.OPENED) if earlier else Q(pk__in=[])
    return Guardian.objects.filter(people).values("pk")


_NARROWED: dict[AudienceKind, Callable[[Enrolments, Notice], Enrolments]] = {
    AudienceKind.SCHOOL: lambda rows, notice: rows,
    AudienceKind.CLASS: lambda rows, notice: rows.filter(school_class_id=notice.school_class_id),
    AudienceKind.LEVEL: lambda rows, notice: rows.filter(school_class__level=notice.level),
    AudienceKind.PUPILS: lambda rows, notice: rows.filter(pupil_id__in=notice.notice_pupils.values("pupil_id")),
    AudienceKind.FAMILY: _in_family,
    AudienceKind.GATHERING: _at_gathering,
    AudienceKind.ROUND: _in_round,
    AudienceKind.UNREACHED: _without_sign,
    AudienceKind.UNANSWERED: _without_sign,
}


def guardians_of(notice: Notice) -> QuerySet[Guardian]:
    """Everybody with a right to this information who may be contacted today."""
    return Guardian.objects.informed_about(pupil_ids(notice))


def guardians_there(notice: Notice) -> QuerySet[Guardian]:
    """Those of a notice that was sent whose child is at its school, or is still to come: for who left nothing goes on
    by itself."""
    here = Enrolment.objects.lasting().filter(pupil_id=OuterRef("pupil_id"), school_id=notice.school_id)
    return Guardian.objects.informed_about(NoticePupil.objects.filter(Exists(here), notice=notice).values("pupil_id"))


def families_of(notice: Notice) -> Ids:
    """Ids of the families it goes to; a family may come more than once."""
    return FamilyMembership.objects.current().filter(pupil_id__in=pupil_ids(notice)).values("family_id")


def sendable_languages(notice: Notice) -> list[str]:
    """Languages with a text that may be sent: not older than the Dutch, and as the school's rules allow."""
    return sorted(sendable_texts(notice.texts.all(), notice))


def summary(notice: Notice) -> AudienceSummary:
    """Counts of a notice's audience, and the people no text will reach."""
    rows = _read(chosen(notice, guardians_of(notice), sendable_languages(notice)))
    people = Guardian.objects.in_bulk([row[0] for row in rows if row[1] == "CALL"])
    texted = [row for row in rows if row[1] == "SMS"]
    shared = ContactPoint.objects.read_by_others([row[5] for row in texted])
    return AudienceSummary(
        families=families_of(notice).distinct().count(),
        guardians=len(rows),
        by_language=_counted(row[2] for row in rows),
        by_channel=_counted(row[1] for row in rows),
        unreachable=[(people[row[0]], row[4]) for row in rows if row[1] == "CALL"],
        text_messages=dict(sorted(Counter((row[2], row[5] in shared) for row in texted).items())),
        missing=obstacles(notice, sorted(text_codes(row[3] for row in rows))),
        read=_counted(LANGUAGES[row[3]].text for row in rows if row[3] in LANGUAGES),
    )


def missing_for_readers(notice: Notice) -> dict[str, Obstacle]:
    """By language that somebody of the audience reads: why it has no text that may be sent."""
    read = guardians_of(notice).order_by().values_list("contact_language", flat=True).distinct()
    return obstacles(notice, sorted(text_codes(read)))


def _counted(keys: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(keys).items(), key=lambda item: (-item[1], item[0])))


def _read(query: Sql) -> list[tuple[Any, ...]]:
    """Id, channel, language, contact language, why only by voice, and the contact point."""
    sql, params = query
    select = f"""{sql}
SELECT c.id, c.channel, c.language, c.contact_language, c.why, c.point
FROM chosen c
WHERE c.copy = 1 ORDER BY c.id"""  # noqa: S608 - built from constants
    with connection.cursor() as cursor:
        cursor.execute(select, params)
        return cursor.fetchall()
