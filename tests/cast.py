"""The named people of the tests, and the small town in which they live.

Two schools of two networks, two CLBs that share a worker, one family with a child in each school, one pair of separated
parents. Success and refusal share this set-up: *the teacher of 3B may, the teacher of 1A may not*.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from parents.models import (
    Authority,
    ContactKind,
    ContactMoment,
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMembership,
    FollowUp,
    Guardian,
    Guardianship,
    Household,
    Initiative,
    Outcome,
    PointKind,
    Purpose,
    Visibility,
)
from schools import clock
from schools.models import (
    Assignment,
    CentreShare,
    CLBCentre,
    Enrolment,
    Level,
    Network,
    Participation,
    ParticipationRole,
    Partner,
    Project,
    Pupil,
    Role,
    School,
    SchoolClass,
    SchoolYear,
    User,
)
from schools.sessionstore import LAST_USED, SIGNED_IN, SessionStore
from tests.mould import poured

BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass
class Cast:
    """Everybody by name. ``staff`` maps a key to an account; guardians and rows stand beside it."""

    year: SchoolYear
    staff: dict[str, User] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    centres: dict[str, CLBCentre] = field(default_factory=dict)
    pupils: dict[str, Pupil] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    guardians: dict[str, Guardian] = field(default_factory=dict)
    moments: dict[str, ContactMoment] = field(default_factory=dict)
    project: Project | None = None
    follow_up: FollowUp | None = None

    def client(self, key: str, **options: Any) -> Client:
        """A browser in which this member of staff has signed in."""
        return staff_browser(self.staff[key], **options)

    def guardian_client(self, key: str, **options: Any) -> Client:
        """A browser in which this guardian has signed in with a code."""
        client = Client(**options)
        session = client.session
        session["guardian"] = self.guardians[key].pk
        session["guardian_seen"] = session["guardian_began"] = clock.now().isoformat()
        session.save()
        return client


def staff_browser(user: User, *, minutes_ago: int = 1, **options: Any) -> Client:
    """A browser in which this account signed in some time ago, with password and second factor."""
    now = datetime.now(BRUSSELS)
    at = now.timestamp() - 60 * minutes_ago
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            SIGNED_IN: now.isoformat(),
            LAST_USED: now.isoformat(),
            "account_authentication_methods_user": str(user.pk),
            "account_authentication_methods": [
                {"method": "password", "at": at, "email": user.email},
                {"method": "mfa", "at": at, "type": "totp"},
            ],
        }
    )
    session.save()
    client = Client(**options)
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


def running_year() -> SchoolYear:
    """The school year that is running today."""
    today = clock.today()
    first = today.year if today.month >= 9 else today.year - 1
    return SchoolYear.objects.get_or_create(starts_on=date(first, 9, 1), defaults={"ends_on": date(first + 1, 6, 30)})[
        0
    ]


def build_cast() -> Cast:
    """The whole town; about a hundred and fifty rows."""
    return poured(_build_town)


def _build_town() -> Cast:
    cast = Cast(year=running_year())
    _build_places(cast)
    _build_project(cast)
    _build_staff(cast)
    _build_families(cast)
    _build_contacts(cast)
    return cast


def _build_places(cast: Cast) -> None:
    for key, name, network in (
        ("vclb", "VCLB Haspengouw", Network.VGO),
        ("clb_go", "CLB GO! Haspengouw", Network.GO),
    ):
        cast.centres[key] = CLBCentre.objects.create(name=name, network=network, key_name=key.replace("_", "-"))
    for key, name, network, centre, number in (
        ("kersenboom", "VBS De Kersenboom", Network.VGO, "vclb", "999101"),
        ("bloesem", "GO! basisschool De Bloesem", Network.GO, "clb_go", "999102"),
    ):
        cast.schools[key] = School.objects.create(
            name=name,
            institution_number=number,
            network=network,
            clb=cast.centres[centre],
            street="Kerselarenlaan 1",
            postcode="3800",
            city="Sint-Truiden",
            phone="+3211001122",
            email=f"{key}@school.example",
        )
    for key, school, name, level in (
        ("3b", "kersenboom", "3B", Level.L3),
        ("1a", "kersenboom", "1A", Level.L1),
        ("go2", "bloesem", "2A", Level.L2),
    ):
        cast.classes[key] = SchoolClass.objects.create(
            school=cast.schools[school], year=cast.year, name=name, level=level
        )


def _build_project(cast: Cast) -> None:
    start = cast.year.starts_on
    cast.project = Project.objects.create(
        name="In groei en bloei",
        year=cast.year,
        starts_on=start,
        ends_on=cast.year.ends_on,
        report_due_on=cast.year.ends_on,
        funder="Impulsfonds",
    )
    for centre in cast.centres.values():
        CentreShare.objects.create(project=cast.project, centre=centre, share=50)
    for school in cast.schools.values():
        Participation.objects.create(project=cast.project, school=school, role=ParticipationRole.PILOT, starts_on=start)


def _build_staff(cast: Cast) -> None:
    kersenboom, bloesem = cast.schools["kersenboom"], cast.schools["bloesem"]
    partner = Partner.objects.create(name="Bibliotheek De Leidraad", kind="library")
    posts: list[tuple[str, str, Role, dict[str, object]]] = [
        ("teacher_3b", "Lotte Claes", Role.TEACHER, {"school": kersenboom, "school_class": cast.classes["3b"]}),
        ("teacher_1a", "Wim Jacobs", Role.TEACHER, {"school": kersenboom, "school_class": cast.classes["1a"]}),
        ("teacher_go", "Nele Vos", Role.TEACHER, {"school": bloesem, "school_class": cast.classes["go2"]}),
        ("head", "Rita Moons", Role.HEAD, {"school": kersenboom}),
        ("head_go", "Bart Stas", Role.HEAD, {"school": bloesem}),
        ("care", "An Lemmens", Role.CARE_COORDINATOR, {"school": kersenboom}),
        ("office", "Greet Pauls", Role.OFFICE, {"school": kersenboom}),
        ("clb_vclb", "Sofie Hex", Role.CLB, {"clb_centre": cast.centres["vclb"]}),
        ("clb_go", "Jan Bos", Role.CLB, {"clb_centre": cast.centres["clb_go"]}),
        ("director_vclb", "Leen Daems", Role.CLB_DIRECTOR, {"clb_centre": cast.centres["vclb"]}),
        ("director_go", "Koen Raes", Role.CLB_DIRECTOR, {"clb_centre": cast.centres["clb_go"]}),
        ("joint", "Marijke Thys", Role.JOINT_CLB, {"project": cast.project}),
        ("coordinator", "Els Govaerts", Role.COORDINATOR, {"project": cast.project}),
        ("partner", "Tom Bib", Role.PARTNER, {"partner": partner}),
        ("translator", "Amrit Gill", Role.TRANSLATOR, {"languages": ["pa"]}),
        ("admin", "Ivo Beheer", Role.ADMIN, {}),
        ("ex_colleague", "Hilde Oud", Role.TEACHER, {"school": kersenboom, "school_class": cast.classes["3b"]}),
    ]
    for key, name, role, place in posts:
        user = cast.staff[key] = make_account(f"{key}@cast.example", name)
        ends = clock.today() - timedelta(days=1) if key == "ex_colleague" else None
        starts = min(cast.year.starts_on, ends or cast.year.starts_on)
        Assignment.objects.create(user=user, role=role, starts_on=starts, ends_on=ends, **place)


def make_account(email: str, name: str) -> User:
    """An invited account with its second factor set up."""
    user = User.objects.create_user(email, None, full_name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    TOTP.activate(user, generate_totp_secret())
    return user


def _build_families(cast: Cast) -> None:
    start = cast.year.starts_on
    for key, first, last, school_class, family, language in (
        ("simran", "Simran", "Kaur", "3b", "kaur", "pa"),
        ("gurjot", "Gurjot", "Singh", "go2", "kaur", "pa"),
        ("yusuf", "Yusuf", "Haddad", "3b", "haddad", "ar"),
        ("emma", "Emma", "Peeters", "1a", "peeters", "nl"),
    ):
        pupil = cast.pupils[key] = Pupil.objects.create(
            first_name=first, last_name=last, birth_date=date(start.year - 8, 3, 14)
        )
        room = cast.classes[school_class]
        Enrolment.objects.create(pupil=pupil, school=room.school, school_class=room, starts_on=start)
        if family not in cast.families:
            cast.families[family] = Family.objects.create(home_language=language)
        FamilyMembership.objects.create(family=cast.families[family], pupil=pupil, starts_on=start)
    for key, first, last, language, children, contact in (
        ("mother", "Harpreet", "Kaur", "pa", ("simran", "gurjot"), ("harpreet@thuis.example", "+32470000001")),
        ("grandfather", "Baldev", "Singh", "pa", ("simran",), ("", "+32470000001")),
        ("separated_mother", "Nadia", "Haddad", "fr", ("yusuf",), ("nadia@thuis.example", "+32470000002")),
        ("separated_father", "Karim", "Haddad", "ar", ("yusuf",), ("karim@elders.example", "")),
        ("dutch_mother", "Sara", "Peeters", "nl", ("emma",), ("sara@thuis.example", "")),
    ):
        home = Household.objects.create(
            street=f"{last}straat {len(cast.guardians)}", postcode="3800", city="Sint-Truiden"
        )
        guardian = cast.guardians[key] = Guardian.objects.create(
            first_name=first, last_name=last, contact_language=language, household=home
        )
        for child in children:
            Guardianship.objects.create(
                pupil=cast.pupils[child], guardian=guardian, authority=Authority.JOINT, starts_on=start
            )
        for kind, value in zip((PointKind.EMAIL, PointKind.PHONE), contact, strict=True):
            if value:
                _give_point(guardian, kind, value, start)


def _give_point(guardian: Guardian, kind: PointKind, value: str, start: date) -> None:
    shared = value == "+32470000001"
    point, _new = ContactPoint.objects.get_or_create(
        kind=kind, value=value, defaults={"valid_from": start, "verified_on": start, "is_shared": shared}
    )
    ContactPointUse.objects.create(contact_point=point, guardian=guardian)


def _build_contacts(cast: Cast) -> None:
    kersenboom = cast.schools["kersenboom"]
    for key, author, visibility, centre in (
        ("gate", "teacher_3b", Visibility.SCHOOL_TEAM, None),
        ("care", "care", Visibility.SCHOOL_CARE, None),
        ("clb", "joint", Visibility.CLB, cast.centres["vclb"]),
    ):
        moment = cast.moments[key] = ContactMoment.objects.create(
            school=kersenboom,
            family=cast.families["kaur"],
            kind=ContactKind.GATE_TALK,
            outcome=Outcome.REACHED_AGREED,
            held_on=clock.today() - timedelta(days=7),
            starts_at=time(15, 30),
            initiative=Initiative.TEACHER,
            purpose=Purpose.PRAISE,
            note=f"Line of the {key} layer.",
            visibility=visibility,
            centre=centre,
            recorded_by=cast.staff[author],
            recorded_at=datetime.combine(clock.today() - timedelta(days=7), time(16, 0), tzinfo=BRUSSELS),
            language_group="other",
        )
        moment.pupils.add(cast.pupils["simran"])
        moment.guardians.add(cast.guardians["mother"])
    cast.follow_up = FollowUp.objects.create(
        school=kersenboom,
        family=cast.families["kaur"],
        pupil=cast.pupils["simran"],
        what="Bring the library card",
        owner=cast.staff["teacher_3b"],
        due_on=clock.today(),
        created_at=clock.now(),
    )
