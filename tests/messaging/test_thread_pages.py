from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ingroeibloei.templatetags.written import daytime
from messaging.inbox import CLOSED, expectation
from messaging.models import Thread, ThreadPost
from messaging.services import ask_question, reply, write_back
from parents.models import ContactKind, ContactMoment, Guardianship
from schools import clock
from schools.models import Assignment, AuditEntry, Enrolment, Holiday, Role, User
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to
from tests.messaging.test_notice_board import school_notice
from tests.parents.conferences import with_brother

pytestmark = pytest.mark.django_db


def asked(cast: Cast, text: str = "ਕੀ ਦੁਭਾਸ਼ੀਆ ਆ ਸਕਦਾ ਹੈ?") -> Thread:
    """Simran's mother asks something in Punjabi."""
    return ask_question(
        guardian=cast.guardians["mother"], pupil=cast.pupils["simran"], notice=None, text=text, language="pa"
    )


def address(thread: Thread, name: str = "thread_detail") -> str:
    return reverse(name, args=[thread.pk])


def test_what_is_done_is_called_done_everywhere(cast: Cast) -> None:
    """The button, the badge and the list have one word for it."""
    thread, browser = asked(cast), cast.client("teacher_3b")
    assert "Gedaan</" in "".join(browser.get(address(thread)).content.decode().split())
    browser.post(address(thread, "thread_state"), {"state": "closed"})
    page = browser.get(reverse("thread_list"), {"stand": CLOSED}).content.decode()
    assert page.count("gedaan") == 1, "the badge"
    assert "Gedaan" in page
    assert "Klaar" not in page


def test_a_reply_reaches_the_family_and_counts_as_a_contact(cast: Cast) -> None:
    thread = asked(cast)
    browser = cast.client("teacher_3b")
    page = browser.get(address(thread)).content.decode()
    assert 'lang="pa-Guru"' in page
    assert "ਦੁਭਾਸ਼ੀਆ" in page
    answer = browser.post(address(thread), {"text": "Ja, er komt een tolk."})
    assert answer.status_code == 302
    thread.refresh_from_db()
    assert thread.first_reply_on == clock.today()
    assert not thread.is_waiting
    moment = ContactMoment.objects.latest("pk")
    assert (moment.kind, thread.contact_moment_id) == (ContactKind.MESSAGE, moment.pk)


def test_reading_changes_nothing_but_the_access_log(cast: Cast) -> None:
    thread = asked(cast)
    before = ContactMoment.objects.count()
    browser = cast.client("teacher_3b")
    browser.get(reverse("thread_list"))
    page = browser.get(address(thread)).content.decode()
    assert "Uw antwoord" not in page, "a colleague is spoken to as colleagues are"
    thread.refresh_from_db()
    assert thread.first_reply_at is None
    assert (thread.posts.count(), ContactMoment.objects.count()) == (1, before)
    read = AuditEntry.objects.filter(verb="read", target_kind="messaging.thread", target_id=thread.pk)
    assert read.get().actor == cast.staff["teacher_3b"]


def test_who_keeps_the_office_besides_a_class_reads_that_class_s_conversations_only(cast: Cast) -> None:
    thread, teacher = asked(cast), cast.staff["teacher_1a"]
    Assignment.objects.create(
        user=teacher, role=Role.OFFICE, school=cast.schools["kersenboom"], starts_on=cast.year.starts_on
    )
    assert cast.client("teacher_1a").get(address(thread)).status_code == 404
    assert cast.client("head").get(address(thread)).status_code == 200


def test_a_question_is_about_a_child_of_whom_the_parent_may_know(cast: Cast) -> None:
    """Of two children at one school she lost the right to hear of the first: else nobody could read the answer."""
    with_brother(cast)
    notice = school_notice(cast)
    Guardianship.objects.filter(pupil=cast.pupils["emma"]).update(information_right=False)
    delivery = delivery_to(notice, cast, "dutch_mother")
    cast.guardian_client("dutch_mother").post(
        reverse("portal_notice", args=[delivery.pk]), {"action": "question", "text": "Wanneer?"}
    )
    assert Thread.objects.get().pupil == cast.pupils["bram"]


def test_an_empty_reply_is_not_sent(cast: Cast) -> None:
    thread = asked(cast)
    answer = cast.client("teacher_3b").post(address(thread), {"text": "  "})
    assert answer.status_code == 422
    assert thread.posts.count() == 1


def test_the_same_words_sent_again_by_the_back_button_stand_there_once(cast: Cast) -> None:
    thread, mother = asked(cast), cast.guardians["mother"]
    for _ in range(2):
        write_back(thread=thread, guardian=mother, text="ਕੀ ਦੁਭਾਸ਼ੀਆ ਆ ਸਕਦਾ ਹੈ?", language="pa")
    assert thread.posts.count() == 1
    browser = cast.client("teacher_3b")
    for _ in range(2):
        assert browser.post(address(thread), {"text": "Ja, er komt een tolk."}).status_code == 302
    assert thread.posts.count() == 2
    browser.post(address(thread), {"text": "Ja, er komt een tolk.", "translation": "ਹਾਂ, ਦੁਭਾਸ਼ੀਆ ਆਵੇਗਾ।"})
    assert thread.posts.count() == 2
    assert thread.posts.latest("pk").translations.get().text == "ਹਾਂ, ਦੁਭਾਸ਼ੀਆ ਆਵੇਗਾ।", "what was added is kept"
    write_back(thread=thread, guardian=mother, text="ਕੀ ਦੁਭਾਸ਼ੀਆ ਆ ਸਕਦਾ ਹੈ?", language="pa")
    assert thread.posts.count() == 3


def test_a_question_without_a_notice_sent_twice_stands_once_until_it_is_answered(cast: Cast) -> None:
    first = asked(cast)
    assert asked(cast) == first
    assert first.posts.count() == 1
    assert AuditEntry.objects.filter(verb="asked", target_kind="messaging.thread").count() == 1
    assert asked(cast, "ਕਦੋਂ?") != first, "another question is another conversation"
    third = asked(cast, "ਕਿੱਥੇ?")
    cast.client("teacher_3b").post(address(third), {"text": "Op school."})
    assert asked(cast, "ਕਿੱਥੇ?") != third, "asked again after the reply it waits again"


def test_the_longest_waiting_question_is_on_top_in_school_days(cast: Cast) -> None:
    new, old, done = (asked(cast, f"ਦੁਭਾਸ਼ੀਆ {number}") for number in range(3))
    Thread.objects.filter(pk=old.pk).update(waits_on=clock.today() - timedelta(days=30))
    browser = cast.client("teacher_3b")
    browser.post(address(done), {"text": "Ja."})
    rows = browser.get(reverse("thread_list")).context["rows"]
    assert [row.thread.pk for row in rows] == [old.pk, new.pk]
    assert rows[0].school_days > 10
    assert rows[1].school_days == 0
    assert [row.thread.pk for row in browser.get(reverse("thread_list"), {"stand": "lopend"}).context["rows"]] == [
        old.pk,
        new.pk,
        done.pk,
    ]


def test_of_one_day_the_familys_last_words_are_what_counts(cast: Cast) -> None:
    """Asked on Monday and answered, asked again on Thursday evening: behind the question of Thursday morning."""
    again, morning = (asked(cast, f"ਦੁਭਾਸ਼ੀਆ {number}") for number in range(2))
    Thread.objects.filter(pk=again.pk).update(asked_at=clock.now() - timedelta(days=3))
    Thread.objects.filter(pk=morning.pk).update(asked_at=clock.now() - timedelta(hours=6))
    ThreadPost.objects.filter(thread=morning).update(written_at=clock.now() - timedelta(hours=6))
    rows = cast.client("teacher_3b").get(reverse("thread_list")).context["rows"]
    assert [row.thread.pk for row in rows] == [morning.pk, again.pk]
    page = cast.client("teacher_3b").get(reverse("thread_list")).content.decode()
    again.refresh_from_db()
    assert daytime(again.asked_at) not in page, "the day beside the words is that of the words"
    week = cast.client("teacher_3b").get(reverse("my_week")).context["week"]
    assert [row.thread.pk for row in week.questions] == [morning.pk, again.pk]


def test_a_study_day_of_the_own_school_is_no_day_of_waiting(cast: Cast) -> None:
    thread, today = asked(cast), clock.today()
    before = Holiday.objects.calendar(thread.school).last_school_day(today - timedelta(days=1))
    Thread.objects.filter(pk=thread.pk).update(waits_on=before)
    Holiday.objects.create(name="Studiedag", starts_on=before, ends_on=today, school=thread.school)
    browser = cast.client("teacher_3b")
    assert [row.school_days for row in browser.get(reverse("thread_list")).context["rows"]] == [0]
    assert [row.school_days for row in browser.get(reverse("my_week")).context["week"].questions] == [0]


def test_a_question_is_the_class_teachers_until_somebody_takes_it(cast: Cast) -> None:
    thread = asked(cast)
    assert thread.assigned_to == cast.staff["teacher_3b"]
    cast.client("care").post(address(thread, "thread_assign"), {"to": "ik"})
    thread.refresh_from_db()
    assert thread.assigned_to == cast.staff["care"]
    line = AuditEntry.objects.get(verb="assigned")
    assert (line.target_id, line.detail["to"]) == (thread.pk, cast.staff["care"].pk)


@pytest.mark.parametrize("what", ["another class", "another teacher", "nobody there any more"])
def test_what_goes_on_with_somebody_who_does_not_see_the_child_any_more_is_nobodys(cast: Cast, what: str) -> None:
    """A child changes class, a class its teacher, or a school year turns: the family goes on where it asked."""
    thread, mother, old = asked(cast), cast.guardians["mother"], cast.staff["teacher_3b"]
    reply(thread=thread, by=old, text="Ja.")
    new = cast.staff["teacher_1a"]
    if what == "another class":
        Enrolment.objects.filter(pupil=cast.pupils["simran"]).update(school_class=cast.classes["1a"])
    elif what == "another teacher":
        old.assignments.update(school_class=cast.classes["1a"])
        new.assignments.update(school_class=cast.classes["3b"])
    else:
        old.assignments.update(ends_on=clock.today() - timedelta(days=1))
        new = cast.staff["head"]
    write_back(thread=Thread.objects.get(pk=thread.pk), guardian=mother, text="ਕਦੋਂ?", language="pa")
    week = cast.client(new.email.partition("@")[0]).get(reverse("my_week")).context["week"]
    assert [row.thread for row in week.questions] == [thread]
    now = Thread.objects.select_related("assigned_to", "school").get(pk=thread.pk)
    expected = expectation(now)
    assert expected is not None
    assert old.full_name not in expected.sentence("nl")
    listed = cast.client("head").get(reverse("thread_list"), {"wie": "niemand"}).context["rows"]
    assert [row.thread for row in listed] == [thread]
    head, take = cast.client("head"), f'action="{address(thread, "thread_assign")}"'
    for page in (head.get(reverse("thread_list"), {"wie": "niemand"}), head.get(address(thread))):
        main = page.content.decode().split("<main")[1]
        assert "nog van niemand" in main
        assert (f"<bdi>{old.full_name}</bdi> heeft" in main, take in main) == (False, True)
    reply(thread=now, by=User.objects.get(pk=new.pk), text="Morgen.")
    now.refresh_from_db()
    assert now.assigned_to == new, "who replies takes it on"


def test_a_question_is_given_to_a_colleague_and_released(cast: Cast) -> None:
    thread = asked(cast)
    browser = cast.client("teacher_3b")
    offered = browser.get(address(thread)).context["colleagues"]
    assert cast.staff["head"] in offered
    assert cast.staff["joint"] in offered
    assert cast.staff["teacher_1a"] not in offered
    assert cast.staff["head_go"] not in offered
    browser.post(address(thread, "thread_assign"), {"to": cast.staff["head"].pk})
    thread.refresh_from_db()
    assert thread.assigned_to == cast.staff["head"]
    browser.post(address(thread, "thread_assign"), {"to": ""})
    thread.refresh_from_db()
    assert thread.assigned_to is None


@pytest.mark.parametrize("person", ["teacher_1a", "teacher_go", "head_go", "office", "ex_colleague", "clb_go"])
def test_a_question_is_not_given_to_somebody_who_may_not_see_the_child(cast: Cast, person: str) -> None:
    thread = asked(cast)
    cast.client("teacher_3b").post(address(thread, "thread_assign"), {"to": cast.staff[person].pk})
    thread.refresh_from_db()
    assert thread.assigned_to == cast.staff["teacher_3b"]


def test_everybody_offered_as_a_colleague_may_open_the_question(cast: Cast) -> None:
    thread = asked(cast)
    for person in cast.client("teacher_3b").get(address(thread)).context["colleagues"]:
        assert Thread.objects.visible_to(person).filter(pk=thread.pk).exists(), person


def test_a_closed_question_waits_no_more_and_opens_when_the_family_writes(cast: Cast) -> None:
    thread = asked(cast)
    browser = cast.client("teacher_3b")
    browser.post(address(thread, "thread_state"), {"state": "closed"})
    thread.refresh_from_db()
    assert (thread.is_waiting, thread.first_reply_on) == (False, None)
    assert browser.get(reverse("thread_list"), {"stand": "klaar"}).context["rows"][0].thread == thread
    cast.guardian_client("mother").post(reverse("portal_thread", args=[thread.pk]), {"text": "ਹਾਂ?"})
    thread.refresh_from_db()
    assert (thread.closed_at, thread.waits_on) == (None, clock.today())


def test_what_a_parent_writes_is_not_lost_when_it_cannot_be_taken(cast: Cast) -> None:
    thread, mother = asked(cast), cast.guardian_client("mother")
    page = reverse("portal_thread", args=[thread.pk])
    answers = [mother.post(page, {"text": f"ਸਵਾਲ {number}"}) for number in range(11)]
    assert (answers[0].status_code, answers[-1].status_code) == (303, 422)
    assert "ਸਵਾਲ 10</textarea>" in answers[-1].content.decode()


def test_reopened_it_waits_as_long_as_before(cast: Cast) -> None:
    thread = asked(cast)
    past = clock.now() - timedelta(days=9)
    thread.posts.update(written_at=past)
    browser = cast.client("teacher_3b")
    browser.post(address(thread, "thread_state"), {"state": "closed"})
    browser.post(address(thread, "thread_state"), {"state": "open"})
    thread.refresh_from_db()
    assert thread.waits_on == clock.local_date(past)


def test_the_response_clock_stays_with_the_first_reply(cast: Cast) -> None:
    """Indicator I13: a second question later does not start it anew."""
    thread = asked(cast)
    browser = cast.client("teacher_3b")
    browser.post(address(thread), {"text": "Ja."})
    first_day = clock.today() - timedelta(days=3)
    Thread.objects.filter(pk=thread.pk).update(first_reply_on=first_day)
    cast.guardian_client("mother").post(reverse("portal_thread", args=[thread.pk]), {"text": "ਹੋਰ?"})
    browser.post(address(thread), {"text": "Nog iets."})
    thread.refresh_from_db()
    assert (thread.first_reply_on, thread.asked_on) == (first_day, clock.today())


def test_the_filter_names_the_school_of_a_class_to_who_works_at_several(cast: Cast) -> None:
    school, pages = cast.classes["1a"].school.name, {}
    for key in ("head", "joint"):
        pages[key] = cast.client(key).get(reverse("thread_list")).content.decode()
        assert f'value="{cast.classes["1a"].pk}"' in pages[key]
    assert [f"1A · {school}" in page for page in pages.values()] == [False, True]


def test_filters_show_mine_nobodys_and_one_class(cast: Cast) -> None:
    mine, free = asked(cast), asked(cast, "ਕਦੋਂ?")
    Thread.objects.filter(pk=free.pk).update(assigned_to=None)
    other = ask_question(
        guardian=cast.guardians["dutch_mother"], pupil=cast.pupils["emma"], notice=None, text="Hoe laat?", language="nl"
    )

    def shown(person: str, **query: Any) -> set[int]:
        answer = cast.client(person).get(reverse("thread_list"), query)
        return {row.thread.pk for row in answer.context["rows"]}

    assert shown("head") == {mine.pk, free.pk, other.pk}
    assert shown("teacher_3b", wie="mij") == {mine.pk}
    assert shown("head", wie="niemand") == {free.pk}
    assert shown("head", klas=cast.classes["1a"].pk) == {other.pk}
    assert shown("teacher_3b", klas=cast.classes["1a"].pk) == {mine.pk, free.pk}, "somebody else's class is no filter"


def test_a_page_under_two_entries_stands_under_one(cast: Cast) -> None:
    """An edition comes out of the year planner, but its address lies under that of the draaiboek too."""
    entries = cast.client("coordinator").get(reverse("edition_new")).context["navigation"]
    assert [entry["url"] for entry in entries if entry["current"]] == [reverse("plan_list")]


def test_the_navigation_counts_what_waits_for_me_or_for_nobody(cast: Cast) -> None:
    asked(cast)
    free = asked(cast, "ਕਦੋਂ?")
    Thread.objects.filter(pk=free.pk).update(assigned_to=None)

    def count(person: str) -> int:
        entries = cast.client(person).get(reverse("my_week")).context["navigation"]
        return int(next(str(entry["count"]) for entry in entries if entry["url"] == reverse("thread_list")))

    assert (count("teacher_3b"), count("care"), count("teacher_1a")) == (2, 1, 0)


@pytest.mark.parametrize("person", ["teacher_1a", "head_go", "teacher_go", "clb_go"])
def test_somebody_elses_question_is_not_found(cast: Cast, person: str) -> None:
    thread = asked(cast)
    browser = cast.client(person)
    assert browser.get(address(thread)).status_code == 404
    for name in ("thread_detail", "thread_assign", "thread_state"):
        assert browser.post(address(thread, name), {"text": "Ja", "to": "ik"}).status_code == 404
    assert browser.get(reverse("thread_list")).context["rows"] == []


@pytest.mark.parametrize("person", ["office", "coordinator", "partner"])
def test_other_roles_are_refused(cast: Cast, person: str) -> None:
    assert cast.client(person).get(reverse("thread_list")).status_code == 403


def test_the_list_asks_the_same_number_of_queries_for_more_rows(cast: Cast) -> None:
    browser = cast.client("teacher_3b")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(reverse("thread_list")).status_code == 200
        return len(seen)

    for number in range(2):
        asked(cast, f"ਕਦੋਂ {number}?")
    queries()
    few = queries()
    for number in range(2, 20):
        asked(cast, f"ਕਦੋਂ {number}?")
    assert queries() == few <= 15
