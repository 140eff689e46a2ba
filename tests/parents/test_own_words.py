"""What the portal itself asks of a colleague is kept in Dutch, and read by each colleague in the own language."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from parents import ownwords
from parents.models import FollowUp, FollowUpKind
from parents.models.kinds import ContactKind
from parents.services import open_follow_up
from reports.leftover import left_behind
from schools import clock
from schools.models import User
from tests.cast import Cast, build_cast
from tests.parents.conferences import book, hours_of, round_of, slot_of, ten_days_on
from tests.parents.frame import text_of
from tests.parents.test_corrections import fields as as_kept
from tests.parents.test_quick_log import address, quick

DAY = date(2027, 2, 1)
FACTS = {"title": "Zwemmen: wat brengt uw kind mee?", "number": "0470 00 00 01", "day": DAY, "name": "Harpreet Kaur",
         "guardian": "Jan (Jef) De Wit", "value": "jan@example.be"}  # fmt: skip


def facts_of(sentence: str) -> dict[str, object]:
    return {name: FACTS[name] for name in re.findall(r"%\((\w+)\)s", sentence)}


@pytest.mark.parametrize("sentence", ownwords.SENTENCES)
def test_each_sentence_is_kept_in_dutch_and_said_in_three_languages(sentence: str) -> None:
    with translation.override("fr"):
        words = ownwords.kept(sentence, **facts_of(sentence))
    day = {"nl": "1 februari 2027", "fr": "1er février 2027", "en": "1 February 2027"}
    for code in ("nl", "fr", "en"):
        with translation.override(code):
            facts = facts_of(sentence)
            if "day" in facts:
                facts["day"] = day[code].replace(" ", "\u00a0")
            assert ownwords.said(words) == translation.gettext(sentence) % facts
    with translation.override("pa"):
        assert ownwords.said(words) == words, "no colleague reads it, and no catalog has it"


@pytest.mark.parametrize("words", ["Bellen over de bril", "", "–", "Het bericht uitleggen"])
def test_what_a_colleague_wrote_stays_as_it_is(words: str) -> None:
    with translation.override("fr"):
        assert ownwords.said(words) == words


def test_a_sentence_too_long_for_its_row_stays_dutch() -> None:
    words = ownwords.kept(ownwords.OTHER_CONTACT, guardian="x" * 260, value="y")
    assert len(words) == ownwords.LONGEST
    with translation.override("fr"):
        assert ownwords.said(words) == words


def test_each_kind_of_talk_that_needs_more_is_said_in_french() -> None:
    kept = {kind: ownwords.kept_tap(kind) for kind in ContactKind.values}
    assert len(set(kept.values())) == len(kept)
    with translation.override("fr"):
        assert ownwords.said(kept["PHONE"]) == "Appel téléphonique\u00a0: contact établi, suivi nécessaire"
        assert not {ownwords.said(words) for words in kept.values()} & set(kept.values())


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def asked(cast: Cast) -> FollowUp:
    return open_follow_up(
        by=None,
        family=cast.families["kaur"],
        school=cast.schools["kersenboom"],
        what=ownwords.kept(ownwords.EXPLAIN, title="Zwemmen"),
        due_on=clock.today(),
        kind=FollowUpKind.NOT_UNDERSTOOD,
        owner=cast.staff["teacher_3b"],
        pupil=cast.pupils["simran"],
    )


def test_pages_say_it_in_the_language_of_the_reader(cast: Cast) -> None:
    task = asked(cast)
    teacher, family = cast.client("teacher_3b"), reverse("family_detail", args=[task.family_id])
    for page_address in (reverse("my_week"), family):
        assert "Het bericht uitleggen: Zwemmen" in text_of(teacher.get(f"{page_address}?taal=nl"))
        page = text_of(teacher.get(f"{page_address}?taal=fr"))
        assert "Expliquer le message\u00a0: Zwemmen" in page
        assert "Het bericht uitleggen" not in page
    done = teacher.post(reverse("follow_up_done", args=[task.pk]), follow=True)
    assert "Expliquer le message\u00a0: Zwemmen" in text_of(done)
    with translation.override("fr"):
        FollowUp.objects.filter(pk=task.pk).update(status="OPEN")
        User.objects.filter(pk=cast.staff["teacher_3b"].pk).update(is_active=False)
        assert "Expliquer le message\u00a0: Zwemmen" in [row.what for row in left_behind(cast.staff["head"])]


def test_what_a_french_colleague_tapped_waits_in_dutch_for_the_others(cast: Cast) -> None:
    made = round_of(cast)
    slot = slot_of(cast, made, "simran")
    book(cast, slot, hours_of(made)[0], "mother")
    ten_days_on(made)
    teacher = cast.client("teacher_3b")
    teacher.get(reverse("my_week") + "?taal=fr")
    teacher.post(reverse("conference_attendance", args=[made.hosts.get().pk]), {"shown": [slot.pk]})
    missed = FollowUp.objects.get(slot=slot)
    assert missed.what == "Bied een ander gesprek aan: er kwam niemand naar het oudercontact."
    teacher.post(address(cast), quick(cast, outcome="REACHED_FOLLOW_UP"))
    tapped = FollowUp.objects.latest("pk")
    assert tapped.what == "Gesprek aan de schoolpoort: bereikt, opvolging nodig"
    moment = tapped.contact_moment
    assert moment is not None
    teacher.post(reverse("contact_correct", args=[moment.pk]), as_kept(moment, kind="PHONE"))
    tapped.refresh_from_db()
    assert tapped.what == "Telefoongesprek: bereikt, opvolging nodig"
    assert "Appel téléphonique" in text_of(teacher.get(reverse("my_week")))
