"""Which families many notices reached, at once: what ``messaging.levels`` calls handed over or further, for a list."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate, TruncTime

from messaging.levels import TALKS, handed_over
from messaging.models import Answer, Delivery, NoticePupil, Thread
from messaging.models.notices import AudienceKind
from parents.models import (
    ConferenceSlot,
    ContactMoment,
    FamilyMembership,
    GatheringSignUp,
    MomentStatus,
)
from parents.models.kinds import OF_SCHOOL
from schools import clock
from schools.models.periods import running_on

#: From a child of a notice to its family.
FAMILY = "pupil__family_memberships__family"


def with_reached(notices: list[int]) -> QuerySet[NoticePupil]:
    """The children of these notices, each with a family of today; ``is_reached`` when somebody who answers for the
    child got it, opened it, answered it or was spoken with by the school since."""
    sent = Coalesce("notice__published_at", "notice__created_at", output_field=DateTimeField())
    rows = NoticePupil.objects.filter(running_on(clock.today(), "pupil__family_memberships__"), notice_id__in=notices)
    rows = rows.annotate(
        sent=sent, sent_day=TruncDate(sent, tzinfo=clock.BRUSSELS), sent_time=TruncTime(sent, tzinfo=clock.BRUSSELS)
    )
    got = Exists(Delivery.objects.filter(handed_over() | Q(opened_at__isnull=False), _theirs(), _of_notice()))
    said = Exists(Answer.objects.filter(_theirs(), _of_notice()))
    asked = Exists(Thread.objects.filter(_theirs(), _of_notice(), asked_by_family=True))
    reached = got | said | asked | _has_a_time() | _signed_up() | Exists(_talks())
    return rows.annotate(is_reached=ExpressionWrapper(reached, output_field=BooleanField()))


def _of_notice() -> Q:
    return Q(notice_id=OuterRef("notice_id"))


def _theirs(guardian: str = "guardian__") -> Q:
    """The condition that a row is of somebody who answers for the child."""
    ties = f"{guardian}guardianships__"
    return Q(running_on(clock.today(), ties), **{f"{ties}pupil_id": OuterRef("pupil_id")})


def _families_of_theirs() -> QuerySet[Any, Any]:
    """Families of every child for whom those answer who answer for this one, from within a condition on another row."""
    today, ties = clock.today(), "pupil__guardianships__"
    theirs = f"{ties}guardian__guardianships__"
    same = Q(
        running_on(today, ties), running_on(today, theirs), **{f"{theirs}pupil_id": OuterRef(OuterRef("pupil_id"))}
    )
    return FamilyMembership.objects.current().filter(same).values("family_id")


def _has_a_time() -> Exists:
    """Somebody chose a time in the round in which the notice lets parents choose one, or a colleague wrote one down for
    the family."""
    slots = ConferenceSlot.objects.filter(
        round_id=OuterRef("notice__conference_round_id"), round__books_until__isnull=False
    )
    written = Q(booked_by__isnull=True, entered_by__isnull=False) & Q(
        running_on(clock.today(), "pupil__family_memberships__"),
        pupil__family_memberships__family_id__in=_families_of_theirs(),
    )
    return Exists(slots.filter(_theirs("booked_by__") | written))


def _signed_up() -> Q:
    """For the gathering that the notice announces."""
    signed = GatheringSignUp.objects.filter(_theirs(), gathering_id=OuterRef("notice__gathering_id"))
    return Q(Exists(signed)) & ~Q(notice__audience=AudienceKind.GATHERING)


def _talks() -> QuerySet[ContactMoment]:
    """``levels.talks_since``, of each child's people. Few tables: above eight PostgreSQL takes them in the order in
    which they are written, and asked for the talks of all families of a notice again for each child."""
    same_day = Q(held_on=OuterRef("sent_day"), recorded_at__gte=OuterRef("sent"))
    named = ContactMoment.guardians.through.objects.filter(contactmoment_id=OuterRef("pk"))
    ties = "guardian__guardianships__"
    theirs = Q(running_on(clock.today(), ties), **{f"{ties}pupil_id": OuterRef(OuterRef("pupil_id"))})
    told = NoticePupil.objects.filter(notice_id=OuterRef(OuterRef(OuterRef("notice_id"))))
    about = FamilyMembership.objects.current().filter(
        family_id=OuterRef("family_id"), pupil_id__in=told.values("pupil_id")
    )
    return ContactMoment.objects.filter(
        Q(held_on__gt=OuterRef("sent_day")) | same_day & ~Q(starts_at__lt=OuterRef("sent_time")),
        Exists(named.filter(theirs)) | ~Exists(named),
        Exists(about),
        school_id=OuterRef("notice__school_id"),
        family_id__in=_families_of_theirs(),
        status=MomentStatus.HELD,
        withdrawn_at__isnull=True,
        is_two_way=True,
        kind__in=TALKS,
        visibility__in=OF_SCHOOL,
    )
