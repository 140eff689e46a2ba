"""Processes that stand ready for the word to begin: starting Python and Django is not what is measured.

``python -m tests.bench.crew MODULE:FUNCTION [ARGUMENT …]`` sets Django up by the environment and says so; at each line
on its standard input it calls what the function returned and prints what that returns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from ingroeibloei.processes import die_with_parent


class Crew:
    """So many processes that do the same side by side."""

    def __init__(self, count: int, work: Callable[..., Any], *arguments: object, **environment: object) -> None:
        command = [sys.executable, "-m", "tests.bench.crew", f"{work.__module__}:{work.__name__}"]
        command += [str(argument) for argument in arguments]
        pipes: Mapping[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        words = os.environ | {name: str(value) for name, value in environment.items()}
        end_with_us = die_with_parent(os.getpid())
        self._members = [
            subprocess.Popen(command, env=words, preexec_fn=end_with_us, **pipes) for _number in range(count)
        ]
        self._answers()

    def work(self) -> tuple[float, list[Any]]:
        """The monotonic time at which they began, and what each returned."""
        began = time.monotonic()
        for member in self._members:
            print(file=member.stdin, flush=True)
        return began, self._answers()

    def timed(self) -> tuple[float, list[Any]]:
        """Seconds until the last of them was done, and what each returned."""
        began, answers = self.work()
        return time.monotonic() - began, answers

    def close(self) -> None:
        for member in self._members:
            assert member.stdin is not None
            member.stdin.close()
        for member in self._members:
            member.wait()

    def _answers(self) -> list[Any]:
        lines = [member.stdout.readline() for member in self._members if member.stdout is not None]
        if not all(lines):
            raise RuntimeError("A process of the bench ended before its work was done; its words are above.")
        return [json.loads(line) for line in lines]


@contextmanager
def crew(count: int, work: Callable[..., Any], *arguments: object, **environment: object) -> Iterator[Crew]:
    members = Crew(count, work, *arguments, **environment)
    try:
        yield members
    finally:
        members.close()


def _stand_ready(name: str, arguments: list[str]) -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print is no answer
    import django

    django.setup()
    module, _, function = name.partition(":")
    work = getattr(import_module(module), function)(*arguments)
    print(json.dumps("ready"), file=answers, flush=True)
    for _line in sys.stdin:
        print(json.dumps(work()), file=answers, flush=True)


if __name__ == "__main__":
    _stand_ready(sys.argv[1], sys.argv[2:])
