"""The list behind a number: what the reader may see of it, and how many more there are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.audience import FigureRequest, figure_request
from reports.figure_lists import ALL, CONTACTS, HIT, LADDER, Which, units
from reports.figure_rows import lines_of, others_in_words, readable, rows_in_words
from reports.figure_since import changes_of, rows_since
from reports.frozen_year import is_frozen
from reports.indicators import INDICATORS
from reports.wording import ALSO, label_of, span
from schools import audit
from schools.access import CLB_STAFF, member_of_staff, staff_required
from schools.days import day_of
from schools.models import Role

ROWS_ON_A_PAGE = 25


@staff_required(*CLB_STAFF, Role.HEAD, Role.TEACHER)
@require_safe
def figure_list(request: HttpRequest, code: str) -> HttpResponse:
    """The rows behind one number of the dashboard or of an indicator's page, named in the address as there."""
    asked = figure_request(request.user, request.GET)
    if asked is None or asked.is_outsider or (asked.project is not None and is_frozen(asked.project)):
        raise Http404
    if code in INDICATORS and code not in asked.codes:
        raise Http404
    try:
        which, since = _which(request), _day(request.GET.get("sinds", ""))
        _within(asked, which, since)
        rows, head = _rows(code, asked, which, since), _head(code, asked, which, since)
    except (LookupError, ValueError):
        raise Http404 from None
    user = member_of_staff(request)
    mine = readable(rows, user, code=code, which=which, scope=asked.scope, period=asked.period)
    page = Paginator(mine, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    found = rows.count()
    audit.record(
        actor=user,
        verb="listed a figure",
        target=asked.school or asked.project or user,
        school_id=asked.school.pk if asked.school else None,
        figure=code,
        found=found,
    )
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "asked": asked,
        **head,
        "found": found,
        "found_words": rows_in_words(rows.model, found),
        "lines": lines_of(list(page), rows.model, user),
        "others": others_in_words(rows.model, found - page.paginator.count),
        "others_number": found - page.paginator.count,
        "page": page,
        "query": query.urlencode(),
    }
    return render(request, "reports/figure_list.html", context)


def _rows(code: str, asked: FigureRequest, which: Which, since: date | None) -> QuerySet[Any]:
    if since is None:
        return units(code, asked.scope, asked.period, which)
    return rows_since(code, which.part, asked.scope, asked.period, since)


def _within(asked: FigureRequest, which: Which, since: date | None) -> None:
    """ValueError for days outside the period: no number of the page is about them."""
    days = (day for day in (since, which.month) if day is not None)
    if any(not asked.period.first.replace(day=1) <= day <= asked.period.last for day in days):
        raise ValueError


def _which(request: HttpRequest) -> Which:
    chosen = request.GET
    month = chosen.get("maand", "")
    return Which(
        part=chosen.get("deel", HIT),
        by=chosen.get("per", ""),
        group=chosen.get("groep", ""),
        month=_day(f"{month}-01") if month else None,
    )


def _day(text: str) -> date | None:
    """ValueError for what is no day."""
    return date.fromisoformat(text) if text else None


def _head(code: str, asked: FigureRequest, which: Which, since: date | None) -> dict[str, str]:
    """What the list is of, in words, and the page it was opened from. LookupError or ValueError for a group that no
    figure has."""
    indicator = INDICATORS.get(code)
    names = {CONTACTS: _("Contacts by kind and month"), LADDER: _("How far families are reached")}
    title = indicator.name if indicator else names[code]
    parts = [span(asked.period)]
    if which.month:
        parts.append(label_of("month", f"{which.month:%Y-%m}"))
    if indicator and which.by and which.group:
        parts.append(label_of(which.by, which.group))
    if since is not None:
        words = next(one.words for one in changes_of(code) if one.key == which.part)
        parts += [_(words), day_of(since)]
    elif which.part in ALSO:
        parts.append(_(ALSO[which.part]))
    elif indicator:
        parts.append(indicator.words["denominator" if which.part == ALL else "numerator"])
    back = reverse("indicator_detail", args=[code]) if indicator else reverse("dashboard")
    return {
        "title": title,
        "lead": " · ".join(parts),
        "back_url": "?".join(filter(None, [back, asked.query])),
        "back_label": title if indicator else _("Figures"),
    }
