"""Erasure on request: a person's names, ways to be reached and words go; counts and the ledger stay."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from messaging.models import Delivery, DeliveryStatus, InboundText, OptOut, Thread, ThreadPost
from messaging.outbox.transitions import move
from messaging.services.inbox import let_wordless_rest
from parents import ledger
from parents.models import (
    CLBNote,
    ConferenceNote,
    ContactMoment,
    ContactPoint,
    ContactRevision,
    DataRequest,
    FamilyMembership,
    FollowUp,
    Guardian,
    Guardianship,
    LegalHold,
    OwnVersion,
    Tone,
)
from parents.ownwords import CALL_ABOUT_TEXT, kept
from parents.services import forgetting
from schools import audit, clock
from schools.days import full_day
from schools.models import CLBCentre, Enrolment, Pupil, School, User
from schools.roster.contacts import written_phone


def erase_guardian(
    *, guardian: Guardian, by: User | None, school: School | None = None, centre: CLBCentre | None = None
) -> None:
    """Erase a guardian. For a ``school`` or a ``centre``: when a child of the guardian is at another school, or at any,
    only what this place holds goes, for the rest is not its own, and it does not learn of it.

    Raises ValidationError while the guardian answers for a child at that school, what a school must keep stays; and
    while the family is held (GDPR art. 17.3 e).
    """
    if by is not None:
        _refuse_held(_families_of(guardian))
    if school is not None and _children_at(guardian).filter(school=school).exists():
        raise ValidationError(
            _("A child of this guardian is at your school: what a school must keep cannot be erased. Refuse with that.")
        )
    with transaction.atomic():
        has_a_child_at_school = _children_at(guardian).exists()
        if school is not None and has_a_child_at_school:
            _forget_words(guardian, Q(school=school))
        elif centre is not None and has_a_child_at_school:
            _forget_of_centre(guardian, centre)
        else:
            _erase_whole(guardian)
        audit.record(actor=by, verb="erased", target=guardian, school_id=school.pk if school else None)


def erase_pupil(*, pupil: Pupil, by: User | None) -> None:
    """Erase a child's name and birthday, and what was noted and written about it and no other child. Raises
    ValidationError while it is enrolled anywhere or its family is held."""
    running = Enrolment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()), pupil=pupil)
    if running.exists() and by is not None:
        raise ValidationError(_("This child is at a school: what a school must keep cannot be erased."))
    if by is not None:
        _refuse_held(FamilyMembership.objects.filter(pupil=pupil))
    with transaction.atomic():
        for row in (pupil, *Pupil.objects.filter(merged_into=pupil)):
            ledger.write_down(ledger.marks_of_pupil(row))
        moments = _talks_about_nobody_else(pupil)
        _filed(moments).delete()
        _forget_lines(moments)
        _forget_posts(Q(pupil=pupil))
        forgetting.forget_pupils([pupil.pk])
        audit.record(actor=by, verb="erased", target=pupil)


def erase_again() -> tuple[int, int]:
    """After a restored backup or an import: erase whoever was erased before; returns how many guardians and pupils."""
    ledger.copy_in()
    ledger.copy_out()
    guardians, pupils = ledger.guardians_come_back(), ledger.pupils_come_back()
    for guardian in guardians:
        erase_guardian(guardian=guardian, by=None)
    for pupil in pupils:
        erase_pupil(pupil=pupil, by=None)
    return len(guardians), len(pupils)


def _refuse_held(families: QuerySet[FamilyMembership]) -> None:
    """What is kept for a complaint or a case is not erased before its day, whichever school keeps it; where and why is
    not said. Whoever was erased before is erased again all the same."""
    if words := _held(families):
        raise ValidationError(words)


def why_held(guardian: Guardian) -> str:
    """What keeps the data of a guardian from being erased, said before anybody tells the guardian that they go."""
    return _held(_families_of(guardian))


def _families_of(guardian: Guardian) -> QuerySet[FamilyMembership]:
    return FamilyMembership.objects.filter(pupil__guardianships__guardian=guardian)


def _held(families: QuerySet[FamilyMembership]) -> str:
    holds = LegalHold.objects.running().filter(family_id__in=families.values("family_id"))
    last = holds.order_by("-until").first()
    if last is None:
        return ""
    words = _(
        "Data of this family are kept for a complaint or a case, until and including %(day)s: nothing of it is "
        "erased before. Refuse with that."
    )
    return words % {"day": full_day(last.until)}


def _children_at(guardian: Guardian) -> QuerySet[Enrolment]:
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    ties = Guardianship.objects.filter(lasting, guardian=guardian).values("pupil_id")
    return Enrolment.objects.filter(lasting, pupil_id__in=ties)


def _erase_whole(guardian: Guardian) -> None:
    points = ContactPoint.objects.filter(uses__guardian=guardian).exclude(value="")
    values = list(points.values_list("value", flat=True))
    ledger.write_down(ledger.marks_of_guardian(guardian, values))
    for row in Guardian.objects.filter(merged_into=guardian).exclude(source_id=""):
        ledger.write_down(ledger.marks_of_guardian(row))
    deliveries = Delivery.objects.filter(guardian=guardian)
    move(deliveries.filter(status=DeliveryStatus.QUEUED), DeliveryStatus.CANCELLED)
    deliveries.exclude(status=DeliveryStatus.SENDING).update(address="", contact_point=None, provider_ref="")
    deliveries.update(token_version=F("token_version") + 1)  # what was sent opens nothing about the child any more
    OptOut.objects.filter(guardian=guardian).delete()
    _forget_words(guardian, Q())
    OwnVersion.objects.filter(guardian=guardian).delete()
    DataRequest.objects.filter(guardian=guardian).update(words="")
    forgetting.forget_guardians([guardian.pk])
    gone = [value for value in values if not ContactPoint.objects.filter(value=value).exists()]
    InboundText.objects.filter(number__in=gone).delete()
    asked = [kept(CALL_ABOUT_TEXT, number=written_phone(value)) for value in gone]
    forgetting.forget_tasks(FollowUp.objects.filter(what__in=asked))


def _forget_words(guardian: Guardian, where: Q) -> None:
    """What was written in conversations with the guardian, noted of talks with nobody else, and noted to do."""
    moments = _talks_with_nobody_else(guardian).filter(where)
    _filed(moments).delete()
    _forget_lines(moments)
    talks = Q(**{f"slot__round__{key}": value for key, value in where.children}) if where else Q()  # type: ignore[misc]
    ConferenceNote.objects.filter(talks, guardian=guardian).delete()
    _forget_posts(where & Q(guardian=guardian))
    forgetting.forget_tasks(FollowUp.objects.filter(where, guardian=guardian))


def _forget_posts(where: Q) -> None:
    """Every word of these conversations."""
    threads = list(Thread.objects.filter(where).order_by().values_list("pk", flat=True))
    ThreadPost.objects.filter(thread__in=threads).delete()
    InboundText.objects.filter(thread__in=threads).delete()
    let_wordless_rest(threads)


def _forget_of_centre(guardian: Guardian, centre: CLBCentre) -> None:
    """What this centre noted of talks with the guardian and nobody else. Names, numbers and what schools wrote are the
    schools', at which a child is."""
    moments = _talks_with_nobody_else(guardian)
    _filed(moments).filter(centre=centre).delete()
    _forget_lines(moments.filter(centre=centre))


def _filed(moments: QuerySet[ContactMoment]) -> QuerySet[CLBNote]:
    """Notes of these talks that stand in the file of the CLB by now."""
    return CLBNote.objects.filter(contact_moment__in=moments, exported_at__isnull=False)


def _talks_with_nobody_else(guardian: Guardian) -> QuerySet[ContactMoment]:
    """Nobody but who was erased, or was this very person."""
    theirs = ContactMoment.objects.filter(guardians=guardian).values("pk")
    others = ContactMoment.guardians.through.objects.filter(contactmoment_id=OuterRef("pk")).exclude(guardian=guardian)
    named = others.exclude(guardian__first_name="", guardian__last_name="")
    return ContactMoment.objects.filter(pk__in=theirs).filter(~Exists(named))


def _talks_about_nobody_else(pupil: Pupil) -> QuerySet[ContactMoment]:
    theirs = ContactMoment.objects.filter(pupils=pupil).values("pk")
    others = ContactMoment.pupils.through.objects.filter(contactmoment_id=OuterRef("pk")).exclude(pupil=pupil)
    named = others.exclude(pupil__first_name="", pupil__last_name="")
    return ContactMoment.objects.filter(pk__in=theirs).filter(~Exists(named))


def _forget_lines(moments: QuerySet[ContactMoment]) -> None:
    """What stands in these talks, before and beside it."""
    for beside in (ContactRevision, OwnVersion):
        beside.objects.filter(contact_moment__in=moments).delete()
    forgetting.forget_tasks(FollowUp.objects.filter(contact_moment__in=moments))
    moments.update(note="", agreement="", withdrawn_because="", tone=Tone.NEUTRAL)
