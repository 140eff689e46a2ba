"""Whatever letters a request says it is written in, it is read as UTF-8, and never an error of ours."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import reverse

from ingroeibloei.wsgi import application

pytestmark = pytest.mark.django_db


def ask(content_type: str, body: bytes = b"", query: str = "taal=%5Cud800&x=+2AA-") -> tuple[str, bytes]:
    """The status and the page, asked past the test client, which makes requests of its own."""
    said: list[str] = []

    def start(status: str, headers: list[tuple[str, str]], _raised: Any = None) -> Any:
        said.append(status)

    method = "POST" if body else "GET"
    asked = RequestFactory().generic(method, f"{reverse('guardian_sign_in')}?{query}", body)
    environ = asked.environ | {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
    answer = application(environ | {"wsgi.input": BytesIO(body)}, start)
    page = b"".join(answer)
    answer.close()
    return said[0][:3], page


@pytest.mark.parametrize("letters", ["rot13", "hex", "zip", "undefined", "idna", "punycode", "utf-7", "no-such"])
@pytest.mark.parametrize("named", ["charset={}", "charset*={}''%41"])
@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x"])
def test_letters_that_are_none_break_no_request(letters: str, named: str, kind: str) -> None:
    content_type = f"{kind}; {named.format(letters)}"
    assert ask(content_type)[0] == "200"
    assert ask(content_type, b"--x--\r\n")[0] == "403", "it has no token"


@pytest.mark.parametrize("query", ["a&" * 1_300, "taal=ar&" * 1_001])
def test_an_address_with_too_many_names_is_refused_on_a_page(query: str) -> None:
    status, page = ask("", query=query)
    assert status == "400"
    assert b"<main" in page
