"""Word of a lasting change, to the places where the guardian was known before it (rulings 6), and to a new place.

Somebody with a guardian's code may change that guardian's language or way. The guardian then hears of it in the
language of before, at every contact point, and knows whom to call. No name: others may read at a shared point.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import formats
from messaging.direct import Words, send_directly
from messaging.services.untold import ask_to_tell
from parents.access import children_of, points_of
from parents.models import Guardian
from parents.signin import Reachable
from schools import languages
from schools.limits import Limit
from schools.models import Enrolment, School
from schools.roster.contacts import written_phone

#: Who changes to and fro all day does not fill the other's phone.
CHANGES_OF_GUARDIAN = Limit("announced changes of a guardian", 10, 3600)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is to be said and where, read before the change so that it goes to the old places in the old language."""

    guardian: Guardian
    contacts: tuple[Reachable, ...]
    language: languages.Language
    school: School

    def send(self) -> None:
        """Say it everywhere; where nothing leaves, because no server takes it, somebody of the school is asked to."""
        words = _words(self.school, self.language)
        left = [send_directly(contact, words, self.language) for contact in self.contacts]
        if not any(left):
            ask_to_tell(self.guardian, self.school)


def announcement_for(guardian: Guardian, *, by: School | None = None) -> Announcement | None:
    """The announcement of a change that is about to be made, ``by`` a school or by the guardian; None where there is no
    school or nobody to tell."""
    school = _school_of(guardian)
    contacts = tuple(dict.fromkeys(Reachable(point.kind, point.value) for point in points_of(guardian)))
    if school is None or not contacts or not CHANGES_OF_GUARDIAN.spend(str(guardian.pk)):
        return None
    return Announcement(guardian, contacts, guardian.reads, by or school)


def announce_new_contact(
    announcement: Announcement | None, contact: Reachable, guardian: Guardian, school: School
) -> None:
    """The old places hear of the change; the new one is asked to show that it works, with a code."""
    if announcement:
        announcement.send()
    entry = guardian.reads
    address = f"{settings.SITE_URL}{reverse('guardian_sign_in')}"
    with translation.override(entry.interface):
        what = _("From now on %(school)s writes to you here.") % {"school": _isolated(school.name, entry)}
        ask = _("Show that you read this, with a code:")
    send_directly(contact, _as_words(what, ask, entry, address), entry)


def announce_told_contact(
    sender: type[Guardian], *, guardian: Guardian, contact: Reachable, school: School, **_facts: object
) -> None:
    """What somebody told in a talk is said where the guardian was known before, once it is noted: who spoke may not
    have been the guardian. Nothing for what is known already, and to who may not be told anything."""
    known = points_of(guardian).filter(kind=contact.kind, value=contact.value)
    if known.exists() or not children_of(guardian).exists():
        return
    announcement = announcement_for(guardian, by=school)
    transaction.on_commit(partial(announce_new_contact, announcement, contact, guardian, school))


def _school_of(guardian: Guardian) -> School | None:
    """The school of the guardian's children; the oldest enrolment's where they go to several."""
    places = Enrolment.objects.current().filter(pupil_id__in=children_of(guardian).values("pk"))
    first = places.select_related("school").order_by("starts_on", "pk").first()
    return first.school if first else None


def _words(school: School, entry: languages.Language) -> Words:
    """The words of one announcement, in the language ``entry``."""
    phone = written_phone(school.phone)
    with translation.override(entry.interface):
        what = _("Something was changed for you at %(school)s.") % {"school": _isolated(school.name, entry)}
        call = _("Was it not you? Call the school.")
        if phone:
            call = _("Was it not you? Call %(phone)s.") % {"phone": _isolated(phone, entry)}
    return _as_words(what, call, entry)


def _isolated(text: str, entry: languages.Language) -> str:
    return formats.isolated(formats.plain(text), entry.code)


def _as_words(what: str, more: str, entry: languages.Language, address: str = "") -> Words:
    """Two sentences, the first of them the subject, and perhaps a link."""
    said = f"{more} {address}".strip()
    return Words(
        subject=what.replace(formats.ISOLATE, "").replace(formats.POP, ""),
        text=f"{what}\n{said}",
        html=render_to_string(
            "emails/changed.html", {"what": what, "more": more, "address": address, "language": entry}
        ),
        sms=f"{what} {said}",
    )
