"""Deciding a request about data: what the guardians' rows need, and what was sent and written too."""

from __future__ import annotations

from django.db import transaction

from messaging.services.erasing import erase_guardian, erase_pupil
from parents.models import ContactMoment, DataRequest, Decision, RequestKind
from parents.services.datarequests import settle_request
from schools.models import User


@transaction.atomic
def decide_request(
    *, request: DataRequest, by: User, decision: str, reason: str, moment: ContactMoment | None = None
) -> None:
    """Decide with a reason, and do it. Raises ValidationError when it was decided before, or when what is asked for
    may not be done: then nothing is decided."""
    settle_request(request=request, by=by, decision=decision, reason=reason, moment=moment)
    if request.kind == RequestKind.ERASE and decision != Decision.REFUSED:
        if request.child is not None:
            erase_pupil(pupil=request.child, by=by)
        else:
            erase_guardian(guardian=request.guardian, by=by, school=request.school, centre=request.centre)
