"""The second fact, asked at three doors: a child's birthday, typed a few times only."""

from __future__ import annotations

from django.utils.translation import gettext as _

from messaging.forms_parents import BirthdayForm
from parents.models import Guardian
from parents.signin import knows_birthday
from schools.limits import Limit

#: Wrong ones at all doors together: a year has few days, and who may try a few each hour would have tried them all
#: before a link ends.
WRONG_FACTS = Limit("wrong second facts of a guardian", 15, 30 * 24 * 3600)


def says_birthday(form: BirthdayForm, guardian: Guardian, *, limit: Limit, key: str) -> bool:
    """Whether the (valid) form names the birthday of a child of the guardian; if not, the form says what to do.

    Each try counts in ``limit`` under ``key`` before it is compared, and a wrong one in ``WRONG_FACTS``.
    """
    if WRONG_FACTS.is_spent(str(guardian.pk)):
        form.add_error(None, _("This did not work. Call the school."))
        return False
    if not limit.spend(key):
        form.add_error(None, _("Too many tries. Wait one hour, or call the school."))
        return False
    day, month = form.cleaned_data["day"], form.cleaned_data["month"]
    if not knows_birthday(guardian, day=day, month=month):
        WRONG_FACTS.spend(str(guardian.pk))
        form.add_error(None, _("This is not right. Try again, or call the school."))
        return False
    return True
