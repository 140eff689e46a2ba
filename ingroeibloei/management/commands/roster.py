from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.utils import translation

from parents.roster.outright import NoSchool, bring_in, is_stopped, schools_of
from parents.roster.whole import WholePlan, plan_whole
from schools.models import School
from schools.roster.choosing import preset_of
from schools.roster.plan import Deed, Kind
from schools.roster.presets import Preset, shipped
from schools.roster.reading import Unreadable, read_roster
from schools.roster.rings import no_search_for_rings
from schools.roster.rows import Finding, Roster
from schools.roster.sentences import sentence_of
from schools.roster.wording import where

READ, HAS_ERRORS, CANNOT_READ = 0, 1, 2


class Command(BaseCommand):
    help = (
        "What a roster would change; with --apply it is changed, all of it or nothing. Exit status: 0 without errors, "
        "1 with errors (nothing is applied), 2 when the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", default="", metavar="NUMBER", help="institution number; else the file names it")
        parser.add_argument("--preset", default="", metavar="NAME", help="of the portal or of the school")
        parser.add_argument("--apply", action="store_true")
        parser.add_argument("--many-leave", action="store_true", help="it is right that so many pupils leave")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"), no_search_for_rings():
            sys.exit(self._run(options))

    def _run(self, options: dict[str, Any]) -> int:
        path: Path = options["file"]
        try:
            preset = _preset(options["preset"], options["school"])
            roster = read_roster(path, name=path.name, preset=preset)
            schools = schools_of(roster, options["school"])
        except Unreadable as error:
            return self._refuse(sentence_of(error.finding), options)
        except OSError as error:
            return self._refuse(f"{path}: {error.strerror}", options)
        except LookupError:
            return self._refuse(f"There is no preset {options['preset']}.", options)
        except NoSchool as error:
            named = ", ".join(error.named) or "none"
            return self._refuse(f"The portal does not know the school of this file ({named}). Give --school.", options)
        many_leave = bool(options["many_leave"])
        if options["apply"]:
            plans = bring_in(roster, schools, many_leave=many_leave)
        else:
            plans = [plan_whole(roster, school) for school in schools]
        has_stopped = any(is_stopped(plan, many_leave=many_leave) for plan in plans)
        self._report(plans, roster, options, is_applied=bool(options["apply"]) and not has_stopped)
        return HAS_ERRORS if has_stopped else READ

    def _refuse(self, sentence: str, options: dict[str, Any]) -> int:
        if options["json"]:
            self.stdout.write(json.dumps({"unreadable": sentence}, ensure_ascii=False))
        else:
            self.stderr.write(sentence)
        return CANNOT_READ

    def _report(
        self,
        plans: Sequence[WholePlan],
        roster: Roster,
        options: dict[str, Any],
        *,
        is_applied: bool,
    ) -> None:
        many = [plan for plan in plans if _too_many(plan, options)]
        if options["json"]:
            found = {
                "system": roster.source_system,
                "applied": is_applied,
                "schools": [_as_data(plan, _too_many(plan, options)) for plan in plans],
            }
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for plan in plans:
            self.stdout.write(f"{plan.children.school.name} ({plan.children.school.institution_number})")
            counts = plan.counts()
            for kind in Kind:
                told = ", ".join(f"{deed.value} {counts[kind.value][deed.value]}" for deed in Deed)
                self.stdout.write(f"  {kind.value:9} {told}")
            for finding in plan.findings:
                self.stdout.write(f"  {finding.severity.value}: {_told(finding)}")
        for plan in many:
            self.stderr.write(
                f"{plan.children.leaving} of {plan.children.enrolled} pupils would leave. If that is right, say "
                "--many-leave."
            )
        if is_applied:
            changes_nothing = all(plan.changes_nothing for plan in plans)
            self.stdout.write("Nothing had to change." if changes_nothing else "Applied.")


def _preset(name: str, number: str) -> Preset | None:
    """Raises LookupError for a name that nobody knows."""
    if not name:
        return None
    school = School.objects.filter(institution_number=number).first()
    preset = preset_of(school, name) if school else shipped().get(name)
    if preset is None:
        raise LookupError(name)
    return preset


def _too_many(plan: WholePlan, options: dict[str, Any]) -> bool:
    return plan.lets_many_leave and not options["many_leave"]


def _as_data(plan: WholePlan, is_stopped: bool) -> dict[str, Any]:
    return {
        "school": plan.children.school.institution_number,
        "counts": plan.counts(),
        "enrolled": plan.children.enrolled,
        "leaving": plan.children.leaving,
        "needs_many_leave": is_stopped,
        "changes_nothing": plan.changes_nothing,
        "findings": [
            {
                "severity": finding.severity.value,
                "code": finding.code,
                "file": finding.place.file,
                "row": finding.place.row,
                "column": finding.place.column,
                "sentence": sentence_of(finding),
            }
            for finding in plan.findings
        ],
    }


def _told(finding: Finding) -> str:
    place = where(finding.place)
    return f"{place}: {sentence_of(finding)}" if place else sentence_of(finding)
