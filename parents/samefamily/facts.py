"""What two families can share, what each of it weighs, and how it is said."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: What is shared, with its points out of 100 and its sentence. Neither a name nor an address alone is offered: a street
#: has many doors, a name many people.
FACTS: dict[str, tuple[int, Promise]] = {
    "PARENT": (60, _("The same parent answers for children in both.")),
    "PHONE": (50, _("They use the same phone number.")),
    "EMAIL": (50, _("They use the same e-mail address.")),
    "CHILD": (40, _("A child in each has the same first name and the same birthday: perhaps one child.")),
    "ADDRESS": (30, _("They live at the same address.")),
    "NAME": (25, _("A parent in each has the same whole name.")),
    "BIRTHDAY": (20, _("A child in each has the same birthday and the same surname.")),
    "SURNAME": (15, _("They share a surname.")),
}
#: Pairs with fewer points are not offered.
LEAST = 45
_LIKELY, _VERY_LIKELY = 60, 80

#: A kind of FACTS and what it says, as it is compared in memory.
Fact = tuple[str, str]


def stored(fact: Fact) -> str:
    """A fact as it is kept: its kind, and a keyed hash by which it is known again without being read. By the key that
    may never change (``ERASURE_KEY``): with another one no decision would be known again."""
    return _hashed(fact, settings.ERASURE_KEY)


def names_of(facts: Iterable[Fact]) -> dict[str, str]:
    """How these facts were kept under keys of before, each with how it is kept now."""
    keys = {settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS} - {settings.ERASURE_KEY}
    return {_hashed(fact, key): stored(fact) for fact in facts for key in keys}


def _hashed(fact: Fact, key: str) -> str:
    kind, value = fact
    return f"{kind}:{salted_hmac('parents.samefamily', f'{kind} {value}', secret=key).hexdigest()[:20]}"


def kind_of(fact: str) -> str:
    return fact.partition(":")[0]


def score(facts: Iterable[str]) -> int:
    """Points out of 100; a second phone number adds nothing to the first."""
    return min(100, sum(FACTS[kind][0] for kind in {kind_of(fact) for fact in facts}))


def reasons(facts: list[str]) -> list[str]:
    """The sentences, the weightiest first."""
    kinds = {kind_of(fact) for fact in facts}
    return [str(words) for kind, (_points, words) in FACTS.items() if kind in kinds]


def likely(points: int) -> str:
    """A score in words."""
    if points >= _VERY_LIKELY:
        return str(_("very likely the same family"))
    return str(_("probably the same family") if points >= _LIKELY else _("perhaps the same family"))
