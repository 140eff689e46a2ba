"""A talk that was noted wrongly: put right by its writer, taken back with a reason; what it said before stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from messaging.services.erasing import erase_guardian
from parents.models import ContactMoment, ContactRevision
from parents.retention import RULES, _blank_notes
from parents.services import log_contact_moment, open_follow_up
from schools import clock
from schools.keeping import carry_out
from schools.models import AuditEntry, Partner
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def moment(cast: Cast) -> ContactMoment:
    return log_contact_moment(
        author=cast.staff["teacher_3b"],
        school=cast.schools["kersenboom"],
        pupils=[cast.pupils["simran"]],
        kind="GATE_TALK",
        outcome="REACHED_AGREED",
        held_on=clock.today(),
        note="Over rekenen",
    )


def fields(moment: ContactMoment, **more: Any) -> dict[str, Any]:
    return {
        "seen": moment.revisions.count(),
        "kind": moment.kind,
        "outcome": moment.outcome,
        "held_on": moment.held_on.isoformat(),
        "interpreter_need": "NO",
        "note": moment.note,
        "guardians": [guardian.pk for guardian in moment.guardians.all()],
    } | more


def correct(moment: ContactMoment) -> str:
    return reverse("contact_correct", args=[moment.pk])


def withdraw(moment: ContactMoment) -> str:
    return reverse("contact_withdraw", args=[moment.pk])


def promised(moment: ContactMoment) -> list[tuple[str, str, str]]:
    """What is to be done of the talk, as it stands: what, whose, and how far."""
    rows = moment.follow_ups.order_by("pk").select_related("owner")
    return [(row.what, row.owner.email if row.owner else "", row.status) for row in rows]


def test_what_one_tap_asked_for_goes_and_comes_with_the_outcome(cast: Cast, moment: ContactMoment) -> None:
    teacher, address = cast.client("teacher_3b"), cast.staff["teacher_3b"].email
    teacher.post(correct(moment), fields(moment, outcome="REACHED_FOLLOW_UP"))
    moment.refresh_from_db()
    asked = "Gesprek aan de schoolpoort: bereikt, opvolging nodig"
    assert promised(moment) == [(asked, address, "OPEN")], "as when it is logged so at once"
    teacher.post(correct(moment), fields(moment, kind="PHONE"))
    moment.refresh_from_db()
    [(phoned, _owner, status)] = promised(moment)
    assert (phoned, status) == (asked.replace("Gesprek aan de schoolpoort", "Telefoongesprek"), "OPEN")
    teacher.post(correct(moment), fields(moment, outcome="NOT_REACHED"))
    assert promised(moment) == [(phoned, address, "DROPPED")]


def test_what_was_promised_in_words_stays_whatever_the_outcome(cast: Cast, moment: ContactMoment) -> None:
    day = clock.today() + timedelta(days=2)
    author, links = cast.staff["teacher_3b"], {"owner": cast.staff["teacher_3b"], "contact_moment": moment}
    open_follow_up(by=author, family=moment.family, school=moment.school, what="Boekje zoeken", due_on=day, **links)
    for outcome in ("REACHED_FOLLOW_UP", "NOT_REACHED"):
        cast.client("teacher_3b").post(correct(moment), fields(moment, outcome=outcome))
        moment.refresh_from_db()
        assert promised(moment) == [("Boekje zoeken", author.email, "OPEN")]


def test_a_line_of_a_clb_puts_nothing_into_the_week_of_a_school(cast: Cast) -> None:
    moment = log_contact_moment(
        author=cast.staff["joint"],
        school=cast.schools["kersenboom"],
        pupils=[cast.pupils["simran"]],
        kind="PHONE",
        outcome="REACHED_AGREED",
        held_on=clock.today(),
        visibility="AUTHOR",
    )
    cast.client("joint").post(correct(moment), fields(moment, outcome="REACHED_FOLLOW_UP"))
    moment.refresh_from_db()
    assert (moment.outcome, promised(moment)) == ("REACHED_FOLLOW_UP", [])


def test_its_writer_puts_it_right_and_what_it_said_stays(cast: Cast, moment: ContactMoment) -> None:
    teacher, day = cast.client("teacher_3b"), clock.today() - timedelta(days=1)
    page = text_of(teacher.get(reverse("contact_detail", args=[moment.pk])))
    assert correct(moment) in page
    changed = fields(moment, kind="PHONE", purpose="PRAISE", note="Over lezen", held_on=day.isoformat())
    assert teacher.post(correct(moment), changed).status_code == 302
    moment.refresh_from_db()
    assert (moment.kind, moment.note, moment.held_on) == ("PHONE", "Over lezen", day)
    assert moment.is_two_way, "figures count what it says now"
    assert moment.held_month == clock.month_of(day)
    page = text_of(teacher.get(reverse("contact_detail", args=[moment.pk])))
    for words in ("Over rekenen", "Over lezen", "Lotte Claes"):
        assert words in page
    assert set(ContactRevision.objects.get().was) == {"kind", "purpose", "note", "held_on"}
    entry = AuditEntry.objects.get(verb="corrected")
    assert entry.detail == {"fields": ["held_on", "kind", "note", "purpose"]}


def test_a_talk_of_an_evening_says_where_to_write_what_was_agreed(cast: Cast, moment: ContactMoment) -> None:
    def says(who: str) -> bool:
        page = text_of(cast.client(who).get(reverse("contact_detail", args=[moment.pk])))
        return "Is er iets afgesproken of verteld? Schrijf het erbij met “Verbeteren”." in page

    assert not says("teacher_3b"), "something stands there"
    ContactMoment.objects.update(note="", is_two_way=True)
    assert (says("teacher_3b"), says("head")) == (True, False), "who noted it"
    ContactMoment.objects.update(is_two_way=False)
    assert not says("teacher_3b"), "nobody was spoken with"


def test_whether_a_referral_arrived_is_noted_later(cast: Cast, moment: ContactMoment) -> None:
    teacher, detail = cast.client("teacher_3b"), reverse("contact_detail", args=[moment.pk])
    teacher.post(correct(moment), fields(moment, outcome="REFERRED"))
    assert "niet bekend of het gezin aankwam" in text_of(teacher.get(detail))
    moment.refresh_from_db()
    assert teacher.post(correct(moment), fields(moment, arrived="True")).status_code == 302
    moment.refresh_from_db()
    assert moment.arrived is True
    page = text_of(teacher.get(detail))
    assert "kwam daar aan" in page
    assert "niet bekend of het gezin aankwam" not in page
    assert teacher.post(correct(moment), fields(moment, arrived="PERHAPS")).status_code == 422
    teacher.post(correct(moment), fields(moment, arrived=""))
    assert "kwam daar aan" in text_of(teacher.get(detail)), "what it said before stays"
    moment.refresh_from_db()
    assert moment.arrived is None


def test_to_which_organisation_a_referral_leads_is_put_right_by_name(cast: Cast, moment: ContactMoment) -> None:
    teacher, detail = cast.client("teacher_3b"), reverse("contact_detail", args=[moment.pk])
    library, house = (Partner.objects.create(name=name) for name in ("De Leeshoek", "Huis van het Kind"))
    teacher.post(correct(moment), fields(moment, outcome="REFERRED", partner=library.pk))
    moment.refresh_from_db()
    assert moment.partner == library
    assert teacher.post(correct(moment), fields(moment, partner=house.pk)).status_code == 302
    moment.refresh_from_db()
    assert moment.partner == house
    assert ContactRevision.objects.order_by("-pk")[0].was == {"partner": "De Leeshoek"}
    page = text_of(teacher.get(detail))
    assert "De Leeshoek" in page
    assert "Huis van het Kind" in page


def test_the_tone_is_put_right_and_a_form_without_it_changes_none(cast: Cast, moment: ContactMoment) -> None:
    teacher = cast.client("teacher_3b")
    teacher.post(correct(moment), fields(moment, tone="CONCERN"))
    moment.refresh_from_db()
    assert moment.tone == "CONCERN"
    assert ContactRevision.objects.get().lines() == [("toon", "neutraal")]
    teacher.post(correct(moment), fields(moment))
    moment.refresh_from_db()
    assert (moment.tone, ContactRevision.objects.count()) == ("CONCERN", 1)


def test_the_same_again_leaves_no_trace(cast: Cast, moment: ContactMoment) -> None:
    assert cast.client("teacher_3b").post(correct(moment), fields(moment)).status_code == 302
    assert not ContactRevision.objects.exists()


def test_a_second_press_blames_nobody(cast: Cast, moment: ContactMoment) -> None:
    said = fields(moment, note="Over lezen")
    client = cast.client("teacher_3b")
    assert [client.post(correct(moment), said).status_code for _press in range(2)] == [302, 302]
    assert moment.revisions.count() == 1


def test_two_windows_do_not_overwrite_each_other(cast: Cast, moment: ContactMoment) -> None:
    teacher, old = cast.client("teacher_3b"), fields(moment)
    teacher.post(correct(moment), old | {"note": "Eerst"})
    answer = teacher.post(correct(moment), old | {"note": "Later"})
    assert answer.status_code == 422
    assert "intussen" in text_of(answer)
    moment.refresh_from_db()
    assert moment.note == "Eerst"


@pytest.mark.parametrize(
    "more",
    [
        {"held_on": "2099-01-01"},
        {"held_on": "0026-11-05"},  # what a picker sends when somebody types two figures of the year
        {"kind": "HOME_VISIT"},
        {"outcome": "x"},
        {"held_on": ""},
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, moment: ContactMoment, more: dict[str, str]) -> None:
    assert cast.client("teacher_3b").post(correct(moment), fields(moment, **more)).status_code == 422
    assert not ContactRevision.objects.exists()


@pytest.mark.parametrize("person", ["teacher_1a", "head", "joint", "care"])
def test_nobody_else_puts_it_right(cast: Cast, moment: ContactMoment, person: str) -> None:
    client = cast.client(person)
    assert client.get(correct(moment)).status_code == 404
    assert client.post(correct(moment), fields(moment, note="x")).status_code == 404


@pytest.mark.parametrize("person", ["teacher_3b", "head"])
def test_its_writer_or_the_head_takes_it_back(cast: Cast, moment: ContactMoment, person: str) -> None:
    client = cast.client(person)
    refused = client.post(withdraw(moment), {"because": " "})
    assert refused.status_code == 422
    assert "Zeg waarom" in text_of(refused)
    assert '<details class="disclosure" open>' in text_of(refused), "where it was typed"
    read = AuditEntry.objects.filter(verb="read", actor=cast.staff[person], target_id=moment.pk)
    assert read.count() == 1, "the whole talk stands there"
    moment.refresh_from_db()
    assert moment.withdrawn_at is None
    client.post(withdraw(moment), {"because": "Het was een ander kind."})
    moment.refresh_from_db()
    assert (moment.withdrawn_because, moment.is_reach) == ("Het was een ander kind.", False)
    page = text_of(client.get(reverse("contact_detail", args=[moment.pk])))
    assert "Het was een ander kind." in page
    assert correct(moment) not in page
    assert client.post(withdraw(moment), {"because": "Nog eens"}).status_code == 404
    assert cast.client("teacher_3b").post(correct(moment), fields(moment, note="x")).status_code == 404


@pytest.mark.parametrize("person", ["teacher_1a", "head_go", "care"])
def test_nobody_else_takes_it_back(cast: Cast, moment: ContactMoment, person: str) -> None:
    assert cast.client(person).post(withdraw(moment), {"because": "x"}).status_code == 404


def test_what_was_taken_back_stands_on_no_page_of_parents(cast: Cast, moment: ContactMoment) -> None:
    ContactMoment.objects.filter(pk=moment.pk).update(agreement="Elke week bellen", visibility="PARENT")
    mother, child = cast.guardian_client("mother"), reverse("portal_child", args=[cast.pupils["simran"].pk])
    assert "Elke week bellen" in text_of(mother.get(child))
    cast.client("teacher_3b").post(withdraw(moment), {"because": "Fout"})
    assert "Elke week bellen" not in text_of(mother.get(child))


def test_earlier_words_go_with_the_words(cast: Cast, moment: ContactMoment) -> None:
    cast.client("teacher_3b").post(correct(moment), fields(moment, note="", tone="POSITIVE"))
    with time_machine.travel(datetime(cast.year.ends_on.year + 1, 12, 31, 4, tzinfo=clock.BRUSSELS), tick=False):
        rule = next(rule for rule in RULES if rule.take is _blank_notes and rule.due().filter(pk=moment.pk))
        carry_out(rule, dry_run=False)
        assert not ContactRevision.objects.exists()
        assert carry_out(rule, dry_run=True) == 0
        moment.refresh_from_db()
        assert moment.tone == "NEUTRAL"


def test_a_line_of_a_clb_keeps_its_earlier_words_there_when_it_is_shared(cast: Cast) -> None:
    line = log_contact_moment(
        author=cast.staff["clb_vclb"],
        school=cast.schools["kersenboom"],
        pupils=[cast.pupils["simran"]],
        kind="PHONE",
        outcome="REACHED_AGREED",
        held_on=clock.today(),
        note="Vertrouwelijk verhaal",
        visibility="CLB",
        centre=cast.centres["vclb"],
    )
    worker = cast.client("clb_vclb")
    assert worker.post(correct(line), fields(line, note="Wil graag bellen")).status_code == 302
    ContactMoment.objects.filter(pk=line.pk).update(visibility="SCHOOL_CARE")
    detail = reverse("contact_detail", args=[line.pk])
    shown = {key: text_of(cast.client(key).get(detail)) for key in ("care", "head", "clb_vclb", "joint")}
    assert all("Wil graag bellen" in page for page in shown.values())
    assert {key for key, page in shown.items() if "Vertrouwelijk" in page} == {"clb_vclb", "joint"}


def test_who_did_not_come_stays_so_when_the_note_is_put_right(cast: Cast, moment: ContactMoment) -> None:
    ContactMoment.objects.filter(pk=moment.pk).update(
        status="NO_SHOW", outcome="NOT_REACHED", is_reach=False, is_two_way=False
    )
    moment.refresh_from_db()
    cast.client("teacher_3b").post(correct(moment), fields(moment, note="Niemand kwam"))
    moment.refresh_from_db()
    assert (moment.status, moment.note) == ("NO_SHOW", "Niemand kwam")


@pytest.mark.parametrize("line", ["note", "agreement"])
def test_a_national_number_is_refused(cast: Cast, moment: ContactMoment, line: str) -> None:
    answer = cast.client("teacher_3b").post(correct(moment), fields(moment, **{line: "nummer 85.07.30-033.28"}))
    assert answer.status_code == 422
    assert "rijksregisternummer" in text_of(answer)


def test_earlier_words_go_with_who_was_erased(cast: Cast, moment: ContactMoment) -> None:
    mother = cast.guardians["mother"]
    moment.guardians.set([mother])
    cast.client("teacher_3b").post(correct(moment), fields(moment, note="Anders", tone="CONCERN"))
    erase_guardian(guardian=mother, by=None)
    moment.refresh_from_db()
    assert (moment.note, moment.tone, ContactRevision.objects.count()) == ("", "NEUTRAL", 0)


def test_a_note_for_oneself_takes_its_earlier_words_along(cast: Cast, moment: ContactMoment) -> None:
    cast.client("teacher_3b").post(correct(moment), fields(moment, note=""))
    ContactMoment.objects.filter(pk=moment.pk).update(
        visibility="AUTHOR", held_on=clock.today() - timedelta(days=settings.AUTHOR_NOTE_DAYS + 2)
    )
    carry_out(next(rule for rule in RULES if rule.key == "own notes"), dry_run=False)
    assert not ContactRevision.objects.exists()
