"""What a CLB tells the school: only with the consent of the parents, item by item (domain 6.1, 6.2)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parents.models import Consent, ConsentPurpose, ContactMoment, Visibility
from schools import audit
from schools.models import User
from schools.scope import scope_of


def share_with_school(*, moment: ContactMoment, by: User) -> None:
    """Let the care team of the school read the factual line of a CLB's contact. The log keeps which consents it rests
    on. Raises PermissionDenied outside the owning centre, and ValidationError without a running consent for each
    child of a guardian who decides about it, and for a line that was taken back."""
    if moment.centre_id not in scope_of(by).note_centres:
        raise PermissionDenied
    pupils = set(moment.pupils.values_list("pk", flat=True))
    consents = Consent.objects.holding(pupils).filter(purpose=ConsentPurpose.CLB_TO_SCHOOL, child_id__in=pupils)
    ground = list(consents.order_by("pk").values_list("pk", "child_id"))
    if {child for _consent, child in ground} != pupils:
        raise ValidationError(_("First ask a parent of each child for consent, and note it on the family's page."))
    consents_used = [consent for consent, _child in ground]
    with transaction.atomic():
        row = ContactMoment.objects.select_for_update(of=("self",)).get(pk=moment.pk)
        if row.withdrawn_at is not None:
            raise ValidationError(_("This contact was taken back already."))
        if row.visibility != Visibility.CLB:
            return  # a second press
        row.visibility = Visibility.SCHOOL_CARE
        row.save(update_fields=["visibility"])
        audit.record(actor=by, verb="shared with school", target=row, school_id=row.school_id, consents=consents_used)
