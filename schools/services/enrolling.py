"""A child leaves a school, stays after all, or goes to another class: a place ends and begins, and none is taken away
but one that began by mistake, or in a class that the child would go to after its last day."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from schools import audit, clock
from schools.models import Enrolment, Pupil, School, SchoolClass, User

_ONE_DAY = timedelta(days=1)


def let_leave(*, pupil: Pupil, school: School, last_day: date, by: User) -> Enrolment:
    """The last day of a child at a school, also instead of one that was said before. What is planned stops as after a
    list without the child. Raises ValidationError for a day that cannot be it."""
    with transaction.atomic():
        places = _places(pupil, school)
        standing = [place for place in places if not place.is_stopped] or places
        last = standing[-1]
        began = next((place for place in standing if place.ends_on is None or place.ends_on >= last_day), last)
        if last_day < began.starts_on:
            raise ValidationError(
                _("The child came on %(day)s: the last day cannot be before it.")
                % {"day": date_format(began.starts_on, "j F Y")}
            )
        if last_day > last.school_class.year.last_day:
            raise ValidationError(_("This day is after the school year. Leave it open until then."))
        places = _without_change_after(last_day, began, places)
        last = [place for place in standing if place in places][-1]
        for place in places:
            if place.ends_on is None or place.ends_on > last_day or place is last:
                _set(place, ends_on=max(last_day, place.starts_on))
        audit.record(
            actor=by,
            verb="let a child leave",
            target=pupil,
            school_id=school.pk,
            enrolment=last.pk,
            last_day=last_day.isoformat(),
        )
    return last


def keep_after_all(*, pupil: Pupil, school: School, by: User) -> Enrolment:
    """Take a last day back, and with it what was planned for the next school year and stopped. Raises ValidationError
    after the school year, and when another school has the child."""
    with transaction.atomic():
        *before, last = _places(pupil, school)
        if last.school_class.year.last_day < clock.today():
            raise ValidationError(_("That school year is over. Add the child anew, with a first school day."))
        if before and last.starts_on > clock.today():
            _set(before[-1], ends_on=last.starts_on - _ONE_DAY)
        _set(last, ends_on=None)
        audit.record(actor=by, verb="took a leaving back", target=pupil, school_id=school.pk, enrolment=last.pk)
    return last


def change_class(*, pupil: Pupil, to: SchoolClass, first_day: date, by: User) -> Enrolment:
    """Let a child be in another class of the same school and year from a day on. On the very first day of a place it is
    that place that is put right. Once the school went into its next year there is a place in both: the class says which
    one it is about. Raises ValidationError for a day or class that cannot be it."""
    with transaction.atomic():
        of_year = [place for place in _places(pupil, to.school) if place.school_class.year_id == to.year_id]
        if not of_year:
            raise ValidationError(_("Choose a class of the same school year."))
        last = of_year[-1]
        if first_day < last.starts_on:
            raise ValidationError(
                _("The child is in class %(class)s from %(day)s on. Choose that day or a later one.")
                % {"class": last.school_class.name, "day": date_format(last.starts_on, "j F Y")}
            )
        if first_day > to.year.ends_on or (last.ends_on is not None and first_day > last.ends_on):
            raise ValidationError(_("The child is not at school on that day any more. Choose an earlier one."))
        if last.school_class_id == to.pk:
            raise ValidationError(_("The child is in this class already."))
        if first_day == last.starts_on:
            place = _put_right(of_year, to)
        else:
            until = last.ends_on
            _set(last, ends_on=first_day - _ONE_DAY)
            place = Enrolment(pupil=pupil, school=to.school, school_class=to)
            _set(place, starts_on=first_day, ends_on=until)
        audit.record(
            actor=by,
            verb="moved a child to another class",
            target=pupil,
            school_id=to.school_id,
            school_class=to.pk,
            first_day=first_day.isoformat(),
        )
    return place


def _put_right(places: list[Enrolment], to: SchoolClass) -> Enrolment:
    """The last of these places is in that class since its first day. In the class of the day before there was no change
    at all: the place there goes on."""
    *earlier, last = places
    before = earlier[-1] if earlier else None
    if before is None or before.school_class_id != to.pk or before.ends_on != last.starts_on - _ONE_DAY:
        _set(last, school_class=to)
        return last
    last.delete()
    _set(before, ends_on=last.ends_on)
    return before


def _places(pupil: Pupil, school: School) -> list[Enrolment]:
    """The child's places at the school that can be put right, the last one last; nobody changes them meanwhile."""
    Pupil.objects.select_for_update(of=("self",)).get(pk=pupil.pk)
    rows = Enrolment.objects.to_put_right().filter(pupil=pupil, school=school)
    found = list(rows.select_related("school_class__year").order_by("starts_on", "pk"))
    if not found:
        raise ValidationError(_("This child is not at your school any more."))
    return found


def _without_change_after(last_day: date, began: Enrolment, places: list[Enrolment]) -> list[Enrolment]:
    """The places but those in another class of the year that begin after the last day: the child goes to none of them.
    Raises ValidationError when it sits there already."""
    later = [
        one for one in places if one.starts_on > last_day and one.school_class.year_id == began.school_class.year_id
    ]
    for place in later:
        if place.starts_on <= clock.today():
            raise ValidationError(
                _("The child is in class %(class)s from %(day)s on. Choose that day or a later one.")
                % {"class": place.school_class.name, "day": date_format(place.starts_on, "j F Y")}
            )
    left = [place for place in places if place not in later]
    for place in later:
        place.delete()
    return left


def _set(place: Enrolment, **fields: object) -> None:
    for name, value in fields.items():
        setattr(place, name, value)
    try:
        with transaction.atomic():
            place.save(update_fields=[*fields] if place.pk else None)
    except IntegrityError as error:
        raise ValidationError(
            _("The child has another place in these days, perhaps at another school. Look there first.")
        ) from error
