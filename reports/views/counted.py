"""When the figures of a page were counted, where that was beforehand, and counting them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reports import keeping, kept
from reports.audience import FigureRequest, figure_request
from reports.figures import ShownFigure
from reports.views.tabs import FIGURE_READERS
from schools import audit
from schools.access import member_of_staff, staff_required
from schools.arriving import back_address
from schools.limits import Limit

#: Counting a province takes minutes of the database.
AGAIN = Limit("figures counted again", 4, 3600)


class Counted(NamedTuple):
    """For which moment a page speaks, and how far a newer count is; ``may_ask`` for one: it is of a project."""

    at: datetime
    progress: keeping.Progress | None
    may_ask: bool


def counted(asked: FigureRequest, shown: Iterable[ShownFigure]) -> Counted | None:
    """None where the figures were counted just now."""
    moment = kept.oldest(one.figure for one in shown)
    if moment is None:
        return None
    return Counted(moment, keeping.progress(asked.scope), asked.scope.project is not None)


@staff_required(*FIGURE_READERS)
@require_POST
def figures_again(request: HttpRequest) -> HttpResponse:
    """Have the project's figures counted again, in the background; those of few schools are never counted ahead."""
    asked, back = figure_request(request.user, request.POST), back_address(request, reverse("dashboard"))
    if asked is None or not asked.scope.kept or asked.project is None:
        return redirect(back)
    if AGAIN.spend(asked.scope.kept):
        kept.ask_again(asked.scope)
        audit.record(actor=member_of_staff(request), verb="count again", target=asked.project)
        words = _("The figures are being counted again. That takes a few minutes; read on meanwhile.")
        messages.success(request, words)
    else:
        messages.info(request, _("They were counted again a few times this hour. Try again later."))
    return redirect(back)
