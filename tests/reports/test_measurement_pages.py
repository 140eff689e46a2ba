"""Measurements as colleagues see them: nothing of the answers before it is closed, and then what may be shown."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from messaging.models import Notice
from messaging.services import schedule_notice
from reports import measuring
from reports.measuring import Given
from reports.models import FreeAnswer, MeasurementBox, MeasurementWave
from schools import clock
from schools.languages import LANGUAGES
from schools.models import AuditEntry, Project
from tests.cast import Cast
from tests.messaging.notices_for_pages import template
from tests.parents.frame import text_of
from tests.reports.measured import ALL_YES, asked, crowd, opened

pytestmark = pytest.mark.django_db


def closed(cast: Cast, *, kind: str = "BASELINE", no: int = 2) -> MeasurementWave:
    """Six parents answered, two of them with words."""
    wave, people = opened(cast, kind=kind), crowd(cast, 6)
    for place, one in enumerate(people):
        words = ("Mevrouw Vos roept op Emma.", "برنامج جميل", "", "", "", "")[place]
        marks = dict.fromkeys(ALL_YES.marks, 0 if place < no else 4)
        measuring.answer(wave=wave, person=one, given=Given(marks, words))
    measuring.close_wave(wave=wave, by=cast.staff["head"])
    wave.refresh_from_db()
    return wave


def detail(wave: MeasurementWave) -> str:
    return reverse("measurement_detail", args=[wave.pk])


def test_the_head_opens_one_and_asks_the_parents(cast: Cast) -> None:
    template()
    head, day = cast.client("head"), clock.today() + timedelta(days=14)
    wrong = head.post(reverse("measurement_new"), {"audience": "PARENTS", "closes_on": day.isoformat()})
    assert (wrong.status_code, "Kies welke meting het is." in text_of(wrong)) == (422, True)
    form = {"audience": "PARENTS", "kind": "BASELINE", "closes_on": day.isoformat()}
    answer = head.post(reverse("measurement_new"), form)
    wave = MeasurementWave.objects.get()
    assert answer.headers["Location"] == detail(wave)
    page = text_of(head.get(detail(wave)))
    assert "Het bericht bekijken" in page
    notice_page = head.post(reverse("measurement_announce", args=[wave.pk])).headers["Location"]
    wave.refresh_from_db()
    assert wave.notice is not None
    assert notice_page == reverse("notice_edit", args=[wave.notice.pk])
    assert (wave.notice.audience, wave.notice.answers) == ("SCHOOL", [])
    assert head.get(notice_page).status_code == 200
    assert head.get(reverse("notice_check", args=[wave.notice.pk])).status_code == 200
    again = head.post(reverse("measurement_announce", args=[wave.pk])).headers["Location"]
    assert again == notice_page, "the draft that waits is taken up again"
    double = head.post(reverse("measurement_new"), form)
    assert "Deze meting bestaat al" in text_of(double)


def test_the_text_is_not_offered_among_the_others(cast: Cast) -> None:
    template()
    assert "nieuw/measurement/" not in cast.client("head").get(reverse("notice_new")).content.decode()


def test_the_office_finds_where_it_can_help_and_no_results(cast: Cast) -> None:
    earlier, office, address = closed(cast), cast.client("office"), reverse("measurement_list")
    assert "Ouders worden nu niet bevraagd" in text_of(office.get(address))
    running = opened(cast, kind="END")
    page = office.get(address).content.decode()
    for name in ("measurement_tablet", "measurement_paper"):
        assert f'href="{reverse(name, args=[running.pk])}"' in page
        assert f'href="{address}"' in office.get(reverse(name, args=[running.pk])).content.decode()
    assert f'href="{detail(earlier)}"' not in page
    assert f'href="{detail(running)}"' not in page
    assert office.get(detail(running)).status_code == 403


def test_while_it_runs_only_the_response_is_shown(cast: Cast) -> None:
    wave = opened(cast)
    for one in crowd(cast, 6):
        measuring.answer(wave=wave, person=one, given=ALL_YES)
    measuring.put_in(wave=wave, given=Given({"welcome": 0}, "Aan de poort."), way="gate")
    for key in ("head", "joint", "teacher_3b"):
        page = text_of(cast.client(key).get(detail(wave)))
        assert "6 / 11" in page
        assert "Daarnaast: 1 aan de poort en 0 op papier" in page
        assert "De resultaten komen na de laatste dag." in page
        assert "Ik voel me welkom" not in page
        assert "Aan de poort." not in page


def test_closed_the_school_reads_counts_and_only_released_words(cast: Cast) -> None:
    wave = closed(cast)
    page = text_of(cast.client("teacher_3b").get(detail(wave)))
    assert "Ik voel me welkom op school." in page
    assert "67 % (4 / 6)" in page.replace("\u00a0", " ")
    assert "2 antwoorden wachten om gelezen te worden" in page
    assert "Vos" not in page
    joint = cast.client("joint")
    review = reverse("measurement_review", args=[wave.pk])
    assert "Mevrouw Vos roept op Emma." in text_of(joint.get(review))
    dutch, arabic = FreeAnswer.objects.get(original__contains="Emma"), FreeAnswer.objects.exclude(
        original__contains="Emma"
    ).get()  # fmt: skip
    empty = joint.post(review, {"answer": dutch.pk, f"{dutch.pk}-words": " ", "release": "1"})
    assert (empty.status_code, "zonder namen, wat de school mag lezen" in text_of(empty)) == (422, True)
    here = f"{review}?page=1"
    done = joint.post(here, {"answer": dutch.pk, f"{dutch.pk}-words": "Er wordt geroepen.", "release": "1"})
    assert (done.status_code, done.headers["Location"]) == (302, here), "the next answer stands on the same page"
    joint.post(review, {"answer": arabic.pk, f"{arabic.pk}-words": "Mooi.", "withhold": "1"})
    page = text_of(cast.client("teacher_3b").get(detail(wave)))
    assert "Er wordt geroepen." in page
    for hidden in ("Vos", "Emma", "Mooi", "جميل"):
        assert hidden not in page
    for key, status in (("head", 403), ("coordinator", 403), ("director_vclb", 403)):
        assert cast.client(key).get(review).status_code == status
    assert cast.client("coordinator").get(detail(wave)).status_code == 403
    lines = AuditEntry.objects.filter(verb="reviewed a free answer")
    assert {line.target_id for line in lines} == {wave.pk}, "of which answer it was the log says nothing"
    assert joint.post(review, {"answer": "x"}).status_code == 302


def test_a_sentence_that_few_answered_is_said_to_be_left_out(cast: Cast) -> None:
    people, left_out = crowd(cast, 5), "Een zin waarop minder dan 5 mensen antwoordden, staat er niet."
    wave, of_all = opened(cast), closed(cast, kind="END")
    for one in people[:4]:
        measuring.answer(wave=wave, person=one, given=ALL_YES)
    measuring.answer(wave=wave, person=people[4], given=Given({}, "Te veel brieven."))
    head = cast.client("head")
    done = text_of(head.post(reverse("measurement_close", args=[wave.pk]), follow=True))
    assert "Gesloten. Dit zijn de resultaten." in done
    assert left_out in done
    assert "Er waren minder dan 5 antwoorden" not in done
    assert "1 antwoord wacht om gelezen te worden" in done
    assert reverse("measurement_review", args=[wave.pk]) in cast.client("joint").get(detail(wave)).content.decode()
    assert left_out not in text_of(head.get(detail(of_all)))


def test_asking_again_is_not_offered_once_the_project_year_is_over(cast: Cast) -> None:
    wave, head = opened(cast), cast.client("head")
    head.post(reverse("measurement_close", args=[wave.pk]))
    assert "Opnieuw vragen" in text_of(head.get(detail(wave)))
    Project.objects.update(ends_on=clock.today() - timedelta(days=1))
    page = text_of(head.get(detail(wave)))
    assert "Er waren minder dan 5 antwoorden." in page
    assert "Opnieuw vragen" not in page


def test_an_end_measurement_stands_beside_the_baseline(cast: Cast) -> None:
    closed(cast)
    end = closed(cast, kind="END", no=1)
    page = text_of(cast.client("head").get(detail(end))).replace("\u00a0", " ")
    assert "67 % (4 / 6)" in page
    assert "83 % (5 / 6)" in page


def test_more_days_and_closing_are_the_heads(cast: Cast) -> None:
    wave, head = opened(cast), cast.client("head")
    later = clock.today() + timedelta(days=30)
    assert cast.client("teacher_3b").post(reverse("measurement_close", args=[wave.pk])).status_code == 403
    assert cast.client("head_go").post(reverse("measurement_close", args=[wave.pk])).status_code == 404
    past = head.post(reverse("measurement_extend", args=[wave.pk]), {"closes_on": clock.today().isoformat()})
    assert (past.status_code, "binnen twee maanden" in text_of(past)) == (422, True)
    head.post(reverse("measurement_extend", args=[wave.pk]), {"closes_on": later.isoformat()})
    wave.refresh_from_db()
    assert wave.closes_on == later
    asked(cast, wave)
    more = {"closes_on": (later + timedelta(days=1)).isoformat()}
    extended = text_of(head.post(reverse("measurement_extend", args=[wave.pk]), more, follow=True))
    assert "noemt de oude dag" in extended
    assert "Het bericht bekijken" in extended
    head.post(reverse("measurement_close", args=[wave.pk]))
    assert not MeasurementBox.objects.exists()
    page = text_of(head.get(detail(wave)))
    assert "Er waren minder dan 5 antwoorden." in page
    assert "Opnieuw vragen" in page
    assert head.post(reverse("measurement_close", args=[wave.pk])).status_code == 302


def test_a_notice_that_waited_for_its_hour_is_to_be_sent_anew_when_the_last_day_moves(cast: Cast) -> None:
    template()
    wave, head = opened(cast), cast.staff["head"]
    notice = measuring.draft_invitation(wave=wave, by=head)
    Notice.objects.filter(pk=notice.pk).update(send_at=clock.now() + timedelta(hours=30))
    schedule_notice(notice=notice, by=head)
    more = {"closes_on": (wave.closes_on + timedelta(days=1)).isoformat()}
    page = text_of(cast.client("head").post(reverse("measurement_extend", args=[wave.pk]), more, follow=True))
    assert "Het bericht aan de ouders is nog niet vertrokken." in page
    assert "noemt de oude dag" not in page


def test_counted_sheets_are_typed_in(cast: Cast) -> None:
    wave, office = opened(cast), cast.client("office")
    url = reverse("measurement_paper", args=[wave.pk])
    page = office.get(url)
    assert (page.status_code, f'href="{detail(wave)}"' in page.content.decode()) == (200, False), (
        "no way back that is closed"
    )
    assert f'href="{detail(wave)}"' in cast.client("teacher_3b").get(url).content.decode()
    too_many = office.post(url, {"sheets": "3", "welcome_4": "4", "texts": "Fijn"})
    assert too_many.status_code == 422
    assert "Er zijn meer antwoorden dan bladen." in text_of(too_many)
    assert 'value="4"' in too_many.content.decode(), "nothing is lost"
    wrong = office.post(url, {"sheets": "3", "welcome_4": "-1"})
    assert 'href="#id_welcome_4">Ik voel me welkom op school. Ja – ' in wrong.content.decode()
    assert 'id="id_welcome_4_error"' in wrong.content.decode()
    assert office.post(url, {"sheets": "4", "welcome_4": "3", "welcome_0": "1", "texts": "Fijn\n\n"}).status_code == 302
    box = MeasurementBox.objects.get()
    assert (box.counts, box.forms, box.texts) == ({"welcome": [1, 0, 0, 0, 3]}, {"paper": 4}, ["Fijn"])


def test_sheets_that_are_sent_twice_are_typed_in_once(cast: Cast) -> None:
    wave, office = opened(cast), cast.client("office")
    url = reverse("measurement_paper", args=[wave.pk])
    sheets = {"sheets": "4", "welcome_4": "3", "form": office.get(url).context["form_key"]}
    assert [office.post(url, sheets).status_code for _press in range(2)] == [302, 302]
    box = MeasurementBox.objects.get()
    assert (box.counts, box.forms) == ({"welcome": [0, 0, 0, 0, 3]}, {"paper": 4})
    for more in ({"welcome_4": "2"}, {"form": office.get(url).context["form_key"]}):
        assert office.post(url, sheets | more).status_code == 302, "other sheets after Back, or as many on a new page"
    box.refresh_from_db()
    assert (box.counts, box.forms) == ({"welcome": [0, 0, 0, 0, 8]}, {"paper": 12})
    assert "Teruggenomen." in text_of(office.post(url, {"take_back": "1"}, follow=True))


def test_sheets_that_were_taken_back_by_mistake_are_typed_in_after_back(cast: Cast) -> None:
    wave, office = opened(cast), cast.client("office")
    url = reverse("measurement_paper", args=[wave.pk])
    sheets = {"sheets": "4", "welcome_4": "3", "form": office.get(url).context["form_key"]}
    for _time in range(2):
        for _tap in range(2):
            office.post(url, sheets)
        box = MeasurementBox.objects.get()
        assert (box.counts, box.forms) == ({"welcome": [0, 0, 0, 0, 3]}, {"paper": 4})
        office.post(url, {"take_back": "1"})
        assert MeasurementBox.objects.get().forms == {"paper": 0}


def test_sheets_with_a_wrong_sum_are_taken_back_by_who_typed_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    wave, office = opened(cast), cast.client("office")
    url = reverse("measurement_paper", args=[wave.pk])
    office.post(url, {"sheets": "4", "welcome_4": "3", "texts": "Fijn"})
    office.post(url, {"sheets": "6", "welcome_4": "2", "welcome_1": "4", "texts": "Fijn\nKoud aan de poort"})
    cast.client("head").post(url, {"take_back": "1"})
    box = MeasurementBox.objects.get()
    assert (box.counts, box.forms) == ({"welcome": [0, 4, 0, 0, 5]}, {"paper": 10}), "somebody else takes nothing back"
    assert "Je voerde daarnet 6 bladen in." in text_of(office.get(url))
    assert "Teruggenomen." in text_of(office.post(url, {"take_back": "1"}, follow=True))
    box.refresh_from_db()
    assert (box.counts, box.forms, box.texts) == ({"welcome": [0, 0, 0, 0, 3]}, {"paper": 4}, ["Fijn"])
    assert office.post(url, {"take_back": "1"}).status_code == 422, "once, and not the ones before"
    box.refresh_from_db()
    assert box.forms == {"paper": 4}
    assert "Fijn" not in str(office.session.items())
    office.post(url, {"sheets": "1", "welcome_4": "1"})
    later = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr("schools.clock.now", lambda: later)
    assert "daarnet" not in text_of(office.get(url))


def test_sheets_that_are_no_longer_in_the_box_cannot_be_taken_back(cast: Cast) -> None:
    wave, office = opened(cast), cast.client("office")
    url = reverse("measurement_paper", args=[wave.pk])
    office.post(url, {"sheets": "2", "welcome_4": "2", "texts": "Fijn"})
    MeasurementBox.objects.update(texts=[])
    assert "zitten niet meer in de doos" in text_of(office.post(url, {"take_back": "1"}, follow=True))
    assert MeasurementBox.objects.get().forms == {"paper": 2}


def test_a_sheet_is_printed_in_every_language(cast: Cast) -> None:
    wave, teacher = opened(cast), cast.client("teacher_3b")
    for code, entry in LANGUAGES.items():
        page = teacher.get(reverse("measurement_sheet", args=[wave.pk, code]))
        assert page.status_code == 200
        if entry.has_pages and code not in ("nl", "prs"):
            assert f'<article class="sheet" lang="{entry.html_lang}" dir="{entry.direction}">' in " ".join(
                page.content.decode().split()
            )
    sheet = teacher.get(reverse("measurement_sheet", args=[wave.pk, "pa"])).content.decode()
    assert "ਸਕੂਲ" in sheet
    shown = re.findall(
        r'<a [^>]*aria-current="page">(.*?)</a>', sheet.split('class="cluster plain-list"')[1], re.DOTALL
    )
    assert len(shown) == 1
    assert "<svg" in shown[0], "seen, not only heard"


def test_when_the_notice_is_out_it_is_not_sent_twice(cast: Cast) -> None:
    wave, head = opened(cast), cast.client("head")
    asked(cast, wave)
    assert "Het bericht is vertrokken." in text_of(head.get(detail(wave)))
    page = head.post(reverse("measurement_announce", args=[wave.pk]), follow=True)
    assert "Het bericht is al vertrokken." in text_of(page)
