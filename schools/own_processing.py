"""What this app keeps of people, and why (``schools.processing``)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schools.processing import LEGAL_DUTY, PUPILS, STAFF, Processing

PROCESSING = (
    Processing(
        model="schools.AuditEntry",
        about=STAFF,
        purpose=_("show who read or changed what"),
        until=_("ACCESS_LOG_DAYS"),
        fields="at actor guardian_id assignment school_id verb target_kind target_id detail",
        ground=LEGAL_DUTY,
    ),
    Processing(
        model="schools.AuditSubject",
        about=PUPILS,
        purpose=_("show parents who looked at their data"),
        until=_("ACCESS_LOG_DAYS"),
        fields="entry at pupil_id guardian_id",
        ground=LEGAL_DUTY,
    ),
    Processing(
        model="schools.User",
        about=STAFF,
        purpose=_("sign in and know who does what"),
        until=_("the account is closed when the last assignment ended"),
        fields=(
            "password last_login is_superuser email full_name language is_active date_joined groups user_permissions"
        ),
    ),
    Processing(
        model="schools.Session",
        about=STAFF,
        purpose=_("stay signed in, and see where one is"),
        until=_("12 hours after signing in"),
        fields="session_data user device signed_in_at last_used_at",
        plain="expire_date",
    ),
    Processing(
        model="schools.Assignment",
        about=STAFF,
        purpose=_("decide which rows a colleague sees"),
        until=_("ACCESS_LOG_DAYS after it ended"),
        fields=("starts_on ends_on user role school school_class clb_centre project partner share works_on languages"),
    ),
    Processing(
        model="schools.PostDecision",
        about=STAFF,
        purpose=_("know who goes on next school year, and who decided it"),
        until=_("ACCESS_LOG_DAYS after the year began"),
        fields="post kind renewal last_day decided_by decided_at",
        plain="year",
    ),
    Processing(
        model="schools.ReviewReminder",
        about=STAFF,
        purpose=_("remind once of posts that wait for a decision"),
        until=_("ACCESS_LOG_DAYS after the year began"),
        fields="user sent_at",
        plain="year",
    ),
    Processing(
        model="schools.StaffInvitation",
        about=STAFF,
        purpose=_("let a new colleague in"),
        until=_("ACCESS_LOG_DAYS"),
        fields="user made_by made_at expires_at sent_at used_at revoked_at",
        plain="nonce",
    ),
    Processing(
        model="schools.FirstStep",
        about=STAFF,
        purpose=_("go on where the first administrator of a new portal stopped"),
        until=_("for ever"),
        fields="done_at done_by",
        plain="name",
    ),
    Processing(
        model="schools.FactorReset",
        about=STAFF,
        purpose=_("two people together take a lost second factor away"),
        until=_("ACCESS_LOG_DAYS"),
        fields="user asked_by asked_at expires_at confirmed_by confirmed_at withdrawn_at",
    ),
    Processing(
        model="schools.CLBCentre",
        about=STAFF,
        purpose=_("tell families whom to call"),
        until=_("as long as the centre takes part"),
        fields="phone email",
        plain="name network key_name",
    ),
    Processing(
        model="schools.School",
        about=STAFF,
        purpose=_("tell families whom to call"),
        until=_("as long as the school takes part"),
        fields="phone email",
        plain="name institution_number network clb street postcode city",
    ),
    Processing(
        model="schools.Pupil",
        about=PUPILS,
        purpose=_("know whose guardians to reach"),
        until=_("LEFT_NAME_DAYS after leaving"),
        fields="first_name last_name birth_date source_system source_id merged_into",
    ),
    Processing(
        model="schools.Enrolment",
        about=PUPILS,
        purpose=_("know the class and its team"),
        until=_("stays as a count, without a name"),
        fields="starts_on ends_on pupil school school_class",
    ),
    Processing(
        model="schools.Wording",
        about=STAFF,
        purpose=_("know who wrote and read a text"),
        until=_("as long as the text is used"),
        fields="edited_by edited_at reviewer reviewed_by reviewed_at",
        plain="kind row_id language state source_hash words_hash",
    ),
    Processing(
        model="schools.RosterPreset",
        about=STAFF,
        purpose=_("know who said how a school's files are read"),
        until=_("as long as the preset is used"),
        fields="saved_at saved_by",
        plain="school system mapping",
    ),
    Processing(
        model="schools.RosterUpload",
        about=PUPILS,
        purpose=_("bring in classes, pupils and guardians from the school's own system"),
        until=_("the file ROSTER_FILE_DAYS, its checksum and counts stay"),
        fields="created_at created_by name file read_at applied_at applied_by",
        plain=(
            "school preset mapping system size checksum state problem problem_values claim_token claimed_until "
            "attempts plan_key counts findings_total enrolled leaving leaving_confirmed"
        ),
    ),
    Processing(
        model="schools.RosterPage",
        about=PUPILS,
        purpose=_("show what a file would change, before it does"),
        until=_("ROSTER_FILE_DAYS"),
        fields="lines",
        plain="upload deed number",
    ),
    Processing(
        model="schools.RosterFinding",
        about=PUPILS,
        purpose=_("say what is wrong in a file"),
        until=_("ROSTER_FILE_DAYS"),
        fields="values",
        plain="upload position severity code file row column",
    ),
    Processing(
        model="schools.Rollover",
        about=STAFF,
        purpose=_("take a school into its next year, and back within a week"),
        until=_("as long as the school year is kept"),
        fields="made_at made_by undone_at",
        plain="school from_year to_year record",
    ),
)
#: Models whose rows say nothing of a person.
WITHOUT_PEOPLE = (
    "schools.Method",
    "schools.Partner",
    "schools.Project",
    "schools.CentreShare",
    "schools.Participation",
    "schools.SchoolClass",
    "schools.WelcomePage",
    "schools.Term",
    "schools.SchoolYear",
    "schools.Holiday",
)
