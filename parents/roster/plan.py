from __future__ import annotations

from dataclasses import dataclass, field

from parents.models import (
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMembership,
    Guardian,
    Guardianship,
    Household,
)
from schools.roster.plan import Line, SchoolPlan
from schools.roster.rows import Finding


@dataclass(slots=True)
class FamilyPlan:
    """What a roster would do to the adults of a school's children: rows to insert and to change, and the preview's
    lines. ``guardians`` maps the file's ids to rows, new ones unsaved."""

    school: SchoolPlan
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    guardians: dict[str, Guardian] = field(default_factory=dict)
    new_guardians: list[Guardian] = field(default_factory=list)
    changed_guardians: list[Guardian] = field(default_factory=list)
    new_households: list[Household] = field(default_factory=list)
    changed_households: list[Household] = field(default_factory=list)
    new_points: list[ContactPoint] = field(default_factory=list)
    changed_points: list[ContactPoint] = field(default_factory=list)
    new_uses: list[ContactPointUse] = field(default_factory=list)
    #: Uses that a guardian leaves of points which others keep.
    left_uses: list[int] = field(default_factory=list)
    new_guardianships: list[Guardianship] = field(default_factory=list)
    changed_guardianships: list[Guardianship] = field(default_factory=list)
    new_families: list[Family] = field(default_factory=list)
    changed_families: list[Family] = field(default_factory=list)
    new_memberships: list[FamilyMembership] = field(default_factory=list)
    #: New guardians of whom the file does not say in which language they are reached.
    without_language: int = 0
