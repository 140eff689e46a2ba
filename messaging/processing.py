"""What this app keeps of people, and why (``schools.processing``)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schools.processing import FAMILIES, GUARDIANS, LEGAL_DUTY, PUPILS, STAFF, Processing

PROCESSING = (
    Processing(
        model="messaging.Notice",
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
        about=PUPILS,
        purpose=_("know about whom a notice is"),
        until=_("stays as a count, without a name"),
        fields="notice pupil school_class",
    ),
    Processing(
        model="messaging.NoticeText",
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
        about=GUARDIANS,
        purpose=_("know what families answered"),
        until=_("stays as a count, without a name"),
        fields="notice guardian family key answered_at changed by_channel seen_by_author_at entered_by stands",
    ),
    Processing(
        model="messaging.OptOut",
        about=GUARDIANS,
        purpose=_("send nothing that a guardian refused"),
        until=_("until the guardian takes it back or is erased"),
        fields="guardian channel category since",
        ground=LEGAL_DUTY,
    ),
    Processing(
        model="messaging.Attachment",
        about=FAMILIES,
        purpose=_("send a file with a notice"),
        until=_("stays with the notice"),
        fields="file",
        plain="notice title language kind size sha256 added_at is_frozen",
    ),
    Processing(
        model="messaging.Delivery",
        about=GUARDIANS,
        purpose=_("send notices and know whether they arrived"),
        until=_("addresses DELIVERY_ADDRESS_DAYS"),
        fields=(
            "notice guardian channel round language text_kind contact_point address status reason "
            "is_urgent is_reminder attempts due_at turn_at first_tried_at in_digest digest_of "
            "claim_token provider_ref token_version created_at sent_at opened_at listened_at "
            "not_understood_at understood_at"
        ),
    ),
    Processing(
        model="messaging.DeliveryEvent",
        about=GUARDIANS,
        purpose=_("explain why a notice did not arrive"),
        until=_("DELIVERY_EVENT_DAYS"),
        fields="delivery at status reason",
    ),
    Processing(
        model="messaging.CallTask",
        about=GUARDIANS,
        purpose=_("call who was not reached"),
        until=_("with the delivery"),
        fields="delivery follow_up",
    ),
    Processing(
        model="messaging.Explanation",
        about=GUARDIANS,
        purpose=_("explain a notice by voice"),
        until=_("with the delivery"),
        fields="delivery follow_up",
    ),
    Processing(
        model="messaging.RecordedNotice",
        about=GUARDIANS,
        purpose=_("show in a demo what would have been sent"),
        until=_("RECORDED_NOTICE_DAYS"),
        fields="channel delivery sender recipient subject text html at",
    ),
    Processing(
        model="messaging.InboundText",
        about=GUARDIANS,
        purpose=_("read what parents text"),
        until=_("INBOUND_TEXT_DAYS"),
        fields="gateway_id number text received_at outcome thread follow_up",
    ),
    Processing(
        model="messaging.LetterBatch",
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
        about=GUARDIANS,
        purpose=_("give letters along and note what came back"),
        until=_("with the delivery"),
        fields=(
            "batch part delivery school_class position given_on given_by given_at by_post returned_on "
            "strip strip_key strip_on strip_by follow_up"
        ),
    ),
    Processing(
        model="messaging.LadderPolicy",
        about=STAFF,
        purpose=_("know who set a rule"),
        until=_("as long as the rule holds"),
        fields="changed_by changed_at",
        plain="school kind rungs caller",
    ),
    Processing(
        model="messaging.Recording",
        about=STAFF,
        purpose=_("read notices aloud"),
        until=_("until the speaker takes it away"),
        fields="file speaker made_by made_at",
        plain="notice template school language kind size seconds sha256 source_hash is_general is_frozen",
    ),
    Processing(
        model="messaging.Thread",
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
        about=GUARDIANS,
        purpose=_("answer questions of parents"),
        until=_("NOTES_UNTIL"),
        fields="thread by_user by_guardian language text written_at told_at",
    ),
    Processing(
        model="messaging.PostTranslation",
        about=GUARDIANS,
        purpose=_("understand each other"),
        until=_("NOTES_UNTIL"),
        fields="post language text state by machine made_at",
    ),
    Processing(
        model="messaging.TranslationPolicy",
        about=STAFF,
        purpose=_("know who set a rule"),
        until=_("as long as the rule holds"),
        fields="changed_by changed_at",
        plain="school network needs_reason machine",
    ),
    Processing(
        model="messaging.TranslationRequest",
        about=STAFF,
        purpose=_("have notices translated"),
        until=_("stays with the notice"),
        fields="translator asked_by asked_at accepted_at handed_in_at invited_at reminded_at",
        plain="notice language context due_on status source_hash",
    ),
    Processing(
        model="messaging.MachineJob",
        about=STAFF,
        purpose=_("know who asked a machine"),
        until=_("stays with the notice"),
        fields="asked_by asked_at",
        plain="notice language state problem attempts finished_at claim_token claimed_until",
    ),
    Processing(
        model="messaging.VoiceRequest",
        about=STAFF,
        purpose=_("have notices read aloud"),
        until=_("stays with the notice or the template"),
        fields="context asked_by asked_at invited_at done_by done_at",
        plain="notice template school language recording",
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
