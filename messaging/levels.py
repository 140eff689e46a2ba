"""How far a notice came with each guardian and family: the one definition of the seven levels.

0 not tried · 1 attempted · 2 handed over · 3 opened by a person · 4 answered · 5 spoken with · 6 understood. The
highest counts. The page of a notice, the ladder and the families' ladder over a year (reports.reach) read it here.

*Handed over*: the provider took the mail or text message and it did not come back; a letter was given, not merely
printed. *Opened* is a person who pressed a button, never a mail program. *Answered* is also a question about the
notice, the choice of a time for the talk that it invites to, and the sign-up for the gathering that it announces.
*Spoken with*: the call of the notice was made, or somebody of the school spoke with the family after it was sent.
*Understood*: the person said so, on the page or on the phone, and did not say the contrary later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_noop

from messaging.models import Answer, Channel, Delivery, DeliveryStatus, Notice, NoticePupil, Thread
from parents.models import (
    ConferenceSlot,
    ContactKind,
    ContactMoment,
    FamilyMembership,
    GatheringSignUp,
    Guardian,
    Guardianship,
    MomentStatus,
)
from parents.models.kinds import OF_SCHOOL
from schools import clock

Ids = QuerySet[Any, Any]


class Level(IntEnum):
    NOT_TRIED = 0
    TRIED = 1
    HANDED_OVER = 2
    OPENED = 3
    ANSWERED = 4
    SPOKEN = 5
    UNDERSTOOD = 6


LABELS: tuple[str, ...] = (
    gettext_noop("Not tried yet"),
    gettext_noop("Tried"),
    gettext_noop("Handed over"),
    gettext_noop("Opened"),
    gettext_noop("Answered"),
    gettext_noop("Spoken with"),
    gettext_noop("Understood"),
)
#: Talks of the school with a family, by phone or in person. Others (a crisis, the CLB, a team meeting) are about
#: something else, and a written conversation counts through its question.
TALKS = (
    ContactKind.GATE_TALK,
    ContactKind.PHONE,
    ContactKind.HOME_VISIT,
    ContactKind.CONFERENCE,
    ContactKind.INTAKE,
    ContactKind.VIDEO,
)


def handed_over() -> Q:
    """The condition that a delivery left and did not come back; a printed letter has not left."""
    left = Q(status=DeliveryStatus.SENT, channel__in=[Channel.EMAIL, Channel.SMS])
    return left | Q(status=DeliveryStatus.DELIVERED)


def understood() -> Q:
    """The condition that the person of a delivery said that it is understood, and nothing else since."""
    doubt = Q(not_understood_at__isnull=True) | Q(not_understood_at__lt=F("understood_at"))
    return Q(understood_at__isnull=False) & doubt


def talks_since(notice: Notice) -> QuerySet[ContactMoment]:
    """Talks that the school held with families of the notice after it was sent, whatever they were logged to be about.

    On the day of sending itself, those logged after it that did not begin before it. Lines of a CLB and notes for
    oneself do not count: the school does not know of them.
    """
    sent = notice.published_at or notice.created_at
    day = clock.local_date(sent)
    members = FamilyMembership.objects.current().filter(pupil_id__in=_pupils(notice))
    same_day = Q(held_on=day, recorded_at__gte=sent) & ~Q(starts_at__lt=sent.astimezone(clock.BRUSSELS).time())
    return ContactMoment.objects.filter(
        Q(held_on__gt=day) | same_day,
        school_id=notice.school_id,
        family_id__in=members.values("family_id"),
        status=MomentStatus.HELD,
        withdrawn_at__isnull=True,
        is_two_way=True,
        kind__in=TALKS,
        visibility__in=OF_SCHOOL,
    )


def evidence(notice: Notice, *, certain: bool = False) -> Iterator[tuple[Level, Ids]]:
    """Queries of ``guardian_id`` for each level, lowest first; one level may come twice.

    A talk without names is with the family: with everybody who answers for its children. ``certain`` counts it only
    where they all live in one home, for another home has its own right to be told.
    """
    rows = Delivery.objects.filter(notice=notice)
    yield Level.TRIED, _guardians(rows.exclude(status=DeliveryStatus.CANCELLED))
    yield Level.HANDED_OVER, _guardians(rows.filter(handed_over()))
    yield Level.OPENED, _guardians(rows.filter(opened_at__isnull=False))
    yield Level.ANSWERED, _guardians(Answer.objects.filter(notice=notice))
    yield Level.ANSWERED, _guardians(Thread.objects.filter(notice=notice, asked_by_family=True))
    if notice.leads_to_times:
        yield Level.ANSWERED, _chose_a_time(notice)
        yield Level.ANSWERED, _got_a_time(notice, certain=certain)
    if notice.is_invitation:
        yield Level.ANSWERED, _guardians(GatheringSignUp.objects.filter(gathering=notice.gathering_id or 0))
    yield Level.SPOKEN, _guardians(rows.filter(channel=Channel.CALL, status=DeliveryStatus.DELIVERED))
    yield Level.SPOKEN, _spoken_with(notice, certain=certain)
    yield Level.UNDERSTOOD, _guardians(rows.filter(understood()))


def guardians_from(notice: Notice, level: Level, *, certain: bool = False) -> Q:
    """The condition on guardians that they stand on this level of the notice or above."""
    condition = Q(pk__in=[])
    for reached, ids in evidence(notice, certain=certain):
        if reached >= level:
            condition |= Q(pk__in=ids)
    return condition


def _chose_a_time(notice: Notice) -> Ids:
    """Who chose a time for a talk of the round that the notice invites to, on whatever page or paper."""
    chosen = ConferenceSlot.objects.filter(round_id=notice.conference_round_id or 0, booked_by__isnull=False)
    return chosen.order_by().values("booked_by_id")


def _got_a_time(notice: Notice, *, certain: bool) -> Ids:
    """Guardians of children for whom a colleague wrote a time down without saying for whom."""
    rows = ConferenceSlot.objects.filter(
        round_id=notice.conference_round_id or 0, booked_by__isnull=True, entered_by__isnull=False
    )
    members = FamilyMembership.objects.current().filter(pupil_id__in=rows.order_by().values("pupil_id"))
    people = _guardians_of(set(members.values_list("family_id", flat=True)), one_home=certain)
    return Guardian.objects.filter(pk__in=people).order_by().values(guardian_id=F("pk"))


def _spoken_with(notice: Notice, *, certain: bool) -> Ids:
    """Guardians with whom the school spoke since: those named, and the families of talks that name nobody.

    Looked up here, for there are few talks since a notice, and SQLite's parser would not nest them as well.
    """
    talks = talks_since(notice).order_by().values_list("guardians__pk", "family_id")
    named, unnamed = set[int](), set[int]()
    for guardian, family in talks:
        if guardian is None:
            unnamed.add(family)
        else:
            named.add(guardian)
    people = named | _guardians_of(unnamed, one_home=certain)
    return Guardian.objects.filter(pk__in=people).order_by().values(guardian_id=F("pk"))


def _guardians_of(families: set[int], *, one_home: bool) -> set[int]:
    """Everybody who answers for a child of these families, or only where they live in one home."""
    if not families:
        return set()
    members = FamilyMembership.objects.current().filter(family_id__in=families)
    children = dict(members.values_list("pupil_id", "family_id"))
    rows = Guardianship.objects.current().filter(pupil_id__in=list(children))
    people: dict[int, set[int]] = defaultdict(set)
    homes: dict[int, set[object]] = defaultdict(set)
    for pupil, guardian, home in rows.values_list("pupil_id", "guardian_id", "guardian__household_id"):
        people[children[pupil]].add(guardian)
        homes[children[pupil]].add(home or f"guardian {guardian}")
    together = [found for family, found in people.items() if not one_home or len(homes[family]) == 1]
    return set().union(*together)


def _pupils(notice: Notice) -> Ids:
    return NoticePupil.objects.filter(notice=notice).values("pupil_id")


def _guardians(rows: QuerySet[Any]) -> Ids:
    return rows.order_by().values("guardian_id")
