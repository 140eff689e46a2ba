"""Reference texts that are kept in every language: which there are, how each language of one stands, who maintains it.

An app registers its kinds of texts when it starts (``schools.texts.kinds.register``); pages, commands and loaders know
no more of a text than its parts.
"""

from schools.texts.kinds import Part, TextKind, all_kinds, kind_of, register
from schools.texts.standing import Fault, LanguageStanding, Standing, standing_of, standings

__all__ = [
    "Fault",
    "LanguageStanding",
    "Part",
    "Standing",
    "TextKind",
    "all_kinds",
    "kind_of",
    "register",
    "standing_of",
    "standings",
]
