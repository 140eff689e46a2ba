"""Who came to a gathering: by family, each a contact moment, or only counted. Written again, it is put right."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import (
    Attendance,
    ContactKind,
    ContactMoment,
    Family,
    Gathering,
    Guardian,
    Initiative,
    Outcome,
    Purpose,
)
from parents.ownwords import PUT_RIGHT, kept
from parents.services.contacts import log_contact_moment
from parents.services.correcting import withdraw_contact_moment
from parents.services.signups import locked
from schools import audit, clock
from schools.models import Pupil, Role, User
from schools.scope import scope_of


@dataclass(frozen=True, slots=True)
class AtGathering:
    """A family as a page shows it: its children at the school, the parents of it who signed up, and a name."""

    family: Family
    pupils: Sequence[Pupil]
    guardians: Sequence[Guardian] = ()
    #: How many signed up with them; 0 for a family that did not.
    people: int = 0
    came: bool = False
    #: Written down as having come, when the page was made.
    is_written: bool = False

    @property
    def children(self) -> str:
        return ", ".join(pupil.full_name for pupil in self.pupils)

    @property
    def parents(self) -> str:
        return ", ".join(guardian.full_name for guardian in self.guardians)


@dataclass(slots=True)
class GatheringWritten:
    """How many families came, how many of them were written down now, and of whom nothing could be written."""

    came: int = 0
    new: int = 0
    taken_back: int = 0
    refused: list[str] = field(default_factory=list)


#: How many came in all stays what it is: nobody said anything else.
AS_IT_IS: Any = object()


def write_gathering(
    *, gathering: Gathering, shown: Mapping[int, AtGathering], came: Collection[int], counted: int | None, by: User
) -> GatheringWritten:
    """Each family of the page that ``came`` is a contact moment; one that was written and did not come is taken back.
    ``shown`` are those that stood on the page, by family and as they stood there: others stay as they are, and so do
    those of which a colleague wrote otherwise meanwhile and this page says what it said before. ``counted`` is how many
    people came in all, None when nobody counted. Sent twice, the second finds nothing to do. Raises ValidationError
    before it begins and for one that was cancelled."""
    written = GatheringWritten()
    with transaction.atomic():
        row = _held(gathering)
        known = {one.family_id: one for one in row.attendances.select_related("contact_moment")}
        for pk, line in shown.items():
            before = known.get(pk)
            says_as_before, is_other_now = (pk in came) == line.is_written, stands(before) != line.is_written
            if says_as_before and is_other_now:
                continue
            try:
                with transaction.atomic():
                    if pk in came:
                        written.new += _came(row, line, before, by)
                        written.came += 1
                    elif before is not None:
                        _did_not_come(before, by)
                        written.taken_back += 1
            except ValidationError:
                written.refused.append(line.children)
        _settle(row, counted)
        audit.record(
            actor=by,
            verb="wrote attendance",
            target=row,
            school_id=row.school_id,
            families=written.came,
            new=written.new,
            taken_back=written.taken_back,
            counted=row.counted_only,
        )
    return written


def count_people(*, gathering: Gathering, number: int | None, by: User) -> None:
    """Only how many came, as a partner says it. Raises ValidationError before it begins and for one that was
    cancelled."""
    with transaction.atomic():
        row = _held(gathering)
        if number is AS_IT_IS:
            return
        row.counted_only = number
        row.save(update_fields=["counted_only"])
        audit.record(actor=by, verb="counted", target=row, school_id=row.school_id, counted=number)


def stands(attendance: Attendance | None) -> bool:
    """Whether it still says that the family came: its contact may have been taken back on its own page."""
    moment = attendance.contact_moment if attendance else None
    return attendance is not None and (moment is None or moment.withdrawn_at is None)


def _held(gathering: Gathering) -> Gathering:
    row = locked(gathering)
    if row.is_cancelled:
        raise ValidationError(_("This gathering is cancelled."))
    if not row.has_begun:
        raise ValidationError(_("This gathering is still to come."))
    return row


def _came(gathering: Gathering, line: AtGathering, before: Attendance | None, by: User) -> bool:
    if stands(before):
        return False
    moment = _log(gathering, line, by)
    if before is None:
        Attendance.objects.create(gathering=gathering, family=moment.family, contact_moment=moment)
    else:
        Attendance.objects.filter(pk=before.pk).update(contact_moment=moment)
    return True


def _did_not_come(before: Attendance, by: User) -> None:
    moment = before.contact_moment
    if moment is not None and moment.withdrawn_at is None:
        withdraw_contact_moment(moment=moment, by=by, because=kept(PUT_RIGHT))
    before.delete()


def _settle(gathering: Gathering, counted: int | None) -> None:
    if counted is not AS_IT_IS:
        gathering.counted_only = counted
    gathering.attended_at = clock.now()
    gathering.save(update_fields=["counted_only", "attended_at"])


def _log(gathering: Gathering, line: AtGathering, by: User) -> ContactMoment:
    starts = gathering.starts_at.astimezone(clock.BRUSSELS)
    facts: dict[str, Any] = {
        "guardians": line.guardians,
        "initiative": _initiative(gathering, by),
        "purpose": Purpose.INFORMATION,
        "method": gathering.method,
        "starts_at": starts.time(),
        "note": gathering.title,
    }
    if gathering.ends_at is not None:
        facts["duration_min"] = round((gathering.ends_at - gathering.starts_at).total_seconds() / 60)
    return log_contact_moment(
        author=by,
        school=gathering.school,
        pupils=line.pupils,
        kind=ContactKind(gathering.kind),
        outcome=Outcome.REACHED_AGREED,
        held_on=starts.date(),
        **facts,
    )


def _initiative(gathering: Gathering, by: User) -> str:
    """Whoever invites: the partner with whom it is held, the joint worker, else the school (domain 2.1)."""
    if gathering.partner_id:
        return Initiative.PARTNER
    return Initiative.PROJECT_WORKER if Role.JOINT_CLB in scope_of(by).roles else Initiative.SCHOOL
