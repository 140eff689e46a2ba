"""Search over all that somebody may see: families by child, guardian or telephone number, notices by their title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from messaging.models import Notice
from messaging.titles import titled_like
from parents.models import ContactMoment, Family
from schools.models import User

#: Of each kind so many are shown; who looks for more says more.
SHOWN_OF_EACH = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one text. Counts are of everything, rows the first of it."""

    families: Sequence[Family]
    family_count: int
    notices: Sequence[Notice]
    notice_count: int

    @property
    def count(self) -> int:
        return self.family_count + self.notice_count


def search(text: str, user: User) -> Found:
    """Families and notices among those that the user may see; the newest notices first."""
    families = Family.objects.visible_to(user).matching(text, user)
    notices = titled_like(Notice.objects.visible_to(user), text)
    with_children = Family.objects.filter(pk__in=families.values("pk")).with_children_for(user)
    last_spoken = ContactMoment.objects.visible_to(user).last_spoken()
    return Found(
        families=list(with_children.annotate(last_spoken=last_spoken).order_by("pk")[:SHOWN_OF_EACH]),
        family_count=families.count(),
        notices=list(notices.order_by("-created_at", "-pk")[:SHOWN_OF_EACH]),
        notice_count=notices.count(),
    )
