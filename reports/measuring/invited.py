"""Whom a wave asks: parents whom the school may write to, or those who work there with children. As of today."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from messaging.models import Delivery, Notice
from parents.models import Guardian, Guardianship
from reports.models import MeasurementInvitee, MeasurementWave
from schools.access import SCHOOL_TEAM
from schools.models import Assignment, Enrolment, School, User


def parents_of(school: School | int) -> QuerySet[Guardian]:
    """Guardians who may be informed and contacted about a child that is at the school."""
    here = Enrolment.objects.current().filter(school=school).values("pupil_id")
    informed = Guardianship.objects.informed().filter(pupil_id__in=here)
    return Guardian.objects.filter(pk__in=informed.values("guardian_id"))


def team_of(school: School | int) -> QuerySet[User]:
    """Teachers, head, care coordinator and liaison of today."""
    posts = Assignment.objects.current().filter(school=school, role__in=SCHOOL_TEAM)
    return User.objects.filter(pk__in=posts.values("user_id"), is_active=True)


def is_invited(wave: MeasurementWave, person: Guardian | User) -> bool:
    people = team_of(wave.school_id) if wave.is_for_team else parents_of(wave.school_id)
    return isinstance(person, people.model) and people.filter(pk=person.pk).exists()


def rows_of(wave: MeasurementWave, person: Guardian | User) -> QuerySet[MeasurementInvitee]:
    """The row of a person; two, where somebody stood twice and was joined."""
    rows = MeasurementInvitee.objects.filter(wave=wave)
    return rows.filter(user=person) if isinstance(person, User) else rows.filter(guardian=person)


def has_answered(wave: MeasurementWave, person: Guardian | User) -> bool:
    return any(row.has_answered for row in rows_of(wave, person))


def wave_behind(notice: Notice) -> MeasurementWave | None:
    """The wave that a notice asks for: its own; of a correction or a copy the one that runs, else the last one."""
    waves = MeasurementWave.objects.select_related("school").filter(
        school=notice.school_id, audience=MeasurementWave.Audience.PARENTS
    )
    return waves.filter(notice=notice).first() or waves.running().first() or waves.order_by("-closes_on").first()


def ask_by_another(notice: Notice, other: Notice) -> None:
    """The wave for which a notice asked goes on with another: who does not answer is reminded of that one."""
    MeasurementWave.objects.filter(notice=notice).update(notice=other)


def standing_of(delivery: Delivery) -> str:
    """How the questions behind a notice stand for who got it: "open", "done" or "closed" (``STANDINGS``)."""
    wave = wave_behind(delivery.notice)
    if wave is not None and has_answered(wave, delivery.guardian):
        return "done"
    return "closed" if wave is None or _is_closed(wave) else "open"


def is_closed(notice: Notice) -> bool:
    """Whether the questions behind a notice are closed, for everybody (``CLOSINGS``)."""
    wave = wave_behind(notice)
    return wave is None or _is_closed(wave)


def _is_closed(wave: MeasurementWave) -> bool:
    return not MeasurementWave.objects.running().filter(pk=wave.pk).exists()


def lay(wave: MeasurementWave, people: Iterable[int]) -> None:
    """Rows for these people, in an order that says nothing."""
    column = "user_id" if wave.is_for_team else "guardian_id"
    rows = [MeasurementInvitee(wave=wave, **{column: pk}) for pk in people]
    secrets.SystemRandom().shuffle(rows)
    MeasurementInvitee.objects.bulk_create(rows, batch_size=500)


def renew(wave: MeasurementWave) -> None:
    """Who came to the school since is asked too; who left without an answer is not any more."""
    column = "user_id" if wave.is_for_team else "guardian_id"
    people = team_of(wave.school_id) if wave.is_for_team else parents_of(wave.school_id)
    present = set(people.values_list("pk", flat=True))
    known = MeasurementInvitee.objects.filter(wave=wave)
    known.filter(has_answered=False).exclude(**{f"{column}__in": people.values("pk")}).delete()
    lay(wave, present - set(known.values_list(column, flat=True)))


def count(wave: MeasurementWave) -> tuple[int, int]:
    """How many of those asked have answered, and how many are asked."""
    column = "user_id" if wave.is_for_team else "guardian_id"
    rows = MeasurementInvitee.objects.filter(wave=wave).order_by()
    asked = rows.values(column).distinct().count()
    return rows.filter(has_answered=True).values(column).distinct().count(), asked


def without_answer(wave: MeasurementWave) -> QuerySet[Guardian] | QuerySet[User]:
    """Those who are asked, may be today, and gave no answer."""
    column = "user_id" if wave.is_for_team else "guardian_id"
    rows = MeasurementInvitee.objects.filter(wave=wave, **{column: OuterRef("pk")})
    people = team_of(wave.school_id) if wave.is_for_team else parents_of(wave.school_id)
    return people.filter(Exists(rows), ~Q(Exists(rows.filter(has_answered=True))))
