"""Routes that need no account of staff: open to anybody, by a link, for parents, on the way in, and in the demo."""

from __future__ import annotations

#: Anybody may open these.
PUBLIC = {
    "home",
    "live",
    "metrics",  # from this machine, as tests ask; tests/running/test_watching.py tries the rest
    "offline_page",
    "offline_worker",
    "ready",
    "playbook",
    "method_card",
    "playbook_booklet",
    "edition_package",
    "playbook_cards",
    "playbook_document",
    "playbook_in",
    "method_card_in",
    "edition_list",
    "edition_page",
    "edition_content",
    "edition_print",
    "card_file",
    "robots",
    "sitemap",
    "guardian_sign_in",
    "letter_code",
    "school_welcome",
    "privacy_notice",
}
#: Until a portal has its first administrator; ``tests/running/test_beginning.py`` tries it.
WHILE_EMPTY = {"begin"}
#: Steps of signing in: they send a visitor back to the first step.
SIGN_IN_STEPS = {"gate_sign_in", "guardian_code", "guardian_choose", "guardian_sign_out"}
#: Of colleagues who sign in with a school account; ``tests/surface/test_school_accounts.py`` tries them.
BY_SCHOOL_ACCOUNT = {"school_account_callback", "school_account_login"}
#: On the tablet that a colleague opened; ``tests/reports/test_questionnaire_pages.py`` tries them.
ON_THE_TABLET = {"tablet_questions", "tablet_start", "tablet_thanks", "tablet_voice"}
#: Opened by the token in the address; ``tests/messaging/test_token_page.py``, ``test_token_choices.py`` and
#: ``test_gate.py`` try them.
BY_TOKEN = {
    "token_notice",
    "token_answer",
    "token_file",
    "token_recording",
    "token_listened",
    "token_read",
    "token_not_understood",
    "token_question",
    "token_not_me",
    "token_second_fact",
    "token_unsubscribe",
    "sms_receipt",
    "sms_inbound",
    "token_understood",
    "token_choices",
    "token_code",
    "token_booking",
    "token_booking_time",
    "token_booking_file",
    "calendar_feed",
    "gate_scanned",
    "token_booking_cancel",
    "token_booking_together",
    "token_gathering",
    "token_gathering_cancel",
    "token_gathering_file",
    "staff_invitation",
    "token_measurement",
    "tablet_scanned",
}
#: Of guardians; ``tests/parents/test_portal.py`` tries them.
FOR_GUARDIANS = {
    "portal_home",
    "portal_notice",
    "portal_file",
    "portal_recording",
    "portal_career",
    "portal_child",
    "portal_choices",
    "portal_thread",
    "portal_data",
    "privacy_read",
    "portal_visits",
    "portal_bookings",
    "portal_booking",
    "portal_booking_file",
    "portal_absence",
    "portal_absence_back",
    "portal_calendar",
    "portal_calendar_end",
    "portal_booking_cancel",
    "portal_booking_together",
    "portal_gathering",
    "portal_gathering_cancel",
    "portal_gathering_file",
    "portal_measurement",
}
#: Exist in demo and tests only.
DEMO_ONLY = {"demo", "demo_become", "demo_outbox", "demo_outbox_detail", "demo_outbox_html", "gallery"}
