"""Figures: the home row with its charts, one indicator in depth, and how everything is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from reports import dashboard as home
from reports import plots
from reports.audience import OF_PROJECT, YEAR, FigureRequest, figure_request, project_mean_scope
from reports.comparing import comparison, home_comparison, spans
from reports.disclosure import Hidden
from reports.equity import newest_of
from reports.figure_files import FORMATS, FigureFile
from reports.figure_links import Links, linked, linked_rows
from reports.figure_lists import ALL, HIT
from reports.figure_since import changes_of, counted_since
from reports.figure_table import BREAKDOWNS, table_of
from reports.figures import INHERENT, Period, ShownFigure, compute, contacts_by_kind, families_by_rung
from reports.frozen_year import frozen_rows, frozen_totals, is_frozen
from reports.indicators import INDICATORS, Indicator
from reports.releases import shown as told
from reports.targets import in_force, target_for
from reports.views.counted import counted
from reports.views.tabs import FIGURE_READERS, figure_pages, figure_tabs
from reports.wording import ALSO, counted_beside, headline, percent, span, spread, why_hidden
from schools.access import staff_required
from schools.dayinput import day_input
from schools.models import Role
from schools.newcomers import lists_of
from schools.scope import scope_of

#: Breakdowns that would tell an outsider more than the published grid.
_INSIDE_ONLY = {"attempt", "language"}
#: The files of all indicators together.
_OF_ALL = ("xlsx", "json")


class FigureFilter(forms.Form):
    """School, part of the year and the period beside it, all in the address of the page; ``by``, the breakdown that is
    open, goes along."""

    def __init__(self, *args: Any, asked: FigureRequest, by: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by:
            self.fields["per"] = forms.CharField(required=False, widget=forms.HiddenInput)
        if asked.terms:
            terms = [(YEAR, _("This school year")), *((key, _(words)) for key, words in asked.terms)]
            self.fields["periode"] = forms.ChoiceField(label=_("Period"), choices=terms, required=False)
        if len(asked.schools) > 1:
            choices = [("", _("All schools")), *((str(one.pk), one.name) for one in asked.schools)]
            self.fields["school"] = forms.ChoiceField(label=_("School"), choices=choices, required=False)
        if asked.others:
            choices = [("", _("No other period")), *((one.key, _(one.words)) for one in asked.others)]
            self.fields["naast"] = forms.ChoiceField(label=_("Beside"), choices=choices, required=False)


class SinceForm(forms.Form):
    """Since which day somebody asks why a figure changed."""

    sinds = forms.DateField(label=gettext_lazy("Since"), widget=day_input())

    def __init__(self, *args: Any, period: Period, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.period = period
        self.fields["sinds"].initial = period.last - timedelta(days=30)

    def clean_sinds(self) -> date:
        day: date = self.cleaned_data["sinds"]
        if not self.period.first <= day <= self.period.last:
            raise forms.ValidationError(_("Choose a day of the period that this page is about."))
        return day


@staff_required(*FIGURE_READERS)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Six figures with baseline, target and n/N; then who, in which language, how, and how far. ``?xlsx`` and
    ``?json`` give all indicators as a file."""
    asked = figure_request(request.user, request.GET)
    if asked is None:
        return render(request, "reports/dashboard.html", {"asked": None, "tabs": _other_pages(request)})
    if asked.project is not None and is_frozen(asked.project):
        lines = frozen_totals(asked.project)
        context = {"asked": asked, "lines": lines, "leads_on": True, "pages": _other_pages(request)}
        return render(request, "reports/frozen_year.html", context)
    if (kind := _kind_of_file(request)) in _OF_ALL:
        every = [compute(code, asked.scope, asked.period) for code in asked.codes]
        return _file(request, asked, _("figures"), kind, *told(every, asked.scope, asked.is_outsider))
    shown = home.home_figures(asked)
    means = project_mean_scope(asked, request.user) if _is_of_school(request) else None
    stats = home.home_stats(asked, shown, means)
    context = {
        "asked": asked,
        "tabs": figure_tabs(request, "dashboard"),
        "profile": newest_of(asked.school),
        "opens": figure_pages(request),
        "stats": stats,
        "nobody_yet": home.counts_nobody(shown["I01"]),
        "lists_url": lists_of(request.user),
        "counted": counted(asked, shown.values()),
        "compared": home_comparison(asked, shown),
        "spans": spans(asked),
        "plots": _plots(asked, shown),
        "span": span(asked.period),
        "form": _filter_form(request, asked),
        "files": _files(request, *_OF_ALL),
    }
    return render(request, "reports/dashboard.html", context)


@staff_required(*FIGURE_READERS)
@require_safe
def indicator_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: what it means, how it is counted, its groups; ``?csv``, ``?xlsx`` and ``?json``
    give the same cells as a file."""
    definition = INDICATORS.get(code.upper())
    asked = figure_request(request.user, request.GET)
    if definition is None:
        raise Http404
    if asked is None:
        return render(request, "reports/dashboard.html", {"asked": None, "tabs": _other_pages(request)})
    if definition.code not in asked.codes:
        raise Http404
    allowed = [by for by in definition.breakdowns if not (asked.is_outsider and by in _INSIDE_ONLY)]
    by = request.GET.get("per", "")
    by = by if by in allowed else ""
    if asked.project is not None and is_frozen(asked.project):
        lines = frozen_rows(asked.project, definition.code, by)
        context = {
            "asked": asked,
            "indicator": definition,
            "lines": lines,
            "tabs": _tabs(request, definition, allowed, by),
        }
        return render(request, "reports/frozen_year.html", context)
    (shown,) = told([compute(definition.code, asked.scope, asked.period, by)], asked.scope, asked.is_outsider)
    if kind := _kind_of_file(request):
        return _file(request, asked, definition.code, kind, shown)
    table, links = table_of(shown), Links(asked)
    context = {
        "asked": asked,
        "indicator": definition,
        "words": definition.words,
        "value": headline(shown),
        "why_hidden": why_hidden(shown),
        "total": shown.total,
        "total_urls": [links.to(definition.code, part) for part in (HIT, ALL)],
        "counted": counted(asked, [shown]),
        "also": [(_(ALSO[name]), _also(name, shown, links)) for name in shown.also],
        "spread": [*_beside(shown, links), *spread(shown)],
        "table": replace(table, rows=linked_rows(table.rows, shown, links)),
        "since": _since(request, asked, definition),
        "compared": comparison(asked, shown),
        "spans": spans(asked),
        "target": _target(asked, definition),
        "profile": newest_of(asked.school),
        "opens": figure_pages(request),
        "tabs": _tabs(request, definition, allowed, shown.figure.by),
        "span": span(asked.period),
        "files": _files(request, *FORMATS),
        "form": _filter_form(request, asked, with_schools=definition.code not in OF_PROJECT, by=by),
    }
    return render(request, "reports/indicator_detail.html", context)


@staff_required(*FIGURE_READERS)
@require_safe
def how_we_count(request: HttpRequest) -> HttpResponse:
    """All definitions, from the definitions themselves; each leads to its figure where the reader has one."""
    asked = figure_request(request.user, request.GET)
    context = {"indicators": list(INDICATORS.values()), "codes": asked.codes if asked else []}
    return render(request, "reports/how_we_count.html", context)


def _other_pages(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages beside the figures that say something without any: targets, hours and money of a year just begun."""
    nothing = reverse("figures_work")
    found = [page for page in figure_tabs(request, "dashboard") if page["url"] != nothing]
    return found if len(found) > 1 else []


def _target(asked: FigureRequest, definition: Indicator) -> str:
    """What was agreed to reach by the last day of the period."""
    target = target_for(in_force(asked.project, asked.period.last), definition.code, asked.school)
    return home.target_in_words(target, definition.unit) if target else ""


def _beside(shown: ShownFigure, links: Links) -> list[tuple[str, str]]:
    """Beside a median or a sum: the share that n and N are of."""
    words, code = counted_beside(shown.definition.code), shown.definition.code
    if not words or isinstance(shown.total, Hidden):
        return []
    counts = (linked(str(shown.total.n), links.to(code, HIT)), linked(str(shown.total.N), links.to(code, ALL)))
    return [(words, format_html("{} ({} / {})", percent(shown.total), *counts))]


def _also(name: str, shown: ShownFigure, links: Links) -> str:
    """A second numerator: its share, and how many, which open their list."""
    cell = shown.also[name]
    if isinstance(cell, Hidden):
        return percent(cell)
    return format_html("{} ({})", percent(cell), linked(str(cell.n), links.to(shown.definition.code, name)))


def _since(request: HttpRequest, asked: FigureRequest, definition: Indicator) -> dict[str, Any] | None:
    """What changed the figure since a day that the reader chose; None outside the schools, where no day is free."""
    if asked.is_outsider or not changes_of(definition.code):
        return None
    form = SinceForm(request.GET if "sinds" in request.GET else None, period=asked.period)
    found: list[list[str]] = []
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["sinds"]
        counted = counted_since(definition.code, asked.scope, asked.period, day)
        links = Links(asked)
        found = [[_(one.words), linked(str(n), links.since(definition.code, one.key, day))] for one, n in counted]
    kept = [(name, value) for name, value in request.GET.items() if name not in ("sinds", *FORMATS)]
    columns: list[dict[str, Any]] = [{"label": _("What")}, {"label": _("Number"), "numeric": True}]
    return {"form": form, "rows": found, "kept": kept, "columns": columns}


def _plots(asked: FigureRequest, shown: dict[str, ShownFigure]) -> list[plots.Plot]:
    url = reverse("indicator_detail", args=["I01"])
    is_outsider, links = asked.is_outsider, Links(asked)
    drawn = [plots.curve({code: shown[code] for code in ("I01", "I02")}, url, links)]
    if asked.school is None and not asked.scope.classes:
        note = _("A family with children in two schools counts in each school and once in the total.")
        (by_school,) = told([compute("I01", asked.scope, asked.period, "school")], asked.scope, is_outsider)
        drawn.append(plots.groups(by_school, _("Families reached, by school"), note, f"{url}?per=school", links))
    gap = reverse("indicator_detail", args=["I23"])
    note = _("The gap can also close because the reach of Dutch-speaking families falls: read both groups.")
    title = _("Families reached, by language at home")
    draw = plots.groups if is_outsider else plots.two_lines
    drawn.append(draw(shown["I23"], title, note, gap, links))
    drawn.append(plots.kinds(contacts_by_kind(asked.scope, asked.period), asked, links))
    drawn.append(plots.ladder(families_by_rung(asked.scope, asked.period), asked, links))
    for code, words in (
        ("I13", _("Questions answered within three school days, by month")),
        ("I17", _("Talks that needed an interpreter and had one, by month")),
    ):
        drawn.append(plots.monthly(shown[code], words, reverse("indicator_detail", args=[code]), links))
    return drawn


def _filter_form(
    request: HttpRequest, asked: FigureRequest, *, with_schools: bool = True, by: str = ""
) -> FigureFilter | None:
    """None when there is nothing to choose."""
    chosen = asked if with_schools else replace(asked, schools=[])
    if not chosen.terms and len(chosen.schools) < 2 and not chosen.others:
        return None
    return FigureFilter(request.GET or {"periode": chosen.term}, asked=chosen, by=by)


def _is_of_school(request: HttpRequest) -> bool:
    return Role.HEAD in scope_of(request.user).roles


def _tabs(request: HttpRequest, definition: Indicator, allowed: list[Any], by: str) -> list[dict[str, Any]]:
    if definition.code in INHERENT:  # its table is always the same one
        return []
    ways = [("", _("Total")), *((way, _(BREAKDOWNS[way])) for way in allowed)]
    return [{"label": label, "url": f"?{_with(request, per=way)}", "current": way == by} for way, label in ways]


def _with(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for kind in FORMATS:
        query.pop(kind, None)
    for name, value in changes.items():
        query[name] = value
    return query.urlencode()


def _kind_of_file(request: HttpRequest) -> str:
    return next((kind for kind in FORMATS if kind in request.GET), "")


def _file(request: HttpRequest, asked: FigureRequest, name: str, kind: str, *figures: ShownFigure) -> HttpResponse:
    media_type, made = FORMATS[kind]
    file = FigureFile(str(asked.scope.name), figures, str(request.user))
    response = HttpResponse(made(file), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _files(request: HttpRequest, *kinds: str) -> list[tuple[str, str]]:
    """The files a page offers: what each is called, and where it is."""
    return [(kind.upper(), f"?{_with(request, **{kind: '1'})}") for kind in kinds]
