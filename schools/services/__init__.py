"""What colleagues change about themselves, their work and the texts all schools share."""

from schools.services.bringing import bring
from schools.services.rollover import PlanChangedError, gone_into, roll_over, undo_rollover, undoable
from schools.services.school_calendar import (
    add_free_days,
    lay_coming_years,
    lay_school_year,
    remove_free_days,
    shared_holidays,
)
from schools.services.texts import (
    WordingChangedError,
    catch_up,
    kept_languages,
    review_wording,
    save_wording,
    take_over,
)
from schools.services.translators import set_translator_languages
from schools.services.working_days import set_working_days

__all__ = [
    "PlanChangedError",
    "WordingChangedError",
    "add_free_days",
    "bring",
    "catch_up",
    "gone_into",
    "kept_languages",
    "lay_coming_years",
    "lay_school_year",
    "remove_free_days",
    "review_wording",
    "roll_over",
    "save_wording",
    "set_translator_languages",
    "set_working_days",
    "shared_holidays",
    "take_over",
    "undo_rollover",
    "undoable",
]
