"""A home is a guardian of several children: each stays of its own family, and brothers stay brothers. Otherwise what
one mother answers, opens or says at the gate would stand for the child of another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parents.models import FamilyMembership, Guardian
from schools.models import School
from schools.roster.rows import LanguageRow, Place, Roster
from tests.roster.people import SYSTEM, a_link, a_pupil, an_adult, apply, small_roster


def with_a_home(relation: str) -> Roster:
    """The sisters and the boy of the small roster live in a home now, and a girl of whom nobody else is known."""
    roster = small_roster()
    return replace(
        roster,
        pupils=[*roster.pupils, a_pupil("p4", "Noor Aziz", "1A")],
        guardians=[*roster.guardians, an_adult("g9", "Huis De Linde", phones=("+32470000099",))],
        links=[*roster.links, *(a_link(pupil, "g9", relation=relation) for pupil in ("p1", "p2", "p3", "p4"))],
    )


def families() -> list[set[str]]:
    found: dict[int, set[str]] = {}
    for row in FamilyMembership.objects.select_related("pupil").order_by("family_id"):
        found.setdefault(row.family_id, set()).add(row.pupil.first_name)
    return sorted(found.values(), key=lambda names: min(names))


def at_home(child: str) -> str:
    return FamilyMembership.objects.get(pupil__first_name=child).family.home_language


@pytest.mark.parametrize(
    "relation",
    ["Instelling", "begeleider", "Begeleidingstehuis De Linde", "Éducatrice", "foyer", "Home", "CKG De Linde"],
)
def test_its_children_are_not_one_family(school: School, relation: str) -> None:
    apply(with_a_home(relation), school)
    assert families() == [{"Amrit", "Jasleen"}, {"Mila"}, {"Noor"}]
    home = Guardian.objects.get(source_id="g9")
    assert home.guardianships.count() == 4, "it is told all the same"


@pytest.mark.parametrize("relation", ["oma", "voogd", "mede-opvoeder", "mère au foyer", "pleegouder"])
def test_a_grandmother_of_all_makes_them_one(school: School, relation: str) -> None:
    apply(with_a_home(relation), school)
    assert families() == [{"Amrit", "Jasleen", "Mila", "Noor"}]


def test_a_child_that_comes_later_joins_no_family_by_it(school: School) -> None:
    roster = with_a_home("instelling")
    apply(replace(roster, pupils=roster.pupils[2:], links=[a_link("p3", "g9", relation="instelling")]), school)
    links = [*roster.links[:-1], a_link("p4", "g9")]  # what is known of it is said no second time
    apply(replace(roster, links=links), school)
    assert families() == [{"Amrit", "Jasleen"}, {"Mila"}, {"Noor"}]


@pytest.mark.parametrize("by_hand", [False, True], ids=["list", "hand"])
def test_who_comes_to_live_there_is_a_child_of_the_home_without_saying_so(school: School, by_hand: bool) -> None:
    """Two at once, and one after the other: nobody says of any of them what the home is to it."""
    roster = with_a_home("instelling")
    apply(roster, school)
    for number, names in enumerate((["Sam Peeters", "Lou Maes"], ["Kim Claes"])):
        pupils = [a_pupil(f"n{number}{place}", name, "1A") for place, name in enumerate(names)]
        more = [a_link(pupil.source_id, "g9") for pupil in pupils]
        home = [row for row in roster.guardians if row.source_id == "g9"]
        rows = Roster(SYSTEM, complete=False, pupils=pupils, guardians=home, links=more, by_hand=by_hand)
        apply(replace(rows, classes=roster.classes), school)
    assert families() == [{"Amrit", "Jasleen"}, {"Kim"}, {"Lou"}, {"Mila"}, {"Noor"}, {"Sam"}]
    ties = Guardian.objects.get(source_id="g9").guardianships
    assert set(ties.values_list("relation", flat=True)) == {"instelling"}


def test_who_works_there_is_the_mother_of_the_own_child(school: School) -> None:
    roster = with_a_home("begeleidster")
    links = [row for row in roster.links if row.guardian_id != "g9" or row.pupil_id in ("p1", "p3")]
    own = [a_link("p4", "g9", relation="moeder"), a_link("p5", "g9", relation="moeder")]
    apply(replace(roster, pupils=[*roster.pupils, a_pupil("p5", "Bo Aziz", "1A")], links=[*links, *own]), school)
    assert families() == [{"Amrit", "Jasleen"}, {"Bo", "Noor"}, {"Mila"}]


def test_it_is_not_written_in_the_language_of_a_child(school: School) -> None:
    roster = with_a_home("instelling")
    apply(roster, school)
    said = [LanguageRow(Place("talen.csv", 2), "", pupil, "pa", "pa") for pupil in ("p1", "p4")]
    apply(Roster(SYSTEM, complete=False, languages=said), school)
    spoken = dict(
        Guardian.objects.filter(guardianships__pupil__source_id="p1").values_list("source_id", "contact_language")
    )
    assert spoken.pop("g9") == "nl"
    assert set(spoken.values()) == {"pa"}
    assert at_home("Noor") == "pa"


def test_what_a_child_speaks_at_home_is_its_own(school: School) -> None:
    roster = with_a_home("instelling")
    said = [LanguageRow(Place("talen.csv", 2), "", "p4", "ps", "ps")]
    apply(replace(roster, languages=said), school)
    assert (at_home("Noor"), at_home("Amrit")) == ("ps", "pa")
