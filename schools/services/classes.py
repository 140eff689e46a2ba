"""A class of a school, made or put right without a list."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from schools import audit
from schools.models import School, SchoolClass, SchoolYear, User


def keep_class(
    *, school: School, year: SchoolYear, name: str, level: str, by: User, room: SchoolClass | None = None
) -> SchoolClass:
    """A new class of a year, or other words for ``room``. Raises ValidationError when another one has the name."""
    verb = "made a class" if room is None else "changed a class"
    with transaction.atomic():
        if year.pk is None:
            year.save(force_insert=True)
        row = room or SchoolClass(school=school, year=year)
        others = SchoolClass.objects.filter(school=school, year=year).exclude(pk=row.pk or 0)
        if others.filter(name__iexact=name).exists():
            raise ValidationError(_("There is a class of this name already."))
        row.name, row.level = name, level
        try:
            with transaction.atomic():
                row.save(update_fields=["name", "level"] if room else None)  # a list may write the rest meanwhile
        except IntegrityError as error:
            raise ValidationError(_("There is a class of this name already.")) from error
        audit.record(actor=by, verb=verb, target=row, school_id=school.pk, level=level)
    return row
