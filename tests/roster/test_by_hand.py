"""A newcomer of a Tuesday in November comes in without a list, beside whom the school knows already."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parents.models import ContactPoint, Family, FamilyMembership, Guardian, Guardianship, Household
from schools import clock
from schools.models import AuditEntry, Enrolment, Pupil, SchoolClass
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.roster.people import a_class, a_pupil, apply, small_roster

pytestmark = pytest.mark.django_db

BORN = date(2019, 5, 6)


def child(cast: Cast, **more: str) -> dict[str, str]:
    """Amira, who comes today with her mother."""
    return {
        "first_name": "Amira",
        "last_name": "Nazari",
        "birth_date": BORN.isoformat(),
        "starts_on": first_day(cast).isoformat(),
        "school_class": str(cast.classes["3b"].pk),
        "street": "Stationsstraat 5",
        "postcode": "3800",
        "city": "Sint-Truiden",
        "home_language": "prs",
        "adult1_first_name": "Laila",
        "adult1_last_name": "Nazari",
        "adult1_relation": "moeder",
        "adult1_authority": "JOINT",
        "adult1_language": "prs",
        "adult1_phone": "0470 12 34 56",
        "adult1_email": "laila@thuis.example",
        "adult1_at_home": "on",
    } | more


def father(**more: str) -> dict[str, str]:
    return {
        "adult2_first_name": "Omid",
        "adult2_last_name": "Nazari",
        "adult2_relation": "vader",
        "adult2_authority": "JOINT",
        "adult2_language": "fa",
        "adult2_reading": "ORAL_ONLY",
        "adult2_phone": "0470 65 43 21",
    } | more


def first_day(cast: Cast) -> date:
    return min(max(clock.today(), cast.year.starts_on), cast.year.ends_on)


def look(client: Client, fields: dict[str, str], page: str = "") -> Any:
    return client.post(page or reverse("pupil_new"), fields | {"act": "look"})


def bring(client: Client, fields: dict[str, str], page: str = "") -> Any:
    """Look, then press the button of the page that was looked at."""
    seen = look(client, fields, page)
    assert seen.status_code == 200, text_of(seen)
    key = re.search(r'name="plan_key" value="(\w+)"', seen.content.decode())
    assert key
    return client.post(page or reverse("pupil_new"), fields | {"act": "go", "plan_key": key[1]})


def counts() -> tuple[int, ...]:
    models = (Pupil, Enrolment, Guardian, Guardianship, ContactPoint, Household, Family, FamilyMembership, SchoolClass)
    return tuple(model._default_manager.count() for model in models)


def test_the_office_adds_a_child_with_her_parents(cast: Cast) -> None:
    client = cast.client("office")
    answer = bring(client, child(cast) | father(adult2_at_home="on"))
    amira = Pupil.objects.get(first_name="Amira")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("pupil_detail", args=[amira.pk]))
    place = amira.enrolments.get()
    assert (place.school_class, place.starts_on, place.ends_on) == (cast.classes["3b"], first_day(cast), None)
    laila, omid = Guardian.objects.get(first_name="Laila"), Guardian.objects.get(first_name="Omid")
    assert (laila.contact_language, omid.contact_language) == ("prs", "fa")
    assert (laila.reading_mode, omid.reading_mode) == ("TEXT", "ORAL_ONLY")
    assert laila.household == omid.household is not None
    assert sorted(laila.contact_points.values_list("value", flat=True)) == ["+32470123456", "laila@thuis.example"]
    assert amira.family_memberships.get().family.home_language == "prs"
    assert {tie.relation for tie in amira.guardianships.all()} == {"moeder", "vader"}
    line = AuditEntry.objects.get(verb="added by hand")
    assert (line.target_id, line.school_id, line.actor) == (
        amira.pk,
        cast.schools["kersenboom"].pk,
        cast.staff["office"],
    )
    page = text_of(client.get(answer.headers["Location"]))
    assert "Laila Nazari" in page
    assert "3B" in page


def test_looking_keeps_nothing(cast: Cast) -> None:
    before = counts()
    page = text_of(look(cast.client("office"), child(cast)))
    assert "Een nieuw kind." in page
    assert "1 nieuwe volwassene." in page
    assert "<bdi>moeder</bdi>" in page
    assert counts() == before


def test_what_was_typed_comes_back_to_be_changed(cast: Cast) -> None:
    answer = cast.client("office").post(reverse("pupil_new"), child(cast) | {"act": "change"})
    assert 'value="Stationsstraat 5"' in answer.content.decode()
    assert not Pupil.objects.filter(first_name="Amira").exists()


def test_a_sisters_mother_is_recognised_and_the_family_is_one(cast: Cast) -> None:
    """Same name and number: no second row, nothing of hers changes, and the child joins the family."""
    sara, before = cast.guardians["dutch_mother"], Guardian.objects.count()
    ContactPoint.objects.filter(value="sara@thuis.example").update(verified_on=None)
    fields = child(
        cast,
        first_name="Lise",
        last_name="Peeters",
        adult1_first_name="SARA",
        adult1_last_name="Peeters",
        adult1_language="fr",
        adult1_phone="0470 99 99 99",
        adult1_email="Sara@thuis.example",
    )
    page = text_of(look(cast.client("office"), fields))
    assert "1 volwassene die de school al kent." in page
    assert "+32470999999" in page, "what is not taken over is said"
    bring(cast.client("office"), fields)
    lise = Pupil.objects.get(first_name="Lise")
    sara.refresh_from_db()
    assert Guardian.objects.count() == before
    assert lise.guardianships.get().guardian == sara
    assert (sara.first_name, sara.contact_language) == ("Sara", "nl")
    assert [point.value for point in sara.contact_points.all()] == ["sara@thuis.example"]
    assert lise.family_memberships.get().family == cast.families["peeters"]


def test_a_name_alone_is_nobody_we_know(cast: Cast) -> None:
    fields = child(cast, adult1_first_name="Sara", adult1_last_name="Peeters")
    page = text_of(look(cast.client("office"), fields))
    assert "1 nieuwe volwassene." in page
    assert "Op je school is er al een Sara Peeters" in page


def test_who_lives_with_a_known_mother_shares_her_home(cast: Cast) -> None:
    sara = cast.guardians["dutch_mother"]
    assert sara.household
    home = {"street": sara.household.street, "postcode": "3800", "city": "Sint-Truiden"}
    fields = child(cast, adult1_first_name="Sara", adult1_last_name="Peeters", adult1_phone="", **home)
    bring(cast.client("office"), fields | father(adult2_at_home="on"))
    assert Guardian.objects.get(first_name="Omid").household == sara.household


def test_a_child_who_is_here_is_not_made_twice(cast: Cast) -> None:
    yusuf, before = cast.pupils["yusuf"], counts()
    born = yusuf.birth_date.isoformat() if yusuf.birth_date else ""
    fields = child(cast, first_name="yusuf", last_name="HADDAD", birth_date=born)
    answer = look(cast.client("office"), fields)
    assert answer.status_code == 422
    assert "Yusuf Haddad is al op je school, in klas 3B" in text_of(answer)
    assert counts() == before


def test_the_same_name_with_another_birthday_is_said_first(cast: Cast) -> None:
    page = text_of(look(cast.client("office"), child(cast, first_name="Yusuf", last_name="Haddad")))
    assert "Op je school is er al een Yusuf Haddad, in klas 3B" in page


def test_a_child_comes_back_as_the_same_child(cast: Cast) -> None:
    yusuf = cast.pupils["yusuf"]
    Pupil.objects.filter(pk=yusuf.pk).update(source_system="999101/wisa", source_id="17")
    yusuf.enrolments.update(ends_on=first_day(cast) - timedelta(days=1), starts_on=cast.year.starts_on - timedelta(9))
    born = yusuf.birth_date.isoformat() if yusuf.birth_date else ""
    fields = child(
        cast,
        first_name="Yusuf",
        last_name="Haddad",
        birth_date=born,
        adult1_first_name="Nadia",
        adult1_last_name="Haddad",
        adult1_language="",
    )
    assert "Een kind dat terugkomt." in text_of(look(cast.client("office"), fields))
    bring(cast.client("office"), fields)
    yusuf.refresh_from_db()
    assert yusuf.enrolments.count() == 2
    assert yusuf.source_id == "17", "the number of the school's own system stays"


def test_the_next_list_finds_who_was_added_by_hand(cast: Cast) -> None:
    """And adding by hand ended nobody."""
    school = cast.schools["kersenboom"]
    bring(cast.client("office"), child(cast))
    assert Enrolment.objects.current().filter(school=school).count() == 4
    roster = small_roster(
        classes=[a_class("3B")], pupils=[a_pupil("p9", "Amira Nazari", birth_date=BORN)], guardians=[], links=[]
    )
    apply(roster, school)
    amira = Pupil.objects.get(first_name="Amira")
    assert amira.source_id == "p9"
    assert amira.enrolments.count() == 1


def test_a_new_class_comes_along(cast: Cast) -> None:
    fields = child(cast, school_class="", new_class="OKAN", new_level="L4")
    assert "Een nieuwe klas." in text_of(look(cast.client("office"), fields))
    bring(cast.client("office"), fields)
    room = SchoolClass.objects.get(name="OKAN")
    assert (room.level, room.year, room.enrolments.get().pupil.first_name) == ("L4", cast.year, "Amira")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"first_name": ""}, "Dit is nog leeg"),
        ({"birth_date": "2099-01-01"}, "Deze dag is nog niet gekomen"),
        ({"birth_date": "0018-01-01"}, "Kijk naar het jaar"),
        ({"starts_on": "2001-01-01"}, "Deze dag valt niet in het schooljaar"),
        ({"starts_on": "2041-09-01"}, "van het volgende schooljaar toe vanaf juli"),
        ({"school_class": ""}, "Kies de klas"),
        ({"school_class": "", "new_class": "3b", "new_level": "L3"}, "Er is al een klas met deze naam"),
        ({"school_class": "", "new_class": "3X"}, "Kies het leerjaar van de nieuwe klas"),
        ({"adult1_phone": "12"}, "Dit is geen telefoonnummer waarnaar je kunt bellen"),
        ({"adult1_email": "laila@"}, "e-mailadres"),
        ({"adult1_first_name": ""}, "Dit is nog leeg"),
        ({"adult2_phone": "0470 65 43 21"}, "Zeg wie dit is"),
        ({"adult1_authority": ""}, "Kies het: het zegt wie over het kind leest en beslist"),
        (father(adult2_authority=""), "Kies het: het zegt wie over het kind leest en beslist"),
        ({"street": ""}, "Een adres heeft een straat"),
        ({"last_name": "85.07.30-033.28"}, "Dit kan zo niet bewaard worden"),
        ({"adult1_relation": "=1+1"}, "Dit kan zo niet bewaard worden"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(cast: Cast, wrong: dict[str, str], words: str) -> None:
    before = counts()
    answer = look(cast.client("office"), child(cast, **wrong))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Stationsstraat 5" in answer.content.decode() or "street" in wrong
    assert counts() == before


def test_what_is_wrong_says_whose_it_is(cast: Cast) -> None:
    """The child and each adult have a first name."""
    wrong = {"first_name": "", "adult1_first_name": "", "adult2_phone": "0470 65 43 21"}
    page = text_of(look(cast.client("office"), child(cast, **wrong)))
    said = re.findall(r'<a href="#id_(\w+)">([^<]*) – [^<]*</a>', page)
    assert said[:1] == [("first_name", "Het kind – Voornaam")]
    assert ("adult1_first_name", "Eerste volwassene – Voornaam") in said
    assert ("adult2_first_name", "Tweede volwassene – Voornaam") in said
    alone = reverse("guardian_new", args=[cast.pupils["simran"].pk])
    assert "volwassene –" not in text_of(look(cast.client("office"), {"adult1_first_name": ""}, alone)), "nobody else"


def test_what_changed_since_it_was_looked_at_is_looked_at_again(cast: Cast) -> None:
    """Two colleagues type the same child: the second one is told."""
    head, office = cast.client("head"), cast.client("office")
    fields = child(cast)
    seen = look(office, fields).content.decode()
    key = re.search(r'name="plan_key" value="(\w+)"', seen)
    assert key
    bring(head, fields)
    answer = office.post(reverse("pupil_new"), fields | {"act": "go", "plan_key": key[1]})
    assert answer.status_code == 422
    assert Pupil.objects.filter(first_name="Amira").count() == 1


def test_a_made_up_key_brings_nothing_in(cast: Cast) -> None:
    answer = cast.client("office").post(reverse("pupil_new"), child(cast) | {"act": "go", "plan_key": "x"})
    assert answer.status_code == 422
    assert "Intussen" in text_of(answer)
    assert not Pupil.objects.filter(first_name="Amira").exists()


def test_the_class_of_another_school_is_none(cast: Cast) -> None:
    fields = child(cast, school_class=str(cast.classes["go2"].pk))
    assert look(cast.client("office"), fields).status_code == 422
    assert cast.client("office").get(f"{reverse('pupil_new')}?school={cast.schools['bloesem'].pk}").status_code == 404


def test_a_parent_of_another_school_is_not_met(cast: Cast) -> None:
    """Nothing that is typed reaches another school's rows: there she is a person of her own."""
    fields = child(
        cast,
        school_class=str(cast.classes["go2"].pk),
        adult1_first_name="Sara",
        adult1_last_name="Peeters",
        adult1_email="sara@thuis.example",
    )
    page = text_of(look(cast.client("head_go"), fields))
    assert "1 nieuwe volwassene." in page
    assert "al een Sara Peeters" not in page
    bring(cast.client("head_go"), fields)
    assert Guardian.objects.filter(first_name="Sara").count() == 2
    assert cast.guardians["dutch_mother"].guardianships.count() == 1


@pytest.mark.parametrize("page", ["child", "adult"])
def test_nobody_decides_about_a_child_because_a_form_had_it_so(cast: Cast, page: str) -> None:
    """A grandmother who is typed in gets no rights that nobody chose."""
    at = reverse("pupil_new") if page == "child" else reverse("guardian_new", args=[cast.pupils["emma"].pk])
    form = cast.client("office").get(at).context["form"]
    names = [name for name in form.fields if name.endswith("_authority")]
    assert names
    assert not any(form[name].value() for name in names)


def test_a_second_adult_of_a_child(cast: Cast) -> None:
    emma = cast.pupils["emma"]
    page = reverse("guardian_new", args=[emma.pk])
    fields = {
        "adult1_first_name": "Piet",
        "adult1_last_name": "Peeters",
        "adult1_relation": "vader",
        "adult1_authority": "JOINT",
        "adult1_language": "nl",
        "adult1_phone": "0470 11 11 11",
    }
    answer = bring(cast.client("office"), fields, page)
    assert answer.headers["Location"] == reverse("pupil_detail", args=[emma.pk])
    piet = Guardian.objects.get(first_name="Piet")
    tie = emma.guardianships.get(guardian=piet)
    assert (tie.relation, tie.starts_on, tie.may_receive) == ("vader", clock.today(), True)
    assert emma.guardianships.count() == 2
    again = look(cast.client("office"), fields, page)
    assert again.status_code == 422
    assert "Deze volwassene hoort al bij dit kind" in text_of(again)
    assert Guardian.objects.filter(first_name="Piet").count() == 1


@pytest.mark.parametrize("who", ["head", "admin"])
def test_the_way_back_is_one_that_this_person_may_go(cast: Cast, who: str) -> None:
    """Who runs the portal adds a child from the school lists, and does not see the children."""
    client = cast.client(who)
    page = client.get(reverse("pupil_new"), {"school": cast.schools["kersenboom"].pk})
    back = re.search(r'class="back-link"\s+href="([^"]+)"', text_of(page))
    assert back
    assert client.get(back[1]).status_code == 200
