"""The whole plan of one school's roster: children and adults together, shown, compared with what was shown, applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from parents import ledger
from parents.roster.applying import apply_families
from parents.roster.comparing import plan_families
from parents.roster.plan import FamilyPlan
from schools.models import School
from schools.roster.applying import apply_school
from schools.roster.comparing import plan_school
from schools.roster.plan import Deed, Line, SchoolPlan, counted, fingerprint, lets_many_leave
from schools.roster.progress import Progress
from schools.roster.rows import Finding, Roster, Severity
from schools.roster.splitting import part_of

#: The most important first.
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class WholePlan:
    children: SchoolPlan
    adults: FamilyPlan

    @property
    def lines(self) -> list[Line]:
        return [*self.children.lines, *self.adults.lines]

    @property
    def findings(self) -> list[Finding]:
        """Errors first; each level in the order of the file."""
        found = [*self.children.findings, *self.adults.findings]
        return sorted(found, key=lambda finding: _SEVERITIES.index(finding.severity))

    @property
    def has_errors(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def changes_nothing(self) -> bool:
        return all(line.deed is Deed.LEAVE for line in self.lines) and not self.adults.new_memberships

    @property
    def key(self) -> str:
        """The fingerprint of what it does."""
        return fingerprint(self.lines)

    @property
    def lets_many_leave(self) -> bool:
        """More of the school's pupils leave than a mistaken file would be stopped for."""
        return lets_many_leave(self.children.leaving, self.children.enrolled)

    def counts(self) -> dict[str, Any]:
        levels = Counter(finding.severity.value for finding in self.findings)
        return {
            **counted(self.lines),
            "family": {"create": len(self.adults.new_families)},
            "findings": {severity.value: levels[severity.value] for severity in Severity},
            "without_language": self.adults.without_language,
        }

    def with_deed(self, deed: Deed) -> Iterator[Line]:
        return (line for line in self.lines if line.deed is deed)


def plan_whole(roster: Roster, school: School) -> WholePlan:
    """What the roster would do to this school. Reads a constant number of times; writes nothing."""
    children = plan_school(part_of(roster, school), school, ledger.erased_pupils().holds)
    return WholePlan(children, plan_families(children))


def apply_whole(plan: WholePlan, progress: Progress) -> None:
    """Write it all, in the caller's transaction."""
    apply_school(plan.children, progress)
    apply_families(plan.adults, progress)
