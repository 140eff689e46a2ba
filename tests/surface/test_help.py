"""The help says what the portal does: its pages, buttons and pictures exist, and it is short."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.contrib.staticfiles import finders
from django.urls import get_resolver, reverse
from PIL import Image

from ingroeibloei.help.topics import PICTURES, Topic, for_roles, topics
from schools.models import Role, StaffInvitation, User
from schools.services import staffing
from tests.browser.pages import PAGES
from tests.browser.questions import ROOT
from tests.cast import Cast
from tests.messaging.notices_for_pages import sent
from tests.surface.rows import Rows

EACH = pytest.mark.parametrize("topic", topics().values(), ids=topics())
#: More does not fit on a screen and a half beside its pictures.
MOST_WORDS, MOST_STEPS, MOST_PICTURES, LONGEST_SENTENCE = 170, 6, 3, 24
MOST_BYTES = 60_000
FOLDER = ROOT / "ingroeibloei" / "static" / PICTURES


@cache
def words_of_the_portal() -> frozenset[str]:
    """What stands on pages in Dutch; ``…`` for what is filled in."""
    found: set[str] = set()
    for entry in polib.pofile(str(ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po")):
        for words in () if entry.obsolete else (entry.msgstr, *entry.msgstr_plural.values()):
            shown = re.sub(r"%\(\w+\)[sd]", "…", words)
            found |= {shown, shown[:1].upper() + shown[1:]}
    return frozenset(found)


@EACH
def test_every_button_and_field_that_help_names_is_one_of_the_portal(topic: Topic) -> None:
    named = {label for sentence in topic.sentences for label in sentence.labels}
    assert named - words_of_the_portal() == set()
    assert named, "help without a button to press"


@EACH
def test_help_is_offered_on_pages_that_exist_and_for_roles_that_exist(topic: Topic) -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert set(topic.routes) - names == set()
    assert topic.roles <= set(Role.values)
    assert topic.routes


def test_no_page_has_two_helps() -> None:
    routes = [route for topic in topics().values() for route in topic.routes]
    assert len(routes) == len(set(routes))


@EACH
def test_every_picture_is_of_a_page_is_small_and_says_what_it_shows(topic: Topic) -> None:
    pages = {page.name: page for page in PAGES}
    shown = [step for step in topic.steps if step.picture]
    assert 1 <= len(shown) <= MOST_PICTURES
    for step in shown:
        assert step.picture in pages, f"no page {step.picture}"
        assert not pages[step.picture].is_for_parents
        assert step.alt
        file = finders.find(step.file)
        assert file, f"{step.file}: python -m tests.screenshots help"
        assert Path(str(file)).stat().st_size <= MOST_BYTES
        with Image.open(str(file)) as picture:
            assert picture.size == (760, 480)


def test_no_picture_is_left_over() -> None:
    shown = {step.picture for topic in topics().values() for step in topic.steps if step.picture}
    assert {file.stem for file in FOLDER.iterdir()} == shown


@EACH
def test_a_page_of_help_is_short_and_plain(topic: Topic) -> None:
    texts = [topic.lead, *(str(sentence) for sentence in topic.sentences)]
    assert len(" ".join(texts).split()) <= MOST_WORDS
    assert 2 <= len(topic.steps) <= MOST_STEPS
    for text in texts:
        for sentence in re.split(r"(?<=[.:?!])\s", text):
            assert len(sentence.split()) <= LONGEST_SENTENCE, sentence


def test_every_role_has_help_for_what_it_does_and_for_what_goes_wrong() -> None:
    for role in Role.values:
        slugs = {topic.slug for topic in for_roles([role])[0]}
        assert {"datalek", "tweede-factor"} <= slugs, role
        assert len(slugs) > 2, role


@pytest.mark.django_db
def test_help_leads_who_lost_a_factor_back_in_by_the_door_that_is_left(cast: Cast, rows: Rows) -> None:
    """The password goes with the factor: only the new invitation opens, and it asks for a new one."""
    staffing.confirm_factor_reset(reset=rows.factor_reset, by=cast.staff["care"])
    lost = User.objects.get(pk=rows.factor_reset.user_id)
    assert not lost.has_usable_password()
    assert StaffInvitation.objects.open().filter(user=lost).count() == 1
    last = str(topics()["tweede-factor"].steps[-1].text)
    assert "uitnodiging" in last
    assert "je wachtwoord" not in last


@pytest.mark.django_db
def test_a_reader_finds_the_own_tasks_first_and_those_of_colleagues_too(cast: Cast) -> None:
    shown = cast.client("partner").get(reverse("help_index")).content.decode()
    own, others = shown.split("Wat collega’s doen")
    assert "Meedoen als partner" in own
    assert "Een schoollijst inladen" not in own
    assert "Een schoollijst inladen" in others


@pytest.mark.django_db
@EACH
def test_every_page_of_help_opens_with_its_steps(cast: Cast, topic: Topic) -> None:
    shown = cast.client("teacher_3b").get(reverse("help_topic", args=[topic.slug])).content.decode()
    assert shown.count('class="help-picture"') == sum(bool(step.picture) for step in topic.steps)
    assert "**" not in shown


@pytest.mark.django_db
def test_a_page_leads_to_its_own_help_and_every_page_to_all_of_it(cast: Cast) -> None:
    teacher = cast.client("teacher_3b")
    compose = teacher.get(reverse("notice_new")).content.decode()
    assert f'href="{reverse("help_topic", args=["bericht"])}"' in compose
    assert "Hulp bij deze pagina" in compose
    pages = {"niet-bereikt": reverse("notice_detail", args=[sent(cast).pk]), "tweede-factor": reverse("mfa_index")}
    for topic, address in pages.items():
        assert f'href="{reverse("help_topic", args=[topic])}"' in teacher.get(address).content.decode(), topic
    week = teacher.get(reverse("my_week")).content.decode()
    assert "Hulp bij deze pagina" not in week
    assert f'href="{reverse("help_index")}"' in week


@pytest.mark.django_db
def test_help_that_does_not_exist_is_not_found(cast: Cast) -> None:
    assert cast.client("teacher_3b").get("/school/hulp/niets/").status_code == 404
