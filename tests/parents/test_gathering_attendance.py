"""After a gathering: each family that came is a contact once, or people are only counted; it can be put right."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from parents.models import Attendance, ContactMoment, FamilyMembership, Gathering
from parents.services.correcting import withdraw_contact_moment
from parents.services.gatheringattendance import stands
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.parents.gatherings import gathering_of, held, library, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def coffee(cast: Cast) -> Gathering:
    """Yesterday; three parents of two families had signed up, and one who waited."""
    gathering = gathering_of(cast, places=6)
    signed(cast, gathering, "mother", 1, 2)
    signed(cast, gathering, "grandfather")
    signed(cast, gathering, "separated_father", 2)
    signed(cast, gathering, "separated_mother", 1)
    return held(gathering)


def send(cast: Cast, gathering: Gathering, *came: str, who: str = "head", counted: str = "", **more: Any) -> Any:
    """The form as the page shows it, with the mark left at these families."""
    families = [cast.families[name].pk for name in ("kaur", "haddad")]
    marks = {f"came_{cast.families[name].pk}": "on" for name in came}
    url = reverse("gathering_attendance", args=[gathering.pk])
    written = [row.family_id for row in gathering.attendances.all() if stands(row)]
    then = "" if gathering.counted_only is None else str(gathering.counted_only)
    facts = {"shown": families, "written": written, "counted": counted, "counted_then": then}
    return cast.client(who).post(url, facts | marks | more)


def counting(gathering: Gathering) -> list[tuple[str, bool]]:
    """Families that are written down, and whether their contact counts."""
    rows = Attendance.objects.filter(gathering=gathering).select_related("contact_moment").order_by("pk")
    return [
        (", ".join(row.contact_moment.pupils.values_list("first_name", flat=True)), row.contact_moment.is_reach)
        for row in rows
        if row.contact_moment
    ]


def test_who_signed_up_is_marked_and_one_save_makes_a_contact_of_each_family(cast: Cast, coffee: Gathering) -> None:
    url = reverse("gathering_attendance", args=[coffee.pk])
    page = cast.client("head").get(url)
    lines = page.context["form"].lines()
    assert [(line.children, line.people, mark.value()) for line, mark in lines] == [
        ("Simran Kaur", 4, True),
        ("Yusuf Haddad", 2, True),
    ]
    before = ContactMoment.objects.count()
    assert send(cast, coffee, "kaur", "haddad", counted="7").status_code == 302
    assert ContactMoment.objects.count() == before + 2, "two families, however many parents"
    moment = Attendance.objects.get(family=cast.families["kaur"]).contact_moment
    assert moment is not None
    assert (moment.kind, moment.status, moment.initiative, moment.purpose) == (
        "COFFEE_MOMENT",
        "HELD",
        "SCHOOL",
        "INFORMATION",
    )
    assert (moment.held_on, moment.duration_min, moment.note) == (
        clock.local_date(coffee.starts_at),
        90,
        "Koffie: slapen",
    )
    assert set(moment.guardians.all()) == {cast.guardians["mother"], cast.guardians["grandfather"]}
    assert list(moment.pupils.all()) == [cast.pupils["simran"]], "not the brother at another school"
    coffee.refresh_from_db()
    assert (coffee.counted_only, coffee.attended_at is not None) == (7, True)
    line = AuditEntry.objects.get(verb="wrote attendance")
    assert (line.actor, line.detail["families"], line.detail["counted"]) == (cast.staff["head"], 2, 7)


def test_sent_twice_it_is_written_once_and_put_right_later(cast: Cast, coffee: Gathering) -> None:
    for _time in range(2):
        send(cast, coffee, "kaur", "haddad")
    assert counting(coffee) == [("Simran", True), ("Yusuf", True)]
    moments = ContactMoment.objects.filter(kind="COFFEE_MOMENT")
    assert moments.count() == 2
    send(cast, coffee, "kaur")
    assert counting(coffee) == [("Simran", True)]
    assert moments.filter(withdrawn_at__isnull=True).count() == 1
    page = cast.client("head").get(reverse("gathering_attendance", args=[coffee.pk]))
    assert [mark.value() for _line, mark in page.context["form"].lines()] == [True, False]
    send(cast, coffee, "kaur", "haddad")
    assert counting(coffee) == [("Simran", True), ("Yusuf", True)]


def test_a_contact_that_was_taken_back_on_its_own_page_does_not_stand_here(cast: Cast, coffee: Gathering) -> None:
    send(cast, coffee, "kaur")
    moment = Attendance.objects.get().contact_moment
    assert moment is not None
    withdraw_contact_moment(moment=moment, by=cast.staff["head"], because="Vergissing.")
    page = cast.client("head").get(reverse("gathering_attendance", args=[coffee.pk]))
    assert [mark.value() for _line, mark in page.context["form"].lines()] == [False, False]
    assert "0 gezinnen zijn genoteerd" in text_of(
        cast.client("head").get(reverse("gathering_detail", args=[coffee.pk]))
    )
    send(cast, coffee, "kaur")
    assert counting(coffee) == [("Simran", True)]


def test_a_child_of_no_family_is_named_and_nothing_is_lost(cast: Cast, coffee: Gathering) -> None:
    FamilyMembership.objects.filter(pupil=cast.pupils["emma"]).delete()
    url = reverse("gathering_attendance", args=[coffee.pk])
    page = cast.client("head").post(url, {"pupil": cast.pupils["emma"].pk}, follow=True)
    assert "Van Emma Peeters kon niets genoteerd worden" in text_of(page)
    assert not Attendance.objects.exists()


def test_only_counted_names_nobody(cast: Cast) -> None:
    gathering = held(gathering_of(cast))
    before = ContactMoment.objects.count()
    url = reverse("gathering_attendance", args=[gathering.pk])
    assert cast.client("head").post(url, {"counted": "12"}).status_code == 302
    gathering.refresh_from_db()
    assert (gathering.counted_only, ContactMoment.objects.count()) == (12, before)
    assert "In totaal kwamen 12 mensen" in text_of(
        cast.client("head").get(reverse("gathering_detail", args=[gathering.pk]))
    )
    assert cast.client("head").post(url, {"counted": "-1"}).status_code == 422


def test_a_family_that_came_without_signing_up_is_found_and_added(cast: Cast, coffee: Gathering) -> None:
    head, url = cast.client("head"), reverse("gathering_attendance", args=[coffee.pk])
    assert "Zoek een kind" not in text_of(head.get(url)), "what is marked is written first"
    send(cast, coffee, "haddad", counted="4")
    found = text_of(head.get(url, {"q": "Emma"}))
    assert f'name="pupil" value="{cast.pupils["emma"].pk}"' in " ".join(found.split())
    for _time in range(2):
        head.post(url, {"pupil": cast.pupils["emma"].pk})
    assert counting(coffee) == [("Yusuf", True), ("Emma", True)]
    coffee.refresh_from_db()
    assert coffee.counted_only == 4
    assert "was niet ingeschreven" in text_of(head.get(url))


def test_a_teacher_writes_down_own_families_and_leaves_the_others_as_they_are(cast: Cast, coffee: Gathering) -> None:
    send(cast, coffee, "kaur", "haddad")
    cast.client("head").post(reverse("gathering_attendance", args=[coffee.pk]), {"pupil": cast.pupils["emma"].pk})
    url = reverse("gathering_attendance", args=[coffee.pk])
    page = text_of(cast.client("teacher_1a").get(url))
    assert "Emma" in page
    assert "Haddad" not in page
    assert "2 gezinnen van andere klassen" in page
    families = [cast.families["haddad"].pk, cast.families["peeters"].pk]
    answer = cast.client("teacher_1a").post(url, {"shown": families, "written": families, "counted": ""})
    assert answer.status_code == 302
    assert counting(coffee) == [("Simran", True), ("Yusuf", True)]
    assert cast.client("teacher_1a").post(url, {"pupil": cast.pupils["yusuf"].pk}).status_code == 404


def test_before_it_begins_and_when_it_was_cancelled_there_is_nothing_to_write(cast: Cast) -> None:
    gathering = gathering_of(cast)
    assert send(cast, gathering, "kaur").status_code == 302
    assert cast.client("head").get(reverse("gathering_attendance", args=[gathering.pk])).status_code == 302
    assert not Attendance.objects.exists()


def test_with_a_partner_the_initiative_is_the_partner_s_and_the_joint_worker_s_is_the_project_s(cast: Cast) -> None:
    reading, coffee = library(cast), gathering_of(cast, by="joint")
    for gathering in (reading, coffee):
        signed(cast, gathering, "mother")
        held(gathering)
        send(cast, gathering, "kaur", who="joint")
    moments = ContactMoment.objects.filter(recorded_by=cast.staff["joint"], note__in=["Voorlezen", "Koffie: slapen"])
    assert set(moments.values_list("kind", "initiative")) == {
        ("READING", "PARTNER"),
        ("COFFEE_MOMENT", "PROJECT_WORKER"),
    }


def fields_of(page: Any) -> dict[str, Any]:
    """The form as it stands on a page."""
    form = page.context["form"]
    lines = form.lines()
    facts = {
        "shown": [line.family.pk for line, _mark in lines],
        "written": [line.family.pk for line, _mark in lines if line.is_written],
        "counted": form["counted"].value() or "",
        "counted_then": form["counted_then"].value(),
    }
    return facts | {mark.html_name: "on" for _line, mark in lines if mark.value()}


def test_a_page_from_before_a_colleague_wrote_takes_nothing_of_it_back(cast: Cast, coffee: Gathering) -> None:
    """Two have the page open. The second changes one family, and says nothing of what the first wrote meanwhile."""
    url, head = reverse("gathering_attendance", args=[coffee.pk]), cast.client("head")
    send(cast, coffee, "haddad")
    page = head.get(url)
    assert page.content.decode().count('name="written"') == 1
    before = fields_of(page)
    coffee.refresh_from_db()
    send(cast, coffee, "haddad", "kaur", counted="9", who="teacher_3b")
    del before[f"came_{cast.families['haddad'].pk}"]
    assert head.post(url, before).status_code == 302
    assert [name for name, _counts in counting(coffee)] == ["Simran"], "Simran came, as the colleague wrote"
    coffee.refresh_from_db()
    assert coffee.counted_only == 9, "and so many people"


def test_what_a_colleague_took_back_meanwhile_is_not_written_again(cast: Cast, coffee: Gathering) -> None:
    url, head = reverse("gathering_attendance", args=[coffee.pk]), cast.client("head")
    send(cast, coffee, "haddad", "kaur")
    before = fields_of(head.get(url))
    send(cast, coffee, "haddad", who="teacher_3b")
    head.post(url, before)
    assert counting(coffee) == [("Yusuf", True)]


def test_of_the_own_families_nothing_is_written_when_a_colleague_wrote_of_others(cast: Cast) -> None:
    """The teacher of 3B was first. Who signed up of 1A did not stay away for that."""
    coffee = gathering_of(cast)
    for guardian in ("mother", "dutch_mother"):
        signed(cast, coffee, guardian)
    held(coffee)
    send(cast, coffee, "kaur", who="teacher_3b")
    url, teacher = reverse("gathering_attendance", args=[coffee.pk]), cast.client("teacher_1a")
    page = teacher.get(url)
    assert [(line.children, mark.value()) for line, mark in page.context["form"].lines()] == [("Emma Peeters", True)]
    assert "Dit is genoteerd" not in text_of(page)
    teacher.post(url, fields_of(page))
    assert [name for name, _counts in counting(coffee)] == ["Simran", "Emma"]
    assert "Dit is genoteerd" in text_of(teacher.get(url))


def test_where_nobody_came_it_stays_so(cast: Cast, coffee: Gathering) -> None:
    send(cast, coffee)
    page = cast.client("head").get(reverse("gathering_attendance", args=[coffee.pk]))
    assert not any(mark.value() for _line, mark in page.context["form"].lines())
    assert "Dit is genoteerd" in text_of(page)
