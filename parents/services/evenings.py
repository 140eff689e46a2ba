"""A class came together without a round of meetings: who was there, written down in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from parents.models import (
    ContactMoment,
    FamilyMembership,
    Guardian,
    Initiative,
    InterpreterNeed,
    MomentStatus,
    Outcome,
)
from parents.models.kinds import SPOKEN_KINDS
from parents.ownwords import UNDONE, kept
from parents.services.attendance import TalksWritten
from parents.services.contacts import NewFollowUp, log_contact_moment, usual_initiative
from parents.services.correcting import withdraw_contact_moment
from schools import audit, clock
from schools.models import Method, Pupil, SchoolClass, User

#: So long all that one form wrote is undone with one tap; later each is taken back on its own page, with a reason.
UNDO_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class FamilyThatCame:
    """One family of the class; ``outcome`` and ``interpreter_mode`` are empty where nobody says."""

    family_id: int
    pupils: Sequence[Pupil]
    guardians: Sequence[Guardian] = ()
    outcome: str = ""
    interpreter_mode: str = ""


@dataclass(frozen=True, slots=True)
class ClassEvening:
    """What it was, when, and who came. ``client_id`` is that of the form: each family's moment is derived from it."""

    client_id: UUID
    kind: str
    held_on: date
    purpose: str
    came: Sequence[FamilyThatCame]
    method: Method | None = None


def write_evening(*, school_class: SchoolClass, evening: ClassEvening, by: User) -> TalksWritten:
    """One contact moment for each family that came. Sent twice, or noted by a colleague before, a family is counted as
    ``known`` and not written again; who did not come is written nowhere, for nobody says who was asked."""
    written = TalksWritten()
    with transaction.atomic():
        # Two who write of the same class at once: the second finds what the first wrote.
        SchoolClass.objects.select_for_update().get(pk=school_class.pk)
        noted = _noted(school_class, evening, by)
        for row in evening.came:
            if noted & {pupil.pk for pupil in row.pupils}:
                written.known += 1
                continue
            try:
                with transaction.atomic():
                    moment = _log(school_class, evening, row, by)
            except ValidationError:
                written.refused.append(" & ".join(pupil.full_name for pupil in row.pupils))
            else:
                # An old form, sent again after its moment was taken back, brings nothing back.
                written.known += moment.withdrawn_at is not None
                written.held += moment.withdrawn_at is None
        audit.record(
            actor=by, verb="wrote attendance", target=school_class, school_id=school_class.school_id, held=written.held
        )
    return written


def take_back_evening(*, school_class: SchoolClass, client_id: UUID, by: User) -> int:
    """The wrong day or class: what the writer wrote with this form a moment ago is taken back at once; returns how many
    families that were."""
    with transaction.atomic():
        rows = just_written(school_class=school_class, client_id=client_id, by=by).order_by("pk")
        moments = list(rows.select_for_update(of=("self",)))  # the second of two presses finds none left
        for moment in moments:
            withdraw_contact_moment(moment=moment, by=by, because=kept(UNDONE))
    return len(moments)


def just_written(*, school_class: SchoolClass, client_id: UUID, by: User) -> QuerySet[ContactMoment]:
    """What this form of the writer brought in, while it can be undone as a whole."""
    rows = _of_form(school_class, client_id, by)
    return rows.filter(recorded_at__gte=clock.now() - UNDO_FOR, withdrawn_at=None)


def is_taken_back(*, school_class: SchoolClass, client_id: UUID, by: User) -> bool:
    """Whether all that this form of the writer brought in was undone before, as by the first of two presses."""
    rows = _of_form(school_class, client_id, by)
    return rows.exists() and not rows.filter(withdrawn_at=None).exists()


def _of_form(school_class: SchoolClass, client_id: UUID, by: User) -> QuerySet[ContactMoment]:
    pupils = Pupil.objects.enrolled_in(school_class)
    families = FamilyMembership.objects.current().filter(pupil__in=pupils).values_list("family_id", flat=True)
    return ContactMoment.objects.filter(
        client_id__in=[_client_id(client_id, family) for family in families],
        recorded_by=by,
    )


def _client_id(form: UUID, family_id: int) -> UUID:
    return uuid5(form, str(family_id))


def _noted(school_class: SchoolClass, evening: ClassEvening, by: User) -> set[int]:
    """Children of whom the same was noted before, as far as the writer may read it."""
    moments = ContactMoment.objects.visible_to(by).filter(
        school_id=school_class.school_id,
        kind=evening.kind,
        held_on=evening.held_on,
        status=MomentStatus.HELD,
        withdrawn_at=None,
    )
    children = [pupil.pk for row in evening.came for pupil in row.pupils]
    links = ContactMoment.pupils.through.objects.filter(pupil_id__in=children)
    return set(links.filter(contactmoment_id__in=moments.order_by().values("pk")).values_list("pupil_id", flat=True))


def _log(school_class: SchoolClass, evening: ClassEvening, row: FamilyThatCame, by: User) -> ContactMoment:
    """The school took the initiative, for it invited (domain 2.1). Where people speak with each other an agreement is
    the usual outcome; of listening together there is none."""
    side = usual_initiative(by)
    usual = Outcome.REACHED_AGREED.value if evening.kind in SPOKEN_KINDS else ""
    return log_contact_moment(
        author=by,
        school=school_class.school,
        pupils=row.pupils,
        kind=evening.kind,
        outcome=row.outcome or usual,
        status=MomentStatus.HELD,
        held_on=evening.held_on,
        client_id=_client_id(evening.client_id, row.family_id),
        guardians=row.guardians,
        initiative=Initiative.SCHOOL if side == Initiative.TEACHER else side,
        purpose=evening.purpose,
        method=evening.method,
        interpreter_need=InterpreterNeed.YES if row.interpreter_mode else InterpreterNeed.NO,
        interpreter_mode=row.interpreter_mode,
        follow_up=NewFollowUp.needed(evening.kind, row.outcome),
    )
