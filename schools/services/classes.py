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


@transaction.atomic
def drop_class(*, room: SchoolClass, by: User) -> None:
    """Take away a class that was made by mistake; twice is once. Raises ValidationError once a child, a post, a notice
    or anything else stands with it."""
    row = SchoolClass.objects.select_for_update(of=("self",)).filter(pk=room.pk).first()
    if row is None:
        return
    if is_used(row):
        raise ValidationError(_("Children, colleagues or notices stand with this class, or once did: it stays."))
    audit.record(actor=by, verb="removed a class", target=row, school_id=row.school_id)
    row.delete()


def is_used(room: SchoolClass) -> bool:
    """Whether any row names this class. One query for each kind of row."""
    named = (
        one
        for one in SchoolClass._meta.get_fields(include_hidden=True)
        if one.auto_created and (one.one_to_many or one.one_to_one)
    )
    return any(one.related_model._base_manager.filter(**{one.field.name: room}).exists() for one in named)  # type: ignore[union-attr]
