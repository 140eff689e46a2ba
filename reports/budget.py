"""The grant: what was granted, what was spent by dated bookings, and what is left of each line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext as _

from reports.models import BudgetBooking, BudgetChange, BudgetLine
from reports.models.resources import projects_kept_by
from reports.statistics import rounded
from schools import audit, clock
from schools.days import full_day
from schools.models import Project, User

#: More lines than this no grant has.
MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class State:
    """A line of the grant, or all of them together, in euros."""

    name: str
    granted: Decimal
    spent: Decimal
    line: BudgetLine | None = None
    bookings: int = 0

    @property
    def left(self) -> Decimal:
        return self.granted - self.spent

    @property
    def percent(self) -> int | None:
        """What was spent, in whole per cents of what was granted."""
        return int(rounded(Fraction(100 * self.spent) / Fraction(self.granted))) if self.granted else None

    @property
    def is_over(self) -> bool:
        return self.left < 0


def states(project: Project, until: date | None = None) -> list[State]:
    """Each line with what was spent until and including a day; one query."""
    when = Q(bookings__booked_on__lte=until) if until else Q()
    rows = BudgetLine.objects.filter(project=project).annotate(
        spent=Sum("bookings__amount", filter=when), number=Count("bookings", filter=when)
    )
    return [State(row.name, row.granted, row.spent or Decimal(0), row, row.number) for row in rows]


def together(found: list[State]) -> State:
    """The sum of lines."""
    granted = sum((one.granted for one in found), Decimal(0))
    return State("", granted, sum((one.spent for one in found), Decimal(0)))


def spent_in(project: Project | None, first: date, last: date) -> Decimal:
    """What was spent in a period."""
    rows = BudgetBooking.objects.filter(line__project=project, booked_on__range=(first, last))
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def add_line(*, project: Project, name: str, granted: Decimal, by: User) -> BudgetLine:
    """A line after those that are there."""
    _check_writer(project, by)
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        rows = BudgetLine.objects.filter(project=project)
        found = rows.aggregate(last=Max("position"), number=Count("pk"))
        if found["number"] >= MOST_LINES:
            raise ValidationError(_("A budget has %(most)d lines at most.") % {"most": MOST_LINES})
        if rows.filter(name__iexact=name).exists():
            raise ValidationError({"name": _("There is a line with this name already.")})
        line = BudgetLine.objects.create(project=project, name=name, granted=granted, position=(found["last"] or 0) + 1)
        audit.record(actor=by, verb="added a budget line", target=line)
    return line


def change_line(*, line: BudgetLine, name: str, granted: Decimal, reason: str, by: User) -> bool:
    """Another name or amount; what the line said stays in its history. False when nothing changed."""
    _check_writer(line.project, by)
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=line.project_id)
        row = BudgetLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
        if (row.name, row.granted) == (name, granted):
            return False
        if BudgetLine.objects.filter(project=row.project_id, name__iexact=name).exclude(pk=row.pk).exists():
            raise ValidationError({"name": _("There is a line with this name already.")})
        BudgetChange.objects.create(
            line=row, name=row.name, granted=row.granted, reason=reason, changed_at=clock.now(), changed_by=by
        )
        row.name, row.granted = name, granted
        row.save(update_fields=["name", "granted"])
        audit.record(actor=by, verb="changed a budget line", target=row)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What was paid, when and for what; a repayment is negative."""

    booked_on: date
    amount: Decimal
    what: str
    proof: str = ""


def book(*, line: BudgetLine, spending: Spending, client_id: UUID, by: User) -> BudgetBooking:
    """Book what was spent. Sent twice it is booked once. Raises ValidationError for a day outside the project."""
    _check_writer(line.project, by)
    _check_day(line.project, spending.booked_on)
    if not spending.amount:
        raise ValidationError({"amount": _("Nothing was spent: there is nothing to book.")})
    known = BudgetBooking.objects.filter(client_id=client_id).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            booking = BudgetBooking.objects.create(
                line=line,
                booked_on=spending.booked_on,
                amount=spending.amount,
                what=spending.what,
                proof=spending.proof,
                client_id=client_id,
                booked_at=clock.now(),
                booked_by=by,
            )
            audit.record(actor=by, verb="booked", target=booking)
    except IntegrityError:
        # The same form arrived twice at once.
        return BudgetBooking.objects.get(client_id=client_id)
    return booking


def reverse_booking(*, booking: BudgetBooking, by: User) -> BudgetBooking:
    """Put a mistake right: the opposite of a booking, on its day. Raises ValidationError when that was done before."""
    _check_writer(booking.line.project, by)
    with transaction.atomic():
        BudgetLine.objects.select_for_update(of=("self",)).get(pk=booking.line_id)
        if booking.reverses_id or BudgetBooking.objects.filter(reverses=booking).exists():
            raise ValidationError(_("This booking was reversed already."))
        opposite = BudgetBooking.objects.create(
            line=booking.line,
            booked_on=booking.booked_on,
            amount=-booking.amount,
            what=booking.what,
            proof=booking.proof,
            reverses=booking,
            booked_at=clock.now(),
            booked_by=by,
        )
        audit.record(actor=by, verb="reversed a booking", target=opposite)
    return opposite


def may_write(project: Project, user: User) -> bool:
    """The joint worker and the directors of the centres that carry the project."""
    return projects_kept_by(user).filter(pk=project.pk).exists()


def _check_writer(project: Project, by: User) -> None:
    if not may_write(project, by):
        raise ValidationError(_("Only the joint worker and the directors of the CLBs keep this budget."))


def _check_day(project: Project, day: date) -> None:
    last = min(clock.today(), project.ends_on or clock.today())
    if not project.starts_on <= day <= last:
        words = _("Choose a day of the project that is not to come: %(first)s to %(last)s.")
        days = {"first": full_day(project.starts_on), "last": full_day(last)}
        raise ValidationError({"booked_on": words % days})
