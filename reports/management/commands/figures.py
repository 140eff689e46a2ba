"""Figures on the command line: counted and protected as on the pages."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.figure_files import described
from reports.figures import FigureScope, Period, compute
from reports.indicators import INDICATORS
from reports.releases import shown as told
from schools import clock
from schools.models import Project, Role, School

#: Roles that work inside a school, and inside all schools of a project: for everybody else the figures are protected.
INSIDE_SCHOOL = frozenset({Role.HEAD, Role.CARE_COORDINATOR, Role.LIAISON, Role.CLB, Role.CLB_DIRECTOR, Role.JOINT_CLB})
INSIDE_PROJECT = frozenset({Role.JOINT_CLB})


class Command(BaseCommand):
    help = "Count indicators, as one role may read them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="+", metavar="CODE", help="I01, I02 …")
        place = parser.add_mutually_exclusive_group()
        place.add_argument("--project", type=int, help="id of a project (default: the newest)")
        place.add_argument("--school", help="institution number of a school")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first day, YYYY-MM-DD")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, help="last day, YYYY-MM-DD")
        parser.add_argument("--by", default="", help="school, language_group, month, level …")
        parser.add_argument("--as", dest="role", choices=Role.values, default=Role.COORDINATOR, help="who reads")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        scope, project = self._scope(options)
        for_outsiders = options["role"] not in (INSIDE_PROJECT if project else INSIDE_SCHOOL)
        period = self._period_outside(options, project) if for_outsiders else self._period(options, project)
        found = []
        for code in options["codes"]:
            if code.upper() not in INDICATORS:
                raise CommandError(f"There is no indicator {code}. Known are: {', '.join(INDICATORS)}.")
            try:
                (shown,) = told([compute(code, scope, period, options["by"])], scope, for_outsiders)
            except ValueError as error:
                raise CommandError(str(error)) from error
            found.append(described(shown))
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for result in found:
            self._write(result)

    def _scope(self, options: dict[str, Any]) -> tuple[FigureScope, Project | None]:
        if options["school"]:
            school = School.objects.filter(institution_number=options["school"]).first()
            if school is None:
                raise CommandError(f"There is no school with number {options['school']}.")
            return FigureScope(school=school), None
        projects = Project.objects.filter(pk=options["project"]) if options["project"] else Project.objects.all()
        project = projects.order_by("-starts_on").first()
        if project is None:
            raise CommandError("There is no such project.")
        return FigureScope(project=project), project

    def _period(self, options: dict[str, Any], project: Project | None) -> Period:
        today = clock.today()
        known = Period.to_date(project, today) if project else None
        first = options["first"] or (known.first if known else None)
        if first is None:
            raise CommandError("For a school, say from which day: --from YYYY-MM-DD.")
        try:
            return Period(first, options["last"] or (known.last if known else today))
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _period_outside(self, options: dict[str, Any], project: Project | None) -> Period:
        """The one period that readers outside the schools get on the pages too: two others could be subtracted."""
        if project is None:
            raise CommandError("Readers outside a school do not get its figures alone: --by school, or --as HEAD.")
        published = Period.of_whole_months(project, clock.today())
        if options["first"] not in (None, published.first) or options["last"] not in (None, published.last):
            raise CommandError(
                f"Readers outside the schools choose no days: --from {published.first} --to {published.last}."
            )
        return published

    def _write(self, result: dict[str, Any]) -> None:
        self.stdout.write(
            f"{result['code']} {result['label']}: {result['value'] or 'hidden'}  {_plain(result['total'])}"
        )
        for label, cell in result["rows"].items():
            self.stdout.write(f"    {label}: {_plain(cell)}")


def _plain(cell: dict[str, Any]) -> str:
    return f"hidden ({cell['hidden']})" if "hidden" in cell else f"{cell['n']} / {cell['N']}"
