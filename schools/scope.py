"""Which places a person's running assignments open. Here, and only here, an Assignment becomes "which rows"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schools.models import Assignment, User

_WHOLE_SCHOOL = frozenset({"HEAD", "CARE_COORDINATOR", "LIAISON", "OFFICE"})
_CARE = frozenset({"HEAD", "CARE_COORDINATOR", "LIAISON"})
_ANSWERING = frozenset({"HEAD", "CARE_COORDINATOR"})
_KEEPERS = frozenset({"HEAD", "OFFICE"})
_RUNNERS = frozenset({*_KEEPERS, "ADMIN"})
_CLB = frozenset({"CLB", "CLB_DIRECTOR"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Ids of the places that a user's running assignments open, by what they open there.

    ``schools`` whole schools · ``classes`` single classes, of ``class_schools`` · ``care_schools`` schools whose care
    notes may be read · ``centres`` CLB centres (their attached schools and their notes) · ``joint_projects`` projects
    of the joint worker · ``joint_centres`` centres that employ her · ``coordinated_projects`` figures only ·
    ``partners`` gatherings only.
    """

    user_id: int | None = None
    roles: frozenset[str] = frozenset()
    schools: frozenset[int] = frozenset()
    care_schools: frozenset[int] = frozenset()
    classes: frozenset[int] = frozenset()
    class_schools: frozenset[int] = frozenset()
    centres: frozenset[int] = frozenset()
    joint_projects: frozenset[int] = frozenset()
    joint_centres: frozenset[int] = frozenset()
    coordinated_projects: frozenset[int] = frozenset()
    partners: frozenset[int] = frozenset()
    assignments: tuple[Assignment, ...] = field(default=(), compare=False)

    @property
    def note_centres(self) -> frozenset[int]:
        """Centres whose CLB-only notes may be read."""
        return self.centres | self.joint_centres

    @property
    def led_schools(self) -> frozenset[int]:
        """Schools of which the user is the head."""
        return frozenset(row.school_id for row in self.assignments if row.role == "HEAD" and row.school_id)

    @property
    def answered_schools(self) -> frozenset[int]:
        """Schools whose talks the user answers for: as their head or care coordinator."""
        return frozenset(row.school_id for row in self.assignments if row.role in _ANSWERING and row.school_id)

    @property
    def kept_schools(self) -> frozenset[int]:
        """Schools whose people the user keeps: as their head or office."""
        return frozenset(row.school_id for row in self.assignments if row.role in _KEEPERS and row.school_id)

    @property
    def spans_schools(self) -> bool:
        """Whether rows of several schools stand side by side: the name of a class does not say of which one it is."""
        return len(self.schools | self.class_schools) > 1 or bool(self.centres or self.joint_projects)

    @property
    def directed_centres(self) -> frozenset[int]:
        """CLB centres of which the user is the director."""
        return frozenset(
            row.clb_centre_id for row in self.assignments if row.role == "CLB_DIRECTOR" and row.clb_centre_id
        )

    @property
    def run_schools(self) -> frozenset[int]:
        """Schools whose own ways and lists the user sets: as their head, office or administrator."""
        return frozenset(row.school_id for row in self.assignments if row.role in _RUNNERS and row.school_id)

    @property
    def is_administrator(self) -> bool:
        """Administers the portal; an administrator with a school administers that school."""
        return any(row.role == "ADMIN" and row.school_id is None for row in self.assignments)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)


def scope_of(user: object) -> Scope:
    """The user's scope; read once per user object, so that a request pays for it once."""
    from schools.models import User

    if not isinstance(user, User) or not user.is_active:
        return Scope()
    known: Scope | None = user.__dict__.get("_scope")
    if known is None:
        known = user.__dict__["_scope"] = _read(user)
    return known


def _read(user: User) -> Scope:
    from schools.models import Assignment, CentreShare

    rows = tuple(Assignment.objects.current().filter(user=user).with_places())
    joint = frozenset(row.project_id for row in rows if row.role == "JOINT_CLB" and row.project_id)
    joint_centres = (
        CentreShare.objects.filter(project_id__in=joint).values_list("centre_id", flat=True) if joint else []
    )

    def ids(attribute: str, roles: frozenset[str]) -> frozenset[int]:
        return frozenset(getattr(row, attribute) for row in rows if row.role in roles and getattr(row, attribute))

    return Scope(
        user_id=user.pk,
        roles=frozenset(row.role for row in rows),
        schools=ids("school_id", _WHOLE_SCHOOL),
        care_schools=ids("school_id", _CARE),
        classes=ids("school_class_id", frozenset({"TEACHER"})),
        class_schools=ids("school_id", frozenset({"TEACHER"})),
        centres=ids("clb_centre_id", _CLB),
        joint_projects=joint,
        joint_centres=frozenset(joint_centres),
        coordinated_projects=ids("project_id", frozenset({"COORDINATOR"})),
        partners=ids("partner_id", frozenset({"PARTNER"})),
        assignments=rows,
    )
