"""How much is agreed and done, and how good the data are with which families are reached."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import plots
from reports.audience import FigureRequest, figure_request
from reports.figure_links import Links
from reports.figures import ShownFigure, compute
from reports.frozen_year import is_frozen
from reports.releases import shown as told
from reports.views.counted import counted
from reports.views.tabs import FIGURE_READERS, figure_tabs
from reports.wording import span
from schools.access import staff_required


@staff_required(*FIGURE_READERS)
@require_safe
def figures_work(request: HttpRequest) -> HttpResponse:
    """Agreements by month and by kind, qualified and other interpreters, and how complete contact data are."""
    asked = figure_request(request.user, request.GET)
    if asked is None or (asked.project is not None and is_frozen(asked.project)):
        return redirect("dashboard")
    figures = _figures(asked)
    agreed = figures["I20", ""]
    context = {
        "asked": asked,
        "counted": counted(asked, [agreed]),
        "tabs": figure_tabs(request, "figures_work"),
        "plots": _plots(asked, figures),
        "span": span(asked.period),
    }
    return render(request, "reports/figures_work.html", context)


def _plots(asked: FigureRequest, figures: Mapping[tuple[str, str], ShownFigure]) -> list[plots.Plot]:
    links = Links(asked)
    note = _("Agreements whose day came in that month, and how many of them were kept by then.")
    title = _("Parents of whom language and number are known, by way of reading")
    why = _("Without these nobody can be reached in the own language.")
    informal = _("Acquaintances and children who interpreted, by month")
    drawn = [
        plots.monthly(figures["I20", ""], _("Agreements kept in time, by month"), _page("I20"), links, note),
        plots.groups(figures["I20", "kind"], _("Agreements kept in time, by kind"), "", _page("I20"), links),
        plots.monthly(figures["I18", ""], informal, _page("I18"), links),
        plots.groups(figures["I27", "reading_mode"], title, why, _page("I27"), links),
    ]
    if by_school := figures.get(("I27", "school")):
        drawn.append(plots.groups(by_school, _("The same by school"), "", f"{_page('I27')}?per=school", links))
    return drawn


def _figures(asked: FigureRequest) -> dict[tuple[str, str], ShownFigure]:
    """What the page draws, by indicator and breakdown."""
    wanted = [("I20", ""), ("I20", "kind"), ("I18", ""), ("I27", "reading_mode")]
    if not asked.is_outsider and asked.school is None and not asked.scope.classes:
        wanted.append(("I27", "school"))
    counted = [compute(code, asked.scope, asked.period, by) for code, by in wanted]
    return dict(zip(wanted, told(counted, asked.scope, asked.is_outsider), strict=True))


def _page(code: str) -> str:
    return reverse("indicator_detail", args=[code])
