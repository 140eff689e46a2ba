"""What is tried on the second engine: each place that is named is there, and a test goes where its marks send it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines import MEETING, ON_SERVERS_ALONE, is_left_to_servers, may_meet_an_engine, meets_an_engine

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("place", sorted({*MEETING, *ON_SERVERS_ALONE}))
def test_each_place_is_there_and_has_tests(place: str) -> None:
    path = ROOT / place
    assert list(path.glob("test_*.py")) if place.endswith("/") else path.is_file()


def test_a_test_goes_where_its_marks_send_it(request: pytest.FixtureRequest) -> None:
    item: pytest.Item = request.node
    assert not meets_an_engine(item), "this one says nothing of an engine"
    item.add_marker(pytest.mark.django_db)
    assert not meets_an_engine(item), "rows by the ORM are tried once"
    item.add_marker(pytest.mark.worker)
    assert meets_an_engine(item)
    item.add_marker(pytest.mark.either_engine)
    assert not meets_an_engine(item)


def test_real_transactions_are_tried_on_both(request: pytest.FixtureRequest) -> None:
    item: pytest.Item = request.node
    item.add_marker(pytest.mark.django_db(transaction=True))
    assert meets_an_engine(item)


def test_no_file_is_left_unread_that_holds_such_a_test(request: pytest.FixtureRequest) -> None:
    meeting = {item.path for item in request.session.items if meets_an_engine(item)}
    assert [path for path in sorted(meeting) if not may_meet_an_engine(path)] == []
    assert not may_meet_an_engine(ROOT / "schools" / "test_catalogs.py")


@pytest.mark.parametrize("place", ON_SERVERS_ALONE)
def test_what_is_left_to_the_servers_is_read_there(place: str) -> None:
    assert may_meet_an_engine(ROOT / place)


def test_only_what_is_named_and_meets_an_engine_is_left_to_the_servers(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    item: pytest.Item = request.node
    item.add_marker(pytest.mark.django_db(transaction=True))
    assert not is_left_to_servers(item), "this file is not named"
    monkeypatch.setattr("tests.engines.ON_SERVERS_ALONE", ("running/test_engines.py",))
    assert is_left_to_servers(item)
    item.add_marker(pytest.mark.either_engine)
    assert not is_left_to_servers(item), "it would be tried nowhere"
