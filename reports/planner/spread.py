"""How far the draaiboek is taken over, by network: for the coordinator. Schools are counted, nobody's families are."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from reports.models import MethodAdoption, SchoolPlan
from reports.planner.lines import Progress, card_titles, progress_of_plans
from reports.scans import FEWEST_SCHOOLS
from schools.models import Network, Participation, Project, School

_Status = MethodAdoption.Status
IN_USE = (_Status.IN_USE, _Status.EMBEDDED)


@dataclass(frozen=True, slots=True)
class NetworkLine:
    """A network's schools in the project: how many plan the year, how many use a card, how many cards they use.

    ``progress`` is None with fewer schools than three, so that nobody works to please the city.
    """

    name: str
    schools: int
    planning: int
    using: int
    cards: int
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class CardLine:
    """In how many schools of each network a card is used; ``is_shared`` when networks share it."""

    title: str
    slug: str
    counts: list[tuple[str, int]]
    stopped: int

    @property
    def total(self) -> int:
        return sum(count for _network, count in self.counts)

    @property
    def is_shared(self) -> bool:
        return sum(count > 0 for _network, count in self.counts) > 1


def networks_of(project: Project) -> list[tuple[str, list[School]]]:
    """The networks in the project with their schools, those compared with left out; one query."""
    found: dict[str, list[School]] = defaultdict(list)
    rows = Participation.objects.filter(project=project).exclude(role="COMPARISON").select_related("school")
    for row in rows.order_by("school__name"):
        found[row.school.network].append(row.school)
    return [(network, found[network]) for network in Network.values if found[network]]


def by_network(project: Project) -> list[NetworkLine]:
    """A line for each network, with four queries in all."""
    networks = networks_of(project)
    everywhere = [school.pk for _network, schools in networks for school in schools]
    plans = {plan.school_id: plan for plan in SchoolPlan.objects.filter(school__in=everywhere, year=project.year_id)}
    far = progress_of_plans(list(plans.values()))
    used: dict[int, set[int]] = defaultdict(set)
    rows = MethodAdoption.objects.filter(school__in=everywhere, status__in=IN_USE)
    for school_id, method_id in rows.values_list("school_id", "method_id"):
        used[school_id].add(method_id)
    found = []
    for network, schools in networks:
        here = [far[plans[one.pk].pk] for one in schools if one.pk in plans]
        cards = set().union(*(used[one.pk] for one in schools))
        together = _together(here) if len(here) >= FEWEST_SCHOOLS else None
        using = sum(bool(used[one.pk]) for one in schools)
        found.append(NetworkLine(str(Network(network).label), len(schools), len(here), using, len(cards), together))
    return found


def by_card(project: Project) -> tuple[list[str], list[CardLine]]:
    """The networks, and for each card the number of schools in each that use it; three queries."""
    networks = networks_of(project)
    network_of = {school.pk: network for network, schools in networks for school in schools}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    stopped: Counter[str] = Counter()
    rows = MethodAdoption.objects.filter(school__in=network_of).values_list("method__slug", "school_id", "status")
    for slug, school_id, status in rows:
        if status in IN_USE:
            counts[slug][network_of[school_id]] += 1
        stopped[slug] += status == _Status.STOPPED
    names = [(network, str(Network(network).label)) for network, _schools in networks]
    lines = [
        CardLine(title, slug, [(name, counts[slug][network]) for network, name in names], stopped[slug])
        for slug, title in card_titles().items()
    ]
    return [name for _network, name in names], lines


def _together(listed: list[Progress]) -> Progress:
    return Progress(
        done=sum(one.done for one in listed),
        total=sum(one.total for one in listed),
        late=sum(one.late for one in listed),
        skipped=sum(one.skipped for one in listed),
    )
