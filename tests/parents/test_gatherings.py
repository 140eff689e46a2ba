"""Colleagues make a gathering, change it, cancel it with a reason, and sign up who says it by phone or on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from messaging.models import Notice
from parents.models import Gathering, GatheringWord, Guardianship
from parents.retention import RULES
from parents.services.gatherings import cancel_gathering, change_gathering, may_reopen, reopen_gathering
from parents.services.signups import Coming, sign_up
from schools import clock
from schools.keeping import carry_out
from schools.models import AuditEntry, Partner
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.parents.gatherings import announced, facts, gathering_of, held, library, signed

pytestmark = pytest.mark.django_db


def fields(**more: Any) -> dict[str, Any]:
    return {
        "kind": "COFFEE_MOMENT",
        "title": "Koffie: slapen",
        "place": "Ouderlokaal",
        "day": (clock.today() + timedelta(days=9)).isoformat(),
        "starts": "09:00",
        "ends": "10:30",
        "places": "12",
    } | more


def test_somebody_makes_one_and_is_led_to_announcing_it(cast: Cast) -> None:
    head, partner = cast.client("head"), Partner.objects.get()
    answer = head.post(reverse("gathering_new"), fields(partner=partner.pk))
    row = Gathering.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("gathering_detail", args=[row.pk]))
    assert (row.school, row.made_by, row.places, row.partner) == (
        cast.schools["kersenboom"],
        cast.staff["head"],
        12,
        partner,
    )
    assert row.starts_at.astimezone(clock.BRUSSELS).hour == 9
    page = text_of(head.get(answer.headers["Location"]))
    assert "Kondig ze aan, zodat ze het weten" in page
    assert "0 van 12 plaatsen bezet" in page
    assert AuditEntry.objects.get(verb="made", target_kind="parents.gathering").target_id == row.pk


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": " "}, "Geef de bijeenkomst een titel."),
        ({"place": ""}, "Zeg waar het is."),
        ({"kind": "PHONE"}, ""),
        ({"ends": "09:00"}, "Een bijeenkomst eindigt later dan ze begint."),
        ({"day": "2020-01-06"}, "Dit moment is voorbij."),
        ({"day": "2127-01-06"}, "Deze datum klopt niet."),
        ({"places": "0"}, ""),
        ({"partner": "999"}, ""),
        ({"title": "85.07.30-033 28"}, "rijksregisternummer"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(cast: Cast, wrong: dict[str, str], words: str) -> None:
    page = cast.client("head").post(reverse("gathering_new"), fields(**wrong))
    assert page.status_code == 422
    assert words in text_of(page)
    assert page.context["form"].errors.keys() == wrong.keys()
    if "place" not in wrong:
        assert "Ouderlokaal" in text_of(page)
    assert not Gathering.objects.exists()


def test_a_teacher_changes_the_own_ones_only_and_sees_those_of_the_school(cast: Cast) -> None:
    teacher = cast.client("teacher_3b")
    teacher.post(reverse("gathering_new"), fields(title="Voorlezen in 3B"))
    own, of_school = Gathering.objects.get(), gathering_of(cast)
    assert teacher.get(reverse("gathering_edit", args=[own.pk])).status_code == 200
    assert teacher.get(reverse("gathering_edit", args=[of_school.pk])).status_code == 404
    assert teacher.get(reverse("gathering_detail", args=[of_school.pk])).status_code == 200
    assert cast.client("teacher_1a").get(reverse("gathering_edit", args=[own.pk])).status_code == 404
    for key in ("head", "joint", "office"):
        assert cast.client(key).get(reverse("gathering_edit", args=[own.pk])).status_code == 200
    assert cast.client("head_go").get(reverse("gathering_detail", args=[own.pk])).status_code == 404
    other = {"school": cast.schools["bloesem"].pk}
    assert teacher.get(reverse("gathering_new"), other).status_code == 404


def test_a_teacher_meets_names_of_own_families_only(cast: Cast) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "dutch_mother", 2)
    signed(cast, gathering, "separated_father", interpreter="ar")
    page = text_of(cast.client("teacher_3b").get(reverse("gathering_detail", args=[gathering.pk])))
    assert "Karim Haddad" in page
    assert "Peeters" not in page
    assert "En 1 ouder van een andere klas" in page
    assert "3 mensen komen" in page
    assert "Arabisch" in page
    line = AuditEntry.objects.get(verb="listed", target_kind="parents.gathering")
    assert [(one.pupil_id, one.guardian_id) for one in line.subjects.all()] == [
        (cast.pupils["yusuf"].pk, cast.guardians["separated_father"].pk)
    ], "the mother does not learn that he comes"


def test_beside_a_parent_stand_the_children_of_this_school(cast: Cast) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "mother")
    page = text_of(cast.client("joint").get(reverse("gathering_detail", args=[gathering.pk])))
    assert "Simran" in page
    assert "Gurjot" not in page, "the brother goes to another school"


def test_an_interpreter_is_looked_for_when_who_comes_wants_one(cast: Cast) -> None:
    gathering, head = gathering_of(cast, places=1), cast.client("head")
    signed(cast, gathering, "mother")
    signed(cast, gathering, "separated_father", interpreter="ar")
    url = reverse("gathering_detail", args=[gathering.pk])
    assert head.get(url).context["comers"].languages == [], "who waits does not come"
    signed(cast, gathering, "mother", interpreter="pa")
    assert [number for _name, number in head.get(url).context["comers"].languages] == [1]


def test_another_hour_or_place_is_told_to_who_signed_up_another_title_is_not(cast: Cast) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "mother")
    head = cast.client("head")
    url = reverse("gathering_edit", args=[gathering.pk])
    head.post(url, fields(title="Koffie en slaap", places=""))
    gathering.refresh_from_db()
    assert (gathering.title, gathering.sequence, GatheringWord.objects.count()) == ("Koffie en slaap", 0, 0)
    page = head.post(url, fields(place="Turnzaal"), follow=True)
    assert "Wie ingeschreven is, krijgt een bericht" in text_of(page)
    gathering.refresh_from_db()
    assert (gathering.sequence, GatheringWord.objects.get().kind) == (1, "MOVED")


def test_what_a_colleague_changed_meanwhile_is_not_undone_unseen(cast: Cast) -> None:
    """Who signed up was told of the gym; nobody tells them of the old place because a page stood open."""
    gathering, head = gathering_of(cast), cast.client("head")
    url = reverse("gathering_edit", args=[gathering.pk])
    seen = str(head.get(url).context["form"]["seen"].value())
    other = {"day": (gathering.starts_at + timedelta(days=1)).date().isoformat(), "ends": "23:05"}
    cast.client("care").post(url, fields(place="Turnzaal", **other))
    answer = head.post(url, fields(title="Koffie en slaap", seen=seen))
    assert answer.status_code == 422
    told = text_of(answer).partition("Iemand anders heeft dit intussen gewijzigd: ")[2].partition(". Kijk")[0]
    assert [told.startswith("Waar (Turnzaal), Dag ("), told.endswith(", Tot (23.05)")] == [True, True]
    gathering.refresh_from_db()
    assert gathering.place == "Turnzaal"
    again = str(answer.context["form"]["seen"].value())
    assert head.post(url, fields(title="Koffie en slaap", seen=again)).status_code == 302


def test_places_become_as_few_as_are_taken_and_not_fewer(cast: Cast) -> None:
    gathering, head = gathering_of(cast), cast.client("head")
    signed(cast, gathering, "mother", 1, 1)
    url = reverse("gathering_edit", args=[gathering.pk])
    assert [head.post(url, fields(places=places)).status_code for places in ("1", "2")] == [422, 302]
    gathering.refresh_from_db()
    assert gathering.places == 2


def test_it_is_cancelled_with_a_reason_once(cast: Cast) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "mother")
    head, url = cast.client("head"), reverse("gathering_cancel", args=[gathering.pk])
    refused = head.post(url, {"because": " "})
    assert refused.status_code == 422
    assert "Zeg waarom" in text_of(refused)
    page = head.post(url, {"because": "De zaal is nat."}, follow=True)
    assert "1 ouder krijgt een bericht" in text_of(page)
    assert "De zaal is nat." in text_of(page)
    head.post(url, {"because": "Nog eens."})
    gathering.refresh_from_db()
    assert gathering.cancelled_because == "De zaal is nat."
    assert GatheringWord.objects.count() == 1
    assert head.get(reverse("gathering_edit", args=[gathering.pk])).status_code == 302
    with pytest.raises(ValidationError, match="gaat niet door"):
        change_gathering(gathering=gathering, facts=facts(), by=cast.staff["head"])


def test_cancelled_by_mistake_it_goes_on_until_somebody_was_told(cast: Cast) -> None:
    gathering, head = gathering_of(cast), cast.client("head")
    row = signed(cast, gathering, "mother")
    cancel, reopen = (reverse(name, args=[gathering.pk]) for name in ("gathering_cancel", "gathering_reopen"))
    detail = reverse("gathering_detail", args=[gathering.pk])
    assert "niet afgezegd" in text_of(head.post(reopen, follow=True)), "nothing to undo"
    GatheringWord.objects.create(sign_up=row, kind="MOVED", sequence=0, decided_at=clock.now())
    head.post(cancel, {"because": "De verkeerde."})
    page = text_of(head.get(detail))
    assert "Toch laten doorgaan" in page
    assert "De bijeenkomst gaat door" in text_of(head.post(reopen, follow=True))
    gathering.refresh_from_db()
    assert (gathering.is_open, gathering.cancelled_because) == (True, "")
    word = GatheringWord.objects.standing(clock.now()).get()
    assert word.kind == "MOVED", "what was to be told still is"
    assert AuditEntry.objects.get(verb="reopened").actor == cast.staff["head"]
    head.post(cancel, {"because": "Nu wel."})
    GatheringWord.objects.filter(kind="CANCELLED").update(taken_at=clock.now())
    page = text_of(head.get(detail))
    assert "Toch laten doorgaan" not in page
    assert "Maak een nieuwe bijeenkomst" in page
    assert "Maak een nieuwe bijeenkomst" in text_of(head.post(reopen, follow=True))
    gathering.refresh_from_db()
    assert gathering.is_cancelled
    assert cast.client("teacher_3b").post(reopen).status_code == 404, "another colleague made it"


def test_a_sweep_that_comes_meanwhile_finds_nothing_to_tell(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    gathering, taken = gathering_of(cast), []
    signed(cast, gathering, "mother")
    cancel_gathering(gathering=gathering, because="De verkeerde.", by=cast.staff["head"])

    def looks_before_a_sweep(row: Gathering) -> bool:
        answer = may_reopen(row)
        taken.append(GatheringWord.objects.filter(kind="CANCELLED").update(taken_at=clock.now()))
        return answer

    monkeypatch.setattr("parents.services.gatherings.may_reopen", looks_before_a_sweep)
    reopen_gathering(gathering=gathering, by=cast.staff["head"])
    assert taken == [0]


def test_what_parents_were_written_about_its_end_is_told(cast: Cast) -> None:
    gathering, head = gathering_of(cast), cast.client("head")
    page = reverse("gathering_detail", args=[gathering.pk])
    notice = announced(cast, gathering, "mother").notice
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        cancel_gathering(gathering=gathering, because="De verkeerde.", by=cast.staff["head"])
        assert "Toch laten doorgaan" in text_of(head.get(page)), "what left before invited to it"
    Notice.objects.filter(pk=notice.pk).update(published_at=clock.now() + timedelta(minutes=9))
    assert "Toch laten doorgaan" not in text_of(head.get(page))


def test_what_has_begun_is_not_changed_any_more(cast: Cast) -> None:
    gathering = held(gathering_of(cast))
    for change in (
        lambda: change_gathering(gathering=gathering, facts=facts(), by=cast.staff["head"]),
        lambda: cancel_gathering(gathering=gathering, because="x", by=cast.staff["head"]),
    ):
        with pytest.raises(ValidationError, match="begonnen"):
            change()


def test_who_says_it_by_phone_is_signed_up_and_off_by_a_colleague(cast: Cast) -> None:
    gathering, teacher = gathering_of(cast, places=1), cast.client("teacher_3b")
    url = reverse("gathering_enter", args=[gathering.pk])
    assert "Yusuf" in text_of(teacher.get(url))
    assert "Emma" not in text_of(teacher.get(url)), "of another class"
    yusuf, father = cast.pupils["yusuf"], cast.guardians["separated_father"]
    said = {"guardian": father.pk, "adults": "1", "children": "0", "interpreter": "ar"}
    page = teacher.post(f"{url}?pupil={yusuf.pk}", said, follow=True)
    assert "Ingeschreven: Karim Haddad" in text_of(page)
    assert "ingeschreven door Lotte Claes" in text_of(page)
    row = gathering.sign_ups.get()
    assert (row.guardian, row.entered_by) == (father, cast.staff["teacher_3b"])
    mother = cast.guardians["separated_mother"]
    page = teacher.post(f"{url}?pupil={yusuf.pk}", said | {"guardian": mother.pk}, follow=True)
    assert "Nadia Haddad staat op de wachtlijst" in text_of(page)
    stranger = cast.guardians["dutch_mother"].pk
    assert teacher.post(f"{url}?pupil={yusuf.pk}", said | {"guardian": stranger}).status_code == 422
    assert teacher.post(f"{url}?pupil={cast.pupils['emma'].pk}", said).status_code == 404
    off = reverse("gathering_take_off", args=[gathering.pk])
    assert cast.client("teacher_1a").post(off, {"sign_up": row.pk}).status_code == 404
    teacher.post(off, {"sign_up": row.pk})
    assert [(one.guardian, one.state) for one in gathering.sign_ups.all()] == [(mother, "COMING")]


@pytest.mark.parametrize(("said", "kept"), [("", "ar"), ("fr", "fr")])
def test_a_colleague_who_writes_down_how_many_come_drops_no_interpreter(cast: Cast, said: str, kept: str) -> None:
    """The form does not show that the parent asked for one."""
    gathering, father = gathering_of(cast), cast.guardians["separated_father"]
    sign_up(gathering=gathering, guardian=father, coming=Coming(1, 0, "ar"))
    url = f"{reverse('gathering_enter', args=[gathering.pk])}?pupil={cast.pupils['yusuf'].pk}"
    words = {"guardian": father.pk, "adults": "2", "children": "1", "interpreter": said}
    assert cast.client("teacher_3b").post(url, words).status_code == 302
    row = gathering.sign_ups.get()
    assert (row.people, row.interpreter) == (3, kept)
    sign_up(gathering=gathering, guardian=father, coming=Coming(1))
    assert gathering.sign_ups.get().interpreter == "", "the parent's own word"


def test_a_colleague_signs_up_who_may_be_informed_and_says_what_a_partner_sees(cast: Cast) -> None:
    gathering, head = library(cast), cast.client("head")
    url = f"{reverse('gathering_enter', args=[gathering.pk])}?pupil={cast.pupils['yusuf'].pk}"
    page = text_of(head.get(url))
    assert "Karim Haddad" in page
    assert "Zeg aan de ouder dat Bibliotheek De Leidraad de voornaam ziet" in page
    assert "geen tolk</option>" in page, "a colleague is asked, not the parent"
    father = cast.guardians["separated_father"]
    Guardianship.objects.filter(guardian=father).update(information_right=False)
    assert "Karim Haddad" not in text_of(head.get(url))
    assert head.post(url, {"guardian": father.pk, "adults": "1", "children": "0"}).status_code == 422
    assert not gathering.sign_ups.exists()


@pytest.mark.parametrize("is_over", [True, False])
def test_a_colleague_hears_that_it_is_too_late_to_sign_somebody_up_or_off(cast: Cast, is_over: bool) -> None:
    gathering, head = gathering_of(cast), cast.client("head")
    row = signed(cast, gathering, "separated_father")
    if is_over:
        held(gathering)
    else:
        cancel_gathering(gathering=gathering, because="Ziek.", by=cast.staff["head"])
    enter, off = (reverse(name, args=[gathering.pk]) for name in ("gathering_enter", "gathering_take_off"))
    said = {"guardian": cast.guardians["separated_mother"].pk, "adults": "1", "children": "0"}
    for page in (
        head.get(enter, follow=True),
        head.post(f"{enter}?pupil={cast.pupils['yusuf'].pk}", said, follow=True),
        head.post(off, {"sign_up": row.pk}, follow=True),
    ):
        assert "je kunt ze niet meer wijzigen" in text_of(page)
        assert "Bel de school" not in text_of(page)
    assert gathering.sign_ups.get() == row


def test_the_list_shows_what_is_to_come_and_what_was(cast: Cast) -> None:
    gathering_of(cast, title="Later", days=20, places=5)
    gathering_of(cast, title="Eerst", days=3)
    held(gathering_of(cast, title="Geweest"))
    gathering_of(cast, title="Andere school", school="bloesem", by="head_go")
    head = cast.client("head")
    coming = text_of(head.get(reverse("gathering_list")))
    assert coming.index("Eerst") < coming.index("Later")
    assert "Geweest" not in coming
    past = text_of(head.get(reverse("gathering_list"), {"toon": "voorbij"}))
    assert "Geweest" in past
    assert "wie kwam er?" in past
    assert "Andere school" not in coming + past
    assert "Andere school" in text_of(cast.client("joint").get(reverse("gathering_list")))


@pytest.mark.parametrize("wrong", [{"kind": "PHONE"}, {"places": 0}, {"ends_at": clock.now() - timedelta(days=1)}])
def test_the_database_keeps_what_a_gathering_is(cast: Cast, wrong: dict[str, Any]) -> None:
    gathering = gathering_of(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Gathering.objects.filter(pk=gathering.pk).update(**wrong)


def test_who_signed_up_is_forgotten_after_the_school_year(cast: Cast) -> None:
    gathering = gathering_of(cast)
    signed(cast, gathering, "mother")
    cancel_gathering(gathering=gathering, because="De juf is ziek.", by=cast.staff["head"])
    rules = {rule.key: rule for rule in RULES}
    for key in ("gathering sign-ups", "reasons of gatherings"):
        assert carry_out(rules[key], dry_run=True) == 0
    with time_machine.travel(datetime(cast.year.ends_on.year + 1, 12, 31, 4, tzinfo=clock.BRUSSELS), tick=False):
        for key in ("gathering sign-ups", "reasons of gatherings"):
            carry_out(rules[key], dry_run=False)
    gathering.refresh_from_db()
    assert (gathering.sign_ups.exists(), gathering.cancelled_because) == (False, "")
    assert not GatheringWord.objects.exists()
