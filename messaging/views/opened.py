"""The two doors to one notice, and the page behind either; what a parent does there is in ``acts``.

A token opens one delivery; a signed-in guardian opens the own ones. The pages and their buttons are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from messaging import tokens
from messaging.attachments import AttachmentLine, lines_of
from messaging.forms_parents import QuestionForm
from messaging.mailbox import deliveries_for, newer_of, thread_about, waits_for_answer
from messaging.models import Attachment, Channel, Delivery, Notice, NoticeStatus, Recording
from messaging.noticepage import NoticePage, page_of
from messaging.questionnaires import standing_of
from messaging.readers import asks_families, shared_points
from messaging.recordings import Voice, own_first, voices_of
from messaging.rendering import Renderer
from messaging.sendable import sendable_texts
from messaging.services.answering import is_explained, waits_for_explanation
from parents.access import guardian_of, say_what_was_lost
from parents.bookings import RoundPage, rounds_for
from parents.gatherings import Invitation, gatherings_of, invitations_for
from parents.models import ContactPoint, ContactPointUse, Gathering, ReadingMode
from parents.roster.contactpoints import NOT_ON_LIST
from schools import clock, pagelanguage
from schools.languages import MASTER, language

#: Deliveries at shared contact points whose second fact this session knows, and until when: the phone is others' too.
PROVEN = "notices_proven_until"
_PROVEN_KEPT = 20
#: Drawings beside answers, by the keys of the templates; an unknown answer has words only.
PICTOGRAMS = {
    "yes": "yes",
    "come": "yes",
    "coming": "yes",
    "join": "yes",
    "ok": "yes",
    "done": "yes",
    "read": "yes",
    "will_bring": "yes",
    "will_pay": "money",
    "instalments": "money",
    "no": "no",
    "yes_interpreter": "interpreter",
    "interpreter": "interpreter",
    "other_day": "other-day",
    "call_me": "phone",
    "at_school": "school",
    "question": "question",
    "maybe": "question",
    "more_info": "question",
    "help": "help",
    "need_help": "help",
    "talk": "meeting",
    "ill": "ill",
    "late": "clock",
    "someone_else": "family",
    "childcare": "child",
    "has_card": "library",
    "no_card": "no",
}

#: Answers that are half a question: the page asks what it is.
ASKING = frozenset({"question", "more_info"})

View = Callable[..., HttpResponseBase]


class SeeOther(HttpResponseRedirect):
    """After a POST: go on with a GET."""

    status_code = 303


def by_token(view: View) -> View:
    """Opens a view to whoever holds the link of a delivery, in that guardian's language; a friendly 404 to others.

    On a shared contact point nothing is opened before the second fact. The page is the guardian's, nobody signs in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        delivery = living(token)
        if delivery is None:
            return gone(request)
        speak_to(request, delivery)
        if needs_second_fact(request, delivery):
            say_what_was_lost(request)
            return SeeOther(reverse("token_second_fact", args=[token]))
        return view(request, delivery, token=token, **kwargs)

    return guarded


def speak_to(request: HttpRequest, delivery: Delivery) -> None:
    """The page in the language that was chosen on it, else in that of the guardian; so too the pages it leads to."""
    pagelanguage.activate_for(request, pagelanguage.chosen(request) or delivery.guardian.page_language)
    pagelanguage.lead_on(request)


def living(token: str) -> Delivery | None:
    """The delivery of a token whose guardian may still be informed about a child of the notice, and still uses the
    number or address it went to."""
    delivery = tokens.delivery_of(token)
    if delivery is None or not deliveries_for(delivery.guardian).filter(_still_theirs(), pk=delivery.pk).exists():
        return None
    return delivery


def _still_theirs() -> Q:
    """What a list of the school leaves out is a stranger's now, or the other parent's alone. What only failed (a full
    mailbox) is not: the phone is the same."""
    usable = ContactPoint.objects.usable()
    same = ContactPointUse.objects.filter(
        guardian_id=OuterRef("guardian_id"),
        contact_point__in=usable,
        contact_point__kind=OuterRef("contact_point__kind"),
        contact_point__value=OuterRef("contact_point__value"),
    )
    works_or_was_left_out = Q(contact_point__in=usable) | Q(contact_point__ended_because=NOT_ON_LIST)
    by_hand = Q(contact_point=None) | ~Q(channel__in=[Channel.EMAIL, Channel.SMS])
    return by_hand | ~works_or_was_left_out | Q(Exists(same))


def gone(request: HttpRequest) -> HttpResponse:
    """The same words for a link that is wrong, too old or taken back; to who is signed in, in their own language."""
    reader = guardian_of(request)
    own = reader.page_language if reader else pagelanguage.from_browser(request)
    pagelanguage.activate_for(request, pagelanguage.chosen(request) or own)
    return render(request, "messaging/parents/gone.html", {"is_signed_in": reader is not None}, status=404)


def is_shared(delivery: Delivery) -> bool:
    """Whether others than this guardian read what arrives at the contact point."""
    return bool(shared_points([delivery]))


def needs_second_fact(request: HttpRequest, delivery: Delivery) -> bool:
    if not is_shared(delivery) or is_proven(request, delivery):
        return False
    guardian = guardian_of(request)
    return guardian is None or guardian.pk != delivery.guardian_id


def is_proven(request: HttpRequest, delivery: Delivery) -> bool:
    """Whether this session said the second fact for the delivery, no longer ago than a parent stays signed in."""
    until = dict(request.session.get(PROVEN, [])).get(delivery.pk, "")
    return bool(until) and clock.now() < datetime.fromisoformat(until)


def remember_proof(request: HttpRequest, delivery: Delivery) -> None:
    """For this delivery and this session only."""
    until = clock.now() + timedelta(hours=settings.GUARDIAN_SESSION_HOURS)
    request.session[PROVEN] = [*request.session.get(PROVEN, []), [delivery.pk, until.isoformat()]][-_PROVEN_KEPT:]


def notice_context(
    request: HttpRequest,
    delivery: Delivery,
    address: Callable[[Delivery], str],
    refused: QuestionForm | None = None,
) -> dict[str, Any]:
    """What the component of a notice shows, in the page's language where the notice has it, else in Dutch. ``address``
    is that of another delivery to the same guardian, behind the same door; ``refused`` is a question not taken."""
    page = page_in(delivery, request.page_language)  # type: ignore[attr-defined]
    newer = newer_of(delivery)
    is_stopped = delivery.notice.status == NoticeStatus.CANCELLED
    is_left = bool(page.answers) and not waits_for_answer(delivery)
    asks_by_tap = not delivery.notice.leads_to_times and (page.given_answer or not (is_stopped or is_left))
    return {
        "page": page,
        "newer": newer,
        "newer_url": address(newer) if newer else "",
        "delivery": delivery,
        "school": delivery.notice.school,
        "school_name": delivery.notice.school.name,
        "slots": {slot.key: slot.html for slot in page.slots},
        "answers": [
            {"key": choice.key, "label": choice.label, "pictogram": PICTOGRAMS.get(choice.key, "")}
            for choice in (page.answers if asks_by_tap else ())
        ],
        "is_stopped": is_stopped,
        "is_left": is_left and not is_stopped,
        "is_closed": not delivery.notice.takes_answers,
        "wants_to_ask": page.given_answer in ASKING and not _has_asked(delivery),
        "asks_family": asks_families(delivery.notice),
        "translated_note": _translated_note(page),
        "form": refused or QuestionForm(),
        **_meetings_of(delivery),
        **_gathering_of(delivery),
        "is_explained": is_explained(delivery),
        "waits_for_call": delivery.not_understood_at is not None and waits_for_explanation(delivery),
        "questions": standing_of(delivery),
        "is_by_ear": delivery.guardian.is_by_ear,
        "is_easy": delivery.guardian.reading_mode != ReadingMode.TEXT or delivery.guardian.is_by_ear,
    }


def _has_asked(delivery: Delivery) -> bool:
    return thread_about(guardian=delivery.guardian, notice=delivery.notice) is not None


def announced(notice: Notice) -> Gathering | None:
    """The gathering for which one signs up by the notice; one that is written to who came names it otherwise."""
    return notice.gathering if notice.is_invitation else None


def _gathering_of(delivery: Delivery) -> dict[str, Invitation]:
    """The gathering that the notice announces, as this guardian sees it."""
    gathering = announced(delivery.notice)
    if gathering is None:
        return {}
    found = invitations_for(delivery.guardian, gatherings_of(delivery.guardian).filter(pk=gathering.pk))
    return {"invitation": found[0]} if found else {}


def _meetings_of(delivery: Delivery) -> dict[str, RoundPage]:
    """The meetings to which the notice invites this guardian, where a time can be chosen."""
    if not delivery.notice.leads_to_times:
        return {}
    found = rounds_for(delivery.guardian, delivery.notice.conference_round)
    return {"meetings": found[0]} if found else {}


def files_of(request: HttpRequest, delivery: Delivery, url: Callable[[Attachment], str]) -> list[AttachmentLine]:
    """The files of the notice in the words of the page; ``url`` is where one opens behind the same door."""
    code: str = request.page_language  # type: ignore[attr-defined]
    return lines_of(delivery.notice.attachments.all(), url, code)


def voices_for(request: HttpRequest, delivery: Delivery, url: Callable[[Recording], str]) -> dict[str, list[Voice]]:
    """The notice read aloud: in the reader's languages, and in others; ``url`` is behind the same door."""
    code: str = request.page_language  # type: ignore[attr-defined]
    voices = voices_of(delivery.notice.recordings.all(), url)
    own, others = own_first(voices, delivery.guardian.contact_language, code)
    return {"voices": own, "other_voices": others}


def _translated_note(page: NoticePage) -> str:
    """That this is a translation, in the reader's language and in Dutch."""
    if page.dutch is None:
        return ""
    with translation.override(MASTER):
        dutch = _("Translated from Dutch.")
    own = _("Translated from Dutch.")
    if page.text.is_by_machine:
        by_machine = _("A translation machine made it.")
        own = f"{own} {by_machine}"
    if page.text.is_draft:
        unread = _("Not yet checked by a native speaker.")
        own = f"{own} {unread}"
    if translation.get_language() == MASTER:
        return own
    return format_html('{} <bdi lang="nl-BE">{}</bdi>', own, dutch)


def page_in(delivery: Delivery, code: str) -> NoticePage:
    """The notice as its guardian sees it, in another language than it was sent in; a text that may not be sent reads
    as Dutch."""
    texts = {text.language: text for text in delivery.notice.texts.all()}
    reader = Renderer([delivery]).reader(delivery, opens_page=True)
    reader.language = language(code).text
    reader.wanted = reader.language
    return page_of(delivery.notice, sendable_texts(texts.values(), delivery.notice), reader, known=texts)
