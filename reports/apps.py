from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from messaging.persondata import OTHER_SECTIONS
        from reports.persondata import of_guardian

        OTHER_SECTIONS.append(of_guardian)
