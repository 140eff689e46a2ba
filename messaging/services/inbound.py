"""Text messages of parents: a word that stops what was texted last, one that undoes it, or something that people of
the school read.

Nothing is lost: each message is a row before anything else is done with it, and the gateway's number of it makes a
repeat harmless. On a phone that several people use nobody is presumed to be anybody.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import translation

from messaging.models import Channel, Delivery, InboundOutcome, InboundText, Thread
from messaging.refusable import purpose_key, started, stopped
from messaging.services.answering import child_of, mark_opened
from messaging.services.refusing import get_texts_again, refuse
from messaging.services.threads import LONGEST_POST, ask_question, write_back
from messaging.stopwords import is_start, is_stop
from parents.access import children_of
from parents.models import ContactPoint, FollowUpKind, Guardian, PointKind
from parents.ownwords import CALL_ABOUT_TEXT, kept
from parents.services import open_follow_up
from parents.services.contacts import family_of
from parents.signin import Reachable, guardians_at
from schools import clock
from schools.languages import Language
from schools.models import Enrolment, Holiday, Pupil
from schools.posts import class_teachers, owner_for
from schools.roster.contacts import written_phone

logger = logging.getLogger(__name__)

#: A text message belongs to the last notice of this time.
BELONGS_WITHIN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is texted back, once."""

    to: Reachable
    text: str
    language: Language


def receive_text(*, gateway_id: str, number: Reachable, text: str, may_ask: bool = True) -> Reply | None:
    """Take in one text message; returns what to answer. A message that came before changes nothing and gets no answer.

    ``may_ask`` is False for a phone that sends too much: then the message is kept, and no task is made of it.
    """
    with transaction.atomic():
        row, is_new = InboundText.objects.get_or_create(
            gateway_id=gateway_id, defaults={"number": number.value, "text": text, "received_at": clock.now()}
        )
        if not is_new:
            return None
        people = list(guardians_at(number))
        last = _last_texted(number, people)
        if is_stop(text):
            return _stop(row, number, people, last)
        told = [person for person in people if not person.gets_nothing]
        if is_start(text) and get_texts_again(guardians=told):
            return _start(row, number, told, last)
        if may_ask:
            try:
                with transaction.atomic():
                    _pass_on(row, number, people, last)
            except ValidationError:  # the child belongs to no family yet: it is kept
                logger.warning("Text message %s could not be passed on; it is kept", row.pk)
    return None


def _last_texted(number: Reachable, people: list[Guardian]) -> Delivery | None:
    """The newest notice that was texted to who uses this number today. Where nobody does, to who used it before: what
    somebody was told at a number that is another's by now says nothing of this one."""
    points = ContactPoint.objects.filter(kind=PointKind.PHONE, value=number.value)
    rows = Delivery.objects.filter(
        contact_point__in=points.values("pk"),
        channel=Channel.SMS,
        sent_at__gte=clock.now() - BELONGS_WITHIN,
    )
    if people:
        rows = rows.filter(guardian__in=people)
    return rows.select_related("notice__template", "notice__school", "guardian").order_by("-sent_at", "-pk").first()


def _stop(row: InboundText, number: Reachable, people: list[Guardian], last: Delivery | None) -> Reply | None:
    """Everybody at this number gets no more text messages about what was texted last, or none where nothing was."""
    category = purpose_key(last.notice) if last else ""
    refuse(guardians=people, channel=Channel.SMS, category=category, told=last)
    InboundText.objects.filter(pk=row.pk).update(outcome=InboundOutcome.STOPPED)
    if not people and last is None:
        return None
    entry = (last.guardian if last else people[0]).reads
    points = ContactPoint.objects.usable().filter(kind=number.kind, value=number.value)
    others_read = ContactPoint.objects.read_by_others(list(points.values_list("pk", flat=True)))
    is_told = not last or not (others_read or last.notice.is_confidential)
    with translation.override(entry.interface):
        text = stopped(category, is_told=is_told)
    return Reply(number, text, entry)


def _start(row: InboundText, number: Reachable, people: list[Guardian], last: Delivery | None) -> Reply:
    """Everybody at this number gets text messages again, and hears it."""
    InboundText.objects.filter(pk=row.pk).update(outcome=InboundOutcome.STARTED)
    entry = (last.guardian if last else people[0]).reads
    with translation.override(entry.interface):
        text = started()
    return Reply(number, text, entry)


def _pass_on(row: InboundText, number: Reachable, people: list[Guardian], last: Delivery | None) -> None:
    """A question of the one person who uses this number, else the bare fact for the school."""
    shared = ContactPoint.objects.usable().filter(kind=PointKind.PHONE, value=number.value, is_shared=True)
    is_one_person = len(people) == 1 and not shared.exists()
    if is_one_person and row.text.strip() and _ask(row, people[0], last):
        return
    _tell_school(row, number, people, last)


def _ask(row: InboundText, guardian: Guardian, last: Delivery | None) -> bool:
    """A question in the conversation about the notice that was texted last, or else in the last one with the school of
    today; False where no child can be named."""
    to_them = last if last and last.guardian_id == guardian.pk else None
    pupil = child_of(to_them) if to_them else _at_school(guardian)
    if pupil is None:
        return False
    notice, text = to_them.notice if to_them else None, row.text.strip()[:LONGEST_POST]
    threads = Thread.objects.filter(guardian=guardian, notice=notice)
    if notice is None:
        threads = threads.filter(_still_at_that_school(), pupil__in=children_of(guardian))
    thread = threads.order_by("-pk").first()
    if thread is None:
        thread = ask_question(
            guardian=guardian, pupil=pupil, notice=notice, text=text, language=guardian.contact_language
        )
    else:
        write_back(thread=thread, guardian=guardian, text=text, language=guardian.contact_language)
    if to_them:
        mark_opened(to_them)
    InboundText.objects.filter(pk=row.pk).update(outcome=InboundOutcome.ASKED, thread=thread)
    return True


def _tell_school(row: InboundText, number: Reachable, people: list[Guardian], last: Delivery | None) -> None:
    """A call to make, without saying what was written: nobody knows by whom. It is about the child of what was texted
    last where that is at a school still, else about one of these people's. Where no family is behind the number, the
    message is kept and that is all."""
    pupils = [child_of(last) if last else None, *map(_at_school, people)]
    places = Enrolment.objects.current().select_related("school", "pupil")
    place = next((found for pupil in pupils if pupil and (found := places.filter(pupil=pupil).first())), None)
    if place is None:
        return
    pupil, school = place.pupil, place.school
    follow_up = open_follow_up(
        by=None,
        family=family_of([pupil], clock.today()),
        school=school,
        what=kept(CALL_ABOUT_TEXT, number=written_phone(number.value)),
        due_on=Holiday.objects.calendar(school).add_school_days(clock.today(), 1),
        kind=FollowUpKind.CALL,
        owner_id=class_teachers([pupil.pk], school.pk).get(pupil.pk)
        or owner_for(last.notice.author_id if last else None, pupil.pk, school),
        pupil=pupil,
    )
    InboundText.objects.filter(pk=row.pk).update(outcome=InboundOutcome.FOLLOW_UP, follow_up=follow_up)


def _still_at_that_school() -> Exists:
    """The child a conversation is about is at its school today: a school it left reads nothing new."""
    return Exists(Enrolment.objects.current().filter(pupil_id=OuterRef("pupil_id"), school_id=OuterRef("school_id")))


def _at_school(guardian: Guardian) -> Pupil | None:
    """The first child of this guardian that is at a school of the portal today: a brother who left has no school."""
    here = Enrolment.objects.current().values("pupil_id")
    return children_of(guardian).filter(pk__in=here).order_by("pk").first()
