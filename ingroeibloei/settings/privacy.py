"""The institution's rules about people's data: what counts as unusual reading, and how long things are kept."""

from __future__ import annotations

import os

from ingroeibloei import environment

#: Reading is unusual when somebody opens more families than this in one hour, and more than so many times what the
#: person, and people in the same role, usually open in an hour; or in the hours of the night.
UNUSUAL_READING_FAMILIES = environment.integer("UNUSUAL_READING_FAMILIES", default=20)
UNUSUAL_READING_TIMES = environment.integer("UNUSUAL_READING_TIMES", default=3)
UNUSUAL_READING_HOURS = environment.hours("UNUSUAL_READING_HOURS", default="23:00-05:00")
#: The access log is kept this long, in days; the database lets no line go that is not older than 730 days.
ACCESS_LOG_DAYS = environment.integer("ACCESS_LOG_DAYS", default=731, least=731)
#: Retention (domain 6.4). Factual lines, agreements and conversations of a school year go after this day (month, day)
#: of the year in which it ended; CLB notes too, once somebody confirmed that they are in the file of the CLB.
NOTES_UNTIL = (9, 30)
#: Days on which children were not at school, as parents reported, go after this day of that year.
ABSENCES_UNTIL = (8, 31)
#: Contacts of a project year go after this day of the year in which its report was due; their counts stay.
PROJECT_UNTIL = (12, 31)
#: Notes for oneself, in days.
AUTHOR_NOTE_DAYS = environment.integer("AUTHOR_NOTE_DAYS", default=60)
#: Who kept a school's accessibility scan, and who saw to what was done about it, in days; the answers stay.
SCAN_NAMES_DAYS = environment.integer("SCAN_NAMES_DAYS", default=731)
#: A package of a draaiboek that was looked at and not installed, in days.
PACKAGE_DAYS = environment.integer("PACKAGE_DAYS", default=30)
#: After the last child left: days until numbers and addresses go, and until names do.
LEFT_CONTACT_DAYS = environment.integer("LEFT_CONTACT_DAYS", default=92)
LEFT_NAME_DAYS = environment.integer("LEFT_NAME_DAYS", default=550)
#: After a colleague's last post ended: days until the account is closed, without password and second factor.
COLLEAGUE_ACCOUNT_DAYS = environment.integer("COLLEAGUE_ACCOUNT_DAYS", default=92)
#: A number or address that nobody confirmed for so many days is asked for again.
CONFIRM_POINT_DAYS = environment.integer("CONFIRM_POINT_DAYS", default=365)
#: Days after the withdrawal of a consent, the decision of a request about data, the end of a legal hold, the closing of
#: a data breach, the decision on a wish for another number, the life of a one-time code.
CONSENT_DAYS = environment.integer("CONSENT_DAYS", default=5 * 365)
DATA_REQUEST_DAYS = environment.integer("DATA_REQUEST_DAYS", default=5 * 365)
BREACH_DAYS = environment.integer("BREACH_DAYS", default=5 * 365)
CONTACT_REQUEST_DAYS = environment.integer("CONTACT_REQUEST_DAYS", default=365)
SIGN_IN_CODE_DAYS = environment.integer("SIGN_IN_CODE_DAYS", default=7)
#: With whom parents may complain, as they read it: for schools of some networks it is disputed who that is.
PRIVACY_SUPERVISOR = (
    os.environ.get("PRIVACY_SUPERVISOR", "").strip()
    or "Gegevensbeschermingsautoriteit, Drukpersstraat 35, 1000 Brussel, contact@apd-gba.be"
)
