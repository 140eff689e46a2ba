"""A mail to the operator when something is wrong, once a day at most for the same, and one when all is well again.

Beat and a worker send it, so of their own end nobody hears this way: let a monitor from outside ask
``/gezondheid/klaar/``.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ingroeibloei.operating import living, placed
from ingroeibloei.operating.findings import Finding, Level
from messaging.trying import answer_in
from schools.colleaguemail import FAILURES

logger = logging.getLogger(__name__)
_KEY = "operator-told"
_AGAIN = timedelta(days=1)
#: What this process told while the cache could not keep it: a disk that is full would be told every five minutes.
_told_here: dict[str, str] = {}


def tell_operator() -> bool:
    """Mail what is wrong and was not told today, or that all is well again; whether a mail left."""
    if not settings.OPERATOR_EMAIL:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        wrong = [finding for finding in (*living.look(), *placed.look()) if finding.level is Level.BAD]
        before, now = _remembered(), timezone.now()
        told = {code: at for code, at in before.items() if abs(now - datetime.fromisoformat(at)) < _AGAIN}
        new = [finding for finding in wrong if finding.code not in told]
        is_over = not wrong and bool(before)
        if not new and not is_over:
            return False
        if not _mail(wrong):
            return False
        _remember(told | {finding.code: now.isoformat() for finding in new} if wrong else {})
        return True


def _remembered() -> dict[str, str]:
    """When each was told last, by the codes of what was wrong. A cache that is full still says what it kept before."""
    kept: dict[str, str] = {}
    with suppress(Exception):
        kept = cache.get(_KEY) or {}
    return {code: max(kept.get(code, ""), _told_here.get(code, "")) for code in kept | _told_here}


def _remember(told: dict[str, str]) -> None:
    _told_here.clear()
    try:
        cache.set(_KEY, told or None, timeout=None)
    except Exception:
        _told_here.update(told)


def _mail(wrong: list[Finding]) -> bool:
    subject = _("The portal needs you") if wrong else _("The portal is well again")
    lines = [f"- {finding.words}" for finding in wrong]
    words = "\n".join([*lines, "", f"{settings.SITE_URL}{reverse('operations')}"])
    try:
        send_mail(subject, words.strip(), None, [settings.OPERATOR_EMAIL])
    except FAILURES as error:
        logger.error("The operator could not be told: %s, %s", type(error).__name__, answer_in(error))
        return False
    return True
