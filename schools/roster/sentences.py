"""The sentence of a finding, whoever made it: the reader of the file or the comparison with the database."""

from __future__ import annotations

from schools.roster.planwords import FINDINGS, in_words
from schools.roster.rows import Finding


def sentence_of(finding: Finding) -> str:
    """In the reader's language."""
    return in_words(FINDINGS, finding.code, finding.values) or finding.code
