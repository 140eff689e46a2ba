"""A page of the portal links to the portal, whatever stands in the address that brought somebody there."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
HERE = "http://testserver"


@pytest.mark.parametrize(
    "path", ["//elders.example/aanmelden", "///elders.example/", "/%5Celders.example/x", "/\\elders.example"]
)
def test_a_page_that_does_not_exist_leads_nowhere_else(path: str) -> None:
    answer = Client(headers={"host": "testserver"}).generic("GET", "/", PATH_INFO=path.replace("%5C", "\\"))
    assert answer.status_code == 404
    links = re.findall(r'href="([^"]+)"', answer.content.decode())
    assert any("taal=" in link for link in links)
    for link in links:
        assert urlsplit(urljoin(HERE, link.replace("\\", "/"))).netloc == "testserver", link


def test_nor_does_the_way_back_after_a_form_that_was_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/ouders/aanmelden/", headers={"referer": f"{HERE}//elders.example/x"})
    assert answer.status_code == 403
    assert not re.search(r'href="[/\\]{2}', answer.content.decode())
