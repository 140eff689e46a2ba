"""The rail says where one is: at one place."""

from __future__ import annotations

import pytest
from django.urls import reverse

from schools.models import Assignment
from tests.cast import Cast
from tests.surface.roles import ALL_STAFF


@pytest.mark.parametrize("key", ["teacher_3b", "head", "joint", "coordinator", "admin"])
def test_every_entry_s_own_page_stands_under_that_entry_alone(cast: Cast, key: str) -> None:
    client = cast.client(key)
    entries = client.get("/", follow=True).context["navigation"]
    assert len(entries) > 4
    for entry in entries:
        page = client.get(entry["url"], follow=True)
        if "navigation" in page.context:  # the draaiboek is everybody's
            current = [one["url"] for one in page.context["navigation"] if one["current"]]
            assert current == [entry["url"]]


def test_sharing_the_draaiboek_stands_behind_the_draaiboek_and_not_in_a_phones_bar(cast: Cast) -> None:
    entries = cast.client("coordinator").get("/", follow=True).context["navigation"]
    urls = [entry["url"] for entry in entries]
    assert urls.index(reverse("playbook_share")) == urls.index(reverse("playbook")) + 1 >= 4


@pytest.mark.parametrize("key", sorted(ALL_STAFF))
def test_no_two_entries_of_a_rail_bear_the_same_picture(cast: Cast, key: str) -> None:
    pictures = [entry["icon"] for entry in cast.client(key).get("/", follow=True).context["navigation"]]
    assert len(set(pictures)) == len(pictures) > 1


@pytest.mark.parametrize("key", ["teacher_3b", "joint", "office", "coordinator", "admin"])
def test_a_phones_bar_has_the_page_where_one_begins_and_words_that_fit_beside_each_other(cast: Cast, key: str) -> None:
    bar = cast.client(key).get("/", follow=True).context["navigation"][:4]
    assert any(entry["current"] for entry in bar)
    assert all(len(str(entry["label"])) <= 20 for entry in bar)


@pytest.mark.parametrize("key", sorted(ALL_STAFF))
def test_nor_does_it_run_off_the_smallest_phone(cast: Cast, key: str) -> None:
    """Each takes as much as its longest word: on 320 pixels some forty letters have room, "Meer" among them."""
    bar = cast.client(key).get("/", follow=True).context["navigation"][:4]
    longest = [max(str(entry["label"]).split(), key=len) for entry in bar]
    assert len("".join([*longest, "Meer"])) <= 40, longest


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("teacher_3b", "my_week"),
        ("joint", "my_week"),
        ("office", "pupil_list"),
        ("director_vclb", "report_list"),
        ("coordinator", "dashboard"),
        ("admin", "operations"),
    ],
)
def test_everybody_begins_where_the_own_work_is(cast: Cast, key: str, start: str) -> None:
    assert cast.client(key).get("/").headers["Location"] == reverse(start)


def test_who_administers_a_school_begins_there_and_is_shown_no_page_of_the_portal(cast: Cast) -> None:
    school = cast.schools["kersenboom"]
    Assignment.objects.filter(user=cast.staff["admin"]).update(school=school)
    client = cast.client("admin")
    answer = client.get("/", follow=True)
    assert answer.redirect_chain == [(reverse("roster_list"), 302)]
    for entry in answer.context["navigation"]:
        assert client.get(entry["url"], follow=True).status_code == 200, entry["url"]
    assert client.get(reverse("playbook_share")).status_code == 403
    shown = {entry["url"] for entry in answer.context["navigation"]}
    assert not shown & {reverse("breach_list"), reverse("reading_alerts")}, "empty there, whatever happened"
    assert {client.get(reverse(name)).status_code for name in ("breach_list", "breach_print")} == {403}
    assert f'href="{reverse("breach_list")}"' not in client.get(reverse("breach_new")).content.decode()
    assert client.post(reverse("package_bring")).status_code == 403
