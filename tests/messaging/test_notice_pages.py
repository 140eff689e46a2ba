from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import Answer, Channel, Delivery, DeliveryStatus, Notice, NoticeStatus, Reason
from messaging.services import give_answer
from parents.models import ContactKind, ContactMoment, Guardian, ReadingMode
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import COMPOSE, delivery_to, draft, filled_in, sent, settle, template

pytestmark = pytest.mark.django_db


def test_a_teacher_composes_checks_and_sends(cast: Cast) -> None:
    template()
    browser = cast.client("teacher_3b")
    assert "parent-meeting-invitation" in browser.get(reverse("notice_new")).content.decode()

    saved = browser.post(COMPOSE, filled_in(cast))
    notice = Notice.objects.get()
    assert saved.headers["Location"] == reverse("notice_check", args=[notice.pk])
    assert notice.values["place"] == "lokaal 12"
    assert notice.values["time"] == "15:30"

    check = browser.get(saved.headers["Location"]).content.decode()
    assert "2 gezinnen" in check
    assert "ਪੰਜਾਬੀ" in check

    answer = browser.post(reverse("notice_publish", args=[notice.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("notice_detail", args=[notice.pk]), 302)]
    reached = set(Delivery.objects.filter(notice=notice).values_list("guardian__first_name", flat=True))
    assert reached == {"Harpreet", "Baldev", "Nadia", "Karim"}


def test_sending_twice_sends_once(cast: Cast) -> None:
    notice = draft(cast)
    browser = cast.client("teacher_3b")
    address = reverse("notice_publish", args=[notice.pk])
    browser.post(address)
    planned = Delivery.objects.filter(notice=notice).count()
    again = browser.post(address, follow=True)
    assert again.status_code == 200
    assert Delivery.objects.filter(notice=notice).count() == planned == 4


def test_looking_at_a_page_sends_nothing(cast: Cast) -> None:
    notice = draft(cast)
    assert cast.client("teacher_3b").get(reverse("notice_publish", args=[notice.pk])).status_code == 405
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("person", ["teacher_1a", "teacher_go", "head_go", "clb_go", "head", "joint"])
def test_a_draft_is_seen_by_its_author_only(cast: Cast, person: str) -> None:
    notice = draft(cast)
    browser = cast.client(person)
    for name in ("notice_check", "notice_edit", "notice_detail"):
        assert browser.get(reverse(name, args=[notice.pk])).status_code == 404
    assert browser.post(reverse("notice_publish", args=[notice.pk])).status_code == 404


@pytest.mark.parametrize(
    ("person", "status"),
    [("teacher_1a", 404), ("head_go", 404), ("teacher_go", 404), ("head", 200), ("joint", 200), ("clb_vclb", 200)],
)
def test_who_sees_a_sent_notice(cast: Cast, person: str, status: int) -> None:
    notice = sent(cast)
    assert cast.client(person).get(reverse("notice_detail", args=[notice.pk])).status_code == status


@pytest.mark.parametrize("person", ["office", "coordinator", "partner", "translator", "ex_colleague"])
def test_other_roles_are_refused(cast: Cast, person: str) -> None:
    assert cast.client(person).get(reverse("notice_list")).status_code == 403
    assert cast.client(person).get(reverse("notice_new")).status_code == 403


def test_a_teacher_cannot_write_to_another_class(cast: Cast) -> None:
    template()
    posted = filled_in(cast, audience=f"class:{cast.classes['1a'].pk}")
    assert cast.client("teacher_3b").post(COMPOSE, posted).status_code == 422
    posted = filled_in(cast, audience=f"school:{cast.schools['kersenboom'].pk}")
    assert cast.client("teacher_3b").post(COMPOSE, posted).status_code == 422
    assert not Notice.objects.exists()


def test_a_head_may_write_to_the_whole_school(cast: Cast) -> None:
    template()
    posted = filled_in(cast, audience=f"school:{cast.schools['kersenboom'].pk}")
    assert cast.client("head").post(COMPOSE, posted).status_code == 302
    notice = Notice.objects.get()
    assert (notice.school_class, notice.audience) == (None, "SCHOOL")


def test_errors_keep_what_was_typed(cast: Cast) -> None:
    template()
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    answer = cast.client("teacher_3b").post(COMPOSE, filled_in(cast, date=yesterday, place="de turnzaal"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "de turnzaal" in page
    assert f'value="{yesterday}"' in page
    assert not Notice.objects.exists()


def test_answers_are_asked_before_the_day_itself(cast: Cast) -> None:
    template()
    late = (clock.today() + timedelta(days=20)).isoformat()
    assert cast.client("teacher_3b").post(COMPOSE, filled_in(cast, answer_by=late)).status_code == 422


def test_a_slip_in_the_year_reaches_no_family(cast: Cast) -> None:
    template()
    page = cast.client("teacher_3b").post(COMPOSE, filled_in(cast, date="2127-05-13"))
    assert page.status_code == 422
    assert "Deze datum klopt niet." in page.content.decode()
    assert not Notice.objects.exists()


def test_the_preview_follows_the_form_and_writes_nothing(cast: Cast) -> None:
    template()
    typed = filled_in(cast, place="de refter")
    answer = cast.client("teacher_3b").post(COMPOSE, typed, headers={"HX-Request": "true"})
    assert "de refter" in answer.content.decode()
    assert "15.30" in answer.content.decode()
    gaps = "“…” moet je nog invullen."
    assert gaps not in answer.content.decode(), "nothing is left to fill in"
    less = cast.client("teacher_3b").post(COMPOSE, typed | {"place": ""}, headers={"HX-Request": "true"})
    assert gaps in less.content.decode()
    assert not Notice.objects.exists()


def test_a_notice_about_one_child_asks_which(cast: Cast) -> None:
    template()
    address = "/school/berichten/nieuw/absence-please-call/"
    browser = cast.client("teacher_3b")
    typed = filled_in(
        cast, date=clock.today().isoformat(), answer_by="", kind="DRINGEND", urgent_reason="Niemand weet het."
    )
    assert browser.post(address, typed).status_code == 422
    assert browser.post(address, typed | {"pupils": [cast.pupils["emma"].pk]}).status_code == 422
    assert browser.post(address, typed | {"pupils": [cast.pupils["yusuf"].pk]}).status_code == 302
    notice = Notice.objects.get()
    assert list(notice.notice_pupils.values_list("pupil__first_name", flat=True)) == ["Yusuf"]


def test_a_draft_changes_in_all_languages(cast: Cast) -> None:
    notice = draft(cast)
    browser = cast.client("teacher_3b")
    address = reverse("notice_edit", args=[notice.pk])
    assert "lokaal 12" in browser.get(address).content.decode()
    assert browser.post(address, filled_in(cast, place="lokaal 9")).status_code == 302
    assert all("lokaal 9" in text.slots["where"] for text in notice.texts.all())


def test_a_sent_notice_cannot_be_edited(cast: Cast) -> None:
    notice = sent(cast)
    browser = cast.client("teacher_3b")
    assert browser.get(reverse("notice_edit", args=[notice.pk])).status_code == 302
    assert browser.get(reverse("notice_check", args=[notice.pk])).status_code == 302


def test_the_check_names_those_whom_no_text_reaches(cast: Cast) -> None:
    Guardian.objects.filter(pk=cast.guardians["grandfather"].pk).update(reading_mode=ReadingMode.ORAL_ONLY)
    notice = draft(cast)
    page = cast.client("teacher_3b").get(reverse("notice_check", args=[notice.pk])).content.decode()
    assert "Baldev Singh" in page
    assert reverse("family_detail", args=[cast.families["kaur"].pk]) in page


@pytest.mark.parametrize("word", ["pagina", "sms", "mail", "brief"])
@pytest.mark.parametrize("code", ["nl", "pa", "ar"])
def test_previews_by_language_and_way(cast: Cast, code: str, word: str) -> None:
    notice = draft(cast)
    browser = cast.client("teacher_3b")
    answer = browser.get(reverse("notice_check", args=[notice.pk]), {"tekst": code, "weg": word})
    assert answer.status_code == 200
    page = browser.get(reverse("notice_preview", args=[notice.pk, code, word]))
    assert page.status_code == 200
    if word == "brief":
        assert page.content.startswith(b"%PDF")
    if word == "pagina":
        direction = "rtl" if code == "ar" else "ltr"
        assert f'dir="{direction}"' in page.content.decode()


def test_a_mail_is_shown_in_a_sandbox(cast: Cast) -> None:
    notice = draft(cast)
    answer = cast.client("teacher_3b").get(reverse("notice_preview", args=[notice.pk, "pa", "mail"]))
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy.replace("default-src 'none'", "")
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_an_unknown_preview_is_not_found(cast: Cast) -> None:
    notice = draft(cast)
    browser = cast.client("teacher_3b")
    for code, word in (("xx", "mail"), ("pa", "duif")):
        assert browser.get(reverse("notice_preview", args=[notice.pk, code, word])).status_code == 404


def test_the_list_tells_how_far_each_notice_came(cast: Cast) -> None:
    notice = sent(cast)
    settle(notice)
    give_answer(delivery=delivery_to(notice, cast, "mother"), key="yes")
    draft(cast)
    answer = cast.client("teacher_3b").get(reverse("notice_list"), {"taal": "en"})
    rows = answer.context["rows"]
    assert [row["notice"].status for row in rows] == [NoticeStatus.DRAFT, NoticeStatus.PUBLISHED]
    assert (rows[1]["progress"].families, rows[1]["progress"].reached, rows[1]["progress"].new_answers) == (2, 2, 1)
    assert "Handed over to 2 of 2 families" in " ".join(answer.content.decode().split())


def test_what_quiet_hours_hold_is_not_called_being_sent(cast: Cast, settings: Any) -> None:
    """At night, or an INFO in a holiday: the page would look again every three seconds until they are over."""
    notice = sent(cast)
    address = reverse("notice_detail", args=[notice.pk])
    browser, sending = cast.client("teacher_3b"), "Wordt verzonden."
    page = browser.get(address)
    assert (page.context["standing"].seconds_between_looks, sending in page.content.decode()) == (3, True)
    settings.QUIET_HOURS = "09:00-12:00"
    page = browser.get(address)
    assert (page.context["standing"].seconds_between_looks, sending in page.content.decode()) == (30, False)
    assert "12.00" in page.content.decode().split("Hoe ver het kwam")[1].split("<ol")[0]
    settle(notice)
    assert browser.get(address).context["standing"].waits_until is None, "nothing waits any more"


def test_what_waits_for_the_weekly_mail_is_not_called_being_sent(cast: Cast) -> None:
    notice = sent(cast)
    Delivery.objects.filter(notice=notice).exclude(channel=Channel.CALL).update(in_digest=True)
    standing = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk])).context["standing"]
    assert not standing.is_moving


def test_a_step_says_that_it_counts_who_came_further_too(cast: Cast) -> None:
    """Beside "nobody answered yet" a step "Answered: 2" would read as a contradiction."""
    notice = sent(cast)
    page = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk]))
    words = " ".join(re.sub("<[^>]+>", " ", page.content.decode()).split())
    assert "Beantwoord minstens zo ver" in words
    assert "Begrepen minstens zo ver" not in words, "nothing lies beyond"


def test_the_list_asks_the_same_number_of_queries_for_more_rows(cast: Cast) -> None:
    browser = cast.client("teacher_3b")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(reverse("notice_list")).status_code == 200
        return len(seen)

    for _number in range(2):
        sent(cast)
    queries()
    few = queries()
    for _number in range(18):
        sent(cast)
    assert queries() == few


def test_an_empty_list_teaches_the_next_step(cast: Cast) -> None:
    page = cast.client("teacher_3b").get(reverse("notice_list")).content.decode()
    assert page.count(reverse("notice_new")) == 1, "one button"


def test_the_status_counts_and_looks_again(cast: Cast) -> None:
    notice = sent(cast)
    browser, by_htmx = cast.client("teacher_3b"), {"HX-Request": "true"}
    address = reverse("notice_status", args=[notice.pk])
    first = browser.get(address, headers=by_htmx)
    assert 'hx-trigger="every 3s"' in first.content.decode()
    assert first.context["standing"].totals.reached == 0

    settle(notice)
    give_answer(delivery=delivery_to(notice, cast, "mother"), key="yes_interpreter")
    standing = browser.get(address, headers=by_htmx).context["standing"]
    reached = standing.totals
    assert (reached.families, reached.at_least[1:5], reached.answered) == (2, (2, 2, 1, 1), 1)
    assert standing.seconds_between_looks == 30
    option = next(row for row in standing.options if row.key == "yes_interpreter")
    assert [row.children for row in option.rows] == [["Simran Kaur"]]

    give_answer(delivery=delivery_to(notice, cast, "separated_father"), key="yes")
    Delivery.objects.filter(notice=notice, channel=Channel.LETTER).update(status=DeliveryStatus.DELIVERED)
    settled = browser.get(address, headers=by_htmx)
    assert "hx-trigger" not in settled.content.decode()


def test_a_family_that_bounced_is_listed_with_the_reason(cast: Cast) -> None:
    notice = sent(cast)
    settle(notice)
    Delivery.objects.filter(notice=notice, guardian__last_name="Haddad").update(
        status=DeliveryStatus.FAILED, reason=Reason.BOUNCED
    )
    answer = cast.client("teacher_3b").get(reverse("notice_detail", args=[notice.pk]), {"taal": "en"})
    unreached = answer.context["standing"].unreached
    assert [[child.full_name for child in row.children] for row in unreached] == [["Yusuf Haddad"]]
    assert "the address does not exist" in answer.content.decode()


def test_new_answers_are_marked_until_the_author_saw_them(cast: Cast) -> None:
    notice = sent(cast)
    give_answer(delivery=delivery_to(notice, cast, "mother"), key="yes")
    address = reverse("notice_detail", args=[notice.pk])
    author = cast.client("teacher_3b")
    page = author.get(address)
    assert Answer.objects.get().seen_by_author_at is None
    cast.client("head").post(address, until_when(page))
    assert Answer.objects.get().seen_by_author_at is None
    author.post(address, until_when(page))
    assert Answer.objects.get().seen_by_author_at is not None


def test_an_answer_that_came_after_the_page_was_opened_stays_new(cast: Cast) -> None:
    notice = sent(cast)
    address, author = reverse("notice_detail", args=[notice.pk]), cast.client("teacher_3b")
    give_answer(delivery=delivery_to(notice, cast, "mother"), key="yes")
    page = author.get(address)
    late = clock.now() + timedelta(minutes=30)
    give_answer(delivery=delivery_to(notice, cast, "separated_mother"), key="other_day", at=late)
    for said in (until_when(page), {}, {"until": "gisteren"}, {"until": "0001-01-01T00:00:00+14:00"}):
        author.post(address, said)
    assert [row.key for row in Answer.objects.filter(seen_by_author_at=None)] == ["other_day"]


def until_when(page: Any) -> dict[str, str]:
    """What the button of new answers sends along."""
    return dict(re.findall(r'name="(until)" value="([^"]+)"', page.content.decode()))


def test_a_class_teacher_reads_no_names_of_other_classes(cast: Cast) -> None:
    browser = cast.client("head")
    template()
    browser.post(COMPOSE, filled_in(cast, audience=f"school:{cast.schools['kersenboom'].pk}", answers=["yes"]))
    notice = Notice.objects.get()
    browser.post(reverse("notice_publish", args=[notice.pk]))
    give_answer(delivery=delivery_to(notice, cast, "dutch_mother"), key="yes")
    address = reverse("notice_detail", args=[notice.pk])
    assert "Emma Peeters" in browser.get(address).content.decode()
    page = cast.client("teacher_3b").get(address).content.decode()
    assert "Emma Peeters" not in page
    assert "Sara Peeters" not in page


def test_a_call_becomes_a_contact(cast: Cast) -> None:
    Guardian.objects.filter(pk=cast.guardians["grandfather"].pk).update(reading_mode=ReadingMode.ORAL_ONLY)
    notice = sent(cast)
    call = delivery_to(notice, cast, "grandfather")
    assert call.channel == Channel.CALL
    address = reverse("call_done", args=[call.call_task.pk])
    before = ContactMoment.objects.count()
    assert cast.client("teacher_1a").post(address, {"outcome": "REACHED_AGREED"}).status_code == 404
    browser = cast.client("teacher_3b")
    assert "Baldev" in browser.get(reverse("notice_detail", args=[notice.pk])).content.decode()
    browser.post(address, {"outcome": "REACHED_AGREED", "note": "Komt zeker."})
    call.refresh_from_db()
    moment = ContactMoment.objects.latest("pk")
    assert ContactMoment.objects.count() == before + 1
    assert (call.status, moment.kind, moment.note) == (DeliveryStatus.DELIVERED, ContactKind.PHONE, "Komt zeker.")
    browser.post(address, {"outcome": "REACHED_AGREED"})
    assert ContactMoment.objects.count() == before + 1


def test_a_call_without_outcome_logs_nothing(cast: Cast) -> None:
    Guardian.objects.filter(pk=cast.guardians["grandfather"].pk).update(reading_mode=ReadingMode.ORAL_ONLY)
    call = delivery_to(sent(cast), cast, "grandfather")
    before = ContactMoment.objects.count()
    cast.client("teacher_3b").post(reverse("call_done", args=[call.call_task.pk]), {"outcome": "shouted"})
    assert ContactMoment.objects.count() == before


def test_what_a_family_got(cast: Cast) -> None:
    notice = sent(cast)
    settle(notice)
    give_answer(delivery=delivery_to(notice, cast, "mother"), key="yes")
    address = reverse("family_notices", args=[cast.families["kaur"].pk])
    alone = cast.client("teacher_3b").get(address)
    part = cast.client("teacher_3b").get(address, headers={"HX-Request": "true"})
    assert "<h1" in alone.content.decode()
    assert "<h1" not in part.content.decode()
    rows = part.context["deliveries"]
    assert {row.delivery.guardian.first_name for row in rows} == {"Harpreet", "Baldev"}
    assert [row.answer for row in rows if row.delivery.guardian.first_name == "Harpreet"] == ["Ja, ik kom"]
    assert cast.client("teacher_1a").get(address).status_code == 404


def test_a_teacher_at_the_other_school_sees_only_her_own_notices_of_the_family(cast: Cast) -> None:
    sent(cast)
    answer = cast.client("teacher_go").get(reverse("family_notices", args=[cast.families["kaur"].pk]))
    assert answer.status_code == 200
    assert answer.context["deliveries"] == []
