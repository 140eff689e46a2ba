from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser

from schools.models import School, User
from schools.rollover import Choices, Plan, plan_rollover, years_to_change
from schools.services import lay_coming_years, roll_over, undo_rollover, undoable


class Command(BaseCommand):
    help = (
        "A school into its next school year: shows the plan that the page proposes; --apply carries it out, "
        "--undo takes it back within a week."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("school", help="institution number")
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--apply", action="store_true")
        group.add_argument("--undo", action="store_true")
        parser.add_argument("--by", help="e-mail address of the colleague who decided it; needed to change anything")

    def handle(self, *args: Any, **options: Any) -> None:
        school = School.objects.filter(institution_number=options["school"]).first()
        if school is None:
            raise CommandError(f"There is no school with institution number {options['school']}.")
        try:
            if options["undo"]:
                self._undo(school, _colleague(options["by"]))
            else:
                self._forward(school, options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _undo(self, school: School, by: User) -> None:
        row = undoable(school)
        if row is None:
            raise CommandError("Nothing can be taken back: it is longer than a week ago, or it never was.")
        undo_rollover(rollover=row, by=by)
        self.stdout.write(f"{school} is in {row.from_year} again.")

    def _forward(self, school: School, options: dict[str, Any]) -> None:
        lay_coming_years(with_holidays=settings.FLEMISH_HOLIDAYS)
        years = years_to_change(school)
        if years is None:
            raise CommandError("This school has no classes yet: bring its roster in first.")
        by = _colleague(options["by"]) if options["apply"] or options["by"] else None
        plan = plan_rollover(school=school, from_year=years[0], to_year=years[1], choices=Choices(), by=by)
        self._show(plan)
        if options["apply"] and by is not None:
            roll_over(plan=plan, choices=Choices(), by=by)
            self.stdout.write(f"{school} is in {plan.to_year}.")

    def _show(self, plan: Plan) -> None:
        self.stdout.write(f"{plan.school}: {plan.from_year} to {plan.to_year}")
        for move in plan.moves:
            self.stdout.write(f"{move.school_class.name:20} {len(move.seats):4} pupils to {move.target or '(leave)'}")
        self.stdout.write(
            f"{len(plan.new_classes)} new classes, {plan.moving} pupils with a place, {plan.leaving} who leave, "
            f"{sum(post.continues for post in plan.posts)} posts that go on"
        )


def _colleague(address: str | None) -> User:
    user = User.objects.filter(email=(address or "").lower(), is_active=True).first()
    if user is None:
        raise CommandError("Say with --by ADDRESS which colleague decided it.")
    return user
