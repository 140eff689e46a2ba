"""Which presets a school may choose from: its own, then those that come with the portal."""

from __future__ import annotations

from schools.models import RosterPreset, School
from schools.roster.presets import Preset, shipped


def presets_for(school: School) -> list[Preset]:
    own = [Preset.from_json(row.mapping) for row in RosterPreset.objects.filter(school=school)]
    taken = {preset.code for preset in own}
    return [*own, *(preset for preset in shipped().values() if preset.code not in taken)]


def preset_of(school: School, code: str) -> Preset | None:
    """The preset that this school calls so; None when there is none."""
    return next((preset for preset in presets_for(school) if preset.code == code), None)
