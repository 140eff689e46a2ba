"""A gathering is made, changed, cancelled and reopened; who signed up is told of what changes for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import Gathering, GatheringWord, WordKind
from parents.services.signups import fill_up, locked, note_word
from schools import audit, clock
from schools.models import Method, Partner, School, User


@dataclass(frozen=True, slots=True)
class Facts:
    """What a colleague says of a gathering. ``kind`` is one of GATHERING_KINDS; ``places`` None for as many as come."""

    kind: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    places: int | None = None
    partner: Partner | None = None
    method: Method | None = None

    def named(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def apply(self, row: Gathering) -> None:
        for name, value in self.named().items():
            setattr(row, name, value)


#: Who signed up is told when one of these is another one.
_WHERE_AND_WHEN = ("starts_at", "place")


def make_gathering(*, school: School, facts: Facts, by: User) -> Gathering:
    """Families of the school can sign up from now on. The same moment once more is the one that is there: a form was
    sent twice. Raises ValidationError for a moment that is over."""
    _refuse_past(facts)
    with transaction.atomic():
        School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
        made = Gathering.objects.filter(school=school, made_by=by, cancelled_at=None, **facts.named()).first()
        if made is not None:
            return made
        row = Gathering(school=school, made_by=by, changed_at=clock.now())
        facts.apply(row)
        row.save()
        audit.record(actor=by, verb="made", target=row, school_id=school.pk, kind=row.kind)
    return row


def change_gathering(*, gathering: Gathering, facts: Facts, by: User) -> bool:
    """Whether who signed up is told of another hour or place. Raises ValidationError for a moment that is over, for one
    that has begun or is cancelled, for fewer places than are taken, and for a partner of whom who signed up did not
    know."""
    _refuse_past(facts)
    with transaction.atomic():
        row = locked(gathering)
        _refuse_over(row)
        taken = row.sign_ups.coming().people()
        if facts.places is not None and facts.places < taken:
            raise ValidationError(
                {"places": _("%(number)d people signed up already. Choose more places.") % {"number": taken}}
            )
        if facts.partner is not None and facts.partner.pk != row.partner_id and row.sign_ups.exists():
            words = _("Parents signed up already: nobody told them that this partner sees their first name.")
            raise ValidationError({"partner": words})
        before = [getattr(row, name) for name in _WHERE_AND_WHEN]
        facts.apply(row)
        moved = [getattr(row, name) for name in _WHERE_AND_WHEN] != before
        row.sequence += moved
        row.changed_at = clock.now() if moved else row.changed_at
        row.save()
        people = list(row.sign_ups.all()) if moved else []
        note_word(people, WordKind.MOVED, sequence=row.sequence)
        fill_up(row)
        audit.record(actor=by, verb="changed", target=row, school_id=row.school_id, moved=moved)
    return bool(people)


def cancel_gathering(*, gathering: Gathering, because: str, by: User) -> int:
    """It does not go on: who signed up or waited is told, once. Returns how many parents that are. Raises
    ValidationError for one that has begun or is cancelled already."""
    with transaction.atomic():
        row = locked(gathering)
        _refuse_over(row)
        row.cancelled_at = clock.now()
        row.cancelled_because = because
        row.sequence += 1
        row.save(update_fields=["cancelled_at", "cancelled_because", "sequence"])
        people = list(row.sign_ups.all())
        note_word(people, WordKind.CANCELLED, sequence=row.sequence)
        audit.record(actor=by, verb="cancelled", target=row, school_id=row.school_id, parents=len(people))
    return len(people)


def reopen_gathering(*, gathering: Gathering, by: User) -> None:
    """It was cancelled by mistake, and goes on as if it never was: before anybody was told. Raises ValidationError for
    one that has begun, is not cancelled, or of whose end a parent heard."""
    with transaction.atomic():
        row = locked(gathering)
        if not row.is_cancelled or row.has_begun:
            raise ValidationError(_("This gathering has begun or is not cancelled. Nothing was changed."))
        words = GatheringWord.objects.filter(sign_up__gathering=row)
        words.filter(kind=WordKind.CANCELLED, taken_at__isnull=True).delete()  # before a sweep takes one on
        if not may_reopen(row):
            raise ValidationError(
                _("Parents were told already that it is cancelled. Make a new gathering and announce that.")
            )
        row.cancelled_at, row.cancelled_because, row.sequence = None, "", row.sequence - 1
        row.save(update_fields=["cancelled_at", "cancelled_because", "sequence"])
        fill_up(row)
        audit.record(actor=by, verb="reopened", target=row, school_id=row.school_id)


def may_reopen(gathering: Gathering) -> bool:
    """Whether it is cancelled, to come, and nobody was told or is being told of it."""
    if not gathering.is_cancelled or gathering.has_begun:
        return False
    words = GatheringWord.objects.filter(sign_up__gathering=gathering, kind=WordKind.CANCELLED)
    return not words.filter(taken_at__isnull=False).exists()


def _refuse_past(facts: Facts) -> None:
    if facts.starts_at <= clock.now():
        raise ValidationError({"day": _("This moment is over. Choose a later one.")})


def _refuse_over(row: Gathering) -> None:
    if row.is_cancelled:
        raise ValidationError(_("This gathering is cancelled."))
    if row.has_begun:
        raise ValidationError(_("This gathering has begun: it can no longer be changed."))


def shown_facts(row: Gathering) -> dict[str, Any]:
    """What a form begins with."""
    starts, ends = (moment.astimezone(clock.BRUSSELS) for moment in (row.starts_at, row.over_at))
    return {
        "kind": row.kind,
        "title": row.title,
        "place": row.place,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "places": row.places,
        "partner": row.partner_id,
        "method": row.method_id,
    }
