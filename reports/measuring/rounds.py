"""Who was asked and did not answer is reminded, twice at most: parents through the outbox by the way that worked, a
team by mail. The wave counts its rounds, so that none is sent twice, and says how far the mails of a round have come:
those that a mail server did not take leave later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import audience, formats, outbox, quiet
from messaging.direct import Words, written
from messaging.how_far import sql_of
from messaging.leases import taken
from messaging.models import NoticeKind, NoticeStatus
from messaging.outbox.rounds import Round
from reports.measuring import invited
from reports.models import MeasurementWave
from schools import audit, clock
from schools.colleaguemail import Sending, named, send_to
from schools.languages import language
from schools.models import Holiday, User

#: An invitation and two reminders.
MOST_ROUNDS = 3
_FIRST_AFTER = timedelta(days=7)
_LAST_BEFORE = timedelta(days=3)
_APART = timedelta(days=4)


class Away(OSError):
    """The mail server is away: the mails to teams go on the next time."""


def send_due_rounds() -> int:
    """Bring the lists of who is asked up to date and send what is due; returns how many people are written to. A mail
    server that is away ends the mails to teams, until the next time."""
    now = clock.now()
    if settings.OUTBOX_PAUSED or quiet.opens_at(now, NoticeKind.ACTIE, None) > now:
        return 0
    sent, running = 0, list(MeasurementWave.objects.running().select_related("school", "notice"))
    for wave in running:
        with transaction.atomic():
            invited.renew(wave)
        if _is_due(wave):
            sent += _begin_round(wave)
    with suppress(Away):
        for wave in running:
            for _person in _mailed(wave):
                sent += 1
    return sent


def _is_due(wave: MeasurementWave) -> bool:
    """The invitation of a team at once, the first reminder after a week, the last one shortly before the end."""
    today = clock.today()
    if not wave.is_for_team and (wave.notice is None or wave.notice.status != NoticeStatus.PUBLISHED):
        return False
    asked_on = _asked_on(wave)
    if wave.rounds_sent == 0:
        return True
    if wave.rounds_sent == 1:
        return today >= asked_on + _FIRST_AFTER
    last = wave.last_round_on or asked_on
    return wave.rounds_sent < MOST_ROUNDS and today >= max(wave.closes_on - _LAST_BEFORE, last + _APART)


def _asked_on(wave: MeasurementWave) -> date:
    sent = wave.notice.published_at if wave.notice else None
    return clock.local_date(sent) if sent else wave.opens_on


def _begin_round(wave: MeasurementWave) -> int:
    """Plan the reminders of parents and return how many, or have the mails to a team begin with the first colleague."""
    with transaction.atomic():
        rows = MeasurementWave.objects.filter(pk=wave.pk, rounds_sent=wave.rounds_sent)
        begun = {"mailed_up_to": 0, "taken_at": None} if wave.is_for_team else {}
        if not rows.update(rounds_sent=wave.rounds_sent + 1, last_round_on=clock.today(), **begun):
            return 0
        return 0 if wave.is_for_team else _remind_parents(wave)


def _remind_parents(wave: MeasurementWave) -> int:
    """By the way that worked, and not to whom something left since the last school day began."""
    if wave.notice is None:
        return 0
    last = Holiday.objects.calendar(wave.school).last_school_day(clock.today())
    people = invited.without_answer(wave).filter(pk__in=audience.guardians_of(wave.notice).values("pk"))
    planned, _moment = outbox.plan_round(
        Round(
            wave.notice,
            sql_of(people.values("pk")),
            only_arrived=True,
            quiet_before=clock.start_of(last),
            is_reminder=True,
        )
    )
    audit.record(actor=None, verb="reminded", target=wave, school_id=wave.school_id, deliveries=planned)
    outbox.ring()
    return planned


def _mailed(wave: MeasurementWave) -> Iterator[User]:
    """Write to the colleagues of a team who wait for the mail of its round, one by one: each is written down after the
    mail left, by the one process that took the round. That a mail server is away is raised."""
    with taken(MeasurementWave.objects.filter(pk=wave.pk, mailed_up_to__isnull=False), clock.now()) as mine:
        if mine is None:
            return
        wave.refresh_from_db(fields=["rounds_sent", "mailed_up_to"])
        people: QuerySet[User] = invited.without_answer(wave)  # type: ignore[assignment]
        for person in people.exclude(email="").filter(pk__gt=wave.mailed_up_to).order_by("pk"):
            if not mine.exists():
                return  # it was closed, or another process goes on with it
            has_left = _write(wave, person)
            mine.update(mailed_up_to=person.pk)
            if has_left:
                yield person
        mine.update(mailed_up_to=None, taken_at=None)


def _write(wave: MeasurementWave, person: User) -> bool:
    """Whether it left: not to an address that the mail server refuses. Raises ``Away``."""
    words = words_for(wave, person, is_reminder=wave.rounds_sent > 1)
    mail = written(person.email, words, language(person.language))
    named(mail, f"measurementwave-{wave.pk}-{wave.rounds_sent}-{person.pk}")
    outcome = send_to(person, mail, about=f"measurement {wave.pk}")
    if outcome is Sending.AWAY:
        raise Away
    return outcome is Sending.LEFT


def words_for(wave: MeasurementWave, person: User, *, is_reminder: bool = False) -> Words:
    """In the colleague's own language of the pages."""
    entry = language(person.language)
    url = f"{settings.SITE_URL}{reverse('measurement_answer', args=[wave.pk])}"
    with translation.override(entry.interface):
        facts = {
            "school": formats.plain(wave.school.name),
            "day": formats.long_day(wave.closes_on, entry.code),
        }
        subject = _("Five questions for the team")
        if is_reminder:
            subject = formats.reminder(subject, entry.code)
        what = _("What do you think? Five questions for the team of %(school)s, until %(day)s.") % facts
        why = _("Nobody sees who answers what: all answers are counted together.")
        how = _("Answer the questions")
    context = {"what": what, "more": [why], "how": how, "url": url, "language": entry}
    html = render_to_string("emails/replied.html", context)
    return Words(subject=subject, text=f"{what}\n{why}\n{how}: {url}", html=html, sms="")
