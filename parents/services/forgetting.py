"""How people are forgotten: names, addresses and numbers go, rows stay so that counts stay true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from parents.models import (
    WORDLESS,
    Absence,
    CalendarFeed,
    ConferenceChange,
    ConferenceNote,
    ConferenceReminder,
    ConferenceSlot,
    ContactPoint,
    ContactPointUse,
    ContactRequest,
    FamilyMatch,
    FamilyMembership,
    FollowUp,
    FollowUpStatus,
    GrowthNote,
    Guardian,
    Guardianship,
    Household,
    PupilMerge,
    SignInCode,
)
from parents.services.contactrequests import let_wishes_go
from parents.services.signups import drop_sign_ups
from schools import clock
from schools.models import Enrolment, Pupil

#: Why a contact point ended whose value was erased.
FORGOTTEN = "FORGOTTEN"


def without_child_at_school() -> QuerySet[Guardian]:
    """Guardians who answer for no child that is enrolled anywhere today or later."""
    return Guardian.objects.filter(~Exists(answering_since(clock.today(), OuterRef("pk"))))


def answering_since(day: date, guardian: OuterRef) -> QuerySet[Guardianship]:
    """Ties of a guardian that ran on that day or later, to a child who was enrolled then or later."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    running = Enrolment.objects.filter(lasting, pupil_id=OuterRef("pupil_id"))
    return Guardianship.objects.filter(lasting, Exists(running), guardian_id=guardian)


def forget_points(guardians: Iterable[int]) -> None:
    """These guardians use no contact point any more; one that nobody else uses loses its value, its codes and what
    was asked about it."""
    ids = list(guardians)
    points = list(ContactPointUse.objects.filter(guardian_id__in=ids).values_list("contact_point_id", flat=True))
    ContactPointUse.objects.filter(guardian_id__in=ids).delete()
    ContactPoint.objects.left_to_one(points)
    lonely = ContactPoint.objects.filter(pk__in=points, uses__isnull=True)
    SignInCode.objects.filter(contact_point__in=lonely).delete()
    day = clock.today()
    lonely.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day).update(valid_until=day)
    lonely.update(value="", verified_on=None, ended_because=FORGOTTEN)
    let_wishes_go(ids)
    ContactRequest.objects.filter(guardian_id__in=ids).delete()


def forget_households(guardians: Iterable[int]) -> None:
    """These guardians live nowhere we know; an address where nobody else lives goes."""
    ids = list(guardians)
    homes = list(Guardian.objects.filter(pk__in=ids, household__isnull=False).values_list("household_id", flat=True))
    Guardian.objects.filter(pk__in=ids).update(household=None)
    Household.objects.filter(pk__in=homes, guardians__isnull=True).delete()


def forget_guardians(guardians: Iterable[int]) -> None:
    """Everything that says who they are: names, numbers, addresses, source, wishes. They are never contacted again."""
    ids = list(guardians)
    forget_points(ids)
    forget_households(ids)
    forget_matches(Guardianship.objects.filter(guardian_id__in=ids).values_list("pupil_id", flat=True))
    ConferenceNote.objects.filter(guardian_id__in=ids).delete()
    ConferenceReminder.objects.filter(guardian_id__in=ids).delete()
    ConferenceChange.objects.filter(guardian_id__in=ids).delete()
    drop_sign_ups(ids)
    CalendarFeed.objects.filter(guardian_id__in=ids).delete()
    Absence.objects.filter(reported_by_id__in=ids).update(reported_by=None)
    forget_tasks(FollowUp.objects.filter(guardian_id__in=ids))
    Guardian.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids)).update(
        first_name="", last_name="", source_system="", source_id="", may_be_contacted=False, preferred_channel=""
    )


def forget_tasks(tasks: QuerySet[FollowUp]) -> None:
    """Nobody is left to whom these were promised. What is late already stays so: figures count it."""
    tasks.filter(status=FollowUpStatus.OPEN, due_on__gte=clock.today()).update(status=FollowUpStatus.DROPPED)
    tasks.update(what=WORDLESS, closed_because="")


def forget_matches(pupils: Iterable[int]) -> None:
    """Pairs of families that may be one, when these children belong to one of the two: which of their facts were whose
    nobody can tell. What others of the family share is found anew."""
    families = list(FamilyMembership.objects.filter(pupil_id__in=list(pupils)).values_list("family_id", flat=True))
    FamilyMatch.objects.filter(Q(first_id__in=families) | Q(second_id__in=families)).delete()


def forget_pupils(pupils: Iterable[int]) -> None:
    """Name, day of birth and source of these children, and what was written about each, also what was still to do."""
    ids = list(pupils)
    forget_matches(ids)
    GrowthNote.objects.filter(pupil_id__in=ids).delete()
    Absence.objects.filter(pupil_id__in=ids).delete()
    ConferenceNote.objects.filter(slot__pupil_id__in=ids).delete()
    ConferenceSlot.objects.filter(pupil_id__in=ids).update(cancelled_because="")
    todo = FollowUp.objects.filter(pupil_id__in=ids)
    todo.filter(status=FollowUpStatus.OPEN).update(status=FollowUpStatus.DROPPED)
    todo.update(what=WORDLESS, closed_because="")
    rows = Pupil.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids))
    merges = PupilMerge.objects.filter(Q(kept__in=rows) | Q(joined__in=rows))
    merges.update(aside=[], numbers=[["", ""], ["", ""]])
    rows.update(first_name="", last_name="", birth_date=None, source_system="", source_id="")
