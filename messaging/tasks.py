"""Doors for the worker. A task may run twice, late or never: what must be done is in the tables."""

from __future__ import annotations

from celery import shared_task

from messaging import bounces, outbox, printing, services, translatingjobs


@shared_task
def deliver_due() -> int:
    """Let scheduled notices leave, and send what is due; rung after each publication and every 15 seconds."""
    services.publish_due()
    return outbox.deliver_due()


@shared_task
def climb_ladders() -> int:
    """Try the next way to everybody who was not reached, and stop what waits for people who may not get it any more, or
    for a day that is over."""
    outbox.settle_unreported()
    outbox.stop_unentitled()
    outbox.stop_what_is_over()
    outbox.stop_reminder_letters()
    outbox.stop_tasks_in_vain()
    outbox.let_answers_without_right_rest()
    planned = outbox.climb()
    outbox.ring()
    return planned


@shared_task
def climb_urgent_ladders() -> int:
    """The same for urgent notices, whose rungs wait in minutes."""
    planned = outbox.climb_urgent()
    if planned:
        outbox.ring()
    return planned


@shared_task
def tell_replies() -> int:
    """Tell families that the school replied; rung after each reply and every minute."""
    return services.tell_replies()


@shared_task
def remind_of_meetings() -> int:
    """Tell parents which talks and gatherings were cancelled or moved, and remind them of those of the next day; every
    five minutes."""
    return services.tell_talk_changes() + services.tell_of_gatherings() + services.remind_of_meetings()


@shared_task
def read_bounces() -> int:
    """Read the mailbox of mails that came back, if there is one."""
    return bounces.read_mailbox()


@shared_task
def make_letters() -> int:
    """Go on with the letters to print; rung when many are asked for and every 15 seconds."""
    return printing.make_letters()


@shared_task
def translate_ordered() -> int:
    """Go on with what the translation machine was asked for; rung when it is asked and every minute."""
    return translatingjobs.translate_ordered()


@shared_task
def tell_translators() -> int:
    """Invite and remind translators; rung when they are asked and every minute."""
    return services.tell_translators()


@shared_task
def nightly() -> bool:
    """Write the figures of the days, then take away what retention says."""
    return services.nightly()


@shared_task
def forget_letters() -> int:
    """Remove the files of letters that were given long ago."""
    return printing.forget_files()
