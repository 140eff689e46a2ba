"""Whether a parent hears of an answer of the school in a conversation. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from messaging.mailbox import threads_for
from messaging.models import Thread
from parents.access import points_of


@dataclass(frozen=True, slots=True)
class Unheard:
    """Why nobody hears of an answer, and what to do; ``is_barred`` where none may be given."""

    words: str
    is_barred: bool = True


def may_hear(thread: Thread) -> bool:
    """Whether the parent may be told of an answer, and may read it."""
    return not thread.guardian.gets_nothing and threads_for(thread.guardian).filter(pk=thread.pk).exists()


def unheard(thread: Thread) -> Unheard | None:
    """None where an answer arrives. Two queries."""
    if thread.guardian.gets_nothing:
        return Unheard(_("This parent gets no messages any more: an answer would reach nobody. Choose “Done”."))
    if not may_hear(thread):
        return Unheard(_("This parent may not be informed about the child any more: no answer is sent. Choose “Done”."))
    if not points_of(thread.guardian).exists():
        return Unheard(
            _("No number or mail address of this parent works: nobody hears of an answer here. Say it at school."),
            is_barred=False,
        )
    if thread.guardian.is_by_ear:
        return Unheard(
            _(
                "This parent does not read. Call, with an interpreter where you need one, or say it at school: what "
                "you write here somebody else would have to read aloud."
            ),
            is_barred=False,
        )
    return None
