"""Rounds of meetings as colleagues make and keep them."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse

from parents.models import ConferenceHost, ConferenceHour, ConferenceRound, ConferenceSlot, SlotRule, SlotStatus
from parents.services import conferenceplaces, conferences
from parents.services.booking import Wish
from schools import clock
from schools.models import Assignment, AuditEntry, Enrolment, Holiday, Role, SchoolClass
from schools.reference import load_methods
from tests.cast import Cast
from tests.messaging.notices_for_pages import template
from tests.parents.conferences import book, evening, hours_of, round_of, slot_of
from tests.parents.frame import text_of

NEW = reverse("conference_new")


def fields(cast: Cast, *rooms: str, **more: object) -> dict[str, object]:
    day = clock.today() + timedelta(days=9)
    teachers = {"3b": "teacher_3b", "1a": "teacher_1a"}
    seats = {f"teacher_{cast.classes[room].pk}": cast.staff[teachers[room]].pk for room in rooms}
    return {
        "name": "Oudercontact lente",
        "day": day.isoformat(),
        "starts": "16:00",
        "ends": "19:00",
        "minutes": "15",
        "breaks": "17.00–17.30, 18.00-18.15",
        "until_day": (day - timedelta(days=1)).isoformat(),
        "until_hour": "12:00",
        "slot_rule": "JOINT",
        "ways": ["SCHOOL", "PHONE"],
    } | seats | more  # fmt: skip


def test_the_head_makes_a_round_for_two_teachers(cast: Cast) -> None:
    head = cast.client("head")
    more = {f"room_{cast.classes['3b'].pk}": "lokaal 12"}
    answer = head.post(NEW, fields(cast, "3b", "1a", **more))
    made = ConferenceRound.objects.get()
    assert answer.headers["Location"] == reverse("conference_detail", args=[made.pk])
    assert {host.teacher.full_name: host.room for host in made.hosts.all()} == {
        "Lotte Claes": "lokaal 12",
        "Wim Jacobs": "",
    }
    starts = [f"{hour.starts_at.astimezone(clock.BRUSSELS):%H.%M}" for hour in hours_of(made)]
    assert starts == ["16.00", "16.15", "16.30", "16.45", "17.30", "17.45", "18.15", "18.30", "18.45"]
    assert made.ways == ["SCHOOL", "PHONE"]
    page = text_of(head.get(answer.headers["Location"]))
    assert "0/9" in page


@pytest.mark.parametrize("key", ["head", "teacher_3b"])
def test_a_round_leads_to_the_notice_that_brings_parents_to_its_times(cast: Cast, key: str) -> None:
    """To the class alone it names a day and an hour, the same for everybody, and nothing to choose."""
    template("parent-meeting-round")
    browser = cast.client(key)
    browser.post(NEW, fields(cast, "3b"))
    made = ConferenceRound.objects.get()
    invitation = f"/school/berichten/nieuw/parent-meeting-round/?aan=round:{made.pk}"
    detail = reverse("conference_detail", args=[made.pk])
    assert invitation in text_of(browser.get(detail))
    form = browser.get(invitation).context["form"]
    assert form.selection().conference_round == made
    assert (form["date"].value(), form["deadline"].value()) == (made.held_on, made.held_on - timedelta(days=1))
    assert invitation not in text_of(cast.client("office").get(detail)), "the office writes no notices"
    made.books_until = clock.now()
    made.save(update_fields=["books_until"])
    assert invitation not in text_of(browser.get(detail)), "nobody can choose any more"


def test_a_teacher_makes_one_for_the_own_class_only(cast: Cast) -> None:
    teacher = cast.client("teacher_3b")
    teacher.post(NEW, fields(cast, "3b", "1a"))
    made = ConferenceRound.objects.get()
    assert [host.teacher.full_name for host in made.hosts.all()] == ["Lotte Claes"]
    assert set(made.slots.values_list("pupil__first_name", flat=True)) == {"Simran", "Yusuf"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"breaks": "rond zes uur"}, "18.00–18.30"),
        ({"breaks": "18.30–18.00"}, "pauze"),
        ({"ends": "16:05"}, "geen tijd"),
        ({"day": "2020-01-06"}, "voorbij"),
        ({"until_day": "2099-01-01"}, "voor het eerste gesprek"),
        ({"until_day": "2020-01-01"}, "voorbij"),
        ({"ways": []}, "manier"),
        ({"second_day": "2020-01-06"}, "andere dagen"),
        ({"day": "9999-12-30"}, "klopt niet"),
        ({"third_day": "9999-12-31"}, "klopt niet"),
    ],
)
def test_what_cannot_be_says_what_to_do(cast: Cast, more: dict[str, Any], words: str) -> None:
    answer = cast.client("head").post(NEW, fields(cast, "3b", **more))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not ConferenceRound.objects.exists()


def test_a_day_without_class_is_asked_about_once(cast: Cast) -> None:
    """A round in a holiday is rather a mistake, and nobody but the school can say that it is none."""
    head, sent = cast.client("head"), fields(cast, "3b")
    first = date.fromisoformat(str(sent["day"]))
    saturday = first + timedelta(days=(5 - first.weekday()) % 7 or 7)
    Holiday.objects.all().delete()
    Holiday.objects.create(name="Studiedag", starts_on=first, ends_on=first, school=cast.schools["kersenboom"])
    answer = head.post(NEW, sent | {"second_day": saturday.isoformat()})
    assert answer.status_code == 422
    assert "Op deze dag is er geen les: Studiedag." in text_of(answer)
    assert "Op deze dag is er geen les: zaterdag." in text_of(answer)
    assert not ConferenceRound.objects.exists()
    kept = answer.context["form"]["kept_days"].value()
    assert f'name="kept_days" value="{kept}"' in text_of(answer), "the form that is sent once more says so"
    later = saturday + timedelta(days=7)
    moved = head.post(NEW, sent | {"second_day": later.isoformat(), "kept_days": kept})
    assert (moved.status_code, "les: Studiedag" in text_of(moved)) == (422, False), "only the other day is asked about"
    assert head.post(NEW, sent | {"second_day": saturday.isoformat(), "kept_days": kept}).status_code == 302
    assert ConferenceRound.objects.get().held_on == first


def test_more_times_on_a_day_without_class_are_asked_about_too(cast: Cast) -> None:
    made = round_of(cast)
    page = reverse("conference_host", args=[made.hosts.get().pk])
    day = made.held_on + timedelta(days=1)
    Holiday.objects.create(name="Lokale verlofdag", starts_on=day, ends_on=day, school=made.school)
    more = {"form": "times", "day": day.isoformat(), "starts": "16:00", "ends": "17:00", "minutes": "10"}
    answer = cast.client("head").post(page, more)
    assert "Op deze dag is er geen les: Lokale verlofdag." in text_of(answer)
    assert f'name="kept_days" value="{day}"' in text_of(answer)
    before = len(hours_of(made))
    assert cast.client("head").post(page, more | {"kept_days": day.isoformat()}).status_code == 302
    assert len(hours_of(made)) > before


def test_without_teachers_or_classes_the_page_says_which(cast: Cast) -> None:
    head, nobody = cast.client("head"), "Nog geen enkele klas heeft een leerkracht"
    assert nobody not in text_of(head.get(NEW))
    Assignment.objects.filter(role=Role.TEACHER, school=cast.schools["kersenboom"]).delete()
    page, no_class = text_of(head.get(NEW)), "Nog geen klas in dit schooljaar"
    assert nobody in page
    assert no_class not in page
    Enrolment.objects.filter(school_class__school=cast.schools["kersenboom"]).delete()
    SchoolClass.objects.filter(school=cast.schools["kersenboom"]).delete()
    page = text_of(head.get(NEW))
    assert no_class in page
    assert nobody not in page


def test_a_teacher_who_is_occupied_is_named(cast: Cast) -> None:
    head = cast.client("head")
    head.post(NEW, fields(cast, "3b"))
    answer = head.post(NEW, fields(cast, "3b", "1a"))
    assert answer.status_code == 422
    assert "Lotte Claes" in text_of(answer)
    assert ConferenceRound.objects.count() == 1


def test_the_teacher_of_another_class_sees_nothing_of_it(cast: Cast) -> None:
    made = round_of(cast, "3b", "1a")
    book(cast, slot_of(cast, made, "simran"), hours_of(made)[0], "mother")
    other = cast.client("teacher_1a")
    page = text_of(other.get(reverse("conference_detail", args=[made.pk])))
    assert "Wim Jacobs" in page
    assert "Lotte Claes" not in page
    remove = reverse("conference_remove", args=[made.pk])
    assert remove not in page, "the whole round is not theirs to remove"
    assert remove in text_of(cast.client("head").get(reverse("conference_detail", args=[made.pk])))
    hours = hours_of(made)
    for name, row in (("conference_host", hours[0].host_id), ("conference_hour", hours[0].pk)):
        assert other.get(reverse(name, args=[row])).status_code == 404
    for name in ("conference_cancel", "conference_move", "conference_hour_remove"):
        assert other.post(reverse(name, args=[hours[0].pk])).status_code == 404
    assert other.post(remove).status_code == 404
    mine = reverse("conference_host", args=[hours_of(made, "1A")[0].host_id])
    assert "Simran" not in text_of(other.get(mine))


def test_who_has_a_time_and_who_has_none(cast: Cast) -> None:
    made = round_of(cast)
    book(cast, slot_of(cast, made, "simran"), hours_of(made)[0], "mother", Wish("SCHOOL", "pa", "Over lezen"))
    host = made.hosts.get()
    answer = cast.client("teacher_3b").get(reverse("conference_host", args=[host.pk]))
    page = text_of(answer)
    for words in ("Simran Kaur", "Harpreet Kaur", "ਪੰਜਾਬੀ", "Over lezen"):
        assert words in page
    assert [line.pupil.first_name for line in answer.context["waiting"]] == ["Yusuf"]
    assert AuditEntry.objects.filter(verb="listed", target_id=host.pk, actor=cast.staff["teacher_3b"]).exists()


def test_too_few_times_for_all_children_are_said_before_parents_find_none(cast: Cast) -> None:
    """Nine times for twenty children looked like any other round, and eleven families were invited to none."""
    made = round_of(cast, times=evening(ends=time(16, 10)))
    pages = [reverse("conference_detail", args=[made.pk]), reverse("conference_host", args=[made.hosts.get().pk])]
    teacher = cast.client("teacher_3b")
    round_page, class_page = (text_of(teacher.get(page)) for page in pages)
    assert "te weinig uren voor alle kinderen van 3B" in round_page
    assert "Er zijn te weinig uren: voor 1 gesprek" in class_page
    conferences.add_hours(host=made.hosts.get(), evening=evening(time(17), time(17, 10)), by=cast.staff["head"])
    for page in pages:
        assert "te weinig uren" not in text_of(teacher.get(page)), "one for each"
    conferenceplaces.change_rule(conference=made, pupil=cast.pupils["yusuf"], rule=SlotRule.EACH, by=cast.staff["head"])
    for page in pages:
        assert "te weinig uren" in text_of(teacher.get(page)), "each parent needs one"
    month = timedelta(days=30)
    ConferenceHour.objects.update(starts_at=F("starts_at") - month, ends_at=F("ends_at") - month)
    ConferenceRound.objects.update(held_on=F("held_on") - month)
    for page in pages:
        assert "te weinig uren" not in text_of(teacher.get(page)), "the evening is over"


def test_the_times_of_a_teacher_who_will_have_left_are_too_few(cast: Cast) -> None:
    made = round_of(cast)
    cast.staff["teacher_3b"].assignments.update(ends_on=made.held_on - timedelta(days=1))
    page = text_of(cast.client("head").get(reverse("conference_detail", args=[made.pk])))
    assert "te weinig uren voor alle kinderen van 3B" in page, "no parent is offered one"


def test_of_a_talk_by_phone_the_teacher_sees_whom_to_call(cast: Cast) -> None:
    made, teacher = round_of(cast), cast.client("teacher_3b")
    first, second, third, *_rest = hours_of(made)

    def page_of(name: str, hour: ConferenceHour, who: str, way: str) -> str:
        book(cast, slot_of(cast, made, name), hour, who, Wish(way))
        return text_of(teacher.get(reverse("conference_hour", args=[hour.pk])))

    assert 'href="tel:+32470000001"' in page_of("simran", first, "mother", "PHONE")
    assert "Geen nummer bekend" in page_of("yusuf", second, "separated_father", "PHONE")
    at_school = page_of("simran", third, "mother", "SCHOOL")
    assert 'href="tel:+32470000001"' not in at_school
    assert "Geen nummer bekend" not in at_school


def test_the_office_enters_what_the_strip_says(cast: Cast) -> None:
    made = round_of(cast)
    hour, slot = hours_of(made)[3], slot_of(cast, made, "yusuf")
    key = f"{slot.pk}-{cast.guardians['separated_mother'].pk}"
    url = reverse("conference_hour", args=[hour.pk])
    office = cast.client("office")
    assert office.post(url, {"slot": "", "way": "SCHOOL"}).status_code == 422
    assert office.post(url, {"slot": key, "way": "PHONE", "interpreter": "fr"}).status_code == 302
    slot.refresh_from_db()
    assert (slot.hour, slot.booked_by, slot.entered_by) == (
        hour,
        cast.guardians["separated_mother"],
        cast.staff["office"],
    )
    assert slot.interpreters.get().language == "fr"
    assert "Nadia Haddad" in text_of(office.get(url))


def test_what_a_colleague_entered_meanwhile_is_said_to_who_is_later(cast: Cast) -> None:
    """The page of somebody else's talk came back without a word, and the family stood nowhere."""
    made = round_of(cast)
    first, second = (reverse("conference_hour", args=[hour.pk]) for hour in hours_of(made)[:2])
    yusuf, simran = (f"{slot_of(cast, made, name).pk}-0" for name in ("yusuf", "simran"))
    office, teacher = cast.client("office"), cast.client("teacher_3b")
    assert office.post(first, {"slot": yusuf, "way": "SCHOOL"}).status_code == 302
    double = teacher.post(first, {"slot": yusuf, "way": "SCHOOL"}, follow=True)
    assert "net genomen" not in text_of(double), "the same talk, sent twice"
    late = teacher.post(first, {"slot": simran, "way": "SCHOOL"}, follow=True)
    assert "net genomen" in text_of(late)
    again = teacher.post(second, {"slot": yusuf, "way": "SCHOOL"})
    assert again.status_code == 422
    assert "Dit kind heeft intussen een uur" in text_of(again)
    assert yusuf not in text_of(again)


def test_a_child_of_another_class_is_no_choice(cast: Cast) -> None:
    made = round_of(cast, "3b", "1a")
    emma = slot_of(cast, made, "emma")
    url = reverse("conference_hour", args=[hours_of(made)[0].pk])
    assert cast.client("office").post(url, {"slot": f"{emma.pk}-0", "way": "SCHOOL"}).status_code == 422


def test_a_meeting_is_cancelled_with_a_reason_only(cast: Cast) -> None:
    made = round_of(cast)
    slot, hour = slot_of(cast, made, "simran"), hours_of(made)[0]
    book(cast, slot, hour, "mother")
    teacher, url = cast.client("teacher_3b"), reverse("conference_cancel", args=[hour.pk])
    move = teacher.post(reverse("conference_move", args=[hour.pk]), {"starts": "laat", "ends": ""}, follow=True)
    assert "Een gezin heeft dit uur gekozen." in text_of(move), "whatever was typed"
    for because, said in ((" ", "Zeg waarom"), ("Van 85.07.30-033.28", 'value="Van 85.07.30-033.28"')):
        refused = teacher.post(url, {"because": because, "slot": slot.pk})
        assert refused.status_code == 422
        assert said in text_of(refused), "beside the field, with what was typed"
    slot.refresh_from_db()
    assert slot.status == SlotStatus.BOOKED
    teacher.post(url, {"because": "Ik ben ziek.", "slot": slot.pk})
    slot.refresh_from_db()
    assert (slot.status, slot.hour, slot.cancelled_because) == (SlotStatus.OFFERED, None, "Ik ben ziek.")


def test_free_times_are_changed_added_and_taken_away(cast: Cast) -> None:
    made = round_of(cast)
    head, (first, second, *_rest) = cast.client("head"), hours_of(made)
    head.post(reverse("conference_hour_remove", args=[first.pk]))
    head.post(reverse("conference_move", args=[second.pk]), {"starts": "15:00", "ends": "15:20"})
    second.refresh_from_db()
    assert f"{second.starts_at.astimezone(clock.BRUSSELS):%H.%M}" == "15.00"
    refused = head.post(reverse("conference_move", args=[second.pk]), {"starts": "16:15", "ends": "16:25"})
    assert refused.status_code == 422
    assert 'value="16:15"' in text_of(refused), "what was typed"
    page = reverse("conference_hour", args=[second.pk])
    assert f'action="{page}"' in text_of(refused), "what is on paper goes to the page of the time, not to the change"
    second.refresh_from_db()
    assert f"{second.starts_at.astimezone(clock.BRUSSELS):%H.%M}" == "15.00", "it would meet another talk"
    host = made.hosts.get()
    url = reverse("conference_host", args=[host.pk])
    times = {"form": "times", "day": made.held_on.isoformat(), "starts": "18:00", "ends": "18:30", "minutes": "10"}
    assert head.post(url, times).status_code == 302
    assert head.post(url, times).status_code == 422
    assert ConferenceHour.objects.filter(host=host).count() == 8
    head.post(url, {"form": "place", "room": "turnzaal", "video_url": "https://video.example/3b"})
    host.refresh_from_db()
    assert (host.room, host.video_url) == ("turnzaal", "https://video.example/3b")
    bad = head.post(url, {"form": "place", "room": "x", "video_url": "javascript:alert(1)"})
    assert bad.status_code == 422


def test_a_video_talk_without_a_link_is_said_to_the_teacher_and_what_comes_next_to_the_parent(cast: Cast) -> None:
    made = round_of(cast)
    book(cast, slot_of(cast, made, "simran"), hours_of(made)[0], "mother", Wish("VIDEO"))
    host, said = made.hosts.get(), "Ouders kozen een videogesprek, en er is nog geen link."
    page = reverse("conference_host", args=[host.pk])
    own, waits = reverse("portal_bookings"), "De leerkracht zet hier de link naar het videogesprek."

    def read() -> tuple[bool, bool, bool]:
        for_parent = text_of(cast.guardian_client("mother").get(own, {"taal": "nl"}))
        return (
            said in text_of(cast.client("head").get(page)),
            waits in for_parent,
            "https://video.example" in for_parent,
        )

    assert read() == (True, True, False)
    ConferenceHost.objects.update(video_url="https://video.example/3b")
    assert read() == (False, False, True)
    ConferenceHost.objects.update(video_url="")
    ConferenceSlot.objects.filter(pupil=cast.pupils["simran"]).update(way="SCHOOL")
    assert read() == (False, False, False), "nobody waits for one"


def test_the_long_link_of_a_meeting_program_is_kept(cast: Cast) -> None:
    host, link = round_of(cast).hosts.get(), f"https://meeting.example/l/meetup-join/19%3a{'m' * 250}"
    url = reverse("conference_host", args=[host.pk])
    assert cast.client("head").post(url, {"form": "place", "room": "", "video_url": link}).status_code == 302
    host.refresh_from_db()
    assert host.video_url == link
    host.full_clean()  # PostgreSQL counts the letters
    too_long = {"form": "place", "room": "", "video_url": f"{link}{'m' * 300}"}
    assert cast.client("head").post(url, too_long).status_code == 422


def test_the_rule_of_a_child_is_changed_from_the_list(cast: Cast) -> None:
    made = round_of(cast)
    host, yusuf = made.hosts.get(), cast.pupils["yusuf"]
    url = reverse("conference_rule", args=[made.pk])
    teacher = cast.client("teacher_3b")
    for rule, number in ((SlotRule.EACH, 2), (SlotRule.JOINT, 1)):
        teacher.post(url, {"host": host.pk, "pupil": yusuf.pk, "rule": rule})
        assert made.slots.filter(pupil=yusuf).count() == number
    wrong = {"host": host.pk, "pupil": cast.pupils["emma"].pk, "rule": "EACH"}
    assert teacher.post(url, wrong).status_code == 404
    assert teacher.post(url, {"host": "²", "pupil": "x", "rule": "EACH"}).status_code == 404


def test_a_round_by_mistake_goes_and_one_that_is_used_stays(cast: Cast) -> None:
    made, head = round_of(cast), cast.client("head")
    book(cast, slot_of(cast, made, "simran"), hours_of(made)[0], "mother")
    url = reverse("conference_remove", args=[made.pk])
    head.post(url)
    assert ConferenceRound.objects.filter(pk=made.pk).exists()
    again = round_of(cast, "1a")
    head.post(reverse("conference_remove", args=[again.pk]))
    assert not ConferenceRound.objects.filter(pk=again.pk).exists()


def test_a_round_may_begin_with_the_settings_of_a_method_card(cast: Cast) -> None:
    load_methods()
    head = cast.client("head")
    html = head.get(NEW).content.decode()
    assert html.count("fiche=") == 2, "cards about other things bring no settings"
    form = head.get(f"{NEW}?fiche=conference-catch-up").context["form"]
    assert form["minutes"].value() == 15
    assert form["ways"].value() == ["SCHOOL", "PHONE", "VIDEO", "HOME"]
    assert head.get(f"{NEW}?fiche=home-visit").context["form"]["minutes"].value() == 10
