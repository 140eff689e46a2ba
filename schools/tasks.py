from __future__ import annotations

from celery import shared_task
from django.conf import settings

from schools import services


@shared_task
def lay_school_years() -> int:
    """Lay this school year and the next, so that no date falls outside a calendar."""
    return len(services.lay_coming_years(with_holidays=settings.FLEMISH_HOLIDAYS))
