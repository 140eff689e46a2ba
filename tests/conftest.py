from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from django.utils import translation

from ingroeibloei import catalogs
from tests import ordinaryday, readymade
from tests.cast import Cast, build_cast
from tests.emptying import committed_rows_go
from tests.engines import is_left_to_servers, may_meet_an_engine, meets_an_engine

__all__ = ["committed_rows_go"]


def pytest_configure(config: pytest.Config) -> None:
    """Once for a run: the product speaks Dutch, so its catalogs are compiled first."""
    if not hasattr(config, "workerinput"):
        catalogs.compile_all()
    ordinaryday.come()
    # The same cases in each run, so that a change is judged by what it changed; `full` looks for new ones.
    hypothesis.settings.register_profile("daily", derandomize=True, database=None, print_blob=True)
    hypothesis.settings.register_profile("full", print_blob=True)
    hypothesis.settings.load_profile("full" if os.environ.get("HYPOTHESIS_PROFILE") == "full" else "daily")


def pytest_unconfigure() -> None:
    ordinaryday.leave()


def pytest_sessionstart(session: pytest.Session) -> None:
    """What is read stays: until all is, looking for rubbish in it is in vain."""
    if hasattr(session.config, "workerinput"):
        gc.disable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Reading every file takes each process a quarter of a minute."""
    is_left_out = config.getoption("--second-engine") and collection_path.name.startswith("test_")
    return True if is_left_out and not may_meet_an_engine(collection_path) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a second engine only what meets one is tried again. Files with long tests begin first (with xdist's
    ``--no-loadscope-reorder``): otherwise one process works at the end while the others wait for it."""
    if config.getoption("--first-engine"):
        _leave_out(config, items, is_left_to_servers)
    if config.getoption("--second-engine"):
        _leave_out(config, items, lambda item: not meets_an_engine(item) or bool(item.get_closest_marker("first")))
    long_ones = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("fault")}
    items.sort(key=lambda item: item.path not in long_ones)


def _leave_out(config: pytest.Config, items: list[pytest.Item], is_left_out: Callable[[pytest.Item], bool]) -> None:
    if left_out := [item for item in items if is_left_out(item)]:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not is_left_out(item)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before anything is made for it: what many tests share, as a certificate, bears the day of who asks first."""
    ordinaryday.come_for(item.path)


def pytest_collection_finish() -> None:
    """Modules of tests and of the portal stay until the end: the collector need not go through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 50)
    gc.enable()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """What is laid ready is not made again; it ends with the run's own folder or server."""
    return True


@pytest.fixture(scope="session")
def _ready_database(
    django_db_blocker: object, django_db_modify_db_settings_parallel_suffix: None
) -> Iterator[ExitStack]:
    with django_db_blocker.unblock(), ExitStack() as stack:  # type: ignore[attr-defined]
        stack.enter_context(readymade.laid())
        yield stack


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_ready_database: ExitStack) -> None:
    """Before Django's test runner looks for its database."""


@pytest.fixture(scope="session")
def django_db_setup(_ready_database: ExitStack, django_db_setup: None) -> None:
    """After it has one."""
    _ready_database.close()


@pytest.fixture(autouse=True)
def in_no_language_yet() -> None:
    """A page speaks its reader's language for the rest of the thread: each test begins in the portal's own, Dutch."""
    translation.deactivate()


@pytest.fixture
def cast(db: None) -> Cast:
    """The named people in their small town."""
    return build_cast()


@pytest.fixture
def clb_keys(tmp_path: Path, settings: object) -> Path:
    """An empty folder for the key files of the CLB centres."""
    folder = tmp_path / "clb_keys"
    settings.CLB_KEY_DIR = folder  # type: ignore[attr-defined]
    return folder
