"""The second fact, asked at three doors: a child's birthday, typed a few times only."""

from __future__ import annotations

from django.utils.translation import gettext as _

from messaging.forms_parents import BirthdayForm
from parents.models import Guardian
from parents.signin import knows_birthday
from schools.limits import Limit


def says_birthday(form: BirthdayForm, guardian: Guardian, *, limit: Limit, key: str) -> bool:
    """Whether the (valid) form names the birthday of a child of the guardian; if not, the form says what to do.

    Each try counts in ``limit`` under ``key`` before it is compared.
    """
    if not limit.spend(key):
        form.add_error(None, _("Too many tries. Wait one hour, or call the school."))
        return False
    day, month = form.cleaned_data["day"], form.cleaned_data["month"]
    if not knows_birthday(guardian, day=day, month=month):
        form.add_error(None, _("This is not right. Try again, or call the school."))
        return False
    return True
