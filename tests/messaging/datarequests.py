"""Requests about data, filed and granted in tests."""

from __future__ import annotations

from typing import Any

from messaging.services import decide_request
from parents.models import (
    DataRequest,
)
from parents.services import file_request
from tests.cast import Cast


def ask(cast: Cast, kind: str, who: str = "separated_father", **more: Any) -> DataRequest:
    facts: dict[str, Any] = {"place": cast.schools["kersenboom"], "identity": "CODE"} | more
    return file_request(guardian=cast.guardians[who], kind=kind, **facts)


def grant(cast: Cast, request: DataRequest, **more: Any) -> None:
    decide_request(request=request, by=cast.staff["head"], decision="GRANTED", reason="In orde.", **more)
