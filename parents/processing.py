"""What this app keeps of people, and why (``schools.processing``)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parents.meetingprocessing import OF_MEETINGS
from schools.processing import CONSENT, FAMILIES, GUARDIANS, LEGAL_DUTY, PUPILS, STAFF, Processing

PROCESSING = (
    Processing(
        model="parents.Consent",
        called=_("consents of guardians"),
        about=GUARDIANS,
        purpose=_("show to what a guardian agreed"),
        until=_("CONSENT_DAYS after the withdrawal"),
        fields="guardian child purpose given_on given_how recorded_by withdrawn_on withdrawn_noted_by",
        ground=CONSENT,
    ),
    Processing(
        model="parents.ContactPoint",
        called=_("numbers and addresses of guardians"),
        about=GUARDIANS,
        purpose=_("reach guardians"),
        until=_("LEFT_CONTACT_DAYS after the last child left"),
        fields="kind value is_shared verified_on valid_from valid_until ended_because guardians",
    ),
    Processing(
        model="parents.ContactPointUse",
        called=_("who uses which number or address"),
        about=GUARDIANS,
        purpose=_("reach guardians"),
        until=_("LEFT_CONTACT_DAYS after the last child left"),
        fields="contact_point guardian rank",
    ),
    Processing(
        model="parents.SignInCode",
        called=_("codes for signing in"),
        about=GUARDIANS,
        purpose=_("let guardians sign in"),
        until=_("SIGN_IN_CODE_DAYS"),
        fields="contact_point digest created_at expires_at used_at attempts",
        words={"digest": _("hash of the code")},
    ),
    Processing(
        model="parents.ContactRequest",
        called=_("wishes for another number or address"),
        about=GUARDIANS,
        purpose=_("change a number or address at a guardian's wish"),
        until=_("CONTACT_REQUEST_DAYS after the decision"),
        fields="guardian kind value replaces is_proven state asked_at decided_at decided_by",
    ),
    Processing(
        model="parents.Family",
        called=_("families"),
        about=FAMILIES,
        purpose=_("count families by language group, never one by one"),
        until=_("stays as a count, without a name"),
        fields="home_language",
    ),
    Processing(
        model="parents.FamilyMembership",
        called=_("which child belongs to which family"),
        about=FAMILIES,
        purpose=_("count families"),
        until=_("stays as a count, without a name"),
        fields="starts_on ends_on family pupil",
    ),
    Processing(
        model="parents.FamilyMatch",
        called=_("families that may be the same"),
        about=FAMILIES,
        purpose=_("count a family with children at several schools once"),
        until=_("LEFT_NAME_DAYS after the last child of both left"),
        fields="first second score facts refused state found_at decided_at decided_by",
    ),
    Processing(
        model="parents.FamilyMerge",
        called=_("joined families"),
        about=FAMILIES,
        purpose=_("count a family with children at several schools once"),
        until=_("stays as a count, without a name"),
        fields="kept joined kept_language moved at by undone_at undone_by",
    ),
    Processing(
        model="parents.PupilMerge",
        called=_("joined rows of a child"),
        about=PUPILS,
        purpose=_("undo that two rows of one child were joined"),
        until=_("a month, in which it can be undone"),
        fields="school kept joined family_merge moved aside made numbers guardians at by undone_at undone_by",
    ),
    Processing(
        model="parents.MergedChild",
        called=_("children of joined families"),
        about=FAMILIES,
        purpose=_("count a family with children at several schools once"),
        until=_("stays as a count, without a name"),
        fields="merge family pupil",
    ),
    Processing(
        model="parents.Household",
        called=_("households"),
        about=GUARDIANS,
        purpose=_("send letters"),
        until=_("LEFT_CONTACT_DAYS after the last child left"),
        fields="street postcode city",
    ),
    Processing(
        model="parents.Guardian",
        called=_("guardians"),
        about=GUARDIANS,
        purpose=_("reach guardians in their language and way"),
        until=_("LEFT_NAME_DAYS after the last child left"),
        fields=(
            "first_name last_name household contact_language second_language language_confirmed_on "
            "reading_mode reading_confirmed_on preferred_channel wants_digest may_be_contacted restricted_on "
            "first_question_on privacy_shown_on source_system source_id merged_into"
        ),
    ),
    Processing(
        model="parents.Guardianship",
        called=_("ties between guardians and children"),
        about=GUARDIANS,
        purpose=_("know who is informed and decides"),
        until=_("stays as a count, without a name"),
        fields=(
            "starts_on ends_on pupil guardian relation authority information_right may_receive "
            "may_decide basis_seen_by basis_seen_on"
        ),
        ground=LEGAL_DUTY,
    ),
    Processing(
        model="parents.ContactMoment",
        called=_("contact moments"),
        about=FAMILIES,
        purpose=_("know what was agreed, and count contacts"),
        until=_("words NOTES_UNTIL, the rest PROJECT_UNTIL"),
        fields=(
            "client_id school family kind status outcome held_on held_month starts_at duration_min "
            "initiative purpose tone language_used interpreter_need interpreter_mode arrived partner method note "
            "visibility centre agreement recorded_by recorded_at seconds_to_log withdrawn_at "
            "withdrawn_because is_reach is_two_way language_group pupils guardians"
        ),
    ),
    Processing(
        model="parents.ContactRevision",
        called=_("earlier versions of contact moments"),
        about=FAMILIES,
        purpose=_("see what a talk said before it was put right"),
        until=_("with the words of the talk"),
        fields="contact_moment at by visibility was",
    ),
    Processing(
        model="parents.CLBNote",
        called=_("CLB notes"),
        about=FAMILIES,
        purpose=_("guidance of pupils by the CLB, under professional secrecy"),
        until=_("NOTES_UNTIL, and as long as it is not in the file of the CLB"),
        fields="uid contact_moment centre key_number sealed author written_at exported_at",
        ground=LEGAL_DUTY,
    ),
    Processing(
        model="parents.DataRequest",
        called=_("requests about data"),
        about=GUARDIANS,
        purpose=_("answer requests about data in time"),
        until=_("DATA_REQUEST_DAYS after the decision"),
        fields=(
            "guardian kind child school centre words received_at received_by identity due_on "
            "extended_on extended_because decision reason decided_at decided_by lifted_on"
        ),
        ground=LEGAL_DUTY,
    ),
    Processing(
        model="parents.OwnVersion",
        called=_("own versions of guardians"),
        about=GUARDIANS,
        purpose=_("show a guardian's own version beside a note"),
        until=_("with the note or the request"),
        fields="request guardian family contact_moment text written_on",
        ground=LEGAL_DUTY,
    ),
    Processing(
        model="parents.Erased",
        called=_("people who were erased"),
        about=GUARDIANS,
        purpose=_("know erased people when they come back"),
        until=_("for ever, as a keyed hash"),
        fields="kind digest at",
        ground=LEGAL_DUTY,
        words={"kind": _("kind of row that was erased")},
    ),
    Processing(
        model="parents.FollowUp",
        called=_("follow-ups"),
        about=FAMILIES,
        purpose=_("keep what was promised"),
        until=_("words NOTES_UNTIL"),
        fields=(
            "school family pupil guardian contact_moment contact_request slot kind what owner due_on status "
            "done_on closed_because created_at"
        ),
    ),
    Processing(
        model="parents.LegalHold",
        called=_("legal holds"),
        about=FAMILIES,
        purpose=_("keep data for a complaint or a case"),
        until=_("DATA_REQUEST_DAYS after its end"),
        fields="family school because until held_by held_at released_at released_by",
        ground=LEGAL_DUTY,
    ),
    *OF_MEETINGS,
    Processing(
        model="parents.ReadingAlert",
        called=_("alerts of unusual reading"),
        about=STAFF,
        purpose=_("find unusual reading"),
        until=_("ACCESS_LOG_DAYS"),
        fields=(
            "person assignment school centre is_about_responsible kind day first_at last_at number "
            "usual raised_at seen_at seen_by finding"
        ),
        ground=LEGAL_DUTY,
        words={"number": _("number of families")},
    ),
)
#: Models whose rows say nothing of a person.
WITHOUT_PEOPLE = (
    "parents.ConferenceRound",
    "parents.ContactStatistics",
)
