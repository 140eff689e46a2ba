"""What parents are asked: a few statements, the same in each wave, so that end and baseline compare (I25).

They are about what the school does, never about the parent (domain 2.4). A statement that has been asked
keeps its key and its meaning: a new one gets a new key.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    words: object


#: From no to yes, as the counts are kept.
FACES = (_("No"), _("Rather not"), _("A little"), _("Rather yes"), _("Yes"))
PARENTS = (
    Question("welcome", _("I feel welcome at school.")),
    Question("understand", _("I understand what the school tells me.")),
    Question("whom_to_ask", _("I know whom I can ask something.")),
    Question("taken_seriously", _("When I ask something, the school takes it seriously.")),
    Question("how_my_child_does", _("I know how my child is doing at school.")),
)
