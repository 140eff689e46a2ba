"""What this app keeps of people, and why (``schools.processing``)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schools.processing import FAMILIES, GUARDIANS, LEGAL_DUTY, PUPILS, STAFF, Processing

PROCESSING = (
    Processing(
        model="messaging.Notice",
        called=_("notices"),
        about=STAFF,
        purpose=_("inform families; the day, hour and names that were filled in"),
        until=_("stays with its counts; words with names go with the notice"),
        fields="author family values",
        plain=(
            "school template kind status audience school_class level gathering conference_round earlier "
            "contact_languages urgent_reason translation_reason language_choices wait_until earliest_at "
            "answer_scope is_confidential answers answer_by send_at corrects template_hash revision "
            "client_id saved_from saved_at created_at published_at plain_findings planned_up_to is_held"
        ),
    ),
    Processing(
        model="messaging.NoticePupil",
        called=_("pupils about whom a notice is"),
        about=PUPILS,
        purpose=_("know about whom a notice is"),
        until=_("stays as a count, without a name"),
        fields="notice pupil school_class",
    ),
    Processing(
        model="messaging.NoticeText",
        called=_("texts of notices"),
        about=STAFF,
        purpose=_("know who wrote and read a text"),
        until=_("stays with the notice"),
        fields="author reviewed_by reviewed_at back_seen_by back_seen_at",
        plain=(
            "notice language title subject body sms slots state origin source_hash slots_hash machine back is_frozen"
        ),
    ),
    Processing(
        model="messaging.Answer",
        called=_("answers to notices"),
        about=GUARDIANS,
        purpose=_("know what families answered"),
        until=_("stays as a count, without a name"),
        fields="notice guardian family key answered_at changed by_channel seen_by_author_at entered_by stands before",
        words={"before": _("what was answered before the strip of a letter")},
    ),
    Processing(
        model="messaging.OptOut",
        called=_("refused notices"),
        about=GUARDIANS,
        purpose=_("send nothing that a guardian refused"),
        until=_("until the guardian takes it back or is erased"),
        fields="guardian channel category since",
        ground=LEGAL_DUTY,
    ),
    Processing(
        model="messaging.Attachment",
        called=_("attachments"),
        about=FAMILIES,
        purpose=_("send a file with a notice"),
        until=_("stays with the notice"),
        fields="file",
        plain="notice title language kind size sha256 added_at is_frozen",
    ),
    Processing(
        model="messaging.Delivery",
        called=_("deliveries"),
        about=GUARDIANS,
        purpose=_("send notices and know whether they arrived"),
        until=_("addresses DELIVERY_ADDRESS_DAYS"),
        fields=(
            "notice guardian channel round language text_kind contact_point address status reason "
            "is_urgent is_reminder attempts due_at turn_at first_tried_at in_digest digest_of "
            "claim_token provider_ref token_version created_at sent_at opened_at listened_at "
            "not_understood_at understood_at"
        ),
        words={"round": _("round of sending")},
    ),
    Processing(
        model="messaging.DeliveryEvent",
        called=_("what happened with a delivery"),
        about=GUARDIANS,
        purpose=_("explain why a notice did not arrive"),
        until=_("DELIVERY_EVENT_DAYS"),
        fields="delivery at status reason",
    ),
    Processing(
        model="messaging.CallTask",
        called=_("families to call"),
        about=GUARDIANS,
        purpose=_("call who was not reached"),
        until=_("with the delivery"),
        fields="delivery follow_up",
    ),
    Processing(
        model="messaging.Explanation",
        called=_("notices to explain"),
        about=GUARDIANS,
        purpose=_("explain a notice by voice"),
        until=_("with the delivery"),
        fields="delivery follow_up",
    ),
    Processing(
        model="messaging.RecordedNotice",
        called=_("notices of a demo"),
        about=GUARDIANS,
        purpose=_("show in a demo what would have been sent"),
        until=_("RECORDED_NOTICE_DAYS"),
        fields="channel delivery sender recipient subject text html at",
    ),
    Processing(
        model="messaging.InboundText",
        called=_("text messages from guardians"),
        about=GUARDIANS,
        purpose=_("read what parents text"),
        until=_("INBOUND_TEXT_DAYS"),
        fields="gateway_id number text received_at outcome thread follow_up",
    ),
    Processing(
        model="messaging.LetterBatch",
        called=_("piles of letters"),
        about=FAMILIES,
        purpose=_("print letters"),
        until=_("LETTER_FILE_DAYS"),
        fields="made_by file",
        plain=(
            "school notice school_class created_at state problem letters_total letters_done ready_at "
            "claim_token claimed_until"
        ),
    ),
    Processing(
        model="messaging.PrintedLetter",
        called=_("printed letters"),
        about=GUARDIANS,
        purpose=_("give letters along and note what came back"),
        until=_("with the delivery"),
        fields=(
            "batch part delivery school_class position given_on given_by given_at by_post returned_on "
            "strip strip_key strip_on strip_by follow_up"
        ),
        words={"given_on": _("given along on"), "given_at": _("noted on")},
    ),
    Processing(
        model="messaging.LadderPolicy",
        called=_("rules for the order of channels"),
        about=STAFF,
        purpose=_("know who set a rule"),
        until=_("as long as the rule holds"),
        fields="changed_by changed_at",
        plain="school kind rungs caller",
    ),
    Processing(
        model="messaging.Recording",
        called=_("recordings of notices read aloud"),
        about=STAFF,
        purpose=_("read notices aloud"),
        until=_("until the speaker takes it away"),
        fields="file speaker made_by made_at",
        plain="notice template school language kind size seconds sha256 source_hash is_general is_frozen",
    ),
    Processing(
        model="messaging.Thread",
        called=_("conversations"),
        about=GUARDIANS,
        purpose=_("answer questions of parents"),
        until=_("stays as a count, without words"),
        fields=(
            "school family guardian pupil notice asked_by_family asked_at asked_on first_reply_at "
            "first_reply_on contact_moment assigned_to waits_on closed_at"
        ),
    ),
    Processing(
        model="messaging.ThreadPost",
        called=_("what was written in a conversation"),
        about=GUARDIANS,
        purpose=_("answer questions of parents"),
        until=_("NOTES_UNTIL"),
        fields="thread by_user by_guardian language text written_at taken_at told_at",
    ),
    Processing(
        model="messaging.PostTranslation",
        called=_("translations in a conversation"),
        about=GUARDIANS,
        purpose=_("understand each other"),
        until=_("NOTES_UNTIL"),
        fields="post language text state by machine made_at",
        words={"post": _("what was written in a conversation")},
    ),
    Processing(
        model="messaging.TranslationPolicy",
        called=_("rules for translations"),
        about=STAFF,
        purpose=_("know who set a rule"),
        until=_("as long as the rule holds"),
        fields="changed_by changed_at",
        plain="school network needs_reason machine",
    ),
    Processing(
        model="messaging.TranslationRequest",
        called=_("requests for a translation"),
        about=STAFF,
        purpose=_("have notices translated"),
        until=_("stays with the notice"),
        fields="translator asked_by asked_at accepted_at handed_in_at invited_at reminded_at",
        plain="notice language context due_on status source_hash taken_at",
    ),
    Processing(
        model="messaging.MachineJob",
        called=_("orders for the translation machine"),
        about=STAFF,
        purpose=_("know who asked a machine"),
        until=_("stays with the notice"),
        fields="asked_by asked_at",
        plain="notice language state problem attempts finished_at claim_token claimed_until",
    ),
    Processing(
        model="messaging.VoiceRequest",
        called=_("requests to read aloud"),
        about=STAFF,
        purpose=_("have notices read aloud"),
        until=_("stays with the notice or the template"),
        fields="context asked_by asked_at invited_at done_by done_at",
        plain="notice template school language recording taken_at",
    ),
)
#: Models whose rows say nothing of a person.
WITHOUT_PEOPLE = (
    "messaging.NoticeTemplate",
    "messaging.TemplateAnswer",
    "messaging.LetterPart",
    "messaging.ChannelState",
    "messaging.JobRun",
    "messaging.DailyDeliveries",
)
