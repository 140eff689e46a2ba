"""The sentence of a finding, whoever made it: the reader of the file or the comparison with the database."""

from __future__ import annotations

from schools.roster import wording
from schools.roster.planwords import FINDINGS, PROBLEMS, in_words
from schools.roster.rows import Finding, Place, Severity


def sentence_of(finding: Finding) -> str:
    """What is wrong and what to do, in the reader's language."""
    return in_words(FINDINGS, finding.code, finding.values) or wording.sentence(finding)


def why(code: str, values: dict[str, str]) -> str:
    """Why an upload was refused or stopped; "" without a reason."""
    if not code:
        return ""
    return in_words(PROBLEMS, code, values) or wording.sentence(Finding(Severity.ERROR, code, Place(""), values))
