"""A guardian's other number or address: asked for, and then used or not, by a decision of the school."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents import ownwords
from parents.models import (
    WORDLESS,
    ContactPoint,
    ContactPointUse,
    ContactRequest,
    FollowUp,
    FollowUpStatus,
    Guardian,
    Guardianship,
    PointKind,
    RequestState,
)
from parents.ownwords import kept
from parents.services.reachability import REPLACED, note_new_contact
from parents.services.wishes import tell_schools
from parents.signin import Reachable
from schools import audit, clock
from schools.models import Enrolment, Pupil, School, User
from schools.roster.contacts import written_phone


@transaction.atomic
def ask_to_change_contact(
    *,
    guardian: Guardian,
    children: Iterable[Pupil],
    contact: Reachable,
    replaces: ContactPoint | None = None,
    is_proven: bool = True,
) -> ContactRequest:
    """A new number or address, told to each school of the children; asking for the same again is the same request.

    Contact data are not changed here: the school checks them first. ``is_proven``: with a code to a point of before.
    Raises ValidationError where no school has a child of theirs, or will have: nobody would call.
    """
    if not Enrolment.objects.lasting().filter(pupil__in=children).exists():
        raise ValidationError(_("This did not work. Call the school."))
    request, is_new = ContactRequest.objects.get_or_create(
        guardian=guardian,
        value=contact.value,
        state=RequestState.OPEN,
        defaults={"kind": contact.kind, "replaces": replaces, "is_proven": is_proven, "asked_at": clock.now()},
    )
    if not is_new and (is_proven and not request.is_proven):
        request.is_proven = True
        request.save(update_fields=["is_proven"])
    tell_schools(guardian=guardian, children=children, what=_asked(request), contact_request=request)
    if is_new:
        audit.record_by_guardian(
            guardian_id=guardian.pk, verb="asked for another contact point", target=request, kind=contact.kind
        )
    return request


def follow_children() -> int:
    """A wish that nobody decided goes along with a child that changes school: the new school is asked, and one where no
    child of the guardian is any more no longer calls. Returns how many schools were asked."""
    asked = 0
    wishes = ContactRequest.objects.filter(state=RequestState.OPEN)
    for pk in wishes.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            request = wishes.select_for_update(of=("self",)).select_related("guardian").filter(pk=pk).first()
            if request is None:
                continue  # somebody decided meanwhile: its value is forgotten
            told = FollowUp.objects.filter(contact_request=request)
            ties = Guardianship.objects.current().filter(guardian=request.guardian_id, information_right=True)
            lasting = Enrolment.objects.lasting().filter(pupil_id__in=ties.values("pupil_id"))
            schools = set(lasting.values_list("school_id", flat=True))
            if not schools:
                continue  # who left for good is forgotten in time (let_wishes_go), and may come back before
            told.open().exclude(school_id__in=schools).update(status=FollowUpStatus.DROPPED)
            new = lasting.current().exclude(school_id__in=told.values("school_id"))
            children = Pupil.objects.filter(pk__in=new.values("pupil_id"))
            if children.exists():
                asked += tell_schools(
                    guardian=request.guardian, children=children, what=_asked(request), contact_request=request,
                    but=told.values("school_id"),
                )  # fmt: skip
    return asked


def let_wishes_go(guardians: Iterable[int]) -> None:
    """Nobody writes to these people any more: what they asked for and nobody decided is forgotten, where a school was
    asked to call too."""
    rows = ContactRequest.objects.filter(guardian_id__in=list(guardians), state=RequestState.OPEN)
    for request in rows.select_related("guardian"):
        with transaction.atomic():
            FollowUp.objects.open().filter(contact_request=request).update(status=FollowUpStatus.DROPPED)
            _close(request, RequestState.DECLINED, None)


def _asked(request: ContactRequest) -> str:
    value = written_phone(request.value) if request.kind == PointKind.PHONE else request.value
    return kept(ownwords.OTHER_CONTACT, guardian=request.guardian.full_name, value=value)


def accept_contact(*, request: ContactRequest, by: User, school: School) -> ContactPoint:
    """Use it from now on, not verified until a code is opened there; what it replaces is used no more.

    Raises ValidationError when somebody decided it already.
    """
    with transaction.atomic():
        contact = _decide(request, RequestState.ACCEPTED, by, school)
        return replace_contact(
            guardian=request.guardian, contact=contact, replaces=request.replaces, by=by, school=school
        )


def replace_contact(
    *, guardian: Guardian, contact: Reachable, replaces: ContactPoint | None, by: User, school: School
) -> ContactPoint:
    """A number or address that is used from now on, in the place of another one or beside them all."""
    with transaction.atomic():
        new = note_new_contact(guardian=guardian, contact=contact, by=by, school=school)
        if replaces is not None and replaces.pk != new.pk:
            _take_the_place(new, replaces, guardian)
    return new


def decline_contact(*, request: ContactRequest, by: User, school: School) -> None:
    """Everything stays as it was. Raises ValidationError when somebody decided it already."""
    with transaction.atomic():
        _decide(request, RequestState.DECLINED, by, school)


def _decide(request: ContactRequest, state: RequestState, by: User, school: School) -> Reachable:
    """Close the request and what it asked of each school, and forget the value."""
    contact = Reachable(request.kind, request.value)
    if not _close(request, state, by):
        raise ValidationError(_("Somebody decided this already."))
    FollowUp.objects.open().filter(contact_request=request).update(status=FollowUpStatus.DONE, done_on=clock.today())
    audit.record(actor=by, verb=f"{state.lower()} a contact point", target=request, school_id=school.pk)
    return contact


def _close(request: ContactRequest, state: RequestState, by: User | None) -> bool:
    """Its value is forgotten, in what the schools were asked too. False when it was closed already."""
    open_one = ContactRequest.objects.filter(pk=request.pk, state=RequestState.OPEN)
    if not open_one.update(state=state, decided_at=clock.now(), decided_by=by, value=""):
        return False
    what = kept(ownwords.OTHER_CONTACT_ASKED, guardian=request.guardian.full_name)
    FollowUp.objects.filter(contact_request=request).exclude(what=WORDLESS).update(what=what)
    return True


def _take_the_place(new: ContactPoint, old: ContactPoint, guardian: Guardian) -> None:
    """The new point gets the rank of the old one. What others use too only this guardian leaves."""
    uses = ContactPointUse.objects.filter(contact_point=old)
    use = uses.filter(guardian=guardian).first()
    if use is not None:
        ContactPointUse.objects.filter(contact_point=new, guardian=guardian).update(rank=use.rank)
    if uses.exclude(guardian=guardian).exists():
        uses.filter(guardian=guardian).delete()
        ContactPoint.objects.left_to_one([old.pk])
        return
    old.valid_until, old.ended_because = clock.today(), REPLACED
    old.save(update_fields=["valid_until", "ended_because"])
