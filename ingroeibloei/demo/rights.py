"""A little of what people's rights show: who looked at the mother's data, a request of hers, a look at night."""

from __future__ import annotations

from datetime import timedelta

from ingroeibloei.demo.world import World, moment_of, write
from parents.models import DataRequest, Identity, ReadingAlert, RequestKind, Unusual
from parents.services.datarequests import months_later
from schools.models import Assignment, AuditEntry, AuditSubject

#: Who opened the page of the mother's family, and how many days ago.
_VISITS = (("leerkracht", 1), ("leerkracht", 6), ("zorg", 8), ("gezamenlijke", 13), ("directie", 20))


def build(world: World) -> None:
    home = world.home("moeder")
    seat = next(seat for seat in home.seats if seat.school.pk == _school(world))
    posts = {row.user_id: row for row in Assignment.objects.filter(user__in=world.cast.values())}
    entries = [
        AuditEntry(
            at=moment_of(world.today - timedelta(days=days), 10 + days % 5, days),
            actor=world.cast[key],
            assignment=posts[world.cast[key].pk],
            school_id=seat.school.pk,
            verb="read",
            target_kind="parents.family",
            target_id=home.family.pk,
        )
        for key, days in _VISITS
    ]
    write(AuditEntry, entries)
    write(AuditSubject, [AuditSubject(entry=row, at=row.at, pupil_id=seat.pupil.pk) for row in entries])
    asked = moment_of(world.today - timedelta(days=9), 20, 15)
    DataRequest.objects.create(
        guardian=home.contact,
        kind=RequestKind.ACCESS,
        school=seat.school,
        words="ਮੈਂ ਦੇਖਣਾ ਚਾਹੁੰਦੀ ਹਾਂ ਕਿ ਸਕੂਲ ਸਾਡੇ ਬਾਰੇ ਕੀ ਰੱਖਦਾ ਹੈ।",
        received_at=asked,
        identity=Identity.CODE,
        due_on=months_later(asked.date(), 1),
    )
    teacher, night = world.cast["leerkracht"], moment_of(world.today - timedelta(days=2), 23, 40)
    ReadingAlert.objects.create(
        person=teacher,
        assignment=posts[teacher.pk],
        school=seat.school,
        kind=Unusual.NIGHT,
        day=night.date(),
        first_at=night,
        last_at=night + timedelta(minutes=12),
        number=4,
        raised_at=night + timedelta(minutes=20),
    )


def _school(world: World) -> int:
    """The school at which the cast's teacher works."""
    return next(row for row in Assignment.objects.filter(user=world.cast["leerkracht"])).school_id or 0
