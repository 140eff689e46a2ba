from schools.models.audit import AuditEntry, AuditSubject
from schools.models.firststeps import FirstStep
from schools.models.methods import Method
from schools.models.people import Assignment, Role, User
from schools.models.places import CLBCentre, Network, Partner, School
from schools.models.projects import CentreShare, Participation, ParticipationRole, Project
from schools.models.pupils import Enrolment, Level, Pupil, SchoolClass
from schools.models.reminders import Reminder
from schools.models.reviews import PostDecision, ReviewReminder
from schools.models.rollovers import Rollover
from schools.models.rosters import RosterFinding, RosterPage, RosterPreset, RosterUpload, UploadState
from schools.models.sessions import Session
from schools.models.staffing import FactorReset, StaffInvitation
from schools.models.texts import WelcomePage, Wording, WordingState
from schools.models.vocabulary import Term
from schools.models.years import Holiday, SchoolYear

__all__ = [
    "Assignment",
    "AuditEntry",
    "AuditSubject",
    "CLBCentre",
    "CentreShare",
    "Enrolment",
    "FactorReset",
    "FirstStep",
    "Holiday",
    "Level",
    "Method",
    "Network",
    "Participation",
    "ParticipationRole",
    "Partner",
    "PostDecision",
    "Project",
    "Pupil",
    "Reminder",
    "ReviewReminder",
    "Role",
    "Rollover",
    "RosterFinding",
    "RosterPage",
    "RosterPreset",
    "RosterUpload",
    "School",
    "SchoolClass",
    "SchoolYear",
    "Session",
    "StaffInvitation",
    "Term",
    "UploadState",
    "User",
    "WelcomePage",
    "Wording",
    "WordingState",
]
