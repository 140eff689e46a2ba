"""What the project costs, beside the families with whom somebody spoke (I29)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.figures import FigureScope, Period, ShownFigure, compute
from reports.frozen_year import is_frozen
from reports.releases import shown as told
from reports.wording import beside, span
from schools import clock
from schools.models import Project


def input_of(project: Project, user: Any) -> ShownFigure | None:
    """Hours and euros of the project as this reader may see them; None once the year's families are gone, and outside
    the schools while the first month runs."""
    if is_frozen(project):
        return None
    scope = FigureScope(project=project, viewer=user)
    is_outsider = scope.is_for_outsiders()
    today = clock.today()
    if is_outsider and not Period.has_whole_month(project, today):
        return None
    period = Period.of_whole_months(project, today) if is_outsider else Period.to_date(project, today)
    (shown,) = told([compute("I29", scope, period)], scope, is_outsider)
    return shown


def facts_of(project: Project, user: Any) -> dict[str, Any] | None:
    """For each family: hours and euros, with how many families and in which period they are."""
    shown = input_of(project, user)
    if shown is None:
        return None
    families = "" if shown.is_hidden else str(getattr(shown.total, "n", ""))
    items = [{"term": term, "value": value} for term, value in beside(shown)]
    return {
        "items": [*items, {"term": _("Families with whom somebody spoke"), "value": families}],
        "span": span(shown.figure.period),
        "is_hidden": shown.is_hidden,
    }
