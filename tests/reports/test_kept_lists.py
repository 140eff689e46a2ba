"""Whoever follows many schools gets the list that was made last, looked at again row by row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import redis
from celery import current_app
from kombu.utils.json import dumps, loads

from ingroeibloei import stores
from reports import keptlists
from reports.silence import not_reached
from reports.tasks import make_list
from reports.week import silent_month, week_of
from schools import clock
from schools.models import Participation, Role, User
from tests.faults.servers import redis_of_its_own
from tests.reports.world import TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]


@pytest.fixture(autouse=True)
def two_are_many(settings: Any, tmp_path: Any) -> None:
    settings.FIGURES_KEPT_FROM = 2
    settings.CACHES = {"default": stores.cache("", tmp_path)}


@pytest.fixture
def wished(monkeypatch: Any) -> list[list[Any]]:
    """What was asked of a worker, as it arrives there."""
    found: list[list[Any]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, asked: found.append([name, *loads(dumps(asked))]))
    return found


@pytest.fixture
def world() -> World:
    world = World(pilots=2)
    for room in world.classes:
        world.family(room)
    return world


@pytest.fixture
def joint(world: World) -> User:
    return world.joint_worker()


def an_hour_later(monkeypatch: Any) -> None:
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(keptlists.clock, "now", lambda: later)


def test_a_family_that_was_reached_is_gone_at_once_and_a_new_one_comes_with_the_next_list(
    world: World, joint: User, wished: list[Any], monkeypatch: Any
) -> None:
    first = list(not_reached(joint))
    assert len(first) == 2
    world.talk(first[0], world.schools[0], TODAY)
    fresh = world.family(world.classes[1])
    assert list(not_reached(joint)) == first[1:]
    assert not wished
    an_hour_later(monkeypatch)
    assert list(not_reached(joint)) == first[1:]
    assert list(not_reached(joint)) == first[1:]
    assert wished == [["reports.tasks.make_list", joint.pk, "silent-families", [None, "", ""]]], "once"
    assert make_list(*wished[0][1:])
    assert list(not_reached(joint)) == [first[1], fresh]


def test_a_list_of_an_hour_that_has_not_come_is_made_again(
    world: World, joint: User, wished: list[Any], monkeypatch: Any
) -> None:
    """A clock was ahead that is set right since."""
    with monkeypatch.context() as ahead:
        an_hour_later(ahead)
        not_reached(joint)
    not_reached(joint)
    assert [name for name, *_asked in wished] == ["reports.tasks.make_list"]


def test_every_choice_has_a_list_of_its_own(world: World, joint: User) -> None:
    everybody = list(not_reached(joint))
    assert list(not_reached(joint, school=world.schools[0].pk)) == everybody[:1]
    assert list(not_reached(joint, language="ar")) == []
    assert list(not_reached(joint)) == everybody


def test_classes_with_many_silent_families_are_made_again_too(
    world: World, joint: User, wished: list[Any], monkeypatch: Any
) -> None:
    assert [one.n for one in week_of(joint).silent] == [1, 1]
    world.family(world.classes[0])
    an_hour_later(monkeypatch)
    assert [one.n for one in week_of(joint).silent] == [1, 1]
    assert wished[0][2:] == ["silent-classes", [silent_month(TODAY).isoformat()]]
    assert make_list(*wished[0][1:])
    assert [one.n for one in week_of(joint).silent] == [2, 1]


def test_who_follows_few_schools_or_others_gets_the_list_of_now(world: World, joint: User, settings: Any) -> None:
    head = world.user("head", Role.HEAD, school=world.schools[0])
    assert [keptlists.mark_of(user) != "" for user in (joint, head)] == [True, False]
    settings.FIGURES_KEPT_FROM = 3
    assert keptlists.mark_of(joint) == ""
    assert not make_list(joint.pk, "silent-families", [None, "", ""])


def test_a_school_that_is_no_longer_followed_is_in_no_list(world: World, joint: User, settings: Any) -> None:
    settings.FIGURES_KEPT_FROM = 1
    assert len(list(not_reached(joint))) == 2
    Participation.objects.filter(school=world.schools[0]).delete()
    again = User.objects.get(pk=joint.pk)
    assert len(list(not_reached(again))) == 1
    assert len(week_of(again).silent) == 1


def test_without_a_broker_the_list_stays(world: World, joint: User, monkeypatch: Any) -> None:
    assert len(list(not_reached(joint))) == 2

    def away(*_args: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", away)
    an_hour_later(monkeypatch)
    assert len(list(not_reached(joint))) == 2
    assert not make_list(joint.pk, "another list", [])
    assert not make_list(0, "silent-families", [None, "", ""])


@pytest.mark.fault
def test_a_cache_that_is_full_shows_the_list_that_it_keeps(
    world: World, joint: User, wished: list[Any], settings: Any, monkeypatch: Any
) -> None:
    with redis_of_its_own() as server, redis.Redis.from_url(server.url()) as link:
        settings.CACHES = {"default": stores.cache(server.url(), settings.VAR_DIR)}
        assert len(list(not_reached(joint))) == 2
        link.config_set("maxmemory", "1")
        an_hour_later(monkeypatch)
        assert len(list(not_reached(joint))) == 2
    assert wished == []
