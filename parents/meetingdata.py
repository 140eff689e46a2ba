"""What the export for one guardian holds of talks: the own children's places in rounds, what this guardian wished, and
what talks said before they were put right. Nothing of what the other parent chose, wished or said. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parents.models import (
    ChangeKind,
    ConferenceChange,
    ConferenceNote,
    ConferenceReminder,
    ConferenceSlot,
    ContactMoment,
    ContactRequest,
    ContactRevision,
    GatheringSignUp,
    GatheringWord,
    Guardian,
    InterpreterRequest,
    SlotStatus,
)
from parents.models.kinds import OF_SCHOOL
from parents.models.revisions import GUARDIANS
from parents.services.booking import OPEN
from schools import clock, languages
from schools.marks import colon


def meetings(
    guardian: Guardian, schools: Sequence[int], children: QuerySet[Any], talks: QuerySet[ContactMoment]
) -> list[dict[str, Any]]:
    """Places of both parents together and the guardian's own. What became of a talk only where the guardian may read
    that: it may have been held with the other parent alone."""
    rows = ConferenceSlot.objects.filter(
        Q(guardian=guardian) | Q(guardian__isnull=True), pupil__in=children, round__school_id__in=schools
    )
    slots = list(rows.select_related("round__school", "pupil").order_by("-round__held_on", "pk"))
    own = ConferenceNote.objects.filter(slot__in=[slot.pk for slot in slots], guardian=guardian)
    notes = dict(own.values_list("slot_id", "text"))
    readable = set(talks.values_list("pk", flat=True))
    return [
        {
            "meeting": slot.round.name,
            "school": slot.round.school.name,
            "child": slot.pupil.first_name,
            "at": _moment(slot.starts_at),
            "way": str(slot.get_way_display()) if slot.way else "",
            "state": str(slot.get_status_display()) if slot.status in OPEN or _is_known(slot, readable) else "",
            "chosen_by_you": slot.booked_by_id == guardian.pk,
            "wish": notes.get(slot.pk, ""),
            "reason": slot.cancelled_because,
        }
        for slot in slots
    ]


def _is_known(slot: ConferenceSlot, readable: set[int]) -> bool:
    return slot.contact_moment_id in readable


def told(guardian: Guardian, schools: Sequence[int], children: QuerySet[Any]) -> list[dict[str, Any]]:
    """What this guardian was told of talks and gatherings outside a notice. That one was cancelled, not by whom."""
    of_own = {"guardian": guardian, "told_at__isnull": False, "slot__pupil__in": children}
    reminders = ConferenceReminder.objects.filter(**of_own, slot__round__school_id__in=schools)
    changes = ConferenceChange.objects.filter(**of_own, slot__round__school_id__in=schools)
    rows = [(row.told_at, row.slot.round.name, _("reminder")) for row in reminders.select_related("slot__round")]
    for row in changes.select_related("slot__round"):
        is_moved = row.kind == ChangeKind.MOVED
        label = ChangeKind.MOVED.label if is_moved else SlotStatus.CANCELLED.label
        rows.append((row.told_at, row.slot.round.name, str(label)))
    words = GatheringWord.objects.filter(
        sign_up__guardian=guardian, told_at__isnull=False, sign_up__gathering__school_id__in=schools
    )
    for word in words.select_related("sign_up__gathering"):
        rows.append((word.told_at, word.sign_up.gathering.title, str(word.get_kind_display())))
    return [
        {"sent_on": _moment(at), "meeting": meeting, "about": about}
        for at, meeting, about in sorted(rows, reverse=True)
    ]


def gatherings(guardian: Guardian, schools: Sequence[int]) -> list[dict[str, Any]]:
    """Gatherings for which this guardian signed up, and with how many."""
    rows = GatheringSignUp.objects.filter(guardian=guardian, gathering__school_id__in=schools)
    return [
        {
            "meeting": row.gathering.title,
            "kind": row.gathering.kind_name,
            "school": row.gathering.school.name,
            "at": _moment(row.gathering.starts_at),
            "adults": row.adults,
            "children": row.children,
            "language": row.language_name,
            "state": str(row.get_state_display()),
            "asked_on": _day(clock.local_date(row.asked_at)),
        }
        for row in rows.select_related("gathering__school").order_by("-gathering__starts_at", "-pk")
    ]


def interpreters(guardian: Guardian, schools: Sequence[int]) -> list[dict[str, Any]]:
    """Interpreters asked for this guardian."""
    rows = InterpreterRequest.objects.filter(guardian=guardian, school_id__in=schools).select_related("school")
    return [
        {
            "school": row.school.name,
            "at": _moment(row.needed_at),
            "language": row.language_name,
            "how": str(row.get_mode_display()),
            "state": str(row.get_state_display()),
            "asked_on": _day(clock.local_date(row.asked_at)),
        }
        for row in rows.order_by("-asked_at", "-pk")
    ]


def wishes(guardian: Guardian) -> list[dict[str, Any]]:
    """Numbers and addresses that the guardian asked the school to use; a decided one does not say which any more."""
    return [
        {
            "kind": str(row.get_kind_display()),
            "value": row.value,
            "asked_on": _day(clock.local_date(row.asked_at)),
            "decided_on": _day(clock.local_date(row.decided_at)) if row.decided_at else "",
        }
        for row in ContactRequest.objects.filter(guardian=guardian).order_by("-asked_at", "-pk")
    ]


def earlier(guardian: Guardian, talks: QuerySet[ContactMoment]) -> list[dict[str, Any]]:
    """What the talks that are in the export said before they were put right, as far as the school held those words;
    not while they stood as a talk with the other parent, nor who that was."""
    revisions = ContactRevision.objects.filter(contact_moment__in=talks.order_by().values("pk"))
    themselves = {guardian.pk, *Guardian.objects.filter(merged_into=guardian).values_list("pk", flat=True)}
    of_others: dict[int, bool] = {}
    rows = []
    for row in revisions.select_related("contact_moment"):  # the latest first
        if GUARDIANS in row.was:
            present = set(row.was[GUARDIANS])
            of_others[row.contact_moment_id] = bool(present) and not present & themselves
        if row.visibility in OF_SCHOOL and not of_others.get(row.contact_moment_id) and row.lines():
            rows.append(row)
    return [
        {
            "day": _day(row.contact_moment.held_on),
            "changed_on": _day(clock.local_date(row.at)),
            "text": _in_one_line(row),
        }
        for row in rows
    ]


def _in_one_line(row: ContactRevision) -> str:
    """What a talk said, in the reader's language; where that is not one of staff each value keeps its own direction."""
    reader = languages.language(get_language() or languages.MASTER)
    if reader.code in languages.STAFF_CODES:
        return "; ".join(f"{name}{colon()} {value or '–'}" for name, value in row.lines())
    mark = "؛ " if reader.script == "Arab" else "; "
    return mark.join(f"{name}: \u2068{value or '–'}\u2069" for name, value in row.lines())


def _moment(moment: Any) -> str:
    return f"{moment.astimezone(clock.BRUSSELS):%Y-%m-%d %H:%M}" if moment else ""


def _day(day: Any) -> str:
    return day.isoformat() if day else ""
