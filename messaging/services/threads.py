"""Questions and replies: a conversation between one guardian and the school."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging.hearing import unheard
from messaging.models import Notice, Thread, ThreadPost
from messaging.outbox import ring
from messaging.services.post_translations import translate_post
from parents.models import ContactKind, Guardian, Initiative, Outcome, Purpose
from parents.services import log_contact_moment
from parents.services.contacts import family_of
from schools import audit, clock
from schools.models import Assignment, Enrolment, Pupil, Role, School, User
from schools.twice import SAME_WORDS

LONGEST_POST = 2000


def ask_question(*, guardian: Guardian, pupil: Pupil, notice: Notice | None, text: str, language: str) -> Thread:
    """A guardian asks the school something, about a child and perhaps a notice. Sent twice it is one question."""
    now = clock.now()
    with transaction.atomic():
        Guardian.objects.select_for_update(of=("self",), no_key=True).get(pk=guardian.pk)
        if asked := _asked_just_now(guardian, pupil, notice, text):
            return asked
        thread = Thread.objects.create(
            school=notice.school if notice else _school_of(pupil),
            family=family_of([pupil], clock.today()),
            guardian=guardian,
            pupil=pupil,
            notice=notice,
            asked_by_family=True,
            asked_at=now,
            asked_on=clock.today(),
            waits_on=clock.today(),
            assigned_to=_first_owner(pupil, notice),
        )
        _post(thread, text, language, by_guardian=guardian)
        audit.record_by_guardian(guardian_id=guardian.pk, verb="asked", target=thread)
    return thread


def write_back(*, thread: Thread, guardian: Guardian, text: str, language: str) -> ThreadPost:
    """A guardian goes on in the own conversation, which opens it again. Raises ValidationError in somebody else's."""
    if thread.guardian_id != guardian.pk:
        raise ValidationError(_("This is not your conversation."))
    with transaction.atomic():
        row = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
        if row.is_waiting and (sent := _sent_just_now(row, text, by_guardian=guardian)):
            return sent
        post = _post(row, text, language, by_guardian=guardian)
        row.waits_on, row.closed_at = row.waits_on or clock.today(), None
        row.save(update_fields=["waits_on", "closed_at"])
        _log_once(row, None)
        audit.record_by_guardian(guardian_id=guardian.pk, verb="wrote", target=thread)
    return post


def reply(*, thread: Thread, by: User, text: str, translation: str = "", seen: int | None = None) -> ThreadPost:
    """The school replies; the first reply's school-local day counts (I13). Both sides heard is a contact moment.

    Nothing waits any more but what the family wrote after ``seen``, the last contribution that stood on the page of who
    replies; who replies to what was nobody's takes it on. The family gets word behind the request.
    Raises ValidationError where the parent may not be told any more: it would count as a contact and be none.
    """
    with transaction.atomic():
        row = Thread.objects.select_for_update(of=("self",)).select_related("guardian").get(pk=thread.pk)
        if (why := unheard(row)) and why.is_barred:
            raise ValidationError(why.words)
        if sent := _sent_just_now(row, text, by_user=by):
            _translate(sent, row, by, translation)  # perhaps that was what was added
            return sent
        unseen = row.first_unseen(seen)
        post = _post(row, text, by.language, by_user=by)
        if row.first_reply_at is None:
            row.first_reply_at, row.first_reply_on = clock.now(), clock.today()
        row.waits_on, row.closed_at = clock.local_date(unseen.written_at) if unseen else None, None
        if Thread.objects.nobodys().filter(pk=row.pk).exists():
            row.assigned_to = by
        row.save(update_fields=["first_reply_at", "first_reply_on", "waits_on", "closed_at", "assigned_to"])
        _translate(post, row, by, translation)
        _log_once(row, by)
        audit.record(actor=by, verb="replied", target=row, school_id=row.school_id)
        ring("messaging.tasks.tell_replies")
    return post


def _translate(post: ThreadPost, thread: Thread, by: User, translation: str) -> None:
    if translation.strip():
        translate_post(post=post, by=by, text=translation, language=thread.guardian.reads.text)


def _post(thread: Thread, text: str, language: str, **writer: object) -> ThreadPost:
    words = text.strip()
    if not words:
        raise ValidationError(_("Write something first."))
    if len(words) > LONGEST_POST:
        raise ValidationError(_("This is too long: use at most %(number)d characters.") % {"number": LONGEST_POST})
    return ThreadPost.objects.create(thread=thread, text=words, language=language, written_at=clock.now(), **writer)


def _sent_just_now(thread: Thread, text: str, **writer: Guardian | User) -> ThreadPost | None:
    """The last post, when it is this one already: a form sent twice, or once more after the back button."""
    last = ThreadPost.objects.filter(thread=thread).order_by("-pk").first()
    if last is None or any(getattr(last, f"{name}_id") != person.pk for name, person in writer.items()):
        return None
    return last if last.text == text.strip() and clock.now() - last.written_at < SAME_WORDS else None


def _asked_just_now(guardian: Guardian, pupil: Pupil, notice: Notice | None, text: str) -> Thread | None:
    """The last conversation about the same, when it waits and this question is its last word."""
    same = Thread.objects.filter(guardian=guardian, pupil=pupil, notice=notice, asked_by_family=True)
    last = same.order_by("-pk").first()
    return last if last and last.is_waiting and _sent_just_now(last, text, by_guardian=guardian) else None


def _log_once(thread: Thread, by: User | None) -> None:
    """One contact moment for each conversation in which both sides wrote."""
    if thread.contact_moment_id or thread.pupil is None:
        return
    posts = list(thread.posts.select_related("by_user"))
    author = by or next((post.by_user for post in posts if post.by_user), None)
    if author is None or not any(post.by_guardian_id for post in posts):
        return
    thread.contact_moment = log_contact_moment(
        author=author,
        school=thread.school,
        pupils=[thread.pupil],
        kind=ContactKind.MESSAGE,
        outcome=Outcome.REACHED_AGREED,
        held_on=clock.today(),
        guardians=[thread.guardian],
        initiative=Initiative.FAMILY if thread.asked_by_family else Initiative.TEACHER,
        purpose=Purpose.QUESTION,
        language_used=thread.guardian.contact_language,
    )
    thread.save(update_fields=["contact_moment"])


def _first_owner(pupil: Pupil, notice: Notice | None) -> User | None:
    """Whose question it is at first: the sender's who teaches this child, else the only class teacher's. Else nobody's:
    the whole team sees it."""
    rooms = Enrolment.objects.current().filter(pupil=pupil).values("school_class_id")
    posts = Assignment.objects.current().filter(role=Role.TEACHER, school_class_id__in=rooms).select_related("user")
    teachers = {row.user_id: row.user for row in posts if row.user.is_active}
    if notice is not None and notice.author_id in teachers:
        return teachers[notice.author_id]
    return next(iter(teachers.values())) if len(teachers) == 1 else None


def _school_of(pupil: Pupil) -> School:
    """The school where the child is today. Raises ValidationError for a child in none."""
    enrolment = Enrolment.objects.current().filter(pupil=pupil).select_related("school").first()
    if enrolment is None:
        raise ValidationError(_("This child is not at a school of this portal now."))
    return enrolment.school
