"""What a column may hold, in words: for the screen on which a school says so, and in findings."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_CHILD: dict[str, Any] = {
    "pupil.id": _("pupil's number"),
    "pupil.first_name": _("pupil's first name"),
    "pupil.call_name": _("pupil's call name"),
    "pupil.last_name": _("pupil's last name"),
    "pupil.full_name": _("pupil's whole name"),
    "pupil.birth_date": _("pupil's date of birth"),
    "pupil.starts_on": _("first day at the school"),
    "pupil.ends_on": _("last day at the school"),
    "pupil.status": _("enrolled or left"),
    "class.id": _("number of the class"),
    "class.name": _("class"),
    "class.group": _("group of the class"),
    "class.level": _("year group"),
    "class.school": _("number of the school"),
    "home.email": _("mail address beside the pupil"),
    "home.phone": _("phone beside the pupil"),
    "home.street": _("pupil's street"),
    "home.number": _("pupil's house number"),
    "home.box": _("pupil's box"),
    "home.postcode": _("pupil's postcode"),
    "home.city": _("pupil's town"),
    "home.contact_language": _("language for contact with the family"),
    "home.home_language": _("language spoken at home"),
    "home.reading_mode": _("how the family reads"),
}
_GUARDIAN: dict[str, Any] = {
    "id": _("guardian %(slot)s: number"),
    "first_name": _("guardian %(slot)s: first name"),
    "last_name": _("guardian %(slot)s: last name"),
    "full_name": _("guardian %(slot)s: whole name"),
    "relation": _("guardian %(slot)s: relation to the child"),
    "authority": _("guardian %(slot)s: authority"),
    "email": _("guardian %(slot)s: mail address"),
    "phone": _("guardian %(slot)s: phone"),
    "street": _("guardian %(slot)s: street"),
    "number": _("guardian %(slot)s: house number"),
    "box": _("guardian %(slot)s: box"),
    "postcode": _("guardian %(slot)s: postcode"),
    "city": _("guardian %(slot)s: town"),
    "contact_language": _("guardian %(slot)s: language for contact"),
    "home_language": _("guardian %(slot)s: language spoken at home"),
    "reading_mode": _("guardian %(slot)s: how they read"),
}
_SLOT = re.compile(r"guardian(\d)\.(\w+)")


def field_label(field: str) -> str:
    """The words for a field; "do not read" for none, and the word itself when it is no field."""
    if not field:
        return gettext("do not read")
    if (found := _SLOT.fullmatch(field)) and found[2] in _GUARDIAN:
        return str(_GUARDIAN[found[2]]) % {"slot": found[1]}
    return str(_CHILD.get(field, field))
