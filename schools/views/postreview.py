"""Who goes on next school year: one page with every post that one decides about."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from schools import clock
from schools.access import member_of_staff, staff_required
from schools.arriving import row_number
from schools.forms_postreview import PostFilterForm, PostReviewForm, next_year
from schools.models import Assignment, PostDecision, SchoolYear
from schools.postreview import (
    decided,
    posts_of,
    undecided,
    waiting_for,
    waiting_for_others,
    year_to_decide,
)
from schools.scope import scope_of
from schools.services.postreview import decide_posts, take_decision_back
from schools.staffing import MANAGERS, Remit, remit_of

POSTS_ON_A_PAGE = 50
_OTHERS, _DECIDED = "anderen", "beslist"


@staff_required(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def post_review(request: HttpRequest) -> HttpResponse:
    """Each post with role, class, last day and last sign-in, and what becomes of it. Decided are the lines with a
    choice; the others wait, and end on their own last day."""
    year, remit = year_to_decide(), remit_of(scope_of(request.user))
    if year is None:
        return render(request, "schools/post_review.html", {"year": None})
    shown = request.GET.get("toon", "")
    chosen = PostFilterForm(request.GET, rows=posts_of(remit.posts, year))
    context: dict[str, Any] = {"year": year, "last": year.last_day}
    if request.method == "POST":
        forms = _forms(year, _named(request, remit, year), request.POST)
        if all(form.is_valid() for form in forms):
            problem = _decide(request, forms, year)
            if not problem:
                return redirect(_address(shown, request.GET.get("page", ""), chosen.kept))
            context["problem"] = problem
        else:
            context["problem"] = _("Nothing was kept yet: put right what stands beside the lines below.")
        context |= {"forms": forms, "tabs": _tabs(remit, year, shown), "lacking": {form.lacks for form in forms}}
        return render(request, "schools/post_review.html", context, status=422)
    page = Paginator(chosen.narrowed(_rows(remit, year, shown)), POSTS_ON_A_PAGE).get_page(request.GET.get("page"))
    own = Assignment.objects.with_places().filter(user=request.user.pk)
    context |= {
        "page": page,
        "filter": chosen,
        "clear_url": _address(shown, "", {}) if chosen.kept else "",
        "kept": urlencode(({"toon": shown} if shown else {}) | chosen.kept),
        "tabs": _tabs(remit, year, shown),
        "is_decided": shown == _DECIDED,
        "was_decided": not page.object_list and chosen.narrowed(decided(remit.posts, year)).exists(),
        "may_take_back": year.starts_on > clock.today(),
        "forms": [] if shown == _DECIDED else _forms(year, page.object_list),
        "own": list(undecided(own, year)[:10]),
    }
    context["lacking"] = {form.lacks for form in context["forms"]}
    return render(request, "schools/post_review.html", context)


@staff_required(*MANAGERS)
@require_POST
def post_decision_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """The post waits for a decision again; until the school year begins."""
    remit = remit_of(scope_of(request.user))
    row = get_object_or_404(PostDecision, pk=pk, post__in=remit.posts.order_by().values("pk"))
    try:
        take_decision_back(decision=row, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Taken back: this post waits for a decision again."))
    return redirect(_address(_DECIDED, "", {}))


def _rows(remit: Remit, year: SchoolYear, shown: str) -> QuerySet[Assignment]:
    if shown == _DECIDED:
        said = PostDecision.objects.filter(year=year).select_related(
            "decided_by",
            "renewal__school_class",
            "renewal__school",
            "renewal__clb_centre",
            "renewal__partner",
            "renewal__project__year",
        )
        return decided(remit.posts, year).prefetch_related(Prefetch("decisions", said, to_attr="said"))
    if shown == _OTHERS and remit.is_administrator:
        return waiting_for_others(remit, year)
    return waiting_for(remit, year)


def _tabs(remit: Remit, year: SchoolYear, shown: str) -> list[dict[str, Any]]:
    kinds = [("", _("To decide"), waiting_for(remit, year))]
    if remit.is_administrator:
        kinds.append((_OTHERS, _("For heads and directors"), waiting_for_others(remit, year)))
    kinds.append((_DECIDED, _("Decided"), decided(remit.posts, year)))
    return [
        {
            "label": f"{label} ({rows.order_by().count()})",
            "url": f"?toon={key}" if key else "?",
            "current": key == shown,
        }
        for key, label, rows in kinds
    ]


def _named(request: HttpRequest, remit: Remit, year: SchoolYear) -> list[Assignment]:
    """The posts of the lines that were sent, decided meanwhile or not: what was filled in is shown again."""
    numbers = [number for value in request.POST.getlist("posts")[:POSTS_ON_A_PAGE] if (number := row_number(value))]
    return list(posts_of(remit.posts, year).filter(pk__in=numbers))


def _forms(year: SchoolYear, posts: Any, data: Any = None) -> list[PostReviewForm]:
    listed = list(posts)
    coming = next_year(year, listed)
    return [PostReviewForm(data, post=post, coming=coming) for post in listed]


def _decide(request: HttpRequest, forms: list[PostReviewForm], year: SchoolYear) -> str:
    """ "" once it was carried out, else why it was not."""
    decisions = [one for form in forms if (one := form.decision())]
    if not decisions:
        return _("Choose for at least one colleague what happens next year.")
    try:
        number = decide_posts(decisions=decisions, year=year, by=member_of_staff(request))
    except ValidationError as error:
        return " ".join(error.messages)
    words = ngettext("%(number)d post was decided.", "%(number)d posts were decided.", number)
    messages.success(request, words % {"number": number})
    return ""


def _address(shown: str, page: str, chosen: dict[str, str]) -> str:
    number = row_number(page)
    kept = {"toon": shown if shown in (_OTHERS, _DECIDED) else "", **chosen, "page": str(number) if number else ""}
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{reverse('post_review')}?{query}" if query else reverse("post_review")
