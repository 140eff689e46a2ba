"""A city of invented families, as large as wanted, written by the database itself.

Schools of ten classes, the first ones in the project. Family n has a pupil n, every fourth a second one, and the
guardians 2n - 1 and 2n, so that ids are known without asking. What looks like chance is a hash of the row's number:
the world is the same each time.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from messaging.models import Thread
from parents.models import (
    ConferenceRound,
    ConferenceSlot,
    ContactMoment,
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMembership,
    Guardian,
    Guardianship,
    Household,
)
from schools.calendar import flemish_holidays
from schools.models import (
    CLBCentre,
    Enrolment,
    Holiday,
    Participation,
    Project,
    Pupil,
    School,
    SchoolClass,
    SchoolYear,
    User,
)
from tests import factories
from tests.bench import sendings
from tests.bench.measure import Size
from tests.bench.rows import a_day, chance, insert, literal

CLASSES_EACH = 10
SIBLING_EVERY, OTHER_SCHOOL_EVERY = 4, 20


@dataclass(frozen=True, slots=True)
class City:
    size: Size
    project: Project
    year: SchoolYear
    writer: User

    @property
    def project_families(self) -> int:
        return self.size.families_each * self.size.project_schools


def build(size: Size) -> City:
    """Fill an empty database and leave it vacuumed, with statistics."""
    year = factories.make_school_year()
    writer = factories.make_user("Bea Verzonnen")
    first, centre = year.starts_on, factories.make_centre()
    project = Project.objects.create(
        name="In groei en bloei", year=year, starts_on=first, ends_on=year.ends_on, report_due_on=year.ends_on
    )
    holidays = [Holiday(name=name, starts_on=a, ends_on=b) for name, a, b in flemish_holidays(first.year)]
    Holiday.objects.bulk_create(holidays)
    city = City(size, project, year, writer)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # rows that fit by construction need no foreign keys
        _places(city, centre)
        _people(city)
        _addresses(city)
        _contacts(city)
        _meetings(city)
        sendings.fill(size, year, writer)
        cursor.execute("SET session_replication_role = DEFAULT")
    settle()
    return city


def settle() -> None:
    """Statistics and visibility maps as a database has them that runs for longer; no vacuum comes in between later."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("ALTER SYSTEM SET autovacuum = off")
        cursor.execute("SELECT pg_reload_conf()")


def _places(city: City, centre: CLBCentre) -> None:
    first = literal(city.year.starts_on)
    schools = city.size.schools
    insert(
        School,
        schools,
        id="n",
        name="'Basisschool ' || n",
        institution_number="'998' || lpad(n::text, 4, '0')",
        network="CASE n %% 2 WHEN 0 THEN 'GO' ELSE 'VGO' END",
        clb_id=str(centre.pk),
        street="'Kerkstraat ' || n",
        postcode="'3800'",
        city="'Sint-Truiden'",
        phone="'+3211000000'",
        email="'school' || n || '@school.example'",
    )
    insert(
        SchoolClass,
        schools * CLASSES_EACH,
        id="n",
        school_id=f"(n - 1) / {CLASSES_EACH} + 1",
        year_id=str(city.year.pk),
        name="'K' || n",
        level=f"(ARRAY['K0','K1','K2','K3','L1','L2','L3','L4','L5','L6'])[(n - 1) %% {CLASSES_EACH} + 1]",
    )
    project = str(city.project.pk)
    insert(Participation, city.size.project_schools, project_id=project, school_id="n", role="'PILOT'", starts_on=first)


def _people(city: City) -> None:
    families, first = city.size.families, literal(city.year.starts_on)
    siblings = families // SIBLING_EVERY
    each, schools = city.size.families_each, city.size.schools
    language = f"(ARRAY['nl','nl','nl','nl','nl','','-','tr','ar','pa','pl','ro'])[{chance(1, 12)} + 1]"
    insert(Family, families, id="n", home_language=language)
    insert(Pupil, families + siblings, id="n", first_name="'Kind' || n", last_name="'Verzonnen' || n")
    of_family = f"CASE WHEN n > {families} THEN (n - {families}) * {SIBLING_EVERY} ELSE n END"
    with_family = f"FROM (SELECT n, {of_family} AS f FROM generate_series(1, {families + siblings}) n) AS child"
    elsewhere = f"(CASE WHEN n > {families} AND f %% {OTHER_SCHOOL_EVERY} = 0 THEN 1 ELSE 0 END)"
    school = f"(((f - 1) / {each} + {elsewhere}) %% {schools} + 1)"
    insert(
        Enrolment,
        with_family,
        pupil_id="n",
        school_id=school,
        school_class_id=f"({school} - 1) * {CLASSES_EACH} + (f + n / {families}) %% {CLASSES_EACH} + 1",
        starts_on=first,
    )
    insert(FamilyMembership, with_family, family_id="f", pupil_id="n", starts_on=first)
    insert(Household, families, id="n", street="'Bloesemlaan ' || n", postcode="'3800'", city="'Sint-Truiden'")
    insert(
        Guardian,
        2 * families,
        id="n",
        first_name="'Ouder' || n",
        last_name="'Verzonnen' || n",
        household_id="(n + 1) / 2",
        contact_language=f"(ARRAY['nl','nl','nl','tr','ar','pa','pl','ro'])[{chance(2, 8)} + 1]",
        reading_mode="CASE n %% 100 WHEN 7 THEN 'ORAL_ONLY' ELSE 'TEXT' END",
    )
    guardianships = f"{with_family} CROSS JOIN (VALUES (0), (1)) AS which (one)"
    insert(Guardianship, guardianships, pupil_id="n", guardian_id="2 * f - one", starts_on=first)


def _addresses(city: City) -> None:
    """Of ten guardians seven have an e-mail address, two only a telephone, one neither; of a hundred one is called."""
    guardians, first = city.size.guardians, literal(city.year.starts_on)
    known = {"verified_on": first, "valid_from": first}
    have = f"FROM generate_series(1, {guardians}) AS n WHERE n %% 10 < "
    insert(ContactPoint, f"{have} 7", id="n", kind="'EMAIL'", value="'ouder' || n || '@post.example'", **known)
    phone = f"{guardians} + n"
    insert(ContactPoint, f"{have} 9", id=phone, kind="'PHONE'", value="'+324' || lpad(n::text, 8, '0')", **known)
    insert(ContactPointUse, f"{have} 7", contact_point_id="n", guardian_id="n")
    insert(ContactPointUse, f"{have} 9", contact_point_id=phone, guardian_id="n", rank="1")


_GROUP = """CASE WHEN home_language IN ('', '-') THEN 'unknown' WHEN home_language = 'nl' THEN 'nl' ELSE 'other' END"""


def _contacts(city: City) -> None:
    """Five for each family that has any: every tenth family has none, and one contact in ten did not take place."""
    families, each = city.project_families, city.size.families_each
    drawn = f"""FROM (
      SELECT n, f, home_language, (f - 1) / {each} + 1 AS school, {a_day(city.year, 3)} AS day,
        (ARRAY['GATE_TALK','PHONE','HOME_VISIT','CONFERENCE','INFO_EVENING'])[{chance(4, 5)} + 1] AS kind,
        CASE WHEN {chance(5, 10)} = 0 THEN 'NO_SHOW' ELSE 'HELD' END AS status,
        CASE WHEN {chance(6, 2)} = 0 THEN 'PRAISE' ELSE '' END AS purpose,
        CASE WHEN {chance(7, 4)} = 0 THEN 'YES' ELSE 'NO' END AS need,
        (ARRAY['ON_SITE','PHONE','VIDEO','CHILD','ADULT_ACQUAINTANCE'])[{chance(9, 5)} + 1] AS mode
      FROM (SELECT n, f - (CASE f %% 10 WHEN 0 THEN 1 ELSE 0 END) AS f
        FROM (SELECT n, {chance(8, families)} + 1 AS f FROM generate_series(1, {city.size.contacts}) n) AS drawn) AS d
      JOIN parents_family family ON family.id = d.f
    ) AS moment"""
    reach = "(status = 'HELD')"
    insert(
        ContactMoment,
        drawn,
        id="n",
        client_id="gen_random_uuid()",
        school_id="school",
        family_id="f",
        kind="kind",
        status="status",
        held_on="day",
        held_month="date_trunc('month', day)::date",
        initiative="'TEACHER'",
        purpose="purpose",
        interpreter_need="need",
        interpreter_mode="CASE need WHEN 'YES' THEN mode ELSE '' END",
        recorded_by_id=str(city.writer.pk),
        recorded_at="day + INTERVAL '15 hours'",
        is_reach=reach,
        is_two_way=f"({reach} AND kind IN ('GATE_TALK','PHONE','HOME_VISIT','CONFERENCE') "
        "AND (kind <> 'GATE_TALK' OR purpose <> ''))",
        language_group=_GROUP,
    )
    through = ContactMoment.pupils.through
    insert(through, "FROM parents_contactmoment m", contactmoment_id="m.id", pupil_id="m.family_id")


def _meetings(city: City) -> None:
    """Two rounds of parent–teacher meetings with a place for every child, and a question for every fifty contacts."""
    first = literal(city.year.starts_on)
    insert(
        ConferenceRound,
        f"FROM generate_series(1, {city.size.project_schools}) AS n CROSS JOIN (VALUES (45), (160)) AS later (days)",
        school_id="n",
        name="'Ronde ' || days",
        held_on=f"{first} + days",
        catch_up_until=f"{first} + days + 21",
    )
    insert(
        ConferenceSlot,
        "FROM schools_enrolment e JOIN parents_conferenceround r ON r.school_id = e.school_id "
        "JOIN parents_familymembership m ON m.pupil_id = e.pupil_id",
        round_id="r.id",
        pupil_id="e.pupil_id",
        school_class_id="e.school_class_id",
        family_id="m.family_id",
        status="(ARRAY['HELD','HELD','HELD','HELD','CAUGHT_UP','NO_SHOW','OFFERED'])"
        f"[{chance(10, 7, 'e.pupil_id * 7 + r.id')} + 1]",
    )
    asked = f"""FROM (SELECT n, day, f, CASE WHEN {chance(12, 10)} > 0 THEN day + {chance(13, 12)}::int END AS replied
      FROM (SELECT n, {a_day(city.year, 11)} AS day, {chance(14, city.project_families)} + 1 AS f
        FROM generate_series(1, {max(city.size.contacts // 50, 20)}) n) d) AS asked"""
    insert(
        Thread,
        asked,
        school_id=f"(f - 1) / {city.size.families_each} + 1",
        family_id="f",
        guardian_id="2 * f",
        asked_at="day + INTERVAL '9 hours'",
        asked_on="day",
        first_reply_at="replied + INTERVAL '16 hours'",
        first_reply_on="replied",
    )
