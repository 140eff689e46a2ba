"""Who maintains which reference texts, in which languages.

CLB staff and who administers the portal maintain all of them. A translator for all schools works in the languages of
the assignment, never in the Dutch; one of a school, whose languages that school sets, does not: these texts are
everybody's. A school's own people write its welcome page.
"""

from __future__ import annotations

from typing import Any

from schools.languages import MASTER
from schools.models import Role
from schools.scope import Scope
from schools.texts.kinds import TextKind

#: For whom the doors to all texts are; an administrator of one school finds none behind them (``keeps_all``).
KEEPERS = frozenset({Role.CLB, Role.JOINT_CLB, Role.ADMIN})
OF_A_SCHOOL = frozenset({Role.HEAD, Role.LIAISON, Role.OFFICE})
#: Everybody who finds the list of texts in the rail.
MAINTAINERS = (*sorted(KEEPERS), *sorted(OF_A_SCHOOL), Role.TRANSLATOR)


def languages_of(scope: Scope) -> frozenset[str]:
    """The languages in which a translator for all schools works; Dutch is nobody's translation."""
    posts = (row for row in scope.assignments if row.role == Role.TRANSLATOR and row.school_id is None)
    return frozenset(code for row in posts for code in row.languages) - {MASTER}


def keeps_all(scope: Scope) -> bool:
    """Whether somebody maintains all texts, in every language."""
    return scope.is_administrator or bool(scope.roles & (KEEPERS - {Role.ADMIN}))


def sees_shared(scope: Scope) -> bool:
    """Whether texts that belong to all schools are theirs to see."""
    return keeps_all(scope) or Role.TRANSLATOR in scope.roles


def may_write(scope: Scope, kind: TextKind, row: Any, language: str) -> bool:
    """Whether somebody who sees this text may change it in this language."""
    if language not in kind.languages:
        return False
    if keeps_all(scope) or kind.is_theirs(scope, row):
        return True
    return language in languages_of(scope)
