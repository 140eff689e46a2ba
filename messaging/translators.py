"""Who translates into which language."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from messaging.models import TranslatorLanguage
from schools.languages import LANGUAGES, MASTER
from schools.models import Assignment, Role, User


def targets() -> list[str]:
    """Languages into which notices are translated, those of partners at the end."""
    return [
        code for code, entry in LANGUAGES.items() if code != MASTER and entry.text == code and not entry.spoken_only
    ]


def _posts(school_id: int) -> QuerySet[Assignment]:
    """Running assignments as translator for a school, or for all."""
    rows = Assignment.objects.current().filter(role=Role.TRANSLATOR, user__is_active=True)
    return rows.filter(Q(school_id=school_id) | Q(school__isnull=True))


def translators_of(codes: Iterable[str], school_id: int) -> QuerySet[User]:
    """Accounts with a running assignment as translator for a school who translate into one of these languages."""
    posts = _posts(school_id)
    known = TranslatorLanguage.objects.filter(language__in=list(codes))
    return User.objects.filter(pk__in=posts.values("user_id")).filter(pk__in=known.values("user_id"))


def languages_with_translators(school_id: int) -> set[str]:
    known = TranslatorLanguage.objects.filter(user_id__in=_posts(school_id).values("user_id"))
    return set(known.values_list("language", flat=True).distinct())


def languages_of(user: User) -> list[str]:
    return sorted(TranslatorLanguage.objects.filter(user=user).values_list("language", flat=True))
