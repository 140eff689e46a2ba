from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from anymail.signals import tracking

        from messaging.announcements import announce_told_contact
        from messaging.mailhooks import record_event
        from messaging.outbox.followed import follow_language
        from messaging.reference_texts import TemplateKind
        from messaging.services.calls import end_with_its_task, put_right_with_its_talk
        from parents.services.choices import language_told
        from parents.services.correcting import talk_unsaid
        from parents.services.followups import follow_up_closes
        from parents.services.reachability import contact_told
        from schools.texts import register

        register(TemplateKind())
        tracking.connect(record_event, dispatch_uid="messaging.record_event")
        contact_told.connect(announce_told_contact, dispatch_uid="messaging.announce_told_contact")
        language_told.connect(follow_language, dispatch_uid="messaging.follow_language")
        follow_up_closes.connect(end_with_its_task, dispatch_uid="messaging.end_with_its_task")
        talk_unsaid.connect(put_right_with_its_talk, dispatch_uid="messaging.put_right_with_its_talk")
