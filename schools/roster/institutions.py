"""Ties of a home, and of who works there, to the children in it: nobody's brother or sister by them."""

from __future__ import annotations

import re

from schools.roster.headers import plain

#: In the languages of lists and colleagues, as ``plain`` writes them. A stepfather is a "mede-opvoeder", and a mother
#: is "au foyer".
_WORDS = re.compile(
    "instelling|instituut|voorziening|tehuis|internaat|leefgroep|opvangcentrum|opvanghuis|begeleid|(?<!mede)opvoeder"
    "|jeugdhulp|jeugdzorg|institut|etablissement|internat(?!ion)|(?<!au)foyer|maisondaccueil|educat(?:eur|rice)"
    "|accompagnat(?:eur|rice)|^home$|childrenshome|carehome|careworker|^(?:ckg|oooc|mfc|mpigo)"
)


def is_of_institution(relation: str) -> bool:
    """Whether this is what a home or its staff are to a child, in the words of schools."""
    return bool(_WORDS.search(plain(relation)))
