from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from anymail.signals import tracking

        from messaging.mailhooks import record_event
        from messaging.reference_texts import TemplateKind
        from schools.texts import register

        register(TemplateKind())
        tracking.connect(record_event, dispatch_uid="messaging.record_event")
