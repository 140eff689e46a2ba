"""What a guardian can refuse: the purposes of notices, in the words of parents."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.models import Delivery, DeliveryStatus, Notice

#: What notices without a template are about, for who refuses them; an empty key would mean everything.
OTHER = "other"
#: The same in the words of the parents who choose what they get.
NAMES_FOR_PARENTS = {
    "appointment": _("talks at school"),
    "parenting_support": _("meetings for parents"),
    "trip": _("trips"),
    "practical": _("what your child needs at school"),
    "library": _("the library"),
    "school_life": _("life at school and days off"),
    "language_activity": _("learning Dutch"),
    "survey": _("questions to parents"),
    "money": _("money and bills"),
    "absence": _("absence"),
    "health": _("health"),
    "urgent": _("urgent matters"),
}


def purpose_key(notice: Notice) -> str:
    """What a notice is about, as guardians refuse it (OptOut.category)."""
    return notice.template.category if notice.template else OTHER


def purposes_in_mail(delivery: Delivery) -> list[str]:
    """What the mail of this delivery is about: several purposes where it brought the notices of a week."""
    if delivery.digest_of is None:
        return [purpose_key(delivery.notice)]
    rows = Delivery.objects.filter(digest_of=delivery.digest_of).exclude(status=DeliveryStatus.CANCELLED)
    rows = rows.select_related("notice__template").order_by("pk")
    return list(dict.fromkeys(purpose_key(row.notice) for row in rows))


def name_for_parents(category: str) -> str:
    """What notices of a purpose are about, in the reader's language; everything when it is empty."""
    if not category:
        return str(_("everything"))
    return str(NAMES_FOR_PARENTS.get(category, _("other matters")))


def started() -> str:
    """The answer to START, in the reader's language and without a name."""
    return gettext("You get text messages from the school again.")


def stopped(category: str, *, is_told: bool) -> str:
    """The answer to STOP, in the reader's language and without a name (rulings 6). What it was about stands in it only
    where that may be read (rulings 4)."""
    if not is_told:
        return gettext("You get no more text messages of this kind. Urgent ones still come.")
    words = gettext("You get no more text messages about: %(purpose)s. Urgent ones still come.")
    return words % {"purpose": name_for_parents(category)}
