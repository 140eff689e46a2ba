"""Who translates into which language: it stands on the assignment of a translator."""

from __future__ import annotations

from django.db.models import Q

from schools.languages import MASTER
from schools.models import Assignment, Role, User
from schools.scope import scope_of


def _posts(school_id: int) -> list[Assignment]:
    """Running assignments as translator for a school, or for all."""
    rows = Assignment.objects.current().filter(role=Role.TRANSLATOR, user__is_active=True)
    return list(rows.filter(Q(school_id=school_id) | Q(school__isnull=True)).select_related("user"))


def translators_of(language: str, school_id: int) -> list[User]:
    """Accounts that translate into a language for a school."""
    return list(dict.fromkeys(row.user for row in _posts(school_id) if language in row.languages))


def languages_with_translators(school_id: int) -> set[str]:
    return {code for row in _posts(school_id) for code in row.languages} - {MASTER}


def languages_of(user: object) -> list[str]:
    """Into which languages this account translates."""
    return sorted({code for row in scope_of(user).assignments if row.role == Role.TRANSLATOR for code in row.languages})
