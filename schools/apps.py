from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "schools"

    def ready(self) -> None:
        from schools import schoolaccounts, sessions, signinlog  # noqa: F401 - they listen to who signs in
        from schools.texts import register
        from schools.texts.own import MethodKind, TermKind, WelcomeKind

        register(TermKind(), MethodKind(), WelcomeKind())
