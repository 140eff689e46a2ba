"""What this app keeps of people around talks, gatherings and days of absence, and why (``schools.processing``)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schools.processing import FAMILIES, GUARDIANS, STAFF, Processing

OF_MEETINGS = (
    Processing(
        model="parents.ConferenceSlot",
        called=_("places in parent–teacher meetings"),
        about=FAMILIES,
        purpose=_("hold parent–teacher meetings"),
        until=_("stays as a count, without a name"),
        fields=(
            "round pupil school_class family guardian hour starts_at way status booked_at booked_by entered_by "
            "cancelled_because sequence contact_moment"
        ),
    ),
    Processing(
        model="parents.ConferenceHost",
        called=_("who receives in parent–teacher meetings"),
        about=STAFF,
        purpose=_("hold parent–teacher meetings"),
        until=_("stays as a count, without a name"),
        fields="round school_class teacher room video_url",
    ),
    Processing(
        model="parents.ConferenceHour",
        called=_("hours of parent–teacher meetings"),
        about=STAFF,
        purpose=_("hold parent–teacher meetings"),
        until=_("stays as a count, without a name"),
        fields="host teacher starts_at ends_at",
    ),
    Processing(
        model="parents.ConferenceNote",
        called=_("what guardians want to talk about"),
        about=GUARDIANS,
        purpose=_("hold parent–teacher meetings"),
        until=_("words NOTES_UNTIL"),
        fields="slot guardian text",
    ),
    Processing(
        model="parents.ConferenceReminder",
        called=_("reminders of talks"),
        about=GUARDIANS,
        purpose=_("hold parent–teacher meetings"),
        until=_("words NOTES_UNTIL"),
        fields="slot guardian sequence taken_at told_at",
    ),
    Processing(
        model="parents.ConferenceChange",
        called=_("word of talks that were moved or cancelled"),
        about=GUARDIANS,
        purpose=_("hold parent–teacher meetings"),
        until=_("words NOTES_UNTIL"),
        fields="slot guardian sequence kind was_at decided_at taken_at told_at",
    ),
    Processing(
        model="parents.CalendarFeed",
        called=_("private calendar links"),
        about=GUARDIANS,
        purpose=_("show the own talks in a calendar program"),
        until=_("until a new link is made or the rights end"),
        fields="user guardian digest made_at",
        words={"digest": _("hash of the link")},
    ),
    Processing(
        model="parents.GrowthNote",
        called=_("words about what goes well"),
        about=FAMILIES,
        purpose=_("tell parents what goes well"),
        until=_("NOTES_UNTIL"),
        fields="client_id school pupil phrases sentence written_by written_at",
    ),
    Processing(
        model="parents.Absence",
        called=_("days on which children are absent"),
        about=FAMILIES,
        purpose=_("tell the class team that a child is not at school"),
        until=_("ABSENCES_UNTIL"),
        fields="pupil school starts_on ends_on reported_by reported_at taken_back_at seen_by seen_at",
    ),
    Processing(
        model="parents.Gathering",
        called=_("gatherings"),
        about=STAFF,
        purpose=_("bring parents together"),
        until=_("stays as a count, without a name"),
        fields=(
            "school partner method kind title place starts_at ends_at places made_by cancelled_at cancelled_because "
            "sequence changed_at counted_only attended_at"
        ),
    ),
    Processing(
        model="parents.GatheringSignUp",
        called=_("sign-ups for gatherings"),
        about=GUARDIANS,
        purpose=_("bring parents together"),
        until=_("NOTES_UNTIL"),
        fields="gathering guardian adults children interpreter state asked_at changed_at entered_by",
    ),
    Processing(
        model="parents.GatheringWord",
        called=_("what guardians hear of a gathering"),
        about=GUARDIANS,
        purpose=_("bring parents together"),
        until=_("NOTES_UNTIL"),
        fields="sign_up kind sequence decided_at taken_at told_at",
    ),
    Processing(
        model="parents.Attendance",
        called=_("attendance at gatherings"),
        about=FAMILIES,
        purpose=_("count who came"),
        until=_("stays as a count, without a name"),
        fields="gathering family contact_moment",
    ),
    Processing(
        model="parents.InterpreterRequest",
        called=_("requests for an interpreter"),
        about=FAMILIES,
        purpose=_("book an interpreter"),
        until=_("stays as a count, without a name"),
        fields=(
            "school slot family guardian pupil kind language needed_at minutes mode state asked_at asked_by agency "
            "asked_agency_on confirmed_on called_off_on cost fell_with_talk on_sheet"
        ),
    ),
)
