"""The words of a contact moment: kinds, outcomes, purposes and who reads its line (domain 2.1, 6.2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactKind(models.TextChoices):
    """Kinds of contact (domain 2.1)."""

    GATE_TALK = "GATE_TALK", _("talk at the school gate")
    PHONE = "PHONE", _("phone call")
    HOME_VISIT = "HOME_VISIT", _("home visit")
    CONFERENCE = "CONFERENCE", _("parent–teacher meeting")
    INTAKE = "INTAKE", _("welcome talk")
    VIDEO = "VIDEO", _("video call")
    MESSAGE = "MESSAGE", _("written conversation")
    INFO_EVENING = "INFO_EVENING", _("information evening")
    COFFEE_MOMENT = "COFFEE_MOMENT", _("coffee moment")
    WORKSHOP = "WORKSHOP", _("open class or workshop")
    READING = "READING", _("reading moment or library")
    PARTICIPATION = "PARTICIPATION", _("participation")
    MDO = "MDO", _("multidisciplinary meeting")
    ORIENTATION = "ORIENTATION", _("orientation talk")
    CLB_TALK = "CLB_TALK", _("talk with the CLB")
    REFERRAL = "REFERRAL", _("accompanied referral")
    CRISIS = "CRISIS", _("crisis or conflict")


#: Icon of each kind; a kind without one shows a speech bubble.
KIND_ICONS: dict[str, str] = {
    ContactKind.GATE_TALK: "door-open",
    ContactKind.PHONE: "phone-call",
    ContactKind.HOME_VISIT: "house",
    ContactKind.CONFERENCE: "users",
    ContactKind.INTAKE: "handshake",
    ContactKind.VIDEO: "video",
    ContactKind.COFFEE_MOMENT: "coffee",
    ContactKind.READING: "library",
    ContactKind.CLB_TALK: "compass",
}

#: Kinds in which people speak with each other; anything else is two-way only if answered (domain 2.3).
SPOKEN_KINDS = frozenset(
    {
        ContactKind.GATE_TALK,
        ContactKind.PHONE,
        ContactKind.HOME_VISIT,
        ContactKind.CONFERENCE,
        ContactKind.INTAKE,
        ContactKind.VIDEO,
        ContactKind.MDO,
        ContactKind.ORIENTATION,
        ContactKind.CLB_TALK,
        ContactKind.REFERRAL,
        ContactKind.CRISIS,
        ContactKind.MESSAGE,
    }
)


#: Kinds to which families come together.
GROUP_KINDS = frozenset(
    {ContactKind.INFO_EVENING, ContactKind.COFFEE_MOMENT, ContactKind.WORKSHOP, ContactKind.READING}
)
#: Where a contact that took place stands on the pyramid of participation (Godderis 2007): 2 communication, 3 presence
#: at school, 4 active participation. Level 1, interest, shows without a contact: a notice opened, a question asked.
PARTICIPATION_LEVELS: dict[str, int] = {
    **dict.fromkeys(SPOKEN_KINDS, 2),
    **dict.fromkeys(GROUP_KINDS, 3),
    ContactKind.CONFERENCE: 3,
    ContactKind.MDO: 3,
    ContactKind.PARTICIPATION: 4,
}


class MomentStatus(models.TextChoices):
    PLANNED = "PLANNED", _("planned")
    HELD = "HELD", _("held")
    NO_SHOW = "NO_SHOW", _("family did not come")
    NOT_REACHED = "NOT_REACHED", _("not reached")
    CANCELLED_FAMILY = "CANCELLED_FAMILY", _("cancelled by the family")
    CANCELLED_SCHOOL = "CANCELLED_SCHOOL", _("cancelled by the school")
    RESCHEDULED = "RESCHEDULED", _("moved to another day")


class Outcome(models.TextChoices):
    REACHED_AGREED = "REACHED_AGREED", _("spoken with, agreement made")
    REACHED_FOLLOW_UP = "REACHED_FOLLOW_UP", _("spoken with, follow-up needed")
    NOT_REACHED = "NOT_REACHED", _("no answer or not at home")
    DECLINED = "DECLINED", _("the parent does not want this")
    RESCHEDULED = "RESCHEDULED", _("moved to another day")
    REFERRED = "REFERRED", _("referred")
    CANCELLED_FAMILY = "CANCELLED_FAMILY", _("cancelled by the family")
    CANCELLED_SCHOOL = "CANCELLED_SCHOOL", _("cancelled by the school")


#: The status that an outcome means; DECLINED is a held talk: somebody was spoken with.
STATUS_OF_OUTCOME = {
    Outcome.REACHED_AGREED: MomentStatus.HELD,
    Outcome.REACHED_FOLLOW_UP: MomentStatus.HELD,
    Outcome.DECLINED: MomentStatus.HELD,
    Outcome.REFERRED: MomentStatus.HELD,
    Outcome.NOT_REACHED: MomentStatus.NOT_REACHED,
    Outcome.RESCHEDULED: MomentStatus.RESCHEDULED,
    Outcome.CANCELLED_FAMILY: MomentStatus.CANCELLED_FAMILY,
    Outcome.CANCELLED_SCHOOL: MomentStatus.CANCELLED_SCHOOL,
}


class Initiative(models.TextChoices):
    FAMILY = "FAMILY", _("family")
    TEACHER = "TEACHER", _("teacher")
    SCHOOL = "SCHOOL", _("school")
    PROJECT_WORKER = "PROJECT_WORKER", _("project worker")
    CLB = "CLB", "CLB"
    PARTNER = "PARTNER", _("partner")


class Purpose(models.TextChoices):
    WELCOME = "WELCOME", _("welcome")
    PRAISE = "PRAISE", _("good news")
    INFORMATION = "INFORMATION", _("information")
    INVITATION = "INVITATION", _("invitation")
    PROGRESS = "PROGRESS", _("progress at school")
    QUESTION = "QUESTION", _("question")
    CONCERN = "CONCERN", _("concern")
    CARE = "CARE", _("care and support")
    ORIENTATION = "ORIENTATION", _("school choice")
    PRACTICAL = "PRACTICAL", _("practical matters")
    AGREEMENT = "AGREEMENT", _("agreement")


class InterpreterNeed(models.TextChoices):
    NO = "NO", _("not needed")
    YES = "YES", _("needed")
    UNKNOWN = "UNKNOWN", _("not known")


class InterpreterMode(models.TextChoices):
    """Who interpreted; a child interpreting is flagged, its norm is zero (domain I18)."""

    ON_SITE = "ON_SITE", _("interpreter on site")
    PHONE = "PHONE", _("interpreter by phone")
    VIDEO = "VIDEO", _("interpreter by video")
    MEDIATOR = "MEDIATOR", _("intercultural mediator")
    ADULT_ACQUAINTANCE = "ADULT_ACQUAINTANCE", _("adult acquaintance")
    CHILD = "CHILD", _("a child")
    NONE = "NONE", _("nobody")


#: Whether a family came where it was referred to; nothing while nobody knows.
ARRIVED = [(True, _("arrived there")), (False, _("did not arrive"))]


class Tone(models.TextChoices):
    POSITIVE = "POSITIVE", _("positive")
    NEUTRAL = "NEUTRAL", _("neutral")
    CONCERN = "CONCERN", _("concern")


class Visibility(models.TextChoices):
    """Who reads the factual line (domain 6.2). CLB-only text is another row, sealed."""

    PARENT = "PARENT", _("parents and school team")
    SCHOOL_TEAM = "SCHOOL_TEAM", _("school team")
    SCHOOL_CARE = "SCHOOL_CARE", _("care team of the school")
    CLB = "CLB", _("CLB only")
    AUTHOR = "AUTHOR", _("only me")


#: Lines of a contact that a school holds; what is a CLB's or the writer's own it does not know of.
OF_SCHOOL = (Visibility.PARENT, Visibility.SCHOOL_TEAM, Visibility.SCHOOL_CARE)
