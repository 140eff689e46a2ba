"""What colleagues change about themselves, their work and the texts all schools share."""

from schools.services.texts import WordingChangedError, catch_up, kept_languages, review_wording, save_wording
from schools.services.translators import set_translator_languages
from schools.services.working_days import set_working_days

__all__ = [
    "WordingChangedError",
    "catch_up",
    "kept_languages",
    "review_wording",
    "save_wording",
    "set_translator_languages",
    "set_working_days",
]
