"""What of this app's rows goes, and when (domain 6.4). What is under a legal hold stays."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from parents import childretention, meetingretention
from parents.models import (
    WORDLESS,
    CLBNote,
    Consent,
    ContactMoment,
    ContactRequest,
    ContactRevision,
    DataRequest,
    FamilyMatch,
    FamilyMembership,
    FollowUp,
    FollowUpStatus,
    Guardian,
    Guardianship,
    Household,
    LegalHold,
    OwnVersion,
    PupilMerge,
    ReadingAlert,
    RequestState,
    SignInCode,
    Tone,
    Visibility,
)
from parents.models.samefamily import undoable_since
from parents.restrictions import in_force
from parents.services import forgetting
from schools import clock
from schools.keeping import Rule, delete
from schools.models import Enrolment, Pupil
from schools.retention import days_ago, ended_before


def _moments() -> QuerySet[ContactMoment]:
    """Those of families that are not held."""
    return ContactMoment.objects.exclude(family_id__in=LegalHold.objects.families())


def _noted() -> QuerySet[ContactMoment]:
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return ContactMoment.objects.none()
    said = ~Q(note="", agreement="", withdrawn_because="", tone=Tone.NEUTRAL)
    return _moments().filter(said | _is_said_beside(), held_on__lte=last)


def _own_notes() -> QuerySet[ContactMoment]:
    days = settings.AUTHOR_NOTE_DAYS
    said = ~Q(note="") | _is_said_beside()
    return _moments().filter(said, visibility=Visibility.AUTHOR, held_on__lt=days_ago(days))


def _is_said_beside() -> Q:
    """The condition that an earlier version of what was noted stands beside it, or a parent's own version."""
    about = {"contact_moment_id": OuterRef("pk")}
    return Q(Exists(ContactRevision.objects.filter(**about))) | Q(Exists(OwnVersion.objects.filter(**about)))


def _blank_notes(rows: QuerySet[ContactMoment]) -> int:
    for beside in (ContactRevision, OwnVersion):
        beside.objects.filter(contact_moment__in=rows.values("pk")).delete()
    return rows.update(note="", agreement="", withdrawn_because="", tone=Tone.NEUTRAL)


def _exported_clb_notes() -> QuerySet[CLBNote]:
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return CLBNote.objects.none()
    return CLBNote.objects.filter(exported_at__isnull=False, contact_moment__in=_moments().filter(held_on__lte=last))


def _follow_ups() -> QuerySet[FollowUp]:
    last = ended_before(settings.NOTES_UNTIL)
    if last is None:
        return FollowUp.objects.none()
    done = FollowUp.objects.exclude(status=FollowUpStatus.OPEN).exclude(what=WORDLESS)
    return done.filter(due_on__lte=last).exclude(family_id__in=LegalHold.objects.families())


def _blank_follow_ups(rows: QuerySet[FollowUp]) -> int:
    return rows.update(what=WORDLESS, closed_because="")


def _not_held() -> QuerySet[Guardian]:
    """Neither their family's data are held, nor did they ask that theirs are only kept."""
    held = Guardianship.objects.filter(pupil_id__in=LegalHold.objects.pupils(), guardian_id=OuterRef("pk"))
    return forgetting.without_child_at_school().filter(~Exists(held), restricted_on__isnull=True)


def _last_left(days: int) -> Q:
    """The condition that all children of a guardian left more than so many days ago, or that the guardian answers for
    none of them since then."""
    young = forgetting.answering_since(days_ago(days), OuterRef("pk"))
    ever = Guardianship.objects.filter(guardian_id=OuterRef("pk"), pupil__enrolments__isnull=False)
    return ~Q(Exists(young)) & Q(Exists(ever))


def _left() -> QuerySet[Guardian]:
    asked = Q(contact_requests__state=RequestState.OPEN)
    reachable = Q(point_uses__isnull=False) | Q(household__isnull=False) | asked
    rows = _not_held().filter(_last_left(settings.LEFT_CONTACT_DAYS))
    return Guardian.objects.filter(pk__in=rows.filter(reachable).values("pk"))


def _forget_ways(rows: QuerySet[Guardian]) -> int:
    ids = list(rows.values_list("pk", flat=True))
    forgetting.forget_points(ids)
    forgetting.forget_households(ids)
    return len(ids)


def _former_guardians() -> QuerySet[Guardian]:
    return _not_held().filter(~Q(first_name="", last_name=""), _last_left(settings.LEFT_NAME_DAYS))


def _former_pupils() -> QuerySet[Pupil]:
    stays = Enrolment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=days_ago(settings.LEFT_NAME_DAYS)), pupil_id=OuterRef("pk")
    )
    ever = Enrolment.objects.filter(pupil_id=OuterRef("pk"))
    named = Pupil.objects.filter(~Exists(stays), Exists(ever)).exclude(first_name="", last_name="", birth_date=None)
    return named.exclude(pk__in=LegalHold.objects.pupils())


def _forget_guardians(rows: QuerySet[Guardian]) -> int:
    ids = list(rows.values_list("pk", flat=True))
    forgetting.forget_guardians(ids)
    return len(ids)


def _forget_pupils(rows: QuerySet[Pupil]) -> int:
    ids = list(rows.values_list("pk", flat=True))
    forgetting.forget_pupils(ids)
    return len(ids)


def _holds_that_are_over() -> QuerySet[LegalHold]:
    first = days_ago(settings.DATA_REQUEST_DAYS)
    return LegalHold.objects.filter(Q(until__lt=first) | Q(released_at__lt=clock.start_of(first)))


def _before(model: Any, field: str, days: int, **more: object) -> QuerySet[Any]:
    return model.objects.filter(**{f"{field}__lt": clock.start_of(days_ago(days))}, **more)


def _matches_of_nobody() -> QuerySet[FamilyMatch]:
    """Of families whose children are all forgotten."""
    named = FamilyMembership.objects.exclude(pupil__first_name="", pupil__last_name="")
    known = Exists(named.filter(family_id=OuterRef("first_id"))) | Exists(named.filter(family_id=OuterRef("second_id")))
    return FamilyMatch.objects.filter(~known)


def _requests() -> QuerySet[DataRequest]:
    """Decided ones, but not by which data are only kept, or nothing is sent: whoever decided it ends it there."""
    rows = _before(DataRequest, "decided_at", settings.DATA_REQUEST_DAYS)
    return _not_of_held(rows.exclude(pk__in=in_force().values("pk")))


def _contact_requests() -> QuerySet[ContactRequest]:
    return _not_of_held(_before(ContactRequest, "decided_at", settings.CONTACT_REQUEST_DAYS))


def _joined_pupils() -> QuerySet[PupilMerge]:
    return PupilMerge.objects.filter(at__lt=undoable_since()).exclude(kept_id__in=LegalHold.objects.pupils())


def _not_of_held(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows of guardians whose family is not held."""
    return rows.exclude(guardian_id__in=LegalHold.objects.guardians())


RULES = (
    Rule(
        key="notes",
        words="factual lines and agreements of a school year",
        until="NOTES_UNTIL (day of the year) after the school year",
        due=_noted,
        take=_blank_notes,
    ),
    Rule(
        key="own notes",
        words="notes for oneself",
        until="AUTHOR_NOTE_DAYS days",
        due=_own_notes,
        take=_blank_notes,
    ),
    Rule(
        key="CLB notes",
        words="CLB notes that are in the file of the CLB",
        until="NOTES_UNTIL, once their export was confirmed",
        due=_exported_clb_notes,
        take=delete,
    ),
    Rule(
        key="follow-ups",
        words="words of what was done for families",
        until="NOTES_UNTIL after the school year",
        due=_follow_ups,
        take=_blank_follow_ups,
    ),
    *meetingretention.RULES,
    Rule(
        key="contact data",
        words="guardians without a child at school who keep no number and address",
        until="LEFT_CONTACT_DAYS days after the last child left",
        due=_left,
        take=_forget_ways,
    ),
    Rule(
        key="homes",
        words="addresses that everybody moved away from",
        until="the next run",
        due=lambda: Household.objects.filter(guardians__isnull=True),
        take=delete,
    ),
    Rule(
        key="guardians",
        words="names of guardians",
        until="LEFT_NAME_DAYS days after the last child left",
        due=_former_guardians,
        take=_forget_guardians,
    ),
    Rule(
        key="pupils",
        words="names and birthdays of former pupils",
        until="LEFT_NAME_DAYS days after leaving",
        due=_former_pupils,
        take=_forget_pupils,
    ),
    Rule(
        key="same families",
        words="families that may be one, and what was decided",
        until="LEFT_NAME_DAYS days after the last child of both left",
        due=_matches_of_nobody,
        take=delete,
    ),
    Rule(
        key="joined pupils",
        words="what two rows of one child said before they were joined",
        until="a month after they were joined, when it can no longer be undone",
        due=_joined_pupils,
        take=delete,
    ),
    Rule(
        key="consents",
        words="withdrawn consents",
        until="CONSENT_DAYS days after the withdrawal",
        due=lambda: _not_of_held(Consent.objects.filter(withdrawn_on__lt=days_ago(settings.CONSENT_DAYS))),
        take=delete,
    ),
    Rule(
        key="requests",
        words="decided requests about data",
        until="DATA_REQUEST_DAYS days after the decision",
        due=_requests,
        take=delete,
    ),
    Rule(
        key="contact requests",
        words="decided wishes for another number or address",
        until="CONTACT_REQUEST_DAYS days after the decision",
        due=_contact_requests,
        take=delete,
    ),
    Rule(
        key="alerts",
        words="alerts of unusual reading",
        until="ACCESS_LOG_DAYS days",
        due=lambda: _before(ReadingAlert, "raised_at", settings.ACCESS_LOG_DAYS),
        take=delete,
    ),
    Rule(
        key="holds",
        words="legal holds that are over",
        until="DATA_REQUEST_DAYS days after their end",
        due=_holds_that_are_over,
        take=delete,
    ),
    Rule(
        key="codes",
        words="one-time codes",
        until="SIGN_IN_CODE_DAYS days",
        due=lambda: _before(SignInCode, "expires_at", settings.SIGN_IN_CODE_DAYS),
        take=delete,
    ),
    *childretention.RULES,
)
