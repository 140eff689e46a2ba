"""The institution's rules about people's data: what counts as unusual reading, and how long things are kept."""

from __future__ import annotations

from ingroeibloei import environment

#: Reading is unusual when somebody opens more families than this in one hour, and more than so many times what the
#: person, and people in the same role, usually open in an hour; or in the hours of the night.
UNUSUAL_READING_FAMILIES = environment.integer("UNUSUAL_READING_FAMILIES", default=20)
UNUSUAL_READING_TIMES = environment.integer("UNUSUAL_READING_TIMES", default=3)
UNUSUAL_READING_HOURS = environment.hours("UNUSUAL_READING_HOURS", default="23:00-05:00")
#: The access log is kept this long, in days; the database lets no line go before 730 days.
ACCESS_LOG_DAYS = environment.integer("ACCESS_LOG_DAYS", default=731)
