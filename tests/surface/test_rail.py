"""The rail says where one is: at one place."""

from __future__ import annotations

import pytest

from tests.cast import Cast


@pytest.mark.parametrize("key", ["teacher_3b", "head", "joint", "coordinator", "admin"])
def test_every_entry_s_own_page_stands_under_that_entry_alone(cast: Cast, key: str) -> None:
    client = cast.client(key)
    entries = client.get("/", follow=True).context["navigation"]
    assert len(entries) > 4
    for entry in entries:
        page = client.get(entry["url"], follow=True)
        if "navigation" in page.context:  # the draaiboek is everybody's
            current = [one["url"] for one in page.context["navigation"] if one["current"]]
            assert current == [entry["url"]]
