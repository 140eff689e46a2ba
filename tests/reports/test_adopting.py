"""What schools make of the cards: a log of taking them up, adaptations and questions."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from reports.adopting import Change, answer_question, ask_about_card, decide_adaptation, note_adoption, write_adaptation
from reports.cardmails import tell_of_questions
from reports.models import Adaptation, AdoptionChange, CardQuestion, MethodAdoption, SchoolPlan
from reports.planner.dates import first_day
from reports.planner.planning import start_plan
from reports.planner.working import skip_step
from schools import clock
from schools.models import Assignment, Method, Participation, School
from tests.cast import BRUSSELS, Cast
from tests.messaging.sinks import mail_sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(school: School) -> Method:
    return Method.objects.get(slug="good-news-call")


def change(status: str = "TRYING", days: int = 0, why: str = "") -> Change:
    return Change(status=status, since=clock.today() - timedelta(days=days), why=why)


def address(card: Method, school: School) -> str:
    return f"{reverse('card_at_school', args=[card.slug])}?school={school.pk}"


def test_a_card_is_tried_used_embedded_and_stopped_and_the_log_keeps_it_all(
    school: School, card: Method, cast: Cast
) -> None:
    head = cast.client("head")
    for days, status, why in ((90, "TRYING", ""), (60, "IN_USE", ""), (30, "EMBEDDED", ""), (0, "STOPPED", "Te druk.")):
        day = clock.today() - timedelta(days=days)
        sent = {"use-status": status, "use-since": day.isoformat(), "use-why": why}
        assert head.post(address(card, school), sent).status_code == 302
    row = MethodAdoption.objects.get(school=school, method=card)
    assert (row.status, row.why) == ("STOPPED", "Te druk.")
    assert [line.status for line in row.changes.order_by("pk")] == ["TRYING", "IN_USE", "EMBEDDED", "STOPPED"]
    assert "Te druk." in head.get(address(card, school)).content.decode()


def test_the_database_lets_no_line_of_the_log_change(school: School, card: Method, cast: Cast) -> None:
    note_adoption(school=school, method=card, change=change(), by=cast.staff["head"])
    with pytest.raises(DatabaseError), transaction.atomic():
        AdoptionChange.objects.update(why="Anders")


def test_said_twice_it_is_one_line(school: School, card: Method, cast: Cast) -> None:
    for _time in range(2):
        note_adoption(school=school, method=card, change=change(), by=cast.staff["head"])
    assert AdoptionChange.objects.count() == 1


def test_the_day_on_which_it_began_can_be_put_right_and_another_status_begins_later(
    school: School, card: Method, cast: Cast
) -> None:
    head = cast.staff["head"]
    for days in (10, 20):
        note_adoption(school=school, method=card, change=change(days=days), by=head)
    assert MethodAdoption.objects.get().since == clock.today() - timedelta(days=20)
    with pytest.raises(ValidationError):
        note_adoption(school=school, method=card, change=change("IN_USE", days=21), by=head)


@pytest.mark.parametrize(
    "wrong",
    [change("STOPPED"), change("STOPPED", why="Nooit begonnen"), change(days=-3), change(days=900),
     change(why="Vraag het aan Harpreet Kaur"), change(why="Bel 0470 12 34 56")],
)  # fmt: skip
def test_what_is_not_possible_is_refused(school: School, card: Method, cast: Cast, wrong: Change) -> None:
    with pytest.raises(ValidationError):
        note_adoption(school=school, method=card, change=wrong, by=cast.staff["head"])
    assert not MethodAdoption.objects.exists()


@pytest.mark.parametrize("who", ["care", "teacher_3b", "head_go"])
def test_only_the_head_and_the_joint_worker_speak_for_the_school(
    school: School, card: Method, cast: Cast, who: str
) -> None:
    with pytest.raises(ValidationError):
        note_adoption(school=school, method=card, change=change(), by=cast.staff[who])
    with pytest.raises(ValidationError):
        write_adaptation(school=school, method=card, words="Anders.", by=cast.staff[who])


def test_the_year_plan_follows_what_is_noted(school: School, card: Method, cast: Cast) -> None:
    head = cast.staff["head"]
    plan: SchoolPlan = start_plan(school=school, year=cast.year, by=head, since=first_day(cast.year))
    mine = plan.steps.filter(step__key="good-news-again")
    assert not mine.exists()
    with time_machine.travel(datetime(cast.year.starts_on.year, 12, 1, 9, tzinfo=BRUSSELS)):
        note_adoption(school=school, method=card, change=change("IN_USE"), by=head)
        assert mine.get().is_open
        note_adoption(school=school, method=card, change=change("STOPPED", why="Te druk"), by=head)
        assert mine.get().state == "SKIPPED"
        note_adoption(school=school, method=card, change=change("IN_USE"), by=head)
        assert mine.get().is_open


def test_a_step_that_somebody_left_out_stays_left_out(school: School, card: Method, cast: Cast) -> None:
    head = cast.staff["head"]
    plan: SchoolPlan = start_plan(school=school, year=cast.year, by=head, since=first_day(cast.year))
    with time_machine.travel(datetime(cast.year.starts_on.year, 12, 1, 9, tzinfo=BRUSSELS)):
        note_adoption(school=school, method=card, change=change("IN_USE"), by=head)
        step = plan.steps.get(step__key="good-news-again")
        skip_step(step=step, reason="Dit jaar niet", by=head)
        note_adoption(school=school, method=card, change=change("STOPPED", why="Te druk"), by=head)
        note_adoption(school=school, method=card, change=change("IN_USE"), by=head)
    step.refresh_from_db()
    assert (step.state, step.reason) == ("SKIPPED", "Dit jaar niet")


def test_an_adaptation_is_read_elsewhere_only_after_the_joint_worker_s_word(
    school: School, card: Method, cast: Cast
) -> None:
    head, elsewhere, joint = cast.client("head"), cast.client("head_go"), cast.client("joint")
    other = address(card, cast.schools["bloesem"])
    assert head.post(address(card, school), {"own-words": "Wij bellen\nop woensdag."}).status_code == 302
    assert "op woensdag" in head.get(address(card, school)).content.decode()
    assert "op woensdag" not in elsewhere.get(other).content.decode()
    row = Adaptation.objects.get()
    assert "op woensdag" in joint.get(reverse("card_list")).content.decode()
    joint.post(reverse("adaptation_decide", args=[row.pk]), {"what": "share", "written": as_read(joint)})
    assert "op woensdag" in elsewhere.get(other).content.decode()
    head.post(address(card, school), {"own-words": "Wij bellen op vrijdag."})
    assert "op vrijdag" not in elsewhere.get(other).content.decode()


def as_read(joint: Client) -> str:
    """What the page of the joint worker sends along of the text that waits on it."""
    page = joint.get(reverse("card_list")).content.decode()
    (written,) = re.findall(r'name="written"\s+value="(\d+)"', page)
    return str(written)


def test_what_is_written_anew_after_it_was_read_is_not_shared_unread(school: School, card: Method, cast: Cast) -> None:
    head, joint = cast.staff["head"], cast.client("joint")
    row = write_adaptation(school=school, method=card, words="Wij bellen op woensdag.", by=head)
    read = as_read(joint)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        write_adaptation(school=school, method=card, words="Wij bellen niet meer.", by=head)
        url = reverse("adaptation_decide", args=[row.pk])
        page = joint.post(url, {"what": "share", "written": read}, follow=True).content.decode()
        assert "intussen" in page
        row.refresh_from_db()
        assert row.state == Adaptation.State.PROPOSED
        joint.post(url, {"what": "share", "written": as_read(joint)})
    row.refresh_from_db()
    assert row.state == Adaptation.State.SHARED


def test_a_word_to_the_school_that_will_not_do_stays_to_be_mended(school: School, card: Method, cast: Cast) -> None:
    row, joint = (
        write_adaptation(school=school, method=card, words="Anders.", by=cast.staff["head"]),
        cast.client("joint"),
    )
    url, answer = reverse("adaptation_decide", args=[row.pk]), "Vraag het aan Lotte Claes."
    page = joint.post(url, {"what": "keep", "written": as_read(joint), "answer": answer})
    shown = page.content.decode()
    assert page.status_code == 422
    assert f'value="{answer}"' in shown
    assert f'href="#id_{row.pk}_answer"' in shown
    assert f'action="{reverse("card_list")}"' in shown, "another school is chosen on the list"
    row.refresh_from_db()
    assert row.state == Adaptation.State.PROPOSED


def test_left_at_the_school_it_says_why(school: School, card: Method, cast: Cast) -> None:
    row = write_adaptation(school=school, method=card, words="Anders.", by=cast.staff["head"])
    with pytest.raises(ValidationError):
        decide_adaptation(adaptation=row, is_shared=False, answer="", by=cast.staff["joint"])
    decide_adaptation(adaptation=row, is_shared=False, answer="Te kort.", by=cast.staff["joint"])
    with pytest.raises(ValidationError):
        decide_adaptation(adaptation=row, is_shared=True, answer="", by=cast.staff["joint"])
    assert "Te kort." in cast.client("head").get(address(card, school)).content.decode()


def test_a_name_in_an_adaptation_is_refused_and_nothing_is_lost(school: School, card: Method, cast: Cast) -> None:
    page = cast.client("head").post(address(card, school), {"own-words": "Vraag het aan Lotte Claes."})
    assert page.status_code == 422
    shown = page.content.decode()
    assert "Vraag het aan Lotte Claes." in shown
    assert "Lotte Claes”" in shown
    assert not Adaptation.objects.exists()


def test_a_question_goes_to_the_author_and_its_answer_to_every_school(school: School, card: Method, cast: Cast) -> None:
    MethodAdoption.objects.create(
        method=card, school=cast.schools["bloesem"], status="IN_USE", since=date(2026, 9, 1), is_origin=True
    )
    assert cast.client("teacher_3b").post(address(card, school), {"ask-text": "Hoelang?"}).status_code == 302
    question = CardQuestion.objects.get()
    assert tell_of_questions() == 1
    assert {message.to[0] for message in mail.outbox} == {cast.staff["joint"].email, cast.staff["head_go"].email}
    page = reverse("card_question", args=[question.pk])
    assert cast.client("teacher_go").get(page).status_code == 404
    assert cast.client("care").post(page, {"answer": "Vijf minuten."}).status_code == 403
    assert cast.client("head_go").post(page, {"answer": "Vijf minuten."}).status_code == 302
    assert "Vijf minuten." in cast.client("teacher_go").get(page).content.decode()
    mail.outbox.clear()
    assert tell_of_questions() == 1
    assert [message.to for message in mail.outbox] == [[cast.staff["teacher_3b"].email]]
    assert tell_of_questions() == 0


def test_a_question_that_nobody_may_answer_yet_is_told_of_to_whoever_comes(
    school: School, card: Method, cast: Cast
) -> None:
    """Between two workers, in summer."""
    posts = Assignment.objects.filter(user=cast.staff["joint"])
    days = dict(posts.values_list("pk", "ends_on"))
    posts.update(ends_on=clock.today() - timedelta(days=1))
    ask_about_card(school=school, method=card, text="Hoelang?", by=cast.staff["head"])
    assert tell_of_questions() == 0
    for pk, last in days.items():
        posts.filter(pk=pk).update(ends_on=last)
    assert (tell_of_questions(), tell_of_questions()) == (1, 0)
    assert [letter.to for letter in mail.outbox] == [[cast.staff["joint"].email]]


def test_an_address_that_is_refused_keeps_nobody_from_hearing_and_mails_nobody_twice(
    school: School, card: Method, cast: Cast, settings: Any
) -> None:
    MethodAdoption.objects.create(
        method=card, school=cast.schools["bloesem"], status="IN_USE", since=date(2026, 9, 1), is_origin=True
    )
    ask_about_card(school=school, method=card, text="Hoelang?", by=cast.staff["head"])
    wrong, right = cast.staff["joint"].email, cast.staff["head_go"].email
    with mail_sink(answer_rcpt=lambda address: "550 5.1.2 No such domain" if address == wrong else "") as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, False
        assert (tell_of_questions(), tell_of_questions()) == (1, 0)
    assert [to for to, _content in sink.raw] == [right]


def test_a_mail_server_that_goes_away_half_way_mails_nobody_twice(
    school: School, card: Method, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    MethodAdoption.objects.create(
        method=card, school=cast.schools["bloesem"], status="IN_USE", since=date(2026, 9, 1), is_origin=True
    )
    ask_about_card(school=school, method=card, text="Hoelang?", by=cast.staff["head"])
    real, tried = mail.EmailMessage.send, list[str]()

    def takes_one(letter: mail.EmailMessage) -> int:
        tried.extend(letter.to)
        if len(tried) == 2:
            raise ConnectionRefusedError
        return real(letter)

    monkeypatch.setattr(mail.EmailMessage, "send", takes_one)
    assert (tell_of_questions(), tell_of_questions(), tell_of_questions()) == (0, 1, 0)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        [cast.staff["joint"].email, cast.staff["head_go"].email]
    )


def test_a_question_waits_for_the_author_whose_mail_server_asks_to_come_back_later(
    school: School, card: Method, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_about_card(school=school, method=card, text="Hoelang?", by=cast.staff["head"])
    real = mail.EmailMessage.send

    def greylists(letter: mail.EmailMessage) -> int:
        raise SMTPRecipientsRefused({letter.to[0]: (450, b"Greylisted, try again later")})

    monkeypatch.setattr(mail.EmailMessage, "send", greylists)
    assert tell_of_questions() == 0
    monkeypatch.setattr(mail.EmailMessage, "send", real)
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=True):
        assert (tell_of_questions(), tell_of_questions()) == (1, 0)
    assert [letter.to for letter in mail.outbox] == [[cast.staff["joint"].email]]


def test_who_accompanies_the_school_no_more_hears_of_no_question(school: School, card: Method, cast: Cast) -> None:
    ask_about_card(school=school, method=card, text="Hoelang?", by=cast.staff["head"])
    Participation.objects.filter(school=school).update(ends_on=clock.today() - timedelta(days=1))
    tell_of_questions()
    assert mail.outbox == []


def test_the_mails_say_nothing_of_what_was_asked_or_answered(school: School, card: Method, cast: Cast) -> None:
    question = ask_about_card(school=school, method=card, text="Hoelang duurt het?", by=cast.staff["head"])
    tell_of_questions()
    answer_question(question=question, answer="Vijf minuten.", by=cast.staff["joint"])
    tell_of_questions()
    assert {cast.staff["joint"].email, cast.staff["head"].email} <= {to for message in mail.outbox for to in message.to}
    for message in mail.outbox:
        words = f"{message.subject} {message.body}"
        assert not [part for part in ("Hoelang", "Vijf", card.title, school.name) if part in words]


def test_a_school_has_ten_open_questions_at_most(school: School, card: Method, cast: Cast) -> None:
    ask: dict[str, Any] = {"school": school, "method": card, "by": cast.staff["head"]}
    for number in range(10):
        ask_about_card(text=f"Vraag {number}?", **ask)
    ask_about_card(text="Vraag 9?", **ask)
    with pytest.raises(ValidationError):
        ask_about_card(text="Vraag 10?", **ask)
    with pytest.raises(ValidationError):
        ask_about_card(text="Van elders?", **ask | {"by": cast.staff["head_go"]})
