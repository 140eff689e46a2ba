"""Requests about data: filed by a guardian or for one, extended once, decided with a reason."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parents.models import ContactMoment, DataRequest, Decision, FamilyMembership, Guardian, OwnVersion, RequestKind
from parents.models.datarequests import MOST_WORDS
from parents.restrictions import granted, standing
from schools import audit, clock
from schools.models import CLBCentre, Enrolment, Pupil, School, User

#: Months in which a request is answered, and by which that may once be lengthened (GDPR art. 12.3).
MONTHS, MORE_MONTHS = 1, 2


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@transaction.atomic
def file_request(
    *,
    guardian: Guardian,
    kind: str,
    place: School | CLBCentre,
    identity: str,
    by: User | None = None,
    child: Pupil | None = None,
    words: str = "",
) -> DataRequest:
    """Put a request into the register; its clock runs from today. ``by`` is None for one from the own page. The same
    kind at the same place while it is open is the same request, with the new words added as long as they fit; the same
    words once more add nothing: a form was sent twice."""
    where = {"school": place, "centre": None} if isinstance(place, School) else {"school": None, "centre": place}
    Guardian.objects.select_for_update(of=("self",), no_key=True).get(pk=guardian.pk)
    known = None
    for known in DataRequest.objects.open().filter(guardian=guardian, kind=kind, child=child, **where).order_by("pk"):
        if f"\n\n{words}\n\n" in f"\n\n{known.words}\n\n":
            return known
    if known is not None and len(together := f"{known.words}\n\n{words}".strip()) <= MOST_WORDS:
        known.words = together
        known.save(update_fields=["words"])
        return known
    request = DataRequest.objects.create(
        guardian=guardian,
        kind=kind,
        child=child,
        words=words,
        identity=identity,
        received_at=clock.now(),
        received_by=by,
        due_on=months_later(clock.today(), MONTHS),
        **where,
    )
    if by is None:
        audit.record_by_guardian(guardian_id=guardian.pk, verb="asked about data", target=request, kind=kind)
    else:
        audit.record(actor=by, verb="noted request about data", target=request, school_id=request.school_id, kind=kind)
    return request


def extend_request(*, request: DataRequest, by: User, because: str) -> None:
    """Two months more, once, with the reason that the guardian reads. Raises ValidationError when it was done before or
    is too late: within the first month the guardian must be told."""
    with transaction.atomic():
        open_one = DataRequest.objects.open().filter(pk=request.pk, extended_on__isnull=True, due_on__gte=clock.today())
        due_on = months_later(request.due_on, MORE_MONTHS)
        if not open_one.update(due_on=due_on, extended_on=clock.today(), extended_because=because):
            raise ValidationError(_("This can be lengthened once, within the first month, while it is open."))
        audit.record(actor=by, verb="lengthened request about data", target=request, school_id=request.school_id)


@transaction.atomic
def settle_request(*, request: DataRequest, by: User, decision: str, reason: str, **more: Any) -> None:
    """Decide, and do what is the parents' own part of it: keep only, send no more, set the own version beside a note.
    Raises ValidationError when somebody decided already, or words were added that ``request`` does not have."""
    open_one = DataRequest.objects.open().filter(pk=request.pk, words=request.words)
    changed = open_one.update(decision=decision, reason=reason, decided_at=clock.now(), decided_by=by)
    if not changed and DataRequest.objects.open().filter(pk=request.pk).exists():
        raise ValidationError(_("The parent asked something more meanwhile. Read it above, then decide."))
    if not changed:
        raise ValidationError(_("Somebody decided this already."))
    request.refresh_from_db()
    if decision != Decision.REFUSED:
        _do(request, more.get("moment"))
    audit.record(
        actor=by,
        verb="decided request about data",
        target=request,
        school_id=request.school_id,
        kind=request.kind,
        decision=decision,
    )


def _do(request: DataRequest, moment: ContactMoment | None) -> None:
    guardian = request.guardian
    if request.kind == RequestKind.RESTRICT:
        guardian.restricted_on = guardian.restricted_on or clock.today()
        guardian.save(update_fields=["restricted_on"])
    elif request.kind == RequestKind.OBJECT:
        guardian.may_be_contacted = False
        guardian.save(update_fields=["may_be_contacted"])
    elif request.kind == RequestKind.RECTIFY and request.words:
        family_id = moment.family_id if moment else _family_at(request)
        if family_id is not None:
            OwnVersion.objects.create(
                request=request,
                guardian=guardian,
                family_id=family_id,
                contact_moment=moment,
                text=request.words,
                written_on=clock.today(),
            )


def _family_at(request: DataRequest) -> int | None:
    """The guardian's family with a child at the place that answers; else the first."""
    members = FamilyMembership.objects.current().filter(pupil__guardianships__guardian=request.guardian_id)
    place = Q(school=request.school_id) if request.school_id else Q(school__clb=request.centre_id)
    there = members.filter(pupil_id__in=Enrolment.objects.current().filter(place).values("pupil_id"))
    ids = [rows.order_by("pk").values_list("family_id", flat=True).first() for rows in (there, members)]
    return ids[0] or ids[1]


def lift_restriction(
    *,
    guardian: Guardian,
    by: User,
    school_id: int | None,
    kinds: Collection[str] = (RequestKind.RESTRICT,),
    request: DataRequest | None = None,
) -> bool:
    """Work with the data again, when the guardian agrees or what was disputed is settled; of ``kinds`` what was asked:
    that they are only kept, that nothing is sent. ``request`` is one of the place that ends it: what another place
    granted too stands until it is ended there. False when something of it stands."""
    with transaction.atomic():
        row = Guardian.objects.select_for_update(of=("self",)).get(pk=guardian.pk)
        over = [kind for kind in kinds if _ends(row, kind, request)]
        if RequestKind.RESTRICT in over:
            row.restricted_on = None
        if RequestKind.OBJECT in over:
            row.may_be_contacted = True
        row.save(update_fields=["restricted_on", "may_be_contacted"])
        audit.record(actor=by, verb="lifted restriction", target=row, school_id=school_id)
    return len(over) == len(kinds)


def _ends(guardian: Guardian, kind: str, request: DataRequest | None) -> bool:
    """Note that the place of the request ended it; whether nobody else's stands."""
    rows = granted(kind).filter(guardian=guardian)
    if request is not None:
        place = {"school_id": request.school_id, "centre_id": request.centre_id}
        rows.filter(**place).update(lifted_on=clock.today())
        if standing(kind).filter(guardian=guardian).exists():
            return False
    rows.update(lifted_on=clock.today())
    return True
