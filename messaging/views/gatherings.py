"""One gathering as colleagues see it: who comes, and the notices with which it was announced."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from messaging import services
from messaging.models import Notice
from messaging.services.announcing import about
from messaging.titles import with_titles
from parents.gatheringlists import comers_of
from parents.models import Gathering
from parents.services.gatherings import may_reopen
from parents.views.gatherings import ORGANISERS
from schools import audit
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.scope import scope_of

#: Who brings parents together and writes to them.
ANNOUNCERS = tuple(role for role in ORGANISERS if role in FAMILY_WORKERS)
MOST_NOTICES = 10


@staff_required(*ORGANISERS)
@require_safe
def gathering_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who comes, in which languages, how it was announced, and what is to be done next."""
    rows = Gathering.objects.select_related("school", "partner", "method")
    row = get_visible_or_404(rows, request.user, pk=pk)
    comers = comers_of(row, request.user)
    audit.record_reading(actor=request.user, verb="listed", target=row, school_id=row.school_id, pairs=comers.pairs())
    context = {
        "gathering": row,
        "comers": comers,
        "may_edit": Gathering.objects.editable_by(request.user).filter(pk=pk).exists(),
        "may_reopen": may_reopen(row) and not _was_written_of(row),
        "may_announce": bool(set(ANNOUNCERS) & scope_of(request.user).roles),
        "families": row.attendances.standing().count(),
        "notices": with_titles(Notice.objects.visible_to(request.user).filter(pk__in=about(row).values("pk")))[
            :MOST_NOTICES
        ],
    }
    return render(request, "messaging/gathering_detail.html", context)


def _was_written_of(gathering: Gathering) -> bool:
    """Whether a notice about it left after it was cancelled: it says just that."""
    rows = Notice.objects.ever_sent().filter(pk__in=about(gathering).values("pk"))
    return rows.filter(published_at__gt=gathering.cancelled_at).exists()


@staff_required(*ANNOUNCERS)
@require_POST
def gathering_announce(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with what is known of the gathering; its author says to whom and sends it."""
    row = get_visible_or_404(Gathering.objects, request.user, pk=pk)
    try:
        notice = services.announce_gathering(gathering=row, by=member_of_staff(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("gathering_detail", pk=pk)
    return redirect("notice_edit", pk=notice.pk)
