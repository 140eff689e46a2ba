"""A school says into which languages its translators work; those of all schools are the administrator's."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from messaging.translators import languages_with_translators, translators_of
from schools.models import Assignment, AuditEntry, Role
from tests.cast import Cast, staff_browser
from tests.messaging.notices_for_pages import template
from tests.surface.happened import make_translator

pytestmark = pytest.mark.django_db


def save(cast: Cast, key: str, post: Assignment, *languages: str) -> Any:
    return cast.client(key).post(reverse("translator_languages", args=[post.pk]), {"languages": languages})


@pytest.mark.parametrize("key", ["head", "care", "clb_vclb", "joint", "admin"])
def test_who_knows_the_school_sets_them(cast: Cast, key: str) -> None:
    post, school = make_translator(cast), cast.schools["kersenboom"]
    assert save(cast, key, post, "ar", "rom").status_code == 302
    post.refresh_from_db()
    assert post.languages == ["ar", "rom"]
    assert {"ar", "rom"} <= languages_with_translators(school.pk)
    assert post.user in translators_of("ar", school.pk)
    line = AuditEntry.objects.get(verb="set a translator's languages")
    assert (line.actor, line.detail["languages"]) == (cast.staff[key], ["ar", "rom"])


@pytest.mark.parametrize(("key", "status"), [("head_go", 404), ("clb_go", 404), ("teacher_3b", 403), ("office", 403)])
def test_others_do_not(cast: Cast, key: str, status: int) -> None:
    post = make_translator(cast)
    assert save(cast, key, post, "ar").status_code == status
    post.refresh_from_db()
    assert post.languages == ["tr"]


def test_those_of_all_schools_are_the_administrators(cast: Cast) -> None:
    post = Assignment.objects.get(user=cast.staff["translator"])
    assert save(cast, "head", post, "ar").status_code == 404
    listed = cast.client("head").get(reverse("translator_list"))
    assert listed.context["others"] == [post]
    assert save(cast, "admin", post, "pa", "ar").status_code == 302
    post.refresh_from_db()
    assert post.languages == ["ar", "pa"]


def test_nothing_but_a_translators_post_is_there(cast: Cast) -> None:
    teacher = Assignment.objects.get(user=cast.staff["teacher_3b"], role=Role.TEACHER)
    assert save(cast, "head", teacher, "ar").status_code == 404
    ended = make_translator(cast)
    Assignment.objects.filter(pk=ended.pk).update(ends_on=cast.year.starts_on)
    assert save(cast, "head", ended, "ar").status_code == 404


def test_dutch_and_what_is_no_language_are_refused(cast: Cast) -> None:
    post = make_translator(cast)
    for code in ("nl", "xx"):
        assert save(cast, "head", post, code).status_code == 422
    answer = cast.client("head").post(reverse("translator_languages", args=[post.pk]), follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Bewaard."], "nobody asks them any more"
    post.refresh_from_db()
    assert post.languages == []


def test_saving_what_is_there_is_no_change(cast: Cast) -> None:
    save(cast, "head", make_translator(cast), "tr")
    assert not AuditEntry.objects.filter(verb="set a translator's languages").exists()


def test_a_schools_translator_does_not_write_the_texts_of_all_schools(cast: Cast) -> None:
    post = make_translator(cast)
    page = reverse("text_edit", args=["sjabloon", template().pk, "tr"])
    assert staff_browser(post.user).get(page).status_code == 403
