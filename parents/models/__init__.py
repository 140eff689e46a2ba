from parents.models.absences import Absence
from parents.models.calendarfeeds import CalendarFeed
from parents.models.conferences import (
    ConferenceHost,
    ConferenceHour,
    ConferenceNote,
    ConferenceRound,
    ConferenceSlot,
    MeetingWay,
    SlotRule,
    SlotStatus,
)
from parents.models.conferencewords import ChangeKind, ConferenceChange, ConferenceReminder
from parents.models.consents import FOR_A_CHILD, Consent, ConsentPurpose, GivenHow
from parents.models.contactrequests import ContactRequest, RequestState
from parents.models.contacts import CLBNote, ContactMoment
from parents.models.datarequests import DataRequest, Decision, Identity, OwnVersion, RequestKind
from parents.models.erased import Erased
from parents.models.families import (
    Channel,
    Family,
    FamilyMembership,
    Guardian,
    Household,
    ReadingMode,
)
from parents.models.followups import WORDLESS, FollowUp, FollowUpKind, FollowUpStatus
from parents.models.growth import GrowthNote
from parents.models.guardianships import Authority, Guardianship
from parents.models.interpreters import InterpreterRequest
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
from parents.models.legalholds import LegalHold
from parents.models.meetings import GATHERING_KINDS, Attendance, Gathering
from parents.models.pupilmerges import PupilMerge
from parents.models.reachable import ContactPoint, ContactPointUse, PointKind, SignInCode
from parents.models.readingalerts import ReadingAlert, Unusual
from parents.models.revisions import ContactRevision
from parents.models.samefamily import FamilyMatch, FamilyMerge, MatchState, MergedChild
from parents.models.signups import GatheringSignUp, GatheringWord, SignUpState, WordKind
from parents.models.statistics import ContactStatistics

__all__ = [
    "FOR_A_CHILD",
    "GATHERING_KINDS",
    "WORDLESS",
    "Absence",
    "Attendance",
    "Authority",
    "CLBNote",
    "CalendarFeed",
    "ChangeKind",
    "Channel",
    "ConferenceChange",
    "ConferenceHost",
    "ConferenceHour",
    "ConferenceNote",
    "ConferenceReminder",
    "ConferenceRound",
    "ConferenceSlot",
    "Consent",
    "ConsentPurpose",
    "ContactKind",
    "ContactMoment",
    "ContactPoint",
    "ContactPointUse",
    "ContactRequest",
    "ContactRevision",
    "ContactStatistics",
    "DataRequest",
    "Decision",
    "Erased",
    "Family",
    "FamilyMatch",
    "FamilyMembership",
    "FamilyMerge",
    "FollowUp",
    "FollowUpKind",
    "FollowUpStatus",
    "Gathering",
    "GatheringSignUp",
    "GatheringWord",
    "GivenHow",
    "GrowthNote",
    "Guardian",
    "Guardianship",
    "Household",
    "Identity",
    "Initiative",
    "InterpreterMode",
    "InterpreterNeed",
    "InterpreterRequest",
    "LegalHold",
    "MatchState",
    "MeetingWay",
    "MergedChild",
    "MomentStatus",
    "Outcome",
    "OwnVersion",
    "PointKind",
    "PupilMerge",
    "Purpose",
    "ReadingAlert",
    "ReadingMode",
    "RequestKind",
    "RequestState",
    "SignInCode",
    "SignUpState",
    "SlotRule",
    "SlotStatus",
    "Tone",
    "Unusual",
    "Visibility",
    "WordKind",
]
