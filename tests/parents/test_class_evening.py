"""A class after an evening without a round: the families on one screen, one save, one contact for each that came."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from parents.evenings import families_of_class
from parents.models import ContactMoment, FamilyMembership, Guardianship
from parents.ownwords import UNDONE, said
from parents.services.correcting import withdraw_contact_moment
from parents.services.evenings import ClassEvening, FamilyThatCame, write_evening
from schools import clock
from schools.models import AuditEntry, Enrolment, Method, Pupil
from tests.cast import Cast
from tests.parents.conferences import round_of
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


def page(cast: Cast) -> str:
    return reverse("class_evening", args=[cast.classes["3b"].pk])


def sibling(cast: Cast) -> Pupil:
    """Simran's brother is in the same class."""
    start = cast.year.starts_on
    child = Pupil.objects.create(first_name="Amrit", last_name="Kaur", birth_date=start)
    room = cast.classes["3b"]
    Enrolment.objects.create(pupil=child, school=room.school, school_class=room, starts_on=start)
    FamilyMembership.objects.create(family=cast.families["kaur"], pupil=child, starts_on=start)
    Guardianship.objects.create(pupil=child, guardian=cast.guardians["mother"], starts_on=start)
    return child


def send(cast: Cast, *families: str, who: str = "teacher_3b", **more: object) -> Any:
    """The form with these families marked."""
    marks = {f"came_{cast.families[name].pk}": "on" for name in families}
    facts = {"client_id": uuid4(), "kind": "CONFERENCE", "held_on": clock.today(), "purpose": "PROGRESS"}
    return cast.client(who).post(page(cast), facts | marks | more)


def noted(**facts: object) -> Any:
    return ContactMoment.objects.exclude(kind="GATE_TALK").filter(**facts)


def test_the_page_shows_each_family_once_and_nobody_marked(cast: Cast) -> None:
    sibling(cast)
    answer = cast.client("teacher_3b").get(page(cast))
    lines = list(answer.context["form"].lines())
    assert [line["family"].name for line in lines] == ["Yusuf Haddad", "Amrit Kaur & Simran Kaur"]
    assert [bool(line["came"].value()) for line in lines] == [False, False]
    assert [len(line["family"].guardians) for line in lines] == [2, 2]
    assert "Gurjot" not in text_of(answer), "he is at another school"


def test_it_is_reached_from_the_week_the_quick_log_and_the_class(cast: Cast) -> None:
    teacher, chooser = cast.client("teacher_3b"), reverse("evening_choose")
    assert f'href="{chooser}"' in text_of(teacher.get(reverse("my_week")))
    assert f'href="{chooser}"' in text_of(teacher.get(reverse("contact_new")))
    assert page(cast) in text_of(teacher.get(reverse("class_detail", args=[cast.classes["3b"].pk])))
    assert teacher.get(chooser).headers["Location"] == page(cast), "one class: nothing to choose"
    assert page(cast) in text_of(cast.client("head").get(chooser))


def test_who_works_for_many_schools_says_first_at_which(cast: Cast) -> None:
    joint, chooser, school = cast.client("joint"), reverse("evening_choose"), cast.schools["kersenboom"]
    asked = text_of(joint.get(chooser))
    assert f'href="?school={school.pk}"' in asked
    assert page(cast) not in asked
    assert page(cast) in text_of(joint.get(chooser, {"school": school.pk}))
    for nonsense in ("0", "x", "9" * 30):
        assert f'href="?school={school.pk}"' in text_of(joint.get(chooser, {"school": nonsense}))


def test_one_save_makes_one_contact_for_each_family_that_came(cast: Cast) -> None:
    brother = sibling(cast)
    method = Method.objects.create(slug="avond", title="Avond", level=1, preparation_min=5, duration_min=60)
    assert send(cast, "kaur", method=method.pk).status_code == 302
    moment = noted().get()
    assert (moment.kind, moment.status, moment.outcome, moment.purpose, moment.initiative) == (
        "CONFERENCE",
        "HELD",
        "REACHED_AGREED",
        "PROGRESS",
        "SCHOOL",
    )
    assert (moment.family, moment.held_on, moment.method, moment.recorded_by) == (
        cast.families["kaur"],
        clock.today(),
        method,
        cast.staff["teacher_3b"],
    )
    assert set(moment.pupils.all()) == {brother, cast.pupils["simran"]}
    assert (moment.is_two_way, list(moment.guardians.all())) == (True, [])
    entry = AuditEntry.objects.get(verb="wrote attendance")
    assert (entry.target_id, entry.detail["held"]) == (cast.classes["3b"].pk, 1)


def test_who_is_marked_by_name_came_too(cast: Cast) -> None:
    haddad, father = cast.families["haddad"].pk, cast.guardians["separated_father"]
    more: Any = {
        f"who_{haddad}": [father.pk],
        f"outcome_{haddad}": "REACHED_FOLLOW_UP",
        f"interpreter_{haddad}": "MEDIATOR",
    }
    assert send(cast, **more).status_code == 302
    moment = noted().get()
    assert (moment.outcome, moment.interpreter_need, moment.interpreter_mode) == (
        "REACHED_FOLLOW_UP",
        "YES",
        "MEDIATOR",
    )
    assert list(moment.guardians.all()) == [father]
    assert [(task.owner, task.what) for task in moment.follow_ups.all()] == [
        (cast.staff["teacher_3b"], "Oudercontact: bereikt, opvolging nodig")
    ]


def test_an_evening_of_listening_has_no_outcome_and_is_no_talk(cast: Cast) -> None:
    send(cast, "haddad", kind="INFO_EVENING", purpose="INFORMATION")
    moment = noted().get()
    assert (moment.outcome, moment.is_reach, moment.is_two_way) == ("", True, False)
    page_of_moment = text_of(cast.client("teacher_3b").get(reverse("contact_detail", args=[moment.pk])))
    assert "infoavond" in page_of_moment.lower()


def test_sent_twice_it_is_written_once(cast: Cast) -> None:
    uid = uuid4()
    send(cast, "kaur", client_id=uid)
    again = send(cast, "kaur", "haddad", client_id=uid)
    assert noted().count() == 2, "who was marked the second time only is written then"
    assert again.status_code == 302
    withdraw_contact_moment(moment=noted(family=cast.families["kaur"]).get(), by=cast.staff["head"], because="Fout.")
    send(cast, "kaur", client_id=uid)
    assert noted(withdrawn_at=None).count() == 1, "what was taken back is not brought back by an old form"


def test_the_wrong_evening_is_undone_with_one_tap(cast: Cast) -> None:
    """Twenty families on the wrong day would be twenty talks to take back one by one."""
    uid, room = uuid4(), reverse("class_detail", args=[cast.classes["3b"].pk])
    said = text_of(cast.client("teacher_3b").get(send(cast, "kaur", "haddad", client_id=uid).headers["Location"]))
    assert "Genoteerd: 2 gezinnen kwamen." in said
    assert f'name="undo" value="{uid}"' in said
    assert "Genoteerd" not in text_of(cast.client("head").get(room, {"avond": str(uid)})), "it is not theirs"
    for who in ("head", "teacher_3b"):
        cast.client(who).post(page(cast), {"undo": str(uid)})
        assert noted(withdrawn_at=None).count() == (2 if who == "head" else 0)
    assert noted(is_reach=True).count() == 0
    assert "Genoteerd" not in text_of(cast.client("teacher_3b").get(room, {"avond": str(uid)}))
    assert cast.client("teacher_3b").post(page(cast), {"undo": "x"}).status_code == 302


def test_a_second_press_on_undo_does_not_send_one_to_each_family(cast: Cast) -> None:
    uid, browser = uuid4(), cast.client("teacher_3b")
    send(cast, "kaur", client_id=uid)
    said = [str(*browser.post(page(cast), {"undo": str(uid)}, follow=True).context["messages"]) for _press in range(2)]
    assert said == ["Ongedaan gemaakt: van deze avond is niets genoteerd.", "Dit is al teruggedraaid."]


def test_why_it_was_undone_is_kept_in_dutch_and_read_in_ones_own_language(cast: Cast) -> None:
    uid, teacher = uuid4(), cast.staff["teacher_3b"]
    teacher.language = "fr"
    teacher.save(update_fields=["language"])
    send(cast, "kaur", client_id=uid)
    cast.client("teacher_3b").post(page(cast), {"undo": str(uid)})
    moment = noted().get()
    assert moment.withdrawn_because == "Meteen na het noteren ongedaan gemaakt."
    with translation.override("fr"):
        assert said(moment.withdrawn_because) == translation.gettext(UNDONE) != moment.withdrawn_because


def test_later_it_is_not_undone_as_a_whole(cast: Cast) -> None:
    uid = uuid4()
    send(cast, "kaur", client_id=uid)
    noted().update(recorded_at=clock.now() - timedelta(minutes=16))
    answer = cast.client("teacher_3b").post(page(cast), {"undo": str(uid)}, follow=True)
    assert "niet meer in één keer ongedaan" in text_of(answer)
    assert noted(withdrawn_at=None).count() == 1


def test_what_a_colleague_noted_is_not_noted_again(cast: Cast) -> None:
    send(cast, "kaur")
    answer = cast.client("head").post(
        page(cast),
        {"client_id": uuid4(), "kind": "CONFERENCE", "held_on": clock.today(), "purpose": "PROGRESS"}
        | {f"came_{cast.families[name].pk}": "on" for name in ("kaur", "haddad")},
        follow=True,
    )
    assert noted().count() == 2
    assert "Van 1 gezin was dit al genoteerd" in text_of(answer)
    send(cast, "kaur", held_on=clock.today() - timedelta(days=1))
    assert noted().count() == 3, "another evening"


def test_a_hidden_line_does_not_betray_itself(cast: Cast) -> None:
    """A talk that the teacher may not read says nothing by keeping hers from being written."""
    hidden = cast.moments["clb"]
    ContactMoment.objects.filter(pk=hidden.pk).update(kind="CONFERENCE", held_on=clock.today())
    send(cast, "kaur")
    assert noted(recorded_by=cast.staff["teacher_3b"]).count() == 1


def test_nothing_is_lost_when_something_is_wrong(cast: Cast) -> None:
    haddad = cast.families["haddad"].pk
    tomorrow = clock.today() + timedelta(days=1)
    answer = send(cast, "kaur", held_on=tomorrow, **{f"interpreter_{haddad}": "CHILD"})
    assert answer.status_code == 422
    assert "kan niet in de toekomst liggen" in text_of(answer)
    lines = {line["family"].family_id: line for line in answer.context["form"].lines()}
    assert lines[cast.families["kaur"].pk]["came"].value()
    assert lines[haddad]["opens"]
    assert send(cast, "kaur", held_on=cast.year.starts_on - timedelta(days=1)).status_code == 422
    assert "Duid aan wie er kwam" in text_of(send(cast))
    assert send(cast, "kaur", kind="HOME_VISIT").status_code == 422, "it asks who agreed, and is logged by itself"
    assert not noted().exists()


def test_a_round_of_meetings_has_its_own_page(cast: Cast) -> None:
    made = round_of(cast)
    made.held_on = clock.today() - timedelta(days=3)
    made.save(update_fields=["held_on"])
    answer = send(cast, "kaur", held_on=made.held_on)
    assert answer.status_code == 422
    assert reverse("conference_host", args=[made.hosts.get().pk]) in text_of(answer)
    assert send(cast, "kaur", held_on=made.held_on, kind="INFO_EVENING").status_code == 302


def test_a_child_without_a_family_is_named(cast: Cast) -> None:
    FamilyMembership.objects.filter(pupil=cast.pupils["yusuf"]).delete()
    answer = cast.client("teacher_3b").get(page(cast))
    assert [row.name for row in answer.context["form"].families] == ["Simran Kaur"]
    assert "Yusuf Haddad" in text_of(answer)


def test_children_who_are_in_two_families_by_then_are_named_and_the_others_written(cast: Cast) -> None:
    evening = ClassEvening(
        client_id=UUID(int=7),
        kind="WORKSHOP",
        held_on=clock.today(),
        purpose="INFORMATION",
        came=[
            FamilyThatCame(cast.families["kaur"].pk, [cast.pupils["simran"], cast.pupils["yusuf"]]),
            FamilyThatCame(cast.families["haddad"].pk, [cast.pupils["yusuf"]]),
        ],
    )
    written = write_evening(school_class=cast.classes["3b"], evening=evening, by=cast.staff["teacher_3b"])
    assert (written.held, written.refused) == (1, ["Simran Kaur & Yusuf Haddad"])


def test_the_family_of_another_class_cannot_be_marked(cast: Cast) -> None:
    assert send(cast, "peeters").status_code == 422
    families, _none = families_of_class(cast.classes["3b"], cast.staff["teacher_3b"])
    assert cast.families["peeters"].pk not in [row.family_id for row in families]
    assert cast.client("teacher_1a").get(page(cast)).status_code == 404
