"""What the portal asked colleagues to do for a parent ends when the parent may not be told of the child any more, or
the child is at the school no more: nobody calls a parent whom a court barred to explain a notice. What a colleague
promised in a talk stays: a person decides."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from messaging.models import Answer, CallTask, Delivery, Explanation
from messaging.models.answers import ties_in_family
from messaging.outbox.entitled import may_be_told
from parents.models import (
    ContactRequest,
    Family,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    Guardianship,
    RequestState,
)
from parents.ownwords import TOLD_NO_MORE, kept
from parents.services.contactrequests import let_wishes_go
from schools.models import Enrolment


def tasks_in_vain(among: Collection[int] | None = None) -> set[int]:
    """Ids of the open follow-ups (all, or those ``among``) that are about nobody to be told any more. The calls about
    notices go with their delivery (``stop_unentitled``)."""
    rows = FollowUp.objects.open()
    if among is not None:
        rows = rows.filter(pk__in=among)
    return {pk for found in (_explanations(rows), _asking(rows), _calls(rows), _talks(rows)) for pk in found}


def stop_tasks_in_vain() -> int:
    """Drop them, with the reason; returns how many. Another number or address that such a parent asked for is
    forgotten."""
    let_wishes_go(_wishing_without_right())
    rows = FollowUp.objects.filter(pk__in=tasks_in_vain(), status=FollowUpStatus.OPEN)
    return rows.update(status=FollowUpStatus.DROPPED, closed_because=kept(TOLD_NO_MORE))


def let_answers_without_right_rest() -> int:
    """The answer of who lost the right to information on the family's children counts no more where a parent who has it
    answered too: that one stands again. Returns for how many families."""
    told = Exists(ties_in_family().filter(information_right=True))
    beside = Answer.objects.filter(told, notice_id=OuterRef("notice_id"), family_id=OuterRef("family_id"), stands=False)
    barred = Answer.objects.standing().filter(~told, Exists(beside), family__isnull=False)
    with transaction.atomic():
        families = Family.objects.select_for_update(of=("self",), no_key=True)
        found = list(families.filter(pk__in=barred.values("family_id")).order_by("pk"))
        if found:
            Answer.let_latest_stand(*found)
    return len(found)


def _wishing_without_right() -> list[int]:
    """Guardians whose wish waits and who are told of no child any more. A child that left may come back, and takes the
    wish along to its next school."""
    ties = Guardianship.objects.current().filter(guardian_id=OuterRef("guardian_id"), information_right=True)
    rows = ContactRequest.objects.filter(~Exists(ties), state=RequestState.OPEN)
    return list(rows.values_list("guardian_id", flat=True).distinct())


def _explanations(rows: QuerySet[FollowUp]) -> QuerySet[Any, int]:
    asked = Explanation.objects.filter(follow_up__in=rows.filter(kind=FollowUpKind.NOT_UNDERSTOOD).values("pk"))
    untold = Delivery.objects.filter(~may_be_told(), pk__in=asked.values("delivery_id"))
    return asked.filter(delivery__in=untold.values("pk")).values_list("follow_up_id", flat=True)


def _asking(rows: QuerySet[FollowUp]) -> QuerySet[Any, int]:
    """For a number or address; what a parent asked for goes along with the child (``contactrequests``)."""
    here = Enrolment.objects.lasting().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef(OuterRef("school_id")))
    told = Guardianship.objects.informed().filter(Exists(here), guardian_id=OuterRef("guardian_id"))
    asking = rows.filter(~Exists(told), kind=FollowUpKind.CONTACT_DATA, guardian__isnull=False, contact_request=None)
    return asking.values_list("pk", flat=True)


def _calls(rows: QuerySet[FollowUp]) -> QuerySet[Any, int]:
    """About a strip, or an answer that did not arrive. An answer is owed after the child left, as long as the right to
    it lasts."""
    told = Guardianship.objects.informed().filter(guardian_id=OuterRef("guardian_id"), pupil_id=OuterRef("pupil_id"))
    of_notices = CallTask.objects.filter(follow_up_id=OuterRef("pk"))
    calls = rows.filter(~Exists(of_notices), ~Exists(told), kind=FollowUpKind.CALL)
    return calls.filter(guardian__isnull=False, pupil__isnull=False).values_list("pk", flat=True)


def _talks(rows: QuerySet[FollowUp]) -> QuerySet[Any, int]:
    """Another talk about a child that is here no more; one who lost the right is not who it is offered to."""
    here = Enrolment.objects.lasting().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("school_id"))
    talks = rows.filter(~Exists(here), kind=FollowUpKind.MEETING, pupil__isnull=False)
    return talks.values_list("pk", flat=True)
