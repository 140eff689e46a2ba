"""The people of the story: who a visitor of the demo can become, under fixed keys."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schools.models import Role

GUARDIAN = "GUARDIAN"
PILOT = "kersenboom"


@dataclass(frozen=True, slots=True)
class CastMember:
    """One person of the list. ``place`` is the key of a school, centre or partner; ``school_class`` a class name.

    ``tries`` says in one sentence what a newcomer can try as this person.
    """

    key: str
    role: str
    name: str
    tries: str | Promise
    place: str = ""
    school_class: str = ""


STAFF: tuple[CastMember, ...] = (
    CastMember(
        "leerkracht",
        Role.TEACHER,
        "Lotte Claes",
        _("Teacher of 3B. See your week, log a talk at the gate, invite the parents to a meeting."),
        PILOT,
        "3B",
    ),
    CastMember(
        "leerkracht-1a",
        Role.TEACHER,
        "Jonas Vrancken",
        _("Teacher of 1A. Try to open a family of 3B: it is not there for you."),
        PILOT,
        "1A",
    ),
    CastMember(
        "directie",
        Role.HEAD,
        "Greet Lemmens",
        _("Head of De Kersenboom. See all classes, and the figures of your own school."),
        PILOT,
    ),
    CastMember(
        "zorg",
        Role.CARE_COORDINATOR,
        "Ilse Schoofs",
        _("Care coordinator. Read the care lines, and call the families that nobody reached."),
        PILOT,
    ),
    CastMember(
        "gezamenlijke",
        Role.JOINT_CLB,
        "Marijke Thys",
        _("Joint worker of both CLBs. See six schools of two networks, write a CLB note, start the evaluation."),
    ),
    CastMember(
        "clb-vclb",
        Role.CLB,
        "Nele Appeltans",
        _("Staff of VCLB Haspengouw. Read the sealed notes of your own centre, and only those."),
        "vclb",
    ),
    CastMember(
        "clb-go",
        Role.CLB,
        "Koen Bollen",
        _("Staff of CLB GO! Haspengouw. The notes of the other centre do not exist for you."),
        "go",
    ),
    CastMember(
        "directeur-vclb",
        Role.CLB_DIRECTOR,
        "Veerle Creten",
        _("Director of VCLB Haspengouw. Sign the evaluation when it is in review."),
        "vclb",
    ),
    CastMember(
        "directeur-go",
        Role.CLB_DIRECTOR,
        "Dirk Knaepen",
        _("Director of CLB GO! Haspengouw. Sign the evaluation for your centre."),
        "go",
    ),
    CastMember(
        "coordinator",
        Role.COORDINATOR,
        "Hilde Stas",
        _("Coordinator of the city. See protected figures of all schools, and no name anywhere."),
    ),
    CastMember(
        "directie-go",
        Role.HEAD,
        "Peter Moermans",
        _("Head of another school. See that the families of De Kersenboom stay with De Kersenboom."),
        "haspenland",
    ),
    CastMember(
        "partner",
        Role.PARTNER,
        "Rita Hendrix",
        _("Works at the library De Leidraad. See how many come to read, and their first names; families stay closed."),
        "leidraad",
    ),
    CastMember(
        "vertaler",
        Role.TRANSLATOR,
        "Manjit Kaur",
        _("Translator of Punjabi. Read and mend the Punjabi of every text that stays; families stay closed."),
    ),
    CastMember(
        "beheerder",
        Role.ADMIN,
        "Griet Baeten",
        _("Administrator of the portal. Keep schools, centres and the project, appoint heads; families stay closed."),
    ),
    CastMember(
        "oud-collega",
        Role.TEACHER,
        "Wim Strouven",
        _("Taught 3A until the end of January. The assignment ended, and with it everything."),
        PILOT,
        "3A",
    ),
)

GUARDIANS: tuple[CastMember, ...] = (
    CastMember(
        "moeder",
        GUARDIAN,
        "Harpreet Kaur",
        _("Mother of Simran in 3B, reads Punjabi. Open the notice, answer with one tap, ask a question."),
    ),
    CastMember(
        "vader",
        GUARDIAN,
        "Youssef El Idrissi",
        _("Father of Yasmina in 3B, lives at another address, reads Arabic. He gets his own notices, right to left."),
    ),
    CastMember(
        "ouder-nl",
        GUARDIAN,
        "Sofie Peeters",
        _("Mother of Jef in 3B, reads Dutch. The same page, in plain Dutch."),
    ),
)

CAST: tuple[CastMember, ...] = (*STAFF, *GUARDIANS)


def member(key: str) -> CastMember | None:
    """The cast member under a key."""
    return next((entry for entry in CAST if entry.key == key), None)


def staff_address(key: str) -> str:
    """The e-mail address with which a cast member of the staff signs in."""
    return f"{key}@ingroeibloei.example"


def guardian_source(key: str) -> str:
    """The ``source_id`` by which a guardian of the cast is found again."""
    return f"cast:{key}"
