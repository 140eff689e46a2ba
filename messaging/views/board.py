"""What a colleague does for families that a notice did not reach or who did not answer, and what is taken along."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from messaging.models import Channel, Notice
from messaging.services import is_taken_back, remind, send_round, take_calls, undo_round
from messaging.services.rounds import Planned
from schools.access import FAMILY_WORKERS, get_visible_or_404, member_of_staff, staff_required
from schools.arriving import row_number
from schools.models import User

#: What the buttons of the list say, and the way that each means ("" is the way tried last).
WAYS = {"opnieuw": "", "sms": Channel.SMS, "brief": Channel.LETTER, "bel": Channel.CALL}
TAKE = "neem"
#: A round can be taken back this long, as far as it has not left.
UNDO_FOR = timedelta(minutes=10)
_SALT = "messaging.round"


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap for the chosen families, or for all that need a person: send again, another way, take the calls."""
    notice = get_visible_or_404(Notice.objects.ever_sent().select_related("school", "template"), request.user, pk=pk)
    families = _chosen(request)
    act = request.POST.get("act", "")
    if families is not None and not families:
        messages.warning(request, _("Choose families first, or tick all of them."))
    elif act == TAKE:
        _take(request, notice, families)
    elif act in WAYS:
        return _send(request, notice, families, WAYS[act])
    return redirect(_list_of(pk))


@staff_required(*FAMILY_WORKERS)
@require_POST
def notice_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: a reminder to those who did not answer."""
    notice = get_visible_or_404(Notice.objects.ever_sent().select_related("school", "template"), request.user, pk=pk)
    try:
        planned = remind(notice=notice, by=member_of_staff(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect(f"{reverse('notice_detail', args=[pk])}#antwoorden")
    if not planned.deliveries:
        messages.info(request, _("Nobody to remind now: everybody answered, or got it less than a school day ago."))
        return redirect(f"{reverse('notice_detail', args=[pk])}#antwoorden")
    return redirect(_with_undo(pk, planned))


@staff_required(*FAMILY_WORKERS)
@require_POST
def round_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a round back, as far as it has not left."""
    notice = get_visible_or_404(Notice.objects.ever_sent(), request.user, pk=pk)
    moment = _moment_of(request.POST.get("ronde", ""), pk)
    if moment is None:
        messages.warning(request, _("This can no longer be undone."))
    elif stopped := undo_round(notice=notice, by=member_of_staff(request), moment=moment):
        words = ngettext("Taken back: %(number)d.", "Taken back: %(number)d.", stopped)
        messages.success(request, words % {"number": stopped})
    elif is_taken_back(notice=notice, moment=moment):  # pressed twice
        messages.info(request, _("This was taken back already."))
    else:
        messages.warning(request, _("Nothing could be taken back: it has left already."))
    return redirect("notice_detail", pk)


def undo_of(request: HttpRequest, notice: Notice) -> dict[str, Any] | None:
    """What the page says after a round, with the button that takes it back."""
    token = request.GET.get("ronde", "")
    planned = row_number(request.GET.get("n", ""))
    if not planned or _moment_of(token, notice.pk) is None:
        return None
    words = ngettext("%(number)d notice goes out once more.", "%(number)d notices go out once more.", planned)
    return {"text": words % {"number": planned}, "token": token}


def _chosen(request: HttpRequest) -> list[int] | None:
    """The ticked families; None for all of them."""
    if request.POST.get("alle"):
        return None
    numbers = (row_number(text) for text in request.POST.getlist("gezin"))
    return [number for number in numbers if number is not None]


def _send(request: HttpRequest, notice: Notice, families: list[int] | None, channel: str) -> HttpResponse:
    by: User = member_of_staff(request)
    try:
        planned = send_round(notice=notice, by=by, families=families, channel=channel)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect(_list_of(notice.pk))
    if not planned.deliveries:
        messages.warning(
            request, _("Nothing could be sent: no working address or number for this way, or it waits already.")
        )
        return redirect(_list_of(notice.pk))
    return redirect(_with_undo(notice.pk, planned))


def _take(request: HttpRequest, notice: Notice, families: list[int] | None) -> None:
    taken = take_calls(notice=notice, by=member_of_staff(request), families=families)
    if not taken:
        messages.info(request, _("There are no open calls of colleagues for these families."))
        return
    words = ngettext(
        "%(number)d call is yours now. Your colleagues see your name.",
        "%(number)d calls are yours now. Your colleagues see your name.",
        taken,
    )
    messages.success(request, words % {"number": taken})


def _with_undo(pk: int, planned: Planned) -> str:
    token = signing.dumps([pk, planned.moment.isoformat()], salt=_SALT)
    query = urlencode({"ronde": token, "n": planned.deliveries})
    return f"{reverse('notice_detail', args=[pk])}?{query}"


def _moment_of(token: str, pk: int) -> datetime | None:
    """The moment of a round that may still be taken back; None for an old, forged or other notice's token."""
    try:
        notice, moment = signing.loads(token, salt=_SALT, max_age=UNDO_FOR)
    except (signing.BadSignature, ValueError):
        return None
    return datetime.fromisoformat(moment) if notice == pk else None


def _list_of(pk: int) -> str:
    return f"{reverse('notice_detail', args=[pk])}#niet-bereikt"
