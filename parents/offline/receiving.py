"""A talk that comes back from a device: opened, and turned into what its form would have sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from parents.offline.sealing import CannotOpen, open_sealed
from schools import clock
from schools.arriving import row_number
from schools.models import User

#: Fields of a talk; a form of one has fewer than thirty.
MOST_FIELDS, LONGEST_FIELD = 80, 2000
#: Those that may come more than once.
SEVERAL = ("siblings", "guardians")
#: No talk takes longer; what says more does not know.
LONGEST_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class KeptTalk:
    """``pupil`` as the device names it, ``data`` what the form of a talk takes."""

    pupil: int
    data: QueryDict

    def typed(self) -> dict[str, Any]:
        """What the form of a talk shows of it when nobody sent it yet."""
        several = {name: self.data.getlist(name) for name in SEVERAL if name in self.data}
        return self.data.dict() | several


def take_up(sealed: Mapping[str, Any], client_id: UUID, user: User) -> KeptTalk:
    """The talk that a colleague kept on a device. Raises CannotOpen for what this server cannot read, or what somebody
    else kept."""
    talk = open_sealed(sealed, str(client_id))
    pupil = row_number(str(talk.get("pupil", "")))
    fields = talk.get("fields")
    if str(talk.get("user")) != str(user.pk) or pupil is None or not isinstance(fields, list):
        raise CannotOpen
    data = QueryDict(mutable=True)
    for name, value in _pairs(fields):
        data.appendlist(name, value)
    data["client_id"] = str(client_id)
    seconds = talk.get("seconds")
    if isinstance(seconds, int | float) and 0 <= seconds <= LONGEST_SECONDS:
        data["opened_at"] = str(clock.now().timestamp() - seconds)
    return KeptTalk(pupil, data)


def _pairs(fields: list[Any]) -> list[tuple[str, str]]:
    pairs = [(field[0], field[1]) for field in fields[:MOST_FIELDS] if isinstance(field, list) and len(field) == 2]
    return [
        (_whole(name), _whole(value[:LONGEST_FIELD]))
        for name, value in pairs
        if isinstance(name, str) and isinstance(value, str) and name != "csrfmiddlewaretoken"
    ]


def _whole(text: str) -> str:
    """Without halves of letters, which JSON can say and no database takes; a form would have replaced them too."""
    return text.encode(errors="replace").decode()
