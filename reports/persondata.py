"""What measurements know of one guardian, for the export: that there were questions, and whether an answer came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parents.models import Guardian
from reports.models import MeasurementInvitee


def of_guardian(guardian: Guardian, schools: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    """Running measurements of these schools; what was answered nobody can find back."""
    rows = MeasurementInvitee.objects.filter(guardian=guardian, wave__school_id__in=schools)
    return {
        "measurements": [
            {"until": row.wave.closes_on.isoformat(), "school": row.wave.school.name, "answered": row.has_answered}
            for row in rows.select_related("wave__school").order_by("wave__closes_on", "wave_id")
        ]
    }
