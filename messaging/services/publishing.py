"""Sending a notice, once: now, or by itself when its hour has come. Sending it again to one guardian."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import override

from messaging import audience, outbox, questionnaires, quiet
from messaging.models import Notice, NoticeKind, NoticePupil
from messaging.models.notices import AudienceKind, NoticeStatus
from messaging.plainness import findings_of
from messaging.services.drafts import locked_draft
from messaging.services.languages import refuse_waiting, refuse_without_language, waited_for
from messaging.services.translators import end_requests
from messaging.services.voice_files import refuse_outdated
from messaging.texts import has_no_words, missing_variables
from messaging.ways import compiled
from schools import audit, clock
from schools.days import full_day
from schools.languages import MASTER
from schools.models import User
from schools.models.pupils import PupilQuerySet
from schools.posts import works_for

logger = logging.getLogger(__name__)


def publish_notice(*, notice: Notice, by: User, is_due: bool = False) -> int:
    """Send a draft, or a scheduled notice before its hour: freeze its audience, texts, files and voices, ask nobody for
    a translation any more, plan its deliveries, wake the worker. Returns how many were planned.

    Above settings.FAN_OUT_IN_REQUEST guardians only the decision is written here, and the number is that of the
    guardians who will be planned behind it. One that waits for translations leaves without them when it ``is_due``.
    Raises ValidationError when it was sent already, and for what ``refuse_unready`` and ``refuse_nobody`` refuse.
    """
    with transaction.atomic():
        row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        if row.status != NoticeStatus.SCHEDULED:
            row = locked_draft(notice)
        refuse_unready(row, by)
        if not is_due:
            refuse_waiting(row)
        _freeze_pupils(row)
        row.plain_findings = findings_of(row)
        row.texts.update(is_frozen=True)
        row.attachments.update(is_frozen=True)
        row.recordings.update(is_frozen=True)
        end_requests(row)
        row.status, row.published_at = NoticeStatus.PUBLISHING, clock.now()
        guardians = refuse_nobody(row)
        planned = guardians
        if guardians <= settings.FAN_OUT_IN_REQUEST:
            row.save(update_fields=["status", "published_at", "plain_findings"])
            planned = outbox.plan(row)
            row.status = NoticeStatus.PUBLISHED
        row.save(update_fields=["status", "published_at", "plain_findings"])
        if row.corrects is not None:
            questionnaires.passes_on(row.corrects, row)
        why = {"urgent_reason": row.urgent_reason} if row.kind == NoticeKind.DRINGEND else {}
        audit.record(actor=by, verb="sent", target=row, school_id=row.school_id, deliveries=planned, **why)
        outbox.ring()
    return planned


def schedule_notice(*, notice: Notice, by: User) -> datetime:
    """Let a draft leave at its ``send_at``, or, where it waits for translations, when they are in, at the latest at its
    ``wait_until``; nobody changes it until then. Raises ValidationError as publishing does."""
    with transaction.atomic():
        row = locked_draft(notice)
        row.earliest_at = None  # it may have waited before, and been held back
        if waited_for(row):
            row.earliest_at, row.send_at = row.send_at or clock.now(), row.wait_until
        if row.send_at is None or row.send_at <= clock.now():
            raise ValidationError(_("Choose an hour that is still to come, or send the notice now."))
        _refuse_leaving_late(row, row.send_at)
        if not works_for(by.pk, row.school, clock.local_date(row.send_at)):
            raise ValidationError(_("By then you do not work for this school any more. Choose an earlier hour."))
        _refuse_other_year(row, row.send_at)
        refuse_unready(row, by)
        refuse_nobody(row)
        row.status = NoticeStatus.SCHEDULED
        row.save(update_fields=["status", "send_at", "earliest_at"])
        audit.record(actor=by, verb="scheduled", target=row, school_id=row.school_id, send_at=row.send_at.isoformat())
    return row.send_at


def unschedule_notice(*, notice: Notice, by: User | None, is_wished: bool = True) -> None:
    """Back to draft before its hour has come; the draft keeps that hour, not the last moment of waiting for
    translations. Where nobody wished just that (not ``is_wished``) its author hears, when the hour passes, that it did
    not leave. Raises ValidationError when it left meanwhile."""
    with transaction.atomic():
        row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        if row.status != NoticeStatus.SCHEDULED:
            raise ValidationError(_("This notice does not wait any more."))
        hour = row.earliest_at or row.send_at
        row.send_at = hour if hour and hour > clock.now() else None
        row.status, row.earliest_at = NoticeStatus.DRAFT, row.send_at if is_wished else None
        row.save(update_fields=["status", "send_at", "earliest_at"])
        audit.record(actor=by, verb="unscheduled", target=row, school_id=row.school_id)


def publish_due() -> int:
    """Send every scheduled notice whose hour has come; returns how many left. Any number of these may run at once.

    One that cannot leave (its class is empty, its author no longer works there) goes back to its author as a draft that
    still names its hour: the pages say that it did not leave.
    """
    left, failed = 0, set[int]()
    while True:
        with transaction.atomic(), override(MASTER):
            due = Notice.objects.filter(status=NoticeStatus.SCHEDULED, send_at__lte=clock.now()).exclude(pk__in=failed)
            locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("author")
            row = locked.order_by("send_at", "pk").first()
            if row is None:
                return left
            try:
                with transaction.atomic():
                    publish_notice(notice=row, by=row.author, is_due=True)
                left += 1
            except ValidationError as refusal:
                _hold(row, str(getattr(refusal, "code", "") or ""))
            except Exception:
                logger.exception("Scheduled notice %s could not leave; it waits", row.pk)
                failed.add(row.pk)


def _hold(row: Notice, reason: str) -> None:
    Notice.objects.filter(pk=row.pk).update(status=NoticeStatus.DRAFT, earliest_at=None)
    audit.record(actor=row.author, verb="held", target=row, school_id=row.school_id, reason=reason)


def refuse_unready(notice: Notice, by: User) -> None:
    """Raise ValidationError for a draft that misses its words, a value or, being urgent, its reason; whose last day to
    answer, or the day that it tells of, has passed, or will have passed when quiet hours let it leave; that announces
    a gathering that does not go on so; that goes to somebody whom ``by`` may not address; that has no text to send in
    a language and no choice of the sender instead; or a recording older than the words it reads."""
    missing = missing_variables(notice)
    if missing:
        raise ValidationError(
            _("Fill in these fields before you send: %(fields)s.") % {"fields": ", ".join(missing)}, code="missing"
        )
    if notice.kind == NoticeKind.DRINGEND and not notice.urgent_reason.strip():
        raise ValidationError(_("Write why this notice is urgent and cannot wait."), code="urgent_reason")
    _refuse_past(notice)
    _refuse_held(notice)
    if audience.pupils_of(notice).exclude(pk__in=PupilQuerySet.ids_visible(by)).exists():
        raise ValidationError(
            _("This notice goes to children with whom you do not work any more. Choose to whom it goes again."),
            code="not_addressed",
        )
    _refuse_gathering(notice)
    if has_no_words(notice):
        raise ValidationError(_("Nothing is written on this sheet yet. Write the Dutch text first."), code="words")
    refuse_without_language(notice)
    refuse_outdated(notice)


def _refuse_past(notice: Notice) -> None:
    if notice.last_day is not None and notice.last_day < clock.today():
        raise ValidationError(
            _("The last day to answer has passed: nobody could answer any more. Choose another day."), code="last_day"
        )
    if notice.looks_ahead_to is not None and notice.looks_ahead_to < clock.today():
        raise ValidationError(_("The day that it tells of has passed. Choose another day."), code="day")


def _refuse_held(notice: Notice) -> None:
    """What is sent on Friday evening leaves on Monday: it does not tell then of Saturday."""
    is_later = notice.send_at is not None and notice.send_at > clock.now()
    moment = notice.send_at if is_later else None
    opens = quiet.opens_at(moment, notice.kind, notice.school_id) if moment else quiet.leaves_at(notice)
    leaves = clock.local_date(opens)
    facts = {"day": full_day(leaves)}
    if notice.last_day is not None and notice.last_day < leaves:
        words = _(
            "In quiet hours and on free days nothing leaves: this would leave on %(day)s only, when the last day to "
            "answer has passed. Choose another day, or make it urgent."
        )
        raise ValidationError(words % facts, code="last_day")
    if notice.looks_ahead_to is not None and notice.looks_ahead_to < leaves:
        words = _(
            "In quiet hours and on free days nothing leaves: this would leave on %(day)s only, when the day that it "
            "tells of has passed. Choose another day, or make it urgent."
        )
        raise ValidationError(words % facts, code="day")


def _refuse_leaving_late(notice: Notice, moment: datetime) -> None:
    """It may wait for an hour or for translations, but not for longer than what it says holds."""
    leaves = clock.local_date(moment)
    if notice.last_day is not None and notice.last_day < leaves:
        raise ValidationError(_("By then the last day to answer has passed. Let it leave earlier."))
    if notice.looks_ahead_to is not None and notice.looks_ahead_to < leaves:
        raise ValidationError(_("By then the day that it tells of has passed. Let it leave earlier."))


def _refuse_other_year(notice: Notice, moment: datetime) -> None:
    """A class of this year is nobody's in the next: the check names children whom it would not reach."""
    room = notice.school_class if notice.audience == AudienceKind.CLASS else None
    if room is not None and room.year.last_day < clock.local_date(moment):
        words = _(
            "By then the school year of class %(name)s is over and its children are in other classes. Let it leave "
            "earlier, or write it once the new school year has begun."
        )
        raise ValidationError(words % {"name": room.name})


def _refuse_gathering(notice: Notice) -> None:
    """What announces a gathering does not leave as it was written before that was cancelled or moved. Looked at and
    saved again it does: perhaps it tells just that."""
    row = notice.gathering
    written = notice.saved_at or notice.created_at
    if row is None or not notice.is_invitation:
        return
    if row.cancelled_at is not None and row.cancelled_at > written:
        raise ValidationError(
            _("This gathering is cancelled. Write that, or throw this notice away."), code="gathering"
        )
    if row.changed_at is None or row.changed_at <= written:
        return
    starts = row.starts_at.astimezone(clock.BRUSSELS)
    facts = {"date": starts.date().isoformat(), "time": f"{starts:%H:%M}"}
    if any(notice.values.get(name, fact) != fact for name, fact in facts.items()):
        words = _("The gathering was moved after this was written. Put day and hour right first.")
        raise ValidationError(words, code="gathering")


def refuse_nobody(notice: Notice) -> int:
    """How many guardians a notice goes to; raises ValidationError for none."""
    guardians = audience.guardians_of(notice).count()
    if not guardians:
        raise ValidationError(
            _("There is nobody to send this to: no child of this group has a known parent."), code="nobody"
        )
    return guardians


def _freeze_pupils(notice: Notice) -> None:
    """Keep who it was about, as enrolled today, set-wise."""
    meant = audience.enrolments_of(notice)
    if notice.audience == AudienceKind.PUPILS:
        chosen = NoticePupil.objects.filter(notice=notice)
        chosen.exclude(pupil_id__in=meant.values("pupil_id")).delete()
        room = meant.filter(pupil_id=OuterRef("pupil_id")).order_by().values("school_class_id")[:1]
        chosen.update(school_class_id=Subquery(room))
        return
    sql, params = compiled(meant.values("pupil_id", "school_class_id"))
    copy = f"""INSERT INTO messaging_noticepupil (notice_id, pupil_id, school_class_id)
      SELECT %s, pupil_id, school_class_id FROM ({sql}) enrolled WHERE 1 = 1 ON CONFLICT DO NOTHING"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(copy, [notice.pk, *params])
