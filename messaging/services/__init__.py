"""What happens to notices: each verb is one transaction with one line in the log."""

from messaging.inviting import tell_translators
from messaging.services.announcing import announce_gathering
from messaging.services.answering import (
    give_answer,
    mark_listened,
    mark_not_understood,
    mark_opened,
    mark_understood,
)
from messaging.services.attaching import attach_file, remove_attachment
from messaging.services.calls import finish_call
from messaging.services.datarequests import decide_request
from messaging.services.erasing import erase_again, erase_guardian, erase_pupil
from messaging.services.inbox import assign_thread, close_thread, reopen_thread
from messaging.services.languages import choose_languages
from messaging.services.letters import (
    drop_letters,
    give_letters,
    preview_letter,
    print_class,
    print_letters,
    print_school,
    resume_letters,
    return_letter,
    stop_letters,
    take_back,
    take_return_back,
)
from messaging.services.machine_orders import ask_machine, stop_machine
from messaging.services.newcontacts import use_new_contact
from messaging.services.ownwords import use_template_words, write_own_words
from messaging.services.policies import reset_ladder, set_ladder
from messaging.services.post_translations import translate_by_machine, translate_post
from messaging.services.publishing import (
    publish_due,
    publish_notice,
    schedule_notice,
    unschedule_notice,
)
from messaging.services.recording import (
    confirm_recording,
    record_notice,
    record_template,
    remove_recording,
    use_general,
)
from messaging.services.refusing import get_again, get_all_again, opt_out, refuse
from messaging.services.reminding import remind_of_meetings
from messaging.services.reports import record_mail_arrival, record_mail_failure, record_mail_refusal
from messaging.services.retention import hold_notice, nightly, purge_deliveries
from messaging.services.rounds import is_taken_back, remind, send_round, take_calls, undo_round
from messaging.services.rules import reset_rules, set_rules
from messaging.services.strips import clear_strip, enter_strip, mark_strip
from messaging.services.talkchanges import tell_talk_changes
from messaging.services.telling import tell_replies
from messaging.services.tellinggatherings import tell_of_gatherings
from messaging.services.threads import ask_question, reply, write_back
from messaging.services.translating import review_text, see_back, set_reason, write_translation
from messaging.services.translators import (
    accept_request,
    ask_translators,
    follow_dutch,
    give_back,
    hand_in,
    withdraw_request,
)
from messaging.services.trial import send_trial
from messaging.services.voice_requests import ask_voice, lend_voice, take_voice_back, withdraw_voice_request
from messaging.services.withdrawing import cancel_notice, correct_notice, undo_notice
from messaging.services.writing import copy_notice, create_notice, discard_notice, update_notice

__all__ = [
    "accept_request",
    "announce_gathering",
    "ask_machine",
    "ask_question",
    "ask_translators",
    "ask_voice",
    "assign_thread",
    "attach_file",
    "cancel_notice",
    "choose_languages",
    "clear_strip",
    "close_thread",
    "confirm_recording",
    "copy_notice",
    "correct_notice",
    "create_notice",
    "decide_request",
    "discard_notice",
    "drop_letters",
    "enter_strip",
    "erase_again",
    "erase_guardian",
    "erase_pupil",
    "finish_call",
    "follow_dutch",
    "get_again",
    "get_all_again",
    "give_answer",
    "give_back",
    "give_letters",
    "hand_in",
    "hold_notice",
    "is_taken_back",
    "lend_voice",
    "mark_listened",
    "mark_not_understood",
    "mark_opened",
    "mark_strip",
    "mark_understood",
    "nightly",
    "opt_out",
    "preview_letter",
    "print_class",
    "print_letters",
    "print_school",
    "publish_due",
    "publish_notice",
    "purge_deliveries",
    "record_mail_arrival",
    "record_mail_failure",
    "record_mail_refusal",
    "record_notice",
    "record_template",
    "refuse",
    "remind",
    "remind_of_meetings",
    "remove_attachment",
    "remove_recording",
    "reopen_thread",
    "reply",
    "reset_ladder",
    "reset_rules",
    "resume_letters",
    "return_letter",
    "review_text",
    "schedule_notice",
    "see_back",
    "send_round",
    "send_trial",
    "set_ladder",
    "set_reason",
    "set_rules",
    "stop_letters",
    "stop_machine",
    "take_back",
    "take_calls",
    "take_return_back",
    "take_voice_back",
    "tell_of_gatherings",
    "tell_replies",
    "tell_talk_changes",
    "tell_translators",
    "translate_by_machine",
    "translate_post",
    "undo_notice",
    "undo_round",
    "unschedule_notice",
    "update_notice",
    "use_general",
    "use_new_contact",
    "use_template_words",
    "withdraw_request",
    "withdraw_voice_request",
    "write_back",
    "write_own_words",
    "write_translation",
]
