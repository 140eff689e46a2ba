"""Compares the adults of a roster with the database, after ``schools.roster`` compared the children."""

from __future__ import annotations

from parents.roster.contactpoints import Points
from parents.roster.families import Families
from parents.roster.guardians import Adults
from parents.roster.homes import Homes
from parents.roster.known import known_adults
from parents.roster.links import Links
from parents.roster.plan import FamilyPlan
from schools.roster.plan import SchoolPlan


def plan_families(school: SchoolPlan) -> FamilyPlan:
    """The plan for the adults around the children of ``school``. Reads; writes nothing."""
    plan, known = FamilyPlan(school), known_adults(school)
    adults = Adults(plan, known)
    adults.compare()
    links = Links(plan, known, adults)
    links.compare()
    Points(plan, known, adults).compare()
    Homes(plan, known, adults).compare()
    Families(plan, known, adults, links.running).compare()
    return plan
