"""The states of a roster's upload. Nothing else writes ``RosterUpload.state``.

UPLOADED → READING → READY or REFUSED; READY → APPLYING → APPLIED. Another word about the columns leads back to
UPLOADED, a preview that no longer fits from APPLYING to READY, STOPPED begins anew. Each move is a conditional UPDATE,
checked by its row count.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from schools.models import RosterUpload, UploadState

_FROM: dict[str, tuple[str, ...]] = {
    UploadState.UPLOADED: (
        UploadState.UPLOADED,
        UploadState.READING,
        UploadState.READY,
        UploadState.REFUSED,
        UploadState.STOPPED,
    ),
    UploadState.READING: (UploadState.UPLOADED, UploadState.READING),
    UploadState.READY: (UploadState.READING, UploadState.APPLYING),
    UploadState.REFUSED: (UploadState.READING,),
    UploadState.APPLYING: (UploadState.READY,),
    UploadState.APPLIED: (UploadState.APPLYING,),
    UploadState.STOPPED: (
        UploadState.UPLOADED,
        UploadState.READING,
        UploadState.READY,
        UploadState.REFUSED,
        UploadState.APPLYING,
    ),
}
#: Fields of an upload at which nobody works.
FREE: dict[str, Any] = {"claim_token": None, "claimed_until": None}


def move(rows: QuerySet[RosterUpload], to: str, **fields: Any) -> bool:
    """Bring the one upload of ``rows`` to a state; False when it is in none that leads there, or not among them."""
    return bool(rows.filter(state__in=_FROM[to]).update(state=to, **fields))
