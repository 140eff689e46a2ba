"""A parent signs up for a gathering, changes that and signs off: alone, or by a colleague who writes it down.

Whoever takes or gives places holds the row of the gathering meanwhile, so that nobody gets one that another has. When
all are taken one waits; a place that comes free goes to the first in the row for whom there is room, who is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from parents.models import Gathering, GatheringSignUp, GatheringWord, Guardian, Guardianship, SignUpState, WordKind
from schools import audit, clock
from schools.models import Enrolment, User


@dataclass(frozen=True, slots=True)
class Coming:
    """How many come, and the language for which an interpreter is wanted, "" for none."""

    adults: int
    children: int = 0
    interpreter: str = ""

    @property
    def people(self) -> int:
        return self.adults + self.children


def sign_up(
    *, gathering: Gathering, guardian: Guardian, coming: Coming, entered_by: User | None = None
) -> GatheringSignUp:
    """Sign up, or change what was said before; the interpreter that the parent asked for stays when a colleague, who
    does not see it there, writes down who comes. Without room a new one waits; who comes already and wants room for
    more keeps what there was. Raises ValidationError for that, for more people than there will ever be places, and
    when it has begun or is cancelled."""
    with transaction.atomic():
        row = _open(gathering)
        known = row.sign_ups.filter(guardian=guardian).first()
        fits = has_room(row, coming.people, but=known)
        comes = known is not None and not known.waits
        if not fits and (comes or coming.people > (row.places or 0)):
            raise ValidationError(_("There are not enough places for so many people. Nothing was changed."))
        now = clock.now()
        made = known or GatheringSignUp(gathering=row, guardian=guardian, asked_at=now)
        made.adults, made.children = coming.adults, coming.children
        if entered_by is None or coming.interpreter:
            made.interpreter = coming.interpreter
        made.state = SignUpState.COMING if fits else SignUpState.WAITING
        made.changed_at, made.entered_by = now, entered_by
        made.save()
        fill_up(row)
        made.refresh_from_db(fields=["state"])
        _note_down("signed up", row, guardian, entered_by, people=coming.people, state=made.state)
    return made


def sign_off(*, gathering: Gathering, guardian: Guardian, by: Guardian | User) -> bool:
    """The parent does not come; who waits moves up. False when nothing was signed up. Raises ValidationError when it
    has begun or is cancelled."""
    with transaction.atomic():
        row = _open(gathering)
        number, _rows = row.sign_ups.filter(guardian=guardian).delete()
        if not number:
            return False
        fill_up(row)
        _note_down("signed off", row, guardian, by if isinstance(by, User) else None)
    return True


def drop_sign_ups(guardians: Iterable[int]) -> None:
    """Of people who are forgotten nothing stays; their places go to who waits."""
    _drop(GatheringSignUp.objects.filter(guardian_id__in=list(guardians)))


def let_go_who_left() -> int:
    """Who is told of no child at the school any more finds its gatherings no more and cannot sign off: of what is to
    come the places go to who waits. Returns how many parents that were."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    here = Enrolment.objects.lasting().filter(
        pupil_id=OuterRef("pupil_id"), school_id=OuterRef(OuterRef("gathering__school_id"))
    )
    ties = Guardianship.objects.filter(
        lasting, Exists(here), guardian_id=OuterRef("guardian_id"), information_right=True
    )
    to_come = GatheringSignUp.objects.filter(gathering__starts_at__gt=clock.now(), gathering__cancelled_at=None)
    gone = list(to_come.filter(~Exists(ties)).values_list("pk", flat=True))
    if not gone:
        return 0
    with transaction.atomic():
        dropped = _drop(GatheringSignUp.objects.filter(pk__in=gone))
        for row in dropped:
            audit.record(
                actor=None,
                verb="signed off",
                target=row.gathering,
                school_id=row.gathering.school_id,
                guardian=row.guardian_id,
            )
    return len(dropped)


def _drop(rows: QuerySet[GatheringSignUp]) -> list[GatheringSignUp]:
    """Take these away and give their places to who waits. Returns those that nobody took away before."""
    with transaction.atomic():
        held = Gathering.objects.select_for_update(of=("self",)).filter(pk__in=rows.values("gathering_id"))
        gatherings = list(held.order_by("pk"))
        dropped = list(rows.select_related("gathering"))
        rows.delete()
        for gathering in gatherings:
            if gathering.is_open:
                fill_up(gathering)
    return dropped


def has_room(gathering: Gathering, people: int, but: GatheringSignUp | None = None) -> bool:
    """Whether so many fit beside those who come; ``but`` is one of them who would come so instead."""
    if gathering.places is None:
        return True
    others = gathering.sign_ups.coming()
    if but is not None:
        others = others.exclude(pk=but.pk)
    return others.people() + people <= gathering.places


def fill_up(gathering: Gathering) -> None:
    """Those who wait get what is free, the first for whom there is room before the others. The caller holds the row."""
    free = None if gathering.places is None else gathering.places - gathering.sign_ups.coming().people()
    for row in gathering.sign_ups.waiting():
        if free is not None:
            if row.people > free:
                continue
            free -= row.people
        GatheringSignUp.objects.filter(pk=row.pk).update(state=SignUpState.COMING, changed_at=clock.now())
        note_word([row], WordKind.PLACE, sequence=gathering.sequence)


def note_word(rows: Iterable[GatheringSignUp], kind: WordKind, *, sequence: int) -> None:
    """Each of these is told, once for this hour and place; who got a place, lost and got one again, again."""
    now = clock.now()
    listed = [GatheringWord(sign_up=row, kind=kind, sequence=sequence, decided_at=now) for row in rows]
    GatheringWord.objects.bulk_create(listed, ignore_conflicts=True)


def locked(gathering: Gathering) -> Gathering:
    """The row of the gathering, which nobody else takes places of meanwhile."""
    return Gathering.objects.select_for_update(of=("self",)).select_related("school").get(pk=gathering.pk)


def _open(gathering: Gathering) -> Gathering:
    row = locked(gathering)
    if row.is_cancelled:
        raise ValidationError(_("This gathering is cancelled."))
    if row.has_begun:
        raise ValidationError(_("It is too late to change this here. Call the school."))
    return row


def _note_down(verb: str, gathering: Gathering, guardian: Guardian, by: User | None, **detail: object) -> None:
    if by is not None:
        audit.record(
            actor=by, verb=verb, target=gathering, school_id=gathering.school_id, guardian=guardian.pk, **detail
        )
    else:
        audit.record_by_guardian(guardian_id=guardian.pk, verb=verb, target=gathering, **detail)
