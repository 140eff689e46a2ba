"""How long stays what was said around meetings and gatherings, and who was told."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from parents.models import (
    ConferenceChange,
    ConferenceNote,
    ConferenceReminder,
    ConferenceSlot,
    Gathering,
    GatheringSignUp,
    LegalHold,
)
from schools import clock
from schools.keeping import Rule, delete
from schools.retention import ended_before


def _conference_notes() -> QuerySet[ConferenceNote]:
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return ConferenceNote.objects.none()
    rows = ConferenceNote.objects.filter(slot__round__held_on__lte=last)
    return rows.exclude(slot__family_id__in=LegalHold.objects.families())


def _reasons() -> QuerySet[ConferenceSlot]:
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return ConferenceSlot.objects.none()
    rows = ConferenceSlot.objects.exclude(cancelled_because="").filter(round__held_on__lte=last)
    return rows.exclude(family_id__in=LegalHold.objects.families())


def _blank_reasons(rows: QuerySet[ConferenceSlot]) -> int:
    return rows.update(cancelled_because="")


def _conference_reminders() -> QuerySet[ConferenceReminder]:
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return ConferenceReminder.objects.none()
    rows = ConferenceReminder.objects.filter(slot__round__held_on__lte=last)
    return rows.exclude(guardian_id__in=LegalHold.objects.guardians())


def _conference_changes() -> QuerySet[ConferenceChange]:
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return ConferenceChange.objects.none()
    rows = ConferenceChange.objects.filter(slot__round__held_on__lte=last)
    return rows.exclude(guardian_id__in=LegalHold.objects.guardians())


def _sign_ups() -> QuerySet[GatheringSignUp]:
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return GatheringSignUp.objects.none()
    return GatheringSignUp.objects.filter(gathering__starts_at__lt=clock.start_of(last + timedelta(days=1))).exclude(
        guardian_id__in=LegalHold.objects.guardians()
    )


def _reasons_of_gatherings() -> QuerySet[Gathering]:
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return Gathering.objects.none()
    return Gathering.objects.exclude(cancelled_because="").filter(
        starts_at__lt=clock.start_of(last + timedelta(days=1))
    )


def _blank_gatherings(rows: QuerySet[Gathering]) -> int:
    return rows.update(cancelled_because="")


RULES = (
    Rule(
        key="meeting notes",
        words="what parents wanted to talk about at a meeting",
        until="NOTES_UNTIL after the school year",
        due=_conference_notes,
        take=delete,
    ),
    Rule(
        key="reasons of meetings",
        words="why a meeting was cancelled",
        until="NOTES_UNTIL after the school year",
        due=_reasons,
        take=_blank_reasons,
    ),
    Rule(
        key="meeting reminders",
        words="which parents were reminded of a meeting",
        until="NOTES_UNTIL after the school year",
        due=_conference_reminders,
        take=delete,
    ),
    Rule(
        key="meeting changes",
        words="which parents were told that a meeting was moved or cancelled",
        until="NOTES_UNTIL after the school year",
        due=_conference_changes,
        take=delete,
    ),
    Rule(
        key="gathering sign-ups",
        words="which parents signed up for a gathering, and what they were told of it",
        until="NOTES_UNTIL after the school year",
        due=_sign_ups,
        take=delete,
    ),
    Rule(
        key="reasons of gatherings",
        words="why a gathering was cancelled",
        until="NOTES_UNTIL after the school year",
        due=_reasons_of_gatherings,
        take=_blank_gatherings,
    ),
)
