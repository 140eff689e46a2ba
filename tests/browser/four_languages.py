"""A class of its own in the running portal, so that nobody else's tests meet it: families in four languages, and the
teacher who writes to them. Called by way of ``Portal.ask``, in the portal's own database."""

from __future__ import annotations

import json

from django.conf import settings

from schools import clock
from schools.models import Assignment, CLBCentre, Level, Network, Role, School, SchoolClass, SchoolYear
from tests.browser.letterbox import GONE
from tests.cast import make_account, staff_browser
from tests.factories import LONG_AGO, make_family

PHONE = "+32470000077"
#: Child, language, address of the parent, phone.
FAMILIES = (
    ("Deniz", "tr", GONE, PHONE),
    ("Layla", "ar", "samira.nasser@brievenbus.example", None),
    ("Jasleen", "pa", "manpreet.gill@brievenbus.example", None),
    ("Fien", "nl", "hanne.peeters@brievenbus.example", None),
)


def build() -> str:
    """As JSON: the sessions with which the teacher of the class and the school's care coordinator are signed in."""
    school = School.objects.create(
        name="Basisschool De Vlierboom",
        institution_number="9990777",
        network=Network.VGO,
        clb=CLBCentre.objects.filter(network=Network.VGO)[0],
        street="Vlierstraat 1",
        postcode="3800",
        city="Sint-Truiden",
        phone="+3211000077",
        email="devlierboom@school.example",
    )
    year = SchoolYear.objects.get(starts_on__lte=clock.today(), ends_on__gte=clock.today())
    room = SchoolClass.objects.create(school=school, year=year, name="4V", level=Level.L4)
    teacher = make_account("tine.vlier@school.example", "Tine Vlier")
    Assignment.objects.create(user=teacher, role=Role.TEACHER, school=school, school_class=room, starts_on=LONG_AGO)
    for child, language, address, phone in FAMILIES:
        made = make_family(room, languages=[language], emails=[address], phones=[phone], children=[child])
        made.pupils[0].last_name = "Vlierboom"
        made.pupils[0].save(update_fields=["last_name"])
    care = make_account("zita.vlier@school.example", "Zita Vlier")
    Assignment.objects.create(user=care, role=Role.CARE_COORDINATOR, school=school, starts_on=LONG_AGO)
    people = {"teacher": teacher, "care": care}
    return json.dumps(
        {name: staff_browser(person).cookies[settings.SESSION_COOKIE_NAME].value for name, person in people.items()}
    )
