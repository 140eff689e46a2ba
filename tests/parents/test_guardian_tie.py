"""The office puts a name right, keeps what a court decided about a parent, and ends what is over."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from parents.access import children_of
from parents.models import Guardian, Guardianship
from schools import clock
from schools.models import AuditEntry, Pupil
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db

ONE_DAY = timedelta(days=1)


def address(cast: Cast, guardian: str = "separated_father") -> str:
    return reverse("guardian_tie", args=[cast.pupils["yusuf"].pk, cast.guardians[guardian].pk])


def post(cast: Cast, form: str, key: str = "office", **fields: Any) -> Any:
    words = {f"{form}-{name}": value for name, value in fields.items()}
    return cast.client(key).post(address(cast), {"form": form} | words)


def ties(cast: Cast) -> list[Guardianship]:
    pair = {"pupil": cast.pupils["yusuf"], "guardian": cast.guardians["separated_father"]}
    return list(Guardianship.objects.filter(**pair).order_by("starts_on"))


def change(cast: Cast, **fields: str) -> Any:
    said = {"relation": "vader", "authority": "NONE", "seen_on": clock.today().isoformat()} | fields
    return post(cast, "tie", **said)


def test_who_lost_the_right_to_know_reads_nothing_of_the_child_from_now_on(cast: Cast) -> None:
    father = cast.guardians["separated_father"]
    began = ties(cast)[0].starts_on
    assert children_of(father).filter(pk=cast.pupils["yusuf"].pk).exists()
    assert change(cast).status_code == 302
    before, now = ties(cast)
    assert (before.starts_on, before.ends_on, before.authority) == (began, clock.today() - ONE_DAY, "JOINT")
    assert (now.starts_on, now.ends_on, now.authority) == (clock.today(), None, "NONE")
    assert (now.information_right, now.may_receive, now.may_decide) == (False, False, False)
    assert (now.basis_seen_by, now.basis_seen_on) == (cast.staff["office"], clock.today())
    assert not children_of(father).filter(pk=cast.pupils["yusuf"].pk).exists()
    line = AuditEntry.objects.get(verb="changed a tie")
    assert (line.actor, line.target_id, line.detail) == (
        cast.staff["office"],
        father.pk,
        {"pupil": cast.pupils["yusuf"].pk, "authority": "NONE"},
    )


def test_so_too_who_asked_that_the_data_be_only_kept(cast: Cast) -> None:
    """A request of the father does not keep the school from writing down what a court decided for the child."""
    father = cast.guardians["separated_father"]
    Guardian.objects.filter(pk=father.pk).update(restricted_on=clock.today())
    office, pupil = cast.client("office"), cast.pupils["yusuf"]
    assert address(cast) in text_of(office.get(reverse("pupil_detail", args=[pupil.pk])))
    page = text_of(office.get(address(cast)))
    assert ("alleen bewaard" in page, 'name="name-first_name"' in page) == (True, False)
    assert post(cast, "name", first_name="Karel", last_name="Haddad").status_code == 404
    assert change(cast).status_code == 302
    assert ties(cast)[-1].authority == "NONE"
    assert not children_of(father).filter(pk=pupil.pk).exists()


def test_a_mistake_of_today_is_put_right_in_its_place(cast: Cast) -> None:
    change(cast)
    change(cast, authority="INFORMATION_ONLY")
    assert len(ties(cast)) == 2
    assert (ties(cast)[1].authority, ties(cast)[1].information_right, ties(cast)[1].may_decide) == (
        "INFORMATION_ONLY", True, False,
    )  # fmt: skip


def test_the_relation_alone_needs_no_paper_and_leaves_the_days(cast: Cast) -> None:
    assert change(cast, authority="JOINT", relation="pleegvader", seen_on="").status_code == 302
    (tie,) = ties(cast)
    assert (tie.relation, tie.authority, tie.basis_seen_on) == ("pleegvader", "JOINT", None)


def test_nothing_new_is_said_to_be_nothing(cast: Cast) -> None:
    tie = ties(cast)[0]
    client = cast.client("office")
    said = {"form": "tie", "tie-authority": tie.authority, "tie-relation": tie.relation}
    answer = client.get(client.post(address(cast), said).headers["Location"])
    assert "Er is niets gewijzigd." in text_of(answer)
    assert not AuditEntry.objects.filter(verb="changed a tie").exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"seen_on": ""}, "wanneer iemand van de school het papier zag"),
        ({"seen_on": "2999-01-01"}, "Deze dag is nog niet gekomen"),
        ({"relation": "=1+1"}, "Dit kan zo niet bewaard worden"),
        ({"authority": "KING"}, "Kies"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(cast: Cast, fields: dict[str, str], words: str) -> None:
    answer = change(cast, **fields)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert [tie.authority for tie in ties(cast)] == ["JOINT"]


def test_a_last_day_ends_the_tie_and_the_list_of_adults(cast: Cast) -> None:
    assert post(cast, "end", last_day=(clock.today() - ONE_DAY).isoformat()).status_code == 302
    assert ties(cast)[0].ends_on == clock.today() - ONE_DAY
    assert cast.client("office").get(address(cast)).status_code == 404
    assert AuditEntry.objects.get(verb="ended a tie").detail["pupil"] == cast.pupils["yusuf"].pk


def test_the_last_who_is_told_of_a_child_stays_and_no_day_is_before_the_first(cast: Cast) -> None:
    answer = post(cast, "end", last_day=(ties(cast)[0].starts_on - ONE_DAY).isoformat())
    assert (answer.status_code, "de laatste dag kan niet daarvoor zijn" in text_of(answer)) == (422, True)
    others = Guardianship.objects.filter(pupil=cast.pupils["yusuf"]).exclude(
        guardian=cast.guardians["separated_father"]
    )
    others.update(authority="NONE", information_right=False, may_receive=False, may_decide=False)
    answer = post(cast, "end", last_day=clock.today().isoformat())
    assert (answer.status_code, "Niemand anders hoort iets over dit kind" in text_of(answer)) == (422, True)
    assert ties(cast)[0].ends_on is None


def test_who_is_left_when_another_one_goes_today_stays(cast: Cast) -> None:
    others = Guardianship.objects.filter(pupil=cast.pupils["yusuf"]).exclude(
        guardian=cast.guardians["separated_father"]
    )
    others.update(ends_on=clock.today())
    answer = post(cast, "end", last_day=clock.today().isoformat())
    assert (answer.status_code, "Niemand anders hoort iets over dit kind" in text_of(answer)) == (422, True)


def test_who_has_no_rights_on_a_seen_paper_is_not_ended_for_a_list_to_bring_back(cast: Cast) -> None:
    change(cast)
    answer = post(cast, "end", last_day=clock.today().isoformat())
    assert (answer.status_code, "Laat het zo" in text_of(answer)) == (422, True)
    assert ties(cast)[1].ends_on is None


def test_another_authority_asks_for_another_paper(cast: Cast) -> None:
    change(cast, authority="INFORMATION_ONLY")
    page = cast.client("office").get(address(cast)).content.decode()
    assert "schreef op dat het papier" in page
    field = page.partition('name="tie-seen_on"')[2].partition(">")[0]
    assert field
    assert "value=" not in field
    assert change(cast, authority="NONE", seen_on="").status_code == 422


def test_a_wrong_name_of_an_adult_is_put_right(cast: Cast) -> None:
    assert post(cast, "name", first_name="  Kareem ", last_name="Haddâd").status_code == 302
    assert Guardian.objects.get(pk=cast.guardians["separated_father"].pk).full_name == "Kareem Haddâd"
    line = AuditEntry.objects.get(verb="put a name right")
    assert (line.detail, "Kareem" in str(line.detail)) == ({"fields": ["first_name", "last_name"]}, False)
    answer = post(cast, "name", first_name="", last_name="Haddad")
    assert answer.status_code == 422
    assert Guardian.objects.get(pk=cast.guardians["separated_father"].pk).full_name == "Kareem Haddâd"


def test_a_wrong_name_and_day_of_birth_of_a_child_are_put_right(cast: Cast) -> None:
    page = reverse("pupil_detail", args=[cast.pupils["yusuf"].pk])
    said = {"form": "name", "name-first_name": "Youssef", "name-last_name": "Haddad", "name-birth_date": "2018-02-03"}
    assert cast.client("office").post(page, said).status_code == 302
    child = Pupil.objects.get(pk=cast.pupils["yusuf"].pk)
    assert (child.full_name, child.birth_date) == ("Youssef Haddad", date(2018, 2, 3))
    for wrong, words in (("2999-01-01", "Deze dag is nog niet gekomen"), ("0018-02-03", "Kijk naar het jaar")):
        answer = cast.client("office").post(page, said | {"name-birth_date": wrong})
        assert (answer.status_code, words in text_of(answer)) == (422, True)


def test_another_childs_adult_is_not_there(cast: Cast) -> None:
    client = cast.client("office")
    stranger = reverse("guardian_tie", args=[cast.pupils["yusuf"].pk, cast.guardians["dutch_mother"].pk])
    assert client.get(stranger).status_code == 404
    assert client.post(stranger, {"form": "end", "end-last_day": clock.today().isoformat()}).status_code == 404


def test_only_that_parent_reads_that_it_was_opened(cast: Cast) -> None:
    cast.client("office").get(address(cast))
    subject = AuditEntry.objects.get(verb="read", target_kind="parents.guardian").subjects.get()
    assert (subject.pupil_id, subject.guardian_id) == (
        cast.pupils["yusuf"].pk, cast.guardians["separated_father"].pk,
    )  # fmt: skip


def test_two_pages_about_one_person_have_headings_of_their_own(cast: Cast) -> None:
    where = [cast.pupils["yusuf"].pk, cast.guardians["separated_father"].pk]
    pages = [cast.client("office").get(reverse(name, args=where)) for name in ("guardian_tie", "guardian_data")]
    headings = [re.findall(r"<h1[^>]*>([^<]*)</h1>", page.content.decode()) for page in pages]
    assert headings == [["Naam of gezag"], ["Taal, nummer of adres"]]
    assert all("Karim Haddad" in text_of(page) for page in pages)


@pytest.mark.parametrize("form", ["name", "tie"])
def test_two_windows_undo_nothing_of_each_other(cast: Cast, form: str) -> None:
    """The second window still says what stood before the first one saved."""
    client, father = cast.client("office"), cast.guardians["separated_father"]
    seen = client.get(address(cast)).context[f"{form}_form"]["seen"].initial
    if form == "name":
        first = {"first_name": "Kareem", "last_name": "Haddad"}
        second = {"first_name": "Karim", "last_name": "El Haddad"}
    else:
        first = {"relation": "pleegvader", "authority": "JOINT", "seen_on": ""}
        second = {"relation": "", "authority": "NONE", "seen_on": clock.today().isoformat()}
    assert post(cast, form, seen=seen, **first).status_code == 302
    answer = post(cast, form, seen=seen, **second)
    assert answer.status_code == 422
    now = "Voornaam (Kareem)" if form == "name" else "Wat is deze persoon voor het kind? (pleegvader)"
    assert f"Iemand anders heeft dit intussen gewijzigd: {now}" in text_of(answer)
    assert Guardian.objects.get(pk=father.pk).first_name == ("Kareem" if form == "name" else "Karim")
    assert ties(cast)[0].relation == ("pleegvader" if form == "tie" else ties(cast)[0].relation)
    again = answer.context[f"{form}_form"].data[f"{form}-seen"]
    assert post(cast, form, seen=again, **second).status_code == 302


@pytest.mark.parametrize("form", ["name", "tie"])
def test_a_second_press_blames_nobody(cast: Cast, form: str) -> None:
    """What stands there by now is what this page says: nothing is put back."""
    seen = cast.client("office").get(address(cast)).context[f"{form}_form"]["seen"].initial
    said = {
        "name": {"first_name": "Kareem", "last_name": "El  Haddad"},
        "tie": {"relation": "pleegvader", "authority": "NONE", "seen_on": clock.today().isoformat()},
    }[form]
    assert [post(cast, form, seen=seen, **said).status_code for _press in range(2)] == [302, 302]


def test_two_windows_undo_nothing_of_a_childs_name(cast: Cast) -> None:
    page, client = reverse("pupil_detail", args=[cast.pupils["yusuf"].pk]), cast.client("office")
    said = {"form": "name", "name-first_name": "Yusuf", "name-last_name": "Haddad", "name-birth_date": "2018-02-03"}
    said["name-seen"] = client.get(page).context["name_form"]["seen"].initial
    assert client.post(page, said).status_code == 302
    answer = client.post(page, said | {"name-first_name": "Youssef", "name-birth_date": "2018-03-14"})
    assert answer.status_code == 422
    assert Pupil.objects.get(pk=cast.pupils["yusuf"].pk).birth_date == date(2018, 2, 3)
