"""The state of a card has one word: on its badge, before its rule and at the end of "that makes it"."""

from __future__ import annotations

import pytest
from django.utils.text import capfirst
from django.utils.translation import override

from reports.maturity import rule_of
from schools.languages import STAFF_CODES
from schools.models.methods import MethodStatus


@pytest.mark.parametrize("language", STAFF_CODES)
@pytest.mark.parametrize("status", MethodStatus)
def test_the_rule_of_a_state_begins_with_the_word_of_its_badge(status: MethodStatus, language: str) -> None:
    with override(language):
        word, _colon, rule = rule_of(status).partition(":")
        assert word.rstrip() == capfirst(str(status.label))
        assert rule
