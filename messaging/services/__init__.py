"""What happens to notices: each verb is one transaction with one line in the log."""

from messaging.services.answering import give_answer, mark_not_understood, mark_opened, opt_out
from messaging.services.calls import finish_call
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
)
from messaging.services.publishing import cancel_notice, publish_notice, resend
from messaging.services.strips import clear_strip, enter_strip, mark_strip
from messaging.services.threads import ask_question, reply, write_back
from messaging.services.writing import create_notice, review_text, update_notice, write_translation

__all__ = [
    "ask_question",
    "cancel_notice",
    "clear_strip",
    "create_notice",
    "drop_letters",
    "enter_strip",
    "finish_call",
    "give_answer",
    "give_letters",
    "mark_not_understood",
    "mark_opened",
    "mark_strip",
    "opt_out",
    "preview_letter",
    "print_class",
    "print_letters",
    "print_school",
    "publish_notice",
    "reply",
    "resend",
    "resume_letters",
    "return_letter",
    "review_text",
    "stop_letters",
    "take_back",
    "update_notice",
    "write_back",
    "write_translation",
]
