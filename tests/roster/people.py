"""Rosters of invented people, as the reader makes them, in few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from parents.roster.whole import WholePlan, apply_whole, plan_whole
from schools.models import School
from schools.roster.progress import Progress
from schools.roster.rows import ClassRow, GuardianRow, LinkRow, Place, PupilRow, Roster

SYSTEM = "wisa"
BORN = date(2018, 3, 14)
AT_HOME = {"street": "Bloesemlaan 3", "postcode": "3800", "city": "Sint-Truiden"}


def place(row: int = 2) -> Place:
    return Place("leerlingen.csv", row)


def a_class(name: str = "3B", **more: Any) -> ClassRow:
    more.setdefault("level", f"L{name[0]}")
    return ClassRow(place(), f"k-{name}", name, **more)


def a_pupil(key: str, name: str, school_class: str = "3B", **more: Any) -> PupilRow:
    first, _space, last = name.partition(" ")
    more.setdefault("birth_date", BORN)
    return PupilRow(place(), key, first, last, class_id=f"k-{school_class}" if school_class else "", **more)


def an_adult(key: str, name: str, **more: Any) -> GuardianRow:
    first, _space, last = name.partition(" ")
    return GuardianRow(place(), key, first, last, **more)


def a_link(pupil: str, guardian: str, **more: Any) -> LinkRow:
    return LinkRow(place(), pupil, guardian, **more)


def small_roster(**more: Any) -> Roster:
    """Two sisters with their parents, who live together, and a boy with his grandmother."""
    return replace(
        Roster(
            SYSTEM,
            classes=[a_class("3B"), a_class("1A")],
            pupils=[
                a_pupil("p1", "Amrit Gill"),
                a_pupil("p2", "Jasleen Gill", "1A", birth_date=date(2020, 5, 2)),
                a_pupil("p3", "Mila Maes", "1A", birth_date=date(2020, 6, 3)),
            ],
            guardians=[
                an_adult(
                    "g1",
                    "Parveen Gill",
                    emails=("parveen@thuis.example",),
                    phones=("+32470000011",),
                    contact_language="pa",
                    home_language="pa",
                    **AT_HOME,
                ),
                an_adult("g2", "Jagdeep Gill", phones=("+32470000011",), **AT_HOME),
                an_adult("g3", "Godelieve Maes", emails=("godelieve@thuis.example",), contact_language="nl"),
            ],
            links=[
                a_link("p1", "g1", relation="moeder"),
                a_link("p1", "g2", relation="vader"),
                a_link("p2", "g1", relation="moeder"),
                a_link("p2", "g2", relation="vader"),
                a_link("p3", "g3", relation="oma"),
            ],
        ),
        **more,
    )


def apply(roster: Roster, school: School) -> WholePlan:
    """Plan and apply, as the worker does; returns the plan."""
    with transaction.atomic():
        plan = plan_whole(roster, school)
        assert not plan.has_errors, [finding.code for finding in plan.findings]
        apply_whole(plan, Progress())
    return plan
