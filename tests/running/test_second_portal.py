"""The draaiboek of the demo's city goes to another city: its portal begins empty, takes the package over, sends its
first notice from a template that came along and drafts its first evaluation. (The same in a browser, up to the cards,
is ``browser/test_another_city.py``.)"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from aiosmtpd.controller import Controller

from tests.browser.laid_world import lay_world
from tests.browser.letterbox import Letterbox
from tests.browser.questions import ROOT
from tests.browser.stage import STARTED_WITHIN_SECONDS, _database_of_its_own, free_port, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.full, pytest.mark.either_engine]

PARENT = "harpreet@thuis.example"


class City:
    """A portal with a folder and a database of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.environment = os.environ | {"INGROEIBLOEI_VAR": str(folder)} | settings
        if os.environ.get("DATABASE_URL"):
            self.environment["DATABASE_URL"] = _database_of_its_own(os.environ["DATABASE_URL"])

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]
        return done.stdout

    def act(self, step: str, *words: str) -> str:
        """Let people of this portal do one of the steps of ``second_portal``."""
        return self.manage(
            "shell", "--no-imports", "-c", f"from tests.running import second_portal as s; s.{step}(*{words!r})"
        )

    @contextmanager
    def running(self) -> Iterator[str]:
        """Its web server, worker and beat."""
        port, said = free_port(), Path(self.environment["INGROEIBLOEI_VAR"]) / "said.txt"
        self.environment |= {"PORT": str(port), "SITE_URL": f"http://localhost:{port}"}
        with said.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "run", "--port", str(port)],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until(lambda: b"In groei en bloei: http://localhost:" in said.read_bytes(), STARTED_WITHIN_SECONDS)
            yield f"http://localhost:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Exported from the demo world, after its joint worker wrote a card and a template of her own."""
    first = City(tmp_path / "first", INGROEIBLOEI_ENV="demo")
    lay_world(tmp_path / "first", first.environment)
    first.act("write_a_card_and_a_template")
    first.manage("freeze_playbook")
    file = tmp_path / "draaiboek.zip"
    assert "Edition 2" in first.manage("playbook", "export", str(file))
    return file


def test_an_empty_portal_takes_the_draaiboek_over_and_begins_with_it(package: Path, tmp_path: Path) -> None:
    letterbox = Letterbox()
    sink = Controller(letterbox, hostname="127.0.0.1", port=free_port())
    sink.start()
    (tmp_path / "second").mkdir()
    second = City(
        tmp_path / "second",
        INGROEIBLOEI_ENV="test",
        MAIL_DRIVER="smtp",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=str(sink.port),
        QUIET_HOURS="",
        UNDO_SECONDS="0",
    )
    try:
        second.manage("migrate", "-v0")
        second.manage("setup", "--email", "it@overstad.example", "--name", "Nele Baas")
        told = second.manage("playbook", "install", str(package), "--dry-run")
        assert "new       template:book-market" in told
        assert "new       card:book-market" in told
        second.act("lay_a_town")
        with second.running() as address:
            second.act("take_the_draaiboek_over", str(package))
            second.act("send_a_first_notice")
            second.act("draft_a_first_evaluation")
            wait_until(lambda: letterbox.to(PARENT), seconds=120)
            mail = letterbox.to(PARENT)[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
            link = re.search(r"https?://\S+/b/[^/\s]+/", mail)
            assert link is not None
            with urlopen(re.sub(r"^https?://[^/]+", address, link[0])) as page:  # noqa: S310 - loopback
                html = page.read().decode()
            assert 'lang="pa-Guru"' in html
            assert "Boekenmarkt" in html, "the Dutch stands beside it"
    finally:
        sink.stop()
