"""The institution's rules: what a city or a school may want otherwise, before anything of machines."""

from __future__ import annotations

from ingroeibloei import environment
from schools import languages, partnerlanguages

#: Day of the school year on which the first draft of the evaluation is made (month, day).
EVALUATION_DRAFT_DAY = (6, 15)
#: School days before the evaluation is due on which whoever has the next step hears of it; 0 is the day itself.
EVALUATION_REMIND_DAYS = (10, 5, 2, 1, 0)
#: Hour of the last school day from which nobody edits an evaluation that is signed: it waits to be handed in.
EVALUATION_FIX_HOUR = 18
#: Figures of so many schools or more are counted once a day, ahead of their readers (reports.kept); 0 counts all of
#: them when they are asked. Each minute a worker counts for about so many seconds.
FIGURES_KEPT_FROM = environment.integer("FIGURES_KEPT_FROM", default=25)
FIGURES_KEPT_SECONDS = 40
#: The joint worker may finish the report this long after her assignment ends (rulings 7).
REPORT_GRACE_DAYS = 14
#: A notice's link works this long; it can be opened again until then (rulings 5).
NOTICE_LINK_DAYS = 60
#: One-time codes: life in minutes and wrong tries before a code dies.
SIGN_IN_CODE_MINUTES = 10
SIGN_IN_CODE_ATTEMPTS = 5
#: A guardian's session on a page ends after this many hours without use.
GUARDIAN_SESSION_HOURS = 2
#: Of the QR code at the gate: how long it opens the sign-in page, for how long that page takes an address or number,
#: and after how long unused a session ends that began there.
GATE_CODE_MINUTES, GATE_DOOR_MINUTES, GATE_SESSION_MINUTES = 5, 10, 20
#: Up to this many guardians are planned in the request's own transaction; more in chunks behind it (rulings 3).
FAN_OUT_IN_REQUEST = 500
FAN_OUT_CHUNK = 5_000
#: Up to this many letters are laid out in the request itself; more in parts of whole classes behind it.
LETTERS_IN_REQUEST = 60
LETTERS_IN_PART = environment.integer("LETTERS_IN_PART", default=250, least=1)
#: The PDF of letters is removed this many days after they were given.
LETTER_FILE_DAYS = environment.integer("LETTER_FILE_DAYS", default=30)
#: The file of a roster and its preview go after this many days; its checksum and counts stay (domain 6.4).
ROSTER_FILE_DAYS = environment.integer("ROSTER_FILE_DAYS", default=30)
#: A roster that lets more than this part of a school's pupils leave, in percent, asks once more.
ROSTER_LEAVERS_PERCENT = environment.integer("ROSTER_LEAVERS_PERCENT", default=20, most=100)
#: Mails that came back are kept in their mailbox this long after they were read.
BOUNCE_KEEP_DAYS = 30
#: A family that gets more notices than this in a week reads none of them; urgent ones are not counted. The check page
#: says it, nothing is refused.
WEEKLY_NOTICE_BUDGET = environment.integer("WEEKLY_NOTICE_BUDGET", default=3)
#: What the gateway charges for each part of a text message, in cents of a euro.
SMS_EURO_CENTS = environment.amount("SMS_EURO_CENTS", default="4.5")
#: What happens to a notice of each kind until a person is reached (messaging.policies): the ways in their order, how
#: long each waits for a person before the next, and whose task the call is. Without a wait the next way is tried only
#: when this one failed. A school may have its own. An urgent notice is for today: paper would come too late.
LADDER = {
    "ACTIE": {
        "rungs": [("EMAIL", 3, "DAYS"), ("SMS", 3, "DAYS"), ("LETTER", 3, "DAYS"), ("CALL", None, "DAYS")],
        "caller": "TEACHER",
    },
    "INFO": {
        "rungs": [("EMAIL", None, "DAYS"), ("SMS", None, "DAYS"), ("LETTER", None, "DAYS"), ("CALL", None, "DAYS")],
        "caller": "TEACHER",
    },
    "DRINGEND": {
        "rungs": [("SMS", 30, "MINUTES"), ("EMAIL", 30, "MINUTES"), ("CALL", None, "DAYS")],
        "caller": "AUTHOR",
    },
}
#: School days before a talk by which an agency wants to know of it; with less the pages warn. Five is what the field
#: plans with (domain 2.1): a social interpreter on site is hardly found for the same week.
INTERPRETER_LEAD_DAYS = environment.integer("INTERPRETER_LEAD_DAYS", default=5)
#: Languages that somebody of the staff speaks: for the others a call's script names the interpreter line.
SPOKEN_BY_STAFF = environment.words(
    "SPOKEN_BY_STAFF", {*languages.LANGUAGES, *partnerlanguages.PARTNERS}, default="nl fr en"
)
#: The interpreter line of the institution: its number, and what to say there, in Dutch.
INTERPRETER_LINE = environment.interpreter_line()
#: What schools without rules of their own allow (messaging.translationrules): whether a translation needs its purpose,
#: which language law asks of schools (domain 4.4), and whether a machine's words are sent: NEVER, once the writer has
#: SEEN them translated back, or once a native speaker has REVIEWED them.
TRANSLATION_NEEDS_REASON = True
TRANSLATION_MACHINE_USE = "REVIEWED"
#: The figures of a day are counted anew each night for so long: late bounces and answers still come in.
STATISTICS_OPEN_DAYS = 35
#: Addresses of deliveries are blanked this long after they ended; the history of states goes after a year. Not before
#: the figures of their day are settled.
DELIVERY_ADDRESS_DAYS = environment.integer("DELIVERY_ADDRESS_DAYS", default=90, least=STATISTICS_OPEN_DAYS)
DELIVERY_EVENT_DAYS = environment.integer("DELIVERY_EVENT_DAYS", default=365, least=STATISTICS_OPEN_DAYS)
#: Text messages that came in stay this long; what they asked stands in threads and follow-ups.
INBOUND_TEXT_DAYS = environment.integer("INBOUND_TEXT_DAYS", default=90)
#: What a demo recorded instead of sending goes after this many days.
RECORDED_NOTICE_DAYS = 30
#: A parent who asked something may expect an answer by this many school days of the colleague whose question it is.
ANSWER_WITHIN_WORKING_DAYS = 2
#: The school holidays of Flanders are laid by themselves for this and the next school year (schools.calendar).
FLEMISH_HOLIDAYS = environment.flag("FLEMISH_HOLIDAYS", default=True)
#: Levels after which a child goes to another kind of school, and between which days (month, day) of that spring parents
#: decide and register. What a town agreed may differ.
TRANSITIONS = {"K3": ((3, 1), (5, 31)), "L6": ((3, 1), (6, 30))}
