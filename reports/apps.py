from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from messaging.persondata import OTHER_SECTIONS
        from messaging.questionnaires import STANDINGS
        from reports.measuring.invited import standing_of
        from reports.persondata import of_guardian

        OTHER_SECTIONS.append(of_guardian)
        STANDINGS.append(standing_of)
