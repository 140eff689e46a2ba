"""The second fact, asked at three doors: a child's birthday, typed a few times only."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from messaging.forms_parents import BirthdayForm
from parents.models import Guardian
from parents.signin import knows_birthday
from schools.limits import Limit

#: Wrong ones at all doors together: a year has few days, and who may try a few each hour would have tried them all
#: before a link ends.
WRONG_FACTS = Limit("wrong second facts of a guardian", 15, 30 * 24 * 3600)


def says_birthday(form: BirthdayForm, guardian: Guardian, *, limit: Limit, key: str) -> bool:
    """Whether the (valid) form names the birthday of a child of the guardian; if not, the form says what to do."""
    return bool(who_says_birthday(form, [guardian], limit=limit, key=key))


def who_says_birthday(form: BirthdayForm, guardians: Iterable[Guardian], *, limit: Limit, key: str) -> list[Guardian]:
    """Those of the guardians of whose child the (valid) form names the birthday; if nobody, the form says what to do.

    Each try counts in ``limit`` under ``key`` before it is compared, and one that is wrong for all in ``WRONG_FACTS``.
    """
    possible = [guardian for guardian in guardians if not WRONG_FACTS.is_spent(str(guardian.pk))]
    if not possible:
        form.add_error(None, _("This did not work. Call the school."))
        return []
    if not limit.spend(key):
        form.add_error(None, _("Too many tries. Wait one hour, or call the school."))
        return []
    day, month = form.cleaned_data["day"], form.cleaned_data["month"]
    known = [guardian for guardian in possible if knows_birthday(guardian, day=day, month=month)]
    if not known:
        for guardian in possible:
            WRONG_FACTS.spend(str(guardian.pk))
        form.add_error(None, _("This is not right. Try again, or call the school."))
    return known
