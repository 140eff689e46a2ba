"""Doors for the worker. A task may run twice, late or never: what must be done is in the tables."""

from __future__ import annotations

from celery import shared_task

from parents import services
from parents.roster import carrying
from parents.services.absences import let_days_follow
from parents.services.contactrequests import follow_children
from schools.roster import uploads


@shared_task
def watch_reading() -> int:
    """Lay unusual reading before those responsible."""
    return services.watch_reading()


@shared_task(soft_time_limit=1_800)
def carry_rosters() -> int:
    """Go on with rosters that wait to be read or brought in; rung when one comes and every 15 seconds."""
    return carrying.carry_on()


@shared_task
def forget_rosters() -> int:
    """Remove the files of old rosters."""
    return uploads.forget_files()


@shared_task(soft_time_limit=600)
def offer_same_families() -> int:
    """Look for families that may be one, and let wishes for another number and days of absence go along with who
    changed school; at night, and after a roster came in."""
    services.settle_parted_families()
    follow_children()
    let_days_follow()
    return services.offer_same_families()
