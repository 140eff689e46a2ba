"""A name or a date of birth that was written down wrongly is put right (GDPR art. 16)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from parents.models import Guardian
from schools import audit
from schools.models import Pupil, School, User


def rename_guardian(*, guardian: Guardian, first_name: str, last_name: str, school: School, by: User) -> bool:
    """False when it stands so already."""
    return _put_right(guardian, {"first_name": first_name, "last_name": last_name}, school, by)


def rename_pupil(
    *, pupil: Pupil, first_name: str, last_name: str, birth_date: date | None, school: School, by: User
) -> bool:
    """The same for a child, with its date of birth."""
    return _put_right(pupil, {"first_name": first_name, "last_name": last_name, "birth_date": birth_date}, school, by)


@transaction.atomic
def _put_right(person: Guardian | Pupil, wanted: dict[str, object], school: School, by: User) -> bool:
    row = type(person)._default_manager.select_for_update(of=("self",)).get(pk=person.pk)
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=[*changed])
    audit.record(actor=by, verb="put a name right", target=row, school_id=school.pk, fields=sorted(changed))
    return True
