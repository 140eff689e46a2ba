"""Roles together, and what a row about a route says (``routes``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.surface.rows import Rows

TEACHERS = frozenset({"teacher_3b", "teacher_1a", "teacher_go"})
SCHOOL = frozenset({"head", "head_go", "care"})
CLB = frozenset({"clb_vclb", "clb_go", "director_vclb", "director_go", "joint"})
FAMILY_WORKERS = TEACHERS | SCHOOL | CLB
#: Those who work with Yusuf Haddad of 3B in De Kersenboom.
OF_3B = frozenset({"teacher_3b", "head", "care", "clb_vclb", "director_vclb", "joint"})
#: Those who work at De Kersenboom, or accompany it.
OF_KERSENBOOM = OF_3B | {"teacher_1a"}
ALL_STAFF = FAMILY_WORKERS | {"office", "coordinator", "partner", "translator", "admin"}
#: Those who maintain the texts of all schools; a school's own people write its welcome page.
KEEPERS = frozenset({"clb_vclb", "clb_go", "joint", "admin"})
MAINTAINERS = KEEPERS | {"translator", "head", "head_go", "office"}
#: Those who answer for a school or a centre, and the operator.
RESPONSIBLE = frozenset({"head", "head_go", "director_vclb", "director_go", "admin"})
#: Those who answer requests about data.
REGISTRARS = frozenset({"head", "head_go", "office"}) | CLB
#: Those who keep a school's data right.
CHECKERS = SCHOOL | CLB | {"office"}
#: Who brings the lists of schools in.
OF_LISTS = frozenset({"head", "head_go", "office", "admin"})
#: Who receives parents, and who plans it; those of the round of 3B.
RECEIVERS = TEACHERS | SCHOOL | {"office"}
OF_ROUND = frozenset({"teacher_3b", "head", "care", "office"})
#: Who brings parents together, and those of De Kersenboom.
ORGANISERS = RECEIVERS | {"joint"}
OF_GATHERING = frozenset({"teacher_3b", "teacher_1a", "head", "care", "office", "joint"})
NOBODY: frozenset[str] = frozenset()

Arguments = Callable[[Rows], list[object]]


@dataclass(frozen=True)
class Route:
    """``roles`` may open the page at all, ``rows`` may open it for the row of ``arguments``."""

    roles: frozenset[str]
    rows: frozenset[str]
    arguments: Arguments = lambda rows: []
    method: str = "get"
    data: Callable[[Rows], dict[str, object]] = lambda rows: {}
    query: Callable[[Rows], str] = lambda rows: ""


def for_staff(roles: frozenset[str], **more: object) -> Route:
    """A page on which nothing but the role counts."""
    return Route(roles, roles, **more)  # type: ignore[arg-type]
