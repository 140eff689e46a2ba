"""One Python beside the running portal that answers questions about its database: for facts no page may show."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_ANSWER = """
import json, sys
from messaging.models import *
from parents.models import *
from reports.models import *
from schools.models import *
from django.db import models
for line in sys.stdin:
    try:
        answer = {"value": str(eval(json.loads(line)))}
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
"""


class Questions:
    """Started with the first question; each question is a Python expression over the models."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    def ask(self, expression: str) -> str:
        """The value of the expression as text; raises AssertionError with the reason when it has none."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(expression) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return str(answer["value"])

    def close(self) -> None:
        if self._process and self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.wait(timeout=20)
            self._process.stdout.close()

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", _ANSWER],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self._process
