"""Signing in as staff do, for the tests of accounts."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

PASSWORD = "Kersenbloesem-in-mei-27"
LOGIN = reverse("account_login")


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
