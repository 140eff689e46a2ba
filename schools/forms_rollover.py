"""What a school fills in on the way into its next school year."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from schools.arriving import row_number
from schools.rollover import Choices
from schools.roster import limits

#: More fields than the largest school has.
MOST = 3_000


def read_choices(data: QueryDict) -> Choices:
    """The choices of the page. Raises ValidationError for a class name that cannot be one."""
    targets: dict[int, str] = {}
    post_targets: dict[int, str] = {}
    for key, value in data.items():
        kind, _dash, number = key.partition("-")
        pk = row_number(number)
        if pk is None or kind not in ("to", "post"):
            continue
        name = " ".join(str(value).split())
        if len(name) > limits.CLASS_NAME or not name.isprintable():
            raise ValidationError(
                _("“%(name)s” is no name of a class: use at most %(number)d letters and figures.")
                % {"name": name[:40], "number": limits.CLASS_NAME}
            )
        (targets if kind == "to" else post_targets)[pk] = name
    return Choices(
        targets=targets,
        stays=_numbers(data, "stays"),
        leaves=_numbers(data, "leaves"),
        posts=_numbers(data, "goes-on"),
        post_targets=post_targets,
    )


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
