from parents.models.contactrequests import ContactRequest, RequestState
from parents.models.contacts import CLBNote, ContactMoment
from parents.models.families import (
    Authority,
    Channel,
    Family,
    FamilyMembership,
    Guardian,
    Guardianship,
    Household,
    ReadingMode,
)
from parents.models.followups import FollowUp, FollowUpKind, FollowUpStatus
from parents.models.kinds import (
    ContactKind,
    Initiative,
    InterpreterMode,
    InterpreterNeed,
    MomentStatus,
    Outcome,
    Purpose,
    Tone,
    Visibility,
)
from parents.models.meetings import (
    Attendance,
    ConferenceRound,
    ConferenceSlot,
    Gathering,
    InterpreterRequest,
    SlotStatus,
)
from parents.models.reachable import Consent, ContactPoint, ContactPointUse, PointKind, SignInCode
from parents.models.readingalerts import ReadingAlert, Unusual

__all__ = [
    "Attendance",
    "Authority",
    "CLBNote",
    "Channel",
    "ConferenceRound",
    "ConferenceSlot",
    "Consent",
    "ContactKind",
    "ContactMoment",
    "ContactPoint",
    "ContactPointUse",
    "ContactRequest",
    "Family",
    "FamilyMembership",
    "FollowUp",
    "FollowUpKind",
    "FollowUpStatus",
    "Gathering",
    "Guardian",
    "Guardianship",
    "Household",
    "Initiative",
    "InterpreterMode",
    "InterpreterNeed",
    "InterpreterRequest",
    "MomentStatus",
    "Outcome",
    "PointKind",
    "Purpose",
    "ReadingAlert",
    "ReadingMode",
    "RequestState",
    "SignInCode",
    "SlotStatus",
    "Tone",
    "Unusual",
    "Visibility",
]
