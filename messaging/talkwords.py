"""What parents are told about talks at school outside a notice: day, hour and how, in their language, without a name of
a child; and to a place where others read along only that the school has a message (rulings 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import formats
from messaging.direct import Words, send_directly
from messaging.models import OptOut
from parents.access import points_of
from parents.bookings import is_called, is_visited
from parents.forms_booking import elsewhere
from parents.models import Channel, ConferenceSlot, ContactPoint, Guardian, MeetingWay, PointKind
from parents.signin import Reachable
from schools import clock
from schools.languages import Language
from schools.models import School
from schools.roster.contacts import written_phone


def tell(
    guardian: Guardian, words: Words, school: School, *, about: str, is_needed: bool = False, leads_on: bool = True
) -> bool:
    """Told at the first of the contact points (``points_to_tell``) at which it works. Whether it left. Without
    ``leads_on`` the portal shows nothing of it (the child left): who reads at a shared place is told to call."""
    entry = guardian.reads
    neutral = words_for_others(school, entry, reverse("portal_bookings") if leads_on else "")
    own = replace(words, subject=neutral.subject)  # a subject is read over a shoulder: no day and hour in it
    return any(
        send_directly(Reachable(point.kind, point.value), own if is_own(point) else neutral, entry)
        for point in points_to_tell(guardian, about=about, is_needed=is_needed)
    )


def points_to_tell(guardian: Guardian, *, about: str = "", is_needed: bool = False) -> list[ContactPoint]:
    """Those of the kind that the parent prefers first, else mail before a text message. A way that the parent refused
    for this purpose (``messaging.refusable``) or for everything is left out; for what is needed, for else somebody
    comes for nothing or waits in vain, it comes last."""
    wished = PointKind.PHONE if guardian.preferred_channel == Channel.SMS else PointKind.EMAIL
    points = sorted(points_of(guardian), key=lambda point: point.kind != wished)
    said = OptOut.objects.filter(guardian=guardian, category__in=["", about])
    refused = {PointKind.PHONE if way == Channel.SMS else way for way in said.values_list("channel", flat=True)}
    others = [point for point in points if point.kind in refused and is_needed]
    return [*(point for point in points if point.kind not in refused), *others]


def is_own(point: ContactPoint) -> bool:
    """Nobody else reads there, as far as the school knows; as for notices (messaging.rendering)."""
    if ContactPoint.objects.read_by_others([point.pk]):
        return False
    return point.kind == PointKind.PHONE or point.verified_on is not None


def facts_of(school: School, starts_at: datetime, code: str) -> dict[str, str]:
    """The school, its phone, and day and hour of a talk, as a language writes them."""
    at = starts_at.astimezone(clock.BRUSSELS)
    return {
        **_names_of(school, code),
        "day": formats.isolated(formats.long_day(at.date(), code, with_year=False), code),
        "hour": formats.isolated(formats.hour(f"{at:%H:%M}", code), code),
    }


def _names_of(school: School, code: str) -> dict[str, str]:
    return {
        "school": formats.isolated(formats.plain(school.name), code),
        "phone": formats.isolated(written_phone(school.phone), code) if school.phone else "",
    }


def how_of(slot: ConferenceSlot, guardian: Guardian) -> str:
    """Where the talk is, or how, to this parent; in the language that is active."""
    host = slot.hour.host if slot.hour else None
    if slot.way == MeetingWay.PHONE:
        return _("The teacher calls you.") if is_called(slot, guardian) else _("The talk is by phone.")
    if slot.way == MeetingWay.HOME:
        return _("The teacher comes to your home.") if is_visited(slot, guardian) else elsewhere(slot)
    if slot.way == MeetingWay.VIDEO:
        return _("The talk is by video.") + (f" {host.video_url}" if host and host.video_url else "")
    school = slot.round.school
    place = host.room if host and host.room else f"{school.street}, {school.city}"
    return _("Place: %(place)s.") % {"place": formats.isolated(formats.plain(place), guardian.reads.code)}


def words_for_others(school: School, entry: Language, path: str) -> Words:
    """That the school has a message; what it is stands behind the sign-in, at ``path``, or where there is none, the
    school says it by phone."""
    with translation.override(entry.interface):
        facts = _names_of(school, entry.code)
        what = _("%(school)s has a message for you.") % facts
        if not path:
            return as_words(what, entry, more=[ask_school(facts)])
        return as_words(what, entry, how=_("See it here:"), path=path)


def ask_school(facts: Mapping[str, str]) -> str:
    """Whom to call, in the language that is active; nothing where the school's number is not known."""
    return _("Questions? Call %(school)s: %(phone)s") % facts if facts["phone"] else ""


def as_words(
    what: str,
    entry: Language,
    *,
    how: str = "",
    more: Sequence[str] = (),
    in_mails: Sequence[str] = (),
    in_texts: Sequence[str] = (),
    path: str = "",
) -> Words:
    """``how`` stands before the link in a mail, to the parent's own talks if no ``path`` is given; without it there is
    no link. ``in_mails`` are lines for which a text message, paid by its length, has no room; ``in_texts`` stand before
    the link there."""
    url = f"{settings.SITE_URL}{path or reverse('portal_bookings')}" if how else ""
    short = [line for line in more if line]
    lines = [*short, *(line for line in in_mails if line)]
    context = {"what": what, "more": lines, "how": how, "url": url, "language": entry}
    return Words(
        subject=what.replace(formats.ISOLATE, "").replace(formats.POP, ""),
        text="\n".join([what, *lines, *filter(None, [how, url])]),
        html=render_to_string("emails/replied.html", context),
        sms=" ".join([what, *short, *in_texts, *filter(None, [url])]),
    )
