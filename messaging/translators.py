"""Who translates into which language."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from messaging.models import TranslatorLanguage
from schools.languages import LANGUAGES, MASTER
from schools.models import Assignment, Role, User


def targets() -> list[str]:
    """Languages into which notices are translated, those of partners at the end."""
    return [
        code for code, entry in LANGUAGES.items() if code != MASTER and entry.text == code and not entry.spoken_only
    ]


def translators_of(codes: Iterable[str]) -> QuerySet[User]:
    """Accounts with a running assignment as translator who translate into one of these languages."""
    posts = Assignment.objects.current().filter(role=Role.TRANSLATOR)
    known = TranslatorLanguage.objects.filter(language__in=list(codes))
    return User.objects.filter(pk__in=posts.values("user_id"), is_active=True).filter(pk__in=known.values("user_id"))


def languages_with_translators() -> set[str]:
    posts = Assignment.objects.current().filter(role=Role.TRANSLATOR, user__is_active=True)
    known = TranslatorLanguage.objects.filter(user_id__in=posts.values("user_id"))
    return set(known.values_list("language", flat=True).distinct())


def languages_of(user: User) -> list[str]:
    return sorted(TranslatorLanguage.objects.filter(user=user).values_list("language", flat=True))
