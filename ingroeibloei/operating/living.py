"""What must live while the portal runs: database, broker, beat, workers, and the outbox between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from ingroeibloei import letters
from ingroeibloei.operating import broker, pulses, room
from ingroeibloei.operating.findings import Finding, bad, warning, well
from messaging import outbox
from messaging.models import Channel
from messaging.outbox.clocks import database_now
from messaging.outbox.health import LONGEST_WAIT_SECONDS, Health
from schools import clock
from schools.models import User

#: Seconds by which the clocks of machine and database may differ.
_APART = 5
#: While somebody has a mail waiting, a refused address is tried each day.
_REFUSED_WITHIN = timedelta(days=14)
#: A day before this program was written.
_EARLIEST = datetime(2026, 9, 1, tzinfo=timezone.get_fixed_timezone(0))


def look() -> Iterator[Finding]:
    """Without a database, or with tables of another version or none, there is nothing else to ask it."""
    reached = _database()
    yield reached
    bell = _broker()
    yield bell
    if reached.is_well:
        tables = _migrations()
        yield tables
        yield _clock()
        yield from _letters()
        if not tables.is_well:
            return
        health = outbox.health()
        if bell.is_well:  # by way of it they are heard: without it nobody knows, and they come back with it
            yield _beat()
            yield _worker(health)
        yield from _outbox(health)
        yield from _colleagues()


def _database() -> Finding:
    try:
        room.ask_for_room()
    except room.NoRoom:
        return bad("database", _("The disk of the database is full: nothing can be saved any more. Make room now."))
    except room.ReadOnly:
        connection.close()
        words = _(
            "The database may only be read: nothing can be saved any more. It follows another server, to which "
            "DATABASE_URL must lead (target_session_attrs=read-write), or whoever keeps it closed it, mostly because "
            "its disk is nearly full."
        )
        return bad("database", words)
    except DatabaseError as error:
        connection.close()
        return bad("database", _unreachable(error))
    return well("database", _("The database answers."))


def _unreachable(error: Any) -> str:
    words = _("The database does not answer. See whether it runs and whether DATABASE_URL is right. It says: %(words)s")
    return words % {"words": (str(error).splitlines() or [""])[0][:200]}


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if unknown:
        words = _("The database comes from a later version of the portal. Install that version again.")
        return bad("migrations", words)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return bad("migrations", _("The database is older than the portal. Run: manage.py prepare"))
    return well("migrations", _("The database is up to date."))


def _letters() -> Iterator[Finding]:
    if made := letters.made_otherwise():
        words = _(
            "The database is made for other letters than those of all languages (%(made)s): names are cut and not "
            "found. Make a new one as the guide says, and restore a backup into it."
        )
        yield bad("letters", words % {"made": made})


def _clock() -> Finding:
    apart = abs((database_now() - timezone.now()).total_seconds())
    if apart > _APART:
        words = _("The clocks of this machine and of the database are %(seconds)d seconds apart. Let NTP set both.")
        return bad("clock", words % {"seconds": round(apart)})
    if timezone.now() < _EARLIEST:
        return bad("clock", _("The clock of this machine is wrong: it shows a day long ago. Let NTP set it."))
    return well("clock", _("The clock is right."))


def _broker() -> Finding:
    match broker.state():
        case broker.State.WELL:
            return well("broker", _("The broker answers."))
        case broker.State.TAKES_NOTHING:
            words = _(
                "Redis answers and takes nothing in, so that notices leave late and nobody can sign in: its memory or "
                "its disk is full, or it follows another. redis-cli info says which."
            )
        case _:
            words = _(
                "The broker does not answer, so that notices leave late. See whether Redis runs and REDIS_URL is right."
            )
    return bad("broker", words)


def _beat() -> Finding:
    seconds = pulses.silent_seconds(pulses.BEAT)
    if not pulses.is_silent(seconds):
        return well("beat", _("Beat rings."))
    return bad("beat", _("Nobody hears beat: reminders, retries and the night's work wait. Start it again."))


def _worker(health: Health) -> Finding:
    if not pulses.is_silent(pulses.silent_seconds(pulses.WORKER)):
        return well("worker", _("A worker works."))
    if health.oldest_due_seconds:
        words = _("Nobody hears a worker, and messages wait. Start the workers again.")
    else:
        words = _("Nobody hears a worker. Start the workers again.")
    return bad("worker", words)


def _colleagues() -> Iterator[Finding]:
    """A refused address is found by looking at each colleague, or here."""
    lately = clock.now() - _REFUSED_WITHIN
    if number := User.objects.filter(is_active=True, mail_refused_at__gt=lately).count():
        words = _("Colleagues whose mails the mail server refuses: %(number)d. Their pages say what to do.")
        yield warning("mail refused", words % {"number": number})


def _outbox(health: Health) -> Iterator[Finding]:
    if health.paused:
        words = _("Sending is paused. Take OUTBOX_PAUSED away and start again when everything was looked at.")
        yield warning("paused", words)
    elif health.oldest_due_seconds > LONGEST_WAIT_SECONDS:
        words = _("The oldest message has been due for %(minutes)d minutes. See workers and mail server.")
        yield bad("late", words % {"minutes": health.oldest_due_seconds // 60})
    else:
        yield well("late", _("No message waits too long."))
    for channel in health.refusing_us:
        words = _(
            "The provider of %(channel)s answers and does not take our messages: they wait and are tried again. Our "
            "name there, password, sender or certificate is not right, or we may not send elsewhere. For mails, "
            "manage.py doctor --mail you@… says which."
        )
        yield bad(f"refused {channel}", words % {"channel": Channel(channel).label})
    for channel in set(health.away) - set(health.refusing_us):
        words = _("The provider of %(channel)s does not answer: messages wait and are tried again.")
        yield warning(f"away {channel}", words % {"channel": Channel(channel).label})
