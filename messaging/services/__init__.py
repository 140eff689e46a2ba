"""What happens to notices: each verb is one transaction with one line in the log."""

from messaging.services.answering import give_answer, mark_not_understood, mark_opened, opt_out
from messaging.services.calls import finish_call
from messaging.services.inbox import assign_thread, close_thread, reopen_thread
from messaging.services.letters import give_letters, letters_pdf, preview_letter, print_letters, return_letter
from messaging.services.post_translations import translate_by_machine, translate_post
from messaging.services.publishing import cancel_notice, publish_notice, resend
from messaging.services.rounds import remind, send_round, take_calls, undo_round
from messaging.services.telling import tell_replies
from messaging.services.threads import ask_question, reply, write_back
from messaging.services.writing import create_notice, review_text, update_notice, write_translation

__all__ = [
    "ask_question",
    "assign_thread",
    "cancel_notice",
    "close_thread",
    "create_notice",
    "finish_call",
    "give_answer",
    "give_letters",
    "letters_pdf",
    "mark_not_understood",
    "mark_opened",
    "opt_out",
    "preview_letter",
    "print_letters",
    "publish_notice",
    "remind",
    "reopen_thread",
    "reply",
    "resend",
    "return_letter",
    "review_text",
    "send_round",
    "take_calls",
    "tell_replies",
    "translate_by_machine",
    "translate_post",
    "undo_round",
    "update_notice",
    "write_back",
    "write_translation",
]
