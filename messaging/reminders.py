"""Who is reminded of a notice: from whom an answer is still wanted, while a reminder comes in time."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from messaging import quiet
from messaging.how_far import unanswered_guardians
from messaging.models import Delivery, Notice, NoticeStatus, Reason
from messaging.readers import told_newer
from parents.models import ConferenceRound, Guardian, Guardianship
from schools import clock


def may_be_reminded(notice: Notice) -> bool:
    """A notice that asks for an answer, whose last day has not passed, nor the day of which it tells."""
    return notice.status == NoticeStatus.PUBLISHED and bool(notice.answers) and _is_in_time(notice, clock.today())


def comes_too_late_on(notice: Notice) -> date | None:
    """The day on which a reminder of now would leave, after the night or the weekend, where that is too late."""
    day = clock.local_date(quiet.leaves_at(notice))
    return None if _is_in_time(notice, day) else day


def still_wanted(notice: Notice, guardians: QuerySet[Any]) -> QuerySet[Any]:
    """Of these guardians those whose answer is wanted and can be given, and to whom no newer notice in its place
    went."""
    wanted = unanswered_guardians(notice, guardians).exclude(pk__in=told_newer([notice.pk]).values("guardian_id"))
    meetings = notice.conference_round if notice.leads_to_times else None
    return wanted.filter(pk__in=_who_can_choose(meetings)) if meetings else wanted


def _who_can_choose(meetings: ConferenceRound) -> QuerySet[Any]:
    """Ids of guardians of a child that has no time yet and for whom one is left."""
    children = meetings.left_to_choose.values("pupil_id")
    return Guardianship.objects.current().filter(pupil_id__in=children).values("guardian_id")


def in_vain(rows: QuerySet[Delivery]) -> dict[str, list[int]]:
    """Of these deliveries of reminders those (ids) that would come for nothing by now, by the reason (Reason): whoever
    answered in the night or at the weekend in which they waited, and what a server that was away held too long."""
    found: dict[str, list[int]] = {Reason.REACHED: [], Reason.OVER: []}
    notices = set(rows.values_list("notice_id", flat=True))
    for notice in Notice.objects.filter(pk__in=notices).select_related("template") if notices else ():
        if not notice.answers:
            continue  # the questions of a measurement, which ends by itself
        of_notice = rows.filter(notice=notice)
        if not _is_in_time(notice, clock.today()):
            found[Reason.OVER] += of_notice.values_list("pk", flat=True)
            continue
        people = Guardian.objects.filter(pk__in=of_notice.values("guardian_id"))
        if notice.leads_to_times and notice.conference_round:
            without = of_notice.exclude(guardian__in=_who_can_choose(notice.conference_round))
            silent = without.filter(guardian__in=unanswered_guardians(notice, people).values("pk"))
            found[Reason.OVER] += silent.values_list("pk", flat=True)
        wanted = still_wanted(notice, people)
        vain = of_notice.exclude(guardian__in=wanted.values("pk")).exclude(pk__in=found[Reason.OVER])
        found[Reason.REACHED] += vain.values_list("pk", flat=True)
    return {reason: ids for reason, ids in found.items() if ids}


def _is_in_time(notice: Notice, day: date) -> bool:
    return all(last is None or last >= day for last in (notice.answer_by, notice.told_until))
