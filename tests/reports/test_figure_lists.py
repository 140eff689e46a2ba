"""Every number opens its list: as long as the number, for every role, with the rows that one may not read counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parents.models import ContactMoment, Visibility
from reports.disclosure import Cell
from reports.figure_lists import ALL, CONTACTS, HIT, KIND_GROUPS, LADDER, WITHOUT, Which, has_list, units
from reports.figure_rows import _DOORS, lines_of, readable, rows_in_words
from reports.figure_scope import FigureScope
from reports.figures import Figure, compute, contacts_by_kind, families_by_rung
from reports.indicators import INDICATORS
from reports.models import Target
from schools.models import Role
from tests.reports.recount import PERIOD
from tests.reports.world import World, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def numbers(figure: Figure) -> list[tuple[Which, Cell]]:
    """Every number that the pages show of a figure, and the list that it opens."""
    by = figure.by
    found = [(Which(), figure.total)]
    found += [(Which(part=name), cell) for name, cell in figure.also.items()]
    found += [(Which(month=month), cell) for month, cell in figure.months]
    if by and by != "month":
        found += [(Which(by=by, group=key), cell) for key, cell in figure.rows.items()]
    return found


@pytest.mark.either_engine
@pytest.mark.parametrize("code", sorted(set(INDICATORS) - WITHOUT - {"I29"}))
def test_every_list_is_as_long_as_its_number(fuller: World, code: str) -> None:
    scope = FigureScope(project=fuller.project)
    for by in ("", *INDICATORS[code].breakdowns):
        for which, cell in numbers(compute(code, scope, PERIOD, by)):
            if which.group.endswith("_compared"):
                assert not has_list(code, which)
                continue
            assert units(code, scope, PERIOD, which).count() == cell.n, (code, which)
            if which.part == HIT and cell.N is not None:
                whole = Which(part=ALL, by=which.by, group=which.group, month=which.month)
                assert units(code, scope, PERIOD, whole).count() == cell.N, (code, whole)


def test_the_lists_of_kinds_and_of_the_ladder_are_as_long_as_their_numbers(fuller: World) -> None:
    scope = FigureScope(project=fuller.project)
    for rung, cell in families_by_rung(scope, PERIOD).items():
        assert units(LADDER, scope, PERIOD, Which(group=rung)).count() == cell.n
    counts = contacts_by_kind(scope, PERIOD)
    for group, members in KIND_GROUPS.items():
        for month in PERIOD.months():
            number = sum(counts.get(kind, {}).get(month, 0) for kind in members)
            assert units(CONTACTS, scope, PERIOD, Which(group=group, month=month)).count() == number


def test_of_a_team_answers_and_methods_no_list_opens(fuller: World) -> None:
    for code in WITHOUT:
        with pytest.raises(LookupError):
            units(code, FigureScope(project=fuller.project), PERIOD, Which())


def reader(world: World, role: str) -> Any:
    school = world.schools[0]
    places: dict[str, dict[str, Any]] = {
        "JOINT_CLB": {"project": world.project},
        "CLB": {"clb_centre": school.clb},
        "TEACHER": {"school": school, "school_class": world.classes[0]},
    }
    return world.user(role.lower(), role, **places.get(role, {"school": school}))


@pytest.mark.parametrize("role", [Role.HEAD, Role.JOINT_CLB, Role.CLB, Role.TEACHER])
@pytest.mark.usefixtures("in_may")
def test_what_a_role_reads_and_what_it_is_told_to_be_there_make_the_number(fuller: World, role: str) -> None:
    """Some lines are the CLB's: they count, and the school is told how many they are."""
    for moment in ContactMoment.objects.order_by("pk")[::3]:
        ContactMoment.objects.filter(pk=moment.pk).update(visibility=Visibility.CLB, centre=moment.school.clb)
    user = reader(fuller, role)
    client = signed_in(user)
    for code in ("I01", "I02", "I06", "I11", "I13", "I14", "I20", "I22", "I27", "I31"):
        for part in (HIT, ALL):
            page = client.get(reverse("figure_list", args=[code]), {"deel": part, "school": str(fuller.schools[0].pk)})
            assert page.status_code == 200, (code, part)
            scope, period = page.context["asked"].scope, page.context["asked"].period
            total = compute(code, scope, period).total
            number = total.n if part == HIT else total.N or 0
            assert page.context["found"] == number, (code, part)
            rows = units(code, scope, period, Which(part=part))
            mine = readable(rows, user, code=code, which=Which(part=part), scope=scope, period=period).count()
            assert page.context["others"].startswith(f"Nog {number - mine} " if number > mine else "")
            assert bool(page.context["others"]) == (number > mine)


@pytest.mark.parametrize("role", [Role.HEAD, Role.CLB])
@pytest.mark.usefixtures("in_may")
def test_no_line_leads_to_a_page_that_is_closed_to_its_reader(fuller: World, role: str) -> None:
    """A round that nobody received parents in, as an import brings it, has no page of its own."""
    client = signed_in(reader(fuller, role))
    for code in ("I02", "I06"):
        page = client.get(reverse("figure_list", args=[code]), {"deel": ALL, "school": str(fuller.schools[0].pk)})
        assert page.context["lines"], code
        for url in {line.url for line in page.context["lines"]} - {""}:
            assert client.get(url).status_code == 200, (code, url)


@pytest.mark.parametrize(("role", "may"), [(Role.HEAD, True), (Role.CLB, False)])
@pytest.mark.usefixtures("in_may")
def test_nor_does_the_target_beside_a_figure(fuller: World, role: str, may: bool) -> None:
    Target.objects.create(project=fuller.project, indicator="I01", value=75, holds_from=PERIOD.first)
    page = signed_in(reader(fuller, role)).get(
        reverse("indicator_detail", args=["I01"]), {"school": str(fuller.schools[0].pk)}
    )
    assert page.context["target"]
    assert (f'href="{reverse("target_list")}">Doel' in page.content.decode()) == may


@pytest.mark.usefixtures("in_may")
class TestWhatASchoolReads:
    def world(self) -> World:
        world = World(pilots=2)
        for number in range(3):
            family = world.family(world.classes[0])
            world.talk(
                family, world.schools[0],
                visibility=Visibility.CLB if number == 0 else Visibility.SCHOOL_TEAM,
                centre=world.schools[0].clb if number == 0 else None,
            )  # fmt: skip
        return world

    def test_a_family_reached_by_a_talk_of_the_clb_is_counted_and_not_named(self) -> None:
        world = self.world()
        head = world.user("head", Role.HEAD, school=world.schools[0])
        page = signed_in(head).get(reverse("figure_list", args=["I01"]))
        assert (page.context["found"], len(page.context["lines"])) == (3, 2)
        assert page.context["others"] == "Nog 1 gezin"
        assert "Ook dat telt mee, maar jij mag het niet lezen" in page.content.decode()
        whole = signed_in(head).get(reverse("figure_list", args=["I01"]), {"deel": ALL})
        assert len(whole.context["lines"]) == 3
        talks = signed_in(head).get(reverse("figure_list", args=["I11"]), {"deel": ALL})
        assert (talks.context["found"], len(talks.context["lines"])) == (3, 2)

    def test_another_school_is_not_in_the_list_even_when_it_is_asked_for(self) -> None:
        world = self.world()
        stranger = world.family(world.classes[1])
        world.talk(stranger, world.schools[1])
        head = world.user("head", Role.HEAD, school=world.schools[0])
        page = signed_in(head).get(reverse("figure_list", args=["I01"]), {"school": world.schools[1].pk})
        assert page.context["found"] == 3

    def test_the_dashboard_and_the_page_lead_to_the_lists(self) -> None:
        world = self.world()
        client = signed_in(world.joint_worker())
        dashboard = client.get(reverse("dashboard")).content.decode()
        assert f'href="{reverse("figure_list", args=["I01"])}"' in dashboard
        assert f'href="{reverse("figure_list", args=[LADDER])}?groep=5"' in dashboard
        assert f'href="{reverse("figure_list", args=[CONTACTS])}?groep=op-afstand&amp;maand=2025-10"' in dashboard
        page = client.get(reverse("indicator_detail", args=["I01"]), {"per": "school"}).content.decode()
        assert f"{reverse('figure_list', args=['I01'])}?per=school&amp;groep=School" in page

    def test_the_windows_of_n_and_of_big_n_are_told_apart(self) -> None:
        client = signed_in(self.world().joint_worker())
        pages = [client.get(reverse("figure_list", args=["I01"]), {"deel": part}) for part in (HIT, ALL)]
        titles = [page.content.decode().partition("<title>")[2].partition("</title>")[0] for page in pages]
        assert titles[0] != titles[1]
        assert all(title.split() and "Bereikte gezinnen" in title for title in titles)

    def test_the_coordinator_reaches_no_list_and_finds_no_way_to_one(self) -> None:
        world = self.world()
        client = signed_in(world.coordinator())
        assert client.get(reverse("figure_list", args=["I01"])).status_code == 403
        assert "/lijst/" not in client.get(reverse("dashboard")).content.decode()

    @pytest.mark.parametrize(
        "query",
        ["deel=alles", "per=kleur", "maand=2026-13", "sinds=gisteren", "per=rung&groep=9x", "deel=nieuw&sinds="],
    )
    def test_what_no_number_has_is_not_found(self, query: str) -> None:
        client = signed_in(self.world().joint_worker())
        assert client.get(f"{reverse('figure_list', args=['I31'])}?{query}").status_code == 404
        assert client.get(reverse("figure_list", args=["I99"])).status_code == 404

    @pytest.mark.parametrize(
        ("code", "query"),
        [
            ("I04", "per=contacts&groep=8"),
            ("I31", "per=rung&groep=9"),
            ("I14", "per=contact_language&groep=x"),
            ("I14", "per=month&groep=2026-13"),
            ("I14", "maand=9999-12"),
            ("I14", "maand=0001-01"),
            ("I01", "deel=nieuw&sinds=0001-01-01"),
            ("I01", "deel=vertrokken&sinds=9999-12-31"),
            ("ladder", "groep=8"),
            ("contacten", "groep=elders"),
        ],
    )
    def test_nor_are_groups_and_days_that_no_figure_has(self, code: str, query: str) -> None:
        client = signed_in(self.world().joint_worker())
        assert client.get(f"{reverse('figure_list', args=[code])}?{query}").status_code == 404

    def test_a_longer_list_asks_no_more(self) -> None:
        world = self.world()
        client = signed_in(world.joint_worker())
        asked = []
        for _ in range(2):
            for code in ("I01", "I11"):
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(reverse("figure_list", args=[code]), {"deel": ALL}).status_code == 200
                asked.append(len(queries))
            for _ in range(8):
                world.talk(world.family(world.classes[0]), world.schools[0], date(2025, 11, 3))
        assert asked[:2] == asked[2:]


def test_lines_are_in_words_for_every_kind_of_row(fuller: World) -> None:
    joint, scope = fuller.joint_worker(), FigureScope(project=fuller.project)
    for code in set(INDICATORS) - WITHOUT:
        rows = units(code, scope, PERIOD, Which(part=ALL))
        mine = readable(rows, joint, code=code, which=Which(part=ALL), scope=scope, period=PERIOD)
        for line in lines_of(list(mine[:5]), rows.model, joint):
            assert line.title, code


def test_the_page_says_what_the_rows_are(fuller: World) -> None:
    client = signed_in(fuller.joint_worker())
    for code, words in (("I01", "gezinnen"), ("I11", "contacten"), ("I13", "vragen"), ("I14", "lezers")):
        page = client.get(reverse("figure_list", args=[code]), {"deel": ALL})
        assert f"Achter dit getal: {page.context['found']} {words}." in " ".join(page.content.decode().split())
    assert all(rows_in_words(model, 1) != rows_in_words(model, 2).replace("2", "1") for model in _DOORS)
