from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from anymail.signals import tracking

        from messaging.mailhooks import record_event

        tracking.connect(record_event, dispatch_uid="messaging.record_event")
