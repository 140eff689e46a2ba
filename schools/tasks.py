from __future__ import annotations

from celery import shared_task
from django.conf import settings

from schools import services, sessions
from schools.services.invitationmail import mail_invitations
from schools.services.reviewmail import remind_of_posts


@shared_task
def lay_school_years() -> int:
    """Lay this school year and the next, so that no date falls outside a calendar."""
    return len(services.lay_coming_years(with_holidays=settings.FLEMISH_HOLIDAYS))


@shared_task
def send_invitations() -> int:
    """Mail the invitations that did not leave yet; how many left."""
    return mail_invitations()


@shared_task
def sign_out_who_left() -> int:
    """End the sessions of colleagues whose last post ended yesterday; how many they were."""
    return sessions.end_of_those_who_left()


@shared_task
def remind_who_decides() -> int:
    """Mail, once, who has to decide which colleagues go on next school year; how many mails left."""
    return remind_of_posts()
