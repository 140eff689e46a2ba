"""To whom a notice goes, once it was chosen.

A group is written as ``class:12``, ``school:3``, ``level:3:L2``, ``family:7:3``, ``gathering:5``, ``round:4``,
``unreached:81`` or ``unanswered:81``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from messaging.models import Notice, NoticePupil
from messaging.models.notices import AudienceKind
from parents.models import ConferenceRound, Family, Gathering
from schools.models import Pupil, School, SchoolClass


@dataclass(frozen=True, slots=True)
class Selection:
    """To whom a notice goes. ``school_class`` is also known of a smaller group that lies in one class."""

    kind: str
    school: School
    school_class: SchoolClass | None = None
    level: str = ""
    family: Family | None = None
    gathering: Gathering | None = None
    conference_round: ConferenceRound | None = None
    earlier: Notice | None = None
    pupils: tuple[Pupil, ...] = ()
    contact_languages: tuple[str, ...] = field(default=())

    @classmethod
    def of_place(
        cls, school: School, school_class: SchoolClass | None = None, pupils: Iterable[Pupil] | None = None
    ) -> Selection:
        """Chosen pupils, or a class, or with neither the whole school."""
        if pupils is not None:
            return cls(AudienceKind.PUPILS, school, school_class, pupils=tuple(pupils))
        return cls(AudienceKind.CLASS if school_class else AudienceKind.SCHOOL, school, school_class)

    @classmethod
    def of(cls, notice: Notice) -> Selection:
        """The group a notice was written to."""
        picked: Iterable[Pupil] = ()
        if notice.audience == AudienceKind.PUPILS:
            picked = Pupil.objects.filter(pk__in=NoticePupil.objects.filter(notice=notice).values("pupil_id"))
        return cls(
            kind=notice.audience,
            school=notice.school,
            school_class=notice.school_class,
            level=notice.level,
            family=notice.family,
            gathering=notice.gathering,
            conference_round=notice.conference_round,
            earlier=notice.earlier,
            pupils=tuple(picked),
            contact_languages=tuple(notice.contact_languages),
        )

    def columns(self) -> dict[str, Any]:
        """The columns of a notice."""
        return {
            "audience": self.kind,
            "school": self.school,
            "school_class": self.school_class,
            "level": self.level,
            "family": self.family,
            "gathering": self.gathering,
            "conference_round": self.conference_round,
            "earlier": self.earlier,
            "contact_languages": list(self.contact_languages),
        }


def group_of(notice: Notice) -> str:
    """The group of a notice as a form writes it; of chosen pupils the class or school they were chosen from."""
    match notice.audience:
        case AudienceKind.LEVEL:
            return f"level:{notice.school_id}:{notice.level}"
        case AudienceKind.PUPILS if notice.level:
            return f"level:{notice.school_id}:{notice.level}"
        case AudienceKind.FAMILY:
            return f"family:{notice.family_id}:{notice.school_id}"
        case AudienceKind.GATHERING:
            return f"gathering:{notice.gathering_id}"
        case AudienceKind.ROUND:
            return f"round:{notice.conference_round_id}"
        case AudienceKind.UNREACHED | AudienceKind.UNANSWERED:
            return f"{notice.audience.lower()}:{notice.earlier_id}"
    return f"class:{notice.school_class_id}" if notice.school_class_id else f"school:{notice.school_id}"
