"""A notice that did not leave yet goes over to a colleague, who sends it or throws it away."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from messaging import audience
from messaging.models import Notice
from messaging.services.drafts import locked_unsent
from schools import audit, clock
from schools.models import User
from schools.models.pupils import PupilQuerySet
from schools.posts import works_for


def hand_notice(*, notice: Notice, to: User, by: User) -> None:
    """Its author is ``to`` from now on; one that waits for its hour goes on waiting. Raises ValidationError when it
    left meanwhile, and for somebody who could not send it."""
    with transaction.atomic():
        row = locked_unsent(notice)
        before, row.author = row.author_id, to
        at = clock.local_date(row.send_at) if row.is_scheduled and row.send_at else clock.today()
        may_not = audience.pupils_of(row).exclude(pk__in=PupilQuerySet.ids_visible(to)).exists()
        if may_not or not works_for(to.pk, row.school, at):
            words = _("%(name)s does not work with all these children at that hour. Choose somebody else.")
            raise ValidationError(words % {"name": to.full_name})
        row.save(update_fields=["author"])
        audit.record(actor=by, verb="handed over", target=row, school_id=row.school_id, before=before, to=to.pk)
