"""What a school measured last is the baseline of the project's next year, also where that year was begun before."""

from __future__ import annotations

from typing import Any

from reports.models import MeasurementWave
from schools.models import Participation, Project

_BASELINE = MeasurementWave.Kind.BASELINE


def carry_along(project: Project, fresh: Project) -> None:
    """The last results of each school and audience into the year that begins."""
    latest: dict[tuple[int, str], MeasurementWave] = {}
    for wave in MeasurementWave.objects.filter(project=project).exclude(counts={}).order_by("closes_on"):
        latest[wave.school_id, wave.audience] = wave
    MeasurementWave.objects.bulk_create(_baseline_of(wave, fresh) for wave in latest.values())


def carry_on(wave: MeasurementWave) -> None:
    """A wave that was closed after the next year was begun, as an end measurement of June: it takes the place of the
    older one there. A baseline that the new year measured itself stays."""
    project = wave.project
    later = Project.objects.filter(name=project.name, starts_on__gt=project.starts_on).order_by("starts_on")
    fresh = later.filter(shares__centre__in=project.shares.values("centre")).first()
    if fresh is None or not Participation.objects.filter(project=fresh, school_id=wave.school_id).exists():
        return
    known = MeasurementWave.objects.select_for_update(of=("self",)).filter(
        project=fresh, school_id=wave.school_id, audience=wave.audience, kind=_BASELINE
    )
    there = known.first()
    if there is None:
        _baseline_of(wave, fresh).save(force_insert=True)
    elif there.opens_on < fresh.starts_on and there.closes_on <= wave.closes_on:
        known.update(**_measured(wave))


def _baseline_of(wave: MeasurementWave, fresh: Project) -> MeasurementWave:
    return MeasurementWave(
        project=fresh, school_id=wave.school_id, audience=wave.audience, kind=_BASELINE, **_measured(wave)
    )


def _measured(wave: MeasurementWave) -> dict[str, Any]:
    return {name: getattr(wave, name) for name in ("opens_on", "closes_on", "invited", "counts", "forms")}
