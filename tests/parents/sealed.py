"""A note that one CLB alone may read."""

from __future__ import annotations

from parents import sealing
from parents.models import CLBNote
from parents.services import write_clb_note
from tests.cast import Cast


def sealed_note(cast: Cast, text: str) -> CLBNote:
    """Of the VCLB, about the talk at the gate, by the joint worker; every centre has its key."""
    for centre in cast.centres.values():
        sealing.make_key(centre)
    return write_clb_note(
        contact_moment=cast.moments["gate"], centre=cast.centres["vclb"], text=text, author=cast.staff["joint"]
    )
