"""The calls to make: whom, at which number, what to say and with whose help; one tap when it is done."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from messaging import formats, outbox, tasks
from messaging.callscripts import interpreter_for, scripts_for
from messaging.models import CallTask, Delivery, DeliveryStatus, Notice, NoticeTemplate, NoticeText, Reason
from messaging.outbox.calls import open_call_tasks
from messaging.services import correct_notice, publish_notice
from messaging.tokens import make_token
from parents.models import ContactMoment, ContactPoint, FollowUp, FollowUpKind, FollowUpStatus, ReadingMode
from parents.services import note_new_contact
from parents.signin import Reachable
from schools import clock
from tests import factories as make
from tests.cast import Cast
from tests.messaging.ladder_world import head_of, publish
from tests.messaging.notices_for_pages import delivery_to, draft, sent
from tests.messaging.test_letters_given import lose
from tests.messaging.voices import a_voice
from tests.parents.conferences import round_of
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(cast: Cast, settings: Any) -> CallTask:
    """The separated mother does not read: 3B's teacher calls her."""
    settings.INTERPRETER_LINE = {"phone": "+3211001199", "how": "Zeg: school 4711."}
    mother = cast.guardians["separated_mother"]
    mother.reading_mode, mother.contact_language = ReadingMode.ORAL_ONLY, "tr"
    mother.save()
    sent(cast)
    return CallTask.objects.select_related("delivery__notice__school", "delivery__guardian", "follow_up__pupil").get()


def page(cast: Cast, who: str = "teacher_3b", query: str = "") -> str:
    answer = cast.client(who).get(f"{reverse('call_list')}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestTheScript:
    def test_it_says_who_calls_about_whom_what_and_asks(self, call: CallTask) -> None:
        hello, what, question = scripts_for([call], "Lotte Claes")[call.pk].sentences
        assert "Lotte Claes" in hello
        assert hello.endswith("Spreek ik met Nadia Haddad?")
        assert "Yusuf" not in hello, "who answers the phone is not known yet"
        assert what.startswith("Ik bel over Yusuf. ")
        assert "VBS De Kersenboom" in hello
        assert "Uitnodiging voor het oudercontact" in what
        assert "lokaal 12" in what
        assert "15.30" in what
        assert "{child}" not in what
        assert "ja, ik kom / ja, met een tolk" in question

    def test_of_a_correction_it_says_which_notice_it_replaces(self, cast: Cast, call: CallTask) -> None:
        first = call.delivery.notice
        assert "vervangt" not in scripts_for([call], "Lotte Claes")[call.pk].sentences[1]
        publish_notice(notice=correct_notice(notice=first, by=first.author), by=first.author)
        again = CallTask.objects.select_related("delivery__notice__school", "follow_up__pupil").latest("pk")
        assert again.delivery.notice.corrects == first
        day = formats.long_day(clock.today(), "nl")
        assert f"Dit vervangt het bericht van {day}." in scripts_for([again], "Lotte Claes")[again.pk].sentences[1]

    def test_a_title_that_asks_keeps_its_own_mark_alone(self, cast: Cast) -> None:
        mother = cast.guardians["separated_mother"]
        mother.reading_mode = ReadingMode.ORAL_ONLY
        mother.save()
        notice = draft(cast)
        NoticeText.objects.filter(notice=notice, language="nl").update(title="Komt u ook?")
        publish_notice(notice=notice, by=notice.author)
        call = CallTask.objects.select_related("delivery__notice__school", "follow_up__pupil").get()
        what = scripts_for([call], "Lotte Claes")[call.pk].sentences[1]
        assert ". Komt u ook? " in what
        assert ".." not in what

    def test_the_interpreter_line_is_named_for_languages_that_nobody_speaks(self, call: CallTask) -> None:
        script = scripts_for([call], "Lotte Claes")[call.pk]
        assert script.interpreter is not None
        assert (script.interpreter.language.code, script.interpreter.phone) == ("tr", "+3211001199")
        assert interpreter_for("fr") is None

    def test_where_parents_choose_a_time_one_asks_which(self, call: CallTask, cast: Cast) -> None:
        made = round_of(cast)
        Notice.objects.filter(pk=call.delivery.notice_id).update(conference_round=made)
        call = CallTask.objects.select_related("delivery__notice__school", "follow_up__pupil").get(pk=call.pk)
        assert "Welk uur past u?" in scripts_for([call], "Lotte Claes")[call.pk].sentences[2]

    def test_scripts_cost_one_query(self, call: CallTask, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            scripts_for([call, call], "Lotte Claes")

    def test_what_is_confidential_stays_with_its_sender(self) -> None:
        school_class = make.make_class()
        make.make_teacher(school_class)
        make.make_family(school_class, languages=["rif"])
        notice = publish(make.make_notice(school_class, head_of(school_class.school), slug="school-bill-help"))
        assert NoticeTemplate.objects.get(slug="school-bill-help").is_confidential
        assert FollowUp.objects.get().owner == notice.author


class TestTheList:
    def test_it_shows_number_script_interpreter_and_buttons(self, cast: Cast, call: CallTask) -> None:
        text = page(cast)
        for words in ("Nadia Haddad", "tel:+32470000002", "lokaal 12", "school 4711", "Türkçe"):
            assert words in text
        assert reverse("call_done", args=[call.pk]) in text

    def test_the_page_of_the_notice_names_each_outcome_as_the_list_does(self, cast: Cast, call: CallTask) -> None:
        """One tap says that it was understood: no page calls that merely spoken with."""
        notice = reverse("notice_detail", args=[call.delivery.notice_id])
        for html in (page(cast), text_of(cast.client("teacher_3b").get(notice))):
            form = html.partition(reverse("call_done", args=[call.pk]))[2].partition("</form>")[0]
            labels = re.findall(r"<span>([^<]+)<span class=\"visually-hidden\">", form)
            assert labels == ["Gesproken, en het is duidelijk", "Gesproken, nog niet duidelijk", "Geen antwoord"]

    def test_only_what_one_may_see(self, cast: Cast, call: CallTask) -> None:
        assert "Nadia Haddad" in page(cast, "head")
        for who in ("teacher_1a", "teacher_go", "head_go"):
            assert "Nadia Haddad" not in page(cast, who)

    @pytest.mark.parametrize("why", ["no right any more", "only kept", "objected"])
    def test_nobody_calls_who_may_not_be_told_any_more(self, cast: Cast, call: CallTask, why: str) -> None:
        lose(cast.guardians["separated_mother"], why)
        assert "lokaal 12" not in page(cast), "nor is it read aloud before the next sweep"
        tasks.climb_ladders()
        call.delivery.refresh_from_db()
        call.follow_up.refresh_from_db()
        assert (call.delivery.status, call.delivery.reason) == (DeliveryStatus.CANCELLED, Reason.WITHDRAWN)
        assert call.follow_up.status == FollowUpStatus.DROPPED
        assert "Nadia Haddad" not in page(cast)

    def test_mine_are_those_i_own(self, cast: Cast, call: CallTask) -> None:
        assert "Nadia Haddad" not in page(cast, "head", "?van=mij")
        assert "Nadia Haddad" in page(cast, "teacher_3b", "?van=mij")
        assert '?van=mij" aria-current="page"' in page(cast, "teacher_3b", "?van=mij")
        assert '?van=mij" aria-current="page"' not in page(cast, "teacher_3b")

    def test_a_dead_address_is_on_it_with_its_reason(self, cast: Cast) -> None:
        father = cast.guardians["separated_father"]
        outbox.end_address(father.contact_points.get().pk, Reason.BOUNCED)
        task = FollowUp.objects.get(kind=FollowUpKind.CONTACT_DATA)
        text = page(cast)
        assert reverse("contact_told", args=[task.pk]) in text
        client = cast.client("teacher_3b")
        refused = client.post(reverse("contact_told", args=[task.pk]), {"contact": "geen <adres>"})
        assert refused.status_code == 422
        assert 'value="geen &lt;adres&gt;" aria-invalid="true"' in refused.content.decode(), "what was typed stays"
        assert father.contact_points.usable().count() == 0
        client.post(reverse("contact_told", args=[task.pk]), {"contact": "0470 12 34 56"})
        client.post(reverse("contact_told", args=[task.pk]), {"contact": "karim@post.example"})
        assert set(father.contact_points.usable().values_list("value", flat=True)) == {
            "+32470123456",
            "karim@post.example",
        }
        task.refresh_from_db()
        assert task.status == FollowUpStatus.DONE

    def test_what_was_typed_of_a_call_stays_when_something_in_it_is_refused(self, cast: Cast, call: CallTask) -> None:
        mother, done = cast.guardians["separated_mother"], reverse("call_done", args=[call.pk])
        ContactPoint.objects.filter(guardians=mother, kind="EMAIL").update(ended_because=Reason.BOUNCED)
        data = {"outcome": "NOT_REACHED", "note": "Belt <morgen>", "contact": "04", "next": "/school/bellen/?van=mij"}
        refused = cast.client("teacher_3b").post(done, data)
        words = refused.content.decode()
        assert refused.status_code == 422
        assert 'value="Belt &lt;morgen&gt;"' in words
        assert 'value="04" aria-invalid="true"' in words
        assert '<input type="hidden" name="next" value="/school/bellen/?van=mij">' in words, "and so does the way back"
        assert not ContactMoment.objects.filter(kind="PHONE").exists()
        from_notice = reverse("notice_detail", args=[call.delivery.notice_id])
        data = {"outcome": "REACHED_AGREED", "note": "Nummer 85.07.30-033.28", "next": from_notice}
        refused = cast.client("head").post(done, data)
        assert 'value="Nummer 85.07.30-033.28" aria-invalid="true"' in refused.content.decode()
        beside = refused.context["form"].errors["note"][0]
        assert text_of(refused).count(beside) == 2, "on top, and beside the field that the page scrolls to"
        FollowUp.objects.update(status=FollowUpStatus.DROPPED)
        assert cast.client("head").post(done, data).headers["Location"] == from_notice, "it was noted already"

    def test_what_was_typed_of_a_call_that_was_noted_meanwhile_is_not_dropped_without_a_word(
        self, cast: Cast, call: CallTask
    ) -> None:
        """Two tabs, or two colleagues: the words of the second stood nowhere."""
        done, listed = reverse("call_done", args=[call.pk]), reverse("call_list")
        first = {"outcome": "REACHED_AGREED", "note": "Komt donderdag", "next": listed}
        teacher = cast.client("teacher_3b")
        teacher.post(done, first)
        twice = text_of(teacher.post(done, first, follow=True))
        assert "was al genoteerd" in twice
        assert "niet bewaard" not in twice, "pressed twice: it is saved"
        late = {"outcome": "NOT_REACHED", "note": "Nieuw nummer", "contact": "0470 12 34 56", "next": listed}
        answer = cast.client("head").post(done, late, follow=True)
        assert "niet bewaard: “Nieuw nummer · 0470 12 34 56”" in text_of(answer)
        assert ContactMoment.objects.filter(kind="PHONE").count() == 1

    def test_one_tap_makes_it_a_contact_and_keeps_the_new_address(self, cast: Cast, call: CallTask) -> None:
        mother = cast.guardians["separated_mother"]
        ContactPoint.objects.filter(guardians=mother, kind="EMAIL").update(ended_because=Reason.BOUNCED)
        data = {"outcome": "REACHED_AGREED", "contact": "nadia@post.example", "next": reverse("call_list")}
        answer = cast.client("teacher_3b").post(reverse("call_done", args=[call.pk]), data)
        assert answer.headers["Location"] == reverse("call_list")
        moment = ContactMoment.objects.latest("pk")
        assert (moment.kind, moment.is_two_way) == ("PHONE", True)
        assert mother.contact_points.filter(value="nadia@post.example").exists()
        delivery = Delivery.objects.get(pk=call.delivery_id)
        assert delivery.status == DeliveryStatus.DELIVERED
        assert delivery.understood_at is not None
        assert delivery.opened_at is None

    def test_two_notices_in_one_call_are_both_told(self, cast: Cast, call: CallTask) -> None:
        """A tap on each, within seconds: neither is the other pressed twice."""
        sent(cast)
        calls = CallTask.objects.order_by("pk")
        for one in calls:
            cast.client("teacher_3b").post(reverse("call_done", args=[one.pk]), {"outcome": "REACHED_AGREED"})
        assert calls.count() == 2
        assert {one.delivery.status for one in calls} == {DeliveryStatus.DELIVERED}
        assert {one.follow_up.status for one in calls} == {FollowUpStatus.DONE}

    def test_a_wrong_new_address_saves_nothing(self, cast: Cast, call: CallTask) -> None:
        before = ContactMoment.objects.count()
        data = {"outcome": "REACHED_AGREED", "contact": "geen adres"}
        cast.client("teacher_3b").post(reverse("call_done", args=[call.pk]), data)
        assert ContactMoment.objects.count() == before

    def test_its_line_holds_no_national_number_and_delicate_words_are_named(self, cast: Cast, call: CallTask) -> None:
        before, url = ContactMoment.objects.count(), reverse("call_done", args=[call.pk])
        teacher = cast.client("teacher_3b")
        teacher.post(url, {"outcome": "REACHED_AGREED", "note": "Nummer 85.07.30-033.28"})
        assert ContactMoment.objects.count() == before
        answer = teacher.post(url, {"outcome": "REACHED_AGREED", "note": "Papa is ziek"}, follow=True)
        assert "Is dit nodig in de regel: ziek?" in text_of(answer)
        assert ContactMoment.objects.latest("pk").note == "Papa is ziek"

    def test_nobody_answered_it_stays(self, cast: Cast, call: CallTask) -> None:
        cast.client("teacher_3b").post(reverse("call_done", args=[call.pk]), {"outcome": "NOT_REACHED"})
        assert "Nadia Haddad" in page(cast)

    def test_pressed_twice_nobody_answered_is_one_attempt_unless_it_was_taken_back(
        self, cast: Cast, call: CallTask
    ) -> None:
        teacher, url = cast.client("teacher_3b"), reverse("call_done", args=[call.pk])
        attempts = ContactMoment.objects.filter(outcome="NOT_REACHED", withdrawn_at__isnull=True)
        before = attempts.count()
        for _press in range(2):
            teacher.post(url, {"outcome": "NOT_REACHED"})
        assert attempts.count() == before + 1
        attempts.filter(recorded_by=cast.staff["teacher_3b"]).update(withdrawn_at=clock.now(), withdrawn_because="Fout")
        noted = attempts.count()
        teacher.post(url, {"outcome": "NOT_REACHED"})
        assert attempts.count() == noted + 1


class TestNotUnderstood:
    """Who presses "I do not understand this" is called by the sender's team."""

    @pytest.fixture
    def father(self, cast: Cast, settings: Any, tmp_path: Path) -> Delivery:
        settings.MEDIA_ROOT = tmp_path / "media"
        notice = draft(cast)
        a_voice(notice, "ar")
        a_voice(notice, "nl", b"OggS Nederlands")
        publish_notice(notice=notice, by=notice.author)
        delivery = delivery_to(notice, cast, "separated_father")
        Client().post(reverse("token_not_understood", args=[make_token(delivery)]))
        return delivery

    def test_the_call_names_the_language_and_opens_the_notice(self, cast: Cast, father: Delivery) -> None:
        row = cast.client("teacher_3b").get(reverse("call_list")).context["rows"][0]
        assert (row.task.kind, row.task.owner) == (FollowUpKind.NOT_UNDERSTOOD, father.notice.author)
        assert (row.explains.pk, row.explains.language) == (father.pk, "ar")
        text = page(cast)
        assert reverse("notice_detail", args=[father.notice_id]) in text
        assert "العربية" in text
        assert "lokaal 12" in text, "and says what one could say"
        assert reverse("follow_up_done", args=[row.task.pk]) in text

    def test_who_said_since_that_it_is_clear_still_waits_for_the_call(self, cast: Cast, father: Delivery) -> None:
        before, since = "begrijpt het niet.", "zei daarna dat het duidelijk is"
        assert [words in page(cast) for words in (before, since)] == [True, False]
        address, browser = make_token(father), Client()
        browser.post(reverse("token_understood", args=[address]))
        assert [words in page(cast) for words in (before, since)] == [False, True]
        told = text_of(browser.get(reverse("token_notice", args=[address])))
        with translation.override("ar"):
            clear = translation.gettext("The school knows that this is clear to you.")
            called = translation.gettext("Somebody from the school will contact you.")
        assert (clear in told, called in told) == (True, True), "the parent reads both"

    def test_of_an_author_who_left_the_class_s_teacher_calls_or_whoever_sees_it(self, cast: Cast) -> None:
        notice = sent(cast)
        cast.staff["teacher_3b"].assignments.update(ends_on=clock.today() - timedelta(days=1))
        Client().post(reverse("token_not_understood", args=[make_token(delivery_to(notice, cast, "mother"))]))
        call = FollowUp.objects.get(kind=FollowUpKind.NOT_UNDERSTOOD)
        assert call.owner is None
        assert call in cast.client("head").get(reverse("my_week")).context["week"].tasks
        cast.staff["teacher_1a"].assignments.update(school_class=cast.classes["3b"])
        Client().post(reverse("token_not_understood", args=[make_token(delivery_to(notice, cast, "separated_father"))]))
        assert FollowUp.objects.filter(kind=FollowUpKind.NOT_UNDERSTOOD, owner=cast.staff["teacher_1a"]).exists()

    def test_whoever_calls_can_let_the_voice_speak(self, cast: Cast, father: Delivery) -> None:
        row = cast.client("head").get(reverse("call_list")).context["rows"][0]
        assert [voice.code for voice in row.voices] == ["ar"]
        assert row.voices[0].url in page(cast, "head")

    def test_it_is_for_the_senders_team_alone(self, cast: Cast, father: Delivery) -> None:
        for who in ("teacher_1a", "teacher_go", "head_go"):
            assert not cast.client(who).get(reverse("call_list")).context["rows"]

    def test_the_parent_is_thanked_in_the_own_language(self, father: Delivery) -> None:
        browser = Client()
        answer = browser.post(reverse("token_not_understood", args=[make_token(father)]), follow=True)
        with translation.override("ar"):
            thanks = translation.gettext("Thank you for telling us. Somebody from the school will contact you.")
        assert not thanks.startswith("Thank")
        assert thanks in answer.content.decode()
        assert FollowUp.objects.filter(kind=FollowUpKind.NOT_UNDERSTOOD).count() == 1


def test_calls_of_an_author_who_left_are_the_class_teacher_s(cast: Cast) -> None:
    """The ladder comes to a call weeks later."""
    notice, mother = sent(cast, author="head", room="1a"), cast.guardians["dutch_mother"]
    Notice.objects.filter(pk=notice.pk).update(is_confidential=True)
    cast.staff["head"].assignments.update(ends_on=clock.today() - timedelta(days=1))
    Delivery.objects.filter(notice=notice, guardian=mother).update(channel="CALL", status="QUEUED")
    open_call_tasks(Notice.objects.get(pk=notice.pk))
    assert FollowUp.objects.get(kind=FollowUpKind.CALL).owner == cast.staff["teacher_1a"]


def test_who_is_not_told_of_the_child_any_more_is_not_called(cast: Cast, call: CallTask) -> None:
    call.delivery.guardian.guardianships.update(ends_on=clock.today() - timedelta(days=1))
    outbox.climb()
    call.follow_up.refresh_from_db()
    assert (call.follow_up.status, call.follow_up.closed_because) == (
        FollowUpStatus.DROPPED,
        "De school informeert deze ouder niet meer over het kind.",
    )


def test_the_page_of_the_notice_has_the_numbers_that_work_today(cast: Cast, call: CallTask) -> None:
    """One that the school left out of its list may be a stranger's; one that came since is called."""
    board, old, new = reverse("notice_detail", args=[call.delivery.notice_id]), "+32470000002", "+32470000077"

    def shown(url: str) -> list[bool]:
        html = text_of(cast.client("teacher_3b").get(url))
        return [f"tel:{number}" in html for number in (old, new)]

    assert (shown(board), shown(reverse("call_list"))) == ([True, False], [True, False])
    ContactPoint.objects.filter(value=old).update(valid_until=clock.today())
    assert (shown(board), shown(reverse("call_list"))) == ([False, False], [False, False])
    school = cast.schools["kersenboom"]
    contact, guardian = Reachable("PHONE", new), call.delivery.guardian
    note_new_contact(guardian=guardian, contact=contact, by=cast.staff["teacher_3b"], school=school)
    assert (shown(board), shown(reverse("call_list"))) == ([False, True], [False, True])
