from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from messaging.persondata import OTHER_SECTIONS
        from messaging.questionnaires import CLOSINGS, FOLLOWERS, STANDINGS
        from reports.measuring.invited import ask_by_another, is_closed, standing_of
        from reports.persondata import of_guardian

        OTHER_SECTIONS.append(of_guardian)
        STANDINGS.append(standing_of)
        CLOSINGS.append(is_closed)
        FOLLOWERS.append(ask_by_another)
