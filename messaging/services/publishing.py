"""Sending a notice, once; taking it back; sending it again to one guardian."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from messaging import audience, outbox
from messaging.models import Delivery, Notice
from messaging.models.notices import AudienceKind, NoticeStatus
from messaging.services.writing import locked_draft, missing_variables
from messaging.ways import compiled
from schools import audit, clock
from schools.languages import language
from schools.models import User


def publish_notice(*, notice: Notice, by: User, dutch_instead_of_stale: bool = False) -> int:
    """Send a draft: freeze its audience, plan its deliveries, wake the worker. Returns how many were planned.

    Above settings.FAN_OUT_IN_REQUEST guardians only the decision is written here, and the number is that of the
    guardians who will be planned behind it. Raises ValidationError when it was sent already, misses a value, has
    nobody to go to, or a translation that somebody would read is older than the Dutch (unless the sender accepts that
    those people get the Dutch).
    """
    with transaction.atomic():
        notice = locked_draft(notice)
        _check(notice, dutch_instead_of_stale=dutch_instead_of_stale)
        _freeze_pupils(notice)
        notice.status, notice.published_at = NoticeStatus.PUBLISHING, clock.now()
        guardians = audience.guardians_of(notice).count()
        if not guardians:
            raise ValidationError(_("There is nobody to send this to: no child of this group has a known parent."))
        planned = guardians
        if guardians <= settings.FAN_OUT_IN_REQUEST:
            notice.save(update_fields=["status", "published_at"])
            planned = outbox.plan(notice)
            notice.status = NoticeStatus.PUBLISHED
        notice.save(update_fields=["status", "published_at"])
        audit.record(actor=by, verb="sent", target=notice, school_id=notice.school_id, deliveries=planned)
        outbox.ring()
    return planned


def cancel_notice(*, notice: Notice, by: User) -> int:
    """Stop what has not left yet; returns how many deliveries that was. What left, left."""
    with transaction.atomic():
        row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        if row.status not in (NoticeStatus.PUBLISHING, NoticeStatus.PUBLISHED):
            raise ValidationError(_("Only a notice that was sent can be taken back."))
        row.status = NoticeStatus.CANCELLED
        row.save(update_fields=["status"])
        stopped = outbox.cancel(row)
        audit.record(actor=by, verb="cancelled", target=row, school_id=row.school_id, deliveries=stopped)
    return stopped


def resend(*, delivery: Delivery, by: User) -> Delivery:
    """Send once more to one guardian, to the present address: the next round, the same notice."""
    if delivery.notice.status != NoticeStatus.PUBLISHED:
        raise ValidationError(_("This notice is not being sent any more."))
    with transaction.atomic():
        following = outbox.next_round(delivery)
        audit.record(actor=by, verb="resent", target=following, school_id=delivery.notice.school_id)
        outbox.ring()
    return following


def _check(notice: Notice, *, dutch_instead_of_stale: bool) -> None:
    missing = missing_variables(notice)
    if missing:
        raise ValidationError(
            _("Fill in these fields before you send: %(fields)s.") % {"fields": ", ".join(missing)}, code="missing"
        )
    stale = audience.stale_for_readers(notice)
    if stale and not dutch_instead_of_stale:
        raise ValidationError(
            _(
                "The Dutch text has changed since these translations were made: %(languages)s. Translate them again, "
                "or choose to send the Dutch text to these families."
            )
            % {"languages": ", ".join(language(code).own_name for code in stale)},
            code="stale",
        )


def _freeze_pupils(notice: Notice) -> None:
    """Keep who it was about, as enrolled today, set-wise."""
    if notice.audience == AudienceKind.PUPILS:
        return
    sql, params = compiled(audience.enrolments_of(notice).values("pupil_id", "school_class_id"))
    copy = f"""INSERT INTO messaging_noticepupil (notice_id, pupil_id, school_class_id)
      SELECT %s, pupil_id, school_class_id FROM ({sql}) enrolled WHERE 1 = 1 ON CONFLICT DO NOTHING"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(copy, [notice.pk, *params])
