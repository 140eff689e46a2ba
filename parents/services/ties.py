"""What an adult is to a child changes, or is over: after a court's decision, or because it was written down wrongly."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import Guardian, Guardianship
from schools import audit, clock
from schools.days import full_day
from schools.models import Pupil, School, User

_ONE_DAY = timedelta(days=1)


@transaction.atomic
def change_tie(
    *, pupil: Pupil, guardian: Guardian, relation: str, authority: str, seen_on: date | None, school: School, by: User
) -> bool:
    """Write down the relation and, from today on, the authority; what held until yesterday stays as it was. A list of
    the school leaves alone an authority of which somebody saw the paper, ``seen_on`` (domain 4.5: never the judgment
    itself). False when nothing changes. Raises ValidationError without such a day for another authority."""
    tie = _locked(pupil, guardian)
    is_other = authority != tie.authority
    if not is_other and relation == tie.relation and seen_on in (None, tie.basis_seen_on):
        return False
    if is_other and seen_on is None:
        raise ValidationError({"seen_on": _("Write down when somebody of the school saw the paper that says so.")})
    if is_other and tie.starts_on < clock.today():
        tie = _from_today(tie)
    tie.relation = relation
    if is_other:
        tie.give(authority)
    if seen_on is not None:
        tie.basis_seen_by, tie.basis_seen_on = by, seen_on
    tie.save()
    audit.record(
        actor=by, verb="changed a tie", target=guardian, school_id=school.pk, pupil=pupil.pk, authority=tie.authority
    )
    return True


@transaction.atomic
def end_tie(*, pupil: Pupil, guardian: Guardian, last_day: date, school: School, by: User) -> None:
    """The adult answers for the child until and including a day. Raises ValidationError for a day that cannot be it,
    for the last one who is told of the child, and for who has no rights on a paper that was seen: a list would bring
    that adult back with all of them."""
    tie = _locked(pupil, guardian)
    if tie.bars_rights:
        raise ValidationError(
            _("Leave it so: this person learns nothing of the child, and no list changes that. Ended, a list would.")
        )
    if last_day < tie.starts_on:
        raise ValidationError(
            {"last_day": _("Here since %(day)s: the last day cannot be before it.") % {"day": full_day(tie.starts_on)}}
        )
    told = Guardianship.objects.current().filter(pupil=pupil, information_right=True, ends_on=None)
    if tie.information_right and not told.exclude(guardian=guardian).exists():
        raise ValidationError(_("Nobody else is told of this child. Add another adult first."))
    tie.ends_on = last_day
    tie.save(update_fields=["ends_on"])
    audit.record(
        actor=by,
        verb="ended a tie",
        target=guardian,
        school_id=school.pk,
        pupil=pupil.pk,
        last_day=last_day.isoformat(),
    )


def _locked(pupil: Pupil, guardian: Guardian) -> Guardianship:
    Pupil.objects.select_for_update(of=("self",)).get(pk=pupil.pk)
    tie = Guardianship.objects.current().filter(pupil=pupil, guardian=guardian).first()
    if tie is None:
        raise ValidationError(_("This adult does not answer for the child any more."))
    return tie


def _from_today(tie: Guardianship) -> Guardianship:
    """A tie of today's rights after the one of before, which ended yesterday."""
    until = tie.ends_on
    tie.ends_on = clock.today() - _ONE_DAY
    tie.save(update_fields=["ends_on"])
    tie.pk = None
    tie._state.adding = True
    tie.starts_on, tie.ends_on = clock.today(), until
    return tie
