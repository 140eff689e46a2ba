"""What a school fills in on the way into its next school year."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from schools.arriving import row_number
from schools.rollover import Choices
from schools.roster import limits

#: More fields than the largest school has.
MOST = 3_000
#: "7A": what comes out of the sixth year when one counts on.
NO_YEAR = re.compile(r"[789](?!\d)")


def read_choices(data: QueryDict) -> Choices:
    """The choices of the page, as they were made: ``wrong_name`` says what is wrong with them."""
    targets: dict[int, str] = {}
    post_targets: dict[int, str] = {}
    for key, value in data.items():
        kind, _dash, number = key.partition("-")
        pk = row_number(number)
        if pk is None or kind not in ("to", "post"):
            continue
        (targets if kind == "to" else post_targets)[pk] = " ".join(str(value).split())
    return Choices(
        targets=targets,
        stays=_numbers(data, "stays"),
        leaves=_numbers(data, "leaves"),
        posts=_numbers(data, "goes-on"),
        post_targets=post_targets,
    )


def wrong_name(choices: Choices) -> str:
    """What is wrong with the name of a class; "" when all of them can be one."""
    for name in (*choices.targets.values(), *choices.post_targets.values()):
        if len(name) > limits.CLASS_NAME or not name.isprintable():
            words = _("“%(name)s” is no name of a class: use at most %(number)d letters and figures.")
            return words % {"name": name[:40], "number": limits.CLASS_NAME}
    for name in choices.targets.values():
        if NO_YEAR.match(name):
            words = _(
                "“%(name)s” cannot be: primary school has six years. Leave the new class empty for pupils who leave "
                "the school."
            )
            return words % {"name": name}
    return ""


def mark_of(choices: Choices) -> str:
    """The same for the same choices: so the page knows whether they were looked at."""
    facts: tuple[Any, ...] = (
        sorted((pk, name.casefold()) for pk, name in choices.targets.items()),
        sorted(choices.stays),
        None if choices.leaves is None else sorted(choices.leaves),
        None if choices.posts is None else sorted(choices.posts),
        sorted(choices.post_targets.items()),
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _numbers(data: QueryDict, key: str) -> frozenset[int]:
    found = (row_number(value) for value in data.getlist(key)[:MOST])
    return frozenset(number for number in found if number is not None)
