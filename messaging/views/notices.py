"""Notices as the staff see them: the list, how one stands, what a family got."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from messaging.attachments import staff_lines
from messaging.familyhistory import deliveries_to, history, threads_of
from messaging.models import Answer, Delivery, DeliveryStatus, Notice, NoticeStatus, NoticeText, TextKind, Thread
from messaging.progress import progress_of
from messaging.recordingdesk import staff_voices
from messaging.refusals import refusals_of
from messaging.standing import Standing
from messaging.taking_back import TakingBack
from messaging.titles import with_titles
from messaging.views.board import undo_of
from messaging.views.letters import printable_by
from parents.models import ConferenceRound, Family, Guardian, Guardianship
from schools import audit, clock
from schools.access import FAMILY_WORKERS, SCHOOL_TEAM, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.languages import MASTER
from schools.models import Pupil
from schools.scope import scope_of

ROWS_ON_A_PAGE = 25
ROWS_OF_A_FAMILY = 20
THREADS_OF_A_FAMILY = 10


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """Own drafts first, then what was sent, newest first."""
    own_only = request.GET.get("van") == "mij"
    notices = with_titles(Notice.objects.visible_to(request.user))
    if own_only:
        notices = notices.filter(author_id=request.user.pk)
    page = Paginator(notices.order_by(*_drafts_first()), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    progress = progress_of([notice for notice in page.object_list if notice.was_sent])
    rows = [{"notice": notice, "progress": progress.get(notice.pk)} for notice in page.object_list]
    schools = {notice.school_id for notice in page.object_list}
    context = {
        "page": page,
        "rows": rows,
        "own_only": own_only,
        "show_school": len(schools) > 1,
        "tabs": _tabs(request.user, own_only=own_only),
    }
    return render(request, "messaging/notice_list.html", context)


def _tabs(user: object, *, own_only: bool) -> list[dict[str, Any]]:
    """The lists of notices, and what else was written to families and by them."""
    here, questions = reverse("notice_list"), Thread.objects.visible_to(user).waiting().count()
    return [
        {"label": _("All notices"), "url": here, "current": not own_only},
        {"label": _("Written by me"), "url": f"{here}?van=mij", "current": own_only},
        {"label": _("Letters"), "url": reverse("letter_centre"), "icon": "printer"},
        {
            "label": _("Questions from families"),
            "url": reverse("thread_list"),
            "icon": "message-circle",
            "count": questions or None,
            "is_new": True,
        },
    ]


@staff_required(*FAMILY_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How a sent notice stands. A POST of its author marks as seen the answers that were in when the page was
    made (``until``): one that came later stays new."""
    notice = get_visible_or_404(with_titles(Notice.objects.with_successor()), request.user, pk=pk)
    if request.method == "POST":
        until = _moment(request.POST.get("until", ""))
        if until is not None and notice.author_id == request.user.pk:
            seen = Answer.objects.filter(notice=notice, seen_by_author_at__isnull=True, answered_at__lte=until)
            seen.update(seen_by_author_at=clock.now())
        return redirect("notice_detail", pk)
    if not notice.was_sent:
        return redirect("notice_check", pk)
    context = _standing_context(request, notice) | {
        "taking_back": TakingBack(notice, request.user),
        "texts": _texts_of(notice),
        "text_kinds": _kinds_of(notice),
        "attachments": staff_lines(notice),
        "voices": staff_voices(notice, request.user),
        "undo": undo_of(request, notice),
    }
    return render(request, "messaging/notice_detail.html", context)


@staff_required(*FAMILY_WORKERS)
@require_safe
def notice_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that updates itself. Without script it is the page itself."""
    notice = get_visible_or_404(with_titles(Notice.objects.with_successor()), request.user, pk=pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("notice_detail", pk)
    return render(request, "messaging/_status.html", _standing_context(request, notice))


@staff_required(*FAMILY_WORKERS)
@require_safe
def family_notices(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sent to a family and what came of it: a part of the family's page, or all of it on a page of its own.

    Reading it is a line in the access log, as for the family's page.
    """
    family = get_visible_or_404(Family.objects.with_children_for(request.user), request.user, pk=pk)
    pupils = [membership.pupil for membership in family.shown]
    rows = deliveries_to(pupils, request.user)
    page = Paginator(rows, ROWS_OF_A_FAMILY).get_page(request.GET.get("page"))
    schools = {place.school_id for pupil in pupils for place in pupil.running}
    audit.record_reading(
        actor=request.user,
        verb="read notices",
        target=family,
        school_id=min(schools, default=None),
        pupils=[pupil.pk for pupil in pupils],
    )
    visible = with_titles(Notice.objects.visible_to(request.user).ever_sent())
    context = {
        "family": family,
        "children": " & ".join(pupil.first_name for pupil in pupils),
        "page": page,
        "deliveries": history(page.object_list, visible, request.user, get_language() or MASTER),
        "threads": threads_of(family, request.user)[:THREADS_OF_A_FAMILY],
        "refusals": refusals_of(_guardians_of(pupils, request.user)),
    }
    part = "messaging/_family_notices.html" if request.htmx else "messaging/family_notices.html"  # type: ignore[attr-defined]
    return render(request, part, context)


def _moment(text: str) -> datetime | None:
    """A moment as a page of ours wrote it; None for anything else."""
    with suppress(ValueError, OverflowError):
        return datetime.fromisoformat(text).astimezone(UTC)
    return None


def _drafts_first() -> tuple[Any, ...]:
    draft = Case(When(status__in=[NoticeStatus.DRAFT, NoticeStatus.SCHEDULED], then=Value(0)), default=Value(1))
    return draft, Coalesce("published_at", "created_at").desc(), "-pk"


def _standing_context(request: HttpRequest, notice: Notice) -> dict[str, Any]:
    page = request.GET.get("page")
    return {
        "notice": notice,
        "standing": Standing(notice, member_of_staff(request), get_language() or MASTER, page=page),
        "is_author": notice.author_id == request.user.pk,
        "may_print": SimpleLazyObject(lambda: printable_by(request.user).filter(pk=notice.pk).exists()),
        "ticked": {number for text in request.GET.getlist("gezin") if (number := row_number(text)) is not None},
        "all_ticked": bool(request.GET.get("alle")),
        "round_url": _round_of(request, notice),
    }


def _round_of(request: HttpRequest, notice: Notice) -> str:
    """The page of the round that the notice invites to; "" for a CLB, for whom that page is not."""
    meetings = ConferenceRound.objects.visible_to(request.user).filter(pk=notice.conference_round_id or 0)
    if not notice.leads_to_times or not scope_of(request.user).roles & {*SCHOOL_TEAM} or not meetings.exists():
        return ""
    return reverse("conference_detail", args=[notice.conference_round_id])


def _brought(notice: Notice) -> QuerySet[Delivery]:
    """What parents have of a notice or will have: not what was taken back before anybody read it."""
    return Delivery.objects.filter(notice=notice).exclude(status=DeliveryStatus.CANCELLED, opened_at=None)


def _texts_of(notice: Notice) -> QuerySet[NoticeText]:
    used = _brought(notice).values("language")
    return NoticeText.objects.filter(notice=notice, language__in=used).order_by("language")


def _kinds_of(notice: Notice) -> list[dict[str, Any]]:
    """How many parents get each kind of text."""
    rows = _brought(notice).exclude(text_kind="").order_by("text_kind").values("text_kind")
    counted = rows.annotate(parents=Count("guardian", distinct=True))
    return [{"label": TextKind(row["text_kind"]).label, "parents": row["parents"]} for row in counted]


def _guardians_of(pupils: list[Pupil], user: object) -> QuerySet[Guardian]:
    """The guardians of these children today, as far as the user may see them."""
    running = Guardianship.objects.current().filter(pupil__in=pupils)
    return Guardian.objects.visible_to(user).filter(pk__in=running.values("guardian_id"))
