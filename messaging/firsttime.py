"""The notice about privacy: told at the first mail and the first letter to a guardian, afterwards a link."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.models import Channel, Delivery
from messaging.readers import got_it
from schools import languages, pagelanguage

_TELLS_OF_PRIVACY = (Channel.EMAIL, Channel.LETTER)


def first_ones(deliveries: Sequence[Delivery]) -> set[int]:
    """Those of these deliveries before which nothing left this way to the same guardian. One query."""
    told = [row.pk for row in deliveries if row.channel in _TELLS_OF_PRIVACY]
    if not told:
        return set()
    earlier = got_it(Delivery.objects.all()).filter(
        guardian_id=OuterRef("guardian_id"), channel=OuterRef("channel"), pk__lt=OuterRef("pk")
    )
    return set(Delivery.objects.filter(~Exists(earlier), pk__in=told).values_list("pk", flat=True))


def privacy_url(code: str) -> str:
    """The page about privacy in the reader's language."""
    entry = languages.frame_of(code)
    return f"{settings.SITE_URL}{reverse('privacy_notice')}?{pagelanguage.PARAMETER}={entry.code}"


def on_paper() -> str:
    """The same on a letter: an address short enough to type."""
    address = f"{urlsplit(settings.SITE_URL).netloc}{reverse('privacy_notice')}"
    return _("What we keep about you") + f": \u2066{address}\u2069"
