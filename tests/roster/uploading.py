from __future__ import annotations

from schools.models import RosterUpload, School, User
from schools.roster.uploads import bring_in
from tests.roster.lists import file_of


def bring(school: School, by: User, content: bytes | None = None, name: str = "leerlingen.csv") -> RosterUpload:
    return bring_in(school=school, by=by, name=name, content=content if content is not None else file_of())
