"""What happens to families: contacts, promises, choices. Each verb is one transaction with one line in the log."""

from parents.services.choices import (
    answer_first_question,
    change_language,
    note_language,
    set_first_question_aside,
)
from parents.services.consenting import give_consent, withdraw_consent
from parents.services.contactrequests import (
    accept_contact,
    ask_to_change_contact,
    decline_contact,
    replace_contact,
)
from parents.services.contacts import NewFollowUp, log_contact_moment
from parents.services.correcting import correct_contact_moment, withdraw_contact_moment
from parents.services.datarequests import extend_request, file_request, lift_restriction
from parents.services.doubles import join_guardians
from parents.services.followups import (
    complete_follow_up,
    drop_follow_up,
    give_follow_up,
    open_follow_up,
    put_back_follow_up,
)
from parents.services.joining import ask_again, join_families, keep_apart, settle_parted_families, undo_join
from parents.services.legalholds import hold_family, release_family
from parents.services.mending import ask_for, extend_assignment
from parents.services.notes import confirm_in_file, read_clb_note, write_clb_note
from parents.services.offering import offer_same_families
from parents.services.privacy import note_privacy_shown
from parents.services.reachability import note_new_contact
from parents.services.sharing import share_with_school
from parents.services.watching import acknowledge, watch_reading

__all__ = [
    "NewFollowUp",
    "accept_contact",
    "acknowledge",
    "answer_first_question",
    "ask_again",
    "ask_for",
    "ask_to_change_contact",
    "change_language",
    "complete_follow_up",
    "confirm_in_file",
    "correct_contact_moment",
    "decline_contact",
    "drop_follow_up",
    "extend_assignment",
    "extend_request",
    "file_request",
    "give_consent",
    "give_follow_up",
    "hold_family",
    "join_families",
    "join_guardians",
    "keep_apart",
    "lift_restriction",
    "log_contact_moment",
    "note_language",
    "note_new_contact",
    "note_privacy_shown",
    "offer_same_families",
    "open_follow_up",
    "put_back_follow_up",
    "read_clb_note",
    "release_family",
    "replace_contact",
    "set_first_question_aside",
    "settle_parted_families",
    "share_with_school",
    "undo_join",
    "watch_reading",
    "withdraw_consent",
    "withdraw_contact_moment",
    "write_clb_note",
]
