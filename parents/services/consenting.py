"""Consent is given, withdrawn and kept as history; a guardian withdraws it at once on the own page."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import FOR_A_CHILD, Consent, ConsentPurpose, GivenHow, Guardian
from parents.services.visits import let_visits_go
from schools import audit, clock
from schools.models import Pupil, User


def give_consent(
    *,
    guardian: Guardian,
    purpose: str,
    how: str,
    by: User | None = None,
    child: Pupil | None = None,
    given_on: date | None = None,
    school_id: int | None = None,
) -> Consent:
    """Note that a guardian agrees; one that runs already stays as it is. ``by`` is None on the guardian's own page.

    Raises ValidationError without the child that the purpose is given for, and for a day to come.
    """
    day = given_on or clock.today()
    if (purpose in FOR_A_CHILD) != (child is not None):
        raise ValidationError(_("Say for which child this is."))
    if day > clock.today():
        raise ValidationError(_("A consent cannot be given in the future."))
    with transaction.atomic():
        consent, is_new = Consent.objects.get_or_create(
            guardian=guardian,
            purpose=purpose,
            child=child,
            withdrawn_on=None,
            defaults={"given_on": day, "given_how": GivenHow.OWN_PAGE if by is None else how, "recorded_by": by},
        )
        if is_new:
            _write_down("gave consent", consent, by, school_id)
    return consent


def withdraw_consent(*, consent: Consent, by: User | None = None, school_id: int | None = None) -> bool:
    """End it today; False when it was withdrawn before. What was done with it stays lawful, nothing more is done: a
    visit at home that was planned with an interpreter falls."""
    with transaction.atomic():
        running = Consent.objects.running().filter(pk=consent.pk)
        ended = running.update(withdrawn_on=clock.today(), withdrawn_noted_by=by)
        if ended:
            _write_down("withdrew consent", consent, by, school_id)
            if consent.purpose == ConsentPurpose.HOME_VISIT:
                let_visits_go(guardian=consent.guardian, by=by)
    return bool(ended)


def _write_down(verb: str, consent: Consent, by: User | None, school_id: int | None) -> None:
    if by is None:
        audit.record_by_guardian(guardian_id=consent.guardian_id, verb=verb, target=consent, purpose=consent.purpose)
    else:
        audit.record(actor=by, verb=verb, target=consent, school_id=school_id, purpose=consent.purpose)
