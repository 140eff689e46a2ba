"""The joint worker's queue of families that may be one. Nobody else sees across schools (rulings 13)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parents.models import FamilyMatch, FamilyMerge
from parents.models.samefamily import UNDO_DAYS, MatchState
from parents.samefamily.showing import ShownFamily, ShownMerge, shown_merges, shown_pairs
from parents.services import ask_again, join_families, keep_apart, undo_join
from schools import audit, clock
from schools.access import get_visible_or_404, member_of_staff, staff_required
from schools.models import Role, User

ROWS_ON_A_PAGE = 10
#: The page of what was joined lately, in the address.
JOINED = "samen"
#: For so long a click is perhaps a slip.
JUST_NOW = timedelta(minutes=5)
_DECIDES = {"same": MatchState.SAME, "different": MatchState.DIFFERENT}


@staff_required(Role.JOINT_CLB)
@require_safe
def same_families(request: HttpRequest) -> HttpResponse:
    """The likeliest pair first, each with why; below, what was joined and can be undone."""
    waiting = FamilyMatch.objects.editable_by(request.user)
    page = Paginator(waiting, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    pairs = shown_pairs(page.object_list, request.user)
    joined = FamilyMerge.objects.editable_by(request.user).select_related("by")
    lately = Paginator(joined, ROWS_ON_A_PAGE).get_page(request.GET.get(JOINED))
    merges = shown_merges(lately.object_list, request.user)
    families = [family for pair in pairs for family in pair.families] + [one.family for one in merges]
    _note_reading(request, families)
    context = {
        "page": page,
        "pairs": pairs,
        "lately": lately,
        "merges": merges,
        "undo_days": UNDO_DAYS,
        "just_joined": _just_joined(merges, member_of_staff(request)),
        "just_apart": FamilyMatch.objects.kept_apart_by(request.user, _just_now()).first(),
        "joined": JOINED,
    }
    return render(request, "parents/same_families.html", context)


@staff_required(Role.JOINT_CLB)
@require_POST
def same_family_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """``answer=same`` joins the two families; ``answer=different`` keeps them apart, ``open`` takes that back."""
    by = member_of_staff(request)
    answer = request.POST.get("answer")
    if answer in _DECIDES and FamilyMatch.objects.filter(pk=pk, decided_by=by, state=_DECIDES[answer]).exists():
        return redirect("same_families")  # pressed twice
    try:
        if answer == "open":
            ask_again(match=get_visible_or_404(FamilyMatch.objects, request.user, pk=pk), by=by, since=_just_now())
            return redirect("same_families")
        match = get_visible_or_404(FamilyMatch.objects, request.user, pk=pk)
        if answer == "same":
            join_families(match=match, by=by)
        elif answer == "different":
            keep_apart(match=match, by=by)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("same_families")


@staff_required(Role.JOINT_CLB)
@require_POST
def same_family_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Two families again."""
    merge = get_visible_or_404(FamilyMerge.objects, request.user, pk=pk)
    if merge.undone_at is not None:  # pressed twice
        return redirect("same_families")
    try:
        undo_join(merge=merge, by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("They are two families again, as before."))
    return redirect("same_families")


def _just_joined(merges: list[ShownMerge], by: User) -> ShownMerge | None:
    """What this colleague joined a moment ago: the way back stands beside the word that it was done."""
    return next((one for one in merges if one.merge.by_id == by.pk and one.merge.at >= _just_now()), None)


def _just_now() -> datetime:
    return clock.now() - JUST_NOW


def _note_reading(request: HttpRequest, families: list[ShownFamily]) -> None:
    """One line for the page, with the children on it."""
    pupils = {pupil.pk for family in families for pupil, _places in family.children}
    if pupils:
        audit.record_reading(
            actor=request.user,
            verb="compared families",
            target=member_of_staff(request),
            pupils=pupils,
            families=sorted({family.pk for family in families}),
        )
