from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from schools import audit
from schools.models import Assignment, User
from schools.workdays import WHOLE_WEEK


def set_working_days(*, assignment: Assignment, by: User, days: str) -> bool:
    """The days on which a colleague does this work; families read them. False when they were so already.

    Raises ValidationError for somebody else's assignment, and when no day is left.
    """
    if assignment.user_id != by.pk:
        raise ValidationError(_("You can only choose your own working days."))
    kept = "".join(digit for digit in WHOLE_WEEK if digit in days)
    if not kept:
        raise ValidationError(_("Choose at least one day."))
    with transaction.atomic():
        row = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
        if row.works_on == kept:
            return False
        row.works_on = kept
        row.save(update_fields=["works_on"])
        audit.record(actor=by, verb="chose working days", target=row, school_id=row.school_id)
    return True
